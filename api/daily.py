"""What is done once a day, whatever clocks do: skip an hour, have one twice, or are set back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from api.context import Context


@dataclass(frozen=True, slots=True)
class Daily:
    """Work done once for every day, at ``at`` on the clocks of ``zone`` or as soon as possible after.

    ``work`` is given the day as a key, e.g. ``2026-10-25``. Should the process die between work and note,
    it is done again under the same key: let the key name what it makes.
    """

    name: str
    at: time
    zone: tzinfo
    work: Callable[[str], object]

    def run(self, context: Context) -> bool:
        """Do the work of the last day that is due, if it is not done; tell whether it was done now."""
        now = context.clock.now()
        key = self.due(now)
        with context.database.reading() as reader:
            if reader.job_done(self.name, key):
                return False
        self.work(key)
        context.database.write(lambda writer: writer.note_job(self.name, key, now))
        return True

    def due(self, now: datetime) -> str:
        """Return the last day whose time of day has come; of an hour that is skipped, its end."""
        day = now.astimezone(self.zone).date()
        begins = datetime.combine(day, self.at, self.zone).astimezone(UTC)
        return (day if now >= begins else day - timedelta(days=1)).isoformat()
