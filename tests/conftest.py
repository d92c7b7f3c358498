"""Fixtures every test may use: where the real data lie, hypothesis profiles, timetables of a few lines."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from api.store.scope import all_areas
from gtfs.timetable import Timetable

# function-scoped fixtures here are factories and folders: nothing of one example reaches the next
CHECKS = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile("quick", max_examples=40, deadline=None, suppress_health_check=CHECKS)
settings.register_profile("long", max_examples=2_000, deadline=None, suppress_health_check=CHECKS)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Folder of real extracts, feeds and instances; skips where it is absent."""
    named = os.environ.get("BUERGERBUS_DATA")
    folder = Path(named) if named else REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("no real data: set BUERGERBUS_DATA to the folder that holds osm/ and gtfs/")
    return folder


@pytest.fixture(autouse=True, scope="session")
def _all_areas() -> Iterator[None]:
    """Let tests see everything; requests, jobs and threads of the server say for themselves what they see."""
    with all_areas():
        yield


ENABLE = {
    "no real data": "BUERGERBUS_DATA=FOLDER make test   (the folder that holds osm/ and gtfs/)",
    "no Chromium": "apt-get install chromium   (Debian; then make test)",
    "no PostgreSQL": "apt-get install postgresql   (Debian; then make test)",
    "no package registry": "make test   (where pip reaches a package registry)",
    "no mount": "run the tests as root, where mounting is allowed",
    "no built front end": "make run   (builds it with Node; then make test)",
}
ALLOWED_IN_CI = "no real data", "no mount"


def _skip_reasons(reporter: pytest.TerminalReporter) -> Counter[str]:
    return Counter(
        str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
        for report in reporter.stats.get("skipped", [])
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """End with what was skipped and the one command that enables it."""
    reasons = _skip_reasons(terminalreporter)
    if not reasons:
        return
    terminalreporter.section("skipped here, and how to enable it")
    for reason, count in reasons.items():
        command = next((text for key, text in ENABLE.items() if key in reason), "")
        terminalreporter.line(f"{count} x {reason.removeprefix('Skipped: ')}")
        if command:
            terminalreporter.line(f"    enable: {command}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In the gate nothing may be skipped but tests whose real data are absent."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if not os.environ.get("BUERGERBUS_NO_SKIP") or reporter is None or session.exitstatus:
        return
    if any(
        not any(allowed in reason for allowed in ALLOWED_IN_CI)
        for reason in _skip_reasons(reporter)
    ):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def sample_region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the invented region with seed 7; built once a session. Copy it before changing it."""
    from regions.build import sample_region as build

    return build(tmp_path_factory.mktemp("sample") / "region", seed=7).path


# --- timetables -----------------------------------------------------------------------------------


@dataclass
class Trip:
    """A trip as tests write it: (stop, arrival, departure), flags by position, days it runs."""

    calls: list[tuple[int, int, int]]
    days: set[date]
    pickup: list[int] = field(default_factory=list)
    drop_off: list[int] = field(default_factory=list)
    wheelchair: int = 0
    continues: int = -1


def make_timetable(
    stops: int,
    trips: Sequence[Trip],
    transfers: Sequence[tuple[int, int, int]] = (),
    wheelchair: Sequence[int] | None = None,
    footpaths: Sequence[tuple[int, int]] = (),
) -> Timetable:
    """Build a timetable; every trip has a service of its own."""
    days = sorted(set().union(*(trip.days for trip in trips)))
    first_day = days[0].toordinal()
    bitmap = np.zeros((len(trips), days[-1].toordinal() - first_day + 1), np.bool_)
    for row, trip in enumerate(trips):
        bitmap[row, [day.toordinal() - first_day for day in trip.days]] = True
    rows = [(t, *call) for t, trip in enumerate(trips) for call in trip.calls]
    at = np.array(rows, np.int32)
    first = np.cumsum([0, *(len(trip.calls) for trip in trips)]).astype(np.int32)
    pickup = [p for trip in trips for p in trip.pickup or [0] * len(trip.calls)]
    drop_off = [p for trip in trips for p in trip.drop_off or [0] * len(trip.calls)]
    boards = [r for r in range(len(rows)) if pickup[r] != 1 and r + 1 not in first]
    boards.sort(key=lambda r: (rows[r][1], rows[r][3], r))
    counts = np.bincount([rows[r][1] for r in boards], minlength=stops)
    moves = sorted(transfers)
    move_counts = np.bincount([move[0] for move in moves], minlength=stops)
    names = tuple(f"S{stop}" for stop in range(stops))
    ids = tuple(f"t{t}" for t in range(len(trips)))
    ones = np.zeros(len(trips), np.int32)
    timetable = Timetable(
        time_zone="Europe/Berlin",
        first_day=first_day,
        stop_id=names,
        stop_name=names,
        stop_lon=np.full(stops, 8.0),
        stop_lat=np.full(stops, 48.0),
        stop_station=np.full(stops, -1, np.int32),
        route_id=("r",),
        route_short_name=("R",),
        route_long_name=("",),
        route_type=np.array([3], np.int32),
        trip_id=ids,
        trip_headsign=ids,
        trip_route=ones,
        trip_service=np.arange(len(trips), dtype=np.int32),
        first_stop_time=first,
        stop_time_trip=np.ascontiguousarray(at[:, 0]),
        stop_time_stop=np.ascontiguousarray(at[:, 1]),
        stop_sequence=np.arange(len(rows), dtype=np.int32),
        arrival_s=np.ascontiguousarray(at[:, 2]),
        departure_s=np.ascontiguousarray(at[:, 3]),
        stop_time_headsign=np.full(len(rows), -1, np.int32),
        headsigns=(),
        pickup_type=np.array(pickup, np.uint8),
        drop_off_type=np.array(drop_off, np.uint8),
        stop_platform=("",) * stops,
        stop_wheelchair=np.array(wheelchair or [0] * stops, np.uint8),
        trip_wheelchair=np.array([trip.wheelchair for trip in trips], np.uint8),
        trip_continues=np.array([trip.continues for trip in trips], np.int32),
        first_transfer=np.concatenate([[0], np.cumsum(move_counts)]).astype(np.int32),
        transfer_stop=np.array([move[1] for move in moves], np.int32),
        transfer_s=np.array([move[2] for move in moves], np.int32),
        transfer_footpath=np.array([move[:2] in footpaths for move in moves], np.bool_),
        first_departure=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        departures=np.array(boards, np.int32),
        service_id=ids,
        service_days=bitmap,
    )
    timetable.check()
    return timetable


@pytest.fixture(scope="session")
def timetable_of() -> Callable[..., Timetable]:
    """Build a timetable of trips written as numbers."""
    return make_timetable


@pytest.fixture(scope="session")
def trip() -> type[Trip]:
    """Give the class of trips written as numbers."""
    return Trip
