"""The past of a tour: visits up to the last reported one, in the order in which they happened.

Reports come late and out of order, and drivers drive in another order than planned.
"""

from collections.abc import Sequence
from dataclasses import replace

from dispatch.events import State
from dispatch.model import BookingId, Visit, VisitStatus


def last_fact(visits: Sequence[Visit]) -> int:
    """Index of the last reported visit, -1 if none was."""
    reported = (k for k, visit in enumerate(visits) if visit.status is not VisitStatus.PLANNED)
    return max(reported, default=-1)


def as_happened(state: State, visits: Sequence[Visit]) -> tuple[Visit, ...]:
    """Put visits into the order in which they must have happened.

    Reported visits are sorted by when the doors opened, each takes along the unreported ones after it.
    What could not have begun before a later visit was reported was skipped and is still to come. If all
    that would let somebody leave before they boarded, a clock was wrong, and the order stays.
    """
    ahead = last_fact(visits) + 1
    skipped = _skipped(state, visits[:ahead])
    first, groups = _groups([visit for visit in visits[:ahead] if visit not in skipped])
    groups.sort(key=lambda group: group[0].arrive_s)
    driven = (*first, *(visit for group in groups for visit in group))
    ordered = (*driven, *skipped, *visits[ahead:])
    return ordered if _boards_first(ordered) else tuple(visits)


def _skipped(state: State, past: Sequence[Visit]) -> list[Visit]:
    """Unreported visits whose riders were told, or whose break begins, after a later visit was reported."""
    skipped: list[Visit] = []
    waiting: set[BookingId] = set()
    for k, visit in enumerate(past):
        if visit.status is not VisitStatus.PLANNED:
            continue
        passed_s = min(v.arrive_s for v in past[k:] if v.status is not VisitStatus.PLANNED)
        opens_s = [state.bookings[key].promise.pickup_from_s for key in visit.board]
        opens_s += [visit.pause.from_s] if visit.pause else []
        if max(opens_s, default=passed_s) > passed_s or waiting & set(visit.alight):
            skipped.append(visit)
            waiting |= set(visit.board)
    return skipped


def _groups(visits: Sequence[Visit]) -> tuple[list[Visit], list[list[Visit]]]:
    first: list[Visit] = []
    groups: list[list[Visit]] = []
    for visit in visits:
        if visit.status is not VisitStatus.PLANNED:
            groups.append([visit])
        else:
            (groups[-1] if groups else first).append(visit)
    return first, groups


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
        reported = visits[k].status is not VisitStatus.PLANNED
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
