"""The search equals a brute-force search, on random timetables and on real feeds."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gtfs.day_rows import Wheelchair
from gtfs.days import timetable_day
from gtfs.feed import read_feed
from gtfs.journey import Journey, Offer
from gtfs.net import NEVER
from gtfs.overlay import AddedTrip, Overlay, TripUpdate
from gtfs.search import (
    Limits,
    access_to,
    arrivals,
    departures_towards,
    earliest_arrival,
    egress_from,
    journeys_arriving,
    journeys_leaving,
    latest_departure,
)
from gtfs.timetable import Timetable

HOUR = 3600
STOPS = 5
RIDES = 8
SPAN = (-6 * HOUR, 36 * HOUR)
FAR = (-1000 * HOUR, 1000 * HOUR)
# the night to 29 March 2026 has 23 hours
FIRST, LAST = date(2026, 3, 27), date(2026, 3, 31)
USABLE = {
    Wheelchair.NOT_NEEDED: frozenset({0, 1, 2}),
    Wheelchair.PERHAPS: frozenset({0, 1}),
    Wheelchair.SURE: frozenset({1}),
}


@dataclass
class Small:
    """A random timetable as plain lists."""

    trips: list[dict[str, Any]]
    transfers: list[tuple[int, int, int]]
    wheelchair: list[int]
    footpaths: set[tuple[int, int]]

    @property
    def stops(self) -> tuple[Any, ...]:
        """Transfers, wheelchairs, footpaths: all but the trips."""
        return self.transfers, self.wheelchair, self.footpaths


minutes = st.sampled_from([0, 0, 60, 60, 120, 300])
kinds = st.sampled_from([0, 0, 0, 1, 2])


@st.composite
def smalls(draw: st.DrawFn) -> Small:
    """Trips around midnight on a coarse grid of times, so that much happens at the same second."""
    trips: list[dict[str, Any]] = []
    for _ in range(draw(st.integers(2, 7))):
        at = 23 * HOUR + draw(st.sampled_from([*range(0, 12 * 600, 600), 5 * HOUR]))
        calls = []
        for stop in draw(st.lists(st.integers(0, STOPS - 1), min_size=2, max_size=5)):
            leaves = at + draw(st.sampled_from([0, 0, 60]))
            calls.append((stop, at, leaves))
            at = leaves + draw(minutes)
        size = len(calls)
        one = {
            "days": draw(st.sets(st.dates(FIRST, LAST), min_size=1)),
            "pickup": draw(st.lists(kinds, min_size=size, max_size=size)),
            "drop_off": draw(st.lists(kinds, min_size=size, max_size=size)),
            "wheelchair": draw(st.sampled_from([1, 1, 0, 2])),
        }
        # a frequency, spelt out
        for n in range(draw(st.sampled_from([1, 1, 2, 3]))):
            shifted = [(stop, a + n * 600, d + n * 600) for stop, a, d in calls]
            trips.append(one | {"calls": shifted})
    for one in trips:
        fit = [n for n, other in enumerate(trips) if _goes_on(one, other)]
        one["continues"] = draw(st.sampled_from([-1, *fit]))
    pairs = st.tuples(st.integers(0, STOPS - 1), st.integers(0, STOPS - 1))
    moves = draw(st.dictionaries(pairs, st.sampled_from([-1, 0, 0, 60, 120, 300]), max_size=8))
    values = draw(st.lists(st.sampled_from([1, 1, 1, 0, 2]), min_size=STOPS, max_size=STOPS))
    walked = sorted(pair for pair, seconds in moves.items() if pair[0] != pair[1] and seconds >= 0)
    paths = draw(st.sets(st.sampled_from(walked))) if walked else set()
    return Small(trips, [(*pair, seconds) for pair, seconds in moves.items()], values, paths)


def _goes_on(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether the laws of a timetable let a trip go on as the other."""
    (_, _, left), (_, ended, _) = other["calls"][0], one["calls"][-1]
    return left >= ended and other["calls"][-1][1] > ended and one["days"] <= other["days"]


@st.composite
def offers(draw: st.DrawFn) -> list[Offer]:
    found = []
    for _ in range(draw(st.integers(1, 3))):
        since = draw(st.sampled_from([-NEVER, -NEVER, 23 * HOUR, 0]))
        until = draw(st.sampled_from([NEVER, NEVER, 24 * HOUR, HOUR]))
        found.append(Offer(draw(st.integers(0, STOPS - 1)), draw(minutes), since, until))
    return found


def points(journeys: list[Journey]) -> list[tuple[int, int, int]]:
    return [(j.departure_s, j.arrival_s, j.transfers) for j in journeys]


@dataclass
class Question:
    """What is asked."""

    day: date
    access: list[Offer]
    egress: list[Offer]
    at: int
    wheelchair: Wheelchair
    longest_walk_s: int
    most: int


questions = st.builds(
    Question,
    day=st.dates(FIRST, LAST),
    access=offers(),
    egress=offers(),
    at=st.integers(-2 * 60, 28 * 60).map(lambda m: m * 60),
    wheelchair=st.sampled_from(Wheelchair),
    longest_walk_s=st.sampled_from([NEVER, 60]),
    most=st.integers(0, 3),
)


@given(small=smalls(), asked=questions)
def test_every_search_equals_the_oracle(
    timetable_of: Callable[..., Timetable],
    trip: Callable[..., Any],
    oracle: Callable[..., Any],
    follow: Callable[..., None],
    small: Small,
    asked: Question,
) -> None:
    """Windows forwards and backwards, single journeys, limits: all follow from one set of Pareto points."""
    trips = [trip(**one) for one in small.trips]
    at, access, egress, most = asked.at, asked.access, asked.egress, asked.most
    timetable = timetable_of(STOPS, trips, *small.stops)
    searched = timetable_day(timetable, asked.day, wheelchair=asked.wheelchair)
    by_hand = oracle(timetable, asked.day, SPAN, USABLE[asked.wheelchair], asked.longest_walk_s)
    (front,) = by_hand.fronts(access, [egress], RIDES)
    limits = Limits(RIDES - 1, asked.longest_walk_s)
    ends = searched, access, egress
    leaving = journeys_leaving(*ends, at, at + HOUR, limits)
    assert points(leaving) == sorted(p for p in front if at <= p[0] <= at + HOUR)
    arriving = journeys_arriving(*ends, at, at + HOUR, limits)
    assert points(arriving) == sorted(p for p in front if at <= p[1] <= at + HOUR)
    any_number = Limits(longest_walk_s=asked.longest_walk_s)
    first = earliest_arrival(*ends, at, any_number)
    later = [p for p in front if p[0] >= at]
    assert (first and first.arrival_s) == min((p[1] for p in later), default=None)
    last = latest_departure(*ends, at, any_number)
    before = [p for p in front if p[1] <= at]
    assert (last and last.departure_s) == max((p[0] for p in before), default=None)
    few = Limits(most, asked.longest_walk_s)
    limited = earliest_arrival(*ends, at, few)
    assert (limited and limited.arrival_s) == min(
        (p[1] for p in later if p[2] <= most), default=None
    )
    limited_last = latest_departure(*ends, at, few)
    assert (limited_last and limited_last.departure_s) == max(
        (p[0] for p in before if p[2] <= most), default=None
    )
    for journey in (first, last, limited, limited_last, *leaving, *arriving):
        if journey:
            follow(timetable, journey, access, egress)
    everywhere = by_hand.arrivals(access, at, RIDES)[-1]
    told = arrivals(searched, access, at, any_number)
    assert {s: int(told[s]) for s in range(STOPS) if told[s] < NEVER} == everywhere
    towards = departures_towards(searched, egress, at, any_number)
    for stop in range(STOPS):
        (there,) = by_hand.fronts([Offer(stop, 0)], [egress], RIDES)
        latest = max((p[0] for p in there if p[1] <= at), default=-NEVER)
        assert towards[stop] == latest


@dataclass
class Today:
    """What is told about trip ``trip`` (modulo their number) on ``day``."""

    trip: int
    day: date
    cancelled: bool
    delays: list[int]
    skipped: set[int]


days = st.dates(FIRST, LAST)
news = st.builds(
    Today,
    trip=st.integers(0, 30),
    day=days,
    cancelled=st.sampled_from([False, False, False, True]),
    delays=st.one_of(st.just([]), st.lists(st.sampled_from([-300, 0, 60, 600, 3600]), min_size=10, max_size=10)),
    skipped=st.sets(st.integers(0, 4), max_size=2),
)  # fmt: skip


@given(small=smalls(), more=smalls(), told=st.lists(news, max_size=8), asked=questions)
def test_the_search_of_today_equals_the_oracle(
    timetable_of: Callable[..., Timetable],
    trip: Callable[..., Any],
    oracle: Callable[..., Any],
    small: Small,
    more: Small,
    told: list[Today],
    asked: Question,
) -> None:
    """Late, cancelled and added trips and stops left out: as if all had been printed, day by day."""
    timetable = timetable_of(STOPS, [trip(**one) for one in small.trips], *small.stops)
    news_of = {
        (one.trip % len(small.trips), one.day): one
        for one in told
        if one.day in small.trips[one.trip % len(small.trips)]["days"]
    }
    inside = timetable.service_days.shape[1]
    added = [
        (f"x{n}", one, day)
        for n, one in enumerate(more.trips[:3])
        for day in sorted(one["days"])
        if 0 <= day.toordinal() - timetable.first_day < inside
    ]
    overlay = Overlay(
        {key: _update(one, small.trips[key[0]]["calls"]) for key, one in news_of.items()},
        tuple(_added(*one) for one in added),
    )
    printed, goes_on = _printed(small, news_of)
    printed += [one | {"days": {day}, "continues": -1} for _, one, day in added]
    assume(printed)
    book = timetable_of(STOPS, [trip(**one) for one in printed], *small.stops)
    goes_on += [-1] * len(added)
    book = replace(book, trip_continues=np.array(goes_on, np.int32))
    searched = timetable_day(
        timetable, asked.day, wheelchair=asked.wheelchair, span=FAR, overlay=overlay
    )
    by_hand = oracle(book, asked.day, FAR, USABLE[asked.wheelchair], asked.longest_walk_s)
    (front,) = by_hand.fronts(asked.access, [asked.egress], RIDES)
    limits = Limits(RIDES - 1, asked.longest_walk_s)
    ends, at = (searched, asked.access, asked.egress), asked.at
    leaving = journeys_leaving(*ends, at, at + HOUR, limits)
    assert points(leaving) == sorted(p for p in front if at <= p[0] <= at + HOUR)
    arriving = journeys_arriving(*ends, at, at + HOUR, limits)
    assert points(arriving) == sorted(p for p in front if at <= p[1] <= at + HOUR)
    first = earliest_arrival(*ends, at, Limits(longest_walk_s=asked.longest_walk_s))
    times = (p[1] for p in front if p[0] >= at)
    assert (first and first.arrival_s) == min(times, default=None)


def _update(one: Today, calls: list[Any]) -> TripUpdate:
    late = one.delays[: 2 * len(calls)]
    return TripUpdate(
        0,
        one.cancelled,
        tuple(zip(late[::2], late[1::2], strict=True)),
        frozenset(stop for stop in one.skipped if stop < len(calls)),
    )


def _added(trip_id: str, one: dict[str, Any], day: date) -> AddedTrip:
    stops, arrivals, departures = zip(*one["calls"], strict=True)
    kinds = tuple(one["pickup"]), tuple(one["drop_off"]), one["wheelchair"]
    return AddedTrip(0, trip_id, day, 0, "", stops, arrivals, departures, *kinds)


def _printed(
    small: Small, news_of: dict[tuple[int, date], Today]
) -> tuple[list[dict[str, Any]], list[int]]:
    """Every trip of every day as a trip of its own, and as which it goes on."""
    keys = [
        (n, day)
        for n, one in enumerate(small.trips)
        for day in sorted(one["days"])
        if not ((n, day) in news_of and news_of[n, day].cancelled)
    ]
    found = []
    for n, day in keys:
        one = small.trips[n] | {"days": {day}, "continues": -1}
        told = news_of.get((n, day))
        if told:
            late, latest, calls = iter(told.delays or [0] * 10), -NEVER, []
            for stop, *planned in one["calls"]:
                times = [latest := max(latest, at + next(late)) for at in planned]
                calls.append((stop, *times))
            kinds = {
                key: [1 if i in told.skipped else kind for i, kind in enumerate(one[key])]
                for key in ("pickup", "drop_off")
            }
            one |= {"calls": calls} | kinds
        found.append(one)
    place = {key: n for n, key in enumerate(keys)}
    return found, [place.get((small.trips[n]["continues"], day), -1) for n, day in keys]


FEEDS = [
    "cairns-2014",
    "cobblinc-scheduled-deviated-flex",
    "liechtenstein-SYNTHETIC-TIMES-from-osm",
    "rnv-2016-10-12",
    "vvs-bus-752-boeblingen-2020",
    "vvs-bus-764-gaertringen-2020",
    "vvs-herrenberg-2021",
    "vvs-herrenberg-overlapping-2021",
]
QUESTIONS = 1_000
ORIGINS = {"rnv-2016-10-12": 4}
"""The oracle's time goes with the number of places one starts from: ten, but four on the largest feed."""
ANY_RIDES = 60


@pytest.mark.data
@pytest.mark.parametrize("name", FEEDS)
def test_a_thousand_questions_to_a_real_feed(
    data_dir: Path, oracle: Callable[..., Any], follow: Callable[..., None], name: str
) -> None:
    """Each from a stop and its surroundings to another, half an hour's window, on a day with many trips."""
    timetable, _ = read_feed(data_dir / "gtfs" / f"{name}.gtfs.zip")
    random = np.random.default_rng(1)
    day = _busy_day(timetable)
    searched, by_hand = timetable_day(timetable, day), oracle(timetable, day, SPAN)
    served = np.unique(timetable.stop_time_stop).tolist()
    answered, origins = 0, ORIGINS.get(name, 10)
    for _ in range(origins):
        access = access_to(timetable, int(random.choice(served)))
        at = int(random.integers(5 * HOUR, 20 * HOUR))
        goals = [
            egress_from(timetable, int(goal))
            for goal in random.choice(served, QUESTIONS // origins)
        ]
        window = at, at + HOUR // 2
        fronts = by_hand.fronts(access, goals, 7, window)
        soonest = by_hand.arrivals(access, at, ANY_RIDES)[-1]
        for egress, front in zip(goals, fronts, strict=True):
            leaving = journeys_leaving(searched, access, egress, *window)
            assert points(leaving) == sorted(front)
            first = earliest_arrival(searched, access, egress, at)
            times = [soonest[o.stop] + o.seconds for o in egress if o.stop in soonest]
            assert (first and first.arrival_s) == min(times, default=None)
            if first:
                answered += 1
                last = latest_departure(searched, access, egress, first.arrival_s)
                assert last
                assert at <= last.departure_s
                assert last.arrival_s == first.arrival_s
            for journey in (*leaving, *([first, last] if first else [])):
                follow(timetable, journey, access, egress)
    assert answered > 0, "no question had an answer"


def _busy_day(timetable: Timetable) -> date:
    """Return the first of the days on which most trips run."""
    trips = np.bincount(timetable.trip_service, minlength=len(timetable.service_id))
    column = int(np.argmax(trips @ timetable.service_days))
    return date.fromordinal(timetable.first_day) + timedelta(days=column)
