"""The land before people came: the county's outline, a river and the streams that feed it."""

import math
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import cKDTree

from regions.sample.geometry import Noise, line, piece, segments, thin, tree, winding
from regions.sample.names import water_names
from regions.sample.plan import FloatArray, Points, dice

_STREAM_EVERY_M = 4_000.0


@dataclass(frozen=True, slots=True, eq=False)
class Landscape:
    """Outline of the county and its running waters; ``axis`` is the direction of the valley, radians."""

    size_m: float
    outline: shapely.Polygon
    river: Points
    streams: tuple[Points, ...]
    water_names: tuple[str, ...]
    axis: float

    @property
    def waters(self) -> list[Points]:
        """The river, then the streams."""
        return [self.river, *self.streams]


class Waters:
    """Fast questions about running waters."""

    def __init__(self, land: Landscape) -> None:
        self.tree = tree(segments(land.waters))
        dense = shapely.segmentize([line(water) for water in land.waters], 60.0)
        self._points = cKDTree(shapely.get_coordinates(dense))

    def distance(self, points: Points) -> FloatArray:
        """Metres to the nearest water, shape (n,), exact to about 20 m."""
        return np.asarray(self._points.query(points)[0], dtype=np.float64)

    def crossings(self, lines: list[Points]) -> FloatArray:
        """How often each polyline crosses water."""
        return crossings(self.tree, lines)


def crossings(searched: shapely.STRtree, lines: list[Points]) -> FloatArray:
    """How many of the tree's segments each polyline crosses, shape (len(lines),)."""
    found = searched.query([line(p) for p in lines], predicate="intersects")
    return np.bincount(found[0], minlength=len(lines)).astype(np.float64)


def shape_land(seed: int, size_m: float) -> Landscape:
    """Invent the county's outline and its waters."""
    rng = dice(seed, 1)
    outline = _outline(size_m, rng)
    axis = rng.uniform(-0.6, 0.6) + rng.choice([0.0, math.pi / 2])
    along = np.array([math.cos(axis), math.sin(axis)])
    across = np.array([-along[1], along[0]]) * size_m * rng.uniform(-0.13, 0.13)
    river = winding(
        across - along * size_m, across + along * size_m, rng,
        swing=0.03, wave_m=900.0, calm_m=200.0, roughness=1.15,
    )  # fmt: skip
    river = _inside(thin(river, 1.5), shapely.buffer(outline, 150.0))
    streams = _streams(river, outline, size_m, rng)
    names = water_names(rng, 1 + len(streams))
    return Landscape(size_m, outline, river, tuple(streams), tuple(names), axis)


def _outline(size_m: float, rng: np.random.Generator) -> shapely.Polygon:
    """Square with round corners and an uneven edge that just fits into the size asked for."""
    half = size_m / 2
    angles = np.linspace(0, 2 * math.pi, max(48, round(size_m / 150)), endpoint=False)
    square = half / (np.abs(np.cos(angles)) ** 4 + np.abs(np.sin(angles)) ** 4) ** 0.25
    circle = np.column_stack([np.cos(angles), np.sin(angles)])
    uneven = Noise(rng, size_m / 3)(circle * half) + 0.25 * Noise(rng, size_m / 14)(circle * half)
    ring = circle * (square * (0.95 + 0.022 * np.clip(uneven, -2.2, 2.2)))[:, None]
    return shapely.Polygon(ring)


def _inside(points: Points, polygon: shapely.Polygon) -> Points:
    """Part of the polyline from its first to its last point inside the polygon."""
    inside = np.flatnonzero(shapely.contains_xy(polygon, points))
    return points[inside[0] : inside[-1] + 1]


def _streams(
    river: Points, outline: shapely.Polygon, size_m: float, rng: np.random.Generator
) -> list[Points]:
    """Streams from the hills to the river; none crosses another."""
    half, wanted = size_m / 2, max(1, round(size_m / _STREAM_EVERY_M))
    searched = cKDTree(river)
    streams: list[Points] = []
    for source in rng.uniform(-half, half, (wanted * 6, 2)):
        distance, nearest = searched.query(source)
        inside = bool(shapely.contains_xy(outline, *source))
        if len(streams) == wanted or not inside or distance < max(1_200.0, size_m * 0.12):
            continue
        # streams join at an acute angle, pointing down the valley
        mouth = min(len(river) - 2, int(nearest) + round(0.25 * float(distance) / 40))
        course = winding(
            source, river[mouth], rng, swing=0.03, wave_m=500.0, calm_m=100.0, roughness=1.2
        )
        stream = thin(course, 1.5)
        upper = line(piece(stream, 0, float(shapely.length(line(stream))) - 60))
        others = [line(p) for p in (river, *streams)]
        if shapely.distance(upper, others).min() > 40:  # noqa: PLR2004  # metres between two waters
            streams.append(stream)
    return streams
