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
from gtfs.overlay import Overlay, TripUpdate, delayed_times
from gtfs.search import earliest_arrival
from gtfs.timetable import Timetable

MONDAY = date(2026, 3, 2)
HOUR = 3600
FAR = (-1000 * HOUR, 1000 * HOUR)


@given(
    starts=st.lists(st.integers(0, 40).map(lambda m: 7 * HOUR + m * 60), min_size=1, max_size=8),
    delays=st.lists(st.lists(st.tuples(st.integers(-900, 900), st.integers(-900, 900)), min_size=3, max_size=3), min_size=8, max_size=8),
    cancelled=st.sets(st.integers(0, 7)),
    late=st.sets(st.integers(0, 7)),
)  # fmt: skip
def test_an_overlaid_day_equals_a_reprinted_timetable(
    timetable_of: Callable[..., Timetable],
    trip: Callable[..., Any],
    starts: list[int],
    delays: list[list[tuple[int, int]]],
    cancelled: set[int],
    late: set[int],
) -> None:
    """Times, lines and connections are the same array for array."""
    calls = [[(0, t, t), (1, t + 300, t + 360), (2, t + 900, t + 900)] for t in starts]
    timetable = timetable_of(3, [trip(one, {MONDAY}) for one in calls])
    updates = {
        (n, MONDAY): TripUpdate(0, n in cancelled, tuple(delays[n]) if n in late else ())
        for n in sorted(cancelled | late)
        if n < len(starts)
    }
    overlaid = timetable_day(timetable, MONDAY, span=FAR, overlay=Overlay(updates))
    times = np.column_stack((timetable.arrival_s, timetable.departure_s))
    for (n, _), update in updates.items():
        if update.delays:
            times[3 * n : 3 * n + 3] = delayed_times(timetable, n, update)
    arrival_s, departure_s = (np.ascontiguousarray(times[:, i]) for i in (0, 1))
    running = np.array([[n not in cancelled] for n in range(len(starts))])
    printed = replace(timetable, arrival_s=arrival_s, departure_s=departure_s, service_days=running)
    expected = timetable_day(printed, MONDAY, span=FAR)
    assert overlaid.run_trip.tolist() == expected.run_trip.tolist()
    for name, told, right in zip(overlaid.net._fields, overlaid.net, expected.net, strict=True):
        np.testing.assert_array_equal(told, right, err_msg=name)


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


def test_times_of_a_late_trip_never_run_backwards(
    timetable_of: Callable[..., Timetable], trip: Callable[..., Any]
) -> None:
    timetable = timetable_of(2, [trip([(0, 100, 100), (1, 200, 200)], {MONDAY})])
    times = delayed_times(timetable, 0, TripUpdate(0, delays=((0, 300), (0, 0))))
    assert times.tolist() == [[100, 400], [400, 400]]
    with pytest.raises(ValueError, match="2 stops, but 1 delays"):
        delayed_times(timetable, 0, TripUpdate(0, delays=((0, 0),)))
