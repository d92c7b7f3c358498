"""The road graph: frozen arrays that every search reads."""

from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Int8 = npt.NDArray[np.int8]
UInt8 = npt.NDArray[np.uint8]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]
_T = TypeVar("_T", bound=np.generic)

UNREACHABLE = 2**30
"""Seconds or metres between places that no drivable path joins."""

ROAD_CLASSES = (
    "motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link", "secondary",
    "secondary_link", "tertiary", "tertiary_link", "unclassified", "residential", "living_street", "road",
    "service", "busway", "pedestrian", "track", "ferry", "other",
)  # fmt: skip
"""Kinds of road, the most important first: values of `highway`, ferries, and what a profile adds."""

CLOSED_MS = 2**30 - 1
"""Driving time of a closed edge, and between nodes that no path joins; two of them add up in int32."""

ROUNDABOUT, URBAN, FERRY = 1, 2, 4
"""Bits of `RoadGraph.flags`: part of a roundabout, inside a settlement, on a ferry."""


@dataclass(frozen=True, slots=True, eq=False)
class RoadGraph:
    """Directed edges between junctions, sorted by tail; every place on a road reaches every other.

    `n` nodes, `m` edges, `p` points of all shapes together. An edge belongs to one OSM way and has one speed.
    Turn restrictions are part of the structure: a node that has them was split, and its parts are joined by
    *connectors*, edges without length and way (`way_id` 0) on which no place ever lies; their time is what
    the turn costs. A restriction via a way needs that way twice: *copies* repeat an edge for those who came
    from where the restriction begins.

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
        int32[m], the edge along the same road in the opposite direction; -1: there is none, or a copy.
    copy_of
        int32[m], the edge that a copy repeats, -1 for all others.
    way_id, name, ref
        int64[m] OSM way, int32[m] street name and road number as indices into `names` (0: none).
    road_class, flags
        int8[m] index into `ROAD_CLASSES`, uint8[m] bits (`ROUNDABOUT`, `URBAN`, `FERRY`); 0 for connectors.
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
    copy_of: Int32
    way_id: Int64
    name: Int32
    ref: Int32
    road_class: Int8
    flags: UInt8
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
