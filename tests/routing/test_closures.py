"""Closures: which roads they mean, when they hold, and the versions of the network that follow."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from routing.closures import Click, Closure, Ways, Zone, closed, edges_of, next_change
from routing.errors import ClosureError
from routing.graph import CLOSED_MS, UNREACHABLE
from routing.network import KEPT, Network
from routing.search import Search
from routing.travel_times import TravelTimes

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
METRE = 1 / 111_195.08  # degrees on the equator, where the towns of the tests lie


def spot(east: float, north: float) -> tuple[float, float]:
    return east * METRE, north * METRE


@pytest.fixture
def square(town: Callable[..., Any]) -> Any:
    """Draw a village with two ways from west to east: the main street (way 1) and a loop north of it (way 2)."""
    return town(
        "W 0 0, A 100 0, B 300 0, E 400 0, N 100 200, M 300 200",
        ["W A B E | highway=residential", "A N M B | highway=residential"],
    )


def network_of(town: Any) -> Network:
    return Network(Search(town.graph), town.snapper)


def test_three_ways_to_say_where(square: Any) -> None:
    """A click means one road in both directions, a way all its edges, a polygon what it touches."""
    graph = square.graph

    def ways_of(where: Any) -> list[tuple[int, int]]:
        edges = edges_of(Closure("x", where), graph, square.snapper)
        return sorted(
            (int(graph.way_id[e]), int(round(graph.length_mm[e] / 1000, -1))) for e in edges
        )

    main, loop = 2 * [(1, 200)], 2 * [(2, 600)]
    lon, lat = spot(200, 5)
    assert ways_of(Click(lon, lat)) == main
    assert ways_of(Ways((1,))) == 4 * [(1, 100)] + main
    box = tuple(spot(x, y) for x, y in ((150, 150), (250, 150), (250, 250), (150, 250)))
    assert ways_of(Zone(box)) == loop


def test_before_and_after_are_both_to_be_had(square: Any) -> None:
    """Closing the main street sends everybody round the loop; the version before still knows the short way."""
    network = network_of(square)
    before = TravelTimes(network.current.search)
    a, b = before.add_many([square.at(20, 0), square.at(380, 0)])
    assert before.metres[a, b] == pytest.approx(360, abs=1)
    lon, lat = spot(200, 0)
    version = network.apply([Closure("Fest", Click(lon, lat))], NOON)
    assert (version.number, network.current) == (1, version)
    after = before.on(version.search)
    assert after.metres[a, b] == pytest.approx(760, abs=1)
    assert len(after.path(a, b).edges) == 3
    assert before.metres[a, b] == pytest.approx(360, abs=1)
    assert network.version(0).search is before._search


def test_a_closed_road_reaches_nobody(square: Any) -> None:
    """Who lives on the closed road cannot be fetched; the places keep their indices."""
    network = network_of(square)
    times = TravelTimes(network.current.search)
    lon, lat = spot(200, 0)
    a, there, beside = times.add_many([square.at(20, 0), square.at(200, 0), square.at(250, 0)])
    after = times.on(network.apply([Closure("Baustelle", Click(lon, lat))], NOON).search)
    assert len(after) == 3
    assert after.seconds[a, there] == after.seconds[there, a] == UNREACHABLE
    assert after.seconds[there, beside] == UNREACHABLE
    assert after.seconds[a, a] == 0


def test_slowing_multiplies_the_time(square: Any) -> None:
    graph = square.graph
    edges = edges_of(Closure("x", Ways((2,))), graph, square.snapper)
    slow = closed(graph, [(Closure("x", Ways((2,)), speed=0.25), edges)])
    np.testing.assert_array_equal(slow.time_ms[edges], 4 * graph.time_ms[edges])
    others = np.setdiff1d(np.arange(graph.edges), edges)
    np.testing.assert_array_equal(slow.time_ms[others], graph.time_ms[others])
    both = [(Closure("x", Ways((2,)), speed=0.25), edges), (Closure("y", Ways((2,))), edges)]
    assert (closed(graph, both).time_ms[edges] == CLOSED_MS).all()


def test_a_closure_holds_from_its_first_instant_to_before_its_last(square: Any) -> None:
    market = Closure("Markt", Ways((1,)), since=NOON, until=NOON + 2 * HOUR)
    assert [market.holds(NOON + n * HOUR) for n in (-1, 0, 1, 2)] == [False, True, True, False]
    assert next_change([market], NOON - HOUR) == NOON
    assert next_change([market], NOON) == NOON + 2 * HOUR
    assert next_change([market], NOON + 2 * HOUR) is None
    network = network_of(square)
    assert network.apply([market], NOON).number == 1
    assert network.apply([market], NOON + HOUR).number == 1
    assert network.apply([market], NOON + 2 * HOUR).number == 0


def test_a_wrong_closure_changes_nothing(square: Any) -> None:
    network = network_of(square)
    for where, code in (
        (Ways((77,)), "closure-way-unknown"),
        (Ways(()), "closure-way-unknown"),
        (Ways((0,)), "closure-way-unknown"),
        (Ways((1, 10**30)), "closure-way-unknown"),
        (Click(1.0, 1.0), "closure-no-road"),
        (Zone(((0.5, 0.5), (0.5, 1.0), (1.0, 1.0))), "closure-no-road"),
        (Zone(((0.0, 0.0), (1.0, 1.0))), "closure-polygon"),
        (Zone(((0.0, 0.0), (1.0, 1.0), (0.0, 1.0), (1.0, 0.0))), "closure-polygon"),
    ):
        with pytest.raises(ClosureError) as caught:
            network.apply([Closure("gut", Ways((1,))), Closure("falsch", where)], NOON)
        assert caught.value.code == code
        assert "falsch" in caught.value.message
        assert network.current.number == 0


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"speed": 1.5}, "closure-speed"),
        ({"speed": float("nan")}, "closure-speed"),
        ({"since": NOON, "until": NOON}, "closure-period"),
        ({"since": datetime(2026, 7, 1, 12)}, "closure-period"),  # noqa: DTZ001 - the mistake under test
    ],
)
def test_closures_that_make_no_sense(wrong: dict[str, Any], code: str) -> None:
    with pytest.raises(ClosureError) as caught:
        Closure("x", Ways((1,)), **wrong)
    assert caught.value.code == code


def test_old_versions_go_the_first_one_stays(square: Any) -> None:
    network = network_of(square)
    for number in range(1, KEPT + 2):
        closure = Closure(f"{number}", Ways((2,)), speed=1 / (number + 1))
        assert network.apply([closure], NOON).number == number
    assert network.version(0).closures == ()
    assert network.version(KEPT + 1) is network.current
    with pytest.raises(ClosureError) as caught:
        network.version(1)
    assert caught.value.code == "version-gone"


def test_the_version_just_left_stays(square: Any) -> None:
    """A version that came back into force is not the oldest any more: before and after can be compared."""
    network = network_of(square)
    closures = [
        Closure(f"{number}", Ways((2,)), speed=1 / (number + 2)) for number in range(KEPT + 1)
    ]
    for closure in closures[:KEPT]:
        network.apply([closure], NOON)
    before = network.apply(closures[:1], NOON)
    assert before.number == 1
    network.apply(closures[KEPT:], NOON)
    assert network.version(before.number) is before


def test_an_instant_without_a_time_zone(square: Any) -> None:
    with pytest.raises(ClosureError) as caught:
        network_of(square).apply([], datetime(2026, 7, 1, 12))  # noqa: DTZ001 - the mistake under test
    assert caught.value.code == "closure-period"


def test_the_least_speed_there_is(square: Any) -> None:
    graph = square.graph
    crawl = Closure("x", Ways((2,)), speed=5e-324)
    edges = edges_of(crawl, graph, square.snapper)
    assert (closed(graph, [(crawl, edges)]).time_ms[edges] == CLOSED_MS).all()


def test_in_the_background_the_old_version_serves_until_the_new_one_is_whole(square: Any) -> None:
    network = network_of(square)
    before = network.current
    with network._changing:  # as if the build took long
        made = network.apply_in_background([Closure("x", Ways((2,)))], NOON)
        assert not made.done()
        assert network.current is before
    after = made.result()
    assert network.current is after
    assert after.number == 1
    network.close()
