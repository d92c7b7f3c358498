"""Another process holds the database for ten seconds: who wants to book is asked to try again."""

import subprocess
import sys
import time
from typing import Any

HOLD = """
import sqlite3, sys, time
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
held.execute("ROLLBACK")
"""
HELD_S = 10.0
BUSY_S = 5.0


def test_held_for_ten_seconds(start: Any) -> None:
    server = start(improve=False)
    path = server.settings.data_dir / "buergerbus.sqlite"
    wish = {"depart_at": server.at("09:00")}
    offer = server.ask(server.place(0, 0), server.place(4, 4), **wish)["offers"][0]
    command = [sys.executable, "-c", HOLD, str(path), str(HELD_S)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        begun = time.monotonic()
        refused = server.take(offer, key="k")
        waited = time.monotonic() - begun
        assert (refused.status_code, refused.json()["code"]) == (503, "busy")
        assert refused.headers["retry-after"] == "2"
        assert waited < BUSY_S + 2
        for url in ("/ready", "/v1/bookings?date=2026-03-30", "/health", "/"):
            begun = time.monotonic()
            answer = server.client.get(url)
            assert (answer.status_code, time.monotonic() - begun < 2) == (200, True), url
        assert server.client.get("/v1/bookings?date=2026-03-30").json()["bookings"] == []
        assert server.ask(server.place(0, 0), server.place(4, 4), **wish)["offers"]
    assert server.take(offer, key="k").status_code == 201
    assert len(server.client.get("/v1/bookings?date=2026-03-30").json()["bookings"]) == 1
