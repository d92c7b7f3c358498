"""Seconds of the service day and instants, on usual days and when clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.servicetime import NoSuchTime, ServiceDay, instant_of

BERLIN = ZoneInfo("Europe/Berlin")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
days = st.one_of(st.sampled_from([SPRING, AUTUMN]), st.dates(date(2000, 1, 1), date(2099, 1, 1)))
zones = st.sampled_from(["Europe/Berlin", "Europe/Vaduz", "Europe/Lisbon", "UTC"]).map(ZoneInfo)


@given(days, zones, st.integers(-86_400, 2 * 86_400))
def test_there_and_back(day: date, zone: ZoneInfo, seconds: int) -> None:
    """Converting seconds to an instant and back changes nothing."""
    service = ServiceDay(day, zone)
    assert service.seconds(service.instant(seconds)) == seconds
    assert service.seconds(service.local(seconds)) == seconds


@given(days, zones, st.integers(-86_400, 2 * 86_400), st.integers(0, 86_400))
def test_differences_are_real_time(day: date, zone: ZoneInfo, first: int, length: int) -> None:
    """A ride of so many seconds takes so many seconds, whatever the clocks do meanwhile."""
    service = ServiceDay(day, zone)
    lasted = service.instant(first + length) - service.instant(first)
    assert lasted == timedelta(seconds=length)


@given(days, zones, st.times(time(4), time(23, 59, 59)))
def test_from_four_in_the_morning_clocks_show_the_seconds(
    day: date, zone: ZoneInfo, clock: time
) -> None:
    """A shift from "07:00" of an area file begins at seven, also when clocks changed in the night."""
    clock = clock.replace(microsecond=0)
    seconds = clock.hour * 3600 + clock.minute * 60 + clock.second
    local = ServiceDay(day, zone).local(seconds)
    assert (local.date(), local.time()) == (day, clock)


@pytest.mark.parametrize(
    ("day", "seconds", "shown"),
    [
        (SPRING, 0, "2026-03-28T23:00:00+01:00"),
        (SPRING, 5_400, "2026-03-29T00:30:00+01:00"),
        (SPRING, 3 * 3600, "2026-03-29T03:00:00+02:00"),
        (AUTUMN, 0, "2026-10-25T01:00:00+02:00"),
        (AUTUMN, 5_400, "2026-10-25T02:30:00+02:00"),
        (AUTUMN, 9_000, "2026-10-25T02:30:00+01:00"),
        (AUTUMN, 25_200, "2026-10-25T07:00:00+01:00"),
    ],
)
def test_nights_clocks_change(day: date, seconds: int, shown: str) -> None:
    assert ServiceDay(day, BERLIN).local(seconds).isoformat() == shown


def test_length_of_the_days() -> None:
    def hours(day: date) -> float:
        following = ServiceDay(day + timedelta(days=1), BERLIN)
        return (following.start - ServiceDay(day, BERLIN).start) / timedelta(hours=1)

    assert (hours(date(2026, 3, 28)), hours(SPRING)) == (23, 24)
    assert (hours(date(2026, 10, 24)), hours(AUTUMN)) == (25, 24)


@given(st.timedeltas(timedelta(days=-9_000), timedelta(days=9_000)))
def test_seconds_are_rounded_down(since: timedelta) -> None:
    """An instant within a second belongs to that second, also before the day begins."""
    instant = datetime(2026, 3, 29, tzinfo=UTC) + since
    service = ServiceDay(SPRING, BERLIN)
    seconds = service.seconds(instant)
    assert service.instant(seconds) <= instant < service.instant(seconds + 1)


def test_times_the_clocks_skip_or_repeat_are_refused() -> None:
    for day in (SPRING, AUTUMN):
        with pytest.raises(NoSuchTime):
            instant_of(day, time(2, 30), BERLIN)
    assert instant_of(SPRING, time(3), BERLIN).astimezone(UTC).hour == 1
    assert instant_of(AUTUMN, time(3), BERLIN).astimezone(UTC).hour == 2
