"""Where the bus halts for a place, by what the area serves and who travels."""

from dataclasses import replace

import pytest
import shapely

from dispatch.model import load_of
from regions.area import Area, Service, parse_area
from regions.patterns import AreaStop
from regions.stops import reach

LON, LAT = 9.1, 48.4
LAT_PER_M = 1 / 111_400  # a little less, since seconds are rounded up
RIDER, WALKER = load_of(seat=1), load_of(seat=1, walker=1)


def stop(name: str, metres: float) -> AreaStop:
    """Name a stop so many metres north of the place, as the crow flies."""
    return AreaStop(id=name, name=name, lon=LON, lat=LAT + metres * LAT_PER_M)


@pytest.fixture
def area() -> Area:
    """Describe an area of doors and stops: 100, 200, 400 and 800 m away."""
    table = {
        "format": 1,
        "id": "dorf",
        "name": "Dorf",
        "phone": "+49 7123 1",
        "time_zone": "Europe/Berlin",
        "operator": {"name": "Verein"},
        "rules": {"walk_m": 300, "walk_m_per_min": 60},
    }
    stops = tuple(stop(f"s{metres}", metres) for metres in (800, 100, 400, 200))
    return replace(parse_area(table, "dorf.toml"), service=Service.MIXED, stops=stops)


def test_the_door_and_stops_within_two_usual_walks(area: Area) -> None:
    found = reach(area, LON, LAT, RIDER)
    assert found is not None
    assert (found.stop, found.walk_s) == (None, 0)
    assert [(way.stop.id, way.walk_s) for way in found.near] == [
        ("s100", 130),
        ("s200", 260),
        ("s400", 520),
    ]


def test_nobody_walks_far_with_a_walker_or_against_their_will(area: Area) -> None:
    for found in (reach(area, LON, LAT, WALKER), reach(area, LON, LAT, RIDER, walk_at_most_m=0)):
        assert found is not None
        assert found.near == ()
    short = reach(area, LON, LAT, RIDER, walk_at_most_m=100)
    assert short is not None
    assert [way.stop.id for way in short.near] == ["s100"]
    far = reach(area, LON, LAT, RIDER, walk_at_most_m=10_000)
    assert far == reach(area, LON, LAT, RIDER), "the rules of the area hold as well"


def test_an_area_of_doors_names_no_stops(area: Area) -> None:
    found = reach(replace(area, service=Service.DOOR), LON, LAT, RIDER)
    assert found is not None
    assert (found.stop, found.near) == (None, ())


def test_an_area_of_stops_takes_the_nearest(area: Area) -> None:
    stops = replace(area, service=Service.STOPS)
    found = reach(stops, LON, LAT, RIDER)
    assert found is not None
    assert found.stop is not None
    assert (found.stop.id, found.walk_s) == ("s100", 130)
    assert [way.stop.id for way in found.near] == ["s200", "s400"]
    assert reach(stops, LON, LAT - 200 * LAT_PER_M, RIDER) is None, "300 m as the crow flies"
    with_walker = reach(stops, LON, LAT, WALKER)
    assert with_walker is not None
    assert with_walker.stop == found.stop
    assert with_walker.near == ()


def test_outside_the_area_the_bus_comes_nowhere(area: Area) -> None:
    far = area.with_boundary(shapely.box(10, 50, 11, 51))
    assert reach(far, LON, LAT, RIDER) is None
