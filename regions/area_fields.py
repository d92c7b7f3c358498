"""Reading the fields of an area file, each with an error that names its place."""

import re
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from regions.errors import AreaError

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)")
_LATEST_HOUR = 30
_BBOX_NUMBERS = 4
_MISSING = object()


class Fields:
    """One table of an area file and its place in it."""

    def __init__(self, data: dict[str, Any], where: str) -> None:
        self.data = data
        self.where = where

    def error(self, key: str, problem: str) -> AreaError:
        """Return the error to raise for ``key``."""
        return AreaError("area-field", f"{self.where}: {key} {problem}.")

    def has(self, key: str) -> bool:
        """Whether the table names ``key``."""
        return key in self.data

    def get(self, key: str, kind: type[T], default: Any = _MISSING) -> T:  # noqa: ANN401  # any field type
        """Value of ``key`` if it is of ``kind``."""
        if key not in self.data and default is not _MISSING:
            return default  # type: ignore[no-any-return]
        value = self.data.get(key)
        if key not in self.data:
            raise self.error(key, "is missing")
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.error(key, f"must be of type {kind.__name__}, not {value!r}")
        return value

    def text(self, key: str) -> str:
        """Value of a non-empty text field."""
        value = self.get(key, str).strip()
        if not value:
            raise self.error(key, "must not be empty")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Value of an optional list of texts."""
        values = self.get(key, list, default=[])
        if not all(isinstance(value, str) and value for value in values):
            raise self.error(key, "must be a list of texts")
        return tuple(values)

    def slug(self, key: str) -> str:
        """Value of an identifier: lower-case letters, digits and hyphens."""
        value = self.text(key)
        if not _SLUG.fullmatch(value):
            raise self.error(key, f"may hold a-z, 0-9 and hyphens only, not {value!r}")
        return value

    def integer(self, key: str, default: int, low: int, high: int) -> int:
        """Value of an optional whole number within limits."""
        value = self.get(key, int, default=default)
        if not low <= value <= high:
            raise self.error(key, f"is {value}, it must lie between {low} and {high}")
        return value

    def number(self, key: str) -> float:
        """Value of a number, whole or not."""
        value = self.data.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.error(key, f"must be a number, not {value!r}")
        return float(value)

    def table(self, key: str) -> "Fields":
        """Return the table ``[key]`` inside this one."""
        return Fields(self.get(key, dict), f"{self.where} [{key}]")

    def tables(self, key: str) -> list["Fields"]:
        """Return the tables ``[[key]]``; none is fine."""
        rows = self.get(key, list, default=[])
        if not all(isinstance(row, dict) for row in rows):
            raise self.error(key, f"must be written as [[{key}]] tables")
        return [Fields(row, f"{self.where} [[{key}]] {i}") for i, row in enumerate(rows, start=1)]

    def clock(self, key: str) -> int:
        """Value of a time "HH:MM" in seconds of the service day; up to 30:00 for nights."""
        match = _CLOCK.fullmatch(self.text(key))
        if not match or int(match[1]) > _LATEST_HOUR:
            raise self.error(key, f'must be a time such as "07:30", not {self.data[key]!r}')
        return int(match[1]) * 3600 + int(match[2]) * 60

    def weekdays(self, key: str, names: Sequence[str]) -> frozenset[int]:
        """Value of a list of weekday names."""
        values = self.texts(key)
        unknown = [value for value in values if value not in names]
        if unknown or not values:
            raise self.error(key, f"must list some of {', '.join(names)}; unknown: {unknown}")
        return frozenset(names.index(value) for value in values)

    def currency(self, key: str) -> str:
        """Value of an optional ISO 4217 currency code, euros if absent."""
        value = self.get(key, str, default="EUR")
        if not _CURRENCY.fullmatch(value):
            raise self.error(key, f'must be a code such as "EUR" or "CHF", not {value!r}')
        return value

    def choice(self, key: str, kind: type[E], default: E) -> E:
        """Value of an optional field that is one of an enumeration's."""
        value = self.get(key, str, default=default.value)
        try:
            return kind(value)
        except ValueError as error:
            known = ", ".join(f'"{each.value}"' for each in kind)
            raise self.error(key, f"must be one of {known}, not {value!r}") from error

    def time_zone(self, key: str) -> ZoneInfo:
        """Value of a time zone name."""
        try:
            return ZoneInfo(self.text(key))
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise self.error(key, f"is no time zone: {self.data[key]!r}") from error

    def position(self) -> tuple[float, float]:
        """Lon and lat of this table in degrees."""
        lon, lat = self.number("lon"), self.number("lat")
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):  # noqa: PLR2004  # the globe
            raise self.error("lon, lat", f"are no place on earth: {lon}, {lat}")
        return lon, lat

    def bbox(self, key: str) -> tuple[float, float, float, float] | None:
        """Value of an optional bounding box west, south, east, north."""
        if not self.has(key):
            return None
        values = self.get(key, list)
        numbers = [float(v) for v in values if isinstance(v, int | float)]
        if len(numbers) != _BBOX_NUMBERS or numbers[0] >= numbers[2] or numbers[1] >= numbers[3]:
            raise self.error(key, "must be [west, south, east, north] in degrees")
        return numbers[0], numbers[1], numbers[2], numbers[3]

    def refuse_unknown(self, known: str) -> None:
        """Refuse fields nobody reads: most likely a typing error."""
        unknown = sorted(set(self.data) - set(known.split()))
        if unknown:
            raise self.error(unknown[0], f"is unknown here; known: {', '.join(known.split())}")

    def refuse_twice(self, what: str, ids: Sequence[str]) -> None:
        """Refuse an id that is given twice."""
        twice = [value for value, count in Counter(ids).items() if count > 1]
        if twice:
            raise AreaError("area-field", f"{self.where}: {what} has the id {twice[0]!r} twice.")
