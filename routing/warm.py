"""Compiling the kernels before the first request needs them."""

import numpy as np

from routing.graph import RoadGraph
from routing.snap import Snapper
from routing.travel_times import TravelTimes


def warm() -> None:
    """Run every kernel once on three junctions: seconds on a new machine, then milliseconds (cached)."""
    graph = _triangle()
    snapper, times = Snapper(graph), TravelTimes(graph)
    places = [times.add(snapper.snap(lon, 0.0, within_m=100.0)) for lon in (0.0, 0.0005)]
    times.path(*places)


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
