"""Single paths and single places: what one telephone call asks of the roads."""

import time
from argparse import Namespace
from typing import Any

import numpy as np

from benchmarks.oracle import Oracle
from benchmarks.peers import routingkit
from benchmarks.peers.environment import NOT_INSTALLED
from benchmarks.record import Record, percentile
from benchmarks.roads import some_nodes, some_places
from benchmarks.sources import extract
from routing.build.roads import build_roads
from routing.graph import UNREACHABLE, RoadGraph
from routing.hierarchy.labels import one_label
from routing.kernels import LENGTH_BITS
from routing.profile import load_profile
from routing.search import Search
from routing.snap import Position, Snapper
from routing.travel_times import TravelTimes
from routing.warm import warm

SEED = 1
KNOWN, ADDED = 1000, 200
SQUARE, QUICK_SQUARE = 100, 20
"""Origins and destinations between which every path is checked: 10,000 pairs."""

SNAPS = 10_000


def run(options: Namespace) -> Record:
    """Check the paths of 10,000 random pairs against scipy, then time paths, new places and snapping.

    ``median_us`` is a path between two places of a `TravelTimes` (their labels were made when they were
    added) with edges, length, time and drawn geometry; RoutingKit's is a query with its nodes and arcs.
    """
    warm()
    random = np.random.default_rng(SEED)
    with extract(options.osm) as osm_file:
        graph, _ = build_roads(osm_file, load_profile())
        work = {"osm": osm_file.name, "seed": SEED, "nodes": graph.nodes, "edges": graph.edges}
    search = Search(graph)
    square = some_places(graph, QUICK_SQUARE if options.quick else SQUARE, random)
    times = TravelTimes(search)
    times.add_many(square)
    exact, paths_us = _check(search, times)
    added_ms = _add(search, some_places(graph, KNOWN + ADDED, random))
    figures = {
        "exact": float(exact),
        "median_us": percentile(paths_us, 0.5),
        "p95_us": percentile(paths_us, 0.95),
        "add_place_median_ms": percentile(added_ms, 0.5),
        "add_place_p95_ms": percentile(added_ms, 0.95),
        "snaps_10000_s": _snap(graph, random),
    }
    peers: dict[str, Any] = {}
    _against_routingkit(graph, random, figures, peers)
    return Record("paths", work | {"pairs": len(paths_us)}, figures, peers)


def _check(search: Search, times: TravelTimes) -> tuple[bool, list[float]]:
    """Find the path between each two places; return whether all are right, and the times in µs."""
    positions = [times.position(place) for place in range(len(times))]
    truth = Oracle(search.graph, positions).seconds()
    exact = np.array_equal(times.seconds, truth)
    passed = []
    for origin, destination in np.argwhere(truth < UNREACHABLE).tolist():
        begun = time.perf_counter()
        path = times.path(origin, destination)
        passed.append((time.perf_counter() - begun) * 1e6)
        exact &= path.seconds == truth[origin, destination]
        exact &= path.metres == times.metres[origin, destination]
        exact &= _adds_up(search, positions[origin], positions[destination])
    return bool(exact), passed


def _adds_up(search: Search, origin: Position, destination: Position) -> bool:
    """Tell whether the edges of a way join, and their times and lengths add up to its key."""
    graph, sides = search.graph, search.sides((origin, destination))
    ahead = one_label(search.labels_from(search.leaving(sides)), 0)
    back = one_label(search.labels_to(search.reaching(sides)), 1)
    key, edges = search.way(sides, ahead, back)
    joined = np.array_equal(graph.head[edges[:-1]], graph.tail[edges[1:]])
    ends = graph.copy_of[edges[[0, -1]]]
    ends = np.where(ends >= 0, ends, edges[[0, -1]])
    before, until = (
        int(sides[1][place][sides[0][place] == end][0]) for place, end in enumerate(ends)
    )
    keys = (graph.time_ms[edges].astype(np.int64) << LENGTH_BITS) + graph.length_mm[edges]
    return joined and int(keys[:-1].sum()) - before + until == key


def _add(search: Search, places: list[Any]) -> list[float]:
    """Return how many ms each place after the first thousand took."""
    times = TravelTimes(search)
    times.add_many(places[:KNOWN])
    passed = []
    for place in places[KNOWN:]:
        begun = time.perf_counter()
        times.add(place)
        passed.append((time.perf_counter() - begun) * 1000)
    return passed


def _snap(graph: RoadGraph, random: np.random.Generator) -> float:
    """Return how many seconds 10,000 coordinates near roads take."""
    snapper = Snapper(graph)
    points = random.choice(len(graph.shape_lon), SNAPS)
    spots = np.column_stack([graph.shape_lon[points], graph.shape_lat[points]])
    spots += random.normal(0, 1e-4, spots.shape)
    begun = time.perf_counter()
    for lon, lat in spots.tolist():
        snapper.snap(lon, lat, within_m=250)
    return time.perf_counter() - begun


def _against_routingkit(
    graph: RoadGraph,
    random: np.random.Generator,
    figures: dict[str, float],
    peers: dict[str, Any],
) -> None:
    """Let RoutingKit find paths between random nodes of the same graph."""
    ends = some_nodes(graph, 2 * KNOWN, random)
    pairs = ends[: len(ends) // 2 * 2].reshape(-1, 2)
    network = routingkit.Network(
        graph.tail, graph.head, graph.time_ms, graph.node_lat, graph.node_lon
    )
    found = routingkit.measure(network, pairs[:2, 0], pairs[:2, 1], pairs)
    if found is None:
        peers["pyroutingkit"] = NOT_INSTALLED
        return
    figures["ratio_pyroutingkit"] = found.query_us / figures["median_us"]
    peers["pyroutingkit"] = {"version": found.version, "median_us": found.query_us}
