"""Address search: is the right one first, also when it is written badly, and how fast.

Addresses are drawn from the tags of the extract, not from our table. An answer is right if it is the
house asked for, or, where the damage leaves that open (two towns have the street and no town is said),
a house that matches exactly what remains.
"""

import random
import tempfile
import time
from argparse import Namespace
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.damage import SINGLE, Asked, several
from benchmarks.record import Record, percentile
from benchmarks.sources import extract
from routing.addresses import Addresses, Found, FoundKind
from routing.build.addresses import build_addresses
from routing.build.addresses.reader import RawAddress, gather
from routing.build.boundaries import read_boundaries
from routing.spot import Spot, metres_apart

SEED = 1
FULL, QUICK = 1000, 100
_TOP = 5
_SAME_HOUSE_M = 15.0
_NOWHERE = 99


def run(options: Namespace) -> Record:
    """Search addresses drawn from the extract, as they are and with seeded damage."""
    with extract(options.osm) as osm, tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "addresses.sqlite"
        begun = time.perf_counter()
        build_addresses(osm, target, read_boundaries(osm))
        build_s = time.perf_counter() - begun
        known = Known(gather(osm).addresses)
        addresses = Addresses.open(target)
        judge = Judge(known, addresses)
        asked = known.draw(QUICK if options.quick else FULL, random.Random(SEED))
        exact = [judge.rank(each, each) for each in asked]
        damaged = {name: _ranks_damaged(judge, asked, name) for name in (*SINGLE, several.__name__)}
        addresses.close()
    every = [rank for name in SINGLE for rank in damaged[name]]
    return Record(
        "addresses",
        {
            "osm": osm.name,
            "addresses": len(known.all),
            "asked": len(asked),
            "damaged": len(every),
            "seed": SEED,
        },
        {
            "exact_first": _share(exact, 1),
            "damaged_first": _share(every, 1),
            "damaged_top5": _share(every, _TOP),
            **{f"first_{name}": _share(ranks, 1) for name, ranks in damaged.items() if ranks},
            **{f"top5_{name}": _share(ranks, _TOP) for name, ranks in damaged.items() if ranks},
            "p50_ms": percentile(judge.times_ms, 0.5),
            "p95_ms": percentile(judge.times_ms, 0.95),
            "build_s": build_s,
        },
    )


class Known:
    """The addresses of an extract by what is written of them."""

    def __init__(self, addresses: Iterable[RawAddress]) -> None:
        self.all = [
            (Asked(each.street, each.number, each.city if each.city != each.street else ""), each)
            for each in addresses
            if each.street
        ]
        self._by_text: dict[tuple[str, str, str | None], list[Spot]] = defaultdict(list)
        for asked, each in self.all:
            for town in {asked.town, ""}:
                self._by_text[_key(asked, town)].append((each.lon, each.lat))

    def draw(self, count: int, chance: random.Random) -> list[Asked]:
        """Draw `count` different addresses, or all if there are fewer."""
        distinct = list(dict.fromkeys(asked for asked, _ in self.all))
        return chance.sample(distinct, min(count, len(distinct)))

    def spots(self, asked: Asked, town: str) -> list[Spot]:
        """Where the houses lie that are written as `asked`, in `town` or, if empty, anywhere."""
        return self._by_text.get(_key(asked, town), [])


@dataclass(slots=True)
class Judge:
    """Asks the search and looks where the right house stands among its answers."""

    known: Known
    addresses: Addresses
    times_ms: list[float] = field(default_factory=list)

    def rank(self, meant: Asked, written: Asked) -> int:
        """Return the place of the right answer, 0 for the first."""
        begun = time.perf_counter()
        found = self.addresses.search(written.text, limit=8)
        self.times_ms.append((time.perf_counter() - begun) * 1000)
        town = meant.town if written.town else ""
        right = self.known.spots(meant, town) + self.known.spots(written, written.town)
        ranks = (
            i
            for i, each in enumerate(found)
            if _reads_as(each, meant, town) or _is_at(each, meant.number, right)
        )
        return next(ranks, _NOWHERE)


def _ranks_damaged(judge: Judge, asked: Sequence[Asked], name: str) -> list[int]:
    """Ranks of the addresses that this damage changes."""
    chance = random.Random(f"{SEED} {name}")
    pairs = [(each, SINGLE.get(name, several)(each, chance)) for each in asked]
    return [judge.rank(each, other) for each, other in pairs if other.text != each.text]


def _reads_as(found: Found, meant: Asked, town: str) -> bool:
    """Whether an answer is written as what was asked: one of two houses mapped with one address."""
    title, _, found_town = found.label.rpartition(", ")
    same_town = not town or _compact(found_town) == _compact(town)
    return same_town and _compact(title) == _compact(meant.street + meant.number)


def _is_at(found: Found, number: str, right: Sequence[Spot]) -> bool:
    titles = found.label, found.label.rpartition(", ")[0].partition(" (")[0]
    numbered = any(_compact(title).endswith(_compact(number)) for title in titles)
    near = any(metres_apart((found.lon, found.lat), spot) <= _SAME_HOUSE_M for spot in right)
    return found.kind is FoundKind.ADDRESS and numbered and near


def _key(asked: Asked, town: str) -> tuple[str, str, str]:
    return _compact(asked.street).replace("-", ""), _compact(asked.number), _compact(town)


def _compact(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum() or letter in "/-")


def _share(ranks: Sequence[int], places: int) -> float:
    return sum(rank < places for rank in ranks) / max(1, len(ranks))
