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


def lay_grounds(seed: int, sites: tuple[Site, ...], draft: Draft, walls: Points) -> None:
    """Find room for a cemetery and a playing field beside a street at the edge of each village."""
    roads = tree(segments([way.points for way in draft.lines]))
    banks = tree(walls)
    streets: dict[int, list[Street]] = {}
    for street in draft.streets:
        streets.setdefault(street.site, []).append(street)
    for site in sites:
        if not site.has_streets:
            continue
        rng = dice(seed, 13, site.index)
        for long, wide, tags in _GROUNDS:
            found = _beside_a_street(
                site, streets[site.index], long, wide, rng, draft, roads, banks
            )
            if found is not None:
                name = {"name": f"Friedhof {site.name}"} if "landuse" in tags else {}
                draft.patches.append(Patch(found, tags | name))


def _beside_a_street(  # noqa: PLR0913  # a rectangle and everything it must not touch
    site: Site, streets: list[Street], long: float, wide: float, rng: np.random.Generator,
    draft: Draft, roads: shapely.STRtree, banks: shapely.STRtree,
) -> shapely.Polygon | None:  # fmt: skip
    """Return a free rectangle beside a street, rather far out; None if there is none."""
    tries = []
    for _ in range(40):
        street = streets[int(rng.integers(len(streets)))]
        total = length(street.points)
        along = float(rng.uniform(0.2, 1.0)) * total
        side = int(rng.choice([-1, 1]))
        middle = beside(street.points, along, side * (wide / 2 + 9.0))
        angle = heading(street.points, along)
        tries.append((float(np.hypot(*(middle - site.at))), tuple(middle), angle))
    for _, middle, angle in sorted(tries, reverse=True):
        ground = shapely.Polygon(rectangle(np.array(middle), angle, long, wide))
        taken = [patch.polygon for patch in draft.patches] + [m.footprint for m in draft.landmarks]
        if (
            not len(roads.query(ground, predicate="dwithin", distance=6.0))
            and not len(banks.query(ground, predicate="dwithin", distance=18.0))
            and not bool(shapely.dwithin(ground, taken, 8.0).any())
        ):
            return ground
    return None


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
