"""What a tour costs: the objective, priced from plain visits.

Promises and rides served come before all of this; it ranks plans that keep and serve the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from dispatch.events import State
from dispatch.model import (
    BookingId,
    PlaceIndex,
    RideStatus,
    Shift,
    ShiftId,
    Tour,
    Visit,
    VisitStatus,
    persons,
)
from dispatch.policy import Policy
from dispatch.schedule.opening import tour_of
from dispatch.tours import driving_s, service_s


@dataclass(frozen=True, slots=True)
class Price:
    """One tour's use of time and way, depot to depot.

    ``excess_s`` are passenger-seconds aboard beyond the direct ride, ``waiting_s`` those of them in a
    bus that waits for somebody's window, ``risk_s`` the seconds by which visits ahead lack the slack
    ``policy.risk_slack_s`` behind them, ``used`` is 1 for a tour that carries anybody.
    """

    driving_s: int = 0
    metres: int = 0
    excess_s: int = 0
    used: int = 0
    waiting_s: int = 0
    risk_s: int = 0

    def weighted(self, policy: Policy) -> float:
        """Return everything in seconds of driving."""
        return (
            self.driving_s
            + policy.weight_metre * self.metres
            + policy.weight_ride * self.excess_s
            + policy.weight_shift * self.used
            + policy.weight_wait * self.waiting_s
            + policy.weight_risk * self.risk_s
        )


def cost_of(state: State, shifts: Iterable[ShiftId]) -> float:
    """Add up what the tours of some shifts cost, in seconds of driving."""
    return sum(price_of(state, state.shifts[key]).weighted(state.policy) for key in shifts)


def price_of(state: State, shift: Shift, tour: Tour | None = None) -> Price:
    """Price the tour a shift has, or another one instead."""
    visits = (tour_of(state, shift.id) if tour is None else tour).visits
    if not visits:
        return Price()
    places = [shift.start_place, *(visit.place for visit in visits), shift.end_place]
    legs = list(pairwise(places))
    return Price(
        driving_s=sum(driving_s(state, a, b) for a, b in legs),
        metres=sum(int(state.travel.metres[a, b]) for a, b in legs),
        excess_s=_excess_s(state, visits),
        used=int(any(visit.board or visit.alight for visit in visits)),
        waiting_s=_waiting_s(state, visits, places),
        risk_s=_risk_s(state, shift, visits),
    )


def _carried(state: State, key: BookingId) -> int:
    """People of a party that ride, or will."""
    booking = state.bookings[key]
    return 0 if booking.status is RideStatus.NO_SHOW else persons(booking.request.load)


def _excess_s(state: State, visits: Iterable[Visit]) -> int:
    left: dict[BookingId, Visit] = {}
    total = 0
    for visit in visits:
        for key in visit.alight:
            board = left[key]
            direct_s = driving_s(state, board.place, visit.place)
            beyond_s = visit.arrive_s - board.depart_s - direct_s
            total += _carried(state, key) * max(beyond_s, 0)
        left.update((key, visit) for key in visit.board)
    return total


def _waiting_s(state: State, visits: Iterable[Visit], places: list[PlaceIndex]) -> int:
    aboard, free_s, total = 0, 0, 0
    for last, visit in zip(places, visits, strict=False):
        idle_s = visit.arrive_s - free_s - driving_s(state, last, visit.place)
        total += aboard * max(idle_s, 0)
        aboard += sum(_carried(state, key) for key in visit.board)
        aboard -= sum(_carried(state, key) for key in visit.alight)
        free_s = visit.depart_s
    return total


def _risk_s(state: State, shift: Shift, visits: Sequence[Visit]) -> int:
    """Add up what visits ahead lack in slack: how much later each could be with every promise kept."""
    by_s, place, total = shift.end_s, shift.end_place, 0
    for visit in reversed(visits):
        if visit.status is not VisitStatus.PLANNED:
            break
        by_s -= driving_s(state, visit.place, place) + service_s(state, visit)
        by_s = min(by_s, _latest_s(state, visit))
        total += max(state.policy.risk_slack_s - (by_s - visit.arrive_s), 0)
        place = visit.place
    return total


def _latest_s(state: State, visit: Visit) -> int:
    """When the doors must be open at the latest for what was told, or for a break to end in time."""
    if visit.pause is not None:
        return visit.pause.until_s - visit.pause.seconds
    until_s = [state.bookings[key].promise.pickup_until_s for key in visit.board]
    return min(until_s + [state.bookings[key].promise.arrive_by_s for key in visit.alight])
