"""Who listens while others book: control rooms with an open page, and tablets that ask every ten seconds."""

import asyncio
import random
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Self
from urllib.parse import urlencode, urlsplit

import httpx2

from benchmarks.busy_area import SERVICE_DAY, ServerProcess

SYNC_EVERY_S = 10.0
_SHIFTS_ON = "s-{}"


@dataclass(slots=True)
class Audience:
    """Listeners and tablets of a server, spread over its days and tours.

    Use it as an asynchronous context. ``news`` counts what listeners heard, ``synced`` and ``unchanged``
    what tablets were answered.
    """

    server: ServerProcess
    days: int
    shifts: int
    listeners: int
    tablets: int
    news: int = 0
    synced: int = 0
    unchanged: int = 0
    errors: list[str] = field(default_factory=list)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        chance = random.Random(1)
        tours = [(day, shift) for day in range(self.days) for shift in range(self.shifts)]
        for number in range(self.listeners):
            self._tasks.append(asyncio.create_task(self._listen(number % self.days)))
        for number in range(self.tablets):
            wait_s = chance.uniform(0, SYNC_EVERY_S)
            tour = tours[number * len(tours) // self.tablets]
            self._tasks.append(asyncio.create_task(self._drive(*tour, wait_s)))
        await asyncio.sleep(SYNC_EVERY_S if self._tasks else 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _listen(self, day: int) -> None:
        """Hear what a control room's page hears; a connection of its own, as every browser has."""
        query = urlencode({"area_id": self.server.region.area, "date": _date(day)})
        host = urlsplit(self.server.address).netloc
        reader, writer = await asyncio.open_connection(*host.split(":"))
        with closing(writer), suppress(ConnectionError):
            writer.write(f"GET /v1/live?{query} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            while line := await reader.readline():
                self.news += line.startswith(b"event: changed")
            self.errors.append("a listener was cut off")

    async def _drive(self, day: int, shift: int, wait_s: float) -> None:
        """Ask for the time and the tour, as the driver's app does."""
        name = f"{self.server.region.area}.{_date(day)}.{_SHIFTS_ON.format(shift)}"
        known: dict[str, str] = {}
        async with httpx2.AsyncClient(base_url=self.server.address, timeout=30.0) as client:
            while True:
                await asyncio.sleep(wait_s)
                wait_s = SYNC_EVERY_S
                await client.get("/v1/time")
                answer = await client.get(f"/v1/tours/{name}", headers=known)
                if answer.status_code == HTTPStatus.NOT_MODIFIED:
                    self.unchanged += 1
                elif answer.status_code == HTTPStatus.OK:
                    self.synced += 1
                    known = {"If-None-Match": answer.headers["ETag"]}
                else:
                    self.errors.append(f"{answer.status_code} {answer.text[:200]}")


def _date(day: int) -> str:
    return (SERVICE_DAY + timedelta(days=day)).isoformat()
