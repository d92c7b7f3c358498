"""The injected clock: nothing else in the server asks what time it is."""

import time
from datetime import UTC, datetime


class Clock:
    """Tells the time; started at ``start`` it runs on from there, so that a past feed can be used.

    Parameters
    ----------
    start
        Aware instant at which the clock begins, or None for the real time.

    Raises
    ------
    ValueError
        ``start`` carries no offset from UTC.
    """

    def __init__(self, start: datetime | None = None) -> None:
        if start is not None and start.utcoffset() is None:
            raise ValueError(
                "the clock needs an instant with its offset, e.g. 2026-03-29T08:00+02:00"
            )
        self._start = start
        self._began = time.monotonic()

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        if self._start is None:
            return datetime.now(UTC)
        elapsed = time.monotonic() - self._began
        return datetime.fromtimestamp(self._start.timestamp() + elapsed, UTC)
