"""The search equals a brute-force search, on random timetables and on real feeds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtfs.days import Wheelchair, timetable_day
from gtfs.feed import read_feed
from gtfs.journey import Journey, Offer
from gtfs.net import NEVER
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


minutes = st.integers(0, 6).map(lambda m: m * 60)
kinds = st.sampled_from([0, 0, 0, 1, 2])


@st.composite
def smalls(draw: st.DrawFn) -> Small:
    """Trips around midnight on a coarse grid of times, so that much happens at the same second."""
    trips: list[dict[str, Any]] = []
    for _ in range(draw(st.integers(2, 7))):
        at = draw(st.integers(22 * 60, 26 * 60).map(lambda m: m // 4 * 240))
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
        one["continues"] = draw(st.sampled_from([-1, *range(len(trips))]))
    pairs = st.tuples(st.integers(0, STOPS - 1), st.integers(0, STOPS - 1))
    moves = draw(st.dictionaries(pairs, st.sampled_from([-1, 0, 60, 120, 300]), max_size=8))
    values = draw(st.lists(st.sampled_from([1, 1, 1, 0, 2]), min_size=STOPS, max_size=STOPS))
    return Small(trips, [(*pair, seconds) for pair, seconds in moves.items()], values)


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


@given(
    small=smalls(),
    day=st.dates(FIRST, LAST),
    access=offers(),
    egress=offers(),
    at=st.integers(-2 * 60, 28 * 60).map(lambda m: m * 60),
    wheelchair=st.sampled_from(Wheelchair),
    longest_walk_s=st.sampled_from([NEVER, 60]),
    most=st.integers(0, 3),
)
def test_every_search_equals_the_oracle(
    timetable_of: Callable[..., Timetable],
    trip: Callable[..., Any],
    oracle: Callable[..., Any],
    follow: Callable[..., None],
    small: Small,
    day: date,
    access: list[Offer],
    egress: list[Offer],
    at: int,
    wheelchair: Wheelchair,
    longest_walk_s: int,
    most: int,
) -> None:
    """Windows forwards and backwards, single journeys, limits: all follow from one set of Pareto points."""
    trips = [trip(**one) for one in small.trips]
    timetable = timetable_of(STOPS, trips, small.transfers, small.wheelchair)
    searched = timetable_day(timetable, day, wheelchair=wheelchair)
    by_hand = oracle(timetable, day, SPAN, USABLE[wheelchair], longest_walk_s)
    (front,) = by_hand.fronts(access, [egress], RIDES)
    limits = Limits(RIDES - 1, longest_walk_s)
    ends = searched, access, egress
    leaving = journeys_leaving(*ends, at, at + HOUR, limits)
    assert points(leaving) == sorted(p for p in front if at <= p[0] <= at + HOUR)
    arriving = journeys_arriving(*ends, at, at + HOUR, limits)
    assert points(arriving) == sorted(p for p in front if at <= p[1] <= at + HOUR)
    any_number = Limits(longest_walk_s=longest_walk_s)
    first = earliest_arrival(*ends, at, any_number)
    later = [p for p in front if p[0] >= at]
    assert (first and first.arrival_s) == min((p[1] for p in later), default=None)
    last = latest_departure(*ends, at, any_number)
    before = [p for p in front if p[1] <= at]
    assert (last and last.departure_s) == max((p[0] for p in before), default=None)
    few = Limits(most, longest_walk_s)
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
