"""Rides: each carried exactly once, from its origin to its destination, by a bus that has what it needs."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from dispatch.events import State
from dispatch.model import (
    Booking,
    BookingId,
    PlaceIndex,
    RideStatus,
    ShiftId,
    VisitStatus,
)
from dispatch.verify.contents import contents
from dispatch.verify.findings import Violation

OPEN = (RideStatus.BOOKED, RideStatus.UNASSIGNED)
"""Rides that have not begun."""

_CARRIED = {
    RideStatus.BOOKED: (1, 1),
    RideStatus.UNASSIGNED: (0, 0),
    RideStatus.ABOARD: (1, 1),
    RideStatus.DONE: (1, 1),
    RideStatus.NO_SHOW: (1, 0),
    RideStatus.CANCELLED: (0, 0),
}
"""How often a ride boards and leaves its bus, by status: who did not come was at least waited for."""


@dataclass(frozen=True, slots=True)
class _Station:
    """A visit at which a ride boards or leaves."""

    shift: ShiftId
    k: int
    place: PlaceIndex
    status: VisitStatus


_Stations = dict[BookingId, list[_Station]]


def ride_violations(state: State, rides: Collection[BookingId]) -> Iterator[Violation]:
    """Yield those of some rides that are not carried as they should be."""
    boards, alights = _stations(state, rides)
    for key in rides:
        booking = state.bookings[key]
        yield from _legs(booking, boards.get(key, ()), alights.get(key, ()))
        yield from _ride(state, booking, *_on_its_bus(booking, boards, alights))
        yield from _linked(state, booking)


def _stations(state: State, rides: Collection[BookingId]) -> tuple[_Stations, _Stations]:
    """Where each of some rides boards, and where it leaves."""
    boards: _Stations = {}
    alights: _Stations = {}
    wanted = set(rides)
    for key, tour in state.tours.items():
        if wanted.isdisjoint(contents(tour).riders):
            continue
        for k, visit in enumerate(tour.visits):
            for found, keys in ((boards, visit.board), (alights, visit.alight)):
                for ride in keys:
                    if ride in wanted:
                        station = _Station(key, k, visit.place, visit.status)
                        found.setdefault(ride, []).append(station)
    return boards, alights


def _on_its_bus(
    booking: Booking, boards: _Stations, alights: _Stations
) -> tuple[Sequence[_Station], Sequence[_Station]]:
    """Return the stations of a ride but for those of buses that broke down."""
    before = booking.carried_by
    board, alight = boards.get(booking.id, ()), alights.get(booking.id, ())
    if not before:
        return board, alight
    return [s for s in board if s.shift not in before], [s for s in alight if s.shift not in before]


def _ride(
    state: State, booking: Booking, boards: Sequence[_Station], alights: Sequence[_Station]
) -> Iterator[Violation]:
    """Yield what is wrong with a ride on the bus it is on, or goes on with."""
    wanted, found = _CARRIED[booking.status], (len(boards), len(alights))
    if found != wanted:
        code = "unassigned-carried" if booking.status is RideStatus.UNASSIGNED else "ride-count"
        yield _wrong(
            booking,
            code,
            f"boards {found[0]} and leaves {found[1]} times instead of {wanted[0]} and {wanted[1]}",
        )
        return
    for station, place in (
        *((station, booking.pickup_place) for station in boards),
        *((station, booking.request.destination) for station in alights),
    ):
        if station.shift != booking.shift:
            yield _wrong(booking, "ride-shift", f"stands in shift {station.shift}")
        if station.place != place:
            yield _wrong(booking, "ride-place", f"wants place {place}, not {station.place}")
    if boards and alights and boards[0].k >= alights[0].k:
        yield _wrong(booking, "ride-order", "leaves before it boards")
    alight = alights[0].status if alights else None
    if not _borne_out(state, booking, boards[0].status if boards else None, alight):
        yield _wrong(booking, "ride-status", "is not where the reports of its visits say")
    if boards and booking.shift in state.shifts:
        vehicle = state.vehicles[state.shifts[booking.shift].vehicle]
        missing = booking.request.needs - vehicle.features
        if missing:
            yield _wrong(booking, "feature", f"needs {', '.join(sorted(missing))}")


def _borne_out(
    state: State, booking: Booking, board: VisitStatus | None, alight: VisitStatus | None
) -> bool:
    """Whether the reports of a ride's visits say what its status says.

    Once the day is closed, what nobody reported is presumed to have happened.
    """
    boarded, left = board is VisitStatus.DEPARTED, alight is VisitStatus.DEPARTED
    match booking.status:
        case RideStatus.DONE:
            return left or state.closed  # perhaps nobody ever reported where the ride began
        case RideStatus.NO_SHOW:
            return board is not VisitStatus.PLANNED and booking.boarded_s is None
        case RideStatus.ABOARD:
            named = board is VisitStatus.ARRIVED and booking.boarded_s is not None
            return (boarded or named) and not left and not state.closed
        case RideStatus.BOOKED:
            unheard = booking.boarded_s is None and not state.closed
            return not boarded and not left and unheard
        case _:
            return True


def _legs(
    booking: Booking, boards: Sequence[_Station], alights: Sequence[_Station]
) -> Iterator[Violation]:
    """Yield what is wrong with the parts of a ride that ended with a breakdown."""
    for leg, shift in enumerate(booking.carried_by):
        board = [station for station in boards if station.shift == shift]
        alight = [station for station in alights if station.shift == shift]
        if len(board) != 1 or len(alight) != 1 or board[0].k >= alight[0].k:
            yield _wrong(booking, "leg-count", f"does not board and leave once in shift {shift}")
            return
        if {board[0].status, alight[0].status} != {VisitStatus.DEPARTED}:
            yield _wrong(booking, "leg-open", f"was carried by shift {shift}, which is not driven")
        if leg == 0 and board[0].place != booking.request.origin:
            yield _wrong(booking, "leg-place", f"boards shift {shift} elsewhere than at its origin")
    if len(set(booking.carried_by)) != len(booking.carried_by):
        yield _wrong(booking, "leg-count", "was carried by one shift twice")
    if (booking.stranded_at is None) != (not booking.carried_by):
        yield _wrong(
            booking, "leg-place", "is stranded without a breakdown, or the other way round"
        )
    riding = booking.status not in {RideStatus.UNASSIGNED, RideStatus.CANCELLED}
    if riding and booking.shift in booking.carried_by:
        yield _wrong(booking, "leg-count", "goes on with the bus that broke down")


def _linked(state: State, booking: Booking) -> Iterator[Violation]:
    """Yield ways back that begin before their way out ends."""
    outward = state.bookings.get(booking.request.return_of) if booking.request.return_of else None
    if outward is None or outward.status is RideStatus.CANCELLED or booking.status not in OPEN:
        return
    if booking.promise.pickup_from_s < outward.promise.arrive_by_s:
        yield _wrong(booking, "return-early", f"begins before {outward.id} has arrived")


def _wrong(booking: Booking, code: str, what: str) -> Violation:
    message = f"Ride {booking.id} ({booking.status}, shift {booking.shift}) {what}."
    return Violation(code, message, shift=booking.shift, booking=booking.id)
