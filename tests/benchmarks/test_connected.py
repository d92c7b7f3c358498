"""Lines and rides together: how far one gets, and what becomes of it on a day of late lines."""

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import missed, reach
from benchmarks.country import Country, day_in
from benchmarks.delays import AT_MOST_MIN, FIRST_WORD_MIN, LinesToday, known_s, late
from benchmarks.missed_figures import figures_of
from benchmarks.reach_picture import draw
from benchmarks.replay import Replay
from dispatch.policy import Policy
from regions.region import Region, open_region

ONE_DAY = 86_400


@pytest.fixture(scope="module")
def region(sample_region: Path) -> Region:
    return open_region(sample_region)


@pytest.fixture
def in_it(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the benchmarks run in the region of the tests instead of building one."""

    @contextmanager
    def built(_: Namespace) -> Iterator[Region]:
        yield region

    monkeypatch.setattr(missed, "country", built)
    monkeypatch.setattr(reach, "country", built)


@pytest.fixture
def world(region: Region) -> Country:
    world = day_in(region, 6, 20, 1, Policy())
    missed.book_journeys(world, 6)
    return world


def options(**changes: Any) -> Namespace:
    return Namespace(**({"quick": True, "pairs": 20, "picture": None, "seed": 1} | changes))


def test_what_is_known_of_a_delay_grows_to_what_it_is() -> None:
    """Law: nothing before the first word, never less later on, the whole delay when the trip is there."""
    planned = np.array([36_000, 36_600], np.int32)
    for trip in range(50):
        drawn = late(1, trip)
        assert 0 <= drawn.seconds <= AT_MOST_MIN * 60
        assert FIRST_WORD_MIN[0] * 60 <= drawn.notice_s <= FIRST_WORD_MIN[1] * 60
        told = [known_s(planned, drawn, now_s) for now_s in range(33_000, 40_200, 60)]
        assert (np.diff(told, axis=0) >= 0).all()
        assert (known_s(planned, drawn, 36_000 - drawn.notice_s - 1) == 0).all()
        assert known_s(planned, drawn, 36_000 + drawn.seconds)[0] == drawn.seconds


@pytest.mark.usefixtures("in_it")
def test_reach_gives_its_figures() -> None:
    """Our rides are never worse than the lines they come on top of, nor long walks than short ones."""
    figures = reach.run(options()).figures
    assert figures["share_ours"] >= figures["share_line_800"]
    assert figures["share_line_2000"] >= figures["share_line_800"]
    assert figures["median_min_ours"] <= figures["median_min_line_800"]
    assert {"walk_m_ours", "soonest_mixed", "both_offered", "share_ours_same_day"} <= set(figures)


def test_the_map_names_ways_and_units(region: Region, tmp_path: Path) -> None:
    doors = [
        (house.lon, house.lat) for house, _ in zip(region.addresses.houses(), "abcd", strict=False)
    ]
    minutes = [10.0, 45.0, 80.0, float("inf")]
    draw(tmp_path / "map.svg", region.search.graph, doors, {"one": minutes, "other": minutes})
    assert (tmp_path / "map.svg").read_text(encoding="utf-8").count("<path") > len(doors)


@pytest.mark.usefixtures("in_it")
def test_a_day_of_late_lines_gives_its_figures() -> None:
    """With care no more is missed than without, and nobody else's promise is broken."""
    record = missed.run(options())
    figures = record.figures
    assert record.work["journeys"] > 0
    assert figures["violations"] == 0
    assert figures["others_broken_with"] == 0
    assert figures["missed_helped"] <= figures["missed_with"] <= figures["missed_without"]


def test_on_a_day_without_delays_nothing_is_missed(world: Country) -> None:
    """Law: buses drive as planned, so every promise is kept and every line met."""
    today = LinesToday(world.lines, 1, frozenset())
    for care in (False, True):
        day = Replay(world.state, today, care)
        day.play()
        figures = figures_of(world.state, day)
        assert figures["missed"] == figures["others_broken"] == figures["own_broken"] == 0
        assert day.violations == figures["cases"] == figures["told"] == 0


def test_who_comes_after_the_driver_has_left_has_missed_the_bus(world: Country) -> None:
    """Without care a driver waits as long as drivers do, not longer."""
    day = Replay(world.state, LinesToday(world.lines, 1, frozenset()), care=False)
    if not day.ready:
        pytest.skip("the invented day has no ride from a line")
    key, ready_s = next(iter(day.ready.items()))
    wait_s = world.state.policy.wait_s
    day.ready = {**day.ready, key: ready_s + ONE_DAY}
    day.play()
    assert figures_of(world.state, day)["missed"] == 1
    patient = world.state.bookings[key].promise.pickup_from_s + wait_s
    visit = next(v for t in day.state.tours.values() for v in t.visits if key in v.board)
    assert visit.depart_s >= patient
