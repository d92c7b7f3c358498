"""The railway: along the valley, through the first town, with halts at villages near the line."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from scipy.interpolate import PchipInterpolator

from regions.sample.geometry import line, thin
from regions.sample.landscape import Landscape, Waters
from regions.sample.plan import FloatArray, IntArray, Kind, Points, Site, dice

_TRIES = 16
_HALT_GAP_M = 2_600.0
_SLOPE = 0.75
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
    turn = np.array([[math.cos(land.axis), -math.sin(land.axis)],
                     [math.sin(land.axis), math.cos(land.axis)]])  # fmt: skip
    flat = np.array([site.at for site in sites]) @ turn  # columns: along and across the valley
    served = _served(sites, flat, land.size_m)
    others = [s.index for s in sites if s.index not in served and s.lived_in]
    best: tuple[float, Points] | None = None
    for _ in range(_TRIES):
        sides = rng.choice([-1.0, 1.0], len(served))
        course = _course(sites, flat, served, sides, land.size_m) @ turn.T
        blocked = sum(float(np.hypot(*(course - sites[i].at).T).min()) < _NEAR_M for i in others)
        cost = blocked + 0.5 * float(waters.crossings([course])[0])
        if best is None or cost < best[0]:
            best = cost, course
    assert best is not None  # noqa: S101  # there is at least one try
    return _with_halts(best[1], served, sites, land)


def _served(sites: tuple[Site, ...], flat: Points, size_m: float) -> IntArray:
    """Indices of the settlements with a station in the order along the line, at least two."""
    town = next(site.index for site in sites if site.kind is Kind.TOWN)
    villages = [site.index for site in sites if site.has_streets and site.index != town]
    offset = {i: abs(float(flat[i, 1] - flat[town, 1])) for i in villages}
    chosen = [town]
    for i in sorted(villages, key=lambda i: offset[i]):
        steps = [np.abs(flat[i] - flat[j]) for j in chosen]
        apart = all(step[0] > _HALT_GAP_M and step[1] < _SLOPE * step[0] for step in steps)
        if (apart and offset[i] < 0.2 * size_m) or (
            len(chosen) == 1 and i == _farthest(flat, town, villages)
        ):
            chosen.append(i)
    if len(chosen) == 1:
        chosen.append(_farthest(flat, town, villages))
    return np.array(sorted(chosen, key=lambda i: float(flat[i, 0])))


def _farthest(flat: Points, town: int, villages: list[int]) -> int:
    return max(villages, key=lambda i: abs(float(flat[i, 0] - flat[town, 0])))


def _course(
    sites: tuple[Site, ...], flat: Points, served: IntArray, sides: FloatArray, size_m: float
) -> Points:
    """Smooth line past the served settlements, in coordinates along and across the valley."""
    beside = np.array([0.5 * sites[i].radius + 70.0 for i in served])
    v = flat[served, 1] + sides * beside
    u = flat[served, 0]
    end = 0.75 * size_m
    knots = np.concatenate([[-end], u, [end]])
    heights = np.concatenate([[v[0] * 0.7], v, [v[-1] * 0.7]])
    fine = np.arange(-end, end, 25.0)
    return np.column_stack([fine, PchipInterpolator(knots, heights)(fine)])


def _with_halts(
    course: Points, served: IntArray, sites: tuple[Site, ...], land: Landscape
) -> Railway:
    """Cut the line at the county's edge and put the halts on it."""
    inside = np.flatnonzero(shapely.contains_xy(shapely.buffer(land.outline, 100.0), course))
    cut = thin(course[inside[0] : inside[-1] + 1], 0.6)
    track = line(cut)
    halts = []
    for i in served:
        along = float(shapely.line_locate_point(track, shapely.Point(*sites[i].at)))
        spot = shapely.line_interpolate_point(track, along)
        halts.append(Halt(int(i), float(spot.x), float(spot.y), along))
    halts.sort(key=lambda halt: halt.along)
    assert all(a.along < b.along for a, b in pairwise(halts))  # noqa: S101
    return Railway(cut, tuple(halts))
