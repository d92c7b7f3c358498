"""Compiling the kernels before the first request needs them."""

import numpy as np

from routing.graph import RoadGraph
from routing.hierarchy.tables import times_ms
from routing.search import Search
from routing.snap import Snapper
from routing.travel_times import TravelTimes


def warm() -> None:
    """Run every kernel once on three junctions: seconds on a new machine, then milliseconds (cached)."""
    graph = _triangle()
    search, snapper = Search(graph), Snapper(graph)
    places = [snapper.snap(share, 0.0, within_m=100.0) for share in np.linspace(0, 0.0005, 30)]
    alone, together = TravelTimes(search), TravelTimes(search)
    together.add_many(places)
    alone.path(alone.add(places[0]), alone.add(places[-1]))
    nodes = np.arange(graph.nodes, dtype=np.int32)
    times_ms(search.hierarchy, nodes, nodes)


def _triangle() -> RoadGraph:
    """Return three junctions on the equator joined by a one-way ring."""
    nodes, ring = np.arange(3, dtype=np.int32), np.array([1, 2, 0], dtype=np.int32)
    lon, lat = np.array([0.0, 0.001, 0.0]), np.array([0.0, 0.0, 0.001])
    return RoadGraph(
        node_lon=lon,
        node_lat=lat,
        first_out=np.arange(4, dtype=np.int32),
        tail=nodes,
        head=ring,
        time_ms=np.full(3, 10_000, dtype=np.int32),
        length_mm=np.full(3, 111_195, dtype=np.int32),
        twin=np.full(3, -1, dtype=np.int32),
        copy_of=np.full(3, -1, dtype=np.int32),
        way_id=np.arange(1, 4, dtype=np.int64),
        name=np.zeros(3, dtype=np.int32),
        ref=np.zeros(3, dtype=np.int32),
        road_class=np.zeros(3, dtype=np.int8),
        flags=np.zeros(3, dtype=np.uint8),
        shape_first=np.arange(0, 8, 2, dtype=np.int64),
        shape_lon=np.column_stack([lon, lon[ring]]).ravel(),
        shape_lat=np.column_stack([lat, lat[ring]]).ravel(),
        names=("",),
    )
