"""What a newer timetable changes, and which one may not take the place of the old."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from gtfs.errors import FeedError
from gtfs.feed import read_feed
from gtfs.renewal import compare, days_left, days_of_service
from gtfs.timetable import Timetable

Zipped = Callable[[Mapping[str, str | bytes]], Path]


@pytest.fixture
def old(village: dict[str, str], zipped: Zipped) -> Timetable:
    return read_feed(zipped(village))[0]


@pytest.fixture
def new(village: dict[str, str], zipped: Zipped) -> Timetable:
    """Read the summer timetable: line 773 is called 774, its morning bus runs twice, no train."""
    village["routes.txt"] = village["routes.txt"].replace("KVB,773", "KVB,774")
    village["trips.txt"] = village["trips.txt"].replace("s1,daily,night,Stadt\n", "b773,wk,bus3,\n")
    village["stop_times.txt"] = village["stop_times.txt"].replace("night,", "bus3,")
    calendar = village["calendar.txt"].replace("20260302", "20260418")
    village["calendar.txt"] = calendar.replace("20260417", "20260801")
    del village["calendar_dates.txt"]
    return read_feed(zipped(village))[0]


def test_what_changes_is_told(old: Timetable, new: Timetable) -> None:
    changes = compare(old, new, date(2026, 4, 16))
    assert (changes.lines_gone, changes.lines_new) == (("773", "S1"), ("774",))
    # two buses and a night train on weekdays, the train alone at weekends; Easter is not usual
    assert changes.trips_before == (3, 3, 3, 3, 3, 1, 1)
    assert changes.trips_after == (3, 3, 3, 3, 3, 0, 0)
    assert changes.ended == date(2026, 4, 17)
    # the 18th of April is a Saturday
    assert (changes.first_day, changes.last_day) == (date(2026, 4, 20), date(2026, 7, 31))
    assert changes.days_left == 106
    assert not changes.ends_soon


def test_the_first_timetable_is_all_new(old: Timetable) -> None:
    changes = compare(None, old, date(2026, 3, 2))
    assert (changes.lines_gone, changes.lines_new) == ((), ("773", "S1"))
    assert changes.trips_before == (0,) * 7
    assert changes.ended is None


@pytest.mark.parametrize(
    ("today", "good"),
    [
        (date(2026, 4, 6), False),  # 14 days, the last of them Sunday the 19th
        (date(2026, 4, 7), True),
        (date(2026, 7, 31), True),
        (date(2026, 8, 1), False),  # a Saturday: ended
    ],
)
def test_a_timetable_without_service_in_the_horizon_is_refused(
    old: Timetable, new: Timetable, today: date, *, good: bool
) -> None:
    if good:
        compare(old, new, today)
        return
    with pytest.raises(FeedError, match="2026-04-20 to 2026-07-31") as caught:
        compare(old, new, today)
    assert caught.value.code == "no-service-in-horizon"


def test_the_end_is_warned_of_14_days_before(old: Timetable) -> None:
    assert days_of_service(old) == (date(2026, 3, 2), date(2026, 4, 17))
    assert [days_left(old, date(2026, 4, day)) for day in (3, 4, 18)] == [14, 13, -1]
    assert not compare(old, old, date(2026, 4, 3)).ends_soon
    assert compare(old, old, date(2026, 4, 4)).ends_soon
