"""Two server processes on one file: the last seat goes to somebody once, the jobs to one of them."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from api.health import check_stored_plans
from api.settings import Settings
from benchmarks.busy_area import BERLIN, SERVICE_DAY, ServerProcess

AGENTS = 8


def wish(server: ServerProcess, number: int) -> dict[str, Any]:
    """Return the wish of five people for the same ride, on another day and at another hour each round."""
    houses = server.region.houses
    day = SERVICE_DAY + timedelta(days=number % 3)
    at = datetime.combine(day, datetime.min.time(), BERLIN) + timedelta(hours=8 + number % 4)
    (from_lon, from_lat), (to_lon, to_lat) = houses[number % 20], houses[-1 - number % 20]
    return {
        "area_id": "talheim",
        "origin": {"lon": from_lon, "lat": from_lat},
        "destination": {"lon": to_lon, "lat": to_lat},
        "depart_at": at.isoformat(),
        "passengers": {"seat": 5},
    }


def round_of(agents: Sequence[httpx2.Client], asked: dict[str, Any]) -> list[httpx2.Response]:
    """Let all agents ask, then all take the first offer at the same moment."""
    tokens = [agent.post("/v1/offers", json=asked).json()["offers"][0]["token"] for agent in agents]
    together = Barrier(len(agents))

    def take(agent: httpx2.Client, token: str) -> httpx2.Response:
        body = {"offer": token, "name": "Hedwig Beck"}
        together.wait()
        return agent.post("/v1/bookings", json=body, headers={"Idempotency-Key": str(uuid4())})

    with ThreadPoolExecutor(len(agents)) as pool:
        return list(pool.map(take, agents, tokens))


@pytest.mark.timeout(1200)
def test_the_last_seats_are_sold_once(
    serve: Callable[[], ServerProcess], times: Callable[[int, int], int]
) -> None:
    """Five of eight seats, eight agents on two servers: one winner, alternatives for all others."""
    servers = serve(), serve()
    with ExitStack() as stack:
        agents = [
            stack.enter_context(httpx2.Client(base_url=servers[number % 2].address, timeout=30.0))
            for number in range(AGENTS)
        ]
        for number in range(times(30, 300)):
            answers = round_of(agents, wish(servers[0], number))
            won = [answer for answer in answers if answer.status_code == 201]
            lost = [answer for answer in answers if answer.status_code != 201]
            assert len(won) == 1, (number, [answer.text for answer in answers])
            for answer in lost:
                assert (answer.status_code, answer.json()["code"]) == (409, "offer-gone"), number
                assert answer.json()["alternatives"], number
            if number % 12 == 11:  # the days are full enough for alternatives elsewhere
                clear(servers[number // 12 % 2])
    settings = Settings(regions=(servers[0].region.folder,), data_dir=servers[0].data_dir)
    assert all(check.violations == () for check in check_stored_plans(settings))


def clear(server: ServerProcess) -> None:
    """Cancel every ride."""
    for booking in server.bookings(3):
        httpx2.delete(f"{server.address}/v1/bookings/{booking}", timeout=30.0)


def jobs_of(server: ServerProcess) -> dict[str, Any]:
    """Tell who does the jobs, as a server says it."""
    jobs: dict[str, Any] = httpx2.get(f"{server.address}/health").json()["jobs"]
    return jobs


def test_when_one_dies_the_other_does_the_jobs_within_a_minute(
    serve: Callable[[], ServerProcess], times: Callable[[int, int], int]
) -> None:
    """Killed (40 seconds; only with HYPOTHESIS_PROFILE=long) or stopped, which gives the lease back."""
    first = serve()
    until = time.monotonic() + 20
    while not jobs_of(first)["here"]:
        assert time.monotonic() < until
        time.sleep(0.1)
    second = serve()
    while jobs_of(second)["holder"] is None:
        time.sleep(0.1)
    assert not jobs_of(second)["here"]
    assert jobs_of(second)["holder"] == jobs_of(first)["holder"]
    gone = time.monotonic()
    if times(0, 1):
        first.kill()
    else:
        first.stop()
    while not jobs_of(second)["here"]:
        assert time.monotonic() < gone + 60
        time.sleep(0.2)


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers of this file run beside each other on few cores."""
    monkeypatch.setenv("NUMBA_NUM_THREADS", "1")
