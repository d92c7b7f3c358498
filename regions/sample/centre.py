"""What stands in the middle: the square by the church, and in towns one-way streets and a roundabout."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from regions.sample.geometry import at, heading, length, polar
from regions.sample.highways import Arm
from regions.sample.plan import Points
from regions.sample.streets import hits

_SQUARE_FROM_M = 38.0
_SQUARE_LONG_M = 96.0
_SQUARE_DEEP_M = 62.0
_RING_M = 16.0
_RING_CORNERS = 14


@dataclass(frozen=True, slots=True, eq=False)
class Square:
    """Three streets around a block at an arm: in, across, out; ``alley`` halves the block.

    The arm lies ``side`` (1: to the right, -1: to the left) of the block as seen by who leaves the
    settlement along the arm; ``along`` are the distances on the arm where in, alley and out meet it.
    """

    arm: Arm
    side: int
    along: tuple[float, float, float]
    way_in: Points
    across: Points
    way_out: Points
    alley: Points

    @property
    def middles(self) -> tuple[Points, Points]:
        """Middles of the two halves of the block: for the church and the town hall."""
        a, m, b = (at(self.arm.points, s) for s in self.along)
        c, n, d = self.across[0], self.alley[-1], self.across[-1]
        return (a + m + c + n) / 4, (m + b + n + d) / 4


def widest_corner(arms: list[Arm]) -> tuple[Arm, int, float]:
    """Return the arm and side with the most room: arm, 1 for left of it or -1, free angle."""
    best: tuple[Arm, int, float] | None = None
    for i, arm in enumerate(arms):
        after = (arms[(i + 1) % len(arms)].angle - arm.angle) % (2 * math.pi) or 2 * math.pi
        before = (arm.angle - arms[i - 1].angle) % (2 * math.pi) or 2 * math.pi
        for side, room in ((1, after), (-1, before)):
            if best is None or room > best[2] + 1e-9:
                best = arm, side, room
    if best is None:
        raise ValueError("a settlement has at least one Landstraße")
    return best


def lay_square(arms: list[Arm]) -> Square:
    """Lay the block beside the arm with the most room."""
    arm, side, _ = widest_corner(arms)
    long = min(_SQUARE_LONG_M, 0.3 * length(arm.points) - _SQUARE_FROM_M)
    along = (_SQUARE_FROM_M, _SQUARE_FROM_M + 0.5 * long, _SQUARE_FROM_M + long)
    a, m, b = (at(arm.points, s) for s in along)
    run = (b - a) / float(np.hypot(*(b - a)))
    deep = side * _SQUARE_DEEP_M * np.array([-run[1], run[0]])
    c, n, d = a + deep, (a + b) / 2 + deep, b + deep
    return Square(
        arm, side, along,
        way_in=np.array([a, c]), across=np.array([c, n, d]), way_out=np.array([d, b]),
        alley=np.array([m, (m + n) / 2, n]),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Roundabout:
    """A ring in an arm, anticlockwise and closed, and the trade estate's street that begins at it."""

    arm: Arm
    gap: tuple[float, float]
    ring: Points
    estate: Points


def lay_roundabout(
    arms: list[Arm], busy: Arm, radius: float, obstacles: Points, rng: np.random.Generator
) -> Roundabout:
    """Put the roundabout where the trade estate's street has most room, at the edge of the town.

    Tries every arm (the one with the square last), both sides and shorter and shorter streets.
    """
    others = [arm for arm in arms if arm is not busy] + [busy]
    roads = np.concatenate([np.stack([a.points[:-1], a.points[1:]], axis=1) for a in arms])
    walls = np.concatenate([obstacles, roads])
    for long in (380.0, 300.0, 230.0, 160.0, 110.0, 70.0):
        for arm in others:
            distance = min(max(0.72 * radius, 190.0), 0.34 * length(arm.points))
            for side in (1, -1):
                middle = at(arm.points, distance)
                angle = heading(arm.points, distance) + side * math.pi / 2
                estate = _estate(middle, angle, long, rng)
                starts = np.vstack([estate[1:], polar(estate[-1], angle, 45.0)])
                if not any(np.isfinite(hits(p, q, walls)).any() for p, q in pairwise(starts)):
                    return _ring(arm, distance, estate)
    return _ring(arm, distance, estate)


def _estate(middle: Points, angle: float, long: float, rng: np.random.Generator) -> Points:
    """Course of the street, its first point on the ring."""
    bend = rng.normal(0, 0.0006)
    distances = np.linspace(_RING_M, long, max(3, round(long / 45)))
    return np.array([polar(middle, angle + bend * d, d) for d in distances])


def _ring(arm: Arm, distance: float, estate: Points) -> Roundabout:
    """Draw the ring with corners exactly where the three roads meet it."""
    middle = at(arm.points, distance)
    start = _on_ring(arm.points, middle, distance, -1)
    end = _on_ring(arm.points, middle, distance, 1)
    meets = [at(arm.points, start), estate[0], at(arm.points, end)]
    fixed = [math.atan2(*(p - middle)[::-1]) % (2 * math.pi) for p in meets]
    free = np.linspace(0, 2 * math.pi, _RING_CORNERS, endpoint=False)
    room = 0.6 * 2 * math.pi / _RING_CORNERS
    corners = [(f, p) for f, p in zip(fixed, meets, strict=True)]
    corners += [
        (float(f), polar(middle, float(f), _RING_M))
        for f in free
        if all(abs((f - g + math.pi) % (2 * math.pi) - math.pi) > room for g in fixed)
    ]
    ring = np.array([p for _, p in sorted(corners, key=lambda corner: corner[0])])
    return Roundabout(arm, (start, end), np.vstack([ring, ring[:1]]), estate)


def _on_ring(points: Points, middle: Points, distance: float, way: int) -> float:
    """Distance along the arm where it leaves the ring, going on (1) or back (-1) from the middle."""
    low, high = 0.0, 3 * _RING_M
    for _ in range(40):
        half = (low + high) / 2
        inside = float(np.hypot(*(at(points, distance + way * half) - middle))) < _RING_M
        low, high = (half, high) if inside else (low, half)
    return distance + way * low
