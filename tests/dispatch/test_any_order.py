"""Whatever happens in whatever order, the plan stays whole and every promise stands."""

from typing import Any

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from dispatch.engine import decide
from dispatch.errors import IllegalEvent
from dispatch.events import (
    BookingCancelled,
    Event,
    OfferGone,
    OffersMade,
    OfferTaken,
    RideRequested,
    ShiftOpened,
    State,
    TravelChanged,
    VisitArrived,
    VisitDeparted,
)
from dispatch.model import (
    BookingId,
    Limit,
    Offer,
    PlaceIndex,
    Request,
    RideStatus,
    Shift,
    ShiftId,
    TimeKind,
    Travel,
    Vehicle,
    VehicleId,
)
from dispatch.policy import Policy
from dispatch.verify import check_plan

PLACES = 6
EIGHT, ONE = 8 * 3600, 13 * 3600


def town(stretch: float) -> Travel:
    """Places on a ring; ``stretch`` slows every road down."""
    around = np.arange(PLACES)
    apart = np.abs(np.subtract.outer(around, around))
    apart = np.minimum(apart, PLACES - apart)
    metres = (apart * 4000).astype(np.int32)
    return Travel(np.ceil(metres / 10 * stretch).astype(np.int32), metres)


class Service(RuleBasedStateMachine):
    """One day with two buses; each step is one event, checked before the next."""

    @initialize()
    def open(self) -> None:
        """Open both shifts."""
        self.now_s = 6 * 3600
        self.number = 0
        self.offers: list[Offer] = []
        self.state = State(Policy(lead_time_s=0, travel_factor=1.0), town(1.0))
        for name in ("one", "two"):
            vehicle = Vehicle(
                VehicleId(name), name, (Limit((1, 2, 0, 0), 8), Limit((0, 1, 0, 0), 1))
            )
            place = PlaceIndex(0)
            shift = Shift(ShiftId(name), vehicle.id, "", EIGHT, ONE, place, place)
            self.do(ShiftOpened(shift, vehicle))

    def do(self, event: Event) -> tuple[Any, ...]:
        """Decide; the checker compares the plan with the one before."""
        before = self.state
        after, effects = decide(before, event, self.now_s)
        check_plan(after, before)
        assert after is before or after.version == before.version + 1
        again, effects_again = decide(before, event, self.now_s)
        assert (again.tours, again.bookings) == (after.tours, after.bookings), "decide is pure"
        assert effects == effects_again
        self.state = after
        return effects

    @rule(
        origin=st.integers(0, PLACES - 1),
        destination=st.integers(0, PLACES - 1),
        arrives=st.booleans(),
        quarter=st.integers(7 * 4, 13 * 4),
        load=st.sampled_from([(1, 0, 0, 0), (3, 0, 1, 0), (0, 1, 0, 0), (8, 0, 0, 0)]),
    )
    def ask(
        self, origin: int, destination: int, arrives: object, quarter: int, load: tuple[int, ...]
    ) -> None:
        """Somebody asks; some offers are taken only later."""
        self.number += 1
        kind = TimeKind.ARRIVE_BY if arrives else TimeKind.DEPART_AT
        request = Request(
            BookingId(f"r{self.number}"),
            PlaceIndex(origin),
            PlaceIndex(destination),
            kind,
            quarter * 900,
            load,
        )
        (answer,) = self.do(RideRequested(request))
        offers = answer.offers if isinstance(answer, OffersMade) else answer.refusal.alternatives
        self.offers += offers[:1]

    @precondition(lambda self: self.offers)
    @rule(data=st.data())
    def take(self, data: st.DataObject) -> None:
        """Take an offer, perhaps an old one: it is promised or gone, and nothing between."""
        offer = self.offers.pop(data.draw(st.integers(0, len(self.offers) - 1)))
        effects = self.do(OfferTaken(offer))
        if isinstance(effects[0], OfferGone):
            assert offer.request.id not in self.state.bookings
        else:
            assert self.state.bookings[offer.request.id].promise == offer.promise

    @precondition(lambda self: self.state.bookings)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        """Cancel any booking; who is aboard or was served cannot."""
        key = data.draw(st.sampled_from(sorted(self.state.bookings)))
        booked = self.state.bookings[key].status in {RideStatus.BOOKED, RideStatus.CANCELLED}
        try:
            self.do(BookingCancelled(key))
        except IllegalEvent:
            assert not booked

    @precondition(lambda self: any(tour.visits for tour in self.state.tours.values()))
    @rule(data=st.data(), late_s=st.integers(-300, 1800), leaves=st.booleans(), comes=st.booleans())
    def report(self, data: st.DataObject, late_s: int, leaves: object, comes: object) -> None:
        """Report about any halt, in any order, early or late, twice or never."""
        visits = [visit for tour in self.state.tours.values() for visit in tour.visits]
        visit = data.draw(st.sampled_from(visits))
        at_s = max(visit.arrive_s + late_s, 0)
        self.now_s = max(self.now_s, at_s)
        if leaves:
            no_shows = () if comes else visit.board[:1]
            self.do(VisitDeparted(visit.id, at_s, no_shows))
        else:
            self.do(VisitArrived(visit.id, at_s))

    @rule(minutes=st.integers(1, 40))
    def wait(self, minutes: int) -> None:
        """Let time pass without a word from the tablets."""
        self.now_s += minutes * 60

    @rule(stretch=st.sampled_from([1.0, 1.3, 2.0]))
    def roads_change(self, stretch: float) -> None:
        """Slow all roads down, or clear them."""
        self.do(TravelChanged(town(stretch)))


Service.TestCase.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)
TestService = Service.TestCase
