"""Where people settled: towns, villages and hamlets, spread over the county and drawn to water."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import shapely
from scipy.spatial import cKDTree

from regions.sample.geometry import neighbour_gaps
from regions.sample.landscape import Landscape, Waters
from regions.sample.names import settlement_names
from regions.sample.plan import FloatArray, Kind, Points, Site, dice

VILLAGES_PER_TOWN = 25
HAMLETS_PER_VILLAGE = (0.8, 2.2)
KM2_PER_SETTLEMENT = 7.5
JUNCTIONS_PER_VILLAGE = 0.35
_ROOM_M2 = 1.1e6
"""Land a site of any kind needs."""
_STREET_SPACING_M = 66.0
_CANDIDATES = 40
_TOO_WET_M = 170.0
_TOWN_STREETS_M = (8_500.0, 11_500.0)
_VILLAGE_STREETS_M = (1_700.0, 500.0, 4_500.0)
"""Side streets of the usual, the smallest and the largest village."""
_HAMLET_M = 130.0


def settle(seed: int, land: Landscape, waters: Waters, villages: int) -> tuple[Site, ...]:
    """Choose the sites: ``villages`` towns and villages, then hamlets, then bare road junctions.

    Each site takes the best of some random places (Mitchell's best candidate): far from the sites
    there are, and near water but not in it.
    """
    rng = dice(seed, 2)
    room = int(land.outline.area / _ROOM_M2) - villages
    towns = max(1, villages // VILLAGES_PER_TOWN)
    wanted = land.outline.area / 1e6 / KM2_PER_SETTLEMENT - villages
    few, many = (share * villages for share in HAMLETS_PER_VILLAGE)
    hamlets = max(1, min(round(min(max(wanted, few), many)), round(0.7 * room)))
    junctions = max(1, min(round(JUNCTIONS_PER_VILLAGE * villages), round(0.3 * room)))
    counts = {
        Kind.TOWN: towns,
        Kind.VILLAGE: villages - towns,
        Kind.HAMLET: hamlets,
        Kind.JUNCTION: junctions,
    }
    chooser = _Chooser(land, waters, rng)
    for kind, count in counts.items():
        for _ in range(count):
            chooser.choose(kind, math.sqrt(land.outline.area / count))
    names = settlement_names(rng, villages, hamlets) + [""] * junctions
    kinds = [kind for kind, count in counts.items() for _ in range(count)]
    sites = [
        Site(index=i, kind=kind, x=float(x), y=float(y), name=name)
        for i, (kind, (x, y), name) in enumerate(zip(kinds, chooser.chosen, names, strict=True))
    ]
    return _sized(sites, rng)


class _Chooser:
    """Places chosen so far and the search for the next one."""

    def __init__(self, land: Landscape, waters: Waters, rng: np.random.Generator) -> None:
        self._land, self._waters, self._rng = land, waters, rng
        self._ground = shapely.buffer(land.outline, -max(380.0, 0.05 * land.size_m))
        shapely.prepare(self._ground)
        self.chosen: list[Points] = []

    def _candidates(self, reach: float) -> Points:
        half = self._land.size_m / 2 * reach
        found = np.empty((0, 2))
        while len(found) < _CANDIDATES:
            places = self._rng.uniform(-half, half, (_CANDIDATES, 2))
            found = np.vstack([found, places[shapely.contains_xy(self._ground, places)]])
        return found[:_CANDIDATES]

    def choose(self, kind: Kind, usual_gap: float) -> None:
        """Add the best of some random places; the first town lies near the middle."""
        places = self._candidates(1.0 if self.chosen else 0.3)
        score = self._gap_score(places, usual_gap)
        wet = self._waters.distance(places)
        if kind is not Kind.JUNCTION:
            score += 0.45 * np.exp(-(((wet - 320.0) / 300.0) ** 2))
        score -= 2.0 * (wet < _TOO_WET_M)
        self.chosen.append(places[int(np.argmax(score))])

    def _gap_score(self, places: Points, usual_gap: float) -> FloatArray:
        if not self.chosen:
            return np.zeros(len(places))
        gaps, _ = cKDTree(np.array(self.chosen)).query(places)
        return np.minimum(np.asarray(gaps) / usual_gap, 0.8)


def _sized(sites: list[Site], rng: np.random.Generator) -> tuple[Site, ...]:
    """Give each settlement its size, as large as its neighbours allow."""
    gaps = neighbour_gaps(np.array([site.at for site in sites]))
    sized = []
    for site, gap in zip(sites, gaps, strict=True):
        streets_m = 0.0
        if site.kind is Kind.TOWN:
            streets_m = float(rng.uniform(*_TOWN_STREETS_M))
        elif site.kind is Kind.VILLAGE:
            usual, low, high = _VILLAGE_STREETS_M
            streets_m = float(np.clip(rng.lognormal(math.log(usual), 0.55), low, high))
        radius = _HAMLET_M
        if streets_m:
            grown = 1.45 * math.sqrt(streets_m * _STREET_SPACING_M / math.pi)
            radius = min(max(grown, 190.0), 0.45 * float(gap))
            streets_m = min(streets_m, math.pi * radius**2 / _STREET_SPACING_M / 1.8)
        sized.append(replace(site, radius=radius, streets_m=streets_m))
    return tuple(sized)


def ends_of(route: list[int]) -> list[tuple[int, int]]:
    """Pairs of neighbouring sites of a route, each with the smaller index first."""
    return [(min(a, b), max(a, b)) for a, b in pairwise(route)]
