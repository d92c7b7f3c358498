"""Counting what is tried in vain, so that nobody finds a code by trying; counts outlive a restart."""

from dataclasses import dataclass
from datetime import timedelta

from api.context import Context
from api.errors import Problem


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many tries in a window that begins with the first one."""

    kind: str
    at_most: int = 5
    window: timedelta = timedelta(minutes=15)

    def count(self, context: Context, *subjects: str) -> None:
        """Count a try for each subject before it is looked at: many at once are not more than allowed.

        Raises
        ------
        Problem
            ``too-many-tries``, for any of them.
        """
        now, keys = context.clock.now(), self._keys(context, subjects)
        with context.database.reading() as reader:
            rows = [reader.tries(key) for key in keys]
        ends = [row.until for row in rows if row and row.until > now and row.count >= self.at_most]
        if not ends:
            until = now + self.window
            counts = context.database.write(
                lambda writer: [writer.count_try(key, 1, now, until) for key in keys]
            )
            if max(counts) <= self.at_most:
                return
            ends = [until]
        wait_s = max(1, round((max(ends) - now).total_seconds()))
        raise Problem("too-many-tries", {"retry_after_s": wait_s}, {"Retry-After": str(wait_s)})

    def take_back(self, context: Context, *subjects: str) -> None:
        """Count a try that succeeded no longer."""
        now, keys = context.clock.now(), self._keys(context, subjects)
        until = now + self.window
        context.database.write(
            lambda writer: [writer.count_try(key, -1, now, until) for key in keys]
        )

    def _keys(self, context: Context, subjects: tuple[str, ...]) -> list[str]:
        """Name subjects so that the database holds no address of anybody."""
        return [context.office.hidden(f"{self.kind} {n} {s}") for n, s in enumerate(subjects)]
