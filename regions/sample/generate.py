"""Invent a region: the parts in their order, from the land to the files."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from regions.errors import RegionError
from regions.sample.areas import Town, write_areas
from regions.sample.boundaries import Boundaries, Municipality, draw_boundaries, group_villages
from regions.sample.buildings import Building, build_houses
from regions.sample.buslines import BusNetwork, plan_buses
from regions.sample.fields import draw_country
from regions.sample.grounds import built_up, lay_grounds
from regions.sample.hamlets import build_farms, build_hamlet
from regions.sample.highways import Highway, arms_of, draw_highways, highway_lines
from regions.sample.landscape import Landscape, Waters, shape_land
from regions.sample.names import StreetNames
from regions.sample.network import connect
from regions.sample.osm import Document
from regions.sample.pbf import fill_document
from regions.sample.plan import Draft, Globe, Kind, Site, dice
from regions.sample.pois import open_places
from regions.sample.railway import Railway, lay_railway
from regions.sample.sites import settle
from regions.sample.timetable import write_timetable
from regions.sample.villages import Surroundings, VillageBuilder

OSM_FILE = "sample.osm.pbf"
GTFS_FILE = "sample.gtfs.zip"
AREAS_FOLDER = "areas"

VILLAGES = (3, 1_000)
SIZE_KM = (4.0, 150.0)
KM2_PER_VILLAGE = 2.5
"""Less land than this for each village leaves no room between them."""

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class SampleFiles:
    """What was written: the extract, the feed and the area files."""

    osm: Path
    gtfs: Path
    areas: tuple[Path, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """The whole region before it becomes files."""

    land: Landscape
    waters: Waters
    sites: tuple[Site, ...]
    highways: tuple[Highway, ...]
    railway: Railway
    municipalities: tuple[Municipality, ...]
    boundaries: Boundaries
    draft: Draft
    houses: list[Building]
    buses: BusNetwork


def write_sample(
    target: Path,
    *,
    seed: int = 7,
    villages: int = 8,
    size_km: float = 15.0,
    progress: Progress | None = None,
) -> SampleFiles:
    """Invent a region and write its extract, feed and area files into ``target``.

    The same numbers give the same bytes. Roads grow with both numbers: about 85 road nodes for each
    square kilometre of land and 150 for each village (see docs of ``buergerbus region sample``).

    Parameters
    ----------
    target
        Folder, made if missing; files of the same names are replaced.
    seed
        Which of the many regions, 0 or more.
    villages
        Towns and villages together; hamlets and farms come on top.
    size_km
        Width and height of the region.
    progress
        Called with a few words before each step.

    Raises
    ------
    RegionError
        ``sample-seed``, ``sample-villages``, ``sample-size``, ``sample-density``.
    """
    _check(seed, villages, size_km)
    say = progress or _silent
    plan = make_plan(seed, villages, size_km, say)
    say("writing the extract")
    globe = Globe()
    target.mkdir(parents=True, exist_ok=True)
    document = Document(globe)
    fill_document(plan, document)
    document.write(target / OSM_FILE)
    say("writing timetable and areas")
    write_timetable(target / GTFS_FILE, plan.sites, plan.railway, plan.buses, globe)
    town = Town(plan.sites, plan.municipalities, plan.draft.streets, plan.houses, plan.railway, globe)
    areas = write_areas(target / AREAS_FOLDER, seed, town)
    return SampleFiles(target / OSM_FILE, target / GTFS_FILE, areas)


def make_plan(seed: int, villages: int, size_km: float, say: Progress) -> Plan:
    """Plan the region in metres."""
    say("shaping the land")
    land = shape_land(seed, 1000.0 * size_km)
    waters = Waters(land)
    sites, links = connect(land, settle(seed, land, waters, villages))
    railway = lay_railway(seed, land, waters, sites)
    highways = draw_highways(seed, sites, links, waters, railway)
    municipalities = group_villages(sites)
    boundaries = draw_boundaries(seed, land, sites, municipalities)
    say("building villages")
    draft = Draft()
    arms = arms_of(highways)
    around = Surroundings.of(sites, arms, land.waters, railway)
    for municipality in municipalities:
        names = StreetNames(dice(seed, 5, municipality.index))
        for index in municipality.members:
            if sites[index].kind is Kind.HAMLET:
                build_hamlet(seed, sites[index], around, draft)
            else:
                VillageBuilder(seed, sites[index], around, names, draft).build()
    build_farms(seed, sites, highways, around, draft)
    for highway in highways:
        draft.lines.extend(highway_lines(highway))
    lay_grounds(seed, sites, draft, around.walls)
    houses = build_houses(seed, draft, sites, municipalities, around.walls)
    site_of = [draft.streets[house.street].site for house in houses]
    open_places(seed, houses, site_of, sites, {m.seat for m in municipalities})
    say("sowing fields and forests")
    built = built_up(draft, houses, sites)
    draw_country(seed, land, waters, sites, built, draft)
    buses = plan_buses(sites, highways, arms, railway)
    return Plan(land, waters, sites, highways, railway, municipalities, boundaries, draft, houses, buses)


def _check(seed: int, villages: int, size_km: float) -> None:
    """Refuse numbers no region can be made of."""
    if seed < 0:
        raise RegionError("sample-seed", f"The seed is {seed}; it must be 0 or a positive number.")
    if not VILLAGES[0] <= villages <= VILLAGES[1]:
        raise RegionError(
            "sample-villages",
            f"{villages} villages cannot be made; choose between {VILLAGES[0]} and {VILLAGES[1]}.",
        )
    if not SIZE_KM[0] <= size_km <= SIZE_KM[1]:
        raise RegionError(
            "sample-size",
            f"A region of {size_km:g} km cannot be made; choose between {SIZE_KM[0]:g} and {SIZE_KM[1]:g} km.",
        )
    room = KM2_PER_VILLAGE * villages
    if size_km**2 < room:
        raise RegionError(
            "sample-density",
            f"{villages} villages need at least {room**0.5:.1f} km, not {size_km:g} km; "
            "choose fewer villages or a larger region.",
        )


def _silent(_step: str) -> None:
    """Progress nobody watches."""
