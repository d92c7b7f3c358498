"""Random trips between places where people may live."""

import numpy as np

from benchmarks.peers.answers import Float64
from benchmarks.roads import spot_on
from routing.graph import FERRY, ROAD_CLASSES, RoadGraph
from routing.spot import metres_apart

APART_M = 1000.0
NO_HOUSES = ("motorway", "motorway_link", "trunk", "trunk_link", "ferry", "busway", "track")
DRAWN_FOR_ONE = 4
"""Pairs drawn for one that is wanted, because some lie too close together."""


def random_trips(graph: RoadGraph, wanted: int, seed: int) -> Float64:
    """Return float64[k, 4], from lon, lat, to lon, lat, k at most `wanted`, each at least `APART_M` long.

    Every metre of the roads of `graph` is equally likely, but for those along which nobody lives.
    """
    random = np.random.default_rng(seed)
    no_houses = np.isin(graph.road_class, [ROAD_CLASSES.index(kind) for kind in NO_HOUSES])
    no_houses |= (graph.way_id == 0) | (graph.flags & FERRY > 0)
    lengths = np.where(no_houses, 0, graph.length_mm).astype(np.float64)
    edges = random.choice(
        graph.edges, size=(DRAWN_FOR_ONE * wanted, 2), p=lengths / lengths.sum()
    ).tolist()
    shares = random.random((len(edges), 2)).tolist()
    trips = [
        (spot_on(graph, *one), spot_on(graph, *other))
        for one, other in (zip(*drawn, strict=True) for drawn in zip(edges, shares, strict=True))
    ]
    far = [
        (*origin, *target) for origin, target in trips if metres_apart(origin, target) >= APART_M
    ]
    return np.array(far[:wanted], dtype=np.float64).reshape(-1, 4)
