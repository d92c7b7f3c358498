"""The SQLite file behind the address search: what it holds and the questions put to it."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from pathlib import Path
from threading import Lock
from typing import Any

from routing.address_query import Reading, kinds_meant
from routing.address_rank import Candidate
from routing.errors import RoutingError
from routing.spot import DEGREE_M, Spot

APPLICATION_ID = 0x42427573
FORMAT_VERSION = 1

# `names` and `towns` are folded and joined by "|"; `detail` is a key of place_kinds.toml or a kind of
# settlement. `number.number` is folded; a range has one row for each number it stands for.
SCHEMA = f"""
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {FORMAT_VERSION};
CREATE TABLE place (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, detail TEXT NOT NULL, label TEXT NOT NULL,
  names TEXT NOT NULL, towns TEXT NOT NULL, municipality TEXT NOT NULL,
  lon REAL NOT NULL, lat REAL NOT NULL, weight REAL NOT NULL, has_numbers INTEGER NOT NULL);
CREATE TABLE number (
  place INTEGER NOT NULL REFERENCES place, number TEXT NOT NULL, label TEXT NOT NULL,
  lon REAL NOT NULL, lat REAL NOT NULL);
CREATE TABLE postcode (code TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE VIRTUAL TABLE place_text USING fts5(text, content='', tokenize='trigram');
"""
INDEXES = """
CREATE INDEX number_of_place ON number (place, number);
CREATE INDEX number_by_lat ON number (lat);
CREATE INDEX place_by_lat ON place (lat);
CREATE INDEX place_by_detail ON place (detail);
INSERT INTO place_text (place_text) VALUES ('optimize');
"""

_TRIGRAM = 3
_MOST_BY_TEXT = 200
_MOST_BY_KIND = 300
_NARROWEST = 0.01  # of the cosine, towards the poles

_BY_TEXT = """
SELECT names, towns, detail, id, kind, label, municipality, lon, lat, weight, has_numbers
FROM (SELECT rowid AS found, rank FROM place_text WHERE place_text MATCH ?
      ORDER BY rank, rowid LIMIT ?) JOIN place ON place.id = found
"""
_BY_KIND = """
SELECT names, towns, detail, id, kind, label, municipality, lon, lat, weight, has_numbers
FROM place WHERE detail IN (SELECT value FROM json_each(?)) AND kind = 'poi'
ORDER BY (lat - ?) * (lat - ?) + (lon - ?) * (lon - ?) * ?, id LIMIT ?
"""
_HOUSES_NUMBERED = """
SELECT number.place, number.number, number.label, number.lon, number.lat
FROM json_each(?) AS asked
JOIN number ON number.place = CAST(asked.key AS INTEGER) AND number.number = asked.value
ORDER BY number.rowid
"""
_HOUSES_OF = """
SELECT place, number, label, lon, lat FROM number
WHERE place IN (SELECT value FROM json_each(?)) ORDER BY rowid
"""
_HOUSES_AROUND = """
SELECT place, number, label, lon, lat FROM number
WHERE lat BETWEEN ? AND ? AND lon BETWEEN ? AND ?
"""
_ROWS_AROUND = """
SELECT id, kind, label, municipality, lon, lat, weight, has_numbers FROM place
WHERE lat BETWEEN ? AND ? AND lon BETWEEN ? AND ?
"""
_ROW = """
SELECT id, kind, label, municipality, lon, lat, weight, has_numbers FROM place WHERE id = ?
"""


@dataclass(frozen=True, slots=True)
class Row:
    """Something that can be asked for by name."""

    id: int
    kind: str
    label: str
    municipality: str
    lon: float
    lat: float
    weight: float
    has_numbers: bool


@dataclass(frozen=True, slots=True)
class House:
    """A house number of the row `place`."""

    place: int
    number: str
    label: str
    lon: float
    lat: float


class AddressTable:
    """An opened address table; one connection, guarded by a lock, serves all threads."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._lock = Lock()
        self.postcodes = frozenset(code for (code,) in self._all("SELECT code FROM postcode"))

    @classmethod
    def open(cls, path: Path) -> "AddressTable":
        """Open the file read-only.

        Raises
        ------
        RoutingError
            ``addresses-missing``, ``addresses-unreadable``, ``addresses-format``.
        """
        if not path.is_file():
            raise RoutingError("addresses-missing", f"{path} is not there: build the region again.")
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        database = sqlite3.connect(uri, uri=True, check_same_thread=False)
        try:
            _check_format(database, path)
            return cls(database)
        except sqlite3.DatabaseError as error:
            database.close()
            raise RoutingError(
                "addresses-unreadable", f"{path} is damaged ({error}): build the region again."
            ) from error
        except RoutingError:
            database.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def candidates(
        self, lines: Sequence[Reading], near: Spot | None
    ) -> tuple[dict[int, Row], list[Candidate]]:
        """Rows that may answer the readings: by trigrams of their text, and by kind of place.

        Where a kind has very many places, those nearest to `near` are taken.
        """
        parts = {line.name: None for line in lines}
        meant = kinds_meant(parts)
        rows: dict[int, Row] = {}
        candidates: dict[int, Candidate] = {}
        found = self._by_text(parts) + self._by_kind(meant, near or (0.0, 0.0))
        for names, towns, detail, *fields in found:
            row = Row(*fields)
            rows[row.id] = row
            word = (meant[detail],) if row.kind == "poi" and detail in meant else ()
            candidates[row.id] = Candidate(row.id, (*_split(names), *word), _split(towns))
        return rows, list(candidates.values())

    def houses(self, numbers: Mapping[int, str]) -> dict[int, list[House]]:
        """Houses with exactly the number asked for in each row (row id to folded number)."""
        return _by_place(self._all(_HOUSES_NUMBERED, [json.dumps(numbers)]))

    def all_houses(self, places: Sequence[int]) -> dict[int, list[House]]:
        """Every house of some rows."""
        return _by_place(self._all(_HOUSES_OF, [json.dumps(places)]))

    def row(self, place: int) -> Row:
        """One row by its id."""
        (fields,) = self._all(_ROW, [place])
        return Row(*fields)

    def rows_around(self, lon: float, lat: float, reach_m: float) -> list[Row]:
        """Rows in the square of half-width `reach_m` metres around a point."""
        return [Row(*fields) for fields in self._all(_ROWS_AROUND, _box(lon, lat, reach_m))]

    def houses_around(self, lon: float, lat: float, reach_m: float) -> list[House]:
        """Houses in the square of half-width `reach_m` metres around a point."""
        return [House(*fields) for fields in self._all(_HOUSES_AROUND, _box(lon, lat, reach_m))]

    def _by_text(self, parts: Iterable[str]) -> list[Any]:
        grams = {
            f" {part} "[start : start + _TRIGRAM]
            for part in parts
            for start in range(len(part) + 3 - _TRIGRAM)
        }
        query = " OR ".join(f'"{gram}"' for gram in sorted(grams))
        return self._all(_BY_TEXT, [query, _MOST_BY_TEXT]) if query else []

    def _by_kind(self, kinds: Iterable[str], near: Spot) -> list[Any]:
        wanted = json.dumps(sorted(kinds))
        lon, lat = near
        shrink = cos(radians(lat)) ** 2
        return self._all(_BY_KIND, [wanted, lat, lat, lon, lon, shrink, _MOST_BY_KIND])

    def _all(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        with self._lock:
            return self._database.execute(query, values).fetchall()


def _check_format(database: sqlite3.Connection, path: Path) -> None:
    (mark,) = database.execute("PRAGMA application_id").fetchone()
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if (mark, version) != (APPLICATION_ID, FORMAT_VERSION):
        raise RoutingError(
            "addresses-format",
            f"{path} is no address table of format {FORMAT_VERSION}: build the region again.",
        )


def _by_place(found: Iterable[Any]) -> dict[int, list[House]]:
    houses: dict[int, list[House]] = {}
    for fields in found:
        house = House(*fields)
        houses.setdefault(house.place, []).append(house)
    return houses


def _box(lon: float, lat: float, reach_m: float) -> tuple[float, float, float, float]:
    """South, north, west, east of a square in degrees."""
    high = reach_m / DEGREE_M
    wide = high / max(cos(radians(lat)), _NARROWEST)
    return lat - high, lat + high, lon - wide, lon + wide


def _split(joined: str) -> tuple[str, ...]:
    return tuple(joined.split("|")) if joined else ()
