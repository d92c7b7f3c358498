"""Whatever happens in whatever order, the plan stays whole and every promise stands.

Every event there is, drawn at random, on small days with breaks, electric buses, riders who share with
nobody, ways back and breakdowns. A failure prints the steps and the seed that repeats it.
"""

import os
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from dispatch.engine import decide
from dispatch.errors import IllegalEvent
from dispatch.events import (
    BookingCancelled,
    BookingChanged,
    ConnectionLate,
    DayClosed,
    Event,
    ImprovementDropped,
    ImprovementFound,
    NoShowReported,
    OfferGone,
    OffersMade,
    OfferTaken,
    PositionReported,
    PromiseAtRisk,
    PromiseGiven,
    RideBooked,
    RideChanged,
    RiderBoarded,
    RideRequested,
    ShiftOpened,
    ShiftShortened,
    ShiftWithdrawn,
    State,
    TourChanged,
    TravelChanged,
    VehicleBrokeDown,
    VehicleLate,
    VisitArrived,
    VisitDeparted,
)
from dispatch.handlers.expected import expected, suffering
from dispatch.handlers.leaving import released
from dispatch.handlers.placing import placed
from dispatch.handlers.wanted import promised_terms
from dispatch.model import (
    UNREACHABLE,
    BookingId,
    Break,
    Feature,
    Limit,
    Offer,
    PlaceIndex,
    Request,
    RideStatus,
    Shift,
    ShiftId,
    TimeKind,
    Tour,
    Travel,
    Vehicle,
    VehicleId,
    Visit,
    load_of,
)
from dispatch.policy import Policy
from dispatch.verify import Severity, verify

PLACES, FEW, ALL = 6, 5, 3
EIGHT, ONE, SIX = 8 * 3600, 13 * 3600, 18 * 3600
QUIET = 6 * 3600
LOADS = (load_of(seat=1), load_of(seat=3, walker=1), load_of(wheelchair=1), load_of(seat=8))
STEPS, DAYS = 50, 110 if os.environ.get("CI") else 10
"""Of each of the four services below: 22,000 steps in the gate."""
WISHES = st.fixed_dictionaries(
    {
        "ends": st.lists(st.integers(0, PLACES - 1), min_size=2, max_size=2, unique=True),
        "time_kind": st.sampled_from(TimeKind),
        "quarter": st.integers(8 * 4, 13 * 4),
        "load": st.sampled_from(LOADS),
        "kind": st.sampled_from(["usual", "usual", "usual", "alone", "standing", "first", "lift"]),
    }
)
_KEPT = frozenset({RideStatus.CANCELLED, RideStatus.NO_SHOW, RideStatus.DONE})


def town(stretch: float, cut_off: int | None = None) -> Travel:
    """Places on a ring; ``stretch`` slows every road down, one place may have no road at all."""
    around = np.arange(PLACES)
    apart = np.abs(np.subtract.outer(around, around))
    apart = np.minimum(apart, PLACES - apart)
    metres = (apart * 4000).astype(np.int32)
    seconds = np.ceil(metres / 10 * stretch).astype(np.int32)
    if cut_off is not None:
        seconds[cut_off, :] = seconds[:, cut_off] = UNREACHABLE
        seconds[cut_off, cut_off] = 0
    return Travel(seconds, metres)


def vehicle(name: str, range_m: int | None = None) -> Vehicle:
    """Return a bus for eight, with a place for a wheelchair that costs two seats."""
    limits = Limit(load_of(seat=1, wheelchair=2), 8), Limit(load_of(wheelchair=1), 1)
    return Vehicle(VehicleId(name), name, limits, frozenset({Feature.LIFT}), range_m)


def shift(name: str, start_s: int, end_s: int, **more: Any) -> Shift:
    """Return a shift of the bus of that name, from and to place 0."""
    place = PlaceIndex(0)
    return Shift(ShiftId(name), VehicleId(name), "", start_s, end_s, place, place, **more)


LUNCH = Break(1200, 10 * 3600, 11 * 3600)
CHARGING = Break(1800, 9 * 3600, 12 * 3600, PlaceIndex(3), charges=True)
SHIFTS = (
    (shift("one", EIGHT, ONE, breaks=(LUNCH,)), vehicle("one")),
    (shift("two", EIGHT, ONE, breaks=(CHARGING,)), vehicle("two", range_m=60_000)),
    (shift("three", EIGHT + 3600, ONE, driving_at_most_s=7200), vehicle("three")),
)
LATER = replace(shift("four", ONE, SIX), vehicle=VehicleId("one"))


class Service(RuleBasedStateMachine):
    """One day; each step is one event, checked before the next."""

    policy = Policy(lead_time_s=0, travel_factor=1.0)
    steps = 0

    @initialize(wishes=st.lists(WISHES, min_size=4, max_size=9))
    def open(self, wishes: list[dict[str, Any]]) -> None:
        """Open two shifts and book a few rides; more may come later."""
        self.now_s = QUIET
        self.number = 0
        self.offers: list[Offer] = []
        self.reports: list[Event] = []
        self.state = State(self.policy, town(1.0))
        for row, bus in SHIFTS[:2]:
            self.do(ShiftOpened(row, bus))
        for wish in wishes:
            self.book(wish)

    def do(self, event: Event, *refusals: str) -> tuple[Any, ...]:
        """Decide; the checker compares the plan with the one before, and all that changed was told."""
        self.steps += 1
        before = self.state
        try:
            after, effects = decide(before, event, self.now_s)
        except IllegalEvent as error:
            code = error.code
            refusals += ("plan-impossible",) if self.is_cut_off(event) else ()
            assert code in refusals, f"{code}: {error}"  # noqa: PT017  # any other code is a bug
            return ()
        broken = [v for v in verify(after, before, event) if v.severity is Severity.BROKEN]
        assert broken == []
        assert after is before or after.version == before.version + 1
        if self.steps % 8 == 0:
            again, effects_again = decide(before, event, self.now_s)
            assert again == after, "decide is pure"
            assert effects_again == effects
        self.everything_is_told(before, after, effects)
        self.promises_stand(before, after, event)
        self.nobody_is_lost(after)
        self.state = after
        return effects

    def is_cut_off(self, event: Event) -> bool:
        """Whether somebody given up boards after all, and no road leads to where they want to be."""
        if not isinstance(event, RiderBoarded):
            return False
        destination = self.state.bookings[event.booking].request.destination
        return bool(self.state.travel.seconds[0, destination] >= UNREACHABLE)

    def everything_is_told(self, before: State, after: State, effects: tuple[Any, ...]) -> None:
        """All that is different is in the effects; who is late or without a bus is called."""
        heard = {
            e.booking.id: e.booking
            for e in effects
            if isinstance(e, RideBooked | RideChanged | PromiseGiven)
        }
        called = {e.booking for e in effects if isinstance(e, PromiseAtRisk)}
        for key, booking in after.bookings.items():
            old = before.bookings.get(key)
            assert booking == old or heard[key] == booking
            newly = old is None or old.status is not booking.status
            assert not (booking.status is RideStatus.UNASSIGNED and newly) or key in called
        tours = {e.tour.shift: e.tour for e in effects if isinstance(e, TourChanged)}
        for key in {**before.tours, **after.tours}:
            tour = after.tours.get(key, Tour(key))
            assert tour == before.tours.get(key, Tour(key)) or tours[key] == tour
        assert self.late(after) - self.late(before) <= called

    @staticmethod
    def late(state: State) -> set[BookingId]:
        """Riders who will be served after the time told."""
        return {
            key
            for name in state.tours
            for key, times in expected(state, name).items()
            if times.late_s(state.bookings[key].promise) > 0
        }

    @staticmethod
    def promises_stand(before: State, after: State, event: Event) -> None:
        """Only who agreed to another promise has another one."""
        own = None
        if isinstance(event, BookingChanged):
            own = event.offer.request.id
        elif isinstance(event, ConnectionLate):
            own = event.booking
        for key, booking in before.bookings.items():
            assert key == own or after.bookings[key].promise == booking.promise

    @staticmethod
    def nobody_is_lost(state: State) -> None:
        """Each ride is over, or stands in its tour, or waits for a person to find a way."""
        standing = {
            (name, key)
            for name, tour in state.tours.items()
            for visit in tour.visits
            for key in visit.alight
        }
        for key, booking in state.bookings.items():
            waits = booking.status is RideStatus.UNASSIGNED
            assert booking.status in _KEPT or waits or (booking.shift, key) in standing

    # --- riders ---------------------------------------------------------------------------------

    @rule(wish=WISHES, data=st.data())
    def ask(self, wish: dict[str, Any], data: st.DataObject) -> None:
        """Somebody asks, perhaps for a way back; some offers are taken only later."""
        outward = data.draw(st.sampled_from([None, *sorted(self.state.bookings)]))
        self.keep_offer(self.request(wish, outward))

    @rule(wish=WISHES)
    def book(self, wish: dict[str, Any]) -> None:
        """Somebody asks and takes the first offer."""
        before = len(self.offers)
        self.keep_offer(self.request(wish))
        for offer in self.offers[before:]:
            self.do(OfferTaken(offer))
        del self.offers[before:]

    @rule(wish=WISHES)
    def book_too(self, wish: dict[str, Any]) -> None:
        """Most calls are bookings."""
        self.book(wish)

    def request(self, wish: dict[str, Any], outward: BookingId | None = None) -> Request:
        """Make a new request."""
        self.number += 1
        kind = wish["kind"]
        return Request(
            BookingId(f"r{self.number}"),
            *(PlaceIndex(place) for place in wish["ends"]),
            wish["time_kind"],
            wish["quarter"] * 900,
            wish["load"],
            alone=kind == "alone",
            standing=kind == "standing",
            priority=9 if kind == "first" else 0,
            needs=frozenset({Feature.LIFT} if kind == "lift" else ()),
            return_of=outward,
        )

    @precondition(lambda self: self.state.bookings)
    @rule(data=st.data(), quarter=st.integers(7 * 4, 13 * 4))
    def ask_again(self, data: st.DataObject, quarter: int) -> None:
        """Somebody who has a booking asks for another time."""
        booking = self.state.bookings[data.draw(st.sampled_from(sorted(self.state.bookings)))]
        request = replace(booking.request, origin=booking.pickup_place, time_s=quarter * 900)
        self.keep_offer(request)

    def keep_offer(self, request: Request) -> None:
        """Ask and remember an offer."""
        (answer,) = self.do(RideRequested(request))
        offers = answer.offers if isinstance(answer, OffersMade) else answer.refusal.alternatives
        self.offers += offers[:1]

    @precondition(lambda self: self.offers)
    @rule(data=st.data())
    def take(self, data: st.DataObject) -> None:
        """Take an offer, perhaps an old one: it is promised or gone, and nothing between."""
        offer = self.offers.pop(data.draw(st.integers(0, len(self.offers) - 1)))
        key, before = offer.request.id, self.state
        event = BookingChanged(offer) if key in before.bookings else OfferTaken(offer)
        effects = self.do(
            event, "ride-under-way", "day-closed", "promise-past", "place-unreachable"
        )
        if not effects or isinstance(effects[0], OfferGone):
            assert self.state is before
        else:
            assert self.state.bookings[key].promise == offer.promise

    @precondition(lambda self: self.state.bookings)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        """Cancel any booking; who is aboard or was served cannot."""
        key = data.draw(st.sampled_from(sorted(self.state.bookings)))
        before = self.state
        open_before = self.state.bookings[key].status in {
            RideStatus.BOOKED,
            RideStatus.CANCELLED,
            RideStatus.UNASSIGNED,
        }
        self.do(BookingCancelled(key), "ride-under-way", "day-closed")
        cancelled = self.state.bookings[key].status is RideStatus.CANCELLED
        assert cancelled == open_before or self.state.closed
        self.nobody_suffers(before)

    def nobody_suffers(self, before: State) -> None:
        """Nobody misses anything they were told by more because somebody cancelled.

        Planned times may move within what was told, so that people wait at home and not in the bus.
        """
        for name in before.tours:
            then, now = expected(before, name), expected(self.state, name)
            assert then.keys().isdisjoint(suffering(self.state, then, now))

    @precondition(lambda self: self.state.bookings)
    @rule(data=st.data(), late_s=st.integers(-300, 2400))
    def train_late(self, data: st.DataObject, late_s: int) -> None:
        """Let the train of a rider be late."""
        key = data.draw(st.sampled_from(sorted(self.state.bookings)))
        self.do(ConnectionLate(key, self.state.bookings[key].promise.pickup_from_s + late_s))

    # --- drivers --------------------------------------------------------------------------------

    def visits(self) -> list[Visit]:
        """List all visits there are."""
        return [visit for tour in self.state.tours.values() for visit in tour.visits]

    @precondition(lambda self: self.visits())
    @rule(
        data=st.data(),
        late_s=st.integers(-300, 1800),
        what=st.sampled_from(["arrives", "arrives", "leaves", "leaves", "boards", "stays away"]),
        sequence=st.integers(0, 3),
    )
    def report(self, data: st.DataObject, late_s: int, what: str, sequence: int) -> None:
        """Report about any halt, in any order, early or late."""
        visits = self.visits()
        likely = min(visits, key=lambda visit: (visit.status, visit.arrive_s))
        visit = data.draw(st.sampled_from([likely, *visits]))
        at_s = max(visit.arrive_s + late_s, 0)
        self.now_s = max(self.now_s, at_s)
        event: Event
        if what == "arrives":
            event = VisitArrived(visit.id, at_s, sequence)
        elif what == "leaves" or not visit.board:
            missing = data.draw(st.sampled_from([(), (), visit.board[:1]]))
            event = VisitDeparted(visit.id, at_s, missing, sequence)
        else:
            rider = data.draw(st.sampled_from(visit.board))
            kind = RiderBoarded if what == "boards" else NoShowReported
            event = kind(visit.id, rider, at_s, sequence)
        self.reports.append(event)
        self.do(event, "still-waiting")

    @precondition(lambda self: self.underway())
    @rule(data=st.data(), late_s=st.integers(-60, 600))
    def drive(self, data: st.DataObject, late_s: int) -> None:
        """Drive to the next halt and report it at once, as most halts are."""
        visit = data.draw(st.sampled_from(self.underway()))
        at_s = max(visit.arrive_s + late_s, 0)
        self.now_s = max(self.now_s, at_s)
        for event in (
            VisitArrived(visit.id, at_s),
            VisitDeparted(visit.id, at_s + visit.depart_s - visit.arrive_s),
        ):
            self.reports.append(event)
            self.do(event)

    @precondition(lambda self: self.underway())
    @rule(data=st.data(), late_s=st.integers(-60, 300))
    def drive_on(self, data: st.DataObject, late_s: int) -> None:
        """Drive most of the time."""
        self.drive(data, late_s)

    def underway(self) -> list[Visit]:
        """List the next halt of each bus."""
        ahead = ([v for v in t.visits if v.status == "planned"] for t in self.state.tours.values())
        return [visits[0] for visits in ahead if visits]

    @precondition(lambda self: self.given_up())
    @rule(data=st.data(), later_s=st.integers(0, 900))
    def come_running(self, data: st.DataObject, later_s: int) -> None:
        """Board although the driver had given them up."""
        visit, key = data.draw(st.sampled_from(self.given_up()))
        event = RiderBoarded(visit.id, key, visit.depart_s + later_s)
        self.reports.append(event)
        self.do(event)

    def given_up(self) -> list[tuple[Visit, BookingId]]:
        """List who did not come, and where they were waited for."""
        no_show = RideStatus.NO_SHOW
        riders = ((visit, key) for visit in self.visits() for key in visit.board)
        return [(v, key) for v, key in riders if self.state.bookings[key].status is no_show]

    @precondition(lambda self: self.reports)
    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        """Send something again, or what a dead zone kept back."""
        event = data.draw(st.sampled_from(self.reports))
        gone = "visit-unknown", "not-boarding-here", "shift-unknown"
        self.do(event, "still-waiting", *gone)

    @precondition(lambda self: self.state.tours)
    @rule(
        data=st.data(),
        seconds=st.integers(-600, 3600),
        by_position=st.booleans(),
        sequence=st.integers(0, 9),
    )
    def is_late(
        self, data: st.DataObject, seconds: int, by_position: object, sequence: int
    ) -> None:
        """Position or word of a bus, perhaps an old one."""
        name = data.draw(st.sampled_from(sorted(self.state.tours)))
        event: Event = VehicleLate(name, self.now_s, seconds, sequence)
        if by_position:
            event = PositionReported(name, self.now_s, abs(seconds), sequence)
        self.reports.append(event)
        self.do(event)

    # --- shifts and the world -------------------------------------------------------------------

    @precondition(lambda self: len(self.state.shifts) < ALL)
    @rule(number=st.integers(0, 3))
    def open_shift(self, number: int) -> None:
        """Open a shift, the third one or one that was withdrawn, or a later one of the first bus."""
        row, bus = (*SHIFTS, (LATER, SHIFTS[0][1]))[number]
        self.do(ShiftOpened(row, bus), "shift-exists", "shift-overlap", "day-closed")

    @precondition(lambda self: self.state.shifts and len(self.state.bookings) > FEW)
    @rule(
        data=st.data(),
        what=st.sampled_from(["breaks down", "withdrawn", "shorter", "shorter", "closed"]),
        later=st.integers(0, 4),
        earlier=st.integers(0, 8),
    )
    def trouble(self, data: st.DataObject, what: str, later: int, earlier: int) -> None:
        """Let a bus stand still, a driver not come or go earlier, the day be over."""
        row = self.state.shifts[data.draw(st.sampled_from(sorted(self.state.shifts)))]
        event: Event
        if what == "breaks down":
            event = VehicleBrokeDown(row.id, max(self.now_s, EIGHT), PlaceIndex(later))
        elif what == "withdrawn":
            event = ShiftWithdrawn(row.id)
        elif what == "shorter":
            event = ShiftShortened(row.id, row.start_s + later * 900, row.end_s - earlier * 900)
        elif self.now_s > ONE:
            event = DayClosed()
        else:
            return
        self.do(event, "shift-times", "shift-under-way", "day-closed")

    @rule(stretch=st.sampled_from([1.0, 1.3, 2.0]), cut_off=st.sampled_from([None, None, 1, 5]))
    def roads_change(self, stretch: float, cut_off: int | None) -> None:
        """Slow all roads down, or clear them; nobody aboard is ever cut off."""
        self.do(TravelChanged(town(stretch, cut_off)), "plan-impossible")

    @precondition(lambda self: self.state.bookings)
    @rule(data=st.data(), spoil=st.sampled_from(["", "", "", "order", "rides", "stale"]))
    def improve(self, data: st.DataObject, spoil: str) -> None:
        """Somebody moves a ride to another bus and claims that this is better; perhaps it is not."""
        key = data.draw(st.sampled_from(sorted(self.state.bookings)))
        booking = self.state.bookings[key]
        others = [name for name in self.state.shifts if name != booking.shift]
        moved = placed(
            released(self.state, key), booking, self.now_s, (promised_terms(booking),), others
        )
        if moved is None or booking.shift not in self.state.tours:
            return
        names = {booking.shift, moved.bookings[key].shift}
        tours = {name: moved.tours[name] for name in names}
        known = {name: self.state.tours.get(name, Tour(name)) for name in names}
        for name, tour in tours.items():
            if spoil == "order":
                tours[name] = replace(tour, visits=tour.visits[::-1])
            elif spoil == "rides":
                tours[name] = replace(tour, visits=tour.visits[:-1])
        (effect, *_) = self.do(ImprovementFound(tours, {} if spoil == "stale" else known))
        assert not spoil or isinstance(effect, ImprovementDropped) or spoil == "stale"

    @rule(minutes=st.integers(1, 40))
    def wait(self, minutes: int) -> None:
        """Let time pass without a word from the tablets."""
        self.now_s += minutes * 60


class Crowded(Service):
    """Slow roads, few standing rides, and buses that rather wait empty."""

    policy = Policy(
        lead_time_s=0, travel_buffer_s=20, standing_share=0.15, weight_wait=0.5, weight_risk=0.5
    )


class Patient(Service):
    """Halts cost no time, and rides wait long for trains."""

    policy = Policy(lead_time_s=0, travel_factor=1.0, stop_s=0, hold_s=1800, late_told_s=60)


class Exact(Service):
    """Nothing is frozen, nobody waits, windows are as short as can be, every second is told."""

    policy = Policy(lead_time_s=0, frozen_s=0, wait_s=0, late_told_s=0, pickup_window_s=0)


SETTINGS = settings(max_examples=DAYS, stateful_step_count=STEPS, deadline=None, print_blob=True)
TestService, TestCrowded = Service.TestCase, Crowded.TestCase
TestPatient, TestExact = Patient.TestCase, Exact.TestCase
TestService.settings = TestCrowded.settings = SETTINGS
TestPatient.settings = TestExact.settings = SETTINGS
