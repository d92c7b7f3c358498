"""Towns and villages: the village street, then the middle, the edge and the side streets."""

import math

import numpy as np

from regions.sample.centre import Square, lay_square
from regions.sample.geometry import length, piece
from regions.sample.highways import Arm
from regions.sample.middle import build_church, build_square
from regions.sample.names import adjective
from regions.sample.outskirts import build_estate, build_station_road
from regions.sample.plan import Kind, Points
from regions.sample.surroundings import Workshop

_SQUARE_NEEDS_M = 1_100.0
_OPPOSITE = math.radians(120)
_OPEN_BACK = math.radians(165)
_RANK_WORTH = 0.35
"""Radians of straightness one rank of road makes up for, when the main street is chosen."""
_CALM_M, _CALM_SHARE = 150.0, 0.3
_SLOW_SHARE = 0.45
_KNOWN_M = 300.0


def build_village(shop: Workshop) -> None:
    """Build a town or village, from the middle outwards."""
    town = shop.site.kind is Kind.TOWN
    square = lay_square(shop.arms) if town or shop.site.streets_m > _SQUARE_NEEDS_M else None
    _village_streets(shop)
    estate = build_estate(shop, square.arm) if town and square else None
    if square:
        build_square(shop, square)
    for arm in shop.arms:
        _sprouting(shop, arm, square, estate)
    halt = shop.around.railway.at(shop.site.index)
    if halt:
        build_station_road(shop, halt)
    _open_the_back(shop)
    _side_streets(shop)
    if not square:
        build_church(shop)


def _village_streets(shop: Workshop) -> None:
    """Name the Landstraßen inside: the two most opposite arms are one main street."""
    inner: dict[int, Points] = {}
    for arm in shop.arms:
        reach = min(0.9 * shop.site.radius + 30.0, 0.42 * length(arm.points))
        arm.highway.inner[arm.end] = reach
        inner[id(arm)] = piece(arm.points, 0.0, reach)
    pair = _most_opposite(shop.arms) or (shop.arms[0],)
    main = shop.names.main()
    joined = inner[id(pair[-1])]
    if len(pair) > 1:
        joined = np.vstack([inner[id(pair[0])][::-1], joined[1:]])
    shop.street(joined, main, plot_m=18.0)
    for arm in shop.arms:
        name = main
        if not any(arm is other for other in pair):
            name = shop.names.claim(f"{adjective(shop.around.beyond(arm))} Straße")
            course = inner[id(arm)]
            shop.street(piece(course, 8.0, length(course)), name)
        arm.highway.names[arm.end] = name


def _most_opposite(arms: list[Arm]) -> tuple[Arm, ...] | None:
    """Return the two arms that make the straightest and most important way through."""
    best: tuple[float, tuple[Arm, ...]] | None = None
    for i, a in enumerate(arms):
        for b in arms[i + 1 :]:
            gap = abs((a.angle - b.angle + math.pi) % (2 * math.pi) - math.pi)
            worth = gap + _RANK_WORTH * (a.highway.link.rank + b.highway.link.rank)
            if gap > _OPPOSITE and (best is None or worth > best[0]):
                best = worth, (a, b)
    return best[1] if best else None


def _sprouting(
    shop: Workshop, arm: Arm, square: Square | None, estate: tuple[Arm, float] | None
) -> None:
    """Let side streets sprout from an arm, except at the square and beyond the roundabout."""
    start = square.along[2] if square and square.arm is arm else 0.0
    end = estate[1] if estate and estate[0] is arm else arm.highway.inner[arm.end]
    end = max(end, start + 5.0)
    rest = min(shop.site.radius + _KNOWN_M, length(arm.points))
    shop.grower.add(piece(arm.points, start, end))
    for a, b in ((0.0, start), (end, rest)):
        if b - a > 1.0:
            shop.grower.add(piece(arm.points, a, b), sprout=False)


def _open_the_back(shop: Workshop) -> None:
    """Start streets where no Landstraße leaves the middle."""
    angles = [arm.angle for arm in shop.arms]
    for here, after in zip(angles, [*angles[1:], angles[0] + 2 * math.pi], strict=True):
        if after - here > _OPEN_BACK:
            shop.grower.seed(shop.site.at, (here + after) / 2, bonus=shop.site.radius)


def _side_streets(shop: Workshop) -> None:
    """Grow the side streets and name them."""
    for street in shop.grower.grow(shop.site.streets_m):
        short = street.open_end and length(street.points) < _CALM_M
        calm = short and shop.rng.random() < _CALM_SHARE
        tags = {"highway": "living_street" if calm else "residential"}
        if not calm and shop.rng.random() < _SLOW_SHARE:
            tags["maxspeed"] = "30"
        shop.lane(street.points, shop.names.claim(), tags)
        if street.open_end:
            shop.draft.dead_ends.append(street.points[-2:])
