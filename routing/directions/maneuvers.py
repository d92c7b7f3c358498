"""Where a driver must be told something on a path, and what; in no language yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from routing.directions.junctions import Roads

Kind = Literal[
    "depart", "turn", "follow", "keep", "roundabout", "ramp", "exit", "ferry", "u_turn", "arrive"
]
Turn = Literal[
    "", "straight", "slight_left", "left", "sharp_left", "slight_right", "right", "sharp_right"
]

STRAIGHT, SLIGHT, SHARP = 25, 50, 125
"""Degrees: below the first straight on, below the second half to a side, above the third sharply."""

CURVE = 60
"""Degrees up to which a driver stays on a road without thinking where no other goes straighter."""

ALIKE = 15
"""Degrees within which two ways on look equally straight."""

SLIP_M = 150
"""Metres up to which a link is a lane for turning, part of its junction."""


@dataclass(frozen=True, slots=True)
class Maneuver:
    """Something to do between two edges of a path.

    Attributes
    ----------
    at
        Index of the edge after which it is done.
    onto
        Index of the edge on which the new road begins.
    angle
        Degrees turned, right positive.
    exit
        Which exit of a roundabout is taken, from 1; 0 where none is.
    """

    kind: Kind
    turn: Turn
    at: int
    onto: int
    angle: float
    exit: int = 0


def maneuvers(roads: Roads, edges: Sequence[int]) -> list[Maneuver]:
    """Return what a driver must be told between the first and the last of `edges`, in driving order."""
    found, at = [], 0
    while at < len(edges) - 1:
        maneuver, at = _next(roads, edges, at)
        if maneuver:
            found.append(maneuver)
    return found


def _next(roads: Roads, edges: Sequence[int], at: int) -> tuple[Maneuver | None, int]:
    """Return what to say after the edge with index `at`, and the index of the edge to go on with."""
    edge, onto = edges[at], edges[at + 1]
    if roads.is_roundabout(onto) or roads.is_roundabout(edge):
        return _roundabout(roads, edges, at)
    if roads.is_ferry(onto) and not roads.is_ferry(edge):
        return Maneuver("ferry", "straight", at, at + 1, roads.angle(edge, onto)), at + 1
    if roads.is_link(onto) and not roads.is_link(edge):
        return _link(roads, edges, at)
    if roads.is_ramp(edge) and roads.is_fast(onto):
        return None, at + 1  # said where the ramp began
    return _at_junction(roads, edges, at), at + 1


def _at_junction(roads: Roads, edges: Sequence[int], at: int) -> Maneuver | None:
    """Return what to say at the junction after the edge with index `at`; None if one cannot go wrong."""
    edge, onto = edges[at], edges[at + 1]
    others = roads.others(edge, onto)
    if onto == roads.graph.twin[edge]:
        return Maneuver("u_turn", "", at, at + 1, 180.0)
    return _among(roads, edges, at, others) if others else None


def _among(roads: Roads, edges: Sequence[int], at: int, others: Sequence[int]) -> Maneuver | None:
    """Return what to say where there are `others` to go wrong."""
    edge, onto = edges[at], edges[at + 1]
    angle = roads.angle(edge, onto)
    rivals = [other for other in others if roads.is_minor(onto) or not roads.is_minor(other)]
    if abs(angle) < STRAIGHT:
        turn = _straight_on(roads, edge, onto, rivals)
        return Maneuver("keep", turn, at, at + 1, angle) if turn else None
    rival_angles = [roads.angle(edge, rival) for rival in rivals]
    if roads.same(edge, onto):
        tempting = any(abs(roads.angle(edge, other)) < STRAIGHT for other in others)
        rivalled = any(abs(rival) < abs(angle) + ALIKE for rival in rival_angles)
        if not tempting and (not rivals or (abs(angle) < CURVE and not rivalled)):
            return None
        if roads.street(onto) or roads.number(onto):
            return Maneuver("follow", _left_or_right(angle), at, at + 1, angle)
    if abs(angle) < SLIGHT and any(
        ALIKE <= abs(r) < SLIGHT and r * angle < 0 for r in rival_angles
    ):
        return Maneuver("keep", _left_or_right(angle), at, at + 1, angle)
    return Maneuver("turn", turn_of(angle), at, at + 1, angle)


def _straight_on(roads: Roads, edge: int, onto: int, rivals: Sequence[int]) -> Turn:
    """Say how to go straight on: left or right where the road forks, "" where no word is needed.

    A through road may change its name in every village: who stays on it hears nothing.
    """
    angle, same = roads.angle(edge, onto), roads.same(edge, onto)
    fork = []
    for rival in rivals:
        other = roads.angle(edge, rival)
        if abs(other) < SLIGHT and abs(other) < abs(angle) + ALIKE:
            as_good = roads.rank(rival) <= roads.rank(onto) and not same
            if as_good or roads.same(edge, rival):
                fork.append(other)
    if fork:
        return "left" if angle < min(fork) else "right" if angle > max(fork) else "straight"
    if same or not rivals or (roads.number(edge) and roads.number(edge) == roads.number(onto)):
        return ""
    goes_first = all(roads.rank(onto) < roads.rank(rival) for rival in rivals)
    return "" if goes_first and roads.rank(edge) == roads.rank(onto) else "straight"


def _roundabout(roads: Roads, edges: Sequence[int], at: int) -> tuple[Maneuver | None, int]:
    """Count the exits up to the one that is taken."""
    first = at if roads.is_roundabout(edges[at]) else at + 1
    last = first
    exits = 0
    while last < len(edges) - 1:
        ways_out = roads.leaving(edges[last], edges[last + 1])
        exits += any(not roads.is_roundabout(way) for way in ways_out)
        last += 1
        if not roads.is_roundabout(edges[last]):
            break
    if roads.is_roundabout(edges[last]):  # the path ends inside
        entered = Maneuver("roundabout", "straight", at, last, 0.0) if first > at else None
        return entered, len(edges) - 1
    angle = roads.angle(edges[at], edges[last])
    return Maneuver("roundabout", turn_of(angle), at, last, angle, exits), last


def _link(roads: Roads, edges: Sequence[int], at: int) -> tuple[Maneuver | None, int]:
    """Take a ramp as such, and a lane for turning as part of the junction it belongs to."""
    after = at + 1
    length_mm = 0
    while after < len(edges) and roads.is_link(edges[after]):
        length_mm += int(roads.graph.length_mm[edges[after]])
        after += 1
    if roads.is_ramp(edges[at + 1]):
        side = _side_of_ramp(roads, edges[at], edges[at + 1])
        angle = roads.angle(edges[at], edges[at + 1])
        joins = after < len(edges) and roads.is_fast(edges[after])
        if roads.is_fast(edges[at]):
            return Maneuver("exit", side, at, after if joins else at + 1, angle), at + 1
        if joins:
            return Maneuver("ramp", side, at, after, angle), at + 1
    if after == len(edges) or length_mm > SLIP_M * 1000:
        return _at_junction(roads, edges, at), at + 1
    angle = roads.angle(edges[at], edges[after])
    if abs(angle) >= STRAIGHT:
        return Maneuver("turn", turn_of(angle), at, after, angle), after
    if roads.same(edges[at], edges[after]):
        return None, after
    return Maneuver("keep", "straight", at, after, angle), after


def _side_of_ramp(roads: Roads, edge: int, ramp: int) -> Turn:
    """Say on which side of the other roads a ramp lies; ramps leave at small angles."""
    angle = roads.angle(edge, ramp)
    others = [roads.angle(edge, other) for other in roads.others(edge, ramp)]
    if abs(angle) >= STRAIGHT or not others:
        return _left_or_right(angle) if abs(angle) >= STRAIGHT else "straight"
    return "right" if angle > max(others) else "left" if angle < min(others) else "straight"


def turn_of(angle: float) -> Turn:
    """Return the turn that people call an angle."""
    size = abs(angle)
    if size < STRAIGHT:
        return "straight"
    if size < SLIGHT:
        return "slight_left" if angle < 0 else "slight_right"
    if size > SHARP:
        return "sharp_left" if angle < 0 else "sharp_right"
    return _left_or_right(angle)


def _left_or_right(angle: float) -> Turn:
    return "left" if angle < 0 else "right"
