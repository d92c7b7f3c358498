"""The end of a service day, and what still counts after it."""

from collections.abc import Iterator
from dataclasses import replace

from dispatch.events import Alarm, AlarmCode, DayClosed, Effect, RideChanged, State
from dispatch.handlers.expected import RIDING
from dispatch.handlers.telling import Decision
from dispatch.model import RideStatus


def day_closed(state: State, _event: DayClosed, _now_s: int) -> Decision:
    """End the day: rides nobody reported are presumed to have happened as planned, and looked into.

    Visits keep what was reported and planned, so that a late report still brings the real times.
    """
    if state.closed:
        return state, ()
    after = replace(presumed(state), closed=True, version=state.version + 1)
    return after, tuple(_loose_ends(state, after))


def presumed(state: State) -> State:
    """Presume that every ride in a tour came to its end."""
    ended = {
        key: replace(booking, status=RideStatus.DONE)
        for key, booking in state.bookings.items()
        if booking.status in RIDING
    }
    return replace(state, bookings={**state.bookings, **ended})


def _loose_ends(before: State, after: State) -> Iterator[Effect]:
    for key, booking in after.bookings.items():
        if booking is not before.bookings[key]:
            yield RideChanged(booking)
            yield Alarm(AlarmCode.RIDE_UNREPORTED, booking.shift, key)
        elif booking.status is RideStatus.UNASSIGNED:
            yield Alarm(AlarmCode.RIDE_UNASSIGNED, booking.shift, key)
