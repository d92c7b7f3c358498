"""Houses along both sides of every street, with house numbers, and none upon another."""

import math
from dataclasses import dataclass, field

import numpy as np
import shapely

from regions.sample.boundaries import Municipality
from regions.sample.geometry import arc, rectangle, segments, tree
from regions.sample.plan import BoolArray, Draft, FloatArray, Points, Site, Street, Tags, dice

_TO_ROAD_M = 3.2
_TO_WATER_M = 14.0
_TO_NEIGHBOUR_M = 2.5
_USUAL_PLOT_M, _LARGEST_PLOT_M = 21.0, 60.0
_HOUSE_M = ((9.5, 14.5), (8.0, 10.5))
_ADDRESS_POINTS = 0.12
"""Share of addresses mapped as a point in the house instead of on its outline."""


@dataclass(slots=True, eq=False)
class Building:
    """A house with its address; ``tags`` say what it is, the address is kept apart."""

    footprint: shapely.Polygon
    street: int
    along: float
    side: int
    tags: Tags = field(default_factory=dict)
    address: Tags = field(default_factory=dict)
    as_point: bool = False
    fixed: bool = False


def build_houses(
    seed: int,
    draft: Draft,
    sites: tuple[Site, ...],
    municipalities: tuple[Municipality, ...],
    walls: Points,
) -> list[Building]:
    """Place landmarks first, then a house on every plot that is free, and number them all."""
    rng = dice(seed, 10)
    houses = [
        Building(m.footprint, m.street, m.along, m.side, dict(m.tags), fixed=True)
        for m in draft.landmarks
    ]
    reserved = len(houses)
    for index, street in enumerate(draft.streets):
        houses.extend(_row(index, street, rng))
    free = _free([house.footprint for house in houses], reserved, draft, walls)
    houses = [house for house, ok in zip(houses, free, strict=True) if ok]
    owner = {i: m for m in municipalities for i in m.members}
    _number(houses, draft.streets, sites, owner, rng)
    for house in houses:
        house.as_point = not house.fixed and rng.random() < _ADDRESS_POINTS
    return houses


def _row(index: int, street: Street, rng: np.random.Generator) -> list[Building]:
    """One house a plot on both sides of a street."""
    total = float(arc(street.points)[-1])
    count = int((total - 8) / (0.7 * street.plot_m)) if street.plot_m < total else 0
    houses = []
    s, x, y = arc(street.points), *street.points.T
    for side in (1, -1):
        along = 9.0 + np.cumsum(rng.uniform(0.82, 1.25, count) * street.plot_m) - street.plot_m / 2
        along = along[along < total - 5]
        grand = math.sqrt(min(street.plot_m, _LARGEST_PLOT_M) / _USUAL_PLOT_M)
        set_back = grand * rng.uniform(11.0, 15.5, len(along))
        longs, wides = (grand * rng.uniform(*span, len(along)) for span in _HOUSE_M)
        turns = rng.normal(0, 0.04, len(along)) + (rng.random(len(along)) < 0.3) * math.pi / 2  # noqa: PLR2004
        east = np.interp(along + 4, s, x) - np.interp(along - 4, s, x)
        north = np.interp(along + 4, s, y) - np.interp(along - 4, s, y)
        angles = np.arctan2(north, east)
        mx = np.interp(along, s, x) - side * set_back * np.sin(angles)
        my = np.interp(along, s, y) + side * set_back * np.cos(angles)
        for i in range(len(along)):
            ring = rectangle(np.array([mx[i], my[i]]), angles[i] + turns[i], longs[i], wides[i])
            houses.append(Building(shapely.Polygon(ring), index, float(along[i]), side))
    return houses


def _free(
    footprints: list[shapely.Polygon], reserved: int, draft: Draft, walls: Points
) -> BoolArray:
    """Which footprints keep clear of roads, water, rails and of every accepted footprint before them."""
    shapes = np.array(footprints, dtype=object)
    roads = tree(
        segments([line.points for line in draft.lines] + [s.points for s in draft.streets])
    )
    free = np.ones(len(shapes), dtype=np.bool_)
    for searched, distance in ((roads, _TO_ROAD_M), (tree(walls), _TO_WATER_M)):
        found = searched.query(shapes, predicate="dwithin", distance=distance)
        free[np.unique(found[0])] = False
    taken = [patch.polygon for patch in draft.patches]
    found = shapely.STRtree(taken).query(shapes, predicate="dwithin", distance=_TO_NEIGHBOUR_M)
    free[np.unique(found[0])] = False
    free[:reserved] = True
    first, second = shapely.STRtree(shapes).query(
        shapes, predicate="dwithin", distance=_TO_NEIGHBOUR_M
    )
    for a, b in sorted(zip(first.tolist(), second.tolist(), strict=True), key=lambda p: p[::-1]):
        if a < b and free[a] and b >= reserved:
            free[b] = False
    return free


def _number(
    houses: list[Building],
    streets: list[Street],
    sites: tuple[Site, ...],
    owner: dict[int, Municipality],
    rng: np.random.Generator,
) -> None:
    """Give every house its address: odd numbers left and even right; in places one after another."""
    groups: dict[tuple[int, str, str], list[Building]] = {}
    for house in houses:
        street = streets[house.street]
        groups.setdefault((street.site, street.name, street.place), []).append(house)
    for (site, name, place), row in groups.items():
        row.sort(key=lambda house: (house.street, house.along))
        used = {1: -1, -1: 0}
        for count, house in enumerate(row, start=1):
            if place:
                number = str(count)
            else:
                used[house.side] += 2 if rng.random() < 0.94 else 4  # noqa: PLR2004  # an empty plot
                number = str(used[house.side])
            house.address = _address(sites[site], owner[site], name, place, number)


def _address(site: Site, municipality: Municipality, name: str, place: str, number: str) -> Tags:
    tags = {"addr:street": name} if name else {"addr:place": place}
    tags |= {
        "addr:housenumber": number,
        "addr:postcode": municipality.postcode,
        "addr:city": municipality.name,
    }
    if site.name not in {municipality.name, place}:
        tags["addr:suburb"] = site.name
    return tags


def centroids(houses: list[Building]) -> FloatArray:
    """Middles of the houses, shape (n, 2)."""
    return shapely.get_coordinates(shapely.centroid([house.footprint for house in houses]))
