"""Words a driver needs not: for going straight on, for two turns that are one, for a corner to start at."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from routing.directions.drive import Drive
from routing.directions.junctions import Roads
from routing.directions.maneuvers import STRAIGHT, Maneuver, turn_of

CHATTER_M = 50
"""Metres after another word, or before the next one, in which going straight on needs none."""

OFFSET_M = 10
"""Metres between two turns up to which nobody drives them one after the other: a bus is as long."""

TURNS_ROUND = 150
"""Degrees from which two turns together are better told one by one."""

Named = Callable[[Maneuver, int], tuple[str, str]]


def without_chatter(
    roads: Roads, drive: Drive, whole: Sequence[Maneuver], named: Named
) -> list[Maneuver]:
    """Drop and join the words that a driver has no time for.

    Parameters
    ----------
    whole
        From `depart` to `arrive`.
    named
        Name and number of the road that begins with a maneuver and is driven up to the index of an edge.
    """
    return _without_straights(drive, _joined(roads, drive, whole), named)


def _joined(roads: Roads, drive: Drive, whole: Sequence[Maneuver]) -> list[Maneuver]:
    """Make one turn of two at a crossing whose arms do not quite meet."""
    kept = [whole[0]]
    for maneuver in whole[1:]:
        before = kept[-1]
        metres = drive.driven(maneuver.at)[0] - drive.driven(before.onto - 1)[0]
        if before.kind == "depart" and maneuver.kind == "turn" and metres <= OFFSET_M:
            kept[-1] = replace(before, onto=maneuver.onto)  # the bus stands at the corner
            continue
        if metres > OFFSET_M or {before.kind, maneuver.kind} - {"turn", "follow", "keep"}:
            kept.append(maneuver)
            continue
        edge, onto = drive.edges[before.at], drive.edges[maneuver.onto]
        angle = roads.angle(edge, onto)
        if abs(angle) > TURNS_ROUND:
            kept.append(maneuver)
            continue
        kept.pop()
        if abs(angle) >= STRAIGHT:
            kept.append(Maneuver("turn", turn_of(angle), before.at, maneuver.onto, angle))
        elif not roads.same(edge, onto):
            kept.append(Maneuver("keep", "straight", before.at, maneuver.onto, angle))
    return kept


def _without_straights(drive: Drive, whole: Sequence[Maneuver], named: Named) -> list[Maneuver]:
    """Drop words for going straight on where the new name hardly lasts or another word covers them."""
    kept = [whole[0]]
    for maneuver, following in zip(whole[1:], [*whole[2:], None], strict=True):
        if maneuver.kind == "keep" and maneuver.turn == "straight" and following:
            here = drive.driven(maneuver.at)[0]
            is_brief = drive.driven(following.at)[0] - here < CHATTER_M
            is_close = here - drive.driven(kept[-1].at)[0] < CHATTER_M
            if is_brief or (is_close and not any(named(kept[-1], maneuver.at))):
                continue
        kept.append(maneuver)
    return kept
