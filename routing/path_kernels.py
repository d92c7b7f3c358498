"""Compiled loops that draw a path."""

import math

import numpy as np
from numba import njit

from routing.kernels import Float64, Int32, Int64

SAME_POINT = 1e-7
"""Degrees (1 cm) below which two points are drawn as one."""


@njit(cache=True, nogil=True)
def draw(
    edges: Int32,
    start: float,
    end: float,
    shapes: tuple[Int64, Float64, Float64],
) -> Float64:
    """Join the shapes of edges.

    Parameters
    ----------
    edges
        int32[e] in driving order, at least one.
    start, end
        Shares of the first edge before the beginning and of the last before the end.
    shapes
        int64[m + 1] first point of each edge, float64[p] longitudes and latitudes of the points.

    Returns
    -------
    float64[q, 2] longitudes and latitudes without repeated points, at least two.
    """
    first, lon, lat = shapes
    room = 2
    for edge in edges:
        room += first[edge + 1] - first[edge] + 1
    points = np.empty((room, 2), dtype=np.float64)
    count = 0
    last = edges.size - 1
    for i in range(edges.size):
        begin, stop = first[edges[i]], first[edges[i] + 1]
        head = start if i == 0 else 0.0
        tail = max(head, end) if i == last else 1.0
        x, y, begin_after = _along(lon, lat, begin, stop, head)
        count = _append(points, count, x, y)
        x, y, end_after = _along(lon, lat, begin, stop, tail)
        for p in range(begin_after, end_after):
            count = _append(points, count, lon[p], lat[p])
        count = _append(points, count, x, y)
    if count == 1:
        points[1] = points[0]
        count = 2
    return points[:count].copy()


@njit(cache=True, nogil=True)
def _append(points: Float64, count: int, x: float, y: float) -> int:
    """Append a point unless it is where the last one was; return the number of points."""
    if count > 0:
        moved = max(abs(points[count - 1, 0] - x), abs(points[count - 1, 1] - y))
        if moved <= SAME_POINT:
            return count
    points[count, 0], points[count, 1] = x, y
    return count + 1


@njit(cache=True, nogil=True)
def _along(
    lon: Float64, lat: Float64, begin: int, stop: int, share: float
) -> tuple[float, float, int]:
    """Return the place at a `share` of the length of a polyline, and the first point behind it."""
    if share <= 0.0:
        return lon[begin], lat[begin], begin + 1
    if share >= 1.0:
        return lon[stop - 1], lat[stop - 1], stop - 1
    shrink = math.cos(math.radians(lat[begin]))
    total = 0.0
    for p in range(begin, stop - 1):
        total += math.hypot((lon[p + 1] - lon[p]) * shrink, lat[p + 1] - lat[p])
    left = total * share
    for p in range(begin, stop - 1):
        piece = math.hypot((lon[p + 1] - lon[p]) * shrink, lat[p + 1] - lat[p])
        if left < piece:
            part = left / piece
            return (
                lon[p] + part * (lon[p + 1] - lon[p]),
                lat[p] + part * (lat[p + 1] - lat[p]),
                p + 1,
            )
        left -= piece
    return lon[stop - 1], lat[stop - 1], stop - 1
