"""Checks of single values of a profile: each returns the value or raises `ValueError` with one sentence."""

import math
from collections.abc import Collection, Mapping
from typing import Any

FASTEST_KMH = 200.0
"""A profile with a higher speed is a typing error, not a minibus."""

LONGEST_DELAY_S = 3600.0
"""Nor does it wait for longer than this at one spot."""


def known(where: str, table: object, keys: Collection[str]) -> dict[str, Any]:
    """Return `table` if it is one and has no key besides `keys`: a misspelt key must not go unnoticed."""
    rows = rows_of(where, table)
    unknown = set(rows) - set(keys)
    if unknown:
        raise ValueError(f"{where} has the unknown key {min(unknown)!r}")
    return rows


def rows_of(where: str, table: object) -> dict[str, Any]:
    """Return `table` if it is one."""
    if not isinstance(table, dict):
        raise ValueError(f"{where} must be a table, not {table!r}")  # noqa: TRY004 - one error for all
    return table


def number(where: str, value: object, unit: str, least: float, most: float) -> float:
    """Return `value` if it is a number from `least` to `most`."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    found = float(value) if is_number else math.nan  # type: ignore[arg-type] # is_number says so
    if not least <= found <= most:
        raise ValueError(f"{where} must be {least:g} to {most:g} {unit}, not {value!r}")
    return found


def speed(where: str, value: object) -> float:
    """Return `value` as km/h if it is a speed a road vehicle can have."""
    return number(where, value, "km/h", 1.0, FASTEST_KMH)


def seconds(where: str, value: object) -> float:
    """Return `value` as seconds if a bus can lose as many at one spot."""
    return number(where, value, "seconds", 0.0, LONGEST_DELAY_S)


def share(where: str, value: object) -> float:
    """Return `value` if it can slow a vehicle down but neither stop nor hasten it."""
    return number(where, value, "of the speed", 0.05, 1.0)


def metres(where: str, value: object) -> float:
    """Return `value` if it is a length that fits into a road."""
    return number(where, value, "metres", 0.0, 1000.0)


def speeds(where: str, table: object) -> Mapping[str, float]:
    """Check a table of speeds."""
    return {key: speed(f"{where}.{key}", value) for key, value in rows_of(where, table).items()}


def shares(where: str, table: object) -> Mapping[str, float]:
    """Check a table of factors."""
    return {key: share(f"{where}.{key}", value) for key, value in rows_of(where, table).items()}


def words(where: str, value: object) -> tuple[str, ...]:
    """Return `value` as words; a lone text would be taken apart into letters."""
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise ValueError(f"{where} must be a list of texts, not {value!r}")
    return tuple(value)


def flag(where: str, value: object) -> bool:
    """Return `value` if it is true or false."""
    if not isinstance(value, bool):
        raise ValueError(f"{where} must be true or false, not {value!r}")  # noqa: TRY004 - one error for all
    return value
