"""One tour under examination: who is where when, and how soon it could be."""

from dataclasses import dataclass

from dispatch.events import State
from dispatch.model import (
    UNREACHABLE,
    BookingId,
    PlaceIndex,
    RideStatus,
    Shift,
    ShiftId,
    Tour,
    Visit,
    VisitStatus,
)
from dispatch.verify.findings import Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a tour: at a visit (its index ``k``), of a ride, or of the tour as a whole.

    ``amount`` is by how much a limit is missed; None if it is no matter of degree. What is wrong ``at_end``
    is so whichever visit is the last.
    """

    code: str
    what: str
    k: int | None = None
    ride: BookingId | None = None
    amount: int | None = None
    severity: Severity = Severity.BROKEN
    at_end: bool = False


class Course:
    """The tour of a shift in a state. Visits up to the last reported one are the past.

    Parameters
    ----------
    state, key
        Which tour.
    """

    def __init__(self, state: State, key: ShiftId) -> None:
        self.state = state
        self.shift: Shift = state.shifts[key]
        self.visits = state.tours.get(key, Tour(key)).visits
        facts = (k for k, v in enumerate(self.visits) if v.status is not VisitStatus.PLANNED)
        self.ahead = max(facts, default=-1) + 1
        self.drives = [
            self.driving_s(self.place_before(k), v.place) for k, v in enumerate(self.visits)
        ]

    @property
    def carries_nobody(self) -> bool:
        """Whether the bus can stay in its depot, breaks or not."""
        return not any(visit.board or visit.alight for visit in self.visits)

    @property
    def is_movable(self) -> bool:
        """Whether some ride has not begun, so that it could leave the tour."""
        return any(visit.board for visit in self.visits[self.ahead :])

    def place_before(self, k: int) -> PlaceIndex:
        """Where the bus sets out for a visit."""
        return self.visits[k - 1].place if k else self.shift.start_place

    def leaves_before(self, k: int) -> int:
        """When the bus can set out for a visit."""
        return self.visits[k - 1].depart_s if k else self.shift.start_s

    def driving_s(self, origin: PlaceIndex, destination: PlaceIndex) -> int | None:
        """Planned driving; None where no road leads."""
        table_s = int(self.state.travel.seconds[origin, destination])
        return None if table_s >= UNREACHABLE else self.state.policy.driving_s(table_s)

    def home_s(self) -> int | None:
        """Planned driving from the last visit to the depot."""
        return self.driving_s(self.visits[-1].place, self.shift.end_place)

    def service_s(self, visit: Visit) -> int:
        """Seconds a halt takes at least."""
        if visit.pause is not None:
            return visit.pause.seconds
        policy, bookings = self.state.policy, self.state.bookings
        total_s = policy.stop_s
        for key in visit.board:
            if bookings[key].status is not RideStatus.NO_SHOW:
                total_s += policy.boarding_time_s(bookings[key].request.load)
        for key in visit.alight:
            total_s += policy.alighting_time_s(bookings[key].request.load)
        return total_s

    def aboard_after(self) -> list[set[BookingId]]:
        """Who is aboard after each visit."""
        aboard: set[BookingId] = set()
        result = []
        bookings = self.state.bookings
        for visit in self.visits:
            came = [b for b in visit.board if bookings[b].status is not RideStatus.NO_SHOW]
            aboard = aboard.difference(visit.alight).union(came)
            result.append(aboard)
        return result

    def soonest_s(self) -> list[int]:
        """Earliest arrival at each visit in this order: as fast as can be from the last report on."""
        bookings, delay = self.state.bookings, self.state.delays.get(self.shift.id)
        free_s = self.leaves_before(self.ahead)
        result = [visit.arrive_s for visit in self.visits[: self.ahead]]
        for k in range(self.ahead, len(self.visits)):
            visit = self.visits[k]
            at_s = free_s + (self.drives[k] or 0)
            if visit.pause is not None:
                at_s = max(at_s, visit.pause.from_s)
            for key in visit.board:
                at_s = max(at_s, bookings[key].promise.pickup_from_s)
            if delay is not None and delay.visit == visit.id:
                at_s = max(at_s, delay.not_before_s)
            result.append(at_s)
            free_s = at_s + self.service_s(visit)
        return result

    def riders(self) -> set[BookingId]:
        """Everybody who boards or leaves."""
        return {key for visit in self.visits for key in (*visit.board, *visit.alight)}
