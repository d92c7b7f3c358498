"""A full disk: nothing new is taken, everything else goes on, nothing confirmed is lost."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.backups import Backups
from api.store.errors import StoreError


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of three megabytes where the server keeps its data."""
    folder = tmp_path / "data"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=3m", "none", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("no mount: a small disk needs root and the right to mount")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path, but: int) -> Path:
    """Fill a disk, all ``but`` some bytes."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            file.truncate(max(file.tell() - but, 0))
    return filler


def book(server: Any, number: int) -> Any:
    """Try to book one of many rides; returns the response, None where no bus has room."""
    ends = server.place(number % 8, 0), server.place(number * 3 % 8, 5)
    offers = server.ask(*ends, depart_at=server.at(f"{8 + number % 4:02}:{number % 6}0"))["offers"]
    return server.take(offers[0], key=f"key-{number}") if offers else None


def test_full_disk(small_disk: Path, start: Any) -> None:
    server = start(improve=False)
    filler = fill(small_disk, but=150_000)
    confirmed, refused = set(), None
    for number in range(100):
        answer = book(server, number)
        if answer is None:
            continue
        if answer.status_code != 201:
            refused = answer
            break
        confirmed.add(answer.json()["id"])
    else:
        fill(small_disk, but=0)  # the bus was full before the disk
        refused = server.client.delete(f"/v1/bookings/{next(iter(confirmed))}")
    assert refused is not None
    assert (refused.status_code, refused.json()["code"]) == (503, "storage-full")
    assert refused.headers["retry-after"] == "60"
    scheduler = server.client.app.state.scheduler
    scheduler.beat()
    health = server.client.get("/health")
    assert health.status_code == 200
    for path in ("/ready", "/v1/areas", "/v1/time", "/", "/leitstelle?date=2026-03-30"):
        assert server.client.get(path).status_code == 200, path
    shown = server.client.get("/v1/bookings", params={"date": "2026-03-30"}).json()["bookings"]
    assert {each["id"] for each in shown} == confirmed
    with pytest.raises(StoreError) as caught:
        Backups(server.services.context.database, small_disk).make("2026-03-30")
    assert caught.value.code == "backup-failed"

    filler.unlink()
    wish = {"depart_at": server.at("09:00", server_day())}
    server.book(server.place(0, 0), server.place(4, 4), **wish)
    scheduler.beat()
    assert server.client.get("/health").json()["alarms"] == []
    server = start(improve=False)
    shown = server.client.get("/v1/bookings", params={"date": "2026-03-30"}).json()["bookings"]
    assert {each["id"] for each in shown} == confirmed


def server_day() -> Any:
    """Return a day nobody has booked."""
    from datetime import date

    return date(2026, 4, 2)
