"""Parcels: how the open country is divided."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from scipy.spatial import Voronoi

from regions.sample.geometry import Warp
from regions.sample.landscape import Landscape
from regions.sample.plan import BoolArray, Points

_PARCELS_AT_MOST = 12_000
_PARCEL_M = 330.0
_STRETCH = 1.7
_UNEVEN = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Parcels:
    """Parcels and the edges between them; edges are polylines between shared corners."""

    polygons: list[shapely.Polygon]
    edges: list[Points]


def divide(land: Landscape, rng: np.random.Generator) -> Parcels:
    """Divide the country: Voronoi cells of an uneven, turned and stretched grid, then warped."""
    gap = max(_PARCEL_M, math.sqrt(land.size_m**2 / _PARCELS_AT_MOST))
    half = land.size_m / 2 + 2 * gap
    turn = rng.uniform(0, math.pi)
    frame = np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]])
    reach = half * 1.5
    east = np.arange(-reach, reach, gap * math.sqrt(_STRETCH))
    north = np.arange(-reach, reach, gap / math.sqrt(_STRETCH))
    grid = np.stack(np.meshgrid(east, north), axis=-1)
    flat = grid.reshape(-1, 2)
    flat = flat + rng.uniform(-_UNEVEN, _UNEVEN, flat.shape) * [
        east[1] - east[0],
        north[1] - north[0],
    ]
    places = flat @ frame
    places = places[np.abs(places).max(axis=1) < half]
    diagram = Voronoi(places)
    warp = Warp(rng, 1_900.0, 0.16 * gap)
    inside = shapely.buffer(land.outline, 60.0)
    shapely.prepare(inside)
    within: BoolArray = shapely.contains_xy(inside, diagram.vertices)
    polygons = [
        shapely.Polygon(_curved([*region, region[0]], diagram.vertices, warp))
        for region in diagram.regions
        if region and min(region) >= 0 and within[region].all()
    ]
    edges = [
        _curved(edge, diagram.vertices, warp)
        for edge in diagram.ridge_vertices
        if min(edge) >= 0 and within[edge].all()
    ]
    return Parcels(polygons, edges)


def _curved(corners: list[int], vertices: Points, warp: Warp) -> Points:
    """Course along some corners, dense enough to bend; an edge bends alike in both directions."""
    parts = []
    for a, b in pairwise(corners):
        low, high = min(a, b), max(a, b)
        gap = float(np.hypot(*(vertices[high] - vertices[low])))
        share = np.linspace(0, 1, max(2, round(gap / 70.0) + 1))[:, None]
        part = vertices[low] + share * (vertices[high] - vertices[low])
        parts.append(part[:-1] if a == low else part[:0:-1])
    parts.append(vertices[corners[-1]][None])
    return warp(np.concatenate(parts))
