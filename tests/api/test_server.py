"""The process: what it imports, how it starts, stops, and refuses to start."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

import pytest
from anyio.to_thread import current_default_thread_limiter

from api.clock import Clock
from api.errors import Problem
from api.opening import open_regions, open_services
from api.server import _AT_ONCE, serve
from api.settings import Settings, SettingsError

HEAVY = ("osmnx", "networkx", "gtfs_kit", "pandas", "ortools", "osmium")

SERVE = """
import sys, json
from pathlib import Path
from datetime import datetime
from api.clock import Clock
from api.server import serve
from api.settings import Settings

def started(url):
    heavy = [name for name in {heavy!r} if name in sys.modules]
    print(json.dumps({{"url": url, "heavy": heavy}}), flush=True)

settings = Settings(regions=(Path(sys.argv[1]),), data_dir=Path(sys.argv[2]), port=0)
serve(settings, Clock(datetime.fromisoformat("2026-03-30T06:00:00+02:00")), after_start=started)
print("stopped", flush=True)
"""


def test_served_from_start_to_stop(village: Path, tmp_path: Path) -> None:
    """A real process: imports nothing heavy, answers on a free port, stops on SIGTERM."""
    repository = Path(__file__).resolve().parents[2]
    program = SERVE.format(heavy=HEAVY)
    with subprocess.Popen(
        [sys.executable, "-c", program, str(village), str(tmp_path / "data")],
        cwd=repository,
        env=os.environ | {"PYTHONWARNINGS": "ignore"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        told: dict[str, Any] = json.loads(process.stdout.readline())
        assert told["heavy"] == []
        with urllib.request.urlopen(told["url"] + "/v1/time") as answer:  # noqa: S310
            assert json.load(answer)["now"].startswith("2026-03-30T04:00")
        with urllib.request.urlopen(told["url"] + "/ready") as answer:  # noqa: S310
            assert json.load(answer) == {"status": "ready", "areas": 1}
            assert "server" not in answer.headers
        assert _status_when_crowded(told["url"]) == 503
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
    assert process.returncode in {0, -signal.SIGTERM}


def _status_when_crowded(url: str) -> int:
    """Hold as many connections as are allowed, and one more: that one is turned away."""
    address = urlsplit(url)
    with ExitStack() as held:
        for _ in range(_AT_ONCE):
            held.enter_context(socket.create_connection((address.hostname, address.port)))
        try:
            with urllib.request.urlopen(url + "/health") as answer:  # noqa: S310
                return int(answer.status)
        except HTTPError as error:
            error.close()
            return error.code


def test_process_tells_it_lives_while_all_threads_wait(
    server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting, go_on = threading.Event(), threading.Event()

    def wait(*_: Any) -> None:
        waiting.set()
        assert go_on.wait(20)
        raise Problem("busy")

    def keep_one_thread() -> None:
        current_default_thread_limiter().total_tokens = 1

    monkeypatch.setattr("api.showing.areas", wait)
    server.client.portal.call(keep_one_thread)
    with ThreadPoolExecutor(2) as pool:
        try:
            blocked = pool.submit(server.client.get, "/v1/areas")
            assert waiting.wait(10)
            alive = pool.submit(server.client.get, "/health").result(timeout=10)
        finally:
            go_on.set()
        assert (alive.status_code, blocked.result().status_code) == (200, 503)


def test_taken_port_is_said_in_one_line(village: Path, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        settings = Settings(regions=(village,), data_dir=tmp_path, port=other.getsockname()[1])
        with pytest.raises(SettingsError) as caught:
            serve(settings, Clock())
    assert caught.value.code == "address-taken"


def test_no_region_no_server(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        open_regions(Settings(data_dir=tmp_path))
    assert caught.value.code == "regions-missing"


def test_area_in_two_regions(tmp_path: Path, region: Any) -> None:
    with pytest.raises(SettingsError) as caught:
        open_services(Settings(data_dir=tmp_path), Clock(), {"one": region, "two": region})
    assert caught.value.code == "area-twice"


def test_clock_needs_an_offset_and_runs_on() -> None:
    from datetime import UTC, datetime, timedelta

    with pytest.raises(ValueError, match="offset"):
        Clock(datetime(2026, 3, 30, 6))  # noqa: DTZ001
    start = datetime(2026, 3, 30, 6, tzinfo=UTC)
    clock = Clock(start)
    first, second = clock.now(), clock.now()
    assert start <= first <= second < start + timedelta(minutes=1)
    assert abs(Clock().now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_stored_plans_are_checked_for_the_doctor(start: Any, village: Path) -> None:
    from api.health import check_stored_plans

    server = start(regions=None)
    server.book(server.place(0, 0), server.place(4, 4), depart_at=server.at("09:00"))
    settings = Settings(regions=(village,), data_dir=server.settings.data_dir)
    (check,) = check_stored_plans(settings)
    assert (check.area_id, check.rides, check.violations) == ("talheim", 1, ())


def test_tour_with_a_vehicle_that_is_gone(start: Any, region: Any) -> None:
    from dataclasses import replace

    from regions.errors import AreaError

    server = start()
    server.book(server.place(0, 0), server.place(4, 4), depart_at=server.at("09:00"))
    area = replace(region.areas["talheim"], vehicles=(), shifts=())
    with pytest.raises(AreaError) as caught:
        start(regions={"talheim": replace(region, areas={"talheim": area})})
    assert caught.value.code == "vehicle-gone"


def test_tour_outlives_its_shift_pattern(start: Any, region: Any) -> None:
    """Who booked keeps the ride when the area file changes its shifts."""
    from dataclasses import replace

    server = start()
    booking = server.book(server.place(0, 0), server.place(4, 4), depart_at=server.at("09:00"))
    area = replace(region.areas["talheim"], shifts=())
    server = start(regions={"talheim": replace(region, areas={"talheim": area})})
    (tour,) = server.tours()["tours"]
    assert tour["shift"]["driver"] == "A. Beck"
    assert tour["visits"][0]["board"][0]["booking_id"] == booking["id"]
    assert server.client.delete(f"/v1/bookings/{booking['id']}").status_code == 200
