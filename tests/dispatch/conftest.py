"""A small town on a plane: places are points in metres, the bus drives 10 m/s along straight lines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import ceil, hypot

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
from dispatch.model import (
    Booking,
    BookingId,
    Break,
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
    Travel,
    Vehicle,
    VehicleId,
    Visit,
    load_of,
)
from dispatch.policy import Policy
from dispatch.verify import Severity, verify

SPEED = 10
POLICY = Policy(lead_time_s=0, travel_factor=1.0)
EVENING_BEFORE = -6 * 3600


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
