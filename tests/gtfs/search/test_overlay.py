"""A day with delays and cancellations is the day of a timetable that was printed that way."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtfs.days import timetable_day
from gtfs.journey import Offer
from gtfs.overlay import AddedTrip, Overlay, TripUpdate
from gtfs.search import earliest_arrival
from gtfs.timetable import Timetable

MONDAY = date(2026, 3, 2)
HOUR = 3600
FAR = (-1000 * HOUR, 1000 * HOUR)
Call = tuple[int, int, int]


shifts = st.integers(-900, 900)


@given(
    starts=st.lists(st.integers(0, 40).map(lambda m: 7 * HOUR + m * 60), min_size=1, max_size=8),
    delays=st.lists(st.lists(st.tuples(shifts, shifts), min_size=3, max_size=3), min_size=8, max_size=8),
    cancelled=st.sets(st.integers(0, 7)),
    late=st.sets(st.integers(0, 7)),
    skipped=st.dictionaries(st.integers(0, 7), st.frozensets(st.integers(0, 2))),
    added=st.lists(st.integers(0, 40).map(lambda m: 7 * HOUR + m * 60), max_size=3),
)  # fmt: skip
def test_an_overlaid_day_equals_a_reprinted_timetable(
    timetable_of: Callable[..., Timetable],
    trip: Callable[..., Any],
    starts: list[int],
    delays: list[list[tuple[int, int]]],
    cancelled: set[int],
    late: set[int],
    skipped: dict[int, frozenset[int]],
    added: list[int],
) -> None:
    """Times, lines and connections are the same array for array, whatever is told about the trips."""
    calls = [[(0, t, t), (1, t + 300, t + 360), (2, t + 900, t + 900)] for t in starts]
    more = [[(2, t, t), (0, t + 300, t + 360), (1, t + 900, t + 900)] for t in added]
    timetable = timetable_of(3, [trip(one, {MONDAY}) for one in calls])
    updates = {
        (n, MONDAY): TripUpdate(
            0,
            cancelled=n in cancelled,
            delays=tuple(delays[n]) if n in late else (),
            skipped=skipped.get(n, frozenset()),
        )
        for n in sorted(cancelled | late | set(skipped))
        if n < len(starts)
    }
    extra = tuple(extra_trip(f"x{n}", one) for n, one in enumerate(more))
    overlaid = timetable_day(timetable, MONDAY, span=FAR, overlay=Overlay(updates, extra))
    overlaid.timetable.check()
    printed = [
        trip(reprinted(calls[n], updates.get((n, MONDAY))), {MONDAY}) for n in range(len(calls))
    ]
    for n, one in enumerate(printed):
        passed = skipped.get(n, frozenset()) if (n, MONDAY) in updates else ()
        one.pickup = one.drop_off = [int(stop in passed) for stop in range(3)]
    running = [[n not in cancelled] for n in range(len(starts))] + [[True]] * len(more)
    book = timetable_of(3, [*printed, *(trip(one, {MONDAY}) for one in more)])
    book = replace(book, service_days=np.array(running))
    expected = timetable_day(book, MONDAY, span=FAR)
    assert overlaid.run_trip.tolist() == expected.run_trip.tolist()
    for net, other in ((overlaid.net, expected.net), (overlaid.turned, expected.turned)):
        for name, told, right in zip(net._fields, net, other, strict=True):
            np.testing.assert_array_equal(told, right, err_msg=name)


def reprinted(calls: list[Call], update: TripUpdate | None) -> list[Call]:
    """Move times; one before that of the stop before becomes that."""
    if update is None or not update.delays:
        return calls
    latest, found = -(2**31), []
    for (stop, *planned), delays in zip(calls, update.delays, strict=True):
        times = []
        for at, late in zip(planned, delays, strict=True):
            latest = max(latest, at + late)
            times.append(latest)
        found.append((stop, times[0], times[1]))
    return found


def extra_trip(trip_id: str, calls: list[Call], day: date = MONDAY) -> AddedTrip:
    stops, arrivals, departures = zip(*calls, strict=True)
    return AddedTrip(0, trip_id, day, 0, trip_id, stops, arrivals, departures)


@pytest.mark.parametrize(
    ("update", "message"),
    [
        (TripUpdate(0, delays=((0, 0),)), "2 stops, but 1 delays"),
        (TripUpdate(0, skipped=frozenset({2})), "no stop 2"),
    ],
)
def test_news_that_do_not_fit_the_trip_are_refused(
    timetable_of: Callable[..., Timetable],
    trip: Callable[..., Any],
    update: TripUpdate,
    message: str,
) -> None:
    timetable = timetable_of(2, [trip([(0, 100, 100), (1, 200, 200)], {MONDAY})])
    with pytest.raises(ValueError, match=message):
        timetable_day(timetable, MONDAY, overlay=Overlay({(0, MONDAY): update}))


def test_a_trip_nobody_can_ride_is_not_added(
    timetable_of: Callable[..., Timetable], trip: Callable[..., Any]
) -> None:
    timetable = timetable_of(2, [trip([(0, 100, 100), (1, 200, 200)], {MONDAY})])
    for bad in (
        extra_trip("x", [(0, 0, 0)]),
        extra_trip("x", [(0, 0, 0), (1, 60, 60)], date(2026, 3, 3)),
    ):
        with pytest.raises(ValueError, match="cannot be added"):
            timetable_day(timetable, MONDAY, overlay=Overlay({}, (bad,)))


def test_a_missed_connection_and_stale_news(
    timetable_of: Callable[..., Timetable], trip: Callable[..., Any]
) -> None:
    """The bus to the train is ten minutes late: the next train; news of an hour ago does not count."""
    bus = trip([(0, 7 * HOUR, 7 * HOUR), (1, 7 * HOUR + 600, 7 * HOUR + 600)], {MONDAY})
    trains = [trip([(1, t, t), (2, t + 900, t + 900)], {MONDAY}) for t in (26_400, 30_000)]
    timetable = timetable_of(3, [bus, *trains])
    news = Overlay({(0, MONDAY): TripUpdate(10_000, delays=((0, 0), (1200, 1200)))})
    found = [
        earliest_arrival(
            timetable_day(timetable, MONDAY, overlay=overlay), [Offer(0, 0)], [Offer(2, 0)], 0
        )
        for overlay in (None, news, news.fresh(10_300, 300), news.fresh(13_600, 300))
    ]
    assert [journey and journey.arrival_s for journey in found] == [27_300, 30_900, 30_900, 27_300]
