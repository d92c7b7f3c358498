"""What tags mean for the minibus: tables to read like the OSM wiki."""

import dataclasses

import pytest

from routing.build.tags import TagReader
from routing.graph import FERRY, ROAD_CLASSES, ROUNDABOUT
from routing.profile import Profile, load_profile

OUTSIDE = load_profile().share_of_limit.outside


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
        ("de:Urban", 50),
        ("DE:zone", 30),
        ("DE:speed:30", 30),
        ("LI:rural", 80),
        ("30mph", 48.28032),
        (" 70 ", 70),
        ("3000", 3000),  # the class of the road bounds what is driven
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
    limit = TagReader(profile).limits.limit(value)
    assert limit == (None if kmh is None else pytest.approx(kmh))


def test_an_unknown_maxspeed_is_counted(profile: Profile) -> None:
    reader = TagReader(profile)
    reader.limits.limit("fast")
    reader.limits.limit("signals")
    assert dict(reader.ignored) == {"maxspeed values like 'fast', which": 1}


def test_a_limit_below_walking_pace_is_a_slip(profile: Profile) -> None:
    """One "0.0001" must not make a road take years; of several values the others count."""
    reader = TagReader(profile)
    assert reader.limits.limit("0.0001") is None
    assert reader.limits.limit("1;30") == 30
    assert dict(reader.ignored) == {"maxspeed values like '0.0001', which": 1}


def speeds(profile: Profile, text: str) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return what is driven (outside, inside) settlements along the way, and against it."""
    use = TagReader(profile).way(tags(text))
    assert use is not None
    return (use.along, use.along_inside), (use.against, use.against_inside)


@pytest.mark.parametrize(
    ("text", "along", "against"),
    [
        ("highway=tertiary maxspeed=50", 50, 50),
        ("highway=tertiary maxspeed:forward=50 maxspeed=30", 50, 30),
        ("highway=tertiary maxspeed:backward=30 maxspeed=50", 50, 30),
        ("highway=tertiary maxspeed:motorcar=30 maxspeed=50", 30, 30),
        ("highway=tertiary maxspeed:bus=30 maxspeed:hgv=30 maxspeed=50", 50, 50),
        ("highway=tertiary maxspeed:advisory=30 maxspeed=50", 50, 50),
        ("highway=tertiary maxspeed:conditional=30 maxspeed=50", 50, 50),
        ("highway=tertiary maxspeed=nonsense maxspeed:type=DE:zone:30", 30, 30),
        ("highway=primary source:maxspeed=DE:zone:30", 30, 30),
        ("highway=primary zone:maxspeed=30", 30, 30),
        ("highway=secondary zone:maxspeed=DE:20", 20, 20),
    ],
)
def test_a_posted_limit_is_driven_with_a_margin(
    profile: Profile, text: str, along: float, against: float
) -> None:
    share = profile.share_of_limit
    assert speeds(profile, text) == (
        pytest.approx((along * share.outside, along * share.inside)),
        pytest.approx((against * share.outside, against * share.inside)),
    )


def test_where_nothing_is_posted_class_and_settlement_count(profile: Profile) -> None:
    for name in ("primary", "tertiary", "unclassified", "residential", "service"):
        assert speeds(profile, f"highway={name}")[0] == profile.roads[name].speed
    tertiary = profile.roads["tertiary"].speed
    urban = speeds(profile, "highway=tertiary zone:traffic=DE:urban")[0]
    assert urban == (50 * profile.share_of_limit.outside, tertiary.inside)


@pytest.mark.parametrize(
    ("text", "at_most"),
    [
        ("highway=residential maxspeed=100", 42),  # nobody drives 83 there
        ("highway=motorway maxspeed=none", 100),
        ("highway=tertiary maxspeed=DE:rural", 72),
        ("highway=tertiary maxspeed=80 surface=gravel", 25),
        ("highway=tertiary maxspeed=80 smoothness=bad", 35),
        ("highway=unclassified maxspeed=80 tracktype=grade3", 20),
        ("highway=service service=parking_aisle", 8),
        ("highway=tertiary maxspeed=80 width=3", 32),
        ("highway=tertiary maxspeed=80 width=2,5", 20),
        ("highway=tertiary maxspeed=80 width=4m", 45),
        ("highway=tertiary maxspeed=80 lanes=1", 32),
        ("highway=tertiary maxspeed=80 width=5 lanes=1", 65),  # what was measured counts
        ("highway=tertiary maxspeed=80 lanes=1 oneway=yes", 80 * OUTSIDE),
        ("highway=tertiary maxspeed=80 width=3 oneway=yes", 80 * OUTSIDE),
        ("highway=tertiary maxspeed=80 width=wide", 80 * OUTSIDE),
    ],
)
def test_what_bounds_the_speed(profile: Profile, text: str, at_most: float) -> None:
    assert speeds(profile, text)[0][0] == pytest.approx(at_most)


def test_roads_for_destinations_are_no_short_cuts(profile: Profile) -> None:
    free, destination, bus = (
        speeds(profile, f"highway=residential {text}")[0][0]
        for text in ("", "motor_vehicle=destination", "motor_vehicle=destination bus=yes")
    )
    assert destination == free * profile.destination_share
    assert bus == free


def test_winter_is_slower_everywhere(profile: Profile) -> None:
    """Busy roads are cleared first; the worse of class and surface counts."""
    winter = profile.in_winter()
    shares = {
        text: speeds(winter, text)[0][0] / speeds(profile, text)[0][0]
        for text in (
            "highway=primary",
            "highway=unclassified",
            "highway=primary surface=gravel",
            "highway=living_street",
        )
    }
    assert list(shares.values()) == pytest.approx([0.93, 0.82, 0.7, 0.85])


@pytest.mark.parametrize(
    ("text", "settled"),
    [
        ("highway=tertiary", -1),
        ("highway=tertiary maxspeed=50", -1),
        ("highway=tertiary maxspeed=70", 0),
        ("highway=tertiary maxspeed=100", 0),
        ("highway=tertiary maxspeed:forward=100 maxspeed:backward=50", 0),
        ("highway=tertiary maxspeed=DE:urban", 1),
        ("highway=tertiary maxspeed=50 source:maxspeed=DE:urban", 1),
        ("highway=tertiary maxspeed=50 zone:traffic=DE:rural", 0),
        ("highway=tertiary maxspeed:type=DE:rural", 0),
        ("highway=tertiary maxspeed:type=sign", -1),
        ("highway=residential zone:maxspeed=DE:30", 1),
        ("highway=living_street", 1),
        ("highway=motorway maxspeed=none source:maxspeed=DE:motorway", 0),
    ],
)
def test_what_a_road_says_about_settlements(profile: Profile, text: str, settled: int) -> None:
    use = TagReader(profile).way(tags(text))
    assert use is not None
    assert use.settled == settled


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
        ("highway=residential bus=no", True),  # a sign for heavy buses; eight seats are a car
        ("highway=residential psv=no hgv=no", True),
        ("highway=residential bus=no motor_vehicle=no", False),
        ("highway=residential motor_vehicle=private bus=designated", True),
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
        ("highway=pedestrian motor_vehicle=yes bus=no", True),
        (
            "highway=residential motorcar=no motor_vehicle=yes",
            False,
        ),  # the most specific key decides
        ("highway=residential motorcar=yes access=private", True),
        ("highway=residential access=permit", False),
        ("highway=residential access=military", False),
        ("highway=residential access:conditional=no", True),
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
        ("highway=residential maxlength=6", False),
        ("highway=residential maxlength=10", True),
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
        ("highway=track tracktype=grade1 surface=asphalt", 18),
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


def test_roundabouts_and_classes_are_marked(profile: Profile) -> None:
    reader = TagReader(profile)
    for text, flags in [
        ("junction=roundabout", ROUNDABOUT),
        ("junction=circular", ROUNDABOUT),
        ("junction=jughandle", 0),
    ]:
        use = reader.way(tags(f"highway=secondary {text}"))
        assert use is not None
        assert (use.flags, ROAD_CLASSES[use.road_class]) == (flags, "secondary")
        assert (use.against == 0) is (flags == ROUNDABOUT)


@pytest.mark.parametrize(
    ("text", "along", "against"),
    [
        ("motor_vehicle=yes", 8, 8),
        ("vehicle=yes motor_vehicle=no", 0, 0),
        ("bus=yes", 8, 8),
        ("motor_vehicle=yes oneway=yes", 8, 0),
        ("motor_vehicle=yes oneway=-1", 0, 8),
        ("motor_vehicle=yes maxheight=2", 0, 0),
        ("access=yes foot=yes", 0, 0),
        ("", 0, 0),
    ],
)
def test_ferries_that_carry_the_vehicle(
    profile: Profile, text: str, along: float, against: float
) -> None:
    """Most ferries do not say what they carry: one that carries no bus must not be on a tour."""
    use = TagReader(profile).way(tags(f"route=ferry {text}"))
    assert (use[:2] if use else (0, 0)) == (along, against)
    assert use is None or (use.flags == FERRY and not use.car_along and not use.car_against)
