"""The village on Monday 2 March 2026, and realtime messages written as dictionaries."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from google.protobuf.json_format import ParseDict
from google.transit.gtfs_realtime_pb2 import FeedMessage

from gtfs.feed import read_feed
from gtfs.timetable import Timetable


def unix(clock: str, day: date = date(2026, 3, 2)) -> int:
    """UNIX time of a time of day on the clocks of the village."""
    hours, minutes = map(int, clock.split(":"))
    return int(datetime(day.year, day.month, day.day, hours, minutes, tzinfo=ZoneInfo("Europe/Berlin")).timestamp())  # fmt: skip


def message(*entities: dict[str, Any], told: str = "07:00", **header: Any) -> bytes:
    """Write a message told on that Monday."""
    data = {
        "header": {"gtfs_realtime_version": "2.0", "timestamp": unix(told)} | header,
        "entity": [{"id": str(n)} | entity for n, entity in enumerate(entities)],
    }
    return bytes(ParseDict(data, FeedMessage()).SerializeToString())


@pytest.fixture(name="message")
def _message() -> Callable[..., bytes]:
    return message


@pytest.fixture(name="unix")
def _unix() -> Callable[..., int]:
    return unix


@pytest.fixture
def timetable(
    village: dict[str, str], zipped: Callable[[Mapping[str, str | bytes]], Path]
) -> Timetable:
    """bus1 bf2 7:05, ki 7:12, mu 7:20; bus2 mu 17:00, ki 17:10, bf2 17:20; night ki 23:50, bf1 25:10-12, mu 25:30."""
    return read_feed(zipped(village))[0]
