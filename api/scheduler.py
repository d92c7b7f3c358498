"""The scheduler: starts jobs in time, those for all processes only in the one that holds the lease.

A trigger is an interval in UTC, which has no hour twice, and what was missed is made up for once. The
library waits by the wall clock: a clock stepped back an hour would let it sleep an hour longer, so that
is noticed and every job is started anew.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from api.alarms import Alarms
from api.lease import BEAT_S, Lease
from api.store.errors import StoreError
from api.store.scope import all_areas

_log = structlog.get_logger()

_STEP_S = 5.0
"""By how much the wall clock must differ from the monotonic one to have been set."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something done every so often.

    ``everywhere``: each process does it for its own memory, whether it holds the lease or not.
    """

    name: str
    run: Callable[[], object]
    every: timedelta
    at_once: bool = False
    everywhere: bool = False


class Scheduler:
    """Starts jobs; renews the lease in a thread of its own, which no job can keep waiting.

    Parameters
    ----------
    jobs
        What to do. May run late, twice or not at all for a while and must still be right.
    lease
        Says whether this process does those that only one process may do.
    alarms
        Told what fails.
    wall, monotonic
        Seconds by the wall clock and seconds that only go forward.
    """

    def __init__(
        self,
        jobs: Sequence[Job],
        lease: Lease,
        alarms: Alarms,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.jobs = {job.name: job for job in jobs}
        self.lease = lease
        self._alarms = alarms
        self._succeeded: dict[str, datetime] = {}
        self._wall, self._monotonic = wall, monotonic
        self._ahead = wall() - monotonic()
        self._over = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="lease", daemon=True)
        self.started = BackgroundScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )

    def start(self) -> None:
        """Start; call :meth:`stop` once."""
        for job in self.jobs.values():
            now = {"next_run_time": datetime.now(UTC)} if job.at_once else {}
            self.started.add_job(
                self.do,
                "interval",
                args=(job,),
                seconds=job.every.total_seconds(),
                id=job.name,
                **now,
            )
        self.started.start()
        self._keeper.start()

    def stop(self) -> None:
        """Let what runs come to its end, then give the lease back."""
        self.started.shutdown(wait=True)
        self._over.set()
        self._keeper.join()
        with all_areas():
            self.lease.release()

    def do(self, job: Job) -> None:
        """Do a job if this process may; one that fails rings until it succeeds."""
        if not (job.everywhere or self.lease.held):
            return
        try:
            with all_areas():
                job.run()
        except Exception:  # noqa: BLE001  # it is tried again in time
            _log.exception("job failed", job=job.name)
            self._alarms.ring("job-failed", job.name)
        else:
            self._succeeded[job.name] = datetime.now(UTC)
            self._alarms.quiet("job-failed", job.name)

    def succeeded(self) -> dict[str, datetime]:
        """Return when each job last ended well here, in real time; those that never did are missing."""
        return dict(self._succeeded)

    def beat(self, *, first: bool = False) -> None:
        """Renew the lease; start all jobs anew when it was taken over or the clock was set."""
        try:
            with all_areas():
                gained = self.lease.beat()
        except StoreError as error:
            _log.warning("the lease is not renewed", code=error.code)
            self._alarms.ring("database-unwritable", "lease")
            gained = False
        else:
            self._alarms.quiet("database-unwritable", "lease")
        if self._clock_was_set() or (gained and not first):
            for each in self.started.get_jobs():
                each.modify(next_run_time=datetime.now(UTC))

    def _keep(self) -> None:
        first = True
        while not self._over.is_set():
            try:
                self.beat(first=first)
            except Exception:  # noqa: BLE001  # without a beat the jobs would end for good
                _log.exception("the lease is not renewed")
            first = False
            self._over.wait(BEAT_S)

    def _clock_was_set(self) -> bool:
        stepped_s = self._wall() - self._monotonic() - self._ahead
        if abs(stepped_s) < _STEP_S:
            return False
        self._ahead += stepped_s
        _log.warning("the clock was set", by_s=round(stepped_s))
        return True
