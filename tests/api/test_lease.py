"""Exactly one process does the jobs, whatever clocks and processes do."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.alarms import Alarms
from api.lease import BEAT_S, GONE_AFTER_S, HELD_S, Lease
from api.scheduler import Job, Scheduler
from api.store.database import Database
from api.store.errors import StoreBusy
from api.store.scope import all_areas

BOTH = pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)


class Seconds:
    """Monotonic seconds, moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def process(
    tmp_path: Path, store_url: str | None, seconds: Seconds
) -> Iterator[Callable[[], Lease]]:
    """Give leases of as many processes as wanted, each with its own connections."""
    with ExitStack() as opened:

        def make() -> Lease:
            database = Database(store_url or f"sqlite:///{tmp_path / 'test.sqlite'}")
            database.migrate()
            opened.callback(database.close)
            return Lease(database, monotonic=seconds)

        yield make


@BOTH
def test_only_one_holds_it_and_another_takes_over_within_a_minute(
    process: Callable[[], Lease], seconds: Seconds
) -> None:
    first, second = process(), process()
    assert (first.beat(), second.beat()) == (True, False)
    for _ in range(20):
        seconds.now += BEAT_S
        assert (first.beat(), second.beat()) == (False, False)
        assert (first.held, second.held) == (True, False)
        assert first.holder == second.holder == first.me
    died = seconds.now  # the first one beats no more
    while not second.held:
        assert not second.beat() or not first.held
        seconds.now += BEAT_S
        assert not (first.held and second.held)
    assert seconds.now - died <= 60
    assert first.beat() is False
    assert (first.held, first.holder) == (False, second.me)


@BOTH
def test_three_that_start_at_once(process: Callable[[], Lease]) -> None:
    from concurrent.futures import ThreadPoolExecutor

    leases = [process() for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(all_areas()(Lease.beat), leases))
    assert sum(lease.held for lease in leases) == 1


@BOTH
def test_a_lease_given_back_is_taken_at_once(process: Callable[[], Lease]) -> None:
    first, second = process(), process()
    first.beat()
    second.beat()
    first.release()
    assert not first.held
    assert second.beat()


def test_a_lease_that_cannot_be_renewed_runs_out_before_another_takes_it(
    process: Callable[[], Lease], seconds: Seconds, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = process()
    first.beat()

    def busy(*_: Any) -> None:
        raise StoreBusy("database-busy", "held")

    monkeypatch.setattr(first._database, "write", busy)
    seconds.now += HELD_S - 1
    with pytest.raises(StoreBusy):
        first.beat()
    assert first.held
    seconds.now += 1
    assert not first.held
    assert HELD_S < GONE_AFTER_S


def test_who_slept_takes_nothing_that_was_renewed_meanwhile(
    process: Callable[[], Lease], seconds: Seconds
) -> None:
    first, second = process(), process()
    first.beat()
    second.beat()
    seconds.now += 2 * GONE_AFTER_S  # the second one sleeps, the first one goes on
    first.beat()
    assert not second.beat()
    assert first.held


@pytest.mark.parametrize("hours", [-1, -24 * 365, 1, 24 * 365])
def test_the_wall_clock_has_no_say(
    process: Callable[[], Lease], monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    """A process whose clock is hours or years off neither takes the lease nor loses it."""
    first, second = process(), process()
    first.beat()

    class Off(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime.now(tz) + timedelta(hours=hours)

    monkeypatch.setattr("api.lease.datetime", Off)
    assert not second.beat()
    first.beat()
    assert (first.held, second.held) == (True, False)


def scheduler_of(lease: Lease, job: Job, alarms: Alarms | None = None) -> Scheduler:
    return Scheduler([job], lease, alarms or Alarms())


def test_only_the_holder_does_what_one_does_for_all(process: Callable[[], Lease]) -> None:
    done: list[str] = []
    first, second = process(), process()
    first.beat()
    second.beat()
    for name, lease in (("first", first), ("second", second)):
        job = Job("j", lambda name=name: done.append(name), timedelta(hours=1))
        scheduler_of(lease, job).do(job)
        own = Job("o", lambda name=name: done.append(f"own {name}"), timedelta(1), everywhere=True)
        scheduler_of(lease, own).do(own)
    assert done == ["first", "own first", "own second"]


def test_a_job_that_fails_rings_until_it_succeeds(process: Callable[[], Lease]) -> None:
    alarms, errors = Alarms(), [RuntimeError()]

    def work() -> None:
        if errors:
            raise errors.pop()

    job = Job("backup", work, timedelta(hours=1), everywhere=True)
    scheduler = scheduler_of(process(), job, alarms)
    scheduler.do(job)
    (alarm,) = alarms.ringing()
    assert (alarm.code, alarm.what) == ("job-failed", "backup")
    scheduler.do(job)
    assert alarms.ringing() == ()


@pytest.mark.parametrize("step_s", [-3600, 3600])
def test_a_clock_that_is_set_keeps_no_job_waiting(
    process: Callable[[], Lease], seconds: Seconds, step_s: int
) -> None:
    """The library waits by the wall clock: after a step back it would sleep an hour longer."""
    import threading

    ran, wall = threading.Event(), Seconds()
    job = Job("j", ran.set, timedelta(hours=1))
    lease = process()
    lease.beat()
    scheduler = Scheduler([job], lease, Alarms(), wall, seconds)
    scheduler.started.add_job(scheduler.do, "interval", args=(job,), hours=2, id="j")
    scheduler.started.start()
    try:
        assert not ran.wait(0.2)
        wall.now += step_s
        scheduler.beat()
        assert ran.wait(10)
    finally:
        scheduler.started.shutdown()


def test_a_database_that_cannot_be_written_rings(
    process: Callable[[], Lease], monkeypatch: pytest.MonkeyPatch
) -> None:
    lease, alarms = process(), Alarms()
    scheduler = scheduler_of(lease, Job("j", int, timedelta(hours=1)), alarms)

    def busy(*_: Any) -> None:
        raise StoreBusy("database-busy", "held")

    with monkeypatch.context() as patch:
        patch.setattr(lease._database, "write", busy)
        scheduler.beat()
    assert [alarm.code for alarm in alarms.ringing()] == ["database-unwritable"]
    scheduler.beat()
    assert alarms.ringing() == ()


def test_until_is_there_for_people(process: Callable[[], Lease]) -> None:
    from sqlmodel import select

    from api.store.tables import LeaseRow

    lease = process()
    lease.beat()
    row = lease._database.write(lambda writer: writer._session.exec(select(LeaseRow)).one())
    assert timedelta() < row.until - datetime.now(UTC) <= timedelta(seconds=HELD_S)
