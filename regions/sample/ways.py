"""From the noded lines to OSM ways: bridges, level crossings, the turn restriction, bollards."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from scipy.spatial import cKDTree

from regions.sample.noding import Network, node_lines
from regions.sample.osm import Document
from regions.sample.plan import Draft, FloatArray, IntArray, Level, Points, Tags

_HALF_BRIDGE_M = 17.0
_SNAP_M = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class _Piece:
    """Part of a line that becomes a way: nodes (indices) and tags."""

    line: int
    nodes: list[int]
    tags: Tags


def add_ways(draft: Draft, waters: shapely.STRtree, document: Document) -> None:
    """Node the draft's lines and add them to the document as ways."""
    network = node_lines(draft.lines, document.globe)
    places = document.globe.to_metres(network.nodes_e7)
    bridges = _bridge_spots(draft, network, places, waters)
    junctions = _junctions(network)
    builder = _WayBuilder(network, places, junctions)
    pieces: list[_Piece] = []
    for index, (line, course) in enumerate(zip(draft.lines, network.courses, strict=True)):
        if len(course) > 1:
            pieces += builder.cut(index, course, line.tags, bridges.get(index, []))
    ids = _add_nodes(pieces, builder, document)
    first_way = len(document.ways) + 1
    for piece in pieces:
        document.add_way([ids[node] for node in piece.nodes], piece.tags)
    _tag_level_crossings(draft, network, ids, document)
    _tag_spots(draft, network, places, ids, document)
    for turning in draft.no_left_turn:
        _restrict(turning, pieces, first_way, ids, builder, document)


def _bridge_spots(
    draft: Draft, network: Network, places: Points, waters: shapely.STRtree
) -> dict[int, list[float]]:
    """Where each line passes over water or rails, in metres along it."""
    lines = [shapely.linestrings(places[c]) if len(c) > 1 else None for c in network.courses]
    shapes = np.array(lines, dtype=object)
    found = [(int(i), waters.geometries[j]) for i, j in
             waters.query(shapes, predicate="intersects").T]  # fmt: skip
    levels = np.array([line.level for line in draft.lines])
    rails = shapes[levels == Level.RAIL]
    major = np.flatnonzero(levels == Level.MAJOR)
    over = shapely.STRtree(rails).query(shapes[major], predicate="intersects")
    found += [(int(major[i]), rails[j]) for i, j in over.T]
    spots: dict[int, list[float]] = {}
    for index, obstacle in found:
        for point in shapely.get_parts(shapely.intersection(shapes[index], obstacle)):
            along = float(shapely.line_locate_point(shapes[index], shapely.centroid(point)))
            spots.setdefault(index, []).append(along)
    return spots


def _junctions(network: Network) -> set[int]:
    """Nodes that several lines share, and the ends of lines."""
    every = np.concatenate([np.unique(course) for course in network.courses])
    nodes, counts = np.unique(every, return_counts=True)
    ends = {int(node) for course in network.courses for node in (course[0], course[-1])}
    return ends | {int(node) for node in nodes[counts > 1]}


class _WayBuilder:
    """Cuts courses at bridge ends; knows the nodes that were added for it."""

    def __init__(self, network: Network, places: Points, junctions: set[int]) -> None:
        self._places, self._junctions = places, junctions
        self.extra: list[Points] = []
        self._count = len(network.nodes_e7)

    def place(self, node: int) -> Points:
        """Position of an old or added node, metres."""
        return self._places[node] if node < self._count else self.extra[node - self._count]

    def cut(self, line: int, course: IntArray, tags: Tags, spots: list[float]) -> list[_Piece]:
        """Return the ways of a line; parts near the bridge spots are bridges."""
        nodes = [int(node) for node in course]
        spans = self._spans(nodes, spots)
        for span in spans:
            for along in span:
                self._ensure(nodes, along)
        s = self._along(nodes)
        marks = sorted({int(np.argmin(np.abs(s - along))) for span in spans for along in span})
        marks = sorted({0, *marks, len(nodes) - 1})
        pieces = []
        for start, end in pairwise(marks):
            middle = (s[start] + s[end]) / 2
            over = any(a - 1 < middle < b + 1 for a, b in spans)
            bridge = {"bridge": "yes", "layer": "1"} if over else {}
            pieces.append(_Piece(line, nodes[start : end + 1], tags | bridge))
        return pieces

    def _along(self, nodes: list[int]) -> FloatArray:
        places = np.array([self.place(node) for node in nodes])
        return np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(places, axis=0).T))])

    def _spans(self, nodes: list[int], spots: list[float]) -> list[tuple[float, float]]:
        """Stretches of bridge: around each spot, ending at junctions, joined where they overlap."""
        s = self._along(nodes)
        stops = np.array([a for a, node in zip(s, nodes, strict=True) if node in self._junctions])
        spans: list[tuple[float, float]] = []
        for spot in sorted(spots):
            low = max([spot - _HALF_BRIDGE_M, *stops[stops < spot - 1.0]])
            high = min([spot + _HALF_BRIDGE_M, *stops[stops > spot + 1.0]])
            if spans and low < spans[-1][1] + 2 * _SNAP_M:
                spans[-1] = spans[-1][0], max(high, spans[-1][1])
            else:
                spans.append((max(0.0, float(low)), min(float(s[-1]), float(high))))
        return spans

    def _ensure(self, nodes: list[int], along: float) -> None:
        """Insert a node at ``along`` unless there is one within a few metres."""
        s = self._along(nodes)
        if np.abs(s - along).min() < _SNAP_M:
            return
        after = int(np.searchsorted(s, along))
        a, b = self.place(nodes[after - 1]), self.place(nodes[after])
        share = (along - s[after - 1]) / (s[after] - s[after - 1])
        self.extra.append(a + share * (b - a))
        nodes.insert(after, self._count + len(self.extra) - 1)


def _add_nodes(pieces: list[_Piece], builder: _WayBuilder, document: Document) -> dict[int, int]:
    """Add the nodes the ways use; returns their ids by index."""
    used = sorted({node for piece in pieces for node in piece.nodes})
    places = np.array([builder.place(node) for node in used])
    first = document.add_nodes(document.globe.to_e7(places))
    return {node: first + i for i, node in enumerate(used)}


def _tag_level_crossings(
    draft: Draft, network: Network, ids: dict[int, int], document: Document
) -> None:
    rails = {int(n) for line, c in zip(draft.lines, network.courses, strict=True)
             if line.level is Level.RAIL for n in c}  # fmt: skip
    for line, course in zip(draft.lines, network.courses, strict=True):
        if line.level is not Level.RAIL:
            kind = "crossing" if line.tags["highway"] in {"path", "footway"} else "level_crossing"
            for node in rails.intersection(course.tolist()):
                document.node_tags[ids[node]] = {"railway": kind}


def _tag_spots(
    draft: Draft, network: Network, places: Points, ids: dict[int, int], document: Document
) -> None:
    """Add the spots: as nodes of their own, or as tags of the nearest node of a road."""
    used = np.array(sorted(set(np.concatenate(network.courses).tolist()) & ids.keys()))
    searched = cKDTree(places[used])
    for spot in draft.spots:
        if spot.on_road:
            node = ids[int(used[int(searched.query([spot.x, spot.y])[1])])]
            document.node_tags[node] = spot.tags
        else:
            document.add_spot(spot.x, spot.y, spot.tags)


def _restrict(  # a relation ties everything together
    line: int, pieces: list[_Piece], first_way: int, ids: dict[int, int], builder: _WayBuilder,
    document: Document,
) -> None:  # fmt: skip
    """Forbid the left turn at the end of a line."""
    start = max(i for i, piece in enumerate(pieces) if piece.line == line)
    before, via = pieces[start].nodes[-2:]
    arrive = builder.place(via) - builder.place(before)
    best: tuple[float, int] | None = None
    for i, piece in enumerate(pieces):
        for nodes in (piece.nodes, piece.nodes[::-1]):
            if i != start and nodes[0] == via and "railway" not in piece.tags:
                leave = builder.place(nodes[1]) - builder.place(via)
                cross = arrive[0] * leave[1] - arrive[1] * leave[0]
                off = abs(math.atan2(cross, float(arrive @ leave)) - math.pi / 2)
                best = min(best, (off, i)) if best else (off, i)
    if best is not None:
        members = [("w", first_way + start, "from"), ("n", ids[via], "via"),
                   ("w", first_way + best[1], "to")]  # fmt: skip
        document.add_relation(members, {"type": "restriction", "restriction": "no_left_turn"})
