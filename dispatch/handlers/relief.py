"""When a plan cannot stand as it is: which rides must leave their tour so that the rest is right."""

from collections.abc import Iterator

from dispatch.errors import IllegalEvent
from dispatch.events import Event, State
from dispatch.handlers.expected import calm, expected, overrun_s, suffering
from dispatch.handlers.leaving import freed, retimed_from_facts
from dispatch.handlers.placing import seated_anew, unassigned
from dispatch.model import BookingId, RideStatus, ShiftId
from dispatch.past import last_fact
from dispatch.schedule.opening import tour_of
from dispatch.verify import Severity, Violation, verify


def relieved(before: State, after: State, event: Event, now_s: int) -> State:
    """Take rides that have not begun out of tours until the checker finds nothing broken any more.

    They get places elsewhere, or are UNASSIGNED.

    Raises
    ------
    IllegalEvent
        ``plan-impossible``: what is left are rides under way, or breaks; a person must decide.
    """
    left: list[BookingId] = []
    while found := broken(before, after, event):
        keys: dict[ShiftId | None, BookingId] = {}
        for violation in found:
            for key in _dispensable(after, violation):
                keys.setdefault(violation.shift, key)
        if not keys:
            raise IllegalEvent(
                "plan-impossible",
                f"After this no plan is right for who is under way: {found[0].message}",
            )
        for key in keys.values():
            after = without(after, key)
        left += keys.values()
    return seated_anew(after, left, now_s, calm(before, after))


def without(state: State, key: BookingId) -> State:
    """Take a ride out of its tour as unassigned and schedule that again from its last report."""
    return unassigned(freed(state, key, retimed_from_facts), key)


def movable(state: State, shift: ShiftId) -> list[BookingId]:
    """Rides of a tour that have not begun: their pickup is after the last report; by their drop-off.

    None of a day that is closed: those are presumed to have happened.
    """
    visits = tour_of(state, shift).visits
    ahead = visits[last_fact(visits) + 1 :]
    booked = state.bookings
    boarding = {k for v in ahead for k in v.board if booked[k].status is RideStatus.BOOKED}
    return [key for visit in ahead for key in visit.alight if key in boarding]


def shrunk(before: State, after: State, shift: ShiftId) -> tuple[State, list[BookingId]]:
    """Take rides out of a tour until nobody on it misses more than before and the bus is back in time.

    The last of those who would be late goes first. Returns the state and who was taken out.
    """
    left: list[BookingId] = []
    then, then_over_s = expected(before, shift), 0
    if shift in before.shifts:
        then_over_s = overrun_s(before, before.shifts[shift])
    while candidates := movable(after, shift):
        late = set(suffering(after, then, expected(after, shift)))
        if not late and overrun_s(after, after.shifts[shift]) <= then_over_s:
            break
        key = next((key for key in reversed(candidates) if key in late), candidates[-1])
        after = without(after, key)
        left.append(key)
    return after, left


def broken(before: State, after: State, event: Event) -> list[Violation]:
    """Find what is broken according to the checker, not just late."""
    return [v for v in verify(after, before, event) if v.severity is Severity.BROKEN]


def _dispensable(state: State, violation: Violation) -> Iterator[BookingId]:
    """Yield rides whose leaving may mend something broken: whose it is, who is there, the tour's last."""
    if violation.shift is None or violation.shift not in state.tours:
        return
    candidates = movable(state, violation.shift)
    visits = state.tours[violation.shift].visits
    there = {key for v in visits if v.id == violation.visit for key in (*v.alight, *v.board)}
    yield from (key for key in candidates if key == violation.booking)
    yield from (key for key in candidates if key in there)
    yield from reversed(candidates)
