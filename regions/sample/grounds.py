"""Ground in and around settlements: cemeteries, playing fields, and the built-up area itself."""

import numpy as np
import shapely

from regions.sample.buildings import Building
from regions.sample.geometry import beside, heading, length, line, piece, rectangle, segments, tree
from regions.sample.plan import Draft, Patch, Points, Site, Street, Tags, dice

_GROUNDS: tuple[tuple[float, float, Tags], ...] = (
    (52.0, 36.0, {"landuse": "cemetery"}),
    (98.0, 62.0, {"leisure": "pitch", "sport": "soccer"}),
)
_TRIES = 30
_TO_ROAD_M, _TO_WATER_M, _TO_OTHERS_M = 6.0, 18.0, 8.0


def lay_grounds(seed: int, sites: tuple[Site, ...], draft: Draft, walls: Points) -> None:
    """Find room for a cemetery and a playing field beside a street at the edge of each village."""
    taken = [mark.footprint for mark in draft.landmarks] + [p.polygon for p in draft.patches]
    keep_off = (
        (tree(segments([way.points for way in draft.lines])), _TO_ROAD_M),
        (tree(walls), _TO_WATER_M),
        (shapely.STRtree(taken), _TO_OTHERS_M),
    )
    streets: dict[int, list[Street]] = {}
    for street in draft.streets:
        streets.setdefault(street.site, []).append(street)
    for site in sites:
        if not site.has_streets:
            continue
        rng = dice(seed, 13, site.index)
        laid: list[shapely.Polygon] = []
        for long, wide, tags in _GROUNDS:
            tries = _candidates(site, streets[site.index], (long, wide), rng)
            ground = next((g for g in tries if _free(g, keep_off, laid)), None)
            if ground is not None:
                name = {"name": f"Friedhof {site.name}"} if "landuse" in tags else {}
                draft.patches.append(Patch(ground, tags | name))
                laid.append(ground)


def _candidates(
    site: Site, streets: list[Street], size: tuple[float, float], rng: np.random.Generator
) -> list[shapely.Polygon]:
    """Rectangles beside random streets, those farthest out first."""
    found = []
    for _ in range(_TRIES):
        street = streets[int(rng.integers(len(streets)))]
        along = float(rng.uniform(0.2, 1.0)) * length(street.points)
        side = int(rng.choice([-1, 1]))
        middle = beside(street.points, along, side * (size[1] / 2 + 9.0))
        ground = rectangle(middle, heading(street.points, along), *size)
        found.append((-float(np.hypot(*(middle - site.at))), shapely.Polygon(ground)))
    return [ground for _, ground in sorted(found, key=lambda pair: pair[0])]


def _free(
    ground: shapely.Polygon,
    keep_off: tuple[tuple[shapely.STRtree, float], ...],
    laid: list[shapely.Polygon],
) -> bool:
    """Whether the ground keeps the distance to all that is in the trees, and to what was laid."""
    return all(ground.distance(other) > _TO_OTHERS_M for other in laid) and not any(
        len(searched.query(ground, predicate="dwithin", distance=distance))
        for searched, distance in keep_off
    )


def built_up(
    draft: Draft, houses: list[Building], sites: tuple[Site, ...]
) -> list[shapely.Polygon]:
    """Add the built-up area of each settlement and farm to the draft; returns all parts."""
    reach: dict[int, list[float]] = {}
    for house in houses:
        reach.setdefault(house.street, []).append(house.along)
    rows: dict[tuple[int, str], list[shapely.LineString]] = {}
    for index, alongs in reach.items():
        street = draft.streets[index]
        farm = street.place if street.place != sites[street.site].name else ""
        row = line(piece(street.points, max(0.0, min(alongs) - 14.0), max(alongs) + 14.0))
        rows.setdefault((street.site, farm), []).append(row)
    areas: list[shapely.Polygon] = []
    for (site, farm), lines in rows.items():
        use = {"landuse": "farmyard" if farm else "residential"}
        if sites[site].has_streets and not farm:
            use["name"] = sites[site].name
        for part in _gardens(lines):
            draft.patches.append(Patch(part, use))
            areas.append(part)
    return areas


def _gardens(rows: list[shapely.LineString]) -> list[shapely.Polygon]:
    """Ground of houses and gardens along rows of houses, without holes."""
    wide = shapely.buffer(shapely.multilinestrings(rows), 56.0, quad_segs=2)
    closed = shapely.simplify(shapely.buffer(wide, -20.0, quad_segs=2), 3.0)
    return [
        shapely.Polygon(part.exterior) for part in shapely.get_parts(closed) if not part.is_empty
    ]
