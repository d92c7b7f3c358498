"""Towns and villages: the village street, the square, the station road and the side streets."""

import math
from dataclasses import dataclass

import numpy as np
import shapely

from regions.sample.centre import Square, lay_roundabout, lay_square, widest_corner
from regions.sample.geometry import at, beside, length, piece, rectangle, segments, tree, winding
from regions.sample.highways import Arm, Highway
from regions.sample.names import StreetNames, adjective
from regions.sample.plan import (
    Draft,
    Kind,
    Landmark,
    Level,
    Line,
    Patch,
    Points,
    Rank,
    Site,
    Spot,
    Street,
    Tags,
    dice,
)
from regions.sample.railway import Halt, Railway
from regions.sample.streets import Grower, hits

_SQUARE_NEEDS_M = 1_100.0
_OPPOSITE = math.radians(120)


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """What a settlement must know of the rest: roads, water, rails and the names beyond."""

    sites: tuple[Site, ...]
    arms: dict[int, list[Arm]]
    walls: Points
    wall_tree: shapely.STRtree
    railway: Railway

    @classmethod
    def of(
        cls, sites: tuple[Site, ...], arms: dict[int, list[Arm]], waters: list[Points],
        railway: Railway,
    ) -> "Surroundings":  # fmt: skip
        """Collect what nothing may be built across."""
        walls = segments([*waters, railway.course])
        return cls(sites, arms, walls, tree(walls), railway)

    def walls_near(self, middle: Points, reach: float) -> Points:
        """Water and rails within ``reach`` metres, shape (k, 2, 2)."""
        found = self.wall_tree.query(shapely.Point(*middle), predicate="dwithin", distance=reach)
        return self.walls[np.sort(found)]

    def beyond(self, arm: Arm) -> str:
        """Name of the place an arm leads to, also past bare junctions."""
        index, highway, steps = self._other(arm.highway, arm.end), arm.highway, 0
        while not self.sites[index].name and steps < 9:  # noqa: PLR2004  # a round trip ends somewhere
            onward = [a for a in self.arms[index] if a.highway is not highway]
            highway = onward[0].highway
            index, steps = self._other(highway, onward[0].end), steps + 1
        return self.sites[index].name or self.sites[0].name

    @staticmethod
    def _other(highway: Highway, end: int) -> int:
        return highway.link.a if end else highway.link.b


class VillageBuilder:
    """Builds one town or village into the draft."""

    def __init__(
        self, seed: int, site: Site, around: Surroundings, names: StreetNames, draft: Draft
    ) -> None:
        self.site, self.around, self.names, self.draft = site, around, names, draft
        self.rng = dice(seed, 7, site.index)
        self.arms = around.arms[site.index]
        self.walls = around.walls_near(site.at, site.radius + 500.0)
        self.grower = Grower(site.at, site.radius, self.walls, self.rng)

    def build(self) -> None:
        """Lay everything out, from the middle outwards."""
        sprout_to = {id(arm): self._inner(arm) for arm in self.arms}
        sprout_from = {id(arm): 0.0 for arm in self.arms}
        square = lay_square(self.arms) if self.site.streets_m > _SQUARE_NEEDS_M else None
        self._name_arms()
        if self.site.kind is Kind.TOWN and square is not None:
            arm, until = self._roundabout(square.arm)
            sprout_to[id(arm)] = until
        if square is not None:
            self._square(square)
            sprout_from[id(square.arm)] = square.along[2]
        for arm in self.arms:
            start, end = sprout_from[id(arm)], max(sprout_to[id(arm)], sprout_from[id(arm)] + 5)
            self.grower.add(piece(arm.points, start, end))
            rest = min(self.site.radius + 300.0, length(arm.points))
            for a, b in ((0.0, start), (end, rest)):
                if b - a > 1.0:
                    self.grower.add(piece(arm.points, a, b), sprout=False)
        halt = self.around.railway.at(self.site.index)
        if halt is not None:
            self._station_road(halt)
        self._open_the_back()
        self._side_streets()
        if square is None:
            self._church_alone()

    def _inner(self, arm: Arm) -> float:
        """Length of the village street on an arm; also tells the highway."""
        inner = min(0.9 * self.site.radius + 30.0, 0.42 * length(arm.points))
        arm.highway.inner[arm.end] = inner
        return inner

    def _name_arms(self) -> None:
        """Name the village streets: the two most opposite arms are one main street."""
        pair = _most_opposite(self.arms)
        main = self.names.main()
        inner = {id(arm): piece(arm.points, 0.0, self._inner(arm)) for arm in self.arms}
        if pair is None:
            pair = (self.arms[0], self.arms[0])
        joined = inner[id(pair[1])]
        if pair[0] is not pair[1]:
            joined = np.vstack([inner[id(pair[0])][::-1], joined[1:]])
        self._street(joined, main, plot_m=18.0)
        for arm in self.arms:
            if arm in pair:
                arm.highway.names[arm.end] = main
            else:
                name = self.names.claim(f"{adjective(self.around.beyond(arm))} Straße")
                arm.highway.names[arm.end] = name
                self._street(piece(inner[id(arm)], 8.0, length(inner[id(arm)])), name)

    def _street(self, points: Points, name: str, plot_m: float = 21.0) -> int:
        """Note a street for its addresses; returns its index."""
        self.draft.streets.append(Street(self.site.index, points, name, plot_m=plot_m))
        return len(self.draft.streets) - 1

    def _lane(self, points: Points, name: str, tags: Tags) -> int:
        """Add a street with its way; returns the street's index."""
        self.draft.lines.append(Line(points, {**tags, "name": name}))
        return self._street(points, name)

    def _square(self, square: Square) -> None:
        """Add the square: one-way in towns, with an alley closed by a bollard; church and town hall."""
        town = self.site.kind is Kind.TOWN
        way = {"highway": "residential", "maxspeed": "30"} | ({"oneway": "yes"} if town else {})
        plaza = self.names.claim("Marktplatz") if town else self.names.square()
        if town:
            self._lane(square.way_in, self.names.claim("Kirchgasse"), way)
            front = self._lane(square.across, plaza, way)
            self._lane(square.way_out, self.names.claim("Marktgasse"), way)
            self.draft.no_left_turn.append(len(self.draft.lines) - 1)
            alley = self.names.claim("Kirchgässle")
            self.draft.lines.append(
                Line(square.alley, {"highway": "living_street", "name": alley})
            )
            x, y = square.alley[1]
            bollard = {"barrier": "bollard", "bicycle": "yes", "foot": "yes", "motor_vehicle": "no"}
            self.draft.spots.append(Spot(float(x), float(y), bollard, on_road=True))
            square.arm.highway.breaks.append(square.arm.along(square.along[2]))
        else:
            ring = np.vstack([square.way_in, square.across[1:], square.way_out[1:]])
            front = self._lane(ring, plaza, way)
        self._landmarks(square, front, town=town)
        self.grower.add(np.vstack([square.way_in, square.way_out[::-1]])[[0, 1]], sprout=False)
        self.grower.add(square.way_out, sprout=False)
        self.grower.add(square.across, sprout=False)
        out = square.arm.angle + square.side * math.pi / 2
        self.grower.seed(square.across[1], out, bonus=60.0)
        self.grower.seed(at(square.arm.points, square.along[1]), out + math.pi, bonus=60.0)

    def _landmarks(self, square: Square, front: int, *, town: bool) -> None:
        """Put the church in the first half of the block and the town hall in the other."""
        points = self.draft.streets[front].points
        church, hall = square.middles
        angle = square.arm.angle
        if not town:
            church = (church + hall) / 2
        for middle, long, wide, tags in (
            (church, 23.0, 11.0, {"church": "yes"}), (hall, 19.0, 14.0, {"townhall": "yes"}),
        )[: 2 if town else 1]:  # fmt: skip
            along = float(shapely.line_locate_point(shapely.linestrings(points), shapely.Point(*middle)))
            footprint = shapely.Polygon(rectangle(middle, angle, long, wide))
            self.draft.landmarks.append(Landmark(front, along, -square.side, footprint, tags))

    def _church_alone(self) -> None:
        """Put a small village's church beside the main street, where most room is."""
        arm, side, _ = widest_corner(self.arms)
        front = next(i for i, s in enumerate(self.draft.streets)
                     if s.site == self.site.index and s.name == arm.highway.names[arm.end])  # fmt: skip
        middle = beside(arm.points, 34.0, side * 21.0)
        points = self.draft.streets[front].points
        along = float(shapely.line_locate_point(shapely.linestrings(points), shapely.Point(*middle)))
        footprint = shapely.Polygon(rectangle(middle, arm.angle, 18.0, 9.0))
        self.draft.landmarks.append(Landmark(front, along, side, footprint, {"church": "yes"}))

    def _roundabout(self, busy: Arm) -> tuple[Arm, float]:
        """Add roundabout and trade estate; returns the arm and how far streets may sprout on it."""
        found = lay_roundabout(self.arms, busy, self.site.radius, self.walls, self.rng)
        arm, highway = found.arm, found.arm.highway
        gap = sorted(arm.along(s) for s in found.gap)
        highway.gaps.append((gap[0], gap[1]))
        ring = {k: v for k, v in highway.tags.items() if k in {"highway", "ref", "surface"}}
        self.draft.lines.append(Line(found.ring, ring | {"junction": "roundabout"}, Level.MAJOR))
        name = self.names.claim("Industriestraße")
        self.draft.lines.append(
            Line(found.estate, {"highway": "unclassified", "maxspeed": "50", "name": name})
        )
        street = self._street(found.estate, name, plot_m=52.0)
        self._supermarket(found.estate, street)
        self.grower.add(found.ring, sprout=False)
        self.grower.add(found.estate, sprout=False)
        return arm, found.gap[0] - 45.0

    def _supermarket(self, estate: Points, street: int) -> None:
        """Put the supermarket with its car park and service road beside the trade estate's street."""
        total = length(estate)
        along = min(58.0, 0.7 * total)
        side = 1
        angle = math.atan2(*(estate[-1] - estate[0])[::-1])
        shop = beside(estate, along, side * 62.0)
        park = beside(estate, along, side * 28.0)
        self.draft.landmarks.append(
            Landmark(street, along, side, shapely.Polygon(rectangle(shop, angle, 44, 26)),
                     {"supermarket": "yes"})
        )  # fmt: skip
        car_park = shapely.Polygon(rectangle(park, angle, 44, 30))
        self.draft.patches.append(Patch(car_park, {"amenity": "parking"}))
        entry = at(estate, along)
        self.draft.lines.append(
            Line(np.array([entry, park, beside(estate, along, side * 40.0)]), {"highway": "service"})
        )

    def _station_road(self, halt: Halt) -> None:
        """Lead a street from the nearest arm to the station, if the station is not at an arm anyway."""
        station = np.array([halt.x, halt.y])
        towards = (self.site.at - station) / max(1.0, float(np.hypot(*(self.site.at - station))))
        end = station + 26.0 * towards
        starts = [at(arm.points, s) for arm in self.arms
                  for s in np.arange(45.0, min(self.site.radius, 0.4 * length(arm.points)), 20.0)]  # fmt: skip
        clear = [p for p in starts if self._clear(p, end)] or starts
        start = min(clear, key=lambda p: float(np.hypot(*(p - end))))
        if float(np.hypot(*(end - start))) < 40.0:  # noqa: PLR2004  # the platform is at the arm
            return
        course = winding(start, end, self.rng, swing=0.012, wave_m=200.0, calm_m=40.0)[::2]
        course = np.vstack([course[:-1] if len(course) % 2 else course, end])
        name = self.names.claim("Bahnhofstraße")
        self._lane(course, name, {"highway": "residential"})
        self.grower.add(course)

    def _clear(self, start: Points, end: Points) -> bool:
        """Whether nothing lies between two points: no water, rails or other Landstraße."""
        off = start + 3.0 * (end - start) / max(3.1, float(np.hypot(*(end - start))))
        roads = segments([piece(a.points, 0, min(self.site.radius, length(a.points)))
                          for a in self.arms])  # fmt: skip
        return not np.isfinite(hits(off, end, np.concatenate([self.walls, roads]))).any()

    def _open_the_back(self) -> None:
        """Start streets where no Landstraße leaves the middle."""
        angles = [arm.angle for arm in self.arms]
        for here, after in zip(angles, [*angles[1:], angles[0] + 2 * math.pi], strict=True):
            if after - here > math.radians(165):
                self.grower.seed(self.site.at, (here + after) / 2, bonus=500.0)

    def _side_streets(self) -> None:
        """Grow the side streets and name them."""
        for street in self.grower.grow(self.site.streets_m):
            long = length(street.points)
            calm = street.open_end and long < 150 and self.rng.random() < 0.3  # noqa: PLR2004
            tags = {"highway": "living_street" if calm else "residential"}
            if not calm and self.rng.random() < 0.45:  # noqa: PLR2004
                tags["maxspeed"] = "30"
            self._lane(street.points, self.names.claim(), tags)
            if street.open_end:
                self.draft.dead_ends.append(street.points[-2:])


def _most_opposite(arms: list[Arm]) -> tuple[Arm, Arm] | None:
    """Return the two arms that make the straightest way through, the more important road first."""
    best: tuple[float, tuple[Arm, Arm]] | None = None
    for i, a in enumerate(arms):
        for b in arms[i + 1 :]:
            gap = abs((a.angle - b.angle + math.pi) % (2 * math.pi) - math.pi)
            worth = gap + 0.35 * (a.highway.link.rank + b.highway.link.rank)
            if gap > _OPPOSITE and (best is None or worth > best[0]):
                best = worth, (a, b)
    return best[1] if best else None


__all__ = ["Rank", "Surroundings", "VillageBuilder"]
