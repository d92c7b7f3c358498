"""The road graph: frozen arrays that every search reads."""

from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]
_T = TypeVar("_T", bound=np.generic)

UNREACHABLE = 2**30
"""Seconds or metres between places that no drivable path joins."""


@dataclass(frozen=True, slots=True, eq=False)
class RoadGraph:
    """Directed edges between junctions, sorted by tail; every place on a road reaches every other.

    `n` nodes, `m` edges, `p` points of all shapes together. An edge belongs to one OSM way and has one speed.
    Turn restrictions are part of the structure: a node that has them was split, and its parts are joined by
    *connectors*, edges without time, length and way (`way_id` 0), on which no place ever lies.

    Attributes
    ----------
    node_lon, node_lat
        float64[n], WGS84 degrees.
    first_out
        int32[n + 1], edges leaving node v are `first_out[v]:first_out[v + 1]`.
    tail, head
        int32[m], nodes.
    time_ms, length_mm
        int32[m], milliseconds and millimetres.
    twin
        int32[m], the edge along the same road in the opposite direction, -1 where there is none.
    way_id, name
        int64[m] OSM way, int32[m] index into `names` (0: no name).
    shape_first, shape_lon, shape_lat
        int64[m + 1], float64[p], float64[p]: points of edge e, both ends included, in driving direction.
    names
        Street names or road numbers; `names[0]` is "".
    """

    node_lon: Float64
    node_lat: Float64
    first_out: Int32
    tail: Int32
    head: Int32
    time_ms: Int32
    length_mm: Int32
    twin: Int32
    way_id: Int64
    name: Int32
    shape_first: Int64
    shape_lon: Float64
    shape_lat: Float64
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        # Kernels are compiled per array type: memory-mapped or fresh, all become read-only base arrays.
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                object.__setattr__(self, field.name, frozen(value))

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.node_lon)

    @property
    def edges(self) -> int:
        """Number of directed edges, connectors included."""
        return len(self.tail)

    @property
    def bbox(self) -> tuple[float, float, float, float]:
        """West, south, east, north of all roads, in degrees."""
        lon, lat = self.shape_lon, self.shape_lat
        return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())

    def shape(self, edge: int) -> tuple[Float64, Float64]:
        """Return longitudes and latitudes of the points of `edge`, both ends included."""
        points = slice(int(self.shape_first[edge]), int(self.shape_first[edge + 1]))
        return self.shape_lon[points], self.shape_lat[points]


def frozen(array: npt.NDArray[_T]) -> npt.NDArray[_T]:
    """Return a read-only C-contiguous base-class view of `array` (a copy only if it must)."""
    view = np.ascontiguousarray(array).view()
    view.flags.writeable = False
    return view
