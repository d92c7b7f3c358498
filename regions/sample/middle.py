"""The middle of a settlement: square, church and town hall, one-way streets in towns."""

import math

import numpy as np
import shapely

from regions.sample.centre import Square, widest_corner
from regions.sample.geometry import at, beside, line, rectangle
from regions.sample.plan import Kind, Landmark, Line, Points, Spot
from regions.sample.surroundings import Workshop

_CHURCH_M, _HALL_M, _CHAPEL_M = (23.0, 11.0), (19.0, 14.0), (18.0, 9.0)
_CHAPEL_AT_M = (34.0, 21.0)
_FIRST_M = 60.0
"""Streets from the square are laid out as if they were this much nearer to the middle: first."""
_BOLLARD = {"barrier": "bollard", "bicycle": "yes", "foot": "yes", "motor_vehicle": "no"}


def build_square(shop: Workshop, square: Square) -> None:
    """Build the block beside an arm and let two streets start at it."""
    if shop.site.kind is Kind.TOWN:
        front = _one_way_streets(shop, square)
        church, hall = square.middles
        _landmark(shop, front, square, hall, _HALL_M, "townhall")
    else:
        ring = np.vstack([square.way_in, square.across[1:], square.way_out[1:]])
        front = shop.lane(ring, shop.names.square(), {"highway": "residential", "maxspeed": "30"})
        church = (square.middles[0] + square.middles[1]) / 2
    _landmark(shop, front, square, church, _CHURCH_M, "church")
    for side in (square.way_in, square.across, square.way_out):
        shop.grower.add(side, sprout=False)
    out = square.arm.angle + square.side * math.pi / 2
    shop.grower.seed(square.across[1], out, bonus=_FIRST_M)
    shop.grower.seed(at(square.arm.points, square.along[1]), out + math.pi, bonus=_FIRST_M)


def _one_way_streets(shop: Workshop, square: Square) -> int:
    """Build the town's square: round it one-way, no left turn where it ends, a bollard in the alley."""
    names, draft = shop.names, shop.draft
    way = {"highway": "residential", "maxspeed": "30", "oneway": "yes"}
    shop.lane(square.way_in, names.claim("Kirchgasse"), way)
    front = shop.lane(square.across, names.claim("Marktplatz"), way)
    shop.lane(square.way_out, names.claim("Marktgasse"), way)
    draft.no_left_turn.append(len(draft.lines) - 1)
    alley = {"highway": "living_street", "name": names.claim("Kirchgässle")}
    draft.lines.append(Line(square.alley, alley))
    x, y = square.alley[1]
    draft.spots.append(Spot(float(x), float(y), _BOLLARD, on_road=True))
    square.arm.highway.breaks.append(square.arm.along(square.along[2]))
    return front


def _landmark(  # a building needs a street, a place, a size and a use
    shop: Workshop, front: int, square: Square, middle: Points, size: tuple[float, float], use: str
) -> None:
    """Put a building into the block; its address is on the street round it."""
    footprint = shapely.Polygon(rectangle(middle, square.arm.angle, *size))
    along = _foot(shop, front, middle)
    shop.draft.landmarks.append(Landmark(front, along, -square.side, footprint, {use: "yes"}))


def build_church(shop: Workshop) -> None:
    """Put a small village's church beside the main street, where most room is."""
    arm, side, _ = widest_corner(shop.arms)
    name = arm.highway.names[arm.end]
    front = next(
        i
        for i, street in enumerate(shop.draft.streets)
        if street.site == shop.site.index and street.name == name
    )
    along, off = _CHAPEL_AT_M
    middle = beside(arm.points, along, side * off)
    footprint = shapely.Polygon(rectangle(middle, arm.angle, *_CHAPEL_M))
    shop.draft.landmarks.append(
        Landmark(front, _foot(shop, front, middle), side, footprint, {"church": "yes"})
    )


def _foot(shop: Workshop, street: int, middle: Points) -> float:
    """Distance along a street of the point nearest to ``middle``."""
    course = line(shop.draft.streets[street].points)
    return float(shapely.line_locate_point(course, shapely.Point(*middle)))
