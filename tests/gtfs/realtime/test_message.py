"""Bytes that are no message, messages of another time, and anything else a server may send."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtfs.days import timetable_day
from gtfs.errors import FeedError
from gtfs.realtime import RealtimeReader
from gtfs.realtime.message import RealtimeLimits
from gtfs.timetable import Timetable


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "realtime-unreadable"),
        (b"<!DOCTYPE html><html>503</html>", "realtime-unreadable"),
        (b"\x0a\x05\x0a\x032.0"[:-1], "realtime-unreadable"),
        (b"x" * 2_000, "realtime-too-large"),
    ],
)
def test_no_message(timetable: Timetable, data: bytes, code: str) -> None:
    with pytest.raises(FeedError) as caught:
        RealtimeReader(timetable, limits=RealtimeLimits(bytes=1_000)).read(data, 0)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("told", "header", "code"),
    [
        ("06:44", {}, "realtime-stale"),
        ("06:45", {}, None),
        ("07:05", {}, None),
        ("07:06", {}, "realtime-ahead"),
        ("07:00", {"timestamp": 0}, None),
        ("07:00", {"timestamp": 2**63}, "realtime-ahead"),
        ("07:00", {"incrementality": "DIFFERENTIAL"}, "realtime-differential"),
    ],
)
def test_a_message_must_be_of_now_and_whole(
    timetable: Timetable,
    message: Callable[..., bytes],
    unix: Any,
    told: str,
    header: dict[str, Any],
    code: str | None,
) -> None:
    data, now_s = message(told=told, **header), unix("07:00")
    if code is None:
        # a clock that runs ahead makes nothing fresher than now
        assert RealtimeReader(timetable).read(data, now_s).told_s == min(unix(told), now_s)
        return
    with pytest.raises(FeedError) as caught:
        RealtimeReader(timetable).read(data, now_s)
    assert caught.value.code == code


def test_too_many_entities_and_deleted_ones(
    timetable: Timetable, message: Callable[..., bytes], unix: Any
) -> None:
    told = {"trip_update": {"trip": {"trip_id": "bus1"}}}
    with pytest.raises(FeedError, match="2 entities"):
        RealtimeReader(timetable, limits=RealtimeLimits(entities=1)).read(
            message(told, told), unix("07:00")
        )
    news = RealtimeReader(timetable).read(message(told | {"is_deleted": True}), unix("07:00"))
    assert not news.report.counts


KINDS = [
    "SCHEDULED",
    "ADDED",
    "UNSCHEDULED",
    "CANCELED",
    "REPLACEMENT",
    "DUPLICATED",
    "DELETED",
    "NEW",
]
numbers = st.one_of(st.integers(-(2**31), 2**31 - 1), st.integers(-900, 900))
moments = st.one_of(st.integers(-(2**63), 2**63 - 1), st.integers(1_772_400_000, 1_772_500_000))
idents = st.sampled_from(["bus1", "bus2", "night", "x", "", "bf1", "ki", "mu", "b773"])
clocks = st.sampled_from(["", "07:05:00", "25:00:00", "999:59:59", "7", "-1:00:00"])
dates = st.sampled_from(["", "20260302", "00010101", "99991231", "2026-03-02", "20260418"])
event = st.fixed_dictionaries({}, optional={"delay": numbers, "time": moments})
stop_update = st.fixed_dictionaries(
    {},
    optional={
        "stop_sequence": st.integers(0, 40),
        "stop_id": idents,
        "arrival": event,
        "departure": event,
        "schedule_relationship": st.sampled_from(
            ["SCHEDULED", "SKIPPED", "NO_DATA", "UNSCHEDULED"]
        ),
        "stop_time_properties": st.fixed_dictionaries({}, optional={"assigned_stop_id": idents}),
    },
)
trip_update = st.fixed_dictionaries(
    {
        "trip": st.fixed_dictionaries(
            {"schedule_relationship": st.sampled_from(KINDS)},
            optional={"trip_id": idents, "route_id": idents, "start_date": dates, "start_time": clocks},
        ),
        "stop_time_update": st.lists(stop_update, max_size=5),
    },
    optional={
        "delay": numbers,
        "timestamp": st.integers(0, 2**64 - 1),
        "trip_properties": st.fixed_dictionaries(
            {}, optional={"trip_id": idents, "start_date": dates, "start_time": clocks}
        ),
    },
)  # fmt: skip


@given(told=st.lists(trip_update, max_size=6))
def test_whatever_is_told_the_day_can_be_searched(
    timetable: Timetable, message: Callable[..., bytes], unix: Any, told: list[dict[str, Any]]
) -> None:
    """Nothing raises, times never run backwards, every update is counted once."""
    data = message(*({"trip_update": one} for one in told))
    news = RealtimeReader(timetable).read(data, unix("07:00"))
    kept = ("updated", "cancelled", "added", "replaced")
    left = ("trip-unknown", "trip-not-today", "trip-twice", "trip-unusable")
    assert sum(news.report.counts[what] for what in (*kept, *left)) == len(told)
    day = timetable_day(timetable, date(2026, 3, 2), overlay=news.overlay)
    day.timetable.check()
    net = day.net
    for run in range(len(day.run_trip)):
        events = range(*net.first_event[run : run + 2].tolist())
        times = [int(t[e]) for e in events for t in (net.arrival_s, net.departure_s)]
        assert times == sorted(times)


@given(
    data=st.binary(max_size=200),
    flips=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=4),
)
def test_damaged_bytes_are_refused_or_read(
    timetable: Timetable, message: Callable[..., bytes], unix: Any, data: bytes, flips: list[tuple[int, int]]
) -> None:  # fmt: skip
    told = bytearray(message({"trip_update": {"trip": {"trip_id": "bus1"}, "delay": 60}}))
    for at, value in flips:
        told[at % len(told)] = value
    codes = set()
    for damaged in (data, bytes(told), bytes(told)[: len(data)], bytes(told) + data):
        try:
            RealtimeReader(timetable).read(damaged, unix("07:00"))
        except FeedError as error:
            codes.add(error.code)
    assert codes <= {
        "realtime-unreadable",
        "realtime-stale",
        "realtime-ahead",
        "realtime-differential",
    }
