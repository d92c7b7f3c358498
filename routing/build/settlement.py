"""Where settlements are, told from the roads alone: extracts may hold neither land use nor places.

Streets where people live lie close together. Their length per cell of a raster, smoothed over the
neighbouring cells, is large inside a settlement and small outside; what a road says of itself comes first.
"""

import numpy as np
import numpy.typing as npt

from routing.build.tags import UNKNOWN
from routing.geometry import METRES_PER_DEGREE
from routing.graph import ROAD_CLASSES

Bool = npt.NDArray[np.bool_]
Int = npt.NDArray[np.integer]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

CELL_M = 100.0
STREETS_M = 20.0
"""Metres of street in each cell on average from which on the place counts as a settlement (2 km per km²)."""

LONGEST_M = 50.0
"""Longer pieces of street are counted in parts, each in its own cell."""

_WEIGHTS = np.outer([1, 2, 3, 2, 1], [1, 2, 3, 2, 1]) / 81
"""Two averages over 3 x 3 cells, one after the other."""

_REACH = len(_WEIGHTS) // 2
_DWELLINGS = [ROAD_CLASSES.index("residential"), ROAD_CLASSES.index("living_street")]
_NEVER = [ROAD_CLASSES.index(name) for name in ("motorway", "motorway_link", "trunk", "ferry")]


def inside_settlements(
    lon: Float64, lat: Float64, metres: Float64, road_class: Int, settled: Int
) -> Bool:
    """Tell for each piece of road whether it lies inside a settlement.

    Parameters
    ----------
    lon, lat
        float64[2, s], degrees of the two ends of each piece.
    metres
        float64[s], lengths.
    road_class
        int[s], index into `ROAD_CLASSES`; motorways, trunk roads and ferries lie outside unless they say
        otherwise.
    settled
        int[s], 1 where the tags of the road put it inside, 0 outside, `UNKNOWN` where they are silent.
    """
    dense = street_density(lon, lat, metres, np.isin(road_class, _DWELLINGS)) >= STREETS_M
    dense &= ~np.isin(road_class, _NEVER)
    return np.where(settled == UNKNOWN, dense, settled == 1)


def street_density(lon: Float64, lat: Float64, metres: Float64, street: Bool) -> Float64:
    """Return the metres of `street` per cell around the middle of each piece, float64[s]."""
    if not len(metres):
        return np.zeros(0)
    scale = METRES_PER_DEGREE / CELL_M
    x = (lon - lon.min()) * np.cos(np.radians(lat.mean())) * scale
    y = (lat - lat.min()) * scale
    stride = int(x.max()) + 1 + 2 * _REACH  # so wide that no neighbour lies in another row
    parts = np.where(street, np.ceil(metres / LONGEST_M), 0).astype(np.int64)
    piece = np.repeat(np.arange(len(metres)), parts)
    step = np.arange(len(piece)) - np.repeat(np.cumsum(parts) - parts, parts)
    share = (step + 0.5) / parts[piece]
    streets = _cell(_between(x[:, piece], share), _between(y[:, piece], share), stride)
    wanted, places = np.unique(_cell(x.mean(axis=0), y.mean(axis=0), stride), return_inverse=True)
    smooth = _smoothed(streets, metres[piece] / parts[piece], wanted, stride)
    return np.asarray(smooth[places])


def mostly(chosen: Bool, metres: Float64, way: Int, ways: int) -> Bool:
    """Tell for each of `ways` ways whether the larger part of its length is `chosen`."""
    inside = np.bincount(way, weights=np.where(chosen, metres, 0), minlength=ways)
    return np.asarray(inside * 2 > np.bincount(way, weights=metres, minlength=ways))


def _between(ends: Float64, share: Float64) -> Float64:
    return np.asarray(ends[0] + (ends[1] - ends[0]) * share)


def _cell(x: Float64, y: Float64, stride: int) -> Int64:
    return np.asarray(y.astype(np.int64) * stride + x.astype(np.int64) + _REACH)


def _smoothed(cells: Int64, metres: Float64, wanted: Int64, stride: int) -> Float64:
    """Return the weighted mean of `metres` in the cells around each cell of `wanted`."""
    filled, index = np.unique(cells, return_inverse=True)
    # one more at the end, empty, for the cells that are not filled
    total = np.append(np.bincount(index, weights=metres, minlength=len(filled)), 0.0)
    smooth = np.zeros(len(wanted))
    for (row, column), weight in np.ndenumerate(_WEIGHTS):
        neighbour = wanted + (row - _REACH) * stride + (column - _REACH)
        found = np.searchsorted(filled, neighbour)
        hit = np.append(filled, -1)[found] == neighbour
        smooth += weight * total[np.where(hit, found, -1)]
    return smooth
