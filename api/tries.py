"""Counting what is tried in vain, so that nobody finds a code by trying; counts outlive a restart."""

import math
from dataclasses import dataclass

from limits import RateLimitItem, parse
from limits.strategies import FixedWindowRateLimiter

from api.context import Context
from api.errors import Problem
from api.people.tries import Tries, network_of
from api.store.writer import Writer

_RULE = parse("5 per 15 minutes")


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many tries in a window that begins with the first one."""

    kind: str
    rule: RateLimitItem = _RULE

    def count(self, context: Context, *subjects: str) -> None:
        """Count a try for each subject before it is looked at: many at once are not more than allowed.

        Raises
        ------
        Problem
            ``too-many-tries``, for any of them; then it is not counted.
        """
        now = context.clock.now()

        def work(writer: Writer) -> float | None:
            limiter = self._limiter(context, writer)
            keys = [self._key(subject) for subject in subjects]
            full = [key for key in keys if not limiter.test(self.rule, *key)]
            if full:
                return max(limiter.get_window_stats(self.rule, *key).reset_time for key in full)
            for key in keys:
                limiter.hit(self.rule, *key)
            return None

        free_at = context.database.write(work)
        if free_at is not None:
            wait_s = max(1, math.ceil(free_at - now.timestamp()))
            raise Problem("too-many-tries", {"retry_after_s": wait_s}, {"Retry-After": str(wait_s)})

    def take_back(self, context: Context, *subjects: str) -> None:
        """Count a try that succeeded no longer."""

        def work(writer: Writer) -> None:
            limiter = self._limiter(context, writer)
            for subject in subjects:
                limiter.hit(self.rule, *self._key(subject), cost=-1)

        context.database.write(work)

    def _limiter(self, context: Context, writer: Writer) -> FixedWindowRateLimiter:
        secret = context.office.hidden(self.kind)
        return FixedWindowRateLimiter(Tries(writer, secret, context.clock.now()))

    def _key(self, subject: str) -> tuple[str, str]:
        """Name a subject; of an IPv6 address its network, because everybody has many."""
        return self.kind, network_of(subject)
