"""The past of a tour: visits up to the last reported one, in the order in which they happened.

Reports come late and out of order, and drivers drive in another order than planned.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dispatch.events import State
from dispatch.model import BookingId, Visit, VisitStatus


def last_fact(visits: Sequence[Visit]) -> int:
    """Index of the last reported visit, -1 if none was."""
    return max((k for k, visit in enumerate(visits) if _is_reported(visit)), default=-1)


def as_happened(state: State, visits: Sequence[Visit]) -> tuple[Visit, ...]:
    """Put visits into the order in which they must have happened.

    Reported visits are sorted by when the doors opened, each takes along the unreported ones after it.
    What could not have begun before a reported visit comes after it; behind the last one it is still to
    come. If all that would let somebody leave before they boarded, a clock was wrong, and the order stays.
    """
    ahead = last_fact(visits) + 1
    reported = sorted(filter(_is_reported, visits[:ahead]), key=lambda visit: visit.arrive_s)
    followers: list[list[Visit]] = [[] for _ in range(len(reported) + 1)]
    for visit, behind in _unreported(state, visits[:ahead], reported):
        followers[behind].append(visit)
    ordered = [*followers[0]]
    for visit, after in zip(reported, followers[1:], strict=True):
        ordered += [visit, *after]
    ordered += visits[ahead:]
    return tuple(ordered) if _boards_first(ordered) else tuple(visits)


def _unreported(
    state: State, past: Sequence[Visit], reported: Sequence[Visit]
) -> Iterator[tuple[Visit, int]]:
    """Yield unreported visits, and behind how many of the reported ones each belongs.

    That is the one before it in the plan, and all that were before its riders were told, or its break
    begins; whoever boards later leaves later.
    """
    rank = {visit.id: k for k, visit in enumerate(reported, 1)}
    behind = 0
    boards: dict[BookingId, int] = {}
    for visit in past:
        if _is_reported(visit):
            behind = rank[visit.id]
            continue
        opens_s = [state.bookings[key].promise.pickup_from_s for key in visit.board]
        opens_s += [visit.pause.from_s] if visit.pause else []
        before = (k for k, v in enumerate(reported, 1) if any(v.arrive_s < s for s in opens_s))
        later = (boards.get(key, 0) for key in visit.alight)
        place = max(behind, *before, *later, 0)
        boards |= dict.fromkeys(visit.board, place)
        yield visit, place


def _is_reported(visit: Visit) -> bool:
    return visit.status is not VisitStatus.PLANNED


def _boards_first(visits: Sequence[Visit]) -> bool:
    """Whether nobody boards at or after the visit at which they leave."""
    left: set[BookingId] = set()
    for visit in visits:
        left |= set(visit.alight)
        if left & set(visit.board):
            return False
    return True


def in_order(visits: Sequence[Visit]) -> tuple[Visit, ...]:
    """Let nothing be later than what was reported after it; unreported visits give way."""
    last = last_fact(visits)
    if last <= 0:
        return tuple(visits)
    result = list(visits)
    ceiling_s = latest_s = visits[last].arrive_s
    for k in range(last - 1, -1, -1):
        reported = _is_reported(visits[k])
        result[k] = _by(visits[k], ceiling_s if reported else latest_s)
        latest_s = result[k].arrive_s
        ceiling_s = latest_s if reported else ceiling_s
    for k in range(1, last):
        free_s = result[k - 1].depart_s
        if result[k].status is VisitStatus.PLANNED and result[k].arrive_s < free_s:
            depart_s = max(result[k].depart_s, free_s)
            result[k] = replace(result[k], arrive_s=free_s, depart_s=depart_s)
    return tuple(result)


def _by(visit: Visit, ceiling_s: int) -> Visit:
    depart_s = min(visit.depart_s, ceiling_s)
    return replace(visit, arrive_s=min(visit.arrive_s, depart_s), depart_s=depart_s)
