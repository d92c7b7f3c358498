"""Closing roads: from the click to the new index in force."""

from argparse import Namespace
from datetime import UTC, datetime

import numpy as np

from benchmarks.oracle import Oracle
from benchmarks.record import Record, median_ms
from benchmarks.roads import some_places, spot_on
from benchmarks.sources import extract
from routing.build.roads import build_roads
from routing.closures import Click, Closure
from routing.graph import RoadGraph
from routing.network import Network
from routing.profile import load_profile
from routing.search import Search
from routing.snap import Snapper
from routing.travel_times import TravelTimes
from routing.warm import warm

SEED = 1
CLOSED, REPEATS = 5, 5
PLACES, CHECKED = 1000, 100
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def run(options: Namespace) -> Record:
    """Close 5 random roads by clicks, 5 times over; check the tables before and after against scipy.

    ``live_s`` is until searches run on the new index; ``places_ms`` moves a table of 1,000 places onto it.
    """
    warm()
    random = np.random.default_rng(SEED)
    with extract(options.osm) as osm_file:
        graph, _ = build_roads(osm_file, load_profile())
        work = {"osm": osm_file.name, "closed": CLOSED, "seed": SEED, "nodes": graph.nodes}
    network = Network(Search(graph), Snapper(graph))
    table = TravelTimes(network.current.search)
    table.add_many(some_places(graph, PLACES, random))
    live_ms = median_ms(lambda: network.apply(_clicks(graph, random), NOW), REPEATS)
    version = network.current
    return Record(
        "closures",
        work,
        {
            "exact": float(_exact(network.version(0).search) and _exact(version.search)),
            "live_s": live_ms / 1000,
            "places_ms": median_ms(lambda: table.on(version.search), 3),
            "slower_share": float((table.on(version.search).seconds > table.seconds).mean()),
        },
    )


def _clicks(graph: RoadGraph, random: np.random.Generator) -> list[Closure]:
    """Return closures of random roads, each by a click on its middle."""
    chosen = [place.edge for place in some_places(graph, CLOSED, random)]
    spots = [spot_on(graph, edge, 0.5) for edge in chosen]
    return [Closure(f"road {n}", Click(*spot)) for n, spot in enumerate(spots)]


def _exact(search: Search) -> bool:
    places = some_places(search.graph, CHECKED, np.random.default_rng(SEED))
    times = TravelTimes(search)
    index = times.add_many(places)
    truth = Oracle(search.graph, places).seconds()
    return np.array_equal(times.seconds[np.ix_(index, index)], truth)
