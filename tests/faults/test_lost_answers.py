"""The answer is lost on its way after the ride was booked: whoever sends it again has one booking."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from benchmarks.busy_area import ServerProcess
from benchmarks.callers import Wishes

DAYS = 4


@contextmanager
def losing_answers(port: int) -> Iterator[str]:
    """Pass requests on to a server; read its answers to their end and throw them away."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_pass_on, args=(listening, port), daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)


def _pass_on(listening: socket.socket, port: int) -> None:
    while True:
        try:
            client, _ = listening.accept()
        except OSError:
            return
        with client, socket.create_connection(("127.0.0.1", port)) as server:
            server.sendall(_request(client))
            while server.recv(65536):
                pass


def _request(client: socket.socket) -> bytes:
    """Read one request, and ask the server to close the connection after its answer."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += client.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    (length,) = [int(x.split(b":")[1]) for x in lines if x.lower().startswith(b"content-length")]
    while len(body) < length:
        body += client.recv(65536)
    return b"\r\n".join([*lines, b"Connection: close", b"", body])


@pytest.mark.timeout(1200)
def test_lost_answers(serve: Callable[[], ServerProcess], times: Callable[[int, int], int]) -> None:
    server, wanted = serve(), times(50, 1000)
    wishes = Wishes(server.region, DAYS, 1)
    confirmed: set[str] = set()
    cancelled: set[str] = set()
    with (
        losing_answers(server.port) as losing,
        httpx2.Client(base_url=server.address, timeout=30.0) as client,
    ):
        while len(confirmed) < wanted:
            offers = client.post("/v1/offers", json=wishes.draw()).json()["offers"]
            if not offers:
                continue
            body = {"offer": offers[0]["token"], "name": "Hedwig Beck"}
            request: dict[str, Any] = {"json": body, "headers": {"Idempotency-Key": str(uuid4())}}
            with pytest.raises(httpx2.TransportError):
                httpx2.post(f"{losing}/v1/bookings", timeout=30.0, **request)
            again = client.post("/v1/bookings", **request)
            assert (again.status_code, again.headers["idempotent-replayed"]) == (201, "true")
            booking = again.json()["id"]
            confirmed.add(booking)
            if len(confirmed) % 20 == 0:  # make room: a cancelled ride stays in the list
                stored = server.bookings(DAYS)
                assert stored == confirmed
                for each in stored - cancelled:
                    client.delete(f"/v1/bookings/{each}")
                cancelled = stored
        assert server.bookings(DAYS) == confirmed
