"""Where lines meet they share a node: the geometry becomes a network, exact to OSM's centimetre."""

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import cKDTree

from regions.sample.plan import BoolArray, FloatArray, Globe, IntArray, Level, Line, Points

_TOUCH_M = 0.6
_MERGE_M = 2.5
_PASSES = 8
_AT_END = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Nodes (degrees x 10^7, shape (n, 2)) and, for each line, the nodes it passes."""

    nodes_e7: IntArray
    courses: list[IntArray]


def node_lines(lines: list[Line], globe: Globe) -> Network:
    """Give lines that cross, touch or nearly touch a common node there.

    Lines of level MAJOR and RAIL pass over each other without one. Repeats until nothing crosses
    any more, because rounding a crossing to OSM's grid bends its lines by up to a centimetre.
    """
    sizes = [len(line.points) for line in lines]
    e7 = globe.to_e7(np.concatenate([line.points for line in lines]))
    nodes, inverse = np.unique(e7, axis=0, return_inverse=True)
    courses = np.split(inverse.ravel().astype(np.int64), np.cumsum(sizes)[:-1])
    levels = np.array([line.level for line in lines])
    # lines that touch are joined before nearby nodes become one, or merging could pull them apart
    nodes, courses, _ = _pass(nodes, courses, levels, globe)
    nodes, courses = _merge(nodes, courses, globe, _MERGE_M)
    for _ in range(_PASSES):
        nodes, courses, changed = _pass(nodes, courses, levels, globe)
        if not changed:
            break
        nodes, courses = _merge(nodes, courses, globe, _TOUCH_M)
    return Network(nodes, courses)


def _merge(
    nodes: IntArray, courses: list[IntArray], globe: Globe, within_m: float
) -> tuple[IntArray, list[IntArray]]:
    """Make one of nodes that lie close together, and drop steps from a node to itself."""
    target = np.arange(len(nodes))
    pairs = cKDTree(globe.to_metres(nodes)).query_pairs(within_m, output_type="ndarray")
    for a, b in sorted((int(min(p)), int(max(p))) for p in pairs):
        target[b] = min(target[a], target[b])
    while (target[target] != target).any():
        target = target[target]
    merged = []
    for course in courses:
        new = target[course]
        merged.append(new[np.concatenate([[True], new[1:] != new[:-1]])])
    return nodes, merged


@dataclass(frozen=True, slots=True, eq=False)
class _Segments:
    """All steps of all courses: nodes at both ends, the line each belongs to and its place there."""

    tail: IntArray
    head: IntArray
    owner: IntArray
    step: IntArray

    @classmethod
    def of(cls, courses: list[IntArray]) -> "_Segments":
        """Split the courses into their steps."""
        counts = np.array([max(0, len(course) - 1) for course in courses])
        return cls(
            np.concatenate([course[:-1] for course in courses]),
            np.concatenate([course[1:] for course in courses]),
            np.repeat(np.arange(len(courses)), counts),
            np.concatenate([np.arange(count) for count in counts]),
        )


def _pass(
    nodes: IntArray, courses: list[IntArray], levels: IntArray, globe: Globe
) -> tuple[IntArray, list[IntArray], bool]:
    """Find all meetings once and insert their nodes."""
    parts = _Segments.of(courses)
    places = globe.to_metres(nodes)
    first, second = _near_pairs(parts, places, levels)
    inserts: list[tuple[int, float, int]] = []  # segment, share along it, node
    touched = np.zeros(len(first), dtype=np.bool_)
    for mine, other in ((first, second), (second, first)):
        for node in (parts.tail[mine], parts.head[mine]):
            share, distance = _foot(
                places[node], places[parts.tail[other]], places[parts.head[other]]
            )
            strange = (node != parts.tail[other]) & (node != parts.head[other])
            hit = strange & (distance < _TOUCH_M) & (share > _AT_END) & (share < 1 - _AT_END)
            inserts += zip(
                other[hit].tolist(), share[hit].tolist(), node[hit].tolist(), strict=True
            )
            touched |= hit
    left, right = first[~touched], second[~touched]
    share, there = _crossing(places, parts, left, right)
    proper = (share > 0) & (share < 1) & (there > 0) & (there < 1)
    a, b = parts.tail[left[proper]], parts.head[left[proper]]
    spots = globe.to_e7(places[a] + share[proper][:, None] * (places[b] - places[a]))
    fresh = len(nodes) + np.arange(len(spots))
    inserts += zip(left[proper].tolist(), share[proper].tolist(), fresh.tolist(), strict=True)
    inserts += zip(right[proper].tolist(), there[proper].tolist(), fresh.tolist(), strict=True)
    if not inserts:
        return nodes, courses, False
    return np.vstack([nodes, spots]), _inserted(courses, parts, inserts), True


def _near_pairs(parts: _Segments, places: Points, levels: IntArray) -> tuple[IntArray, IntArray]:
    """Pairs of segments that meet or nearly do, share no node and are to meet at grade."""
    shapes = shapely.linestrings(np.stack([places[parts.tail], places[parts.head]], axis=1))
    found = shapely.STRtree(np.asarray(shapes)).query(
        shapes, predicate="dwithin", distance=_TOUCH_M
    )
    a, b = found[:, found[0] < found[1]]
    order = np.lexsort((b, a))
    a, b = a[order], b[order]
    shared = _shares_node(parts, a, b)
    over = levels[parts.owner[a]] + levels[parts.owner[b]] == Level.MAJOR + Level.RAIL
    keep = ~shared & ~over
    return a[keep], b[keep]


def _shares_node(parts: _Segments, a: IntArray, b: IntArray) -> BoolArray:
    shared: BoolArray = (
        (parts.tail[a] == parts.tail[b])
        | (parts.tail[a] == parts.head[b])
        | (parts.head[a] == parts.tail[b])
        | (parts.head[a] == parts.head[b])
    )
    return shared


def _foot(points: Points, start: Points, end: Points) -> tuple[FloatArray, FloatArray]:
    """Share along start-end of each point's foot, and its distance in metres."""
    run = end - start
    share = ((points - start) * run).sum(axis=1) / np.maximum((run**2).sum(axis=1), 1e-12)
    share = np.clip(share, 0, 1)
    gap = points - start - share[:, None] * run
    return share, np.hypot(*gap.T)


def _crossing(
    places: Points, parts: _Segments, a: IntArray, b: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Shares along both segments of each pair where their lines cross; -1 for parallel ones."""
    p, r = places[parts.tail[a]], places[parts.head[a]] - places[parts.tail[a]]
    q, s = places[parts.tail[b]], places[parts.head[b]] - places[parts.tail[b]]
    cross = r[:, 0] * s[:, 1] - r[:, 1] * s[:, 0]
    parallel = np.abs(cross) < 1e-12  # noqa: PLR2004
    safe = np.where(parallel, 1.0, cross)
    gap = q - p
    share = (gap[:, 0] * s[:, 1] - gap[:, 1] * s[:, 0]) / safe
    there = (gap[:, 0] * r[:, 1] - gap[:, 1] * r[:, 0]) / safe
    return np.where(parallel, -1.0, share), np.where(parallel, -1.0, there)


def _inserted(
    courses: list[IntArray], parts: _Segments, inserts: list[tuple[int, float, int]]
) -> list[IntArray]:
    """Return the courses with the nodes inserted in the order of their shares."""
    by_line: dict[int, list[tuple[int, float, int]]] = {}
    for segment, share, node in inserts:
        entry = (int(parts.step[segment]), share, node)
        by_line.setdefault(int(parts.owner[segment]), []).append(entry)
    result = list(courses)
    for owner, entries in by_line.items():
        entries.sort()
        course = courses[owner]
        new = np.insert(course, [step + 1 for step, _, _ in entries], [n for _, _, n in entries])
        result[owner] = new[np.concatenate([[True], new[1:] != new[:-1]])]
    return result
