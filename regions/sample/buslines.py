"""Bus lines over the Landstraßen, and their stops at the kerb."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from regions.sample.geometry import beside, length
from regions.sample.highways import Arm, Highway
from regions.sample.names import slug
from regions.sample.network import route
from regions.sample.plan import FloatArray, IntArray, Kind, Site
from regions.sample.railway import Halt, Railway

_VILLAGES_PER_LINE = 4
_KERB_M = 4.6
_FORECOURT_M = 22.0


@dataclass(frozen=True, slots=True)
class BusStop:
    """A pole at the kerb; every settlement served has one for each direction (0 and 1)."""

    id: str
    name: str
    site: int
    direction: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class BusLine:
    """A line by its stopping places in the order of direction 0.

    ``metres[i]`` is the way from the place before to ``places[i]`` (0 for the first); ``hub`` is the
    position of the place with the connection to the train.
    """

    name: str
    places: tuple[str, ...]
    metres: tuple[int, ...]
    hub: int


@dataclass(frozen=True, slots=True)
class BusNetwork:
    """Lines and stops; ``stops[place]`` are the poles of a stopping place, by direction."""

    lines: tuple[BusLine, ...]
    stops: dict[str, tuple[BusStop, BusStop]]


def plan_buses(
    sites: tuple[Site, ...],
    highways: tuple[Highway, ...],
    arms: dict[int, list[Arm]],
    railway: Railway,
) -> BusNetwork:
    """Lead lines from villages nobody serves yet through the nearest town to others, two lines at least."""
    distances, before = _distances(sites, highways)
    towns = [site.index for site in sites if site.kind is Kind.TOWN]
    wanted = max(
        2, len(towns), round(sum(site.has_streets for site in sites) / _VILLAGES_PER_LINE / 1.5)
    )
    served: set[int] = set(towns)
    lines, stops = [], {}
    for number in range(wanted):
        start, town, end = _ends(sites, distances, before, towns, served, number)
        way = route(before, start, town)[:-1] + route(before, town, end)
        served.update(way)
        line = _line(f"{870 + number}", way, town, sites, distances, railway)
        lines.append(line)
        for index in way:
            if sites[index].lived_in:
                stops[_place(sites[index])] = _poles(sites[index], arms[index])
    for halt in railway.halts:
        if halt.site in towns:
            stops[_place(sites[halt.site], station=True)] = _station_poles(sites[halt.site], halt)
    return BusNetwork(tuple(lines), stops)


def _distances(
    sites: tuple[Site, ...], highways: tuple[Highway, ...]
) -> tuple[FloatArray, IntArray]:
    a = [h.link.a for h in highways]
    b = [h.link.b for h in highways]
    metres = [length(h.points) for h in highways]
    matrix = csr_array((metres, (a, b)), shape=(len(sites), len(sites)))
    distances, before = dijkstra(matrix, directed=False, return_predecessors=True)
    return np.asarray(distances), np.asarray(before, dtype=np.int64)


def _ends(
    sites: tuple[Site, ...], distances: FloatArray, before: IntArray, towns: list[int],
    served: set[int], number: int,
) -> tuple[int, int, int]:  # fmt: skip
    """Start, town and end of the next line: the farthest places round a town that have no bus yet.

    The towns take turns.
    """
    town = towns[number % len(towns)]

    def worth(index: int) -> tuple[bool, bool, float]:
        site = sites[index]
        return index not in served, site.has_streets, float(distances[index, town])

    lived = [site.index for site in sites if site.lived_in and site.index not in towns]
    mine = [i for i in lived if min(towns, key=lambda t: float(distances[i, t])) == town]
    start = max(mine or lived, key=worth)
    first = set(route(before, start, town)[:-1])
    onward = [i for i in mine if not first.intersection(route(before, town, i))]
    return start, town, max(onward, key=worth) if onward else town


def _place(site: Site, *, station: bool = False) -> str:
    return slug(site.name) + ("-bahnhof" if station else "")


def _line(  # a way and how to measure it
    name: str, way: list[int], town: int, sites: tuple[Site, ...], distances: FloatArray,
    railway: Railway,
) -> BusLine:  # fmt: skip
    """Return the line with the metres between its stopping places; junctions are only passed."""
    stopping = [index for index in way if sites[index].lived_in]
    places = [_place(sites[index]) for index in stopping]
    metres = [0, *(round(float(distances[a, b])) for a, b in pairwise(stopping))]
    hub = stopping.index(town)
    halt = railway.at(town)
    if halt is not None:
        gap = round(1.3 * float(np.hypot(halt.x - sites[town].x, halt.y - sites[town].y)))
        hub += 1
        places.insert(hub, _place(sites[town], station=True))
        metres.insert(hub, gap)
        if hub + 1 < len(metres):
            metres[hub + 1] += gap
    return BusLine(name, tuple(places), tuple(metres), hub)


def _station_poles(site: Site, halt: Halt) -> tuple[BusStop, BusStop]:
    """Poles in front of the station, on the side of the town."""
    station, name = np.array([halt.x, halt.y]), f"{site.name}, Bahnhof"
    front = station + _FORECOURT_M * (site.at - station) / float(np.hypot(*(site.at - station)))
    poles = [
        BusStop(f"bus-{_place(site, station=True)}-{d + 1}", name, site.index, d,
                float(front[0]) + 5.0 * d, float(front[1]))
        for d in (0, 1)
    ]  # fmt: skip
    return poles[0], poles[1]


def _poles(site: Site, arms: list[Arm]) -> tuple[BusStop, BusStop]:
    """Poles on both kerbs of the most important road, a little off the middle."""
    arm = max(arms, key=lambda arm: (arm.highway.link.rank, -arm.angle))
    name = f"{site.name}, {'Marktplatz' if site.kind is Kind.TOWN else 'Ortsmitte'}"
    poles = []
    for direction in (0, 1):
        x, y = beside(arm.points, 24.0 + 9.0 * direction, (1 - 2 * direction) * _KERB_M)
        pole = f"bus-{_place(site)}-{direction + 1}"
        poles.append(BusStop(pole, name, site.index, direction, float(x), float(y)))
    return poles[0], poles[1]
