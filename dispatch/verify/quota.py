"""Standing orders may not crowd out single calls."""

from collections.abc import Iterator

from dispatch.events import State
from dispatch.model import BookingId, RideStatus, ShiftId
from dispatch.verify.findings import Severity, Violation

_CARRIED = (RideStatus.BOOKED, RideStatus.ABOARD, RideStatus.DONE)


def quota_violations(state: State, before: State | None) -> Iterator[Violation]:
    """Yield shifts of which standing orders fill more than their share.

    That is late, not broken, if no ride was added: then roads or shift became others.
    """
    share = state.policy.standing_share
    if share >= 1:
        return
    for key, rides in _standing(state).items():
        shift = state.shifts[key]
        filled_s = sum(_direct_s(state, ride) for ride in rides)
        at_most_s = share * (shift.end_s - shift.start_s)
        if filled_s > at_most_s:
            added = before is None or not rides <= _standing(before).get(key, set())
            yield Violation(
                "standing-quota",
                f"Standing orders fill {filled_s} s of shift {key}, at most {at_most_s:.0f} s are theirs.",
                Severity.BROKEN if added else Severity.LATE,
                key,
                amount=round(filled_s - at_most_s),
            )


def _standing(state: State) -> dict[ShiftId, set[BookingId]]:
    """Rides of standing orders by the shift that carries them."""
    found: dict[ShiftId, set[BookingId]] = {}
    for key, booking in state.bookings.items():
        if (
            booking.request.standing
            and booking.status in _CARRIED
            and booking.shift in state.shifts
        ):
            found.setdefault(booking.shift, set()).add(key)
    return found


def _direct_s(state: State, ride: BookingId) -> int:
    request = state.bookings[ride].request
    table_s = int(state.travel.seconds[request.origin, request.destination])
    return state.policy.driving_s(table_s)
