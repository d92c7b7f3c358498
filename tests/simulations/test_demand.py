"""The demand of a day: drawn from the town's own places, the same for a seed."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
import shapely

from dispatch.model import LOAD_KINDS, TimeKind, persons
from regions.region import Region
from simulations.demand import Wish, day_of_demand
from simulations.errors import SimulationError
from simulations.model import ordinary_model, read_model
from simulations.places import Spot, Spots, read_places

TUESDAY = date(2026, 3, 3)
HOUR = 3600


def metres(wish: Wish) -> float:
    goal = wish.destination
    spots = Spots((goal.label,), np.array([goal.lon]), np.array([goal.lat]))
    return float(spots.metres_from(wish.origin)[0])


def test_a_seed_and_a_day_make_the_demand(town: Region) -> None:
    one = day_of_demand(town, "dorf", TUESDAY, riders=30, seed=1)
    assert one == day_of_demand(town, "dorf", TUESDAY, riders=30, seed=1)
    assert one != day_of_demand(town, "dorf", TUESDAY, riders=30, seed=2)
    assert one != day_of_demand(town, "dorf", date(2026, 3, 4), riders=30, seed=1)


def test_everybody_wants_something_sensible(town: Region) -> None:
    wishes = day_of_demand(town, "dorf", TUESDAY, riders=300, seed=1)
    outward = [wish for wish in wishes if wish.outward is None]
    assert len(outward) == 300
    assert [wish.call_s for wish in wishes] == sorted(wish.call_s for wish in wishes)
    assert len({wish.id for wish in wishes}) == len(wishes)
    for wish in wishes:
        assert metres(wish) >= ordinary_model().shortest_m
        assert 8 * HOUR <= wish.time_s <= 18 * HOUR
        assert wish.call_s < wish.time_s
        assert len(wish.load) == len(LOAD_KINDS)
        assert 1 <= persons(wish.load) <= 2
        assert 20 * 60 <= wish.patience_s <= 60 * 60
    assert Counter(wish.time_kind for wish in outward)[TimeKind.ARRIVE_BY] == sum(
        wish.purpose in ("doctor", "station") for wish in outward
    )


def test_shares_and_peaks_are_those_of_the_model(town: Region) -> None:
    wishes = day_of_demand(town, "dorf", TUESDAY, riders=2_000, seed=1)
    outward = [wish for wish in wishes if wish.outward is None]
    purposes = Counter(wish.purpose for wish in outward)
    for errand in ordinary_model().errands:
        assert purposes[errand.purpose] / 2_000 == pytest.approx(errand.share, abs=0.04)
    hours = Counter(wish.time_s // HOUR for wish in outward)
    assert hours[9] > hours[11] < hours[14]
    wheelchairs = sum(wish.load[1] for wish in outward)
    assert wheelchairs / 2_000 == pytest.approx(ordinary_model().wheelchair, abs=0.02)


def test_the_way_back_mirrors_the_way_there(town: Region) -> None:
    wishes = {wish.id: wish for wish in day_of_demand(town, "dorf", TUESDAY, riders=80, seed=3)}
    backs = [wish for wish in wishes.values() if wish.outward]
    assert backs
    for back in backs:
        there = wishes[back.outward or ""]
        assert (back.origin, back.destination) == (there.destination, there.origin)
        assert back.call_s > there.call_s
        assert back.time_s > there.time_s
        assert back.load == there.load


def test_near_goals_are_likelier(make_region: Callable[..., Region]) -> None:
    model = ordinary_model()
    shopping = next(errand for errand in model.errands if errand.purpose == "shopping")
    region = make_region()

    def mean(reach_m: float) -> float:
        errand = replace(shopping, share=1.0, reach_m=reach_m)
        only = replace(model, errands=(errand,))
        wishes = day_of_demand(region, "dorf", TUESDAY, riders=300, seed=1, model=only)
        return float(np.mean([metres(wish) for wish in wishes]))

    assert mean(500) < mean(50_000)


def test_in_an_area_of_stops_rides_lead_from_stop_to_stop(
    make_region: Callable[..., Region],
) -> None:
    stops = [
        {"id": "a", "name": "A", "lon": 9.0, "lat": 48.0},
        {"id": "b", "name": "B", "lon": 9.04, "lat": 48.03},
    ]
    region = make_region(service="stops", stops=stops)
    wishes = day_of_demand(region, "dorf", TUESDAY, riders=40, seed=1)
    assert {wish.origin.label for wish in wishes} == {"A", "B"}
    assert all(wish.origin != wish.destination for wish in wishes)


def test_homes_lie_in_the_area_and_else_along_its_roads(make_region: Callable[..., Region]) -> None:
    region = make_region(houses=3)
    area = region.areas["dorf"]
    places = read_places(region, area)
    assert set(places.homes.labels) == {"Dorfstraße"}
    assert set(places.goals) == {"bakery", "doctor", "station", "stop", "supermarket"}
    west = area.with_boundary(shapely.box(9.0, 48.0, 9.02, 48.1))
    inside = read_places(region, west)
    assert 0 < len(inside.homes) < len(places.homes)
    assert len(inside.goals["station"]) == 0
    with pytest.raises(SimulationError) as caught:
        read_places(region, area.with_boundary(shapely.box(0, 0, 1, 1)))
    assert caught.value.code == "no-places"


def test_errands_without_goals_fall_back(make_region: Callable[..., Region]) -> None:
    """Where the area has no station people ride to a public stop."""
    region = make_region()
    area = region.areas["dorf"].with_boundary(shapely.box(8.9, 47.9, 9.03, 48.1))
    region = replace(region, areas={"dorf": area})
    wishes = day_of_demand(region, "dorf", TUESDAY, riders=200, seed=1)
    stations = {w.destination.label for w in wishes if w.purpose == "station" and not w.outward}
    assert stations == {"Rathaus"}


@pytest.mark.parametrize(
    ("area", "riders", "code"), [("nirgends", 5, "area-unknown"), ("dorf", 0, "too-few-riders")]
)
def test_what_cannot_be_simulated_is_refused(
    town: Region, area: str, riders: int, code: str
) -> None:
    with pytest.raises(SimulationError) as caught:
        day_of_demand(town, area, TUESDAY, riders=riders, seed=1)
    assert caught.value.code == code


def test_the_model_refuses_what_it_does_not_know(tmp_path: Path) -> None:
    good = files("simulations").joinpath("demand.toml").read_text(encoding="utf-8")
    file = tmp_path / "model.toml"
    file.write_text(good, encoding="utf-8")
    assert read_model(file) == ordinary_model()
    for old, new, told in (
        ("walker = 0.20", "", "walker"),
        ("walker = 0.20", "walker = -1", "walker cannot be -1"),
        ("walker = 0.20", "walker = true", "walker cannot be True"),
        ("arrive_by = true", "arrive_by = 1", "arrive_by cannot be 1"),
        ("share = 0.30", "share = 0.31", "must sum to 1"),
        ("[calls]", "[sleep]", "missing or unknown"),
        ("[[peaks]]", "[[valleys]]", "name at least one"),
    ):
        assert old in good
        file.write_text(good.replace(old, new), encoding="utf-8")
        with pytest.raises(SimulationError, match=told) as caught:
            read_model(file)
        assert caught.value.code == "model-field"


@pytest.mark.parametrize("content", [b"= 1", b"\xff", None])
def test_a_model_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "model.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SimulationError, match=r"model\.toml") as caught:
        read_model(file)
    assert caught.value.code == "model-unreadable"


def test_distances_are_right_to_a_metre() -> None:
    spots = Spots(("",), np.array([9.0]), np.array([48.01]))
    assert spots.metres_from(Spot(9.0, 48.0, ""))[0] == pytest.approx(1_112, abs=1)
