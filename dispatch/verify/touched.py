"""What differs between two states: a tour that is the same as before need not be looked at again."""

from collections.abc import Iterator

from dispatch.events import State
from dispatch.model import ShiftId


def touched(state: State, before: State | None) -> Iterator[ShiftId]:
    """Yield the shifts of which something that bears on their tours may differ.

    Whatever is the same object has not changed: all nouns are immutable. That a tour of hundreds of
    rides is not gone through for each booking of another bus is what lets the checker see every plan.
    """
    for key in state.shifts:
        if before is None or not (_same_world(state, before) and _same_tour(state, before, key)):
            yield key


def _same_world(state: State, before: State) -> bool:
    return (
        state.policy is before.policy
        and state.travel is before.travel
        and state.closed == before.closed
    )


def _same_tour(state: State, before: State, key: ShiftId) -> bool:
    shift, tour = state.shifts[key], state.tours.get(key)
    if shift is not before.shifts.get(key) or tour is not before.tours.get(key):
        return False
    if state.vehicles[shift.vehicle] is not before.vehicles.get(shift.vehicle):
        return False
    if state.delays.get(key) is not before.delays.get(key):
        return False
    riders = (ride for v in (tour.visits if tour else ()) for ride in (*v.board, *v.alight))
    return all(state.bookings[ride] is before.bookings.get(ride) for ride in riders)
