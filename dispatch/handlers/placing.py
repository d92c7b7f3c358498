"""Rides that must find another place, and what else to offer who finds none."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace

from dispatch.alternatives import alternatives_for
from dispatch.events import State
from dispatch.handlers.expected import calm
from dispatch.handlers.leaving import freed, retimed_at
from dispatch.handlers.wanted import late_terms, promised_terms, request_from_here, urgency
from dispatch.insertion.search import Terms, find_all, tour_with
from dispatch.model import (
    Booking,
    BookingId,
    Offer,
    RideStatus,
    ShiftId,
    Tour,
    Visit,
    VisitId,
)
from dispatch.offers import offers_for
from dispatch.refusals import impossible
from dispatch.schedule.snapshot import Snapshot


def placed(
    state: State,
    booking: Booking,
    now_s: int,
    terms: Iterable[Terms],
    only: Container[ShiftId],
) -> State | None:
    """Put a ride that stands in no tour into the best of some, on the first terms that allow any.

    Its own shift goes first if that has a place. None if there is none at all. The booking in the new
    state is BOOKED on the shift found; visits of a ride that was booked before get names of their own,
    so that no late report of another bus can mean them.
    """
    snapshot = Snapshot.at(state, now_s)
    for wanted in terms:
        found = [place for place in find_all(snapshot, wanted) if place.shift.id in only]
        if not found:
            continue
        best = next((place for place in found if place.shift.id == booking.shift), found[0])
        tour = tour_with(snapshot, wanted, best)
        if booking.id in state.bookings:
            tour = _renamed(tour, booking.id, state.version + 1)
        seated = replace(booking, status=RideStatus.BOOKED, shift=tour.shift)
        return replace(
            state,
            tours={**state.tours, tour.shift: tour},
            bookings={**state.bookings, booking.id: seated},
        )
    return None


def _renamed(tour: Tour, key: BookingId, version: int) -> Tour:
    """Give the visits made for a ride names that were never used."""
    new = {
        VisitId(f"{key}-{end}"): VisitId(f"{key}-{end}-{version}") for end in ("board", "alight")
    }

    def made_for_it(visit: Visit) -> bool:
        return visit.id in new and (*visit.board, *visit.alight) == (key,)

    return replace(
        tour,
        visits=tuple(
            replace(visit, id=new[visit.id]) if made_for_it(visit) else visit
            for visit in tour.visits
        ),
    )


def unassigned(state: State, key: BookingId) -> State:
    """Say that no bus serves a ride (it stands in no tour already)."""
    waiting = replace(state.bookings[key], status=RideStatus.UNASSIGNED)
    return replace(state, bookings={**state.bookings, key: waiting})


def seated_anew(
    state: State, keys: Sequence[BookingId], now_s: int, only: Container[ShiftId]
) -> State:
    """Give rides that stand in no tour places in some shifts, the most urgent first.

    Nobody else's promise may suffer. Who was told a time gets a bus that keeps it or is UNASSIGNED, who
    was stranded the soonest there is.
    """
    for booking in sorted((state.bookings[key] for key in keys), key=urgency):
        stranded = booking.stranded_at is not None
        terms = late_terms(booking) if stranded else (promised_terms(booking),)
        found = placed(state, booking, now_s, terms, only)
        state = unassigned(state, booking.id) if found is None else found
    return state


def with_room_used(before: State, after: State, now_s: int) -> State:
    """Try rides no bus serves again, now that there may be room somewhere."""
    waiting = [key for key, b in after.bookings.items() if b.status is RideStatus.UNASSIGNED]
    if after.closed or not waiting:
        return after
    return seated_anew(after, waiting, now_s, calm(before, after))


def options_for(state: State, key: BookingId, now_s: int) -> tuple[Offer, ...]:
    """Find what to offer to a rider instead: answers to the wish, or the rides nearest to it."""
    booking = state.bookings[key]
    without = freed(state, key, retimed_at(now_s))
    request = request_from_here(booking)
    if impossible(without, request, now_s) is not None:
        return ()
    snapshot = Snapshot.at(without, now_s)
    return offers_for(snapshot, request) or alternatives_for(snapshot, request)
