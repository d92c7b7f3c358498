"""Bookings under load: a server of its own, SQLite or PostgreSQL, plans being improved meanwhile."""

import asyncio
import sys
import tempfile
from argparse import Namespace
from dataclasses import replace
from math import ceil
from pathlib import Path

from api.health import check_stored_plans
from api.settings import Settings
from benchmarks.busy_area import ServerProcess, busy_region, serving
from benchmarks.callers import Callers, Waited, Wishes, burst, fill, steady
from benchmarks.record import Record, percentile

SEED = 1
ROOM = 500
"""Further rides a day of 20 buses has room for beside those planned already."""
BURST = 600


def run(options: Namespace) -> Record:
    """Book at ``--rate`` for ``--seconds`` where there are ``--rides`` a day, then all at once."""
    shifts, rides = (4, 40) if options.quick else (options.shifts, options.rides)
    seconds = min(options.seconds, 5.0) if options.quick else options.seconds
    wanted = BURST // 10 if options.quick else BURST
    days = ceil((options.rate * seconds + wanted) / (ROOM * shifts / 20))
    with tempfile.TemporaryDirectory() as folder:
        region = busy_region(Path(folder), shifts)
        server = ServerProcess(region, Path(folder) / "data", options.database)
        wishes = Wishes(region, days, SEED)
        with serving(replace(server, environment={"BUERGERBUS_IMPROVE": "0"})) as calm:
            asyncio.run(_fill(calm, wishes, rides * days))
        with serving(server):
            waited, per_s = asyncio.run(_load(server, wishes, options.rate, seconds, wanted))
        overbooked = broken_plans(server)
    return Record(
        "bookings",
        {
            "rate_per_s": options.rate,
            "seconds": seconds,
            "shifts": shifts,
            "rides_a_day": rides,
            "days": days,
            "burst": wanted,
            "database": "postgresql" if options.database else "sqlite",
            "seed": SEED,
        },
        {
            "p50_ms": percentile(waited.booked_ms, 0.5),
            "p99_ms": percentile(waited.booked_ms, 0.99),
            "max_ms": max(waited.booked_ms),
            "offers_p50_ms": percentile(waited.asked_ms, 0.5),
            "offers_p95_ms": percentile(waited.asked_ms, 0.95),
            "booked": len(waited.booked_ms),
            "refused": waited.refused,
            "offers_gone": waited.gone,
            "errors": len(waited.errors),
            "overbooked": overbooked,
            "saturation_per_s": per_s,
        },
    )


async def _fill(server: ServerProcess, wishes: Wishes, rides: int) -> None:
    async with Callers(server.address, wishes) as callers:
        await fill(callers, rides)


async def _load(
    server: ServerProcess, wishes: Wishes, rate: float, seconds: float, at_once: int
) -> tuple[Waited, float]:
    """Book at a steady rate, then so many at once; what people waited, and bookings a second."""
    async with Callers(server.address, wishes) as callers:
        waited = await steady(callers, rate, seconds)
        for error in waited.errors[:3]:
            print(f"benchmarks bookings: {error}", file=sys.stderr)
        return waited, await burst(callers, at_once)


def broken_plans(server: ServerProcess) -> int:
    """Let the checker see every stored plan: how many things are broken."""
    checks = check_stored_plans(
        Settings(
            data_dir=server.data_dir, database=server.database, regions=(server.region.folder,)
        )
    )
    return sum(len(check.violations) for check in checks)
