"""A small town on a plane: places are points in metres, the bus drives 10 m/s along straight lines; and days drawn at random."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from math import ceil, hypot
from random import Random

import numpy as np
import pytest

from dispatch.engine import decide
from dispatch.events import (
    BookingChanged,
    ConnectionLate,
    Effect,
    Event,
    OffersMade,
    OfferTaken,
    PromiseGiven,
    RideBooked,
    RideRefused,
    RideRequested,
    ShiftOpened,
    State,
    VisitArrived,
    VisitDeparted,
)
from dispatch.insertion.search import Terms, find_all, tour_with
from dispatch.model import (
    UNREACHABLE,
    Booking,
    BookingId,
    Break,
    Feature,
    Limit,
    Load,
    Offer,
    PlaceIndex,
    Promise,
    Refusal,
    Request,
    Shift,
    ShiftId,
    TimeKind,
    Tour,
    Travel,
    Vehicle,
    VehicleId,
    Visit,
    VisitId,
    load_of,
)
from dispatch.policy import Policy
from dispatch.schedule.retime import retime_from_facts
from dispatch.schedule.snapshot import Snapshot
from dispatch.verify import Severity, verify

SPEED = 10
POLICY = Policy(lead_time_s=0, travel_factor=1.0)
EVENING_BEFORE = -6 * 3600
EIGHT, ONE = 8 * 3600, 13 * 3600
FAR = 10**9
NEW = BookingId("new")
PLACES = 6
LOADS = (
    load_of(seat=1),
    load_of(seat=1),
    load_of(seat=2, walker=1),
    load_of(wheelchair=1),
    load_of(seat=3, child_seat=1, pram=1),
    load_of(seat=1, luggage=2, parcel=1),
)


def clock(text: str) -> int:
    """Seconds of the day for "09:30"."""
    hours, minutes = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def load(**kinds: int) -> Load:
    """Load vector; one person on a seat if nothing is named."""
    return load_of(**kinds or {"seat": 1})


def plane(points: Sequence[tuple[float, float]]) -> Travel:
    """Travel tables between points in metres; rounding up keeps the triangle inequality."""
    metres = np.array(
        [[ceil(hypot(ax - bx, ay - by)) for bx, by in points] for ax, ay in points], dtype=np.int32
    )
    return Travel(-(-metres // SPEED), metres)


def bus(name: str = "bus", seats: int = 8, wheelchairs: int = 1) -> Vehicle:
    """Return a bus in which a wheelchair costs two seats."""
    limits = (
        Limit(load_of(seat=1, wheelchair=2), seats),
        Limit(load_of(wheelchair=1), wheelchairs),
    )
    return Vehicle(VehicleId(name), name, limits)


@dataclass
class Day:
    """A day at the dispatcher's desk; after every event the checker looks and old promises are compared."""

    state: State
    now_s: int = EVENING_BEFORE
    told: dict[BookingId, Promise] = field(default_factory=dict)
    asked: int = 0

    def open(
        self,
        shift: str,
        start: str,
        end: str,
        depot: int = 0,
        vehicle: Vehicle | None = None,
        breaks: tuple[Break, ...] = (),
    ) -> tuple[Effect, ...]:
        """Open a staffed shift."""
        vehicle = vehicle or bus(f"bus of {shift}")
        place = PlaceIndex(depot)
        row = Shift(ShiftId(shift), vehicle.id, "", clock(start), clock(end), place, place, breaks)
        return self.do(ShiftOpened(row, vehicle))

    def do(self, event: Event) -> tuple[Effect, ...]:
        """Let the engine decide; nothing it does may be broken or worse for anybody told before."""
        before = self.state
        self.state, effects = decide(before, event, self.now_s)
        broken = [v for v in verify(self.state, before, event) if v.severity is Severity.BROKEN]
        assert broken == []
        for effect in effects:
            if isinstance(effect, PromiseGiven) and isinstance(
                event, BookingChanged | ConnectionLate
            ):
                self.told[effect.booking.id] = effect.booking.promise
        for key, promise in self.told.items():
            assert self.state.bookings[key].promise == promise
        return effects

    def at(self, time: str) -> "Day":
        """Let it be this time of the day."""
        self.now_s = clock(time)
        return self

    def request(self, origin: int, destination: int, time: str, **kinds: int) -> Request:
        """Make a request; ``time`` reads "09:00" (depart) or "-11:00" (arrive by)."""
        self.asked += 1
        kind = TimeKind.ARRIVE_BY if time.startswith("-") else TimeKind.DEPART_AT
        return Request(
            BookingId(f"r{self.asked}"),
            PlaceIndex(origin),
            PlaceIndex(destination),
            kind,
            clock(time.lstrip("-")),
            load(**kinds),
        )

    def answer(self, request: Request) -> tuple[Offer, ...] | Refusal:
        """Ask; return the offers or the refusal."""
        (effect,) = self.do(RideRequested(request))
        if isinstance(effect, OffersMade):
            return effect.offers
        assert isinstance(effect, RideRefused)
        return effect.refusal

    def ask(
        self, origin: int, destination: int, time: str, **kinds: int
    ) -> tuple[Offer, ...] | Refusal:
        """Make a request and ask."""
        return self.answer(self.request(origin, destination, time, **kinds))

    def book(self, origin: int, destination: int, time: str, **kinds: int) -> Booking:
        """Ask and take the first offer."""
        offers = self.ask(origin, destination, time, **kinds)
        assert isinstance(offers, tuple), offers
        return self.take(offers[0])

    def take(self, offer: Offer) -> Booking:
        """Take an offer that must still be good."""
        effects = self.do(OfferTaken(offer))
        booked = effects[0]
        assert isinstance(booked, RideBooked), booked
        assert booked.booking.promise == offer.promise
        self.told[booked.booking.id] = offer.promise
        return booked.booking

    def booking(self, ride: Booking) -> Booking:
        """Return a booking as it is now."""
        return self.state.bookings[ride.id]

    def visits(self, shift: str) -> tuple[Visit, ...]:
        """Return the visits of a shift's tour, none if it has no tour."""
        tour = self.state.tours.get(ShiftId(shift))
        return tour.visits if tour else ()

    def stops(self, ride: Booking) -> tuple[Visit, Visit]:
        """Return where a ride boards and where it leaves the bus it is on now."""
        visits = self.visits(self.booking(ride).shift)
        board = next(visit for visit in visits if ride.id in visit.board)
        return board, next(visit for visit in visits if ride.id in visit.alight)

    def drive(self, visit: Visit) -> None:
        """Report that the bus came to a visit and left it, exactly as planned."""
        self.now_s = max(self.now_s, visit.depart_s)
        self.do(VisitArrived(visit.id, visit.arrive_s))
        self.do(VisitDeparted(visit.id, visit.depart_s))

    def passed(self, booking: Booking) -> tuple[int, int]:
        """Return indices of the visits at which a ride boards and leaves."""
        visits = self.state.tours[self.state.bookings[booking.id].shift].visits
        board = next(k for k, visit in enumerate(visits) if booking.id in visit.board)
        return board, next(k for k, visit in enumerate(visits) if booking.id in visit.alight)


OpenDay = Callable[..., Day]


@pytest.fixture(scope="session")
def open_day() -> OpenDay:
    """Return a function that opens a day over points in metres."""

    def opened(points: Sequence[tuple[float, float]], policy: Policy = POLICY) -> Day:
        return Day(State(policy, plane(points)))

    return opened


@pytest.fixture(name="bus")
def bus_fixture() -> Callable[..., Vehicle]:
    """See :func:`bus`."""
    return bus


@pytest.fixture(name="clock")
def clock_fixture() -> Callable[[str], int]:
    """See :func:`clock`."""
    return clock


# --- drawn days ---------------------------------------------------------------------------------------


def draw_policy(chance: Random) -> Policy:
    """Draw rules; half of them price waiting, risk and walks as well."""
    dear = chance.random() < 0.5
    return Policy(
        lead_time_s=0,
        travel_factor=chance.choice([1.0, 1.1]),
        travel_buffer_s=chance.choice([0, 7]),
        alighting_factor=chance.choice([1.0, 0.4]),
        ride_at_most_s=chance.choice([1200, 2700]),
        standing_share=chance.choice([1.0, 0.1]),
        weight_wait=0.4 if dear else 0.0,
        weight_risk=0.3 if dear else 0.0,
        weight_walk=0.5 if dear else 0.0,
    )


def draw_travel(chance: Random) -> Travel:
    """Draw driving on a plane, or shortest ways through one-way streets, some of them dead ends."""
    if chance.random() < 0.6:
        xy = np.array([(chance.randrange(12_000), chance.randrange(12_000)) for _ in range(PLACES)])
        metres = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
        return Travel(np.ceil(metres / 10).astype(np.int32), np.ceil(metres).astype(np.int32))
    size = range(PLACES)
    seconds = np.array([[0 if i == j else chance.randrange(60, 900) for i in size] for j in size])
    metres = np.array([[0 if i == j else chance.randrange(500, 9000) for i in size] for j in size])
    if chance.random() < 0.5:
        seconds[4, :4] = seconds[4, 5] = metres[4, :4] = metres[4, 5] = UNREACHABLE
    for k in size:  # Floyd and Warshall; the quickest way need not be the shortest
        seconds = np.minimum(seconds, seconds[:, k, None] + seconds[k])
    seconds = np.minimum(seconds, UNREACHABLE)
    return Travel(seconds.astype(np.int32), metres.astype(np.int32))


def draw_breaks(chance: Random) -> tuple[Break, ...]:
    """Draw up to two pauses of a shift from eight to one."""
    breaks = []
    for from_s in chance.choice([(), (9 * 3600,), (10 * 3600 + 900,), (9 * 3600, 11 * 3600)]):
        place = chance.choice([None, None, PlaceIndex(chance.randrange(3))])
        seconds = chance.choice([600, 1800])
        until_s = from_s + seconds + chance.choice([900, 5400])
        breaks.append(Break(seconds, from_s, until_s, place, charges=chance.random() < 0.5))
    return tuple(breaks)


def draw_shift(chance: Random, name: str) -> tuple[Shift, Vehicle]:
    """Draw a shift and its bus."""
    limits = (
        Limit(load_of(seat=1, wheelchair=2, child_seat=1, pram=1), chance.randint(4, 8)),
        Limit(load_of(wheelchair=1), 1),
        Limit(load_of(luggage=1, parcel=1, walker=1), 3),
    )[: chance.randint(1, 3)]
    features = frozenset({Feature.LIFT}) if chance.random() < 0.5 else frozenset()
    range_m = chance.choice([None, None, 40_000])
    vehicle = Vehicle(VehicleId(f"bus {name}"), name, limits, features, range_m)
    start, end = (PlaceIndex(chance.randrange(3)) for _ in range(2))
    driving_s = chance.choice([None, None, 5400])
    span = EIGHT, ONE, start, end
    return Shift(ShiftId(name), vehicle.id, "", *span, draw_breaks(chance), driving_s), vehicle


def draw_request(chance: Random, name: str) -> Request:
    """Draw a wish."""
    origin, destination = chance.sample(range(PLACES), 2)
    needs = frozenset({Feature.LIFT}) if chance.random() < 0.1 else frozenset()
    return Request(
        BookingId(name),
        PlaceIndex(origin),
        PlaceIndex(destination),
        chance.choice([TimeKind.DEPART_AT, TimeKind.ARRIVE_BY]),
        chance.randrange(EIGHT, EIGHT + 9000, 300),
        chance.choice(LOADS),
        walk_to_s=chance.choice([0, 120]),
        needs=needs,
        alone=chance.random() < 0.1,
        standing=chance.random() < 0.3,
    )


def terms_for(policy: Policy, travel: Travel, request: Request, now_s: int) -> Terms:
    """Terms of an hour from, or before, the time wished."""
    table_s = int(travel.seconds[request.origin, request.destination])
    direct_s = UNREACHABLE if table_s >= UNREACHABLE else policy.driving_s(table_s)
    t, ride_s = request.time_s, policy.longest_ride_s(direct_s)
    times = (max(t, now_s), t + 3600, -FAR, FAR)
    if request.time_kind is TimeKind.ARRIVE_BY:
        times = (max(0, now_s), FAR, t - 3600, t)
    return Terms(request, *times, ride_s, t, policy.weight_wish)


def book(state: State, terms: Terms, chance: Random, now_s: int) -> State:
    """Let the ride in where the search finds it, in a shift drawn from those that can take it."""
    snapshot = Snapshot.at(state, now_s)
    found = find_all(snapshot, terms)
    if not found:
        return state
    place = chance.choice(found)
    pickup_s, window_s = place.pickup_s // 60 * 60, chance.choice([0, 600])
    by_s = place.arrival_s + chance.choice([0, 300, 1200])
    until_s = max(pickup_s + window_s, place.pickup_s)
    promise = Promise(pickup_s, until_s, by_s, terms.ride_at_most_s)
    request, shift = terms.request, place.shift.id
    tour = tour_with(snapshot, Terms.of_promise(request, promise), place)
    bookings = {**state.bookings, request.id: Booking(request.id, request, promise, shift, 0)}
    return replace(state, tours={**state.tours, shift: tour}, bookings=bookings)


def draw_day(chance: Random, rides: int) -> State:
    """Draw a day with two shifts and up to so many rides."""
    policy, travel = draw_policy(chance), draw_travel(chance)
    state = State(policy, travel)
    for name in ("a", "b"):
        shift, vehicle = draw_shift(chance, name)
        pauses = tuple(
            Visit(
                VisitId(f"{name}-pause-{k}"),
                shift.start_place if pause.place is None else pause.place,
                pause.from_s,
                pause.from_s + pause.seconds,
                pause=pause,
            )
            for k, pause in enumerate(shift.breaks)
        )
        state = replace(
            state,
            vehicles={**state.vehicles, vehicle.id: vehicle},
            shifts={**state.shifts, shift.id: shift},
            tours={**state.tours, shift.id: Tour(shift.id, pauses)} if pauses else state.tours,
        )
        if pauses:
            tour = retime_from_facts(state, shift)
            state = replace(state, tours={**state.tours, shift.id: tour})
    for number in range(rides):
        request = draw_request(chance, f"r{number}")
        terms = terms_for(policy, travel, request, EVENING_BEFORE)
        state = book(state, terms, chance, EVENING_BEFORE)
    return state


@pytest.fixture(name="draw_day")
def draw_day_fixture() -> Callable[[Random, int], State]:
    """See :func:`draw_day`."""
    return draw_day


@pytest.fixture(name="draw_terms")
def draw_terms_fixture() -> Callable[[Random, State, int], Terms]:
    """Return a function that draws what somebody new asks for at a moment."""

    def draw(chance: Random, state: State, now_s: int) -> Terms:
        return terms_for(state.policy, state.travel, draw_request(chance, NEW), now_s)

    return draw
