"""What the driver reports of visits: reached and left, who came and who did not.

Reports may come twice, hours late and in any order; what follows is the same, see ``facts``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dispatch.errors import IllegalEvent
from dispatch.events import (
    NoShowReported,
    Reason,
    RiderBoarded,
    State,
    VisitArrived,
    VisitDeparted,
)
from dispatch.handlers.closing import presumed
from dispatch.handlers.coming_back import put_back
from dispatch.handlers.expected import rides_on
from dispatch.handlers.facts import Report, says_nothing_new, status_after, with_report
from dispatch.handlers.finding import booking_of
from dispatch.handlers.given_up import give_up, left_out_at, report_left_out
from dispatch.handlers.leaving import Retime, retimed_at, retimed_from_facts, unharmed
from dispatch.handlers.placing import with_room_used
from dispatch.handlers.relief import broken, relieved
from dispatch.handlers.telling import Circumstances, Decision, finish
from dispatch.model import (
    Booking,
    BookingId,
    RideStatus,
    Shift,
    Visit,
    VisitStatus,
)
from dispatch.past import as_happened, last_fact
from dispatch.tours import locate, with_visits


def arrived(state: State, event: VisitArrived, now_s: int) -> Decision:
    """Take down when the doors opened; schedule again what follows."""
    if left_out_at(state, event.visit):
        return report_left_out(state, event)
    shift, k = locate(state, event.visit)
    return _Page(state, event, shift, k, now_s).decide({})


def departed(state: State, event: VisitDeparted, now_s: int) -> Decision:
    """Take down when the bus left and who is aboard; schedule again what follows."""
    for key in event.no_shows:
        booking_of(state, key)
    if left_out_at(state, event.visit):
        return report_left_out(state, event)
    shift, k = locate(state, event.visit)
    visit = state.tours[shift.id].visits[k]
    statuses = dict.fromkeys(visit.alight, RideStatus.DONE)
    statuses |= dict.fromkeys(visit.board, RideStatus.ABOARD)
    statuses |= {key: RideStatus.NO_SHOW for key in visit.board if key in event.no_shows}
    return _Page(state, event, shift, k, now_s).decide(statuses)


def boarded(state: State, event: RiderBoarded, now_s: int) -> Decision:
    """Take down that a rider is aboard; if they had been given up, they are brought where they want to."""
    shift, k = _boards_at(state, event)
    return _Page(state, event, shift, k, now_s).decide({event.booking: RideStatus.ABOARD})


def no_show(state: State, event: NoShowReported, now_s: int) -> Decision:
    """Take down that a rider did not come.

    While the waiting time still runs the report is refused. Afterwards it is believed whatever time it
    names: who has not come by now did not come. So is one about a visit the bus has left.
    """
    shift, k = _boards_at(state, event)
    visit, booking = state.tours[shift.id].visits[k], state.bookings[event.booking]
    opened_s = event.at_s if visit.status is VisitStatus.PLANNED else visit.arrive_s
    until_s = max(opened_s, booking.promise.pickup_from_s) + state.policy.wait_s
    waits = booking.status is RideStatus.BOOKED and visit.status is not VisitStatus.DEPARTED
    if waits and now_s < until_s:
        raise IllegalEvent(
            "still-waiting",
            f"Booking {booking.id} has until {until_s} s to come to visit {visit.id}; wait for them.",
        )
    return _Page(state, event, shift, k, now_s).decide({event.booking: RideStatus.NO_SHOW})


@dataclass(frozen=True, slots=True)
class _Page:
    """One report in its place: about visit ``k`` of the tour of ``shift``."""

    state: State
    event: Report
    shift: Shift
    k: int
    now_s: int

    def decide(self, said: dict[BookingId, RideStatus]) -> Decision:
        """Put the visit and what is said of its riders into the state and let everything follow."""
        before, known = self.state, self._known
        riders = self._riders(said)
        heard = replace(before, bookings={**before.bookings, **riders})
        visit = with_report(heard, known[self.k], self.event)
        if not riders and says_nothing_new(visit, known[self.k]):
            return before, ()
        visits = (*known[: self.k], visit, *known[self.k + 1 :])
        happened = as_happened(heard, visits)
        after = self._after(heard, happened, riders)
        if happened != visits and broken(before, after, self.event):
            after = self._after(heard, visits, riders)
        back = any(self._was_given_up(key) for key in riders)
        if back:
            after = relieved(before, after, self.event, self.now_s)
        after = with_room_used(before, after, self.now_s)
        reason = Reason.NO_SHOW_UNDONE if back else Reason.LATE
        return finish(before, after, Circumstances(self.now_s, reason))

    def _after(
        self, heard: State, visits: Sequence[Visit], riders: dict[BookingId, Booking]
    ) -> State:
        """Return the state with these visits and what follows; a closed day presumes the rest."""
        tour = with_visits(heard, heard.tours[self.shift.id], visits)
        after = replace(heard, tours={**heard.tours, self.shift.id: tour})
        after = self._retold(after, visits, riders)
        return presumed(after) if self.state.closed else after

    def _retold(
        self, after: State, visits: Sequence[Visit], riders: dict[BookingId, Booking]
    ) -> State:
        """Return the state with riders given up or back, and new times."""
        moved = [visit.id for visit in visits] != [visit.id for visit in self._known]
        retime = self._retime(after, from_facts=moved)
        for key, booking in riders.items():
            given_up = booking.status is RideStatus.NO_SHOW
            if given_up and not self._was_given_up(key):
                kept = retime(after, self.shift.id)
                after = unharmed(kept, give_up(after, key), self.shift.id, retime)
        back = [key for key in riders if self._was_given_up(key)]
        for key in back:
            after = put_back(after, self.shift, key, self.now_s)
        if back:
            return retimed_from_facts(after, self.shift.id)
        return retime(after, self.shift.id)

    @property
    def _known(self) -> tuple[Visit, ...]:
        return self.state.tours[self.shift.id].visits

    def _riders(self, said: dict[BookingId, RideStatus]) -> dict[BookingId, Booking]:
        """Bookings that become others by what is said of them."""
        heard = {}
        for key, status in said.items():
            old = self.state.bookings[key]
            if not rides_on(old, self.shift.id):
                continue  # a late word about a bus they have left; where they are now, others say
            new = replace(old, status=status_after(old, status))
            if isinstance(self.event, RiderBoarded):
                known_s = self.event.at_s if old.boarded_s is None else old.boarded_s
                new = replace(new, boarded_s=min(known_s, self.event.at_s))
            if new != old:
                heard[key] = new
        return heard

    def _was_given_up(self, key: BookingId) -> bool:
        named = isinstance(self.event, RiderBoarded)
        return named and self.state.bookings[key].status is RideStatus.NO_SHOW

    def _retime(self, after: State, *, from_facts: bool) -> Retime:
        """Choose how the tour goes on: from this report if no later one is known, else from now."""
        visits = after.tours[self.shift.id].visits
        latest = visits[last_fact(visits)].id == self.event.visit
        return retimed_from_facts if from_facts or latest else retimed_at(self.now_s)


def _boards_at(state: State, event: RiderBoarded | NoShowReported) -> tuple[Shift, int]:
    """Find the visit of a report about a rider.

    Raises
    ------
    IllegalEvent
        ``booking-unknown``, ``visit-unknown``, ``not-boarding-here``.
    """
    booking_of(state, event.booking)
    shift, k = locate(state, event.visit)
    if event.booking not in state.tours[shift.id].visits[k].board:
        raise IllegalEvent(
            "not-boarding-here",
            f"Booking {event.booking} does not board at visit {event.visit}; fetch the tours again.",
        )
    return shift, k
