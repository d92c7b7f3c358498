"""Curves and shapes on the plane: winding lines, pieces of them, smooth noise, rectangles."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from regions.sample.plan import FloatArray, Points

GRID_M = 0.01
"""Polygons keep to this grid: with it GEOS' overlays are exact and never fail."""


def union(shapes: Sequence[shapely.Geometry]) -> BaseGeometry:
    """Return the union of polygons, valid and on the grid."""
    return shapely.union_all(_on_grid(shapes), grid_size=GRID_M)


def without(shape: shapely.Geometry, holes: Sequence[shapely.Geometry]) -> BaseGeometry:
    """Return the polygon less the holes, valid and on the grid."""
    return union([shape]).difference(union(holes), grid_size=GRID_M)


def _on_grid(shapes: Sequence[shapely.Geometry]) -> npt.NDArray[np.object_]:
    valid = shapely.make_valid(np.array(shapes), method="structure", keep_collapsed=False)
    return np.asarray(shapely.set_precision(valid, GRID_M))


def parts_of(shape: shapely.Geometry) -> list[shapely.Polygon]:
    """Return the polygons a geometry consists of."""
    return [
        part
        for part in shapely.get_parts(shape)
        if isinstance(part, shapely.Polygon) and not part.is_empty
    ]


def arc(points: Points) -> FloatArray:
    """Distance along the polyline of each point, metres, shape (n,)."""
    steps = np.hypot(*np.diff(points, axis=0).T)
    return np.concatenate([[0.0], np.cumsum(steps)])


def length(points: Points) -> float:
    """Length of the polyline, metres."""
    return float(np.hypot(*np.diff(points, axis=0).T).sum())


def at(points: Points, along: float) -> Points:
    """Point ``along`` metres after the start, shape (2,); clipped to the polyline."""
    s = arc(points)
    return np.array([np.interp(along, s, points[:, 0]), np.interp(along, s, points[:, 1])])


def heading(points: Points, along: float, reach: float = 8.0) -> float:
    """Direction of travel at ``along``, radians anticlockwise from east, averaged over ``reach`` metres."""
    total = length(points)
    before = at(points, max(0.0, min(along, total - reach) - reach))
    after = at(points, min(total, max(along, reach) + reach))
    return math.atan2(after[1] - before[1], after[0] - before[0])


def piece(points: Points, start: float, end: float) -> Points:
    """Part of the polyline between two distances along it, both ends interpolated."""
    s = arc(points)
    inner = points[(s > start + 0.5) & (s < end - 0.5)]
    return np.vstack([at(points, start), inner, at(points, end)])


def beside(points: Points, along: float, offset: float) -> Points:
    """Point ``offset`` metres to the left of the polyline (negative: right), shape (2,)."""
    angle = heading(points, along)
    return at(points, along) + offset * np.array([-math.sin(angle), math.cos(angle)])


def polar(origin: Points, angle: float, distance: float) -> Points:
    """Point at ``distance`` metres in direction ``angle`` (radians anticlockwise from east)."""
    return origin + distance * np.array([math.cos(angle), math.sin(angle)])


def thin(points: Points, tolerance: float) -> Points:
    """Leave out points the curve does not need (Douglas and Peucker)."""
    return np.asarray(shapely.get_coordinates(shapely.simplify(line(points), tolerance)))


def line(points: Points) -> shapely.LineString:
    """Return the polyline as a geometry."""
    return shapely.LineString(points)


def winding(  # the handful of numbers that make a curve
    start: Points,
    end: Points,
    rng: np.random.Generator,
    *,
    swing: float,
    wave_m: float,
    calm_m: float = 1.0,
    roughness: float = 1.5,
) -> Points:
    """Curve from ``start`` to ``end`` that swings about the straight line like a road or a river.

    Sum of sine waves down to the length ``wave_m``, the k-th with amplitude ``swing`` x distance / k^
    ``roughness`` x a normal random number; near both ends (``calm_m`` metres) it keeps to the straight
    line. Points every 20 m.
    """
    distance = float(np.hypot(*(end - start)))
    t = np.linspace(0.0, 1.0, max(5, round(distance / 20.0) + 1))
    waves = np.arange(1, max(2, round(2 * distance / wave_m)) + 1)
    amplitudes = swing * distance * rng.standard_normal(len(waves)) / waves**roughness
    offset = np.sin(math.pi * t[:, None] * waves) @ amplitudes
    to_end = np.minimum(t, 1 - t) * distance
    offset *= np.clip(to_end / calm_m, 0, 1) ** 2
    along = (end - start) / distance
    across = offset[:, None] * np.array([-along[1], along[0]])
    course: Points = start + t[:, None] * (end - start) + across
    return course


def neighbour_gaps(places: Points) -> FloatArray:
    """Distance from each place to the nearest other, metres, shape (n,)."""
    gaps: FloatArray = np.asarray(cKDTree(places).query(places, k=2)[0])
    return gaps[:, 1]


class Noise:
    """Smooth random function of the plane with mean 0 and deviation about 1 (sum of plane waves)."""

    def __init__(self, rng: np.random.Generator, wave_m: float, waves: int = 14) -> None:
        angles = rng.uniform(0, 2 * math.pi, waves)
        sizes = 2 * math.pi / (wave_m * rng.uniform(0.6, 1.8, waves))
        self._waves = np.vstack([np.cos(angles), np.sin(angles)]) * sizes
        self._phases = rng.uniform(0, 2 * math.pi, waves)

    def __call__(self, points: Points) -> FloatArray:
        """Values at ``points``, shape (n,)."""
        values: FloatArray = np.sin(points @ self._waves + self._phases).sum(axis=1)
        return values * math.sqrt(2 / len(self._phases))


class Warp:
    """Shift of the plane by two smooth noises, so that straight divisions look grown."""

    def __init__(self, rng: np.random.Generator, wave_m: float, swing_m: float) -> None:
        self._east, self._north = Noise(rng, wave_m), Noise(rng, wave_m)
        self._swing = swing_m

    def __call__(self, points: Points) -> Points:
        """Shifted points, shape (n, 2)."""
        return points + self._swing * np.column_stack([self._east(points), self._north(points)])


def rectangle(middle: Points, angle: float, long: float, wide: float) -> Points:
    """Corners of a rectangle whose side ``long`` points in direction ``angle``; shape (4, 2)."""
    u = 0.5 * long * np.array([math.cos(angle), math.sin(angle)])
    v = 0.5 * wide * np.array([-math.sin(angle), math.cos(angle)])
    return np.array([middle - u - v, middle + u - v, middle + u + v, middle - u + v])


def blob(middle: Points, radius: float, rng: np.random.Generator) -> shapely.Polygon:
    """Round shape with an uneven edge, such as a lake."""
    angles = np.linspace(0, 2 * math.pi, 28, endpoint=False)
    waves = np.arange(1, 5)
    bumps = np.sin(angles[:, None] * waves + rng.uniform(0, 2 * math.pi, 4)) @ (0.16 / waves)
    stretch = np.array([1.35, 0.75]) * radius
    turn = rng.uniform(0, math.pi)
    flat = (1 + bumps)[:, None] * np.column_stack([np.cos(angles), np.sin(angles)]) * stretch
    cos, sin = math.cos(turn), math.sin(turn)
    return shapely.Polygon(middle + flat @ np.array([[cos, sin], [-sin, cos]]))


def segments(lines: list[Points]) -> Points:
    """All segments of the polylines, shape (m, 2, 2)."""
    if not lines:
        return np.empty((0, 2, 2))
    return np.concatenate([np.stack([p[:-1], p[1:]], axis=1) for p in lines])


def tree(parts: Points) -> shapely.STRtree:
    """Search tree over segments of shape (m, 2, 2)."""
    return shapely.STRtree(np.asarray(shapely.linestrings(parts)).ravel())
