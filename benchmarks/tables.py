"""Travel-time tables between random places, against scipy's Dijkstra on the same graph."""

from argparse import Namespace
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.record import Record, median_ms
from benchmarks.sources import extract
from routing.build.roads import build_roads
from routing.graph import UNREACHABLE, RoadGraph
from routing.profile import load_profile
from routing.snap import Position
from routing.travel_times import TravelTimes

SEED = 1
QUICK_SIZE = 50


def run(options: Namespace) -> Record:
    """Fill a ``--size`` x ``--size`` table; ``exact`` is 1 only if every entry equals the peer's."""
    size = min(options.size, QUICK_SIZE) if options.quick else options.size
    with extract(options.osm) as osm:
        graph, report = build_roads(osm, load_profile())
        source = osm.name
    places = _places(graph, size)

    def ours() -> TravelTimes:
        times = TravelTimes(graph)
        times.add_many(places)
        return times

    table = ours().seconds
    scipy_ms = median_ms(lambda: _scipy(graph, places), 3)
    ours_ms = median_ms(ours, 3)
    return Record(
        "tables",
        {"osm": source, "size": size, "seed": SEED},
        {
            "exact": float(np.array_equal(table, _scipy(graph, places))),
            "ms": ours_ms,
            "ratio_scipy": scipy_ms / ours_ms,
            "nodes": report.nodes,
            "edges": report.edges,
        },
        {"scipy": {"ms": scipy_ms}, "pyroutingkit": "not installed", "osrm": "not installed"},
    )


def _places(graph: RoadGraph, size: int) -> list[Position]:
    """Distinct places at the end of edges, where scipy's node-to-node answer is comparable."""
    random = np.random.default_rng(SEED)
    roads = np.flatnonzero((graph.way_id != 0) & (graph.length_mm > 0))
    _, first = np.unique(graph.head[roads], return_index=True)
    chosen = random.choice(roads[first], size=min(size, len(first)), replace=False)
    return [_at_end(graph, int(edge)) for edge in chosen]


def _at_end(graph: RoadGraph, edge: int) -> Position:
    lon, lat = graph.shape(edge)
    return Position(edge, 1.0, float(lon[-1]), float(lat[-1]), 0.0)


def _scipy(graph: RoadGraph, places: list[Position]) -> npt.NDArray[Any]:
    """Fill the same table by scipy: a place on a two-way edge may be left and reached either way."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    # each place becomes a source and a sink of its own, so that no path runs through a place
    n = graph.nodes
    edges = np.array([place.edge for place in places])
    source, sink = n + np.arange(len(places)), n + len(places) + np.arange(len(places))
    two_way = graph.twin[edges] >= 0
    twin = graph.twin[edges][two_way]
    nothing = np.zeros(len(places))
    tails = [graph.tail, source, source[two_way], graph.tail[edges], graph.tail[twin]]
    heads = [graph.head, graph.head[edges], graph.head[twin], sink, sink[two_way]]
    weights = [graph.time_ms, nothing, graph.time_ms[twin], graph.time_ms[edges], nothing[two_way]]
    tail, head = np.concatenate(tails), np.concatenate(heads)
    # explicit zeros are dropped by csr_array sums: a hair above nothing keeps the arc, rounding removes it
    weight = np.concatenate(weights).astype(np.float64) + 1e-7
    order = np.lexsort((weight, head, tail))
    tail, head, weight = tail[order], head[order], weight[order]
    first = np.r_[True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])]
    matrix = csr_array(
        (weight[first], (tail[first], head[first])), shape=(n + 2 * len(places),) * 2
    )
    milliseconds = np.floor(dijkstra(matrix, indices=source)[:, sink] + 1e-3)
    np.fill_diagonal(milliseconds, 0)
    seconds = np.ceil(np.where(np.isinf(milliseconds), 0, milliseconds) / 1000)
    return np.where(np.isinf(milliseconds), UNREACHABLE, seconds).astype(np.int32)
