"""Which settlements a Landstraße joins, and how important it is."""

import math
from collections import Counter
from dataclasses import replace

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import Delaunay

from regions.sample.landscape import Landscape
from regions.sample.plan import FloatArray, IntArray, Kind, Link, Points, Rank, Site
from regions.sample.sites import ends_of

_MAX_DEGREE = 5
_DETOUR = 1.55
_SMALLEST_ANGLE = math.radians(42)
_SECONDARY_ROUTES = 2
_BEYOND = (
    "Fernau", "Weitlingen", "Randstetten", "Überwalden", "Grenzbronn", "Endhausen", "Nachbarzell",
    "Drübenau", "Auswangen", "Fernhofen", "Weitenbach", "Randkirch", "Jenseitsberg", "Grenzfeld",
)  # fmt: skip
Edge = tuple[int, int]


def connect(land: Landscape, sites: tuple[Site, ...]) -> tuple[tuple[Site, ...], tuple[Link, ...]]:
    """Join the sites by a planar, connected network and add exits at the county's edge.

    The relative neighbourhood graph (no site is nearer to both ends than they are to each other),
    and those Gabriel edges that save a long detour. Returns the sites, exits included and useless
    junctions left out, with new indices, and the links.
    """
    places = np.array([site.at for site in sites])
    edges = _neighbours(places)
    edges = _shortcuts(places, edges)
    sites, edges = _without_stubs(sites, edges)
    sites, edges = _with_exits(land, sites, edges)
    return sites, _ranked(sites, edges)


def _neighbours(places: Points) -> list[Edge]:
    """Edges of the relative neighbourhood graph."""
    return [edge for edge in _delaunay(places) if _empty_lune(places, edge)]


def _delaunay(places: Points) -> list[Edge]:
    triangles = np.sort(Delaunay(places).simplices, axis=1)
    pairs = np.vstack([triangles[:, [0, 1]], triangles[:, [0, 2]], triangles[:, [1, 2]]])
    return [(int(a), int(b)) for a, b in np.unique(pairs, axis=0)]


def _empty_lune(places: Points, edge: Edge) -> bool:
    a, b = places[edge[0]], places[edge[1]]
    farther = np.maximum(np.hypot(*(places - a).T), np.hypot(*(places - b).T))
    return bool(farther.min() >= np.hypot(*(a - b)) - 1e-9)


def _empty_circle(places: Points, edge: Edge) -> bool:
    a, b = places[edge[0]], places[edge[1]]
    inside = np.hypot(*(places - (a + b) / 2).T) < 0.499 * np.hypot(*(a - b))
    return not inside.any()


def road_distances(places: Points, edges: list[Edge]) -> tuple[FloatArray, IntArray]:
    """Shortest paths over the edges (straight lengths): distances and predecessors, shape (n, n)."""
    if not edges:
        raise ValueError("a network has edges")
    a, b = np.array(edges).T
    weights = np.hypot(*(places[a] - places[b]).T)
    matrix = csr_array((weights, (a, b)), shape=(len(places), len(places)))
    distances, before = dijkstra(matrix, directed=False, return_predecessors=True)
    return np.asarray(distances), np.asarray(before, dtype=np.int64)


def route(before: IntArray, start: int, end: int) -> list[int]:
    """Sites from ``start`` to ``end`` by the predecessors of :func:`road_distances`."""
    sites = [end]
    while sites[-1] != start:
        sites.append(int(before[start, sites[-1]]))
    return sites[::-1]


def _angle_room(places: Points, edges: list[Edge], edge: Edge) -> bool:
    """Whether the edge leaves both ends at a good angle to the edges there, and they have few."""
    for here, there in (edge, edge[::-1]):
        others = [b if a == here else a for a, b in edges if here in (a, b)]
        to = places[others] - places[here]
        angles = np.arctan2(to[:, 1], to[:, 0])
        mine = math.atan2(*(places[there] - places[here])[::-1])
        gaps = np.abs((angles - mine + math.pi) % (2 * math.pi) - math.pi)
        if len(others) >= _MAX_DEGREE or gaps.min() < _SMALLEST_ANGLE:
            return False
    return True


def _shortcuts(places: Points, edges: list[Edge]) -> list[Edge]:
    """Return the edges and those Gabriel edges that save a detour of more than half the way."""
    distances, _ = road_distances(places, edges)
    result = list(edges)
    present = set(edges)
    for edge in _delaunay(places):
        straight = float(np.hypot(*(places[edge[0]] - places[edge[1]])))
        saves = distances[edge] > _DETOUR * straight
        if edge in present or not saves or not _empty_circle(places, edge):
            continue
        if _angle_room(places, result, edge):
            result.append(edge)
    return result


def _without_stubs(
    sites: tuple[Site, ...], edges: list[Edge]
) -> tuple[tuple[Site, ...], list[Edge]]:
    """Drop junctions where only one road ends, again and again, and number the sites anew."""
    while True:
        degree = Counter(end for edge in edges for end in edge)
        drop = {s.index for s in sites if s.kind is Kind.JUNCTION and degree[s.index] <= 1}
        kept = [site for site in sites if site.index not in drop]
        new = {site.index: i for i, site in enumerate(kept)}
        edges = [(new[a], new[b]) for a, b in edges if a in new and b in new]
        sites = tuple(replace(site, index=i) for i, site in enumerate(kept))
        if not drop:
            return sites, edges


def _with_exits(
    land: Landscape, sites: tuple[Site, ...], edges: list[Edge]
) -> tuple[tuple[Site, ...], list[Edge]]:
    """Lead some roads out of the county, straight away from its outermost settlements."""
    places = np.array([site.at for site in sites])
    wanted = 4 + round(land.size_m / 15_000)
    exits: list[Site] = []
    result = list(edges)
    used: set[int] = set()
    rim = shapely.get_coordinates(land.outline.exterior)
    for angle in np.linspace(0, 2 * math.pi, wanted, endpoint=False) + land.axis:
        out = np.array([math.cos(angle), math.sin(angle)])
        site = sites[int(np.argmax(places @ out))]
        target = rim[int(np.argmax((rim - site.at) @ out / np.hypot(*(rim - site.at).T)))]
        index = len(sites) + len(exits)
        together = np.vstack([places, *[e.at for e in exits], target])
        if site.index in used or not _angle_room_one(together, result, (site.index, index)):
            continue
        used.add(site.index)
        name = _BEYOND[len(exits) % len(_BEYOND)]
        exits.append(Site(index, Kind.EXIT, float(target[0]), float(target[1]), name))
        result.append((site.index, index))
    return (*sites, *exits), result


def _angle_room_one(places: Points, edges: list[Edge], edge: Edge) -> bool:
    """Whether the edge leaves its first end at a good angle."""
    here, there = edge
    others = [b if a == here else a for a, b in edges if here in (a, b)]
    to = places[others] - places[here]
    mine = math.atan2(*(places[there] - places[here])[::-1])
    gaps = np.abs((np.arctan2(to[:, 1], to[:, 0]) - mine + math.pi) % (2 * math.pi) - math.pi)
    return bool(gaps.min() > _SMALLEST_ANGLE)


def _ranked(sites: tuple[Site, ...], edges: list[Edge]) -> tuple[Link, ...]:
    """Rank roads: between exits through a town first, then by how many villages reach a town there."""
    places = np.array([site.at for site in sites])
    distances, before = road_distances(places, edges)
    towns = [s.index for s in sites if s.kind is Kind.TOWN]
    uses: Counter[Edge] = Counter()
    for site in sites:
        if site.has_streets:
            nearest = min(towns, key=lambda town: float(distances[site.index, town]))
            uses.update(ends_of(route(before, site.index, nearest)))
    primary = set(_trunk(sites, distances, before, towns))
    links = []
    for a, b in edges:
        used = uses[min(a, b), max(a, b)]
        rank = Rank.SECONDARY if used >= _SECONDARY_ROUTES else Rank.TERTIARY
        if Kind.HAMLET in {sites[a].kind, sites[b].kind} and not used:
            rank = Rank.LANE
        if (min(a, b), max(a, b)) in primary:
            rank = Rank.PRIMARY
        links.append(Link(a, b, rank))
    return tuple(links)


def _trunk(
    sites: tuple[Site, ...], distances: FloatArray, before: IntArray, towns: list[int]
) -> list[Edge]:
    """Edges of the Bundesstraße: between the two exits farthest apart by way of the first town."""
    ends = [s.index for s in sites if s.kind is Kind.EXIT] or [s.index for s in sites if s.lived_in]
    _, start, end = max((float(distances[a, b]), a, b) for a in ends for b in ends)
    edges = ends_of(route(before, start, towns[0])) + ends_of(route(before, towns[0], end))
    for town in towns[1:]:
        edges += ends_of(route(before, towns[0], town))
    return edges
