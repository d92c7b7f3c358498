"""From two states to what must be told: the effects follow from the difference.

So nothing that changes goes unmentioned, whichever event it was.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from dispatch.events import (
    Alarm,
    AlarmCode,
    Effect,
    PromiseAtRisk,
    PromiseGiven,
    Reason,
    RideBooked,
    RideChanged,
    State,
    TimesImproved,
    TourChanged,
)
from dispatch.handlers.expected import Expected, expected, overrun_s
from dispatch.handlers.placing import options_for
from dispatch.model import BookingId, Offer, RideStatus, ShiftId, Tour

Decision = tuple[State, tuple[Effect, ...]]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """When an event is decided about, and what to say if it puts promises at risk."""

    now_s: int
    reason: Reason = Reason.LATE


def finish(
    before: State, after: State, about: Circumstances, first: Iterable[Effect] = ()
) -> Decision:
    """End a decision: the next version, ``first`` and then all that has to be told."""
    after = replace(after, version=before.version + 1)
    return after, (*first, *told(before, after, about))


def told(before: State, after: State, about: Circumstances) -> Iterator[Effect]:
    """Yield what to tell about the difference between two states."""
    yield from _bookings(before, after)
    changed = [
        key
        for key in {**before.tours, **after.tours}
        if before.tours.get(key, Tour(key)) != after.tours.get(key, Tour(key))
    ]
    yield from (TourChanged(after.tours.get(key, Tour(key))) for key in changed)
    calls = _Calls(after, about)
    yield from _unassigned(before, calls)
    then = _times(before, changed)
    now = _times(after, changed)
    for key in now:
        yield from _times_of_ride(before, calls, key, then.get(key), now[key])
    yield from _late_shifts(before, after, changed, then, now)


_OPTIONS_FOR = 20
"""How many riders an event may search options for: a closed road can make hundreds late at once."""


class _Calls:
    """Calls that follow from one event, the first of them with what could be offered instead."""

    def __init__(self, state: State, about: Circumstances) -> None:
        self.state = state
        self._about = about
        self._searches_left = _OPTIONS_FOR

    def to(self, key: BookingId, times: Expected | None) -> PromiseAtRisk:
        """Return the call to a rider; ``times`` are None if no bus carries them."""
        booking = self.state.bookings[key]
        options: tuple[Offer, ...] = ()
        if booking.status is not RideStatus.ABOARD and self._searches_left:
            self._searches_left -= 1
            options = options_for(self.state, key, self._about.now_s)
        return PromiseAtRisk(
            key,
            booking.promise,
            times.pickup_s if times else None,
            times.arrival_s if times else None,
            self._about.reason,
            options,
        )


def _bookings(before: State, after: State) -> Iterator[Effect]:
    for key, booking in after.bookings.items():
        old = before.bookings.get(key)
        if old is booking:
            continue
        if old is None:
            yield RideBooked(booking)
        elif old.promise != booking.promise:
            yield PromiseGiven(booking)
        elif old != booking:
            yield RideChanged(booking)


def _unassigned(before: State, calls: _Calls) -> Iterator[Effect]:
    """Yield calls to riders who have no bus any more, and to the coordinator."""
    for key, booking in calls.state.bookings.items():
        old = before.bookings.get(key)
        if booking.status is not RideStatus.UNASSIGNED or old is booking:
            continue
        if old is not None and old.status is RideStatus.UNASSIGNED:
            continue
        yield calls.to(key, None)
        stranded = booking.stranded_at is not None
        code = AlarmCode.RIDER_STRANDED if stranded else AlarmCode.RIDE_UNASSIGNED
        yield Alarm(code, booking.shift, key)


def _times(state: State, shifts: Iterable[ShiftId]) -> dict[BookingId, Expected]:
    return {key: times for shift in shifts for key, times in expected(state, shift).items()}


def _times_of_ride(
    before: State, calls: _Calls, key: BookingId, then: Expected | None, now: Expected
) -> Iterator[Effect]:
    """Yield that a ride will be late, or that it will be better than was known.

    A ride that is late already is told again when it falls back by another ``late_told_s``.
    """
    booking, old = calls.state.bookings[key], before.bookings.get(key)
    step_s = max(before.policy.late_told_s, 1)
    late_s = now.late_s(booking.promise)
    known_s = then.late_s(booking.promise) if then else 0
    if late_s > 0 and (known_s <= 0 or late_s // step_s > known_s // step_s):
        yield calls.to(key, now)
        return
    if then is None or old is None or old.promise != booking.promise or now.pickup_s is None:
        return
    gained_s = max(then.arrival_s - now.arrival_s, max(known_s, 0) - max(late_s, 0))
    if gained_s >= step_s and now.arrival_s <= then.arrival_s:
        yield TimesImproved(key, now.pickup_s, now.arrival_s)


def _late_shifts(
    before: State,
    after: State,
    shifts: Iterable[ShiftId],
    then: dict[BookingId, Expected],
    now: dict[BookingId, Expected],
) -> Iterator[Alarm]:
    """Yield shifts that fall behind: somebody is served late, or the bus is back late."""
    for key in shifts:
        if key in after.shifts and _is_late(after, key, now):
            known = key in before.shifts and _is_late(before, key, then)
            if not known:
                yield Alarm(AlarmCode.SHIFT_LATE, key)


def _is_late(state: State, key: ShiftId, times: dict[BookingId, Expected]) -> bool:
    late = any(
        times[ride].late_s(state.bookings[ride].promise) > 0
        for ride in times
        if state.bookings[ride].shift == key
    )
    return late or overrun_s(state, state.shifts[key]) > 0
