"""What tags mean for the minibus: tables to read like the OSM wiki."""

import dataclasses

import pytest

from routing.build.tags import TagReader
from routing.profile import Profile, load_profile


@pytest.fixture(scope="module")
def profile() -> Profile:
    return load_profile()


def tags(text: str) -> dict[str, str]:
    pairs = (word.split("=", 1) for word in text.split())
    return {key: value.replace("_", " ") if key == "maxspeed" else value for key, value in pairs}


@pytest.mark.parametrize(
    ("value", "kmh"),
    [
        ("50", 50),
        ("50 km/h", 50),
        ("50kmh", 50),
        ("7.5", 7.5),
        ("30 mph", 48.28032),
        ("10 knots", 18.52),
        ("none", 130),
        ("walk", 7),
        ("DE:walk", 7),
        ("DE:living_street", 7),
        ("DE:urban", 50),
        ("DE:rural", 100),
        ("CH:rural", 80),
        ("AT:rural", 100),
        ("DE:motorway", 130),
        ("DE:zone:30", 30),
        ("DE:zone30", 30),
        ("zone:20", 20),
        ("DE:30", 30),
        ("DE:bicycle_road", 30),
        ("GB:nsl_single", 97),
        ("50;30", 30),
        ("80|80|60", 60),
        ("30; DE:urban", 30),
        ("fast", None),
        ("-50", None),
        ("0", None),
        ("", None),
        ("signals", None),
    ],
)
def test_maxspeed_in_all_spellings(profile: Profile, value: str, kmh: float | None) -> None:
    limit = TagReader(profile).limit(value)
    assert limit == (None if kmh is None else pytest.approx(kmh))


def test_an_unknown_maxspeed_is_counted(profile: Profile) -> None:
    reader = TagReader(profile)
    reader.limit("fast")
    reader.limit("signals")
    assert dict(reader.ignored) == {"maxspeed values like 'fast', which": 1}


@pytest.mark.parametrize(
    ("text", "along", "against"),
    [
        ("highway=residential", 24, 24),
        ("highway=residential maxspeed=30", 25.5, 25.5),
        ("highway=residential maxspeed=100", 42, 42),  # nobody drives 85 there
        ("highway=tertiary maxspeed:forward=50 maxspeed=30", 42.5, 25.5),
        ("highway=tertiary maxspeed:backward=30 maxspeed=50", 42.5, 25.5),
        ("highway=tertiary zone:traffic=DE:urban", 42, 42),
        ("highway=primary source:maxspeed=DE:zone:30", 25.5, 25.5),
        ("highway=motorway maxspeed=none", 100, 0),
        ("highway=tertiary maxspeed=80 surface=gravel", 25, 25),
        ("highway=service service=parking_aisle", 8, 8),
        ("highway=living_street", 7, 7),
    ],
)
def test_speeds(profile: Profile, text: str, along: float, against: float) -> None:
    use = TagReader(profile).way(tags(text))
    assert use is not None
    assert use[:2] == pytest.approx((along, against))


@pytest.mark.parametrize(
    ("text", "open_"),
    [
        ("highway=residential", True),
        ("highway=service access=customers", True),
        ("highway=service access=private", False),
        ("highway=service access=no", False),
        ("highway=residential access=no bus=yes", True),
        ("highway=residential motor_vehicle=no", False),
        ("highway=residential motor_vehicle=no psv=yes", True),
        ("highway=residential motor_vehicle=yes access=no", True),
        ("highway=residential vehicle=no motor_vehicle=destination", True),
        ("highway=residential motorcar=no", False),
        ("highway=residential bus=no access=yes", False),
        ("highway=unclassified motor_vehicle=agricultural;forestry", False),
        ("highway=unclassified motor_vehicle=destination;agricultural", True),
        ("highway=residential access=unheard_of", True),
        ("highway=residential access=unheard_of vehicle=private", False),
        ("highway=busway", True),
        ("highway=service service=emergency_access", False),
        ("highway=service area=yes", False),
        ("highway=pedestrian", False),
        ("highway=pedestrian bus=yes", True),
        ("highway=pedestrian motor_vehicle=destination", True),
        ("highway=pedestrian motor_vehicle=yes bus=no", False),  # the most specific key decides
        ("highway=track", False),
        ("highway=track tracktype=grade1 surface=asphalt", False),
        ("highway=track motor_vehicle=yes", False),
        ("highway=track bus=yes", True),
        ("highway=residential maxheight=2.5", False),
        ("highway=residential maxheight=2,5", False),
        ("highway=residential maxheight=4", True),
        ("highway=residential maxheight=default", True),
        ("highway=residential maxweight=2.8", False),
        ("highway=residential maxwidth=2", False),
        ("highway=residential oneway=reversible", False),
    ],
)
def test_which_roads_are_open(profile: Profile, text: str, open_: bool) -> None:  # noqa: FBT001 - a table
    use = TagReader(profile).way(tags(text))
    assert use is not None
    assert (use.along > 0) is open_


@pytest.mark.parametrize("highway", ["footway", "cycleway", "steps", "construction", "proposed"])
def test_what_is_no_road(profile: Profile, highway: str) -> None:
    assert TagReader(profile).way({"highway": highway}) is None


def test_an_area_may_want_paved_tracks(profile: Profile) -> None:
    reader = TagReader(dataclasses.replace(profile, tracks_allowed=True))
    for text, speed in [
        ("highway=track tracktype=grade1 surface=asphalt", 15),
        ("highway=track tracktype=grade2 surface=asphalt", 0),
        ("highway=track tracktype=grade1 surface=gravel", 0),
        ("highway=track tracktype=grade1 surface=asphalt motor_vehicle=agricultural", 0),
    ]:
        use = reader.way(tags(text))
        assert use is not None
        assert use.along == speed


def test_conditional_rules_are_counted(profile: Profile) -> None:
    reader = TagReader(profile)
    reader.way({"highway": "residential", "access:conditional": "no @ (Mo-Fr 07:00-08:00)"})
    assert sum(reader.ignored.values()) == 1


def test_the_statistics_count_roads_for_cars_before_access(profile: Profile) -> None:
    reader = TagReader(profile)
    for text, counted in [
        ("highway=service motor_vehicle=private", True),
        ("highway=service access=no", False),
        ("highway=busway", False),
        ("highway=track bus=yes", False),
    ]:
        use = reader.way(tags(text))
        assert use is not None
        assert use.car_along is counted
