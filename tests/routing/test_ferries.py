"""Ferries: how their tags become time."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from routing.build.read import read_roads
from routing.build.tags.ferries import seconds_of
from routing.graph import FERRY, ROAD_CLASSES
from routing.profile import load_profile

Town = Callable[..., Any]


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [
        ("0:10", 600),
        ("00:05", 300),
        ("1:30", 5400),
        ("1:05:30", 3930),
        ("12", 720),
        ("PT15M", 900),
        ("pt1h30m", 5400),
        ("PT90S", 90),
        ("P1DT1H", 90_000),
        ("", None),
        ("PT", None),
        ("0", None),
        ("soon", None),
        ("-5", None),
        ("999999", None),
    ],
)
def test_durations_in_all_spellings(duration: str, seconds: float | None) -> None:
    assert seconds_of(duration) == seconds


#  A---B ~~~~ C---D    two banks, and a bridge far away: A E F D
BANKS = "A 0 0, B 100 0, X 300 50, C 500 0, D 600 0, E 0 9000, F 600 9000"
ROADS = ("A B | highway=residential", "C D | highway=residential", "A E F D | highway=primary")


@pytest.mark.parametrize(
    ("tags", "crossing_s"),
    [("duration=0:05", 300), ("duration=PT2M", 120), ("", 412.3 * 3.6 / 8), ("oneway=no", None)],
)
def test_a_crossing_takes_its_duration_and_the_boarding_once(
    town: Town, tags: str, crossing_s: float | None
) -> None:
    built = town(BANKS, [*ROADS, f"B X C | route=ferry motor_vehicle=yes {tags}"])
    on_ferry = built.graph.way_id == 4
    expected = (crossing_s or 412.3 * 3.6 / 8) + load_profile().ferries.boarding_s
    assert built.graph.time_ms[on_ferry] == pytest.approx([expected * 1000] * 2, rel=1e-3)
    assert built.metres((0, 0), (600, 0)) == pytest.approx(612, abs=1)


def test_a_ferry_is_no_road(town: Town, draw: Callable[..., Path]) -> None:
    """It does not count as one, it carries a flag, and one for people on foot is none at all."""
    without = town(BANKS, ROADS)
    passengers = town(BANKS, [*ROADS, "B X C | route=ferry foot=yes"])
    ferry = town(BANKS, [*ROADS, "B X C | route=ferry vehicle=yes"])
    for built in (passengers, ferry):
        assert built.report.raw_nodes == without.report.raw_nodes
        assert built.report.raw_edges == without.report.raw_edges
    assert passengers.graph.edges == without.graph.edges
    assert ferry.graph.edges > without.graph.edges
    raw = read_roads(draw(BANKS, [*ROADS, "B X C | route=ferry vehicle=yes"]), load_profile())
    assert ((raw.flags & FERRY) > 0).tolist() == [False, False, False, True]
    assert ROAD_CLASSES[raw.road_class[3]] == "ferry"
