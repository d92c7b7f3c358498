"""Invented instances in the formats of the literature, so that the quick forms need no files."""

import math
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SIZES = ((2, 8), (2, 12), (3, 16))
"""Vehicles and rides of each instance."""

EDGE = 10.0
DAY, SERVICE, WINDOW, LONGEST_RIDE, CAPACITY = 480, 3, 15, 45, 3
VEHICLES = 25
_HEADWAY = 30


@contextmanager
def invented(kind: str) -> Iterator[Path]:
    """Yield a folder with instances of a kind, ``darp`` or ``pdptw``, always the same."""
    write = {"darp": _cordeau, "pdptw": _li_lim}[kind]
    with tempfile.TemporaryDirectory() as folder:
        for number, (vehicles, rides) in enumerate(SIZES, start=1):
            text = write(vehicles, rides, random.Random(number))
            (Path(folder) / f"invented-{number}.txt").write_text(text, encoding="utf-8")
        yield Path(folder)


def _cordeau(vehicles: int, rides: int, chance: random.Random) -> str:
    """As Cordeau (2006) draws: half the rides with a window at the pickup, half at the drop-off.

    The hours of the windows are spread over the day, so that the vehicles can carry everybody.
    """
    spots = [(chance.uniform(-EDGE, EDGE), chance.uniform(-EDGE, EDGE)) for _ in range(2 * rides)]
    windows = [(0, DAY)] * (2 * rides)
    for ride in range(rides):
        opens = 2 * _HEADWAY + (DAY - 5 * _HEADWAY) * ride // rides
        timed = ride if chance.random() < 1 / 2 else ride + rides
        windows[timed] = opens, opens + WINDOW
    lines = [f"{vehicles} {rides} {DAY} {CAPACITY} {LONGEST_RIDE}"]
    depot = f"0.000 0.000 0 0 0 {DAY}"
    lines.append(f"0 {depot}")
    for k, ((x, y), (opens, closes)) in enumerate(zip(spots, windows, strict=True), start=1):
        load = 1 if k <= rides else -1
        lines.append(f"{k} {x:.3f} {y:.3f} {SERVICE} {load} {opens} {closes}")
    return "\n".join([*lines, f"{2 * rides + 1} {depot}", ""])


def _li_lim(_vehicles: int, rides: int, chance: random.Random) -> str:
    """Each pair could be carried by a vehicle of its own; how few are enough is the question."""
    lines = [f"{VEHICLES} {CAPACITY} 1", f"0 0 0 0 0 {DAY} 0 0 0"]
    for ride in range(rides):
        pick, drop = 2 * ride + 1, 2 * ride + 2
        ends = [[round(chance.uniform(-EDGE, EDGE)) for _ in range(2)] for _ in range(2)]
        there = math.ceil(math.hypot(*ends[0]))
        apart = math.ceil(math.dist(*ends)) + SERVICE
        opens = chance.randrange(there, DAY - there - apart - 3 * _HEADWAY)
        for node, spot, load, since in (
            (pick, ends[0], 1, opens),
            (drop, ends[1], -1, opens + apart),
        ):
            partner = f"0 {drop}" if node == pick else f"{pick} 0"
            place = f"{spot[0]} {spot[1]} {load}"
            lines.append(f"{node} {place} {since} {since + _HEADWAY} {SERVICE} {partner}")
    return "\n".join([*lines, ""])
