"""From arcs between neighbouring points to the road graph: largest connected part, then whole edges."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from routing.build.read import RawRoads
from routing.build.restrictions import CONNECTOR, Arcs
from routing.build.segments import Segments
from routing.graph import RoadGraph

Bool = npt.NDArray[np.bool_]
Int64 = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Connected:
    """The largest part in which everything reaches everything.

    Attributes
    ----------
    inside
        bool[nodes].
    islands
        Number of pieces of road that nothing joins to it.
    """

    inside: Bool
    islands: int


@dataclass(frozen=True, slots=True, eq=False)
class _Edges:
    """Directed edges before they are sorted: which segments each drives along, and in which direction.

    A connector has `count` 0. `pair` numbers the run of segments: the two directions share it.
    """

    tail: Int64
    head: Int64
    first: Int64
    count: Int64
    against: Bool
    pair: Int64


def largest_part(arcs: Arcs, nodes: int) -> Connected:
    """Find the largest strongly connected part of `nodes` nodes."""
    matrix = csr_array(
        (np.ones(len(arcs.tail), dtype=np.int8), (arcs.tail, arcs.head)), shape=(nodes, nodes)
    )
    _, part = connected_components(matrix, directed=True, connection="strong")
    inside = part == np.argmax(np.bincount(part))
    _, piece = connected_components(matrix, directed=False)
    # Entries that nobody uses and the like are single nodes without a road: no islands.
    on_road = np.unique(piece[arcs.tail[arcs.segment != CONNECTOR]])
    return Connected(inside, len(np.setdiff1d(on_road, piece[inside])))


def make_graph(
    roads: RawRoads, segments: Segments, arcs: Arcs, original: Int64, inside: Bool
) -> RoadGraph:
    """Join the kept arcs to edges from junction to junction, each within one way.

    Parameters
    ----------
    roads, segments
        Where the arcs come from.
    arcs
        Arcs after splitting nodes.
    original
        int64[nodes], the point in `segments` at which each node lies.
    inside
        bool[nodes], the connected part; what is left of it is the graph.
    """
    edges = _edges(segments, arcs, inside)
    order = np.argsort(edges.tail, kind="stable")
    edges = _Edges(*(getattr(edges, name)[order] for name in _Edges.__slots__))
    nodes, ends = np.unique(np.concatenate([edges.tail, edges.head]), return_inverse=True)
    tail, head = np.split(ends.astype(np.int32), 2)
    points, shape_first = _shapes(segments, edges, original)
    real = edges.count > 0
    way = segments.way[np.where(real, edges.first, 0)]
    name_of, names = _names(np.where(real, roads.name[way], 0), roads.names)
    return RoadGraph(
        node_lon=segments.lon[original[nodes]],
        node_lat=segments.lat[original[nodes]],
        first_out=np.searchsorted(tail, np.arange(len(nodes) + 1)).astype(np.int32),
        tail=tail,
        head=head,
        time_ms=np.where(
            edges.against,
            _sums(segments.against_ms, edges),
            _sums(segments.along_ms, edges),
        ).astype(np.int32),
        length_mm=_sums(segments.length_mm, edges).astype(np.int32),
        twin=_twins(edges.pair),
        copy_of=np.full(len(tail), -1, dtype=np.int32),
        way_id=np.where(real, roads.way_id[way], 0),
        name=name_of,
        ref=np.zeros(len(tail), dtype=np.int32),
        road_class=np.zeros(len(tail), dtype=np.int8),
        flags=np.zeros(len(tail), dtype=np.uint8),
        shape_first=shape_first,
        shape_lon=segments.lon[points],
        shape_lat=segments.lat[points],
        names=names,
    )


def _edges(segments: Segments, arcs: Arcs, inside: Bool) -> _Edges:
    """Join neighbouring segments of a way over points at which nothing else happens."""
    kept = _kept(arcs, inside, len(segments.way))
    tail, head, segment, against = (
        column[kept] for column in (arcs.tail, arcs.head, arcs.segment, arcs.against)
    )
    driven = segment != CONNECTOR
    count = len(segments.way)
    ends = np.full((2, 2, count), -1, dtype=np.int64)  # [against][tail, head][segment]
    for direction in (0, 1):
        chosen = driven & (against == bool(direction))
        ends[direction, 0, segment[chosen]] = tail[chosen]
        ends[direction, 1, segment[chosen]] = head[chosen]
    present = ends[:, 0] >= 0

    used = np.flatnonzero(present.any(axis=0))
    touching = np.bincount(
        np.concatenate([segments.start[used], segments.end[used]]), minlength=len(inside)
    )
    goes_on = np.zeros(len(used), dtype=np.bool_)
    before, here = used[:-1], used[1:]
    goes_on[1:] = (
        (here == before + 1)
        & segments.follows[here]
        & (touching[segments.start[here]] == 2)  # noqa: PLR2004 - the point between two segments
        & (present[:, here] == present[:, before]).all(axis=0)
    )
    begins = np.flatnonzero(~goes_on)
    first = used[begins]
    run = np.diff(np.append(begins, len(used)))
    last = first + run - 1

    parts = [_Edges(tail[~driven], head[~driven], *_connector_columns(int((~driven).sum())))]
    for direction in (0, 1):
        chosen = np.flatnonzero(present[direction, first])
        entry, leave = (first, last) if direction == 0 else (last, first)
        parts.append(
            _Edges(
                tail=ends[direction, 0, entry[chosen]],
                head=ends[direction, 1, leave[chosen]],
                first=first[chosen],
                count=run[chosen],
                against=np.full(len(chosen), bool(direction)),
                pair=chosen,
            )
        )
    return _Edges(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in _Edges.__slots__)
    )


def _kept(arcs: Arcs, inside: Bool, segments: int) -> Bool:
    """Choose the arcs of all roads inside the connected part, in both directions, and the connectors between.

    Restrictions may make one direction of a road unreachable from elsewhere; a bus that halts on the road can
    still leave in it.
    """
    driven = arcs.segment != CONNECTOR
    roads = np.zeros(segments, dtype=np.bool_)
    roads[arcs.segment[driven & inside[arcs.tail] & inside[arcs.head]]] = True
    kept = driven & roads[arcs.segment]
    entered, left = np.zeros_like(inside), np.zeros_like(inside)
    entered[arcs.head[kept]] = True
    left[arcs.tail[kept]] = True
    return np.asarray(kept | (~driven & entered[arcs.tail] & left[arcs.head]))


def _connector_columns(count: int) -> tuple[Int64, Int64, Bool, Int64]:
    """Return first, count, against and pair of `count` connectors."""
    zeros = np.zeros(count, dtype=np.int64)
    return zeros, zeros, np.zeros(count, dtype=np.bool_), np.full(count, -1, dtype=np.int64)


def _sums(values: Int64, edges: _Edges) -> Int64:
    """Add up `values` of the segments of each edge."""
    before = np.concatenate([[0], np.cumsum(values)])
    return np.asarray(before[edges.first + edges.count] - before[edges.first], dtype=np.int64)


def _twins(pair: Int64) -> npt.NDArray[np.int32]:
    """Return for each edge the other one with the same `pair` number, -1 without one."""
    twin = np.full(len(pair), -1, dtype=np.int32)
    order = np.argsort(pair, kind="stable")
    same = np.flatnonzero((pair[order][1:] == pair[order][:-1]) & (pair[order][1:] >= 0))
    one, other = order[same], order[same + 1]
    twin[one], twin[other] = other, one
    return twin


def _shapes(segments: Segments, edges: _Edges, original: Int64) -> tuple[Int64, Int64]:
    """Return the points of all edges in driving direction, and where those of each edge begin."""
    lengths = np.where(edges.count > 0, edges.count + 1, 2)
    shape_first = np.concatenate([[0], np.cumsum(lengths)])
    edge = np.repeat(np.arange(len(lengths)), lengths)
    step = np.arange(shape_first[-1]) - shape_first[edge]
    step = np.where(edges.against[edge], edges.count[edge] - step, step)
    at_end = step == edges.count[edge]
    segment = edges.first[edge] + step - at_end
    points = np.where(at_end, segments.end[segment], segments.start[segment])
    is_connector = edges.count[edge] == 0
    points[is_connector] = original[edges.tail[edge[is_connector]]]
    return points, shape_first


def _names(name: Int64, names: tuple[str, ...]) -> tuple[npt.NDArray[np.int32], tuple[str, ...]]:
    """Keep only the names in use; the empty name stays first."""
    used, index = np.unique(np.append(name, 0), return_inverse=True)
    return index[:-1].astype(np.int32), tuple(names[i] for i in used.tolist())
