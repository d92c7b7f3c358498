"""What the driver reports: visits reached and left, who came and who did not.

Reports may come twice, hours late and in any order. The first report of a departure says who boarded;
later ones change nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from dispatch.errors import IllegalEvent
from dispatch.events import (
    Effect,
    PromiseAtRisk,
    RideChanged,
    State,
    TourChanged,
    VisitArrived,
    VisitDeparted,
)
from dispatch.model import (
    Booking,
    BookingId,
    RideStatus,
    Shift,
    ShiftId,
    Visit,
    VisitStatus,
)
from dispatch.schedule.opening import tour_of
from dispatch.schedule.retime import retime_at, retime_from_facts
from dispatch.tours import in_order, last_fact, locate, service_s, without_ride

_RIDING = (RideStatus.BOOKED, RideStatus.ABOARD)


def visit_arrived(
    state: State, event: VisitArrived, now_s: int
) -> tuple[State, tuple[Effect, ...]]:
    """Take down when the doors opened; schedule again what follows."""
    shift, k = locate(state, event.visit)
    visit = state.tours[shift.id].visits[k]
    if visit.status is VisitStatus.PLANNED:
        # who boards may come until the end of the window, and never has to come before it
        promised_s = (state.bookings[key].promise.pickup_from_s for key in visit.board)
        depart_s = max(event.at_s + service_s(state, visit), *promised_s, 0)
        seen = replace(visit, arrive_s=event.at_s, depart_s=depart_s, status=VisitStatus.ARRIVED)
    elif visit.status is VisitStatus.DEPARTED:
        seen = replace(visit, arrive_s=min(event.at_s, visit.depart_s))
    else:
        seen = visit
    if seen == visit:
        return state, ()
    return _reported(state, shift, k, seen, {}, now_s)


def visit_departed(
    state: State, event: VisitDeparted, now_s: int
) -> tuple[State, tuple[Effect, ...]]:
    """Take down when the bus left and who is aboard; schedule again what follows."""
    shift, k = locate(state, event.visit)
    for key in event.no_shows:
        if key not in state.bookings:
            raise IllegalEvent(
                "booking-unknown", f"Nobody booked as {key}, so nobody can have failed to come."
            )
    visit = state.tours[shift.id].visits[k]
    if visit.status is VisitStatus.DEPARTED:
        return state, ()
    arrive_s = visit.arrive_s
    if visit.status is VisitStatus.PLANNED:
        arrive_s = min(arrive_s, event.at_s)
    left = replace(
        visit,
        arrive_s=arrive_s,
        depart_s=max(event.at_s, arrive_s),
        status=VisitStatus.DEPARTED,
    )
    return _reported(state, shift, k, left, _statuses(state, left, event.no_shows), now_s)


def _statuses(
    state: State, visit: Visit, no_shows: tuple[BookingId, ...]
) -> dict[BookingId, RideStatus]:
    """Where the rides at a visit stand once the bus has left it."""
    news = {}
    for key in visit.alight:
        if state.bookings[key].status in _RIDING:
            news[key] = RideStatus.DONE
    for key in visit.board:
        if key in no_shows:
            news[key] = RideStatus.NO_SHOW
        elif state.bookings[key].status is RideStatus.BOOKED:
            news[key] = RideStatus.ABOARD
    return news


def _reported(
    state: State,
    shift: Shift,
    k: int,
    visit: Visit,
    statuses: Mapping[BookingId, RideStatus],
    now_s: int,
) -> tuple[State, tuple[Effect, ...]]:
    """Put a reported visit and its riders' statuses into the state and let everything follow."""
    tour = state.tours[shift.id]
    visits = (*tour.visits[:k], visit, *tour.visits[k + 1 :])
    tour = replace(tour, visits=in_order(visits))
    changed = {key: replace(state.bookings[key], status=s) for key, s in statuses.items()}
    for key, booking in changed.items():
        if booking.status is RideStatus.NO_SHOW:
            tour = without_ride(state, tour, key, boarded=True)
    after = replace(
        state,
        tours={**state.tours, shift.id: tour},
        bookings={**state.bookings, **changed},
        version=state.version + 1,
    )
    is_latest = k == last_fact(tour.visits)
    tour = retime_from_facts(after, shift) if is_latest else retime_at(after, shift, now_s)
    after = replace(after, tours={**after.tours, shift.id: tour})
    rides = tuple(RideChanged(booking) for booking in changed.values())
    return after, (*rides, TourChanged(tour), *at_risk(state, after, shift.id))


def at_risk(before: State, after: State, shift: ShiftId) -> Iterator[PromiseAtRisk]:
    """Yield whom the change makes late, or later than was known before."""
    known = _expected(before, shift)
    for key, times in _expected(after, shift).items():
        pickup_s, arrival_s = times
        promise = after.bookings[key].promise
        late = arrival_s > promise.arrive_by_s
        if pickup_s is not None and pickup_s > promise.pickup_until_s:
            late = True
        if late and known.get(key) != times:
            yield PromiseAtRisk(key, promise, pickup_s, arrival_s)


def _expected(state: State, shift: ShiftId) -> dict[BookingId, tuple[int | None, int]]:
    """When each rider of a tour who is still to be served boards (None if aboard) and arrives."""
    visits = tour_of(state, shift).visits
    riding: dict[BookingId, Booking] = {
        key: state.bookings[key]
        for visit in visits
        for key in visit.alight
        if state.bookings[key].status in _RIDING
    }
    boards = {key: visit.arrive_s for visit in visits for key in visit.board}
    return {
        key: (boards[key] if riding[key].status is RideStatus.BOOKED else None, visit.arrive_s)
        for visit in visits
        for key in visit.alight
        if key in riding
    }
