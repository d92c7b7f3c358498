"""The timetable's own contract: every broken law is noticed, and reading it needs no pandas."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from gtfs.errors import FeedError
from gtfs.feed import read_feed
from gtfs.timetable import Timetable

Zipped = Callable[[Mapping[str, str | bytes]], Path]


@pytest.fixture
def timetable(village: dict[str, str], zipped: Zipped) -> Timetable:
    return read_feed(zipped(village))[0]


def test_fields_are_arrays_strings_or_plain_numbers(timetable: Timetable) -> None:
    """What stores a timetable need not know it: contiguous arrays, tuples of str, scalars."""
    for field in fields(timetable):
        value = getattr(timetable, field.name)
        if isinstance(value, np.ndarray):
            assert value.flags.c_contiguous
        elif isinstance(value, tuple):
            assert all(type(item) is str for item in value)
        else:
            assert type(value) in (str, int)


@pytest.mark.parametrize(
    ("name", "position", "value", "law"),
    [
        ("stop_station", 1, 9, "stop_station points outside"),
        ("trip_route", 0, -1, "trip_route points outside"),
        ("trip_service", 0, 2, "trip_service points outside"),
        ("stop_time_stop", 0, 5, "stop_time_stop points outside"),
        ("stop_time_headsign", 0, 1, "stop_time_headsign points outside"),
        ("departures", 0, 99, "departures points outside"),
        ("first_stop_time", 1, 1, "first_stop_time does not cover"),
        ("first_departure", 0, 1, "first_departure does not cover"),
        ("stop_time_trip", 0, 1, "stop_time_trip contradicts"),
        ("arrival_s", 0, 99_999, "a bus leaves before it arrives"),
        ("departure_s", 0, 99_999, "times run backwards"),
        ("departures", 0, 1, "departures lie at another stop"),
        ("pickup_type", 0, 1, "somebody boards where nobody may"),
        ("drop_off_type", 0, 4, "drop_off_type points outside"),
        ("stop_wheelchair", 0, 3, "stop_wheelchair points outside"),
        ("first_transfer", 1, 9, "first_transfer does not cover"),
        ("transfer_stop", 0, 5, "transfer_stop points outside"),
        ("transfer_s", 0, -2, "transfer_s points outside"),
        ("trip_continues", 0, 3, "trip_continues points outside"),
        ("trip_continues", 1, 0, "a trip goes on before it has ended"),
        ("trip_continues", 2, 2, "a trip goes on before it has ended"),
    ],
)
def test_a_broken_law_is_named(
    timetable: Timetable, name: str, position: int, value: int, law: str
) -> None:
    timetable.check()
    array = getattr(timetable, name).copy()
    array[position] = value
    with pytest.raises(FeedError, match=law) as caught:
        replace(timetable, **{name: array}).check()
    assert caught.value.code == "timetable-inconsistent"


def test_unsorted_departures_wrong_shapes_and_dtypes_are_named(timetable: Timetable) -> None:
    church = timetable.stop_id.index("ki")
    swapped = timetable.departures.copy()
    rows = slice(*timetable.first_departure[church : church + 2])
    swapped[rows] = swapped[rows][::-1]
    for broken, law in (
        (replace(timetable, departures=swapped), "departures are not sorted"),
        (
            replace(timetable, first_transfer=np.array([0, 0, 2, 2, 2, 2], dtype=np.int32)),
            "transfers are not sorted",
        ),
        (replace(timetable, stop_name=("A",)), "stop_name has 1 items, not 5"),
        (replace(timetable, arrival_s=timetable.arrival_s.astype(np.int64)), "arrival_s has dtype"),
    ):
        with pytest.raises(FeedError, match=law):
            broken.check()


def test_nothing_runs_outside_the_timetable(timetable: Timetable) -> None:
    assert not timetable.running_on(date(1999, 1, 1)).any()
    assert not timetable.running_on(date(2099, 1, 1)).any()


def test_reading_a_timetable_needs_no_heavy_library() -> None:
    code = (
        "import sys, gtfs.timetable, gtfs.departures, gtfs.reading, gtfs.renewal;"
        "print(sorted({'pandas', 'gtfs_kit', 'scipy', 'geopandas'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
