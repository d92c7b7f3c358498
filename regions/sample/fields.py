"""The open country: parcels of field, meadow and forest, lakes, and the tracks between parcels."""

import math
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import Voronoi, cKDTree

from regions.sample.geometry import Noise, Warp, blob, segments, tree, union, without
from regions.sample.landscape import Landscape, Waters
from regions.sample.plan import (
    BoolArray,
    Draft,
    FloatArray,
    Line,
    Patch,
    Points,
    Site,
    Tags,
    dice,
)

_PARCELS_AT_MOST = 12_000
_PARCEL_M = 330.0
_STRETCH = 1.7
_TRACK_SHARE = 0.5
_LAKE_EVERY_M2 = 45e6
_RIVER_HALF_M = 8.0
_LINK_M = 420.0


@dataclass(frozen=True, slots=True, eq=False)
class Parcels:
    """Parcels and the edges between them; edges are polylines between shared corners."""

    polygons: list[shapely.Polygon]
    edges: list[Points]


def draw_country(
    seed: int, land: Landscape, waters: Waters, sites: tuple[Site, ...], built: list[shapely.Polygon],
    draft: Draft,
) -> None:  # fmt: skip
    """Fill what is not built upon with lakes, parcels and tracks; adds patches and lines."""
    rng = dice(seed, 11)
    lakes = _lakes(land, built, draft, rng)
    parcels = _parcels(land, rng)
    use = _uses(parcels, land, waters, sites, rng)
    river = shapely.buffer(shapely.linestrings(land.river), _RIVER_HALF_M, quad_segs=2)
    draft.patches.append(Patch(river, {"natural": "water", "water": "river"}))
    for index, lake in enumerate(lakes):
        name = f"{land.water_names[(index + 1) % len(land.water_names)].removesuffix('bach')}see"
        draft.patches.append(Patch(lake, {"natural": "water", "water": "lake", "name": name}))
    blocked: list[shapely.Geometry] = [*built, *lakes]
    _forests(parcels, use, blocked, draft)
    _open_land(parcels, use, blocked, draft)
    _tracks(parcels, blocked, land, draft, rng)


def _lakes(
    land: Landscape, built: list[shapely.Polygon], draft: Draft, rng: np.random.Generator
) -> list[shapely.Polygon]:
    """Lakes beside the waters, where there is neither house nor road."""
    wanted = 1 + round(land.outline.area / _LAKE_EVERY_M2)
    banks = shapely.get_coordinates(
        shapely.segmentize([shapely.linestrings(w) for w in land.waters], 60.0)
    )
    roads = tree(segments([line.points for line in draft.lines]))
    houses = shapely.STRtree(built)
    inner = shapely.buffer(land.outline, -500.0)
    lakes: list[shapely.Polygon] = []
    for _ in range(wanted * 40):
        if len(lakes) == wanted:
            break
        bank = banks[int(rng.integers(len(banks)))]
        lake = blob(bank + rng.normal(0, 60, 2), float(rng.uniform(60, 170)), rng)
        apart = all(other.distance(lake) > 900.0 for other in lakes)  # noqa: PLR2004
        dry = len(roads.query(lake, predicate="dwithin", distance=35.0)) + len(
            houses.query(lake, predicate="dwithin", distance=60.0)
        )
        if apart and not dry and inner.contains(lake):
            lakes.append(lake)
    return lakes


def _parcels(land: Landscape, rng: np.random.Generator) -> Parcels:
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
    flat = flat + rng.uniform(-0.3, 0.3, flat.shape) * [east[1] - east[0], north[1] - north[0]]
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
    for a, b in zip(corners[:-1], corners[1:], strict=True):
        low, high = min(a, b), max(a, b)
        gap = float(np.hypot(*(vertices[high] - vertices[low])))
        share = np.linspace(0, 1, max(2, round(gap / 70.0) + 1))[:, None]
        part = vertices[low] + share * (vertices[high] - vertices[low])
        parts.append(part[:-1] if a == low else part[:0:-1])
    parts.append(vertices[corners[-1]][None])
    return warp(np.concatenate(parts))


def _uses(
    parcels: Parcels, land: Landscape, waters: Waters, sites: tuple[Site, ...],
    rng: np.random.Generator,
) -> list[str]:  # fmt: skip
    """What each parcel is used for: forest on the hills, meadow by the water, orchards round villages."""
    middles = shapely.get_coordinates(shapely.centroid(parcels.polygons))
    lived = np.array([(site.x, site.y, site.radius) for site in sites if site.lived_in])
    gaps, nearest = cKDTree(lived[:, :2]).query(middles)
    to_village = np.asarray(gaps) - lived[nearest, 2]
    wet = waters.distance(middles)
    hills = Noise(rng, min(4_500.0, land.size_m / 2.2))(middles) + 0.5 * Noise(rng, 1_500.0)(middles)
    wooded: FloatArray = (
        hills + np.clip((to_village - 350) / 900, -2.5, 0.55) + np.clip((wet - 350) / 900, -0.9, 0.5)
    )
    grass = Noise(rng, 2_200.0)(middles) - np.clip((wet - 180) / 250, -0.9, 1.1)
    dice_rolls = rng.random(len(middles))
    uses = []
    for i in range(len(middles)):
        if wooded[i] > 1.0:  # noqa: PLR2004
            uses.append("forest")
        elif to_village[i] < 160 and dice_rolls[i] < 0.45:  # noqa: PLR2004
            uses.append("orchard")
        else:
            uses.append("meadow" if grass[i] > 0.1 else "farmland")  # noqa: PLR2004
    return uses


def _forests(
    parcels: Parcels, uses: list[str], blocked: list[shapely.Geometry], draft: Draft
) -> None:
    """Join neighbouring wooded parcels to forests with smooth edges."""
    woods = [p for p, use in zip(parcels.polygons, uses, strict=True) if use == "forest"]
    joined = shapely.buffer(union(woods), 35.0, quad_segs=2)
    smooth = shapely.buffer(shapely.buffer(joined, -75.0, quad_segs=3), 40.0, quad_segs=3)
    smooth = shapely.simplify(smooth, 4.0)
    for forest in shapely.get_parts(_without(list(shapely.get_parts(smooth)), blocked)):
        if forest.area > 8_000:  # noqa: PLR2004  # square metres
            draft.patches.append(Patch(forest, {"landuse": "forest"}))


def _open_land(
    parcels: Parcels, uses: list[str], blocked: list[shapely.Geometry], draft: Draft
) -> None:
    """Add the parcels that are not wooded, less what is built upon."""
    kinds = [use for use in uses if use != "forest"]
    shapes = [p for p, use in zip(parcels.polygons, uses, strict=True) if use != "forest"]
    for cut, use in zip(_without(shapes, blocked), kinds, strict=True):
        for part in shapely.get_parts(cut):
            if part.area > 1_500:  # noqa: PLR2004  # square metres
                draft.patches.append(Patch(part, {"landuse": use}))


def _without(
    shapes: list[shapely.Geometry], blocked: list[shapely.Geometry]
) -> list[shapely.Geometry]:
    """Return the shapes less everything blocked."""
    found = shapely.STRtree(blocked).query(shapes, predicate="intersects")
    touching: dict[int, list[shapely.Geometry]] = {}
    for shape, other in sorted(zip(*found.tolist(), strict=True)):
        touching.setdefault(shape, []).append(blocked[other])
    return [
        without(shape, touching[i]) if i in touching else shape
        for i, shape in enumerate(shapes)
    ]


_TRACKS: tuple[tuple[float, Tags], ...] = (
    (0.30, {"highway": "track", "tracktype": "grade1", "motor_vehicle": "agricultural"}),
    (0.45, {"highway": "track", "tracktype": "grade2"}),
    (0.25, {"highway": "track", "tracktype": "grade4"}),
    (0.12, {"highway": "path"}),
    (0.06, {"highway": "footway"}),
)


def _tracks(
    parcels: Parcels, blocked: list[shapely.Geometry], land: Landscape, draft: Draft,
    rng: np.random.Generator,
) -> None:  # fmt: skip
    """Lay tracks and paths along parcel edges, and from the ends of village streets to them."""
    walls = tree(segments(land.waters))
    closed = shapely.STRtree(blocked)
    kept = rng.random(len(parcels.edges)) < _TRACK_SHARE
    edges = [edge for edge, keep in zip(parcels.edges, kept, strict=True) if keep]
    edges = [edge for edge, ok in zip(edges, _clear(edges, walls, closed), strict=True) if ok]
    corners = np.array([edge[i] for edge in edges for i in (0, -1)])
    links = _links(corners, draft, walls) if len(corners) else []
    shares = np.array([share for share, _ in _TRACKS])
    kinds = rng.choice(len(_TRACKS), size=len(edges) + len(links), p=shares / shares.sum())
    for course, kind in zip([*edges, *links], kinds, strict=True):
        draft.lines.append(Line(course, dict(_TRACKS[int(kind)][1])))


def _clear(edges: list[Points], walls: shapely.STRtree, closed: shapely.STRtree) -> BoolArray:
    """Which edges cross neither water nor anything blocked."""
    courses = [shapely.linestrings(edge) for edge in edges]
    clear = np.ones(len(edges), dtype=np.bool_)
    for searched in (walls, closed):
        clear[np.unique(searched.query(courses, predicate="dwithin", distance=15.0)[0])] = False
    return clear


def _links(corners: Points, draft: Draft, walls: shapely.STRtree) -> list[Points]:
    """Lead dead ends on to the nearest track that lies ahead."""
    if not draft.dead_ends:
        return []
    searched = cKDTree(corners)
    roads = tree(segments([line.points for line in draft.lines]))
    links: list[Points] = []
    taken: set[int] = set()
    for before, end in draft.dead_ends:
        forward = (end - before) / float(np.hypot(*(end - before)))
        for index in searched.query(end, k=min(6, len(corners)))[1].ravel():
            run = corners[index] - end
            gap = float(np.hypot(*run))
            if index in taken or not 30.0 < gap < _LINK_M or float(run @ forward) < 0.3 * gap:  # noqa: PLR2004
                continue
            course = shapely.linestrings([end + 3.0 * run / gap, corners[index]])
            if len(roads.query(course, predicate="intersects")) or len(
                walls.query(course, predicate="dwithin", distance=12.0)
            ):
                continue
            middle = end + 0.5 * run + 0.06 * np.array([-run[1], run[0]])
            links.append(np.array([end, middle, corners[index]]))
            taken.add(int(index))
            break
    return links
