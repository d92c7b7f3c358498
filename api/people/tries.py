"""Who tries in vain is locked out, for longer and longer: counted in the database, by the library limits."""

import hashlib
import ipaddress
import math
from collections.abc import Iterator
from datetime import datetime, timedelta

from limits import RateLimitItem, parse_many
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter

from api.errors import Problem
from api.store.writer import Writer

LADDER = tuple(parse_many("5 per 1 minute; 8 per 15 minutes; 12 per 1 hour"))
"""Five wrong tries lock for the rest of a minute, eight of a quarter, twelve of an hour; never longer, so
that nobody can lock others out for a day."""
_IPV6_NETWORK = 64
_SIX = 6
_NEVER = ()


class Tries(Storage):
    """Counts of the library ``limits`` in our tables, within one transaction.

    Parameters
    ----------
    writer
        The transaction.
    secret
        Keys are hashed with it: nobody can read from the table who tried from where.
    now
        By our clock.
    """

    STORAGE_SCHEME = None

    def __init__(self, writer: Writer, secret: str, now: datetime) -> None:
        super().__init__()
        self._writer = writer
        self._secret = hashlib.sha256(secret.encode()).digest()
        self._now = now

    @property
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        """None to be wrapped."""
        return _NEVER

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count; return how often since counting began, at most ``expiry`` seconds ago."""
        until = self._now + timedelta(seconds=expiry)
        return self._writer.count_try(self._hashed(key), amount, self._now, until)

    def get(self, key: str) -> int:
        """Return how often."""
        row = self._writer.tries(self._hashed(key))
        return row.count if row is not None and row.until > self._now else 0

    def get_expiry(self, key: str) -> float:
        """Return when counting begins anew, as a timestamp."""
        row = self._writer.tries(self._hashed(key))
        return (row.until if row is not None else self._now).timestamp()

    def check(self) -> bool:
        """Whether it can be used."""
        return True

    def reset(self) -> int | None:
        """Forget nothing: others' counts are not ours."""
        return None

    def clear(self, key: str) -> None:
        """Begin to count anew."""
        self._writer.forget_tries(self._hashed(key))

    def _hashed(self, key: str) -> str:
        return hashlib.blake2b(key.encode(), key=self._secret, digest_size=24).hexdigest()


def count(storage: Tries, login: str, address: str, now: datetime) -> None:
    """Count a try before it is looked at, so that many at once are no more than one after another.

    Raises
    ------
    Problem
        ``sign-in-locked``: not counted.
    """
    limiter = FixedWindowRateLimiter(storage)
    keys = tuple(_keys(login, address))
    locked = [
        limiter.get_window_stats(item, *key).reset_time
        for item, key in keys
        if not limiter.test(item, *key)
    ]
    if locked:
        wait = max(1, math.ceil(max(locked) - now.timestamp()))
        raise Problem("sign-in-locked", {"retry_after": wait}, {"Retry-After": str(wait)})
    for item, key in keys:
        limiter.hit(item, *key)


def forgive(storage: Tries, login: str, address: str) -> None:
    """Take a right try back: the account's count begins anew, the address has one less."""
    limiter = FixedWindowRateLimiter(storage)
    for item, key in _keys(login, address):
        if key[0] == "account":
            limiter.clear(item, *key)
        else:
            limiter.hit(item, *key, cost=-1)


def _keys(login: str, address: str) -> Iterator[tuple[RateLimitItem, tuple[str, str]]]:
    for item in LADDER:
        yield item, ("account", login)
        yield item, ("address", network_of(address))


def network_of(address: str) -> str:
    """Return an address; of IPv6 the network, because everybody has many of its addresses."""
    try:
        if ipaddress.ip_address(address).version == _SIX:
            return str(ipaddress.ip_network((address, _IPV6_NETWORK), strict=False))
    except ValueError:
        pass
    return address
