"""What turning costs where others go first."""

import numpy as np
import numpy.typing as npt

from routing.build.raw import RawRoads
from routing.build.segments import Segments
from routing.build.simplify import Edges
from routing.build.turns.table import Turns
from routing.graph import ROAD_CLASSES, ROUNDABOUT
from routing.profile import TurnCosts

Bool = npt.NDArray[np.bool_]
Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]

STRAIGHT_DEG = 45.0
"""Whose direction changes by less goes straight on."""

SHARP_DEG = 120.0
"""Whose direction changes by more must slow down a lot."""

JUNCTION_ARMS = 3

SIGNALS_M = 40.0
"""Traffic lights are often drawn at the line where one stops, this far before the junction at most."""

_LINKS = tuple(name for name in ROAD_CLASSES if name.endswith("_link"))
_FAST = ("motorway", "trunk", *_LINKS)


def turn_costs(
    turns: Turns, edges: Edges, segments: Segments, roads: RawRoads, costs: TurnCosts
) -> npt.NDArray[np.int32]:
    """Return int32[t], milliseconds that each turn costs.

    A turn costs something at a junction of three arms or more without traffic lights, if it begins or ends on
    a busy road and other busy traffic meets it there; never in a roundabout, and not between motorways, trunk
    roads and their links.
    """
    way = segments.way[edges.first]
    road_class, in_circle = roads.road_class[way], (roads.flags[way] & ROUNDABOUT) > 0
    busy, fast, motorway = (
        _in_classes(road_class, names) for names in (tuple(costs.busy), _FAST, ("motorway",))
    )
    come, go, point = turns.edge[turns.origin], turns.edge[turns.into], turns.head[turns.origin]
    lights = _lights(segments, edges, np.isin(segments.node_id, roads.signals))
    degrees = _degrees(segments, edges, come, go)
    waits = (
        (busy[come] | busy[go])
        & _others_meet(edges, busy, come, go)
        & (_arms(edges, len(segments.lon))[point] >= JUNCTION_ARMS)
        & ~lights[come]
        & ~(in_circle[come] | in_circle[go])
        & ~(fast[come] & fast[go])
        & ~(motorway[come] | motorway[go])
        & (go != edges.twin[come])
    )
    seconds = np.where(degrees > STRAIGHT_DEG, costs.left_s, 0.0)
    seconds += np.where(degrees < -STRAIGHT_DEG, costs.right_s, 0.0)
    seconds += np.where(np.abs(degrees) > SHARP_DEG, costs.sharp_s, 0.0)
    return np.asarray(np.rint(np.where(waits, seconds, 0.0) * 1000), dtype=np.int32)


def _in_classes(road_class: npt.NDArray[np.int8], names: tuple[str, ...]) -> Bool:
    """Return whether each road class is one of `names`."""
    return np.isin(road_class, [ROAD_CLASSES.index(name) for name in names if name in ROAD_CLASSES])


def _others_meet(edges: Edges, busy: Bool, come: Int64, go: Int64) -> Bool:
    """Return for each turn whether busy traffic arrives over a third road.

    Where a busy road bends and only small ones join, nobody waits.
    """
    arriving = np.bincount(edges.head[busy], minlength=int(edges.head.max()) + 1)
    back = edges.twin[go]
    own = busy[come].astype(np.int64) + ((back >= 0) & (back != come) & busy[back])
    return np.asarray(arriving[edges.head[come]] > own)


def _arms(edges: Edges, points: int) -> Int64:
    """Return how many ends of roads meet at each point."""
    once = (edges.twin < 0) | ~edges.against
    ends = np.concatenate([edges.tail[once], edges.head[once]])
    return np.bincount(ends, minlength=points).astype(np.int64)


def _degrees(segments: Segments, edges: Edges, come: Int64, go: Int64) -> Float64:
    """Return how far each turn bends, to the left positive, from -180 to 180 degrees."""
    last = edges.first + edges.count - 1
    arrive = _straight(segments, np.where(edges.against, edges.first, last), edges.against)
    depart = _straight(segments, np.where(edges.against, last, edges.first), edges.against)
    (ax, ay), (bx, by) = (arrive[0][come], arrive[1][come]), (depart[0][go], depart[1][go])
    return np.degrees(np.arctan2(ax * by - ay * bx, ax * bx + ay * by))


def _straight(segments: Segments, segment: Int64, against: Bool) -> tuple[Float64, Float64]:
    """Return east and north of each straight piece in driving direction."""
    start, end = segments.start[segment], segments.end[segment]
    sign = np.where(against, -1.0, 1.0)
    east = (
        sign * (segments.lon[end] - segments.lon[start]) * np.cos(np.radians(segments.lat[start]))
    )
    return east, sign * (segments.lat[end] - segments.lat[start])


def _lights(segments: Segments, edges: Edges, signals: Bool) -> Bool:
    """Return whether traffic lights stand at the end of each edge or shortly before it."""
    lit = np.zeros(len(segments.lon), dtype=np.bool_)
    lit[np.flatnonzero(signals)] = True
    number = np.arange(len(segments.way))
    before = np.maximum.accumulate(np.where(lit[segments.start], number, -1))
    after = np.where(lit[segments.end], number, len(number))
    after = np.minimum.accumulate(after[::-1])[::-1]
    metre = np.concatenate([[0], np.cumsum(segments.length_mm)]) / 1000
    last = edges.first + edges.count - 1
    lamp = np.where(edges.against, after[edges.first], before[last])
    within = (lamp >= edges.first) & (lamp <= last)
    lamp = np.where(within, lamp, edges.first)
    away = np.where(
        edges.against, metre[lamp + 1] - metre[edges.first], metre[last + 1] - metre[lamp]
    )
    return np.asarray(lit[edges.head] | (within & (away <= SIGNALS_M)))
