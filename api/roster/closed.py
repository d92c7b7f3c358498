"""Closures: hours in which nothing is offered, in the whole area or in a part of it."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from api.store.database import Database
from api.store.scope import all_areas
from api.store.tables import ClosureRow

LOOK_EVERY_S = 1.0
"""So long another process may go on offering rides in hours that were just closed."""


@dataclass(frozen=True, slots=True)
class Closure:
    """Hours in which nothing is offered; ``place`` None: nowhere."""

    starts_at: datetime
    ends_at: datetime
    place: BaseGeometry | None = None

    @classmethod
    def of(cls, row: ClosureRow) -> "Closure":
        """Return the closure of a row."""
        place = None if row.place is None else shape(row.place)
        if place is not None:
            shapely.prepare(place)
        return cls(row.starts_at, row.ends_at, place)

    def touches(self, start: datetime, end: datetime) -> bool:
        """Whether it is in force at any time from ``start`` to ``end``."""
        return self.starts_at < end and start < self.ends_at

    def holds(self, points: Iterable[tuple[float, float]]) -> bool:
        """Whether any of some points (lon, lat) lies in it."""
        place = self.place
        return place is None or any(bool(shapely.intersects_xy(place, *point)) for point in points)


class Closures:
    """The closures of all areas as last read; what this process changes is known at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float, tuple[Closure, ...]]] = {}

    def forget(self, area_id: str) -> None:
        """Read an area's closures again when they are next asked for."""
        with self._lock:
            self._known.pop(area_id, None)

    def of_area(self, database: Database, area_id: str, now: datetime) -> tuple[Closure, ...]:
        """Return the closures that are not over yet."""
        with self._lock:
            known = self._known.get(area_id)
        if known is not None and monotonic() - known[0] < LOOK_EVERY_S:
            return known[1]
        looked = monotonic()
        with all_areas(), database.reading() as reader:  # kept for everybody
            found = tuple(Closure.of(row) for row in reader.closures([area_id], now))
        with self._lock:
            self._known[area_id] = looked, found
        return found
