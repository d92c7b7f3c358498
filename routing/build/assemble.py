"""From lanes and connectors to the frozen road graph."""

from typing import TypeVar

import numpy as np
import numpy.typing as npt

from routing.build.raw import RawRoads
from routing.build.segments import Segments
from routing.build.simplify import Edges
from routing.build.turns.expand import Lanes
from routing.graph import RoadGraph

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
_T = TypeVar("_T", bound=np.generic)


def edge_times(segments: Segments, edges: Edges) -> Int64:
    """Return int64[m], milliseconds."""
    along, against = (_sums(ms, edges) for ms in (segments.along_ms, segments.against_ms))
    return np.where(edges.against, against, along)


def edge_lengths(segments: Segments, edges: Edges) -> Int64:
    """Return int64[m], millimetres."""
    return _sums(segments.length_mm, edges)


def make_graph(roads: RawRoads, segments: Segments, edges: Edges, lanes: Lanes) -> RoadGraph:
    """Sort lanes and connectors by where they begin and look up what they are.

    Parameters
    ----------
    roads, segments, edges
        Where the lanes come from.
    lanes
        What the graph consists of.
    """
    size, joints = len(lanes.edge), len(lanes.connectors)
    ends = np.concatenate([lanes.tail, lanes.connectors[:, 0], lanes.head, lanes.connectors[:, 1]])
    parts, ends = np.unique(ends, return_inverse=True)
    tail, head = np.split(ends.astype(np.int32), 2)
    order = np.argsort(tail, kind="stable")
    position = np.empty(len(order), dtype=np.int32)
    position[order] = np.arange(len(order), dtype=np.int32)
    tail, head = tail[order], head[order]
    real = order < size
    edge = np.append(lanes.edge, np.zeros(joints, dtype=np.int64))[order]

    def of_edges(values: npt.NDArray[_T]) -> npt.NDArray[_T]:
        """Look `values` of edges up; connectors have 0."""
        filled = np.zeros(len(order), dtype=values.dtype)
        filled[real] = values[edge[real]]
        return filled

    way = segments.way[edges.first]
    name_of, names = _names(
        np.concatenate([of_edges(roads.name[way]), of_edges(roads.ref_name[way])]), roads.names
    )
    name, ref = np.split(name_of, 2)
    points, shape_first = _shapes(
        segments, edges, np.where(real, edge, -1), lanes.point[parts][tail]
    )
    time_ms = of_edges(edge_times(segments, edges))
    time_ms[position[size:]] = lanes.connectors[:, 2]
    return RoadGraph(
        node_lon=segments.lon[lanes.point[parts]],
        node_lat=segments.lat[lanes.point[parts]],
        first_out=np.searchsorted(tail, np.arange(len(parts) + 1)).astype(np.int32),
        tail=tail,
        head=head,
        time_ms=time_ms.astype(np.int32),
        length_mm=of_edges(edge_lengths(segments, edges)).astype(np.int32),
        twin=_others(edges, lanes, position, copies=False),
        copy_of=_others(edges, lanes, position, copies=True),
        way_id=of_edges(roads.way_id[way]),
        name=name,
        ref=ref,
        road_class=of_edges(roads.road_class[way]),
        flags=of_edges(roads.flags[way]),
        shape_first=shape_first,
        shape_lon=segments.lon[points],
        shape_lat=segments.lat[points],
        names=names,
    )


def _others(edges: Edges, lanes: Lanes, position: Int32, *, copies: bool) -> Int32:
    """Return int32, for every copy the edge it repeats, or for every edge its twin; -1 for all others."""
    own = len(lanes.edge) - lanes.copies
    place = np.full(len(edges.tail) + 1, -1, dtype=np.int32)  # the last for those that have no twin
    place[lanes.edge[:own]] = position[:own]
    other = np.full(len(position), -1, dtype=np.int32)
    if copies:
        other[position[own : len(lanes.edge)]] = place[lanes.edge[own:]]
    else:
        other[position[:own]] = place[edges.twin[lanes.edge[:own]]]
    return other


def _sums(values: Int64, edges: Edges) -> Int64:
    """Add up `values` of the segments of each edge."""
    before = np.concatenate([[0], np.cumsum(values)])
    return np.asarray(before[edges.first + edges.count] - before[edges.first], dtype=np.int64)


def _shapes(segments: Segments, edges: Edges, edge: Int64, point: Int64) -> tuple[Int64, Int64]:
    """Return the points of every edge in driving direction, and where those of each begin.

    A connector (`edge` -1) has its `point` twice.
    """
    joint = edge < 0
    first, count, against = (column[edge] for column in (edges.first, edges.count, edges.against))
    count = np.where(joint, 1, count)
    shape_first = np.concatenate([[0], np.cumsum(count + 1)])
    owner = np.repeat(np.arange(len(edge)), count + 1)
    step = np.arange(shape_first[-1]) - shape_first[owner]
    step = np.where(against[owner], count[owner] - step, step)
    at_end = step == count[owner]
    segment = first[owner] + step - at_end
    points = np.where(at_end, segments.end[segment], segments.start[segment])
    return np.where(joint[owner], point[owner], points), shape_first


def _names(name: Int32, names: tuple[str, ...]) -> tuple[Int32, tuple[str, ...]]:
    """Keep only the names in use; the empty name stays first."""
    used, index = np.unique(np.append(name, 0), return_inverse=True)
    return index[:-1].astype(np.int32), tuple(names[i] for i in used.tolist())
