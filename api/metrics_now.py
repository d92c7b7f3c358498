"""The state of things as Prometheus asks for it: nothing is counted for it in between."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from api.backups import Backups
from api.context import Context
from api.improving import Improver
from api.scheduler import Scheduler
from api.store.errors import StoreError
from api.timetable_state import timetable_state


@dataclass(frozen=True, slots=True, eq=False)
class Present(Collector):
    """Looks at the server when it is asked."""

    context: Context
    scheduler: Scheduler
    backups: Backups
    improver: Improver | None

    def collect(self) -> Iterator[Metric]:
        """Yield what is known now; what only the database knows is left out while it cannot be read."""
        yield from self._writing()
        yield from self._jobs()
        yield from self._plans()
        yield from self._timetables()
        yield from self._stored()

    def describe(self) -> Iterator[Metric]:
        """Yield nothing: what there is shows when it is asked for, not before the server has started."""
        return iter(())

    def _writing(self) -> Iterator[Metric]:
        database = self.context.database
        yield _gauge("write_queue", "Changes waiting for the writing thread.", database.waiting)
        written = database.written
        yield _counter("transactions", "Transactions committed.", written.transactions)
        yield _counter("changes", "Changes made in them.", written.changes)
        yield _counter("transaction_seconds", "Seconds spent in them.", written.seconds)

    def _jobs(self) -> Iterator[Metric]:
        lease = self.scheduler.lease
        yield _gauge("jobs_here", "Whether this process does the jobs.", lease.held)
        done = GaugeMetricFamily(
            "buergerbus_job_success_timestamp_seconds",
            "When a job last ended well.",
            labels=["job"],
        )
        for job, at in self.scheduler.succeeded().items():
            done.add_metric([job], at.timestamp())
        yield done
        alarms = GaugeMetricFamily("buergerbus_alarm", "Alarms that ring.", labels=["code", "what"])
        for alarm in self.context.alarms.ringing():
            alarms.add_metric([alarm.code, alarm.what], 1)
        yield alarms
        yield from _moment("backup", "When the last backup was written.", self.backups.last)

    def _plans(self) -> Iterator[Metric]:
        last = self.improver.last if self.improver is not None else None
        if last is None:
            return
        yield from _moment("improvement", "When a better plan was last taken.", last.at)
        yield _gauge("improvement_saved_km", "What the last better plan saves.", last.saved_km)

    def _timetables(self) -> Iterator[Metric]:
        left = GaugeMetricFamily(
            "buergerbus_timetable_days_left",
            "Days until a timetable ends; negative once it has.",
            labels=["region"],
        )
        for region in self.context.live.each():
            state = timetable_state(region, self.context.clock.now())
            if state is not None:
                left.add_metric([state.region], state.days_left)
        yield left

    def _stored(self) -> Iterator[Metric]:
        today = self.context.clock.now().date()
        try:
            with self.context.database.reading() as reader:
                booked, refused = reader.count_bookings(today), reader.count_refusals(today)
        except StoreError:
            yield _gauge("database_readable", "Whether the database can be read.", value=False)
            return
        yield _gauge("database_readable", "Whether the database can be read.", value=True)
        bookings = GaugeMetricFamily(
            "buergerbus_bookings", "Bookings from today on.", labels=["area", "status"]
        )
        for names, count in booked.items():
            bookings.add_metric(names, count)
        refusals = GaugeMetricFamily(
            "buergerbus_refusals", "Wishes refused, from today on.", labels=["area", "rule"]
        )
        for names, count in refused.items():
            refusals.add_metric(names, count)
        yield bookings
        yield refusals


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"buergerbus_{name}", text, value=float(value))


def _counter(name: str, text: str, value: float) -> Metric:
    return CounterMetricFamily(f"buergerbus_{name}", text, value=float(value))


def _moment(name: str, text: str, at: datetime | None) -> Iterator[Metric]:
    if at is not None:
        yield _gauge(f"{name}_timestamp_seconds", text, at.timestamp())
