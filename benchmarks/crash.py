"""The server is killed again and again while people book: what was confirmed must be there, once."""

import random
import tempfile
import threading
import time
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

import httpx2

from benchmarks.bookings import broken_plans
from benchmarks.busy_area import SERVICE_DAY, ServerProcess, busy_region, serving
from benchmarks.callers import Wishes
from benchmarks.record import Record

SEED = 1
CLIENTS = 8
DAYS = 10
SHIFTS = 6
_PAUSE_S = 0.2
_LONGEST_S = 1.5
"""A server lives so long at most before it is killed."""
_PHONE = "+4915123456789"
_SENDING_S = 400.0
"""What a killed process was sending is sent again after two minutes."""


def run(options: Namespace) -> Record:
    """Kill the server ``--kills`` times under eight clients that try again until they have an answer."""
    kills = min(options.kills, 3) if options.quick else options.kills
    with tempfile.TemporaryDirectory() as folder:
        region = busy_region(Path(folder), SHIFTS)
        spool = Path(folder) / "spool"
        spool.mkdir()
        ways = {"BUERGERBUS_MESSAGES_SMS_FOLDER": str(spool)}
        server = ServerProcess(region, Path(folder) / "data", options.database, environment=ways)
        clients = [
            _Client(server, Wishes(region, DAYS, SEED + number)) for number in range(CLIENTS)
        ]
        with serving(server):
            ready_s = _kill(server, clients, kills)
            stored = server.bookings(DAYS)
            told = _told(server, spool)
        broken = broken_plans(server)
    confirmed = [booking for client in clients for booking in client.confirmed]
    return Record(
        "crash",
        {"kills": kills, "clients": CLIENTS, "days": DAYS, "shifts": SHIFTS, "seed": SEED},
        {
            "kills": kills,
            "acknowledged": len(confirmed),
            "tried_again": sum(client.tried_again for client in clients),
            "lost": len(set(confirmed) - stored),
            "doubled": len(stored - set(confirmed)),
            "broken": broken,
            "untold": len(set(confirmed) - set(told.confirmed)),
            "told_twice": len(told.confirmed) - len(set(told.confirmed)),
            "unsent": told.waiting,
            "sent_unwritten": told.unwritten,
            "ready_s": max(ready_s),
            "ready_median_s": median(ready_s),
        },
    )


def _kill(server: ServerProcess, clients: list["_Client"], kills: int) -> list[float]:
    """Let the clients book while the server dies and rises; return how long it took to rise."""
    dice, over, ready_s = random.Random(SEED), threading.Event(), []
    threads = [threading.Thread(target=client.run, args=(over,)) for client in clients]
    for thread in threads:
        thread.start()
    for _ in range(kills):
        time.sleep(dice.uniform(_PAUSE_S, _LONGEST_S))
        server.kill()
        ready_s.append(server.start())
    over.set()
    for thread in threads:
        thread.join()
    return ready_s


@dataclass(frozen=True, slots=True)
class _Told:
    """The outbox in the end: bookings with a confirmation, how many wait still, how many sent are no file."""

    confirmed: list[str]
    waiting: int
    unwritten: int


def _told(server: ServerProcess, spool: Path) -> _Told:
    """Wait until everything is sent, then compare the outbox with what lies in the modem's folder."""
    deadline = time.monotonic() + _SENDING_S
    while True:
        confirmations = list(_confirmations(server))
        waiting = sum(each["state"] in {"waiting", "sending"} for each in confirmations)
        if not waiting or time.monotonic() > deadline:
            break
        time.sleep(1.0)
    written = {path.stem.rpartition("_")[2] for path in spool.glob("OUT*.txt")}
    sent = {each["id"] for each in confirmations if each["state"] == "sent"}
    return _Told([each["booking_id"] for each in confirmations], waiting, len(sent - written))


def _confirmations(server: ServerProcess) -> Iterator[dict[str, Any]]:
    for ahead in range(DAYS):
        day = (SERVICE_DAY + timedelta(days=ahead)).isoformat()
        answer = httpx2.get(f"{server.address}/v1/messages", params={"date": day}, timeout=30.0)
        yield from (each for each in answer.json()["messages"] if each["kind"] == "booked")


@dataclass(slots=True)
class _Client:
    """Somebody who books and, without an answer, sends the same request again."""

    server: ServerProcess
    wishes: Wishes
    confirmed: list[str] = field(default_factory=list)
    tried_again: int = 0

    def run(self, over: threading.Event) -> None:
        """Book until it is over; the last booking is brought to its end."""
        while not over.is_set():
            answer = self._post("/v1/offers", self.wishes.draw(), str(uuid4()))
            offers = answer.json()["offers"] if answer.status_code == HTTPStatus.OK else ()
            if not offers:
                continue
            body = {"offer": offers[0]["token"], "name": "Hedwig Beck", "phone": _PHONE}
            booked = self._post("/v1/bookings", body, str(uuid4()))
            if booked.status_code == HTTPStatus.CREATED:
                self.confirmed.append(booked.json()["id"])

    def _post(self, path: str, body: dict[str, Any], key: str) -> httpx2.Response:
        """Send a request until it is answered for good."""
        while True:
            try:
                answer = httpx2.post(
                    self.server.address + path,
                    json=body,
                    headers={"Idempotency-Key": key},
                    timeout=10.0,
                )
            except httpx2.TransportError:
                self.tried_again += 1
                time.sleep(0.05)
                continue
            under_way = answer.status_code == HTTPStatus.CONFLICT and "in-flight" in answer.text
            if under_way or answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                time.sleep(0.05)
                continue
            return answer
