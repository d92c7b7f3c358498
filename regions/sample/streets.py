"""How side streets grow: from the Landstraße outwards, joining what they meet, keeping their distance."""

import heapq
import math
from dataclasses import dataclass

import numpy as np

from regions.sample.geometry import at, heading, length, polar
from regions.sample.plan import FloatArray, Points

_STEP_M = 31.0
_CLEAR_M = 47.0
_BANK_M = 26.0
_LOOK_AHEAD_M = 24.0
_SNAP_M = 15.0
_SHORTEST_M = 52.0
_REACH = 0.51
"""Half a segment and a little: a street just past the end of another meets it all the same."""
_MEETING_ANGLE = math.radians(38)


@dataclass(frozen=True, slots=True, eq=False)
class Grown:
    """A new street; ``open_end`` tells that it ends in the fields and does not join another."""

    points: Points
    open_end: bool


class Grower:
    """Streets of one settlement.

    Parameters
    ----------
    middle, radius
        The settlement, metres.
    obstacles
        Segments nothing may cross (water, rails), shape (k, 2, 2).
    rng
        Random numbers of this settlement.
    """

    def __init__(
        self, middle: Points, radius: float, obstacles: Points, rng: np.random.Generator
    ) -> None:
        self._middle, self._radius, self._rng = middle, radius, rng
        self._obstacles = obstacles
        self._known = np.empty((0, 2, 2))
        self._seeds: list[tuple[float, int, float, float, float]] = []
        self._serial = 0

    def add(self, points: Points, *, sprout: bool = True, start: float = 45.0) -> None:
        """Make a street known; side streets may sprout from it, from ``start`` metres on."""
        self._known = np.concatenate([self._known, np.stack([points[:-1], points[1:]], axis=1)])
        total, along = length(points), start + self._rng.uniform(0, 25)
        while sprout and along < total - 25:
            for side in (-1, 1):
                if self._rng.random() < 0.85:  # noqa: PLR2004  # some plots are never opened
                    turn = side * (math.pi / 2) + self._rng.normal(0, 0.13)
                    self.seed(at(points, along), heading(points, along) + turn)
            along += self._rng.uniform(62, 112)

    def seed(self, origin: Points, angle: float, bonus: float = 0.0) -> None:
        """Let a street start at ``origin`` some time; those near the middle come first."""
        distance = float(np.hypot(*(origin - self._middle)))
        self._serial += 1
        rank = distance + self._rng.uniform(0, 90) - bonus
        heapq.heappush(self._seeds, (rank, self._serial, float(origin[0]), float(origin[1]), angle))

    def grow(self, wanted_m: float) -> list[Grown]:
        """Grow streets until there are ``wanted_m`` metres of them or nothing fits any more."""
        streets: list[Grown] = []
        total = 0.0
        while self._seeds and total < wanted_m:
            _, _, x, y, angle = heapq.heappop(self._seeds)
            street = self._street(np.array([x, y]), angle)
            if street is not None:
                streets.append(street)
                total += length(street.points)
                self.add(street.points)
        return streets

    def _street(self, origin: Points, angle: float) -> Grown | None:
        """Return the street that starts at ``origin``, or None if there is no room for one."""
        bend = self._rng.normal(0, 0.0016) * _STEP_M
        longest = self._rng.uniform(110, 420)
        points = [origin]
        joined = False
        while (len(points) - 1) * _STEP_M < longest and not joined:
            angle += bend + self._rng.normal(0, 0.035)
            tip = polar(points[-1], angle, _STEP_M)
            if self._blocked(points[-1], tip):
                break
            meeting = self._meeting(points[-1], angle, first=len(points) == 1)
            if meeting is not None:
                corner, angle_ok = meeting
                joined = angle_ok
                if not angle_ok:
                    break
                points.append(corner)
            elif self._crowded(tip, origin):
                break
            else:
                points.append(tip)
        street = np.array(points)
        if len(points) < 2 or length(street) < _SHORTEST_M:  # noqa: PLR2004  # a point is no street
            return None
        return Grown(street, open_end=not joined)

    def _blocked(self, start: Points, tip: Points) -> bool:
        """Whether the step leaves the settlement or comes to a bank or embankment."""
        if float(np.hypot(*(tip - self._middle))) > self._radius:
            return True
        if not len(self._obstacles):
            return False
        near = to_segments(tip, self._obstacles).min() < _BANK_M
        return bool(near) or bool(np.isfinite(hits(start, tip, self._obstacles)).any())

    def _meeting(self, start: Points, angle: float, *, first: bool) -> tuple[Points, bool] | None:
        """Where the street meets one that is there, and whether at a good angle; None if it does not."""
        origin = polar(start, angle, 0.5 if first else 0.01)
        end = polar(start, angle, _STEP_M + _LOOK_AHEAD_M)
        shares = hits(origin, end, self._known)
        nearest = int(np.argmin(shares))
        if not np.isfinite(shares[nearest]):
            return None
        spot = origin + shares[nearest] * (end - origin)
        other = self._known[nearest]
        ends = np.hypot(*(other - spot).T)
        if ends.min() < _SNAP_M:
            spot = other[int(np.argmin(ends))]
        run = other[1] - other[0]
        gap = abs((math.atan2(run[1], run[0]) - angle + math.pi / 2) % math.pi - math.pi / 2)
        far_enough = float(np.hypot(*(spot - start))) > 8  # noqa: PLR2004  # metres
        return spot, gap > _MEETING_ANGLE and far_enough

    def _crowded(self, tip: Points, origin: Points) -> bool:
        """Whether the tip comes too near to another street."""
        needed = min(_CLEAR_M, 0.72 * float(np.hypot(*(tip - origin))))
        return bool(to_segments(tip, self._known).min() < needed)


def to_segments(point: Points, parts: Points) -> FloatArray:
    """Distance from a point to each segment of ``parts`` (m, 2, 2), metres."""
    start, run = parts[:, 0], parts[:, 1] - parts[:, 0]
    share = ((point - start) * run).sum(axis=1) / np.maximum((run**2).sum(axis=1), 1e-9)
    foot = start + np.clip(share, 0, 1)[:, None] * run
    distances: FloatArray = np.hypot(*(point - foot).T)
    return distances


def hits(start: Points, end: Points, parts: Points) -> FloatArray:
    """Where the segment start-end crosses each segment, as a share of its length; inf where it does not."""
    run = end - start
    others = parts[:, 1] - parts[:, 0]
    gap = parts[:, 0] - start
    cross = run[0] * others[:, 1] - run[1] * others[:, 0]
    safe = np.where(np.abs(cross) < 1e-9, np.nan, cross)  # noqa: PLR2004  # parallel
    share = (gap[:, 0] * others[:, 1] - gap[:, 1] * others[:, 0]) / safe
    there = (gap[:, 0] * run[1] - gap[:, 1] * run[0]) / safe
    crossing = (share >= 0) & (share <= 1) & (np.abs(there - 0.5) <= _REACH)
    return np.where(crossing, share, np.inf)
