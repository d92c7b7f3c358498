"""What differs between two states: what is the same as before need not be looked at again."""

from collections.abc import Collection
from dataclasses import dataclass

from dispatch.events import State
from dispatch.model import BookingId, ShiftId
from dispatch.verify.contents import contents


@dataclass(frozen=True, slots=True)
class Touched:
    """Shifts and rides of which something that bears on them may differ."""

    shifts: Collection[ShiftId]
    rides: Collection[BookingId]


def everything(state: State) -> Touched:
    """Return all shifts and rides."""
    return Touched(state.shifts, state.bookings)


def touched(state: State, before: State | None) -> Touched:
    """Compare two states.

    Whatever is the same object has not changed: all nouns are immutable. That hundreds of rides are not
    gone through for each booking of another bus is what lets the checker see every plan.
    """
    if before is None or not _same_world(state, before):
        return everything(state)
    rides = {key for key, b in state.bookings.items() if b is not before.bookings.get(key)}
    other = rides | (before.bookings.keys() - state.bookings.keys())
    shifts = {key for key in state.shifts if not _same_tour(state, before, key, other)}
    for key in {*state.tours, *before.tours} - (state.shifts.keys() - shifts):
        for world in (state, before):
            rides |= {ride for ride in _riders(world, key) if ride in state.bookings}
    rides |= {key for key, b in state.bookings.items() if b.request.return_of in rides}
    return Touched(shifts, rides)


def _same_world(state: State, before: State) -> bool:
    return (
        state.policy is before.policy
        and state.travel is before.travel
        and state.closed == before.closed
    )


def _same_tour(state: State, before: State, key: ShiftId, other: set[BookingId]) -> bool:
    """Whether nothing that bears on a tour differs; ``other`` are the rides that do."""
    shift = state.shifts[key]
    if shift is not before.shifts.get(key) or state.tours.get(key) is not before.tours.get(key):
        return False
    if state.vehicles.get(shift.vehicle) is not before.vehicles.get(shift.vehicle):
        return False
    if state.delays.get(key) is not before.delays.get(key):
        return False
    return other.isdisjoint(_riders(state, key))


def _riders(state: State, key: ShiftId) -> Collection[BookingId]:
    tour = state.tours.get(key)
    return contents(tour).riders if tour else ()
