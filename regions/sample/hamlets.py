"""Hamlets along the small roads, and isolated farms with their drives."""

import math

import numpy as np
import shapely

from regions.sample.geometry import (
    at,
    beside,
    heading,
    length,
    line,
    piece,
    polar,
    rectangle,
    winding,
)
from regions.sample.highways import Highway
from regions.sample.names import farm_names
from regions.sample.plan import (
    Draft,
    Landmark,
    Line,
    Patch,
    Points,
    Rank,
    Site,
    Spot,
    Street,
    dice,
)
from regions.sample.streets import Grower
from regions.sample.surroundings import Surroundings

_REACH_M = 135.0
_FARMS_PER_VILLAGE = 1.6
_TO_ROAD_M, _TO_WATER_M, _FARM_GAP_M = 80.0, 55.0, 400.0
_FARMHOUSE_M, _BARN_M = (17.0, 11.0), (26.0, 11.0)
_TRACK_SHARE = 0.6
_TRIES = 5
_TO_VILLAGE_M = 200.0


def build_hamlet(seed: int, site: Site, around: Surroundings, draft: Draft) -> None:
    """Lay out a hamlet: houses along the road and a lane or two, all addressed by the hamlet's name."""
    rng = dice(seed, 8, site.index)
    walls = around.walls_near(site.at, 500.0)
    grower = Grower(site.at, _REACH_M + 70.0, walls, rng)
    plot = float(rng.uniform(26, 42))
    for arm in around.arms[site.index]:
        inner = min(_REACH_M, 0.3 * length(arm.points))
        arm.highway.inner[arm.end] = inner
        grower.add(piece(arm.points, 0.0, inner))
        draft.streets.append(
            Street(site.index, piece(arm.points, 6.0, inner), place=site.name, plot_m=plot)
        )
    if len(around.arms[site.index]) == 1:
        grower.seed(site.at, around.arms[site.index][0].angle + math.pi, bonus=500.0)
    for lane in grower.grow(float(rng.uniform(60, 300))):
        draft.lines.append(Line(lane.points, {"highway": "unclassified"}))
        draft.streets.append(Street(site.index, lane.points, place=site.name, plot_m=plot))
        if lane.open_end:
            draft.dead_ends.append(lane.points[-2:])


def build_farms(
    seed: int, highways: tuple[Highway, ...], around: Surroundings, draft: Draft
) -> None:
    """Put farms beside the open roads, each with its own drive and address ("Lindenhof 1")."""
    rng = dice(seed, 9)
    lived = [site for site in around.sites if site.lived_in]
    wanted = round(_FARMS_PER_VILLAGE * sum(site.has_streets for site in lived))
    places = np.array([site.at for site in lived])
    keep_off = np.array([site.radius for site in lived]) + _TO_VILLAGE_M
    roads = shapely.STRtree([line(highway.points) for highway in highways])
    names = farm_names(rng, wanted)
    yards: list[Points] = []
    for _ in range(wanted * _TRIES):
        if len(yards) == wanted:
            return
        drive = _drive(highways[int(rng.integers(len(highways)))], rng)
        if drive is None:
            continue
        gaps = np.hypot(*(places - drive[-1]).T)
        apart = all(float(np.hypot(*(drive[-1] - yard))) > _FARM_GAP_M for yard in yards)
        if apart and bool((gaps > keep_off).all()) and _free(drive, roads, around):
            yards.append(drive[-1])
            _build_farm(names[len(yards) - 1], drive, lived[int(np.argmin(gaps))], draft)
            if rng.random() < _TRACK_SHARE:
                draft.dead_ends.append(drive[-2:])


def _drive(highway: Highway, rng: np.random.Generator) -> Points | None:
    """Course of a drive off the open part of a road, or None where the road is not open."""
    total = length(highway.points)
    low, high = highway.inner[0] + 180.0, total - highway.inner[1] - 180.0
    if high < low or highway.link.rank is Rank.PRIMARY:
        return None
    along, side = float(rng.uniform(low, high)), int(rng.choice([-1, 1]))
    start = at(highway.points, along)
    angle = heading(highway.points, along) + side * (math.pi / 2 + rng.normal(0, 0.15))
    end = polar(start, angle, float(rng.uniform(110, 320)))
    return winding(start, end, rng, swing=0.04, wave_m=150.0, calm_m=60.0)[::2]


def _free(drive: Points, roads: shapely.STRtree, around: Surroundings) -> bool:
    """Whether drive and yard keep clear of roads, water and rails."""
    course, yard = line(drive[1:]), shapely.Point(*drive[-1])
    return not (
        len(roads.query(yard, predicate="dwithin", distance=_TO_ROAD_M))
        or len(roads.query(course, predicate="intersects"))
        or len(around.wall_tree.query(course, predicate="dwithin", distance=_TO_WATER_M))
    )


def _build_farm(name: str, drive: Points, owner: Site, draft: Draft) -> None:
    """Add drive, farmhouse and barn; the farm belongs to the settlement ``owner``."""
    draft.lines.append(Line(drive, {"highway": "service", "surface": "asphalt"}))
    draft.streets.append(Street(owner.index, drive, place=name, plot_m=1e6))
    street, total = len(draft.streets) - 1, length(drive)
    angle = heading(drive, total)
    house = rectangle(beside(drive, total - 12.0, 17.0), angle, *_FARMHOUSE_M)
    barn = rectangle(beside(drive, total - 12.0, -17.0), angle, *_BARN_M)
    draft.landmarks.append(
        Landmark(street, total - 12.0, 1, shapely.Polygon(house), {"building": "farm"})
    )
    draft.patches.append(Patch(shapely.Polygon(barn), {"building": "barn"}))
    x, y = drive[-1]
    draft.spots.append(Spot(float(x), float(y), {"place": "isolated_dwelling", "name": name}))
