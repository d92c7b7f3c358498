"""The lease: of all processes on one database exactly one does the jobs.

Nobody compares clocks: they differ between machines and step back and forth. The holder counts its renewals
in the database; whoever sees the same count for :data:`GONE_AFTER_S` seconds of its own monotonic time takes
the lease. The holder trusts its lease for :data:`HELD_S` seconds from before it last renewed it, which is
shorter: it stops before anybody else begins (Gray and Cheriton 1989, "Leases").
"""

import os
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from api.store.database import Database
from api.store.errors import StoreError

if TYPE_CHECKING:
    from api.store.jobs import Held

_log = structlog.get_logger()

BEAT_S = 5.0
HELD_S = 25.0
GONE_AFTER_S = 30.0


class Lease:
    """One process's hold on the jobs.

    Parameters
    ----------
    database
        Where the lease lies.
    name
        What it is for.
    monotonic
        Seconds that only ever go forward.
    """

    def __init__(
        self,
        database: Database,
        name: str = "jobs",
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.me = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._database = database
        self._name = name
        self._monotonic = monotonic
        self._until: float | None = None
        self._seen: Held | None = None
        self._seen_at = 0.0

    @property
    def held(self) -> bool:
        """Whether this process may do the jobs now."""
        return self._until is not None and self._monotonic() < self._until

    @property
    def holder(self) -> str | None:
        """Who held it when last looked; None if nobody has looked yet."""
        return self._seen.holder if self._seen is not None else None

    def beat(self) -> bool:
        """Renew it, or take it from a holder that is gone; tell whether it was gained just now.

        Raises
        ------
        StoreError
            The database cannot be written; what is held runs out by itself.
        """
        begun, had = self._monotonic(), self.held
        gone = self._seen is not None and begun - self._seen_at >= GONE_AFTER_S
        stale = self._seen if gone else None
        until = datetime.now(UTC) + timedelta(seconds=HELD_S)
        seen = self._database.write(
            lambda writer: writer.claim_lease(self._name, self.me, until, stale)
        )
        if seen != self._seen:
            self._seen, self._seen_at = seen, self._monotonic()
        self._until = begun + HELD_S if seen.holder == self.me else None
        if had != self.held:
            _log.info("jobs", here=self.held, holder=seen.holder)
        return self.held and not had

    def release(self) -> None:
        """Give it back, so that another process need not wait."""
        self._until = None
        try:
            self._database.write(lambda writer: writer.drop_lease(self._name, self.me))
        except StoreError as error:  # then the others wait until it has run out
            _log.warning("the lease stays behind", code=error.code)
