"""The whole region, planned in metres, before it becomes files."""

from collections.abc import Callable
from dataclasses import dataclass

from regions.sample.boundaries import Boundaries, Municipality, draw_boundaries, group_villages
from regions.sample.buildings import Building, build_houses
from regions.sample.buslines import BusNetwork, plan_buses
from regions.sample.fields import draw_fields
from regions.sample.grounds import built_up, lay_grounds
from regions.sample.hamlets import build_farms, build_hamlet
from regions.sample.highways import arms_of, draw_highways, highway_lines
from regions.sample.landscape import Landscape, Waters, shape_land
from regions.sample.names import StreetNames
from regions.sample.network import connect
from regions.sample.plan import Draft, Kind, Level, Line, Site, dice
from regions.sample.pois import open_places
from regions.sample.railway import Railway, lay_railway
from regions.sample.sites import settle
from regions.sample.surroundings import Surroundings, Workshop
from regions.sample.villages import build_village

_RAILS = {"railway": "rail", "gauge": "1435", "usage": "branch", "maxspeed": "80"}


@dataclass(frozen=True, slots=True, eq=False)
class Country:
    """Everything the files are written from."""

    land: Landscape
    waters: Waters
    sites: tuple[Site, ...]
    railway: Railway
    municipalities: tuple[Municipality, ...]
    boundaries: Boundaries
    draft: Draft
    houses: list[Building]
    buses: BusNetwork


def plan_country(seed: int, villages: int, size_km: float, say: Callable[[str], None]) -> Country:
    """Plan the region from the land to the last house; ``say`` hears of each step."""
    say("shaping the land")
    land = shape_land(seed, 1000.0 * size_km)
    waters = Waters(land)
    sites, links = connect(land, settle(seed, land, waters, villages))
    railway = lay_railway(seed, land, waters, sites)
    highways = draw_highways(seed, sites, links, waters, railway)
    municipalities = group_villages(sites)
    arms = arms_of(highways)
    around = Surroundings.of(sites, arms, land.waters, railway)
    say("building the villages")
    draft = Draft()
    _settlements(seed, municipalities, around, draft)
    build_farms(seed, highways, around, draft)
    draft.lines += [line for highway in highways for line in highway_lines(highway)]
    lay_grounds(seed, sites, draft, around.walls)
    houses = build_houses(seed, draft, sites, municipalities, around.walls)
    open_places(seed, houses, draft.streets, sites, {m.seat for m in municipalities})
    say("sowing the fields")
    draw_fields(seed, land, waters, sites, built_up(draft, houses, sites), draft)
    draft.lines.append(Line(railway.course, _RAILS, Level.RAIL))
    return Country(
        land,
        waters,
        sites,
        railway,
        municipalities,
        draw_boundaries(seed, land, sites, municipalities),
        draft,
        houses,
        plan_buses(sites, highways, arms, railway),
    )


def _settlements(
    seed: int, municipalities: tuple[Municipality, ...], around: Surroundings, draft: Draft
) -> None:
    """Build all settlements; street names differ within a municipality."""
    for municipality in municipalities:
        names = StreetNames(dice(seed, 5, municipality.index))
        for index in municipality.members:
            site = around.sites[index]
            if site.kind is Kind.HAMLET:
                build_hamlet(seed, site, around, draft)
            else:
                build_village(Workshop(seed, site, around, names, draft))
