"""Bookings under load: a server of its own, SQLite or PostgreSQL, plans being improved meanwhile."""

import asyncio
import sys
import tempfile
from argparse import Namespace
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path

from api.health import check_stored_plans
from api.settings import Settings
from benchmarks.audience import Audience
from benchmarks.busy_area import ServerProcess, busy_region, serving
from benchmarks.callers import Callers, Waited, Wishes, burst, fill, steady
from benchmarks.record import Record, percentile

SEED = 1
MORE_A_DAY = 240
"""Rides booked on a day of 20 buses at most, beside those planned already: days stay about as busy."""
BURSTS = 8, 16, 32, 64
"""Callers who take offers all at once, until more of them do not book more a second."""
BURST = 300
"""Bookings of each of these."""


def run(options: Namespace) -> Record:
    """Book where there are ``--rides`` a day: steadily, steadily while others listen, then all at once."""
    shifts, rides = (4, 40) if options.quick else (options.shifts, options.rides)
    seconds = min(options.seconds, 5.0) if options.quick else options.seconds
    few = 10 if options.quick else 1
    wanted = BURST // few
    bursts = BURSTS[:: 3 if options.quick else 1]
    days = ceil((2 * options.rate * seconds + wanted * len(bursts)) / (MORE_A_DAY * shifts / 20))
    with tempfile.TemporaryDirectory() as folder:
        region = busy_region(Path(folder), shifts)
        server = ServerProcess(region, Path(folder) / "data", options.database)
        wishes = Wishes(region, days, SEED)
        with serving(replace(server, environment={"BUERGERBUS_IMPROVE": "0"})) as calm:
            asyncio.run(_fill(calm, wishes, rides * days))
        with serving(server):
            audience = Audience(
                server, days, shifts, options.listeners // few, options.tablets // few
            )
            load = asyncio.run(
                _load(audience, wishes, _Plan(options.rate, seconds, bursts, wanted))
            )
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
            "listeners": audience.listeners,
            "tablets": audience.tablets,
            "database": "postgresql" if options.database else "sqlite",
            "seed": SEED,
        },
        {
            **_figures(load.alone, ""),
            **_figures(load.heard, "listened_"),
            "listened_p99_ratio": percentile(load.heard.booked_ms, 0.99)
            / percentile(load.alone.booked_ms, 0.99),
            "news_heard": audience.news,
            "tablets_synced": audience.synced,
            "tablets_unchanged": audience.unchanged,
            "overbooked": overbooked,
            **{f"burst_{at_once}_per_s": per_s for at_once, per_s in load.bursts.items()},
            "saturation_per_s": max(load.bursts.values()),
        },
    )


def _figures(waited: Waited, when: str) -> dict[str, float]:
    return {
        f"{when}p50_ms": percentile(waited.booked_ms, 0.5),
        f"{when}p99_ms": percentile(waited.booked_ms, 0.99),
        f"{when}max_ms": max(waited.booked_ms),
        f"{when}offers_p50_ms": percentile(waited.asked_ms, 0.5),
        f"{when}offers_p95_ms": percentile(waited.asked_ms, 0.95),
        f"{when}booked": len(waited.booked_ms),
        f"{when}refused": waited.refused,
        f"{when}offers_gone": waited.gone,
        f"{when}errors": len(waited.errors),
    }


@dataclass(frozen=True, slots=True)
class _Load:
    """What people waited while nobody else and while many listened, and bookings a second by callers."""

    alone: Waited
    heard: Waited
    bursts: dict[int, float]


@dataclass(frozen=True, slots=True)
class _Plan:
    rate: float
    seconds: float
    bursts: tuple[int, ...]
    wanted: int


async def _fill(server: ServerProcess, wishes: Wishes, rides: int) -> None:
    async with Callers(server.address, wishes) as callers:
        await fill(callers, rides)


async def _load(audience: Audience, wishes: Wishes, plan: _Plan) -> _Load:
    """Book at a steady rate, again while others listen, then all at once."""
    async with Callers(audience.server.address, wishes) as callers:
        alone = await steady(callers, plan.rate, plan.seconds)
        async with audience:
            heard = await steady(callers, plan.rate, plan.seconds)
        heard.errors += audience.errors
        for error in (alone.errors + heard.errors)[:3]:
            print(f"benchmarks bookings: {error}", file=sys.stderr)
        bursts = {at_once: await burst(callers, plan.wanted, at_once) for at_once in plan.bursts}
        return _Load(alone, heard, bursts)


def broken_plans(server: ServerProcess) -> int:
    """Let the checker see every stored plan: how many things are broken."""
    checks = check_stored_plans(
        Settings(
            data_dir=server.data_dir, database=server.database, regions=(server.region.folder,)
        )
    )
    return sum(len(check.violations) for check in checks)
