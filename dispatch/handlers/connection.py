"""The train a rider comes with is late; perhaps their ride can wait."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from dispatch.events import (
    Alarm,
    AlarmCode,
    ConnectionLate,
    PromiseAtRisk,
    Reason,
    State,
)
from dispatch.handlers.expected import Expected, expected, overrun_s, rides_on, suffering
from dispatch.handlers.finding import booking_of, settled
from dispatch.handlers.leaving import freed, retimed_at, retimed_from_facts
from dispatch.handlers.linked import fits_linked_rides
from dispatch.handlers.making_room import placed_with_room_made
from dispatch.handlers.placing import options_for, placed, with_room_used
from dispatch.handlers.telling import Circumstances, Decision, finish
from dispatch.handlers.wanted import promised_terms
from dispatch.model import Booking, Promise, RideStatus, TimeKind, VisitStatus
from dispatch.policy import Policy
from dispatch.tours import ready_s
from dispatch.wishes import ceil_minute, floor_minute

_STEP_S = 300
"""Least seconds between two pickups that are tried for a ride that follows its line."""


def connection_late(state: State, event: ConnectionLate, now_s: int) -> Decision:
    """Let the ride follow the line if nobody else suffers; their promise is moved.

    A bus waits up to ``policy.hold_s`` where it stands in its tour; a ride that is up to
    ``policy.follow_s`` later gets another place, if need be one that another ride leaves for another bus
    without a promise changed. Otherwise it stays planned as it was, and the rider is called.
    """
    booking, policy = booking_of(state, event.booking), state.policy
    waits = booking.status in (RideStatus.BOOKED, RideStatus.UNASSIGNED)
    if not waits or event.ready_s <= booking.promise.pickup_from_s:
        return state, ()
    times = expected(state, booking.shift).get(booking.id)
    if booking.status is RideStatus.UNASSIGNED:
        times = None
    planned_s = booking.promise.pickup_from_s
    if times is not None and times.pickup_s is not None:
        planned_s = times.pickup_s
    if event.ready_s - planned_s <= max(policy.hold_s, policy.follow_s):
        after = _following(state, booking, event.ready_s, now_s, planned_s + policy.hold_s)
        if after is not None:
            return finish(state, with_room_used(state, after, now_s), Circumstances(now_s))
    return state, _missed(state, booking, times, event, now_s)


def _following(
    state: State, booking: Booking, ready_at_s: int, now_s: int, hold_until_s: int
) -> State | None:
    """Serve a ride on the best promise there is a place for; others change buses only where there is none."""
    promises = tuple(_followed(state.policy, booking, ready_at_s))
    later = [replace(booking, promise=promise) for promise in promises]
    kept = (_kept(state, each, now_s, hold_until_s=hold_until_s) for each in later)
    moved = (_with_room(state, each, now_s) for each in later)
    return next((after for after in chain(kept, moved) if after is not None), None)


def _followed(policy: Policy, booking: Booking, ready_at_s: int) -> Iterator[Promise]:
    """Yield promises of a ride that follows its line, the best for the rider first.

    What was told stands as long as its window lasts. Then it is what anybody is told who asks for a ride
    from then on: a whole window, not a minute that the next word of the line would overtake. It may begin
    later, as the wait at the stop may be as long as for any connection.
    """
    promise, from_s = booking.promise, ceil_minute(ready_at_s)
    if booking.status is RideStatus.BOOKED and from_s <= promise.pickup_until_s:
        yield replace(promise, pickup_from_s=from_s)
    window_s = floor_minute(policy.pickup_window_s)
    last_s = max(policy.connection_wait_s - window_s, 0)
    for wait_s in range(0, last_s + 1, max(window_s, _STEP_S)):
        until_s = from_s + wait_s + window_s
        arrive_by_s = ceil_minute(until_s + promise.ride_at_most_s)
        yield replace(
            promise,
            pickup_from_s=from_s + wait_s,
            pickup_until_s=until_s,
            arrive_by_s=max(promise.arrive_by_s, arrive_by_s),
        )


def _kept(state: State, booking: Booking, now_s: int, *, hold_until_s: int) -> State | None:
    """Serve a ride on its new promise where it stands, or elsewhere if its pickup is still open."""
    if not fits_linked_rides(state, booking):
        return None
    changed = replace(state, bookings={**state.bookings, booking.id: booking})
    if booking.status is RideStatus.UNASSIGNED:
        return changed
    may_wait = booking.promise.pickup_from_s <= hold_until_s
    held = _waiting(state, changed, booking) if may_wait else None
    if held is not None:
        return held
    free = _free(changed, booking, now_s)
    if free is None:
        return None
    return placed(free, booking, now_s, (promised_terms(booking),), free.shifts)


def _with_room(state: State, booking: Booking, now_s: int) -> State | None:
    """Serve a ride on its new promise where another one makes room for it."""
    if booking.status is RideStatus.UNASSIGNED or not fits_linked_rides(state, booking):
        return None
    changed = replace(state, bookings={**state.bookings, booking.id: booking})
    free = _free(changed, booking, now_s)
    return None if free is None else placed_with_room_made(free, booking, now_s)


def _free(state: State, booking: Booking, now_s: int) -> State | None:
    """Take a ride out of its tour; None if its bus is there or about to be."""
    shift = state.shifts[booking.shift]
    if any(booking.id in visit.board for visit in settled(state, shift, now_s)):
        return None
    return freed(state, booking.id, retimed_at(now_s))


def _waiting(before: State, changed: State, booking: Booking) -> State | None:
    """Let the bus wait in the order it drives in; None if somebody else would suffer."""
    shift = changed.shifts[booking.shift]
    tour = changed.tours[shift.id]
    visits = tuple(
        replace(visit, depart_s=ready_s(changed, visit))
        if booking.id in visit.board and visit.status is VisitStatus.ARRIVED
        else visit
        for visit in tour.visits
    )
    held = replace(changed, tours={**changed.tours, shift.id: replace(tour, visits=visits)})
    held = retimed_from_facts(held, shift.id)
    times = expected(held, shift.id)
    suffers = any(suffering(held, expected(before, shift.id), times))
    late = any(times[booking.id].misses_s(booking.promise))
    if suffers or late or overrun_s(held, shift) > overrun_s(before, shift):
        return None
    return held


def _missed(
    state: State, booking: Booking, times: Expected | None, event: ConnectionLate, now_s: int
) -> tuple[PromiseAtRisk, Alarm]:
    """Say that the ride cannot wait, and what there is from when the rider arrives."""
    request = replace(booking.request, time_kind=TimeKind.DEPART_AT, time_s=event.ready_s)
    later = replace(booking, request=request)
    # who is on the way already is not held to the lead time
    soon = replace(state.policy, lead_time_s=0, deadline_s=None)
    asking = replace(state, policy=soon, bookings={**state.bookings, booking.id: later})
    options = options_for(asking, booking.id, now_s)
    risk = PromiseAtRisk(
        booking.id,
        booking.promise,
        times.pickup_s if times else None,
        times.arrival_s if times else None,
        Reason.CONNECTION_LATE,
        options,
    )
    shift = booking.shift if rides_on(booking, booking.shift) else None
    return risk, Alarm(AlarmCode.CONNECTION_MISSED, shift, booking.id)
