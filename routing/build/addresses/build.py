"""Build the address table of a region: one SQLite file with a trigram index."""

import re
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from routing.addresses.house_number import numbers_of
from routing.addresses.place_kinds import place_kinds
from routing.addresses.schema import INDEXES, SCHEMA
from routing.build.addresses.folding import folded
from routing.build.addresses.locating import Locator
from routing.build.addresses.reader import gather
from routing.build.addresses.roads import NamedRoad, make_roads
from routing.build.addresses.rows import Row, make_rows
from routing.build.boundaries import Boundary

# What tells towns of one name apart, in folded names: "Lauf an der Pegnitz", "Rottenburg am Neckar".
_RIVER = re.compile(r"(?<=\w\w) (?:am|an|auf|bei|im|in|ob|unter|vor)\b")


@dataclass(frozen=True, slots=True)
class AddressReport:
    """How many addresses, streets, settlements, places of interest and stops the table holds."""

    counts: dict[str, int]


def build_addresses(
    osm: Path,
    target: Path,
    boundaries: Sequence[Boundary],
    progress: Callable[[str], None] | None = None,
) -> AddressReport:
    """Write the address table of `osm` to `target`, replacing a file that is there.

    `boundaries` give each address its municipality; without them the city of the address does.

    Raises
    ------
    ExtractError
        The extract cannot be read; `target` is then as it was.
    """
    gathered = gather(osm)
    if progress:
        progress(f"indexing {len(gathered.addresses)} addresses")
    locator = Locator(gathered, boundaries)
    rows = make_rows(gathered, locator)
    roads = make_roads(gathered, locator)
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    with closing(sqlite3.connect(part)) as database:
        _write(database, rows, roads)
    part.replace(target)
    return AddressReport(
        {
            "addresses": len(gathered.addresses),
            "streets": sum(row.kind == "street" for row in rows),
            "settlements": sum(row.kind == "place" for row in rows),
            "pois": sum(row.kind == "poi" for row in rows),
            "stops": sum(row.kind == "stop" for row in rows),
        }
    )


def _write(database: sqlite3.Connection, rows: Sequence[Row], roads: Sequence[NamedRoad]) -> None:
    database.executescript(SCHEMA)
    postcodes = sorted({row.postcode for row in rows if row.postcode})
    database.executemany("INSERT INTO postcode VALUES (?)", [(code,) for code in postcodes])
    for number, row in enumerate(rows, start=1):
        _write_row(database, number, row)
    for number, road in enumerate(roads, start=1):
        values = (number, road.label, road.municipality)
        database.execute("INSERT INTO road VALUES (?, ?, ?)", values)
        points = [(number, lon, lat) for lon, lat in road.points]
        database.executemany("INSERT INTO road_point VALUES (?, ?, ?)", points)
    database.executescript(INDEXES)
    database.commit()


def _write_row(database: sqlite3.Connection, number: int, row: Row) -> None:
    names, towns = _names(row), _towns(row)
    database.execute(
        "INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(number, row.kind, row.detail, row.label),
            *("|".join(names), "|".join(towns)),
            *(row.where.municipality, row.lon, row.lat, row.weight, bool(row.numbers)),
        ),
    )
    database.executemany("INSERT INTO name VALUES (?, ?)", [(name, number) for name in names])
    text = f" {' '.join(dict.fromkeys([*names, *towns]))} "
    database.execute("INSERT INTO place_text (rowid, text) VALUES (?, ?)", (number, text))
    database.executemany(
        "INSERT INTO number VALUES (?, ?, ?, ?, ?, ?)",
        [
            (number, each, house.label, house.lon, house.lat, side)
            for house in row.numbers
            for each, side in numbers_of(house.tag).items()
        ],
    )


def _names(row: Row) -> list[str]:
    """Folded names a row answers to, with and without its kind and with the usual word for it."""
    names = [folded(name) for name in row.names]
    if row.kind == "poi":
        label, word, *_ = place_kinds()[row.detail].names
        kind = folded(label)
        names += [name.replace(kind, folded(word)) for name in names if kind in name.split()]
        names += [f"{name} {kind}" for name in names[:1]] or [kind]
    if row.kind == "stop":
        names += [f"{name} haltestelle" for name in names[:1]]
    return list(dict.fromkeys(name for name in names if name))


def _towns(row: Row) -> list[str]:
    """Folded names of everything a row lies in, and its postcode alone and before the town.

    "Lauf an der Pegnitz" is also "Lauf"; a part of a town is also named after it ("Göppingen-Faurndau").
    """
    where = row.where
    towns = [folded(name) for name in (where.town, where.municipality, where.settlement)]
    short = [_without_river(town) for town in towns]
    if towns[0] and towns[2] and towns[2] not in towns[0]:
        pairs = [(town, towns[2]) for town in (towns[0], short[0])]
        short += [f"{one} {other}" for pair in pairs for one, other in (pair, pair[::-1])]
    if row.postcode:
        short += [row.postcode, f"{row.postcode} {towns[0]}"]
    return list(dict.fromkeys(town for town in (*towns, *short) if town))


def _without_river(town: str) -> str:
    return _RIVER.split(town, maxsplit=1)[0]
