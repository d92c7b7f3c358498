"""Laws of all journeys, on random small valleys and days; nothing a plain search of all stops and trips beats."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dispatch.connections import candidates as candidates_module
from dispatch.connections import journeys as journeys_module
from dispatch.connections.candidates import candidates
from dispatch.connections.care import line_time_s
from dispatch.connections.found import Journey, Kind, _values
from dispatch.connections.reach import transfer_s
from dispatch.events import OfferTaken, RideBooked
from dispatch.insertion.search import Terms, direct_s
from dispatch.model import Offer, PlaceIndex, TimeKind
from dispatch.options import cheapest, first_of
from dispatch.policy import Policy
from dispatch.promises import arrives_s, leaves_s, offer_of, ride_s
from dispatch.schedule.snapshot import Snapshot
from gtfs.journey import Walk

EIGHT = 480
STOPS, PLACES = 4, 9
SEEDS = st.integers(0, 10**9)
FAR = 2**40


@dataclass
class Drawn:
    """A day in a valley, and a wish."""

    valley: Any
    day: Any
    wish: Any

    @property
    def snapshot(self) -> Snapshot:
        return Snapshot.at(self.day.state, self.day.now_s)


@pytest.fixture
def draw(valley_of: Callable[..., Any], open_day: Callable[..., Any]) -> Callable[..., Drawn]:
    """Return a function that draws four stops, houses near and far, trips, buses, rides and a wish."""

    def drawn(seed: int, rides: int) -> Drawn:
        chance = Random(seed)
        xs = sorted(100 * chance.randrange(450) for _ in range(STOPS))
        points = [(x, 100 * chance.randrange(40)) for x in xs]
        for number in range(STOPS, PLACES):
            x, y = points[chance.randrange(STOPS)]
            near = number % 2 == 0  # a house from which one can walk, or not
            off = 100 * (
                chance.randint(-3, 3) if near else chance.choice([-1, 1]) * chance.randint(10, 40)
            )
            points.append((x + off + 50, y + (0 if near else off // 2)))
        trips = [_trip(chance, number) for number in range(chance.randint(6, 25))]
        transfers = [(0, 1, 300), (1, 0, 300)] if chance.random() < 0.3 else []
        valley = valley_of(points, [f"p{k}" for k in range(PLACES)], range(STOPS), trips, transfers)
        day = open_day(points, _policy(chance))
        for name in ("a", "b")[: chance.randint(1, 2)]:
            day.open(name, "08:00", chance.choice(["10:00", "13:00"]), chance.randrange(PLACES))
        for _ in range(rides):
            ends = chance.sample(range(PLACES), 2)
            offers = day.ask(*ends, chance.choice(["08:30", "09:00", "-10:00", "-09:20"]))
            if isinstance(offers, tuple):
                day.take(chance.choice(offers))
        return Drawn(valley, day, _wish(chance, valley, day))

    return drawn


def _trip(chance: Random, number: int) -> tuple[str, list[tuple[int, int]]]:
    at, calls = EIGHT + chance.randrange(0, 240, 5), []
    way = sorted(chance.sample(range(STOPS), chance.randint(2, 4)), reverse=chance.random() < 0.5)
    for stop in way:
        calls.append((stop, at))
        at += chance.randint(3, 15)
    return f"t{number}", calls


def _policy(chance: Random) -> Policy:
    return Policy(
        lead_time_s=0,
        travel_factor=chance.choice([1.0, 1.1]),
        connection_wait_s=60 * chance.choice([10, 30]),
        arrive_early_s=60 * chance.choice([5, 15]),
        transfer_s=60 * chance.choice([0, 3]),
    )


def _wish(chance: Random, valley: Any, day: Any) -> Any:
    ends = chance.sample(range(PLACES), 2)
    time = f"{chance.choice(['', '-'])}{chance.randint(8, 10)}:{chance.randrange(0, 60, 5):02}"
    load = chance.choice([{"seat": 1}, {"seat": 1}, {"seat": 2, "luggage": 1}, {"wheelchair": 1}])
    wish = valley.wish(day.request(*ends, time, **load), served=chance.random() < 0.8)
    return replace(wish, origin=replace(wish.origin, walk_s=chance.choice([0, 0, 90])))


def beats(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Better in something, worse in nothing."""
    return one != other and all(a <= b for a, b in zip(one, other, strict=True))


# --- every answer ---------------------------------------------------------------------------------


@settings(max_examples=100)
@given(seed=SEEDS, rides=st.integers(0, 5))
@example(seed=3662, rides=5)  # the schedule found has the bus wait, its promise does not
def test_every_journey_can_be_made(draw: Any, seed: int, rides: int) -> None:
    """Its rides can be booked one after the other (the checker is silent), and it holds together."""
    case = draw(seed, rides)
    day, wish = case.day, case.wish
    before = day.state, dict(day.told)
    found = case.valley.ask(day, wish)
    for journey in found:
        day.state, day.told = before[0], dict(before[1])
        for offer in journey.rides:
            (booked, *_) = day.do(OfferTaken(offer))
            assert isinstance(booked, RideBooked)
            assert booked.booking.promise == offer.promise
        _check_times(case, journey)
        _check_meetings(case, journey)


def _check_times(case: Drawn, journey: Journey) -> None:
    """Everything happens in order, not before or after the time wished."""
    wish = case.wish
    times = [journey.departure_s]
    times += [t for leg in journey.legs for t in (leg.departure_s, leg.arrival_s)]
    times.append(journey.arrival_s)
    if journey.first and journey.legs:
        times.insert(1, arrives_s(journey.first))
        assert leaves_s(journey.first) == journey.departure_s
    if journey.last:
        times.insert(-1, leaves_s(journey.last))
        assert arrives_s(journey.last) == journey.arrival_s
    assert all(a <= b for a, b in pairwise(times)), times
    if wish.departs:
        assert journey.departure_s >= wish.party.time_s
    else:
        assert journey.arrival_s <= wish.party.time_s
        for offer in (journey.last, journey.first if journey.kind is Kind.RIDE else None):
            if offer:
                by_s = offer.promise.arrive_by_s + offer.request.walk_from_s
                assert by_s <= wish.party.time_s
    assert (journey.kind is Kind.RIDE) == (not journey.legs)
    walks = [leg for leg in journey.legs if isinstance(leg, Walk)]
    limit_s = case.day.state.policy.walk_s(
        case.day.state.policy.may_walk_to_line_m(wish.party.load)
    )
    assert all(walk.seconds <= limit_s + 59 for walk in walks)


def _check_meetings(case: Drawn, journey: Journey) -> None:
    """At a line's stop in time, not too early; fetched there after it, not too late; both promised."""
    policy, lines = case.day.state.policy, case.valley.lines
    if not journey.legs:
        return
    if journey.first:
        leg, meets = journey.lines[0], journey.first.request.connection
        by_s = leg.departure_s - meets.transfer_s
        assert journey.first.promise.arrive_by_s <= by_s
        assert journey.first.planned_arrival_s >= by_s - 59 - policy.connection_wait_s - 60
        assert journey.first.request.destination == lines.place[leg.from_stop]
        assert line_time_s(lines, meets) == leg.departure_s
    if journey.last:
        leg, meets = journey.lines[-1], journey.last.request.connection
        ready_s = leg.arrival_s + meets.transfer_s
        assert journey.last.promise.pickup_from_s >= ready_s
        assert journey.last.planned_pickup_s <= ready_s + 59 + policy.connection_wait_s
        assert journey.last.request.origin == lines.place[leg.to_stop]
        assert line_time_s(lines, meets) == leg.arrival_s
    for offer in journey.rides:
        assert offer.request.connection.transfer_s >= policy.transfer_time_s(case.wish.party.load)


@settings(max_examples=60)
@given(seed=SEEDS, rides=st.integers(0, 5))
def test_no_journey_is_beaten_by_another(draw: Any, seed: int, rides: int) -> None:
    """At most five, and of each kind no more than three."""
    case = draw(seed, rides)
    found = case.valley.ask(case.day, case.wish)
    assert len(found) <= 5
    for journey in found:
        assert sum(other.kind is journey.kind for other in found) <= 3
        others = [other for other in found if other is not journey]
        assert not any(beats(_values(other), _values(journey)) for other in others)
        assert not any(_values(other) == _values(journey) for other in others)


# --- all stops, all trips -------------------------------------------------------------------------


@dataclass(frozen=True)
class Plain:
    """A ride to a line and a walk, found without any cleverness."""

    offer: Offer
    trip: str
    values: tuple[float, ...]


def all_to_lines(case: Drawn) -> Iterator[Plain]:
    """Ride to every stop of every trip, leave it at every later stop from which one can walk."""
    valley, wish, snapshot = case.valley, case.wish, case.snapshot
    policy, timetable = snapshot.state.policy, valley.timetable
    whole_s = FAR
    if wish.destination.place is not None:
        table_s = int(snapshot.state.travel.seconds[wish.origin.place, wish.destination.place])
        whole_s = policy.driving_s(table_s)
    at_most_m = policy.may_walk_to_line_m(wish.party.load)
    goal = wish.destination
    walks = dict(valley.lines.on_foot(goal.lon, goal.lat, policy, at_most_m))
    for trip, name in enumerate(timetable.trip_id):
        calls = range(*timetable.first_stop_time[trip : trip + 2])
        for board in calls:
            stop = int(timetable.stop_time_stop[board])
            request = replace(wish.party, destination=PlaceIndex(int(valley.lines.place[stop])))
            way_s = direct_s(snapshot, request)
            leaves = [at for at in calls if at > board and timetable.stop_time_stop[at] in walks]
            if not leaves or way_s == 0 or way_s > min(0.6 * whole_s, policy.ride_at_most_s):
                continue
            offer = _ride_by(case, request, int(timetable.departure_s[board]))
            for at in leaves if offer else ():
                walk_s = -(-walks[int(timetable.stop_time_stop[at])] // 60) * 60
                arrival_s = int(timetable.arrival_s[at]) + walk_s
                if not wish.departs and arrival_s > wish.party.time_s:
                    continue
                on_foot_s = walk_s + wish.origin.walk_s
                values = -leaves_s(offer), arrival_s, 1, on_foot_s, ride_s(offer)
                yield Plain(offer, name, values)


def _ride_by(case: Drawn, request: Any, departure_s: int) -> Offer | None:
    """Ask for the ride that is at a stop in time for a departure, the later quarter of an hour first."""
    snapshot, wish = case.snapshot, case.wish
    policy = snapshot.state.policy
    by_s = (departure_s - transfer_s(snapshot, wish.party)) // 60 * 60
    soonest_s = max(policy.opens_s, snapshot.now_s)
    if wish.departs:
        soonest_s = max(soonest_s, -(-(wish.party.time_s + wish.origin.walk_s) // 60) * 60)
    way_s = direct_s(snapshot, request)
    board_s = policy.stop_s + policy.boarding_time_s(request.load)
    asked = replace(
        request, time_kind=TimeKind.ARRIVE_BY, time_s=by_s, walk_to_s=wish.origin.walk_s
    )
    last_s, from_s = by_s - way_s - board_s, by_s - policy.connection_wait_s
    if soonest_s > last_s:
        return None
    longest_s = policy.longest_ride_s(way_s)
    terms = Terms(asked, soonest_s, last_s, from_s, by_s, longest_s, by_s, policy.weight_wish)
    early_s = max(from_s, by_s - policy.arrive_early_s)
    slices = terms.times._replace(arrive_from_s=early_s), terms.times
    best = next(cheapest(first_of(snapshot, terms, slices)), None)
    return None if best is None else offer_of(snapshot, best)


@settings(max_examples=80)
@given(seed=SEEDS, rides=st.integers(0, 5))
def test_the_candidates_bound_every_ride_to_a_line(
    draw: Any, monkeypatch: pytest.MonkeyPatch, seed: int, rides: int
) -> None:
    """For each there is a candidate that leaves as late and arrives as early, up to the told minute.

    That is what the search promises where others are booked: which of these candidates get a place is
    asked afterwards, of the best first.
    """
    monkeypatch.setattr(candidates_module, "_WINDOWS", 24)
    case = draw(seed, rides)
    known = [
        candidate.bound_s
        for candidate in candidates(case.snapshot, case.valley.lines, case.wish).found
        if candidate.kind is Kind.RIDE_LINE
    ]
    for plain in all_to_lines(case):
        departure_s, arrival_s = -plain.values[0], plain.values[1]
        assert any(late > departure_s - 60 and early <= arrival_s for late, early in known)


@settings(max_examples=80)
@given(seed=SEEDS)
def test_no_ride_to_a_line_beats_all_answers(
    draw: Any, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """On an empty day, all candidates asked: none is better than everything told, or found where nothing is.

    Where others are booked this does not hold: a line the timetable prefers may get the worse place, or none.

    Better by departure is one that leaves later by more than ``arrive_early_s``: so much earlier than need
    be may the cheapest place bring riders to a line, also to one that the timetable prefers.
    """
    monkeypatch.setattr(candidates_module, "_WINDOWS", 24)
    monkeypatch.setattr(journeys_module, "_ASKED_AT_MOST", 1000)
    monkeypatch.setattr(journeys_module, "_FOUND_AT_MOST", 1000)
    case = draw(seed, 0)
    found = [_values(journey) for journey in case.valley.ask(case.day, case.wish)]
    early_s = case.day.state.policy.arrive_early_s
    for plain in all_to_lines(case):
        values = plain.values[0] + early_s, *plain.values[1:]
        assert not all(beats(values, told) for told in found), plain


def test_the_drawn_days_have_something_of_everything(draw: Any) -> None:
    """Answers of every kind, none at all, plain rides to lines; so that the laws above say something."""
    kinds, unanswered, plain = Counter[Kind](), 0, 0
    for seed in range(80):
        case = draw(seed, seed % 6)
        found = case.valley.ask(case.day, case.wish)
        kinds.update(journey.kind for journey in found)
        unanswered += not found
        plain += any(True for _ in all_to_lines(case))
    assert min(kinds[kind] for kind in Kind) >= 3
    assert unanswered >= 1
    assert plain >= 10
