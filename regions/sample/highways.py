"""The course of each Landstraße, and how it looks from a settlement: as arms that leave its middle."""

import math
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from scipy.spatial import cKDTree

from regions.sample.geometry import at, length, piece, segments, thin, tree, winding
from regions.sample.landscape import Waters, crossings
from regions.sample.plan import FloatArray, Level, Line, Link, Points, Rank, Site, Tags, dice
from regions.sample.railway import Railway

_TRIES = 18
_CALM_M = 300.0
_KEEP_OFF_M = 420.0
_BANK_M = 30.0
_SWING, _TRUNK_SWING = 0.075, 0.62


@dataclass(slots=True, eq=False)
class Highway:
    """A Landstraße from site ``link.a`` to ``link.b`` and where it must be cut.

    ``inner`` are the lengths of the village streets at both ends, ``names`` what they are called
    there; ``breaks`` are distances where a way must end, ``gaps`` stretches replaced by something
    else (a roundabout).
    """

    link: Link
    points: Points
    ref: str
    inner: list[float] = field(default_factory=lambda: [0.0, 0.0])
    names: list[str] = field(default_factory=lambda: ["", ""])
    breaks: list[float] = field(default_factory=list)
    gaps: list[tuple[float, float]] = field(default_factory=list)
    tags: Tags = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Arm:
    """A Landstraße as seen from one of its ends: ``points`` lead away from the settlement."""

    highway: Highway
    end: int
    points: Points
    angle: float

    def along(self, distance: float) -> float:
        """Turn a distance from the settlement into one from the highway's start."""
        return length(self.points) - distance if self.end else distance


def draw_highways(
    seed: int,
    sites: tuple[Site, ...],
    links: tuple[Link, ...],
    waters: Waters,
    railway: Railway,
) -> tuple[Highway, ...]:
    """Draw every link as the best of some winding curves: few bridges, away from other places."""
    rng = dice(seed, 4)
    surveyor = _Surveyor(sites, waters, railway)
    counters = {Rank.PRIMARY: 998, Rank.SECONDARY: 9001, Rank.TERTIARY: 9901}
    highways = []
    for link in links:
        points = surveyor.best(link, rng)
        ref = ""
        if link.rank in {Rank.SECONDARY, Rank.TERTIARY}:
            ref = f"{'L' if link.rank is Rank.SECONDARY else 'K'} {counters[link.rank]}"
            counters[link.rank] += 1
        elif link.rank is Rank.PRIMARY:
            ref = f"B {counters[link.rank]}"
        highways.append(Highway(link, points, ref, tags=_tags(link.rank, ref, rng)))
    return tuple(highways)


class _Surveyor:
    """Compares courses: few bridges, away from other places and from the banks, not too long."""

    def __init__(self, sites: tuple[Site, ...], waters: Waters, railway: Railway) -> None:
        self._places = np.array([site.at for site in sites])
        self._searched = cKDTree(self._places)
        self._waters = waters
        self._rails = tree(segments([railway.course]))

    def best(self, link: Link, rng: np.random.Generator) -> Points:
        """Return the best of some random courses."""
        start, end = self._places[link.a], self._places[link.b]
        swing = _SWING * (_TRUNK_SWING if link.rank is Rank.PRIMARY else 1.0)
        tries = [
            winding(start, end, rng, swing=swing * (0.4 + i / _TRIES), wave_m=420.0,
                    calm_m=_CALM_M, roughness=1.3)
            for i in range(_TRIES)
        ]  # fmt: skip
        courses = np.array(tries)
        bridges = 300.0 * self._waters.crossings(tries) + 200.0 * crossings(self._rails, tries)
        banks = self._waters.distance(courses.reshape(-1, 2)).reshape(_TRIES, -1)
        wet = 6.0 * (banks < _BANK_M).sum(axis=1)
        detour = 0.35 * np.array([length(points) for points in tries])
        cost = bridges + wet + detour + self._nearness(courses, link)
        return thin(tries[int(np.argmin(cost))], 0.45)

    def _nearness(self, courses: Points, link: Link) -> FloatArray:
        """Cost of passing near other sites, shape (tries,)."""
        near = self._searched.query_ball_point(
            (self._places[link.a] + self._places[link.b]) / 2,
            0.75 * float(np.hypot(*(self._places[link.a] - self._places[link.b]))) + _KEEP_OFF_M,
        )
        cost = np.zeros(len(courses))
        for index in sorted(set(near) - {link.a, link.b}):
            gaps = np.hypot(*np.moveaxis(courses - self._places[index], -1, 0)).min(axis=1)
            cost += 4.0 * np.maximum(0, _KEEP_OFF_M - gaps)
        return cost


def _tags(rank: Rank, ref: str, rng: np.random.Generator) -> Tags:
    """Tags outside settlements; like in reality, many roads do not say how fast one may drive."""
    tags = {
        Rank.PRIMARY: {"highway": "primary", "lanes": "2"},
        Rank.SECONDARY: {"highway": "secondary"},
        Rank.TERTIARY: {"highway": "tertiary"},
        Rank.LANE: {"highway": "unclassified"},
    }[rank]
    if ref:
        tags["ref"] = ref
    if rank is not Rank.LANE and rng.random() < 0.4:  # noqa: PLR2004
        tags["maxspeed"] = "100" if rank >= Rank.SECONDARY else str(rng.choice(["70", "80"]))
    tags["surface"] = "asphalt"
    return tags


def arms_of(highways: tuple[Highway, ...]) -> dict[int, list[Arm]]:
    """Arms of each site (by index), anticlockwise from east."""
    arms: dict[int, list[Arm]] = {}
    for highway in highways:
        for end, index in enumerate((highway.link.a, highway.link.b)):
            points = highway.points[::-1] if end else highway.points
            near = at(points, min(length(points), 90.0)) - points[0]
            angle = math.atan2(near[1], near[0]) % (2 * math.pi)
            arms.setdefault(index, []).append(Arm(highway, end, points, angle))
    return {index: sorted(found, key=lambda arm: arm.angle) for index, found in arms.items()}


def highway_lines(highway: Highway) -> list[Line]:
    """Cut a highway into ways: village street, open road, village street; and at its breaks."""
    total = length(highway.points)
    first, last = highway.inner[0], total - highway.inner[1]
    stops = {0.0, first, last, total, *highway.breaks, *(s for gap in highway.gaps for s in gap)}
    cuts = sorted(stop for stop in stops if 0.0 <= stop <= total)
    level = Level.MAJOR if highway.link.rank >= Rank.SECONDARY else Level.MINOR
    lines = []
    for start, end in pairwise(cuts):
        middle = (start + end) / 2
        if end - start < 1.0 or any(a < middle < b for a, b in highway.gaps):
            continue
        tags = dict(highway.tags)
        if middle < first or middle > last:
            tags["maxspeed"] = "50"
            name = highway.names[0] if middle < first else highway.names[1]
            if name:
                tags["name"] = name
        lines.append(Line(piece(highway.points, start, end), tags, level))
    return lines
