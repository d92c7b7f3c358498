"""Build the address table of a region: one SQLite file with a trigram index."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from routing.address_table import INDEXES, SCHEMA
from routing.address_text import fold, numbers_of
from routing.build.address_reader import gather
from routing.build.address_rows import Row, make_rows
from routing.build.boundaries import Boundary
from routing.build.locating import Locator
from routing.place_kinds import place_kinds


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
    rows = make_rows(gathered, Locator(gathered, boundaries))
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    with closing(sqlite3.connect(part)) as database:
        _write(database, rows)
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


def _write(database: sqlite3.Connection, rows: Sequence[Row]) -> None:
    database.executescript(SCHEMA)
    postcodes = sorted({row.postcode for row in rows if row.postcode})
    database.executemany("INSERT INTO postcode VALUES (?)", [(code,) for code in postcodes])
    for number, row in enumerate(rows, start=1):
        names, towns = _names(row), _towns(row)
        database.execute(
            "INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(number, row.kind, row.detail, row.label),
                *("|".join(names), "|".join(towns)),
                *(row.where.municipality, row.lon, row.lat, row.weight, bool(row.numbers)),
            ),
        )
        text = f" {' '.join(dict.fromkeys([*names, *towns]))} "
        database.execute("INSERT INTO place_text (rowid, text) VALUES (?, ?)", (number, text))
        database.executemany(
            "INSERT INTO number VALUES (?, ?, ?, ?, ?)",
            [
                (number, each, house.label, house.lon, house.lat)
                for house in row.numbers
                for each in numbers_of(house.tag)
            ],
        )
    database.executescript(INDEXES)
    database.commit()


def _names(row: Row) -> list[str]:
    """Folded names a row answers to, with and without its kind."""
    names = [fold(name) for name in row.names]
    if row.kind == "poi":
        kind = fold(place_kinds()[row.detail].label)
        names += [f"{name} {kind}" for name in names[:1]] or [kind]
    if row.kind == "stop":
        names += [f"{name} haltestelle" for name in names[:1]]
    return list(dict.fromkeys(name for name in names if name))


def _towns(row: Row) -> list[str]:
    """Folded names of everything a row lies in, and its postcode alone and before the town."""
    where = row.where
    towns = [fold(name) for name in (where.town, where.municipality, where.settlement)]
    if row.postcode:
        towns += [row.postcode, f"{row.postcode} {towns[0]}"]
    return list(dict.fromkeys(town for town in towns if town))
