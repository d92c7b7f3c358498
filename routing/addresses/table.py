"""The SQLite file behind the address search: the questions put to it."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from math import cos, radians
from pathlib import Path
from threading import Lock
from typing import Any

from routing.addresses.query import Reading, kinds_meant
from routing.addresses.rank import Candidate
from routing.addresses.schema import APPLICATION_ID, FORMAT_VERSION, House, Named, Near, Row
from routing.errors import RoutingError
from routing.geometry import METRES_PER_DEGREE
from routing.spot import Spot

_TRIGRAM = 3
_MOST_BY_TEXT = 200
_MOST_BY_NAME = 100
_MOST_BY_KIND = 300
_NARROWEST = 0.01  # of the cosine, towards the poles

_BY_TEXT = """
SELECT names, towns, id, kind, detail, label, municipality, lon, lat, weight, has_numbers
FROM (SELECT rowid AS found, rank FROM place_text WHERE place_text MATCH ?
      ORDER BY rank, rowid LIMIT ?) JOIN place ON place.id = found
"""
_BY_NAME = """
SELECT names, towns, id, kind, detail, label, municipality, lon, lat, weight, has_numbers
FROM place WHERE id IN (SELECT place FROM name WHERE name IN (SELECT value FROM json_each(?)))
ORDER BY (lat - ?) * (lat - ?) + (lon - ?) * (lon - ?) * ?, id LIMIT ?
"""
_BY_KIND = """
SELECT names, towns, id, kind, detail, label, municipality, lon, lat, weight, has_numbers
FROM place WHERE detail IN (SELECT value FROM json_each(?)) AND kind = 'poi'
ORDER BY (lat - ?) * (lat - ?) + (lon - ?) * (lon - ?) * ?, id LIMIT ?
"""
_HOUSES_NUMBERED = """
SELECT number.place, number.number, number.label, number.lon, number.lat, number.side
FROM json_each(?) AS asked
JOIN number ON number.place = CAST(asked.key AS INTEGER) AND number.number = asked.value
ORDER BY number.rowid
"""
_HOUSES_OF = """
SELECT place, number, label, lon, lat, side FROM number
WHERE place IN (SELECT value FROM json_each(?)) ORDER BY rowid
"""
_HOUSES_AROUND = """
SELECT 'address', number.label, municipality, number.lon, number.lat
FROM number JOIN place ON place.id = number.place
WHERE number.lat BETWEEN ? AND ? AND number.lon BETWEEN ? AND ?
"""
_OTHERS_AROUND = """
SELECT kind, label, municipality, lon, lat FROM place
WHERE lat BETWEEN ?1 AND ?2 AND lon BETWEEN ?3 AND ?4 AND kind <> 'street'
UNION ALL
SELECT 'street', label, municipality, lon, lat FROM road_point JOIN road ON road.id = road
WHERE lat BETWEEN ?1 AND ?2 AND lon BETWEEN ?3 AND ?4
"""
_HOUSES = "SELECT DISTINCT 'house', label, lon, lat FROM number ORDER BY label, lon, lat"
_GOALS = """
SELECT CASE kind WHEN 'poi' THEN detail ELSE kind END, label, lon, lat FROM place
WHERE kind IN ('poi', 'stop') ORDER BY 1, label, lon, lat
"""


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
        """Rows that may answer the readings: by trigrams of their text, by name, and by kind of place.

        Where a name or a kind has very many places, those nearest to `near` are taken.
        """
        parts = {line.name: None for line in lines}
        meant = kinds_meant(parts)
        rows: dict[int, Row] = {}
        candidates: dict[int, Candidate] = {}
        around = near or (0.0, 0.0)
        found = self._by_text(parts)
        found += self._nearest(_BY_NAME, parts, around, _MOST_BY_NAME)
        found += self._nearest(_BY_KIND, meant, around, _MOST_BY_KIND)
        for names, towns, *fields in found:
            row = Row(*fields)
            rows[row.id] = row
            word = (meant[row.detail],) if row.kind == "poi" and row.detail in meant else ()
            candidates[row.id] = Candidate(row.id, (*_split(names), *word), _split(towns))
        return rows, list(candidates.values())

    def houses(self, numbers: Mapping[int, str]) -> dict[int, list[House]]:
        """Houses with the number asked for in each row (row id to folded number).

        Those tagged so stand before those whose range has the number on its side, and these before those
        whose range it lies between; only the best sort is returned.
        """
        found = _by_place(self._all(_HOUSES_NUMBERED, [json.dumps(numbers)]))
        best = {place: min(house.side for house in houses) for place, houses in found.items()}
        return {
            place: [house for house in houses if house.side == best[place]]
            for place, houses in found.items()
        }

    def all_houses(self, places: Sequence[int]) -> dict[int, list[House]]:
        """Every house of some rows."""
        return _by_place(self._all(_HOUSES_OF, [json.dumps(places)]))

    def houses_around(self, lon: float, lat: float, reach_m: float) -> list[Near]:
        """Houses in the square of half-width `reach_m` metres around a point."""
        return [Near(*fields) for fields in self._all(_HOUSES_AROUND, _box(lon, lat, reach_m))]

    def others_around(self, lon: float, lat: float, reach_m: float) -> list[Near]:
        """Points of roads, settlements, places and stops in the square around a point."""
        return [Near(*fields) for fields in self._all(_OTHERS_AROUND, _box(lon, lat, reach_m))]

    def every_house(self) -> list[Named]:
        """All houses by label."""
        return [Named(*fields) for fields in self._all(_HOUSES)]

    def goals(self) -> list[Named]:
        """All places of interest and stops by kind and label."""
        return [Named(*fields) for fields in self._all(_GOALS)]

    def _by_text(self, parts: Iterable[str]) -> list[Any]:
        grams = {
            f" {part} "[start : start + _TRIGRAM]
            for part in parts
            for start in range(len(part) + 3 - _TRIGRAM)
        }
        query = " OR ".join(f'"{gram}"' for gram in sorted(grams))
        return self._all(_BY_TEXT, [query, _MOST_BY_TEXT]) if query else []

    def _nearest(self, query: str, wanted: Iterable[str], near: Spot, most: int) -> list[Any]:
        lon, lat = near
        shrink = cos(radians(lat)) ** 2
        values = [json.dumps(sorted(wanted)), lat, lat, lon, lon, shrink, most]
        return self._all(query, values)

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
    high = reach_m / METRES_PER_DEGREE
    wide = high / max(cos(radians(lat)), _NARROWEST)
    return lat - high, lat + high, lon - wide, lon + wide


def _split(joined: str) -> tuple[str, ...]:
    return tuple(joined.split("|")) if joined else ()
