"""Municipalities: which settlements belong together, and the boundaries between them."""

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import Delaunay, Voronoi, cKDTree

from regions.sample.geometry import Warp, line, neighbour_gaps
from regions.sample.landscape import Landscape
from regions.sample.plan import IntArray, Kind, Points, Site, dice

_VILLAGES_EACH = 3
_BEYOND_M, _BEND_M = 900.0, 90.0


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality is called after its seat, its largest settlement.

    ``members`` are site indices, the seat first.
    """

    index: int
    name: str
    seat: int
    members: tuple[int, ...]
    postcode: str


@dataclass(frozen=True, slots=True, eq=False)
class Boundaries:
    """Boundary lines, each shared by the municipalities it divides.

    ``sides[i]`` are the municipalities left and right of ``lines[i]``, -1 for the outside;
    ``polygons`` are the municipalities' areas.
    """

    lines: tuple[Points, ...]
    sides: tuple[tuple[int, int], ...]
    polygons: tuple[shapely.Geometry, ...]


def group_villages(sites: tuple[Site, ...]) -> tuple[Municipality, ...]:
    """Group the settlements into connected municipalities of about three villages, two at least."""
    lived = [site for site in sites if site.lived_in]
    villages = sum(site.has_streets for site in lived)
    places = np.array([site.at for site in lived])
    seats = _far_apart(lived, max(2, round(villages / _VILLAGES_EACH)))
    owner = grow_groups(places, seats)
    found = []
    for index in range(len(seats)):
        members = [site for site, own in zip(lived, owner, strict=True) if own == index]
        members.sort(key=lambda site: -site.streets_m)
        seat, indices = members[0], tuple(site.index for site in members)
        postcode = f"62{index + 101:03d}"  # 62 is not in use in Germany
        found.append(Municipality(index, seat.name, seat.index, indices, postcode))
    return tuple(found)


def _far_apart(lived: list[Site], count: int) -> list[int]:
    """Choose seats: the towns, then always the village farthest from the seats there are."""
    places = np.array([site.at for site in lived])
    seats = [i for i, site in enumerate(lived) if site.kind is Kind.TOWN]
    candidates = np.array([i for i, site in enumerate(lived) if site.has_streets])
    while len(seats) < count:
        gaps, _ = cKDTree(places[seats]).query(places[candidates])
        seats.append(int(candidates[int(np.argmax(gaps))]))
    return seats


def grow_groups(places: Points, seeds: list[int]) -> IntArray:
    """Group of each place, shape (n,): that of the nearest seed by way of neighbouring places.

    Groups grown along the Delaunay triangulation are connected, and so are the unions of their
    Voronoi cells.
    """
    triangles = Delaunay(places).simplices
    a, b = np.vstack([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]).T
    weights = np.hypot(*(places[a] - places[b]).T)
    pairs = np.unique(np.column_stack([np.minimum(a, b), np.maximum(a, b), weights]), axis=0)
    matrix = csr_array(
        (pairs[:, 2], (pairs[:, 0].astype(int), pairs[:, 1].astype(int))),
        shape=(len(places), len(places)),
    )
    distances = dijkstra(matrix, directed=False, indices=seeds)
    return np.asarray(np.argmin(distances, axis=0), dtype=np.int64)


def draw_boundaries(
    seed: int, land: Landscape, sites: tuple[Site, ...], municipalities: tuple[Municipality, ...]
) -> Boundaries:
    """Draw the boundaries half-way between neighbouring settlements, uneven as real ones are."""
    owner = {i: m.index for m in municipalities for i in m.members}
    lived = [site for site in sites if site.lived_in]
    places = np.array([site.at for site in lived])
    groups = np.array([owner[site.index] for site in lived])
    warp = Warp(dice(seed, 6), 1_300.0, min(70.0, 0.05 * float(neighbour_gaps(places).min())))
    inner = shapely.multilinestrings(_divides(places, groups, land, warp))
    rim = land.outline.exterior
    network = shapely.union_all([shapely.intersection(inner, land.outline), rim], grid_size=0.01)
    merged = shapely.line_merge(network)
    lines = list(shapely.get_parts(merged))
    faces = list(shapely.get_parts(shapely.polygonize(lines)))
    of_face = _owners(faces, places, groups, warp)
    sides = _sides(lines, faces, of_face)
    kept = [i for i, (left, right) in enumerate(sides) if left != right]
    polygons = [
        shapely.union_all([f for f, own in zip(faces, of_face, strict=True) if own == m.index])
        for m in municipalities
    ]
    return Boundaries(
        tuple(shapely.get_coordinates(lines[i]) for i in kept),
        tuple(sides[i] for i in kept),
        tuple(polygons),
    )


def _divides(
    places: Points, groups: IntArray, land: Landscape, warp: Warp
) -> list[shapely.LineString]:
    """Edges of the Voronoi diagram between different groups, made uneven."""
    far = 4 * land.size_m * np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]])
    diagram = Voronoi(np.vstack([places, far]))
    reach = shapely.box(*land.outline.buffer(_BEYOND_M).bounds)
    edges = []
    for (p, q), (v, w) in zip(diagram.ridge_points, diagram.ridge_vertices, strict=True):
        inside = max(p, q) < len(places) and min(v, w) >= 0
        if inside and groups[p] != groups[q]:
            clipped = line(diagram.vertices[[v, w]]).intersection(reach)
            if clipped.length > 0:
                dense = shapely.get_coordinates(clipped.segmentize(_BEND_M))
                edges.append(line(warp(dense)))
    return edges


def _owners(
    faces: list[shapely.Geometry], places: Points, groups: IntArray, warp: Warp
) -> IntArray:
    """Municipality of each face, by the settlement nearest to it (both seen after the warp)."""
    inner = shapely.get_coordinates([shapely.point_on_surface(face) for face in faces])
    _, nearest = cKDTree(warp(places)).query(inner)
    owners = np.asarray(groups[nearest])
    found = shapely.STRtree(faces).query(shapely.points(places), predicate="within")
    owners[found[1]] = groups[found[0]]
    return owners


def _sides(
    lines: list[shapely.Geometry], faces: list[shapely.Geometry], of_face: IntArray
) -> list[tuple[int, int]]:
    """Municipalities to the left and right of each line, -1 where there is none."""
    parts = [shapely.get_coordinates(line) for line in lines]
    starts = np.array([part[len(part) // 2 - 1] for part in parts])
    ends = np.array([part[len(part) // 2] for part in parts])
    run = ends - starts
    left = 0.05 * np.column_stack([-run[:, 1], run[:, 0]]) / np.hypot(*run.T)[:, None]
    searched = shapely.STRtree(faces)
    sides = []
    for offset in (left, -left):
        owners = np.full(len(lines), -1)
        points = shapely.points((starts + ends) / 2 + offset)
        found = searched.query(points, predicate="within")
        owners[found[0]] = of_face[found[1]]
        sides.append(owners)
    return [(int(a), int(b)) for a, b in zip(*sides, strict=True)]
