"""OSRM's own server on a free port of this machine, and what it is asked."""

import http.client
import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.peers.answers import Float64
from benchmarks.peers.environment import program
from benchmarks.peers.errors import PeerError

LOOPBACK = "127.0.0.1"
PATIENCE_S = 60.0
LIMITS = ("--max-table-size", "1000000", "--max-viaroute-size", "10")


class Server:
    """A running server of one thread, asked one question after the other."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        self._process = process
        self._connection = http.client.HTTPConnection(LOOPBACK, port, timeout=600)

    def table(self, places: Float64, repeats: int) -> tuple[Float64, float, float]:
        """Return seconds float64[n, n] (nan: no route), median wall and processor time in ms."""
        body = json.dumps(
            {"coordinates": places.tolist(), "annotations": ["duration"], "generate_hints": False}
        )
        answer = self._ask("POST", "/table/v1/driving", body)
        wall, processor = [], []
        for _ in range(repeats):
            used, begun = self._processor_s(), time.perf_counter()
            answer = self._ask("POST", "/table/v1/driving", body)
            wall.append((time.perf_counter() - begun) * 1e3)
            processor.append((self._processor_s() - used) * 1e3)
        rows = np.array(answer["durations"], dtype=np.float64)
        return rows, median(wall), median(processor)

    def route(self, pair: Float64) -> tuple[float, float, float, float]:
        """Return seconds, metres, metres both ends were moved (nan: no route), and wall time in µs."""
        west, south, east, north = pair.tolist()
        path = f"/route/v1/driving/{west:.6f},{south:.6f};{east:.6f},{north:.6f}?overview=full"
        begun = time.perf_counter()
        answer = self._ask("GET", path)
        us = (time.perf_counter() - begun) * 1e6
        if answer["code"] != "Ok":
            return np.nan, np.nan, np.nan, us
        best = answer["routes"][0]
        moved = sum(end["distance"] for end in answer["waypoints"])
        return best["duration"], best["distance"], moved, us

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def wait(self) -> None:
        """Return when the server answers; raise `PeerError` if it ended or takes too long."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until and self._process.poll() is None:
            try:
                self._connection.connect()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise PeerError("peer-failed", "The server of OSRM does not answer.")

    def _ask(self, method: str, path: str, body: str | None = None) -> dict[str, Any]:
        self._connection.request(method, path, body, {"Content-Type": "application/json"})
        answer: dict[str, Any] = json.loads(self._connection.getresponse().read())
        if answer.get("code") not in {"Ok", "NoRoute", "NoSegment"}:
            raise PeerError("peer-failed", f"OSRM: {answer.get('message', answer)}")
        return answer

    def _processor_s(self) -> float:
        """Return the processor time used by the server so far; 0 where the system does not say."""
        try:
            said = Path(f"/proc/{self._process.pid}/stat").read_text()
        except OSError:
            return 0.0
        user, system = said.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serve(base: Path) -> Iterator[Server]:
    """Yield a server of the prepared data `base`; it is ended whatever happens."""
    routed = program("osrm", "osrm-routed")
    if routed is None:
        raise PeerError("peer-failed", "The server of OSRM is not installed.")
    port = _free_port()
    process = subprocess.Popen(
        [routed, "--ip", LOOPBACK, "--port", str(port), "--threads", "1", *LIMITS, base],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    server = Server(process, port)
    try:
        server.wait()
        yield server
    finally:
        server.close()
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
