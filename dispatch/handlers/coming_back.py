"""A rider who was given up is aboard after all: their drop-off goes back into the tour."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dispatch.events import State
from dispatch.handlers.expected import Expected, expected, overrun_s, suffering
from dispatch.handlers.finding import settled
from dispatch.handlers.leaving import retimed_from_facts
from dispatch.model import (
    BookingId,
    RideStatus,
    Shift,
    Visit,
    VisitId,
    VisitStatus,
    load_of,
)
from dispatch.objective import price_of
from dispatch.past import last_fact
from dispatch.tours import ready_s, with_visits


def put_back(state: State, shift: Shift, key: BookingId, now_s: int) -> State:
    """Bring a rider who is aboard to their destination, where it was planned if that still stands.

    Otherwise at the position that makes fewest others late, then them the least. What was reported of
    the drop-off meanwhile counts: if the bus was there already, the ride is done.
    """
    booking = state.bookings[key]
    name = VisitId(f"{key}-alight-{state.version + 1}")
    made = Visit(name, booking.request.destination, 0, 0, alight=(key,))
    there = replace(state.left_out.get(key, made), board=(), alight=(key,))
    visits = state.tours[shift.id].visits
    standing = next((k for k, visit in enumerate(visits) if visit.id == there.id), None)
    if standing is not None and standing <= _board_index(visits, key):
        there, standing = made, None  # others left there before this rider boarded
    left_out = {other: visit for other, visit in state.left_out.items() if other != key}
    state = replace(state, left_out=left_out)
    if standing is not None:
        there = _joined(visits[standing], key)
        state = _with(state, shift, (*visits[:standing], there, *visits[standing + 1 :]))
    elif there.status is not VisitStatus.PLANNED:
        k = _past_index(visits, there)
        state = _with(state, shift, (*visits[:k], there, *visits[k:]))
    done = there.status is VisitStatus.DEPARTED
    aboard = replace(booking, status=RideStatus.DONE if done else RideStatus.ABOARD)
    state = replace(state, bookings={**state.bookings, key: aboard})
    if standing is not None or there.status is not VisitStatus.PLANNED:
        return state
    return _best(state, shift, key, there, now_s)


def _joined(visit: Visit, key: BookingId) -> Visit:
    return replace(visit, alight=(*visit.alight, key))


def _with(state: State, shift: Shift, visits: Sequence[Visit]) -> State:
    tour = with_visits(state, state.tours[shift.id], visits)
    return replace(state, tours={**state.tours, shift.id: tour})


def _past_index(visits: Sequence[Visit], there: Visit) -> int:
    """Where a reported visit belongs among those before it: by the time the doors opened."""
    last, board = last_fact(visits), _board_index(visits, there.alight[0])
    earlier = (k for k in range(board, last + 1) if visits[k].arrive_s <= there.arrive_s)
    return max(earlier, default=board) + 1


def _board_index(visits: Sequence[Visit], key: BookingId) -> int:
    return next(k for k, visit in enumerate(visits) if key in visit.board)


def _best(state: State, shift: Shift, key: BookingId, there: Visit, now_s: int) -> State:
    """Try the drop-off at every position after what was reported, and keep the best.

    Detours before halts that are about to be driven count as one more rider harmed.
    """
    then, frozen = expected(state, shift.id), len(settled(state, shift, now_s))
    tried: list[tuple[tuple[int, int, int, float], int, State]] = []
    for k, visits in _candidates(state, shift, key, there):
        after = _redirected(_with(state, shift, visits), shift, now_s)
        after = retimed_from_facts(after, shift.id)
        crowded, harmed, late_s, cost = _badness(state, after, shift, key, then)
        badness = crowded, harmed + (k < frozen), late_s, cost
        tried.append((badness, len(tried), after))
    return min(tried)[2]


def _redirected(state: State, shift: Shift, now_s: int) -> State:
    """Let a bus known to be late drive to another visit first: when it comes there nobody knows yet."""
    delay, visits = state.delays.get(shift.id), state.tours[shift.id].visits
    first = last_fact(visits) + 1
    if delay is None or all(visit.id != delay.visit for visit in visits[first + 1 :]):
        return state
    delay = replace(delay, visit=visits[first].id, not_before_s=now_s)
    return replace(state, delays={**state.delays, shift.id: delay})


def _candidates(
    state: State, shift: Shift, key: BookingId, there: Visit
) -> Iterator[tuple[int, Sequence[Visit]]]:
    visits = state.tours[shift.id].visits
    for k in range(last_fact(visits) + 1, len(visits) + 1):
        if k < len(visits) and visits[k].place == there.place and visits[k].pause is None:
            joined = _joined(visits[k], key)
            joined = replace(joined, depart_s=ready_s(state, joined))
            yield k, (*visits[:k], joined, *visits[k + 1 :])
        yield k, (*visits[:k], there, *visits[k:])


def _badness(
    before: State, after: State, shift: Shift, key: BookingId, then: dict[BookingId, Expected]
) -> tuple[int, int, int, float]:
    """Rank a position: crowding, others harmed, how late the rider is, what it costs."""
    now = expected(after, shift.id)
    harmed = sum(other != key for other in suffering(after, then, now))
    harmed += overrun_s(after, shift) > overrun_s(before, shift)
    late_s = max(now[key].misses_s(after.bookings[key].promise))
    return _crowded(after, shift), harmed, late_s, price_of(after, shift).weighted(after.policy)


def _crowded(state: State, shift: Shift) -> int:
    """Count visits ahead where somebody boards though there is no room, or is on a pause."""
    vehicle, visits = state.vehicles[shift.vehicle], state.tours[shift.id].visits
    last, crowded = last_fact(visits), 0
    aboard: set[BookingId] = set()
    for k, visit in enumerate(visits):
        aboard -= set(visit.alight)
        aboard |= {b for b in visit.board if state.bookings[b].status is not RideStatus.NO_SHOW}
        loads = [state.bookings[b].request.load for b in aboard]
        total = tuple(map(sum, zip(load_of(), *loads, strict=True)))
        alone = len(aboard) > 1 and any(state.bookings[b].request.alone for b in aboard)
        paused = visit.pause is not None and bool(aboard)
        crowded += k > last and (paused or alone or not vehicle.has_room(total))
    return crowded
