"""Bodies of 50 MB, announced, in pieces and at once: refused, and memory stays where it was."""

import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import psutil
import pytest

MB = 1024 * 1024
BODY = 50 * MB
PIECE = 64 * 1024
GROWTH = 24 * MB
"""What a server of this size may grow by: buffers of connections, nothing near a body."""
HEAD = "POST /v1/offers HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{}\r\n"


def announced(piece: bytes) -> Iterator[bytes]:
    """Yield a body whose length is told first."""
    yield HEAD.format(f"Content-Length: {BODY}\r\n").encode()
    for _ in range(BODY // len(piece)):
        yield piece


def chunked(piece: bytes) -> Iterator[bytes]:
    """Yield a body whose length nobody knows."""
    yield HEAD.format("Transfer-Encoding: chunked\r\n").encode()
    for _ in range(BODY // len(piece)):
        yield f"{len(piece):x}\r\n".encode() + piece + b"\r\n"


def send(port: int, pieces: Iterator[bytes]) -> bytes:
    """Send as much as the server takes; return the first line of its answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        try:
            for piece in pieces:
                line.sendall(piece)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it has heard enough
        try:
            return line.recv(1024).split(b"\r\n")[0]
        except ConnectionResetError:
            return b""


@pytest.mark.parametrize("kind", [announced, chunked])
def test_memory_stays_flat(serve: Any, kind: Callable[[bytes], Iterator[bytes]]) -> None:
    server = serve()
    process = psutil.Process(server.process.pid)
    send(server.port, kind(b" " * PIECE))  # whatever is loaded for the first refusal
    before = process.memory_info().rss
    answers: list[bytes] = []

    def many() -> None:
        answers.extend(send(server.port, kind(b"[" * PIECE)) for _ in range(4))

    senders = [threading.Thread(target=many) for _ in range(4)]
    peak = before
    for sender in senders:
        sender.start()
    while any(sender.is_alive() for sender in senders):
        senders[0].join(0.05)
        peak = max(peak, process.memory_info().rss)
    assert len(answers) == 16
    assert {answer[:12] for answer in answers if answer} == {b"HTTP/1.1 413"}
    assert peak - before < GROWTH, f"{(peak - before) / MB:.0f} MB more for 16 bodies of 50 MB"
    assert httpx2.get(f"{server.address}/ready").is_success
