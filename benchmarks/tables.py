"""Tables of driving times between random places: ours against RoutingKit, OSRM and scipy in the same run."""

import time
from argparse import Namespace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.oracle import Oracle
from benchmarks.peers import osrm, routingkit
from benchmarks.peers.environment import NOT_INSTALLED
from benchmarks.peers.errors import PeerError
from benchmarks.record import Record, median_ms
from benchmarks.roads import some_nodes, some_places
from benchmarks.sources import extract
from routing.build.roads import build_roads
from routing.graph import CLOSED_MS, RoadGraph
from routing.hierarchy.tables import times_ms
from routing.profile import load_profile
from routing.search import Search, hierarchy_of
from routing.travel_times import TravelTimes
from routing.warm import warm

SEED = 1
QUICK_SIZE = 100
PLACES = 200
"""Positions within edges whose table is checked as well."""

Int32 = npt.NDArray[np.int32]


def run(options: Namespace) -> Record:
    """Fill a ``--size`` x ``--size`` table in one thread; ``exact`` is 1 only if every entry equals scipy's.

    All engines but OSRM get our graph and our weights; OSRM makes its own of the same extract. ``ms`` is
    driving times between nodes, as the peers give them; ``places_ms`` is times and lengths between
    positions on edges, from nothing to the finished `TravelTimes`.
    """
    size = min(options.size, QUICK_SIZE) if options.quick else options.size
    warm()
    with extract(options.osm) as osm_file:
        graph, _ = build_roads(osm_file, load_profile())
        random = np.random.default_rng(SEED)
        sources, targets = (some_nodes(graph, size, random) for _ in range(2))
        build_ms = median_ms(lambda: hierarchy_of(graph), 3)
        search = Search(graph, hierarchy_of(graph))
        table = times_ms(search.hierarchy, sources, targets)
        truth, scipy_ms = _scipy(graph, sources, targets)
        places = some_places(graph, size, random)
        exact = np.array_equal(table, truth) and _places_exact(search, places[:PLACES])
        ours_ms = median_ms(lambda: times_ms(search.hierarchy, sources, targets), 11)
        places_ms = median_ms(lambda: TravelTimes(search).add_many(places), 5)
        figures = {
            "exact": float(exact),
            "ms": ours_ms,
            "places_ms": places_ms,
            "build_s": build_ms / 1000,
            "ratio_scipy": scipy_ms / ours_ms,
        }
        peers: dict[str, Any] = {"scipy": {"ms": scipy_ms}}
        _against_routingkit(graph, (sources, targets), table, figures, peers)
        _against_osrm(osm_file, graph, sources, figures, peers)
        work = {"osm": osm_file.name, "size": len(sources), "seed": SEED, "threads": 1}
    figures |= {"nodes": graph.nodes, "edges": graph.edges, "arcs": search.hierarchy.arcs}
    return Record("tables", work, figures, peers)


def _scipy(graph: RoadGraph, sources: Int32, targets: Int32) -> tuple[Int32, float]:
    oracle = Oracle(graph)
    begun = time.perf_counter()
    table = oracle.times_ms(sources, targets)
    return table, (time.perf_counter() - begun) * 1000


def _places_exact(search: Search, places: list[Any]) -> bool:
    """Tell whether the table between positions equals scipy's."""
    times = TravelTimes(search)
    index = times.add_many(places)
    truth = Oracle(search.graph, places).seconds()
    return np.array_equal(times.seconds[np.ix_(index, index)], truth)


def _against_routingkit(
    graph: RoadGraph,
    ends: tuple[Int32, Int32],
    table: Int32,
    figures: dict[str, float],
    peers: dict[str, Any],
) -> None:
    """Let RoutingKit fill the same table from the same weights; its build is its order and its topology."""
    network = routingkit.Network(
        graph.tail, graph.head, graph.time_ms, graph.node_lat, graph.node_lon
    )
    pairs = np.column_stack([ends[0][:1], ends[1][:1]])
    found = routingkit.measure(network, *ends, pairs)
    if found is None:
        peers["pyroutingkit"] = NOT_INSTALLED
        return
    theirs = np.where(found.table == routingkit.UNREACHED, CLOSED_MS, found.table)
    figures["ratio_pyroutingkit"] = found.table_ms / figures["ms"]
    figures["ratio_build_pyroutingkit"] = found.build_s / figures["build_s"]
    peers["pyroutingkit"] = {
        "version": found.version,
        "ms": found.table_ms,
        "build_s": found.build_s,
        "order_s": found.order_s,
        "topology_s": found.topology_s,
        "customize_ms": found.customize_ms,
        "equal": bool(np.array_equal(theirs, table)),
    }


def _against_osrm(
    osm_file: Path,
    graph: RoadGraph,
    nodes: Int32,
    figures: dict[str, float],
    peers: dict[str, Any],
) -> None:
    """Let OSRM fill a table of the same size between the same junctions."""
    try:
        prepared = osrm.prepare(osm_file)
        if prepared is None:
            peers["osrm"] = NOT_INSTALLED
            return
        found = osrm.table(prepared, graph.node_lon[nodes], graph.node_lat[nodes])
    except PeerError as error:
        peers["osrm"] = str(error)
        return
    if found is not None:
        figures["ratio_osrm"] = found.ms / figures["ms"]
        peers["osrm"] = {"version": prepared.version, **found.ways, **prepared.steps}
