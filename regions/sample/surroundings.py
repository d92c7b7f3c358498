"""What a settlement must know of the rest of the region, and the means to build it."""

from dataclasses import dataclass

import numpy as np
import shapely

from regions.sample.geometry import segments, tree
from regions.sample.highways import Arm, Highway
from regions.sample.names import StreetNames
from regions.sample.plan import Draft, Line, Points, Site, Street, Tags, dice
from regions.sample.railway import Railway
from regions.sample.streets import Grower

_WALLS_FROM_M = 500.0
_STEPS_AT_MOST = 9
"""Roads over bare junctions may lead in a circle."""


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """Roads, water, rails and the names of other places. ``walls`` are water and rails (k, 2, 2)."""

    sites: tuple[Site, ...]
    arms: dict[int, list[Arm]]
    walls: Points
    wall_tree: shapely.STRtree
    railway: Railway

    @classmethod
    def of(
        cls,
        sites: tuple[Site, ...],
        arms: dict[int, list[Arm]],
        waters: list[Points],
        railway: Railway,
    ) -> "Surroundings":
        """Collect what nothing may be built across."""
        walls = segments([*waters, railway.course])
        return cls(sites, arms, walls, tree(walls), railway)

    def walls_near(self, middle: Points, reach: float) -> Points:
        """Water and rails within ``reach`` metres, shape (k, 2, 2)."""
        found = self.wall_tree.query(shapely.Point(*middle), predicate="dwithin", distance=reach)
        return self.walls[np.sort(found)]

    def beyond(self, arm: Arm) -> str:
        """Name of the place an arm leads to, also past bare junctions."""
        index, highway = _far_end(arm.highway, arm.end), arm.highway
        for _ in range(_STEPS_AT_MOST):
            if self.sites[index].name:
                break
            onward = next(a for a in self.arms[index] if a.highway is not highway)
            index, highway = _far_end(onward.highway, onward.end), onward.highway
        return self.sites[index].name or self.sites[0].name


def _far_end(highway: Highway, end: int) -> int:
    return highway.link.a if end else highway.link.b


class Workshop:
    """One town or village under construction: its arms, names, random numbers and growing streets."""

    def __init__(
        self, seed: int, site: Site, around: Surroundings, names: StreetNames, draft: Draft
    ) -> None:
        self.site, self.around, self.names, self.draft = site, around, names, draft
        self.rng = dice(seed, 7, site.index)
        self.arms = around.arms[site.index]
        self.walls = around.walls_near(site.at, site.radius + _WALLS_FROM_M)
        self.grower = Grower(site.at, site.radius, self.walls, self.rng)

    def street(self, points: Points, name: str, plot_m: float = 21.0) -> int:
        """Note a street for its addresses; returns its index."""
        self.draft.streets.append(Street(self.site.index, points, name, plot_m=plot_m))
        return len(self.draft.streets) - 1

    def lane(self, points: Points, name: str, tags: Tags, plot_m: float = 21.0) -> int:
        """Add a street and its way; returns the street's index."""
        self.draft.lines.append(Line(points, {**tags, "name": name}))
        return self.street(points, name, plot_m)
