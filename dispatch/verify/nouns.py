"""Ids that lead nowhere, things that stand twice, loads and promises that make no sense."""

from collections.abc import Iterator
from itertools import pairwise

from dispatch.events import State
from dispatch.model import LOAD_KINDS, Booking, Shift, ShiftId, Tour, VisitId, VisitStatus
from dispatch.verify.contents import contents
from dispatch.verify.findings import Severity, Violation
from dispatch.verify.touched import Touched


def unknowns(state: State, scope: Touched) -> Iterator[Violation]:
    """Yield what the other checks would stumble over."""
    for shift_id in scope.shifts:
        yield from _shift(state, shift_id, state.shifts[shift_id])
    for booking_id in scope.rides:
        booking = state.bookings[booking_id]
        if booking_id != booking.id or booking_id != booking.request.id:
            yield Violation(
                "booking-id", f"Booking {booking_id} has other names inside.", booking=booking_id
            )
        yield from _booking(state, booking)
    seen: set[VisitId] = set()
    for key, tour in state.tours.items():
        visits = contents(tour).visits
        if key in scope.shifts or key not in state.shifts or not seen.isdisjoint(visits):
            yield from _tour(state, key, tour, seen)
        seen |= visits


def _shift(state: State, key: ShiftId, shift: Shift) -> Iterator[Violation]:
    if key != shift.id:
        yield Violation("shift-unknown", f"Shift {key} has another name inside.", shift=key)
    vehicle = state.vehicles.get(shift.vehicle)
    if vehicle is None or vehicle.id != shift.vehicle:
        yield Violation("vehicle-unknown", f"Shift {key} has no vehicle.", shift=key)
    places = [shift.start_place, shift.end_place]
    places += [pause.place for pause in shift.breaks if pause.place is not None]
    if any(not 0 <= place < state.travel.size for place in places):
        yield Violation("place-unknown", f"Shift {key} has a place that is nowhere.", shift=key)
    if shift.start_s >= shift.end_s:
        yield Violation("shift-times", f"Shift {key} ends before it starts.", shift=key)


def _booking(state: State, booking: Booking) -> Iterator[Violation]:
    request, promise = booking.request, booking.promise
    places = [request.origin, request.destination]
    places += [] if booking.stranded_at is None else [booking.stranded_at]
    if any(not 0 <= place < state.travel.size for place in places):
        yield Violation(
            "place-unknown",
            f"Booking {booking.id} has a place that is nowhere.",
            booking=booking.id,
        )
    load = request.load
    if len(load) != len(LOAD_KINDS) or min(load) < 0 or max(load) == 0:
        yield Violation(
            "load-wrong", f"Booking {booking.id} takes up room {load}.", booking=booking.id
        )
    kept = promise.pickup_from_s <= promise.pickup_until_s and promise.ride_at_most_s >= 0
    if not kept or promise.arrive_by_s < promise.pickup_from_s:
        yield Violation(
            "promise-impossible",
            f"What booking {booking.id} was promised contradicts itself.",
            booking=booking.id,
        )


def _tour(state: State, key: ShiftId, tour: Tour, seen: set[VisitId]) -> Iterator[Violation]:
    if key not in state.shifts or tour.shift != key:
        yield Violation("shift-unknown", f"Tour {key} belongs to no shift.", shift=key)
    for visit in tour.visits:
        if visit.id in seen:
            yield Violation(
                "visit-twice", f"Visit {visit.id} stands twice.", shift=key, visit=visit.id
            )
        seen.add(visit.id)
        if not 0 <= visit.place < state.travel.size:
            yield Violation(
                "place-unknown", f"Visit {visit.id} is nowhere.", shift=key, visit=visit.id
            )
        for ride in (*visit.board, *visit.alight):
            if ride not in state.bookings:
                yield Violation(
                    "booking-unknown", f"Nobody booked as {ride}.", shift=key, booking=ride
                )


def shift_clashes(state: State) -> Iterator[Violation]:
    """Yield shifts that need one vehicle or one driver at the same time.

    That is late, not broken, once one of them is driven: riders aboard are brought home even if that takes
    longer than planned.
    """
    groups: dict[tuple[str, str], list[Shift]] = {}
    for shift in state.shifts.values():
        groups.setdefault(("vehicle", shift.vehicle), []).append(shift)
        if shift.driver:
            groups.setdefault(("driver", shift.driver), []).append(shift)
    for (what, name), shifts in groups.items():
        shifts.sort(key=lambda shift: (shift.start_s, shift.id))
        for one, other in pairwise(shifts):
            if other.start_s < one.end_s:
                driven = _driven(state, one) or _driven(state, other)
                yield Violation(
                    "shift-overlap",
                    f"Shifts {one.id} and {other.id} overlap, but have the same {what} {name}.",
                    Severity.LATE if driven else Severity.BROKEN,
                    other.id,
                )


def _driven(state: State, shift: Shift) -> bool:
    tour = state.tours.get(shift.id)
    return tour is not None and any(v.status is not VisitStatus.PLANNED for v in tour.visits)
