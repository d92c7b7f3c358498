"""People who call a busy area: they ask, take the first offer, and tell how long they waited."""

import asyncio
import random
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Self
from uuid import uuid4

import httpx2

from benchmarks.busy_area import BERLIN, SERVICE_DAY, BusyRegion

_FIRST_MIN, _LAST_MIN = 6 * 60 + 30, 18 * 60 + 30
_CONNECTIONS = 100
_TIMEOUT_S = 30.0


@dataclass(slots=True)
class Waited:
    """Milliseconds people waited for answers, and what became of them.

    ``gone`` counts offers somebody else was faster for, ``refused`` wishes nothing could be offered for.
    """

    asked_ms: list[float] = field(default_factory=list)
    booked_ms: list[float] = field(default_factory=list)
    gone: int = 0
    refused: int = 0
    errors: list[str] = field(default_factory=list)


class Wishes:
    """Draws rides between two houses of an area on the first ``days`` service days."""

    def __init__(self, region: BusyRegion, days: int, seed: int) -> None:
        self._region = region
        self._days = days
        self._random = random.Random(seed)

    def draw(self) -> dict[str, Any]:
        """Draw two houses, a day and a time."""
        origin, destination = self._random.sample(self._region.houses, 2)
        day = SERVICE_DAY + timedelta(days=self._random.randrange(self._days))
        minute = 5 * self._random.randrange(_FIRST_MIN // 5, _LAST_MIN // 5)
        at = datetime.combine(day, datetime.min.time(), BERLIN) + timedelta(minutes=minute)
        return {
            "area_id": self._region.area,
            "origin": {"lon": origin[0], "lat": origin[1]},
            "destination": {"lon": destination[0], "lat": destination[1]},
            "depart_at": at.isoformat(),
        }


class Callers:
    """Callers of one server.

    Use it as an asynchronous context.
    """

    def __init__(self, address: str, wishes: Wishes) -> None:
        self._wishes = wishes
        limits = httpx2.Limits(max_connections=_CONNECTIONS)
        self._client = httpx2.AsyncClient(base_url=address, limits=limits, timeout=_TIMEOUT_S)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def ask(self, waited: Waited) -> str | None:
        """Ask for a ride; return the token of the first offer."""
        answer, passed_ms = await self._post("/v1/offers", self._wishes.draw())
        if answer is None or answer.status_code != HTTPStatus.OK:
            waited.errors.append(_what(answer))
            return None
        waited.asked_ms.append(passed_ms)
        offers = answer.json()["offers"]
        waited.refused += not offers
        return offers[0]["token"] if offers else None

    async def take(self, token: str, waited: Waited) -> bool:
        """Take an offer; tell whether there is a booking now."""
        body = {"offer": token, "name": "Hedwig Beck"}
        answer, passed_ms = await self._post("/v1/bookings", body, str(uuid4()))
        if answer is not None and answer.status_code == HTTPStatus.CREATED:
            waited.booked_ms.append(passed_ms)
            return True
        gone = answer is not None and answer.status_code == HTTPStatus.CONFLICT
        waited.gone += gone
        if not gone:
            waited.errors.append(_what(answer))
        return False

    async def book(self, waited: Waited) -> bool:
        """Ask and take."""
        token = await self.ask(waited)
        return token is not None and await self.take(token, waited)

    async def _post(
        self, path: str, body: dict[str, Any], key: str | None = None
    ) -> tuple[httpx2.Response | None, float]:
        headers = {"Idempotency-Key": key} if key else {}
        begun = time.perf_counter()
        try:
            answer = await self._client.post(path, json=body, headers=headers)
        except httpx2.TransportError:
            return None, 0.0
        return answer, (time.perf_counter() - begun) * 1000


def _what(answer: httpx2.Response | None) -> str:
    return "no answer" if answer is None else f"{answer.status_code} {answer.text[:200]}"


async def fill(callers: Callers, rides: int, at_once: int = 4) -> None:
    """Book so many rides, a few callers at a time."""
    left = rides

    async def call() -> None:
        nonlocal left
        while left > 0:
            left -= 1
            booked = await callers.book(Waited())
            left += (
                not booked
            )  # never `left += not await …`: it adds to what was left before the wait

    await asyncio.gather(*(call() for _ in range(at_once)))


async def steady(callers: Callers, rate: float, seconds: float) -> Waited:
    """Let people call at a steady rate, whether those before them have their answers or not."""
    waited, calls = Waited(), []
    begun = time.perf_counter()
    for number in range(round(rate * seconds)):
        await asyncio.sleep(max(begun + number / rate - time.perf_counter(), 0))
        calls.append(asyncio.create_task(callers.book(waited)))
    await asyncio.gather(*calls)
    return waited


async def burst(callers: Callers, bookings: int, at_once: int) -> float:
    """Ask first, then book all at once; return bookings a second."""
    waited = Waited()
    tokens: list[str] = []
    while len(tokens) < bookings:
        found = await asyncio.gather(*(callers.ask(waited) for _ in range(8)))
        tokens += [token for token in found if token]
    waiting = iter(tokens)

    async def take() -> None:
        for token in waiting:
            await callers.take(token, waited)

    begun = time.perf_counter()
    await asyncio.gather(*(take() for _ in range(at_once)))
    return len(waited.booked_ms) / (time.perf_counter() - begun)
