"""What turning costs: the junctions at which a bus waits, and those at which it does not."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from routing.profile import load_profile

Town = Callable[..., Any]
COSTS = load_profile().turns
LEFT, RIGHT, SHARP = (round(1000 * s) for s in (COSTS.left_s, COSTS.right_s, COSTS.sharp_s))

#       D
#       |
#   A---B---C
TEE = "A 0 0, B 200 0{at}, C 400 0, D {east} 200"
WIDE = (("A", "C"), ("A", "D"), ("C", "A"), ("C", "D"), ("D", "A"), ("D", "C"))
MIDDLE = {"A": (100, 0), "C": (300, 0), "D": (200, 100)}


def waits(
    built: Any, free: Any, middle: Mapping[str, tuple[float, float]] = MIDDLE
) -> Counter[str]:
    """Milliseconds that turning adds between the middles of roads, by their ends."""
    added: Counter[str] = Counter()
    for start, goal in WIDE:
        seconds = []
        for one in (built, free):
            pair = one.times.add_many([one.at(*middle[start]), one.at(*middle[goal])])
            seconds.append(int(one.times.seconds[pair[0], pair[1]]))
        added[start + goal] = 1000 * (seconds[0] - seconds[1])
    return +added


@pytest.fixture
def gratis(town: Town, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Build a town in which turning costs nothing."""

    def build(*sketch: Any) -> Any:
        with monkeypatch.context() as patch:
            patch.setattr(
                "routing.build.roads.turn_costs", lambda turns, *_: np.zeros_like(turns.ms)
            )
            return town(*sketch)

    return build


@pytest.mark.parametrize(
    ("ways", "at", "expected"),
    [
        pytest.param(
            ("A B C | highway=primary", "B D | highway=residential"),
            "",
            {"AD": LEFT, "CD": RIGHT, "DA": RIGHT, "DC": LEFT},
            id="small road into a big one",
        ),
        pytest.param(
            ("A B C | highway=residential", "B D | highway=residential"), "", {}, id="small roads"
        ),
        pytest.param(
            ("A B C | highway=primary", "B D | highway=residential"),
            " highway=traffic_signals",
            {},
            id="traffic lights",
        ),
        pytest.param(
            ("A B | highway=primary", "B D | highway=primary", "B C | highway=residential"),
            "",
            {"CD": RIGHT, "DC": LEFT},
            id="the big road bends",
        ),
    ],
)
def test_where_a_bus_waits(
    town: Town,
    gratis: Callable[..., Any],
    ways: tuple[str, ...],
    at: str,
    expected: dict[str, int],
) -> None:
    points = TEE.format(at=at, east=200)
    built, free = town(points, ways), gratis(points, ways)
    assert waits(built, free) == expected
    assert built.report.costly_turns == len(expected)
    assert free.report.split_nodes == 0


def test_nobody_comes_towards_the_bus_on_a_one_way_road(town: Town) -> None:
    """Only who turns into the big road from the small one waits, for those who are on it."""
    ways = (
        "A B C | highway=primary oneway=yes",
        "B D | highway=residential",
        "C D A | highway=residential",
    )
    assert town(TEE.format(at="", east=200), ways).report.costly_turns == 1


def test_a_sharp_turn_takes_longer(town: Town, gratis: Callable[..., Any]) -> None:
    """To the one side the road from D joins sharply, to the other it nearly goes straight on."""
    points = TEE.format(at="", east=-50)
    ways = ("A B C | highway=primary", "B D | highway=residential")
    found = waits(town(points, ways), gratis(points, ways), MIDDLE | {"D": (75, 100)})
    assert found == {"AD": LEFT + SHARP, "DA": RIGHT + SHARP}


@pytest.mark.parametrize(("east", "costly"), [(180, 3), (120, 4)])
def test_lights_stand_before_the_junction(town: Town, east: int, costly: int) -> None:
    """Lights at the line where one stops count for the junction; those far up the road do not."""
    ways = ("A L B C | highway=primary", "B D | highway=residential")
    points = f"{TEE.format(at='', east=200)}, L {east} 0 highway=traffic_signals"
    assert town(points, ways).report.costly_turns == costly


def test_no_waiting_inside_a_roundabout(town: Town) -> None:
    points = "A 0 0, B 40 0, C 40 40, D 0 40, E -200 0, F 200 0"
    ways = (
        "A B C D A | highway=primary junction=roundabout",
        "A E | highway=primary",
        "B F | highway=residential",
    )
    assert town(points, ways).report.costly_turns == 0
