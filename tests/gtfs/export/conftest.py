"""Small services made by hand, and the two validators every export has to satisfy."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import gtfs_guru
import pytest

from gtfs.export.service import (
    Edition,
    OfficeDays,
    OnDemandService,
    PublicStop,
    SafeDuration,
    Window,
)
from gtfs.other_services import Notice

WORKDAYS = (True, True, True, True, True, False, False)
SATURDAY = (False, False, False, False, False, True, False)
EDITION = Edition(date(2026, 3, 2), date(2026, 8, 30), "https://bus.example.org/")
EASTER_MONDAY = date(2026, 4, 6)

STOPS = OnDemandService(
    id="talheim",
    name="Bürgerbus Talheim",
    operator="Bürgerbusverein Talheim e. V.",
    phone="+49 30 23125 014",
    time_zone="Europe/Berlin",
    windows=(
        Window(WORKDAYS, 7 * 3600, 12 * 3600, 13 * 3600),
        Window(WORKDAYS, 14 * 3600, 18 * 3600, 18 * 3600),
        Window(SATURDAY, 20 * 3600, 25 * 3600, 26 * 3600),
    ),
    notice=Notice(minutes=60, days_at_most=14),
    duration=SafeDuration(1.65, 690),
    closed=frozenset({EASTER_MONDAY}),
    stops=(
        PublicStop("rathaus", "Rathaus", 9.1136, 48.4090),
        PublicStop("muehle", "Mühle, Talheim", 9.1400, 48.4200),
        PublicStop("bahnhof", "Bahnhof", 9.1600, 48.4300),
    ),
    wheelchairs=True,
)
OUTER = ((9.0, 48.0), (9.2, 48.0), (9.2, 48.2), (9.0, 48.2), (9.0, 48.0))
HOLE = ((9.05, 48.05), (9.05, 48.1), (9.1, 48.1), (9.1, 48.05), (9.05, 48.05))
EXCLAVE = ((9.3, 48.0), (9.4, 48.0), (9.4, 48.1), (9.3, 48.1), (9.3, 48.0))
ZONE = OnDemandService(
    id="bergdorf",
    name="Bürgerbus Bergdorf",
    operator="Gemeinde Bergdorf",
    phone="+49 30 23125 015",
    time_zone="Europe/Berlin",
    windows=(Window(WORKDAYS, 8 * 3600, 17 * 3600, 18 * 3600),),
    notice=Notice(days=1, until_s=16 * 3600, days_at_most=7),
    duration=SafeDuration(1.4, 480),
    zone=((OUTER, HOLE), (EXCLAVE,)),
    office=OfficeDays((True, True, True, True, False, False, False), frozenset({EASTER_MONDAY})),
)


@pytest.fixture(scope="session")
def talheim() -> OnDemandService:
    """Serve three stops on workdays, with a break at noon, and on Saturday nights."""
    return STOPS


@pytest.fixture(scope="session")
def bergdorf() -> OnDemandService:
    """Serve the doors of a zone with a hole and an exclave; book on the office day before."""
    return ZONE


@pytest.fixture(scope="session")
def edition() -> Edition:
    """Give half a year from a Monday on."""
    return EDITION


@pytest.fixture(scope="session")
def validated() -> Callable[[Path, date], tuple[Counter[str], Counter[str]]]:
    """Ask both validators about a feed; they return how often each error and warning was found."""

    def ask(feed: Path, day: date) -> tuple[Counter[str], Counter[str]]:
        errors: Counter[str] = Counter()
        warnings: Counter[str] = Counter()
        first = gtfs_guru.validate(str(feed), country_code="DE", date=day.isoformat())
        errors.update(f"guru {notice.code}" for notice in first.errors())
        warnings.update(f"guru {notice.code}" for notice in first.warnings())
        report = feed.parent / f"{feed.stem}-report"
        subprocess.run(
            [Path(sys.executable).with_name("gtfs-validator"), "-i", feed, "-o", report, "-c", "de", "-d", day.isoformat()],
            check=True,
            capture_output=True,
        )  # fmt: skip
        for notice in json.loads((report / "system_errors.json").read_text())["notices"]:
            errors.update(f"validator {each['exception']}" for each in notice["sampleNotices"])
        for notice in json.loads((report / "report.json").read_text())["notices"]:
            counted = {"ERROR": errors, "WARNING": warnings}.get(notice["severity"])
            if counted is not None:
                counted[f"validator {notice['code']}"] += notice["totalNotices"]
        return errors, warnings

    return ask
