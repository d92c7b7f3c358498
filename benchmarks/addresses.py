"""Address search: is the right one first, also when it is written badly, and how fast."""

import random
import sqlite3
import tempfile
import time
from argparse import Namespace
from pathlib import Path

from benchmarks.record import Record, percentile
from benchmarks.sources import extract
from routing.addresses import Addresses, Found
from routing.build.addresses import build_addresses
from routing.build.boundaries import read_boundaries

SEED = 1
FULL, QUICK = 1000, 100
_ABBREVIATIONS = (("straße", "str."), ("strasse", "str."), ("platz", "pl."), ("Sankt", "St."))
_PLAIN = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss", "Ä": "A", "Ö": "O", "Ü": "U"})


def run(options: Namespace) -> Record:
    """Search addresses drawn from the extract, as they are and with seeded damage."""
    count = QUICK if options.quick else FULL
    chance = random.Random(SEED)
    with extract(options.osm) as osm, tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "addresses.sqlite"
        begun = time.perf_counter()
        build_addresses(osm, target, read_boundaries(osm))
        build_s = time.perf_counter() - begun
        labels = _labels(target)
        chosen = chance.sample(labels, min(count, len(labels)))
        addresses = Addresses.open(target)
        times: list[float] = []
        exact = [_rank(addresses, label, label, times) for label in chosen]
        damaged = [_rank(addresses, damage(label, chance), label, times) for label in chosen]
        addresses.close()
    return Record(
        "addresses",
        {"osm": osm.name, "addresses": len(labels), "asked": len(chosen), "seed": SEED},
        {
            "exact_first": sum(rank == 0 for rank in exact) / len(chosen),
            "damaged_first": sum(rank == 0 for rank in damaged) / len(chosen),
            "damaged_top5": sum(rank < 5 for rank in damaged) / len(chosen),  # noqa: PLR2004
            "p50_ms": percentile(times, 0.5),
            "p95_ms": percentile(times, 0.95),
            "build_s": build_s,
        },
    )


def damage(label: str, chance: random.Random) -> str:
    """Write an address the way people do: a slip of the finger, no umlauts, abbreviated, no town."""
    kind = chance.choice(("slip", "umlaut", "short", "no town", "order"))
    street, _, town = label.partition(", ")
    if kind == "slip":
        at = chance.randrange(1, max(2, len(street.rstrip("0123456789abc ")) - 1))
        return f"{street[:at]}{street[at + 1 :]}, {town}"
    if kind == "umlaut":
        return label.translate(_PLAIN)
    if kind == "short":
        for long, short in _ABBREVIATIONS:
            street = street.replace(long, short)
        return f"{street}, {town}"
    return street if kind == "no town" else f"{town} {street}"


def _labels(table: Path) -> list[str]:
    """Labels of all numbered addresses that are not written the same way twice."""
    database = sqlite3.connect(table)
    rows = database.execute(
        "SELECT label FROM number GROUP BY label HAVING count(*) = 1 ORDER BY label"
    )
    labels = [str(row[0]) for row in rows]
    database.close()
    return labels


def _rank(addresses: Addresses, text: str, label: str, times: list[float]) -> int:
    begun = time.perf_counter()
    found: list[Found] = addresses.search(text, limit=8)
    times.append((time.perf_counter() - begun) * 1000)
    street = label.split(",", maxsplit=1)[0]
    return next((i for i, answer in enumerate(found) if answer.label.split(",")[0] == street), 99)
