"""The edge of a settlement: the trade estate at its roundabout, and the road to the station."""

import math

import numpy as np
import shapely

from regions.sample.centre import lay_roundabout
from regions.sample.geometry import (
    at,
    beside,
    length,
    piece,
    polar,
    rectangle,
    segments,
    winding,
)
from regions.sample.highways import Arm
from regions.sample.plan import Landmark, Level, Line, Patch, Points
from regions.sample.railway import Halt
from regions.sample.streets import hits
from regions.sample.surroundings import Workshop

_ESTATE_PLOT_M = 52.0
_SHOP_M, _CAR_PARK_M = (44.0, 26.0), (44.0, 30.0)
_CAR_PARK_OFF_M, _SHOP_OFF_M = 28.0, 62.0
_FORECOURT_M = 26.0
_STATION_M = (26.0, 10.0)
_AT_THE_ARM_M = 40.0


def build_estate(shop: Workshop, busy: Arm) -> tuple[Arm, float]:
    """Build roundabout and trade estate; returns the arm and how far streets may sprout on it."""
    found = lay_roundabout(shop.arms, busy, shop.site.radius, shop.walls, shop.rng)
    arm, highway = found.arm, found.arm.highway
    gap = sorted(arm.along(s) for s in found.gap)
    highway.gaps.append((gap[0], gap[1]))
    ring = {k: v for k, v in highway.tags.items() if k in {"highway", "ref", "surface"}}
    shop.draft.lines.append(Line(found.ring, ring | {"junction": "roundabout"}, Level.MAJOR))
    name = shop.names.claim("Industriestraße")
    tags = {"highway": "unclassified", "maxspeed": "50"}
    street = shop.lane(found.estate, name, tags, _ESTATE_PLOT_M)
    _supermarket(shop, found.estate, street)
    shop.grower.add(found.ring, sprout=False)
    shop.grower.add(found.estate, sprout=False)
    return arm, found.gap[0] - 45.0


def _supermarket(shop: Workshop, estate: Points, street: int) -> None:
    """Put the supermarket with its car park and service road beside the trade estate's street."""
    along = min(58.0, 0.7 * length(estate))
    run = estate[-1] - estate[0]
    angle = math.atan2(run[1], run[0])
    store = rectangle(beside(estate, along, _SHOP_OFF_M), angle, *_SHOP_M)
    park = beside(estate, along, _CAR_PARK_OFF_M)
    shop.draft.landmarks.append(
        Landmark(street, along, 1, shapely.Polygon(store), {"supermarket": "yes"})
    )
    ground = shapely.Polygon(rectangle(park, angle, *_CAR_PARK_M))
    shop.draft.patches.append(Patch(ground, {"amenity": "parking"}))
    drive = np.array([at(estate, along), park, beside(estate, along, _CAR_PARK_OFF_M + 12.0)])
    shop.draft.lines.append(Line(drive, {"highway": "service"}))


def build_station_road(shop: Workshop, halt: Halt) -> None:
    """Lead a street from the nearest arm to the station, unless the station is at an arm anyway."""
    station = np.array([halt.x, halt.y])
    towards = (shop.site.at - station) / max(1.0, float(np.hypot(*(shop.site.at - station))))
    end = station + _FORECOURT_M * towards
    starts = [
        at(arm.points, s)
        for arm in shop.arms
        for s in np.arange(45.0, min(shop.site.radius, 0.4 * length(arm.points)), 20.0)
    ]
    clear = [start for start in starts if _clear(shop, start, end)]
    start = min(clear or starts, key=lambda place: float(np.hypot(*(place - end))))
    if float(np.hypot(*(end - start))) < _AT_THE_ARM_M:
        return
    course = winding(start, end, shop.rng, swing=0.012, wave_m=200.0, calm_m=40.0)
    name = shop.names.claim("Bahnhofstraße")
    street = shop.lane(course, name, {"highway": "residential"})
    shop.grower.add(course)
    rails = math.atan2(towards[1], towards[0]) + math.pi / 2
    house = rectangle(polar(end, rails, 24.0), rails, *_STATION_M)
    total = length(course)
    side = 1 if _left_of(course, house.mean(axis=0)) else -1
    shop.draft.landmarks.append(
        Landmark(street, total, side, shapely.Polygon(house), {"station": "yes"})
    )


def _left_of(course: Points, place: Points) -> bool:
    """Whether the place lies to the left of the end of a polyline."""
    run, off = course[-1] - course[-2], place - course[-1]
    return float(run[0] * off[1] - run[1] * off[0]) > 0


def _clear(shop: Workshop, start: Points, end: Points) -> bool:
    """Whether nothing lies between two points: no water, rails or other Landstraße."""
    run = end - start
    off = start + 3.0 * run / max(3.1, float(np.hypot(*run)))
    reach = shop.site.radius
    roads = segments([piece(a.points, 0, min(reach, length(a.points))) for a in shop.arms])
    return not np.isfinite(hits(off, end, np.concatenate([shop.walls, roads]))).any()
