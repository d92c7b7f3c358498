"""The day of the Vulkaneifel, on an invented county of the same files; the real one where it is at hand."""

import csv
import gzip
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.vulkaneifel import run, usual_fleet
from benchmarks.vulkaneifel_data import FOLDER, DataError, folder_of, read_roads, read_trips
from routing.graph import UNREACHABLE
from routing.search import Search
from routing.snap import Snapper
from routing.travel_times import TravelTimes

EDGE = 6
DEGREES = 0.02
FIGURES = {
    "served_share",
    "km_per_ride",
    "mean_excess",
    "seconds_computing",
    "violations",
    "improvement_km_saved",
}


def write(file: Path, rows: Sequence[Sequence[object]]) -> None:
    with gzip.open(file, "wt") if file.suffix == ".gz" else file.open("w") as stream:
        csv.writer(stream).writerows(rows)


def spot(place: int) -> tuple[float, float]:
    return 6.8 + DEGREES * (place % EDGE), 50.2 + DEGREES * (place // EDGE)


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """Write a grid of two-way roads, a dead end nobody gets out of, and 60 trips before the evening."""
    folder = tmp_path / FOLDER
    folder.mkdir(parents=True)
    places = EDGE * EDGE
    nodes = [(p, 100 + p, *spot(p)) for p in range(places)] + [(places, 999, 6.79, 50.19)]
    write(folder / "nodes.csv.gz", [("node", "osm_id", "lon", "lat"), *nodes])
    pairs = [(p, p + 1) for p in range(places) if (p + 1) % EDGE] + [
        (p, p + EDGE) for p in range(places - EDGE)
    ]
    links: list[tuple[object, ...]] = [("w0f", 0, places, 900.0, 10.0, "car", "residential")]
    for way, (a, b) in enumerate(pairs, start=1):
        links.append((f"w{way}f", a, b, 1_500.0, 12.5, "car", "tertiary"))
        links.append((f"w{way}r", b, a, 1_500.0, 12.5, "car", "tertiary"))
    head = ("link", "from", "to", "length_m", "freespeed_mps", "modes", "type")
    write(folder / "links.csv.gz", [head, *links])
    random = np.random.default_rng(1)
    trips = []
    for number in range(60):
        a, b = random.choice(places, 2, replace=False).tolist()
        trips.append((28_800 + 240 * number, f"p{number}", "x", "y", *spot(a), *spot(b)))
    ends = ("from_lon", "from_lat", "to_lon", "to_lat")
    write(
        folder / "drt_requests.csv",
        [("departure_s", "id", "from_activity", "to_activity", *ends), *trips],
    )
    return tmp_path


def options(data: Path, **changes: Any) -> Namespace:
    usual = {
        "data": data, "share": 1.0, "fleet": 3, "seed": 1, "lead": 60, "improve": True, "every": 10,
        "iterations": 500, "quick": False,
    }  # fmt: skip
    return Namespace(**(usual | changes))


def test_the_day_is_served_and_improvement_saves_way(county: Path) -> None:
    """Every figure is there, no state is wrong, and less is driven for each ride than without."""
    record = run(options(county))
    assert set(record.figures) >= FIGURES
    assert record.figures["violations"] == 0
    assert record.figures["states_verified"] > 60
    assert record.figures["served_share"] > 0.8
    assert record.figures["improvement_km_saved"] > 0
    assert record.figures["km_per_ride"] < record.figures["plain_km_per_ride"]


def test_the_same_work_gives_the_same_figures(county: Path) -> None:
    first, second = (run(options(county, share=0.5)).figures for _ in range(2))
    timed = {
        "seconds_computing",
        "answer_mean_ms",
        "plain_seconds_computing",
        "plain_answer_mean_ms",
    }
    assert {k: v for k, v in first.items() if k not in timed} == {
        k: v for k, v in second.items() if k not in timed
    }


def test_without_improvement_only_the_plain_day_is_played(county: Path) -> None:
    figures = run(options(county, improve=False)).figures
    assert figures["violations"] == 0
    assert not any(name.startswith(("plain_", "improvement")) for name in figures)


def test_all_roads_that_stay_reach_each_other(county: Path) -> None:
    """Law: the graph is one strongly connected part, and twins are each other's opposite."""
    graph = read_roads(folder_of(county))
    assert graph.nodes == EDGE * EDGE  # the dead end is gone
    there = np.flatnonzero(graph.twin >= 0)
    assert len(there) == graph.edges
    assert (graph.tail[graph.twin[there]] == graph.head[there]).all()
    snapper, times = Snapper(graph), TravelTimes(Search(graph))
    times.add_many(snapper.snap(*spot(place), 100) for place in range(0, EDGE * EDGE, 5))
    assert times.seconds.max() < UNREACHABLE
    assert times.metres[0, 1] == 5 * 1_500  # from one end of a street to the other


def test_a_share_is_drawn_by_the_seed_and_in_order(county: Path) -> None:
    folder = folder_of(county)
    half = read_trips(folder, 0.5, 1)
    assert len(half) == 30
    assert half == read_trips(folder, 0.5, 1)
    assert half != read_trips(folder, 0.5, 2)
    assert [trip.time_s for trip in half] == sorted(trip.time_s for trip in half)


@pytest.mark.parametrize("share", [0.0, -0.1, 1.5])
def test_an_impossible_share_is_refused(county: Path, share: float) -> None:
    with pytest.raises(DataError) as error:
        run(options(county, share=share))
    assert error.value.code == "share-wrong"


def test_missing_data_say_where_to_look(tmp_path: Path) -> None:
    with pytest.raises(DataError) as error:
        run(options(tmp_path / "nowhere"))
    assert error.value.code == "data-missing"


def test_more_requests_need_more_buses_but_fewer_each() -> None:
    fleets = [usual_fleet(requests) for requests in (1, 107, 536, 2_145, 10_724)]
    assert fleets == sorted(fleets)
    assert fleets[0] == 1
    assert fleets[-1] / 10_724 < fleets[1] / 107


@pytest.mark.data
def test_the_real_county_is_one_network(data_dir: Path) -> None:
    """17,821 nodes that all reach each other; a hundredth of the day is 107 trips, all of them served by many buses."""
    if not (data_dir / FOLDER).is_dir():
        pytest.skip("no real data: the Vulkaneifel is not among them")
    assert read_roads(folder_of(data_dir)).nodes == 17_821
    figures = run(options(data_dir, share=0.01, fleet=12, improve=False)).figures
    assert figures["served_share"] == 1.0
    assert figures["violations"] == 0
