"""A region with one busy area, and a server of its own process that serves it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx2

from regions.build import Sources, build_region
from regions.sample import write_sample

BERLIN = ZoneInfo("Europe/Berlin")
SERVICE_DAY = date(2026, 6, 16)
"""A Tuesday; the server's clock starts on the day before, at noon."""
HORIZON_DAYS = 60
_READY_S = 60.0
_DAYS = '["mo", "di", "mi", "do", "fr", "sa", "so"]'


@dataclass(frozen=True, slots=True)
class BusyRegion:
    """A region folder, the id of its area, and where its houses are (lon, lat)."""

    folder: Path
    area: str
    houses: tuple[tuple[float, float], ...]


def busy_region(folder: Path, shifts: int) -> BusyRegion:
    """Invent a region whose area has as many buses as wanted, each from six to eight in the evening."""
    files = write_sample(folder / "sources", seed=7, villages=8, size_km=15.0)
    path = files.areas[0]
    text = path.read_text(encoding="utf-8")
    head = text[: text.index("[[vehicles]]")]
    head = re.sub(r"booking_horizon_days = \d+", f"booking_horizon_days = {HORIZON_DAYS}", head)
    at = text[text.index("from = ") :].splitlines()[0]
    path.write_text(head + "".join(_bus(number, at) for number in range(shifts)), encoding="utf-8")
    region = build_region(
        Sources(files.osm, (files.gtfs,), (path,), invented=True), folder / "region"
    )
    (area,) = region.areas.values()
    houses = [(house.lon, house.lat) for house in region.addresses.houses()]
    inside = tuple(house for house in houses if area.contains(*house))
    return BusyRegion(folder / "region", area.id, inside)


def _bus(number: int, at: str) -> str:
    return (
        f'[[vehicles]]\nid = "bus-{number}"\nname = "Bus {number}"\nseats = 8\nwheelchairs = 1\n'
        f'seats_per_wheelchair = 2\n\n[[shifts]]\nid = "s-{number}"\nvehicle = "bus-{number}"\n'
        f'driver = "F. {number}"\ndays = {_DAYS}\nstart = "06:00"\nend = "20:00"\n{at}\n\n'
    )


@dataclass(slots=True)
class ServerProcess:
    """A server that can be killed and started again on the same data."""

    region: BusyRegion
    data_dir: Path
    database: str | None = None
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> float:
        """Start it; return the seconds until it was ready.

        Raises
        ------
        SystemExit
            It did not become ready.
        """
        self.port = self.port or _free_port()
        now = datetime.combine(SERVICE_DAY - timedelta(days=1), datetime.min.time(), BERLIN)
        command = [sys.executable, "-c", "from buergerbus.cli import main; main()", "serve"]
        command += [str(self.region.folder), "--port", str(self.port)]
        command += ["--data-dir", str(self.data_dir), "--now", now.replace(hour=12).isoformat()]
        settings = {"BUERGERBUS_DATABASE": self.database} if self.database else {}
        usual = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        begun = time.perf_counter()
        with (self.data_dir / "server.log").open("ab") as log:
            self.process = subprocess.Popen(  # our own program
                command,
                env={**usual, **settings, **self.environment},
                stdout=log,
                stderr=log,
            )
        while time.perf_counter() - begun < _READY_S:
            if self.is_ready():
                return time.perf_counter() - begun
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise SystemExit(f"The server did not start; see {self.data_dir / 'server.log'}.")

    def is_ready(self) -> bool:
        """Whether it answers that it is ready."""
        try:
            return httpx2.get(f"{self.address}/ready", timeout=1.0).is_success
        except httpx2.TransportError:
            return False

    def bookings(self, days: int) -> set[str]:
        """Return the ids of all bookings of the first days."""
        found: set[str] = set()
        for ahead in range(days):
            day = (SERVICE_DAY + timedelta(days=ahead)).isoformat()
            answer = httpx2.get(f"{self.address}/v1/bookings", params={"date": day}, timeout=30.0)
            found |= {booking["id"] for booking in answer.json()["bookings"]}
        return found

    def kill(self) -> None:
        """End it at once, whatever it is doing."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        """End it as an administrator would."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=30)


@contextmanager
def serving(server: ServerProcess) -> Iterator[ServerProcess]:
    """Start a server and stop it at the end."""
    server.data_dir.mkdir(parents=True, exist_ok=True)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
