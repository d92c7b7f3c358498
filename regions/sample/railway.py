"""The railway: along the valley, through the first town, with halts at villages near the line."""

import math
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.interpolate import PchipInterpolator

from regions.sample.geometry import line, thin
from regions.sample.landscape import Landscape, Waters
from regions.sample.plan import FloatArray, Kind, Points, Site, dice

_TRIES = 16
_HALT_GAP_M = 2_600.0
_SLOPE = 0.75
_ASIDE = 0.2
_OFF_MIDDLE_M = 70.0
_BEYOND_M = 100.0
_NEAR_M = 260.0


@dataclass(frozen=True, slots=True)
class Halt:
    """Where trains stop: ``site`` is the settlement, ``along`` the distance from the line's start."""

    site: int
    x: float
    y: float
    along: float


@dataclass(frozen=True, slots=True, eq=False)
class Railway:
    """Course of the line and its halts from one end to the other."""

    course: Points
    halts: tuple[Halt, ...]

    def at(self, site: int) -> Halt | None:
        """Return the halt of a settlement, if it has one."""
        return next((halt for halt in self.halts if halt.site == site), None)


def lay_railway(seed: int, land: Landscape, waters: Waters, sites: tuple[Site, ...]) -> Railway:
    """Lay the line so that it passes beside its stations and keeps away from other places."""
    rng = dice(seed, 3)
    town = next(site for site in sites if site.kind is Kind.TOWN)
    villages = [site for site in sites if site.has_streets and site is not town]
    axis, served = land.axis, _along_the_valley(town, villages, land)
    if not served:
        served = [max(villages, key=lambda site: float(np.hypot(*(site.at - town.at))))]
        run = served[0].at - town.at
        axis = math.atan2(run[1], run[0])
    turn = _turn(axis)
    stops = sorted([town, *served], key=lambda site: float((site.at @ turn)[0]))
    others = [site.at for site in sites if site.lived_in and site not in stops]
    tries = [
        _course(stops, turn, rng.choice([-1.0, 1.0], len(stops)), land.size_m)
        for _ in range(_TRIES)
    ]
    blocked = [
        sum(float(np.hypot(*(course - place).T).min()) < _NEAR_M for place in others)
        for course in tries
    ]
    cost = np.array(blocked) + 0.5 * waters.crossings(tries)
    return _with_halts(tries[int(np.argmin(cost))], stops, land)


def _turn(axis: float) -> Points:
    """Matrix that turns positions into coordinates along and across a direction."""
    return np.array([[math.cos(axis), -math.sin(axis)], [math.sin(axis), math.cos(axis)]])


def _along_the_valley(town: Site, villages: list[Site], land: Landscape) -> list[Site]:
    """Villages the line can serve on its way along the valley, well apart from each other."""
    turn = _turn(land.axis)
    offsets = {site.index: np.abs((site.at - town.at) @ turn) for site in villages}
    chosen = [town]
    for site in sorted(villages, key=lambda site: float(offsets[site.index][1])):
        steps = [np.abs((site.at - other.at) @ turn) for other in chosen]
        apart = all(along > _HALT_GAP_M and across < _SLOPE * along for along, across in steps)
        if apart and offsets[site.index][1] < _ASIDE * land.size_m:
            chosen.append(site)
    return chosen[1:]


def _course(stops: list[Site], turn: Points, sides: FloatArray, size_m: float) -> Points:
    """Smooth line past the stops, to their left or right, beyond both ends of the region."""
    flat = np.array([site.at for site in stops]) @ turn
    beside = sides * np.array([0.5 * site.radius + _OFF_MIDDLE_M for site in stops])
    along, across = flat[:, 0], flat[:, 1] + beside
    end = 0.75 * size_m
    knots = np.concatenate([[-end], along, [end]])
    heights = np.concatenate([[0.7 * across[0]], across, [0.7 * across[-1]]])
    fine = np.arange(-end, end, 25.0)
    course: Points = np.column_stack([fine, PchipInterpolator(knots, heights)(fine)]) @ turn.T
    return course


def _with_halts(course: Points, stops: list[Site], land: Landscape) -> Railway:
    """Cut the line at the county's edge and put the halts on it."""
    inside = np.flatnonzero(shapely.contains_xy(land.outline.buffer(_BEYOND_M), course))
    cut = thin(course[inside[0] : inside[-1] + 1], 0.6)
    track = line(cut)
    halts = []
    for site in stops:
        along = track.project(shapely.Point(site.x, site.y))
        spot = track.interpolate(along)
        halts.append(Halt(site.index, spot.x, spot.y, along))
    return Railway(cut, tuple(sorted(halts, key=lambda halt: halt.along)))
