"""The demand model: what ``demand.toml`` says, as frozen objects."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from simulations.errors import SimulationError

_SHARES_SUM = 1e-6


@dataclass(frozen=True, slots=True)
class Calls:
    """When people call; see ``demand.toml``."""

    day_before: float
    too_late: float
    median_notice_min: float
    spread: float


@dataclass(frozen=True, slots=True)
class Patience:
    """How far from the wish an offer may be; drawn evenly per rider."""

    least_min: float
    most_min: float


@dataclass(frozen=True, slots=True)
class Peak:
    """A time of day around which people travel (normal distribution)."""

    at_min: float
    spread_min: float
    share: float


@dataclass(frozen=True, slots=True)
class Errand:
    """Why people travel, where to, how far, how long they stay."""

    purpose: str
    share: float
    kinds: tuple[str, ...]
    instead: tuple[str, ...]
    reach_m: float
    arrive_by: bool
    every_min: int
    stay_min: float
    returns: float


@dataclass(frozen=True, slots=True)
class DemandModel:
    """Everything the demand of a day is drawn from, besides the places of an area."""

    shortest_m: float
    second_passenger: float
    walker: float
    wheelchair: float
    pram: float
    calls: Calls
    patience: Patience
    peaks: tuple[Peak, ...]
    errands: tuple[Errand, ...]


T = TypeVar("T")
Shared = TypeVar("Shared", Peak, Errand)


def read_model(path: Path) -> DemandModel:
    """Read a demand model from a TOML file.

    Raises
    ------
    SimulationError
        ``model-unreadable`` or ``model-field``, naming the field.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SimulationError("model-unreadable", f"{path} cannot be read: {error}.") from error
    return parse_model(text, path.name)


@cache
def ordinary_model() -> DemandModel:
    """Return the model of an ordinary day that comes with the program."""
    return parse_model(
        files("simulations").joinpath("demand.toml").read_text(encoding="utf-8"), "demand.toml"
    )


def parse_model(text: str, where: str) -> DemandModel:
    """Turn the text of a demand model into objects; ``where`` names it in errors."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SimulationError("model-unreadable", f"{where} is no TOML: {error}.") from error
    data["calls"] = _record(Calls, data.get("calls"), f"{where} [calls]")
    data["patience"] = _record(Patience, data.get("patience"), f"{where} [patience]")
    data["peaks"] = _records(Peak, data.get("peaks"), f"{where} [[peaks]]")
    data["errands"] = _records(Errand, data.get("errands"), f"{where} [[errands]]")
    return _record(DemandModel, data, where)


def _records(kind: type[Shared], rows: object, where: str) -> tuple[Shared, ...]:
    """Make records from an array of tables whose shares sum to 1."""
    if not isinstance(rows, list) or not rows:
        raise SimulationError("model-field", f"{where}: name at least one.")
    records = tuple(_record(kind, row, f"{where} {number}") for number, row in enumerate(rows, 1))
    if abs(sum(record.share for record in records) - 1.0) > _SHARES_SUM:
        raise SimulationError("model-field", f"{where}: the shares must sum to 1.")
    return records


def _record(kind: type[T], row: object, where: str) -> T:
    """Make a ``kind`` from a table with exactly its fields."""
    known = {field.name: field.type for field in fields(kind)}  # type: ignore[arg-type]  # a dataclass
    given: Mapping[str, Any] = row if isinstance(row, Mapping) else {}
    odd = sorted(set(known) ^ set(given))
    if odd:
        raise SimulationError("model-field", f"{where}: missing or unknown: {', '.join(odd)}.")
    for name, value in given.items():
        if not _fits(value, known[name]):
            raise SimulationError("model-field", f"{where}: {name} cannot be {value!r}.")
    return kind(**{k: tuple(v) if isinstance(v, list) else v for k, v in given.items()})


def _fits(value: object, expected: object) -> bool:
    """Whether a value of a TOML file may stand in a field of that type; numbers are never negative."""
    if expected in (int, float):
        return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    if isinstance(expected, type):
        return isinstance(value, expected)
    return isinstance(value, list | tuple)
