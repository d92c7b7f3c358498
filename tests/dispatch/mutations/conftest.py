"""Valid plans, and the desk at which they are corrupted.

The plans are those of random days in which everything happens, as the engine decides them. A kind of corruption
is a function that breaks one rule by construction: it looks for a place where it can tell by how much the rule
is kept, and goes beyond that. It returns the wrong state, or says what it is to be compared with.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
import pytest

from dispatch.engine import decide
from dispatch.errors import IllegalEvent
from dispatch.events import (
    BookingCancelled,
    ConnectionLate,
    DayClosed,
    Event,
    NoShowReported,
    OffersMade,
    OfferTaken,
    PositionReported,
    RiderBoarded,
    RideRequested,
    ShiftOpened,
    ShiftShortened,
    ShiftWithdrawn,
    State,
    TravelChanged,
    VehicleBrokeDown,
    VisitArrived,
    VisitDeparted,
)
from dispatch.model import (
    BookingId,
    Break,
    Feature,
    Limit,
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
    VisitStatus,
    load_of,
)
from dispatch.policy import Policy
from dispatch.verify import PlanRefused, Severity, check_plan, verify

HOUR = 3600
PLACES = 14
DAYS = 6
SEED = 20260330
OF_EACH, MOST_TRIES = 16, 4_000
EVENTS = 60
PARTIES = (
    load_of(seat=1),
    load_of(seat=1),
    load_of(seat=2, luggage=1),
    load_of(wheelchair=1),
    load_of(seat=1, walker=1),
    load_of(seat=1, child_seat=1, pram=1),
    load_of(parcel=2),
)
LIMITS = (
    Limit(load_of(seat=1, child_seat=1, wheelchair=2), 8),
    Limit(load_of(wheelchair=1), 1),
    Limit(load_of(walker=1, pram=2), 3),
)


T = TypeVar("T")
Kinds = Mapping[Callable[[Any], Any], set[str]]
"""Kinds of corruption, each with the codes of which at least one must be found broken."""


@dataclass(frozen=True)
class Step:
    """One decision of the engine."""

    before: State
    event: Event
    state: State


@pytest.fixture(scope="session")
def steps() -> list[Step]:
    """Return all decisions of some days that changed something."""
    return [step for seed in range(DAYS) for step in _Day(seed).steps()]


class _Day:
    """A day with four shifts of three buses; its random choices follow from the seed."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.now_s = 5 * HOUR
        self.number = 0
        points = np.random.default_rng(seed).uniform(0, 9000, (PLACES, 2))
        self.metres = np.ceil(np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)))
        policy = Policy(lead_time_s=0, alighting_factor=0.5, standing_share=0.4)
        self.state = State(policy, self.roads(1.0))

    def roads(self, slow: float) -> Travel:
        seconds = np.ceil(self.metres / 11 * slow).astype(np.int32)
        return Travel(seconds, self.metres.astype(np.int32))

    def steps(self) -> Iterator[Step]:
        for number, event in enumerate(self.events()):
            before = self.state
            with suppress(IllegalEvent):
                self.state, _ = decide(before, event, self.now_s)
            if self.state is not before and number > 3:
                yield Step(before, event, self.state)

    def events(self) -> Iterator[Event]:
        yield from self.shifts()
        for _ in range(22):
            yield from self.booking()
        for number in range(EVENTS):
            until_s = self.now_s + self.rng.randint(0, 480)
            while self.next_s() < until_s:
                yield from self.driving()
            self.now_s = max(self.now_s, until_s)
            troubled = number > EVENTS // 3 and number % 8 == 0
            yield from (
                self.trouble() if troubled else self.rng.choice((self.booking, self.riders))()
            )
        yield DayClosed()

    def shifts(self) -> Iterator[Event]:
        depot = PlaceIndex(0)
        lunch = Break(1500, 10 * HOUR, 12 * HOUR)
        coffee = Break(600, 8 * HOUR, 9 * HOUR + 1800)
        charging = Break(1800, 11 * HOUR, 13 * HOUR, PlaceIndex(3), charges=True)
        lift = frozenset({Feature.LIFT})
        rows = (
            ("a", "one", 7, 13, (lunch,), lift, 120_000, None),
            ("b", "two", 7, 14, (coffee, charging), frozenset[Feature](), 60_000, None),
            ("c", "three", 6, 12, (), lift, None, 3 * HOUR),
            ("d", "three", 12, 18, (), lift, None, None),
        )
        for name, bus, start, end, breaks, features, range_m, driving in rows:
            vehicle = Vehicle(VehicleId(bus), bus, LIMITS, features, range_m)
            yield ShiftOpened(
                Shift(
                    ShiftId(name),
                    vehicle.id,
                    f"driver of {name}",
                    start * HOUR,
                    end * HOUR,
                    depot,
                    depot,
                    breaks,
                    driving,
                ),
                vehicle,
            )

    def booking(self) -> Iterator[Event]:
        """Ask, and take one of the offers."""
        rng, outward = self.rng, None
        self.number += 1
        origin, destination = rng.sample(range(1, PLACES), 2)
        time_s = max(self.now_s // 300 * 300, 7 * HOUR) + rng.randrange(0, 48) * 300
        if self.state.bookings and rng.random() < 0.25:
            outward = rng.choice(sorted(self.state.bookings))
            there = self.state.bookings[outward]
            origin, destination = there.request.destination, there.request.origin
            time_s = there.promise.arrive_by_s + 3600
        request = Request(
            BookingId(f"r{self.number}"),
            PlaceIndex(origin),
            PlaceIndex(destination),
            rng.choice(list(TimeKind)) if outward is None else TimeKind.DEPART_AT,
            time_s,
            rng.choice(PARTIES),
            needs=frozenset({Feature.LIFT}) if rng.random() < 0.15 else frozenset(),
            alone=rng.random() < 0.1,
            standing=rng.random() < 0.25,
            priority=rng.randrange(10),
            return_of=outward,
        )
        _, (answer,) = decide(self.state, RideRequested(request), self.now_s)
        if isinstance(answer, OffersMade):
            yield OfferTaken(rng.choice(answer.offers))

    def ahead(self) -> Visit | None:
        """Where the next report will come from."""
        visits = [visit for tour in self.state.tours.values() for visit in tour.visits]
        open_ones = [visit for visit in visits if visit.status is not VisitStatus.DEPARTED]
        return min(open_ones, key=due_s, default=None)

    def next_s(self) -> int:
        visit = self.ahead()
        return 10**6 if visit is None else due_s(visit)

    def driving(self) -> Iterator[Event]:
        """Report the next thing a bus does, mostly about as planned."""
        rng, visit = self.rng, self.ahead()
        assert visit is not None
        self.now_s = max(self.now_s, due_s(visit) + rng.choice((-60, 0, 0, 0, 60, 180)))
        if visit.status is VisitStatus.PLANNED:
            if rng.random() < 0.2:
                key = next(k for k, t in self.state.tours.items() if visit in t.visits)
                yield PositionReported(key, self.now_s - 90, rng.randrange(200))
            yield VisitArrived(visit.id, self.now_s)
            return
        if visit.board and rng.random() < 0.3:
            kind = rng.choice((RiderBoarded, NoShowReported))
            yield kind(visit.id, rng.choice(visit.board), self.now_s)
        missing = visit.board[:1] if rng.random() < 0.1 else ()
        yield VisitDeparted(visit.id, self.now_s, missing)

    def riders(self) -> Iterator[Event]:
        """Somebody cancels, or comes with a late train."""
        waiting = [key for key, b in self.state.bookings.items() if b.status is RideStatus.BOOKED]
        if not waiting:
            return
        key = self.rng.choice(waiting)
        if self.rng.random() < 0.5:
            yield BookingCancelled(key)
        else:
            yield ConnectionLate(key, self.state.bookings[key].promise.pickup_from_s + 300)

    def trouble(self) -> Iterator[Event]:
        """Let a bus break down, a driver leave early, roads get slow."""
        rng = self.rng
        aboard = {b.shift for b in self.state.bookings.values() if b.status is RideStatus.ABOARD}
        if aboard and rng.random() < 0.5:
            yield VehicleBrokeDown(min(aboard), self.now_s, PlaceIndex(rng.randrange(PLACES)))
            return
        key = rng.choice(sorted(self.state.shifts))
        shift = self.state.shifts[key]
        choices: list[Event] = [
            ShiftShortened(key, shift.start_s, shift.end_s - 1800),
            TravelChanged(self.roads(rng.choice((1.0, 1.15)))),
            TravelChanged(self.roads(1.05)),
        ]
        if len(self.state.shifts) > 3:
            choices.append(ShiftWithdrawn(key))
        yield rng.choice(choices)


def due_s(visit: Visit) -> int:
    """When the next report of a visit is due."""
    return visit.arrive_s if visit.status is VisitStatus.PLANNED else visit.depart_s


@dataclass(frozen=True)
class Desk:
    """One decision under the hands of whoever corrupts it."""

    rng: random.Random
    before: State
    event: Event
    state: State

    def any(self, items: Iterable[T]) -> T:
        """Choose one of some things; without any this decision cannot be corrupted so."""
        found = list(items)
        self.need(found)
        return self.rng.choice(found)

    def need(self, condition: object) -> None:
        """Go on only with a decision that can be corrupted so."""
        if not condition:
            raise NotHere

    def beyond(self, at_most: int = 600) -> int:
        """By how much a rule is broken: seldom by much, often by little."""
        return self.rng.choice((1, 1, 2, 10, self.rng.randint(1, at_most)))

    def tours(self, *, fresh: bool = False) -> Iterator["Course"]:
        """Yield tours that are still driven; fresh ones are those nobody reported anything of."""
        for key, tour in self.state.tours.items():
            course = self.course(key)
            heard = course.ahead or key in self.state.delays
            if course.ahead < len(tour.visits) and not (fresh and heard):
                yield course

    def open_visits(self, *, fresh: bool = False) -> list[tuple["Course", int]]:
        return [(c, k) for c in self.tours(fresh=fresh) for k in range(c.ahead, len(c.visits))]

    def planned_rides(self) -> list[tuple["Course", BookingId]]:
        """Rides whose both ends are still ahead."""
        return [
            (course, key)
            for course in self.tours()
            for visit in course.visits[course.ahead :]
            for key in visit.board
        ]

    def course(self, key: ShiftId) -> "Course":
        return Course(self.state, self.state.shifts[key], self.state.tours[key].visits)

    def since(
        self, state: State, *, before: State | None = None, event: Event | None = None
    ) -> "Corrupt":
        """Let the checker compare a state with what it was decided from."""
        return Corrupt(state, before or self.before, event or self.event)

    def booking(self, key: BookingId, **changes: Any) -> State:
        """Return the state with another booking."""
        changed = replace(self.state.bookings[key], **changes)
        return replace(self.state, bookings={**self.state.bookings, key: changed})

    def request(self, key: BookingId, **changes: Any) -> State:
        return self.booking(key, request=replace(self.state.bookings[key].request, **changes))

    def promise(self, key: BookingId, **changes: Any) -> State:
        return self.booking(key, promise=replace(self.state.bookings[key].promise, **changes))

    def vehicle(self, shift: Shift, **changes: Any) -> State:
        changed = replace(self.state.vehicles[shift.vehicle], **changes)
        return replace(self.state, vehicles={**self.state.vehicles, changed.id: changed})

    def shift(self, shift: Shift, **changes: Any) -> State:
        changed = replace(shift, **changes)
        return replace(self.state, shifts={**self.state.shifts, shift.id: changed})


@dataclass(frozen=True)
class Course:
    """A tour and what it leaves room for, reckoned without the checker."""

    state: State
    shift: Shift
    visits: tuple[Visit, ...]

    @property
    def ahead(self) -> int:
        facts = [k for k, v in enumerate(self.visits) if v.status is not VisitStatus.PLANNED]
        return max(facts, default=-1) + 1

    def drive_s(self, a: PlaceIndex, b: PlaceIndex) -> int:
        return self.state.policy.driving_s(int(self.state.travel.seconds[a, b]))

    def place(self, k: int) -> PlaceIndex:
        return self.visits[k].place if k >= 0 else self.shift.start_place

    def free_s(self, k: int) -> int:
        """Seconds the bus waits before visit ``k``."""
        leaves_s = self.visits[k - 1].depart_s if k else self.shift.start_s
        return self.visits[k].arrive_s - leaves_s - self.drive_s(self.place(k - 1), self.place(k))

    def places(self) -> list[PlaceIndex]:
        inner = [visit.place for visit in self.visits]
        return [self.shift.start_place, *inner, self.shift.end_place]

    def aboard(self) -> list[set[BookingId]]:
        """Who is aboard after each visit."""
        riders: set[BookingId] = set()
        result = []
        for visit in self.visits:
            came = {b for b in visit.board if self.state.bookings[b].status != RideStatus.NO_SHOW}
            riders = (riders - set(visit.alight)) | came
            result.append(riders)
        return result

    def index(self, key: BookingId, end: str) -> int:
        return next(k for k, visit in enumerate(self.visits) if key in getattr(visit, end))

    def with_visits(self, visits: Sequence[Visit]) -> State:
        tour = Tour(self.shift.id, tuple(visits))
        return replace(self.state, tours={**self.state.tours, self.shift.id: tour})

    def in_order(self, visits: Sequence[Visit]) -> "Course":
        return replace(self, visits=tuple(visits))

    def visit(self, k: int, **changes: Any) -> State:
        changed = replace(self.visits[k], **changes)
        return self.with_visits((*self.visits[:k], changed, *self.visits[k + 1 :]))

    def later(self, seconds: int, first: int, end: int | None = None) -> State:
        """Return the state with visits from ``first`` to before ``end`` that much later."""
        moved = (
            replace(v, arrive_s=v.arrive_s + seconds, depart_s=v.depart_s + seconds)
            for v in self.visits[first:end]
        )
        rest = () if end is None else self.visits[end:]
        return self.with_visits((*self.visits[:first], *moved, *rest))


@dataclass(frozen=True)
class Corrupt:
    """A plan that is wrong, and what the checker is told of how it came about."""

    state: State
    before: State | None = None
    event: Event | None = None


class NotHere(Exception):  # nothing is wrong
    """A decision offers no place for a kind of corruption."""


@pytest.fixture
def find_all(steps: list[Step]) -> Callable[[Kinds], None]:
    """Return the check: each kind of corruption, many times, is found by one of its codes."""

    def find(kinds: Kinds) -> None:
        rng = random.Random(SEED)
        for kind, codes in kinds.items():
            done = tried = 0
            while done < OF_EACH:
                tried += 1
                where = f"{kind.__name__} (seed {SEED}, try {tried})"
                assert tried < MOST_TRIES, f"{where} could be done {done} times only"
                step = rng.choice(steps)
                try:
                    wrong = kind(Desk(rng, step.before, step.event, step.state))
                except NotHere:
                    continue
                wrong = wrong if isinstance(wrong, Corrupt) else Corrupt(wrong)
                _check(step, wrong, codes, where)
                done += 1

    return find


def _check(step: Step, wrong: Corrupt, codes: set[str], where: str) -> None:
    told = wrong.state, wrong.before or step.before, wrong.event or step.event
    assert told != (step.state, step.before, step.event), f"{where} changed nothing"
    found = verify(wrong.state, wrong.before, wrong.event)
    broken = {v.code for v in found if v.severity is Severity.BROKEN}
    assert broken & codes, f"{where} was not found: {found}, {wrong.event}"
    with pytest.raises(PlanRefused):
        check_plan(wrong.state, wrong.before, wrong.event)
