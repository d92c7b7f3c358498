"""A bus stands still: riders on board first, then all who were waiting for it."""

from collections.abc import Sequence
from dataclasses import replace

from dispatch.errors import IllegalEvent
from dispatch.events import Alarm, AlarmCode, Reason, State, VehicleBrokeDown
from dispatch.handlers.expected import RIDING
from dispatch.handlers.finding import shift_of
from dispatch.handlers.placing import seated_anew
from dispatch.handlers.stopping import stopped
from dispatch.handlers.telling import Circumstances, Decision, finish
from dispatch.model import Booking, BookingId, RideStatus, Shift, Visit, VisitId, VisitStatus
from dispatch.past import last_fact
from dispatch.schedule.opening import tour_of


def broke_down(state: State, event: VehicleBrokeDown, now_s: int) -> Decision:
    """End a shift where its bus stands, and find other buses for everybody.

    Who is aboard leaves there and takes the soonest bus there is, however late; who waits elsewhere gets
    one that keeps the promise, or a call. Later shifts of the same bus are lost as well.
    """
    shift = shift_of(state, event.shift)
    if not 0 <= event.place < state.travel.size:
        raise IllegalEvent(
            "place-unknown",
            f"Place {event.place} of the breakdown is not in the travel tables; add it first.",
        )
    visits, name = tour_of(state, shift.id).visits, VisitId(f"{shift.id}-breakdown")
    if any(visit.id == name for visit in visits):
        return state, ()
    after, left = stopped(state, shift)
    if last_fact(visits) >= 0:
        after, stranded = _stranded(after, shift, event, name)
        left += stranded
    for other in state.shifts.values():
        if other.vehicle == shift.vehicle and other.start_s > shift.start_s:
            after, more = stopped(after, other)
            left += more
    others = [key for key in after.shifts if key != shift.id]
    after = seated_anew(after, left, now_s, others)
    alarm = Alarm(AlarmCode.BREAKDOWN, shift.id)
    return finish(state, after, Circumstances(now_s, Reason.BREAKDOWN), (alarm,))


def _stranded(
    state: State, shift: Shift, event: VehicleBrokeDown, name: VisitId
) -> tuple[State, list[BookingId]]:
    """Cut a tour after its last report and let everybody leave where the bus stands."""
    tour = state.tours[shift.id]
    last = last_fact(tour.visits)
    driven, waiting = _driven(state, tour.visits[: last + 1], event)
    bookings = {**state.bookings, **_outcomes(state, driven)}
    ahead = (key for visit in tour.visits[last + 1 :] for key in visit.alight)
    aboard = [key for key in ahead if bookings[key].status is RideStatus.ABOARD]
    at_s = max(event.at_s, driven[-1].depart_s)
    stop = Visit(name, event.place, at_s, at_s, alight=tuple(aboard), status=VisitStatus.DEPARTED)
    for key in aboard:
        bookings[key] = _left_at(bookings[key], shift, event)
    for key in waiting:
        bookings[key] = replace(bookings[key], status=RideStatus.UNASSIGNED)
    ended = replace(state.shifts[shift.id], end_s=max(min(at_s, shift.end_s), shift.start_s + 1))
    state = replace(
        state,
        shifts={**state.shifts, shift.id: ended},
        tours={**state.tours, shift.id: replace(tour, visits=(*driven, stop))},
        bookings=bookings,
    )
    home = {key for key in aboard if bookings[key].status is RideStatus.DONE}
    return state, [key for key in (*aboard, *waiting) if key not in home]


def _driven(
    state: State, visits: Sequence[Visit], event: VehicleBrokeDown
) -> tuple[list[Visit], list[BookingId]]:
    """Return the visits up to the last report as left, and who still waits at the one the bus is at."""
    waiting: list[BookingId] = []
    last = visits[-1]
    if last.status is VisitStatus.ARRIVED:
        if last.place == event.place:
            booked = RideStatus.BOOKED
            waiting = [key for key in last.board if state.bookings[key].status is booked]
        board = tuple(key for key in last.board if key not in waiting)
        depart_s = max(last.arrive_s, event.at_s)
        last = replace(last, board=board, depart_s=depart_s)
    driven = [replace(v, status=VisitStatus.DEPARTED) for v in (*visits[:-1], last)]
    return driven, waiting


def _outcomes(state: State, driven: Sequence[Visit]) -> dict[BookingId, Booking]:
    """Riders as the visits that are behind the bus leave them, reported or not."""
    heard: dict[BookingId, Booking] = {}
    for visit in driven:
        for key, status in (
            *((key, RideStatus.DONE) for key in visit.alight),
            *((key, RideStatus.ABOARD) for key in visit.board),
        ):
            booking = heard.get(key, state.bookings[key])
            if booking.status in RIDING:
                heard[key] = replace(booking, status=status)
    return heard


def _left_at(booking: Booking, shift: Shift, event: VehicleBrokeDown) -> Booking:
    """Return the booking of a rider who got off where the bus stands; perhaps they are there."""
    if booking.request.destination == event.place:
        return replace(booking, status=RideStatus.DONE)
    return replace(
        booking,
        status=RideStatus.UNASSIGNED,
        stranded_at=event.place,
        carried_by=(*booking.carried_by, shift.id),
        boarded_s=None,
    )
