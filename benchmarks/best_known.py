"""Best known values of instances, from a CSV file."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.instances import InstanceError

COSTS = ("cost", "distance", "value", "best_known", "objective")
ROUNDING = 0.01
"""The literature gives two decimals, rounded or cut off."""


@dataclass(frozen=True, slots=True)
class Known:
    """The best value known of an instance.

    Attributes
    ----------
    vehicles
        0 where the file does not say.
    proven
        No better solution exists.
    group
        ``ab`` (the instances solved to optimality) or ``r``.
    """

    cost: float
    vehicles: int = 0
    proven: bool = False
    group: str = "r"

    def gap(self, cost: float) -> float:
        """Return how far `cost` lies above, as a fraction; negative below."""
        return cost / self.cost - 1

    def reached(self, cost: float) -> bool:
        """Whether `cost` is as good."""
        return cost < self.cost + ROUNDING

    def beaten(self, cost: float) -> bool:
        """Whether `cost` is lower by more than rounding."""
        return cost < self.cost - ROUNDING


def read_best_known(file: Path | None) -> dict[str, Known]:
    """Return the best known values by lower-case name; empty without a file.

    Needs the columns ``instance`` and ``cost`` (or ``distance``); uses ``vehicles``, ``status`` and
    ``set`` where they are. The set decides the group, and where there is none, the status.

    Raises
    ------
    InstanceError
        The file cannot be read (code ``best-known-unreadable``).
    """
    if file is None:
        return {}
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = [_plain(row) for row in csv.DictReader(lines)]
        return {
            Path(row["instance"]).stem.lower(): _known(row) for row in rows if any(row.values())
        }
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InstanceError("best-known-unreadable", f"{file} cannot be read: {error}.") from error
    except KeyError as error:
        raise InstanceError("best-known-unreadable", f"{file} has no column {error}.") from error
    except ValueError as error:
        raise InstanceError("best-known-unreadable", f"{file} is wrong: {error}.") from error


def _plain(row: Mapping[str | None, str | None]) -> dict[str, str]:
    return {(key or "").strip().lower(): (text or "").strip() for key, text in row.items() if key}


def _known(row: Mapping[str, str]) -> Known:
    column = next((name for name in COSTS if name in row), COSTS[0])
    cost = float(row[column])
    if cost <= 0:
        raise ValueError(f"cost {cost:g} of {row['instance']}")
    proven = row.get("status", "").lower().startswith(("optimal", "proven"))
    named = row.get("set", "").lower()
    group = ("r" if named.startswith("r") else "ab") if named else ("ab" if proven else "r")
    return Known(cost, int(float(row.get("vehicles") or 0)), proven, group)
