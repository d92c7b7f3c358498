"""Telling who listens that a day has changed: for pages and tablets that are open."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from time import monotonic

AT_MOST_EVERY_S = 1.0
"""Who listens hears of many changes at once, not of each: hundreds may listen while dozens book a second."""

TOLD_AT_ONCE = 20
"""Those who are told one after the other, before whoever books has a turn."""
NEXT_TOLD_S = 0.01

UNHEARD = -1
"""The version of a day of which nothing was heard yet."""

DayKey = tuple[str, date]


@dataclass(slots=True, eq=False)
class Listener:
    """Somebody who waits for news of one day; ``version`` is the newest one heard of, None for the end."""

    version: int | None
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, version: int | None) -> None:
        """Say that there is a newer version, or that there will be none any more."""
        if version is None or (self.version is not None and version > self.version):
            self.version = version
            self.changed.set()

    async def wait(self, seconds: float) -> bool:
        """Wait for news, so long at most; tell whether there were any."""
        try:
            async with asyncio.timeout(seconds):
                await self.changed.wait()
        except TimeoutError:
            return False
        self.changed.clear()
        return True


class Changes:
    """Who listens to which day. Published by any thread; listeners live in one event loop."""

    def __init__(self) -> None:
        self._listeners: dict[DayKey, set[Listener]] = {}
        self._looked: dict[DayKey, float] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._new: dict[DayKey, int] = {}
        self._lock = threading.Lock()
        """Guards ``_new``, which all threads fill."""
        self._closed = False

    def publish(self, area_id: str, day: date, version: int) -> None:
        """Say, from any thread, that a day has a new version."""
        loop, key = self._loop, (area_id, day)
        if loop is None or key not in self._listeners:
            return
        with self._lock:
            first = not self._new
            self._new[key] = version
        if first:
            loop.call_soon_threadsafe(loop.call_later, AT_MOST_EVERY_S, self._tell)

    @asynccontextmanager
    async def listening(self, key: DayKey) -> AsyncIterator[Listener]:
        """Listen to a day while the block runs; ask for its version then, so that nothing falls between."""
        self._loop = asyncio.get_running_loop()
        listener = Listener(None if self._closed else UNHEARD)
        self._listeners.setdefault(key, set()).add(listener)
        self._looked.setdefault(key, monotonic())
        try:
            yield listener
        finally:
            listeners = self._listeners[key]
            listeners.discard(listener)
            if not listeners:
                del self._listeners[key], self._looked[key]

    def is_due(self, key: DayKey, every_s: float) -> bool:
        """Whether it is time for one of those who listen to a day to look whether it changed unheard of."""
        due = monotonic() - self._looked[key] >= every_s
        if due:
            self._looked[key] = monotonic()
        return due

    def close(self) -> None:
        """Let everybody who listens go, as the server stops. Call it in the event loop."""
        self._closed = True
        for listeners in self._listeners.values():
            for listener in listeners:
                listener.tell(None)

    def _tell(self) -> None:
        with self._lock:
            new, self._new = self._new, {}
        heard = ((each, new[key]) for key in new for each in tuple(self._listeners.get(key, ())))
        self._tell_some(heard)

    def _tell_some(self, heard: Iterator[tuple[Listener, int]]) -> None:
        for listener, version in islice(heard, TOLD_AT_ONCE - 1):
            listener.tell(version)
        last = next(heard, None)
        if last is not None:
            last[0].tell(last[1])
            asyncio.get_running_loop().call_later(NEXT_TOLD_S, self._tell_some, heard)
