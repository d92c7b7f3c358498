"""All rules of an area as one frozen object, from the ``[rules]`` table of its TOML file.

Durations are seconds here; in the file their unit is part of the key (``lead_time_min``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from math import isfinite
from typing import Any

from dispatch.errors import PolicyError
from dispatch.model import LOAD_KINDS, Load, LoadKind, persons

_MINUTE = 60
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one area; every field is a duration in seconds, a distance in metres or a number.

    Defaults are those of the design (section 4). ``from_mapping`` reads the file's spelling.
    """

    lead_time_s: int = 60 * _MINUTE
    booking_horizon_s: int = 14 * _DAY
    pickup_window_s: int = 10 * _MINUTE
    search_window_s: int = 60 * _MINUTE
    """How far from the wished time an offer may be before it is an alternative to a refusal."""
    arrive_early_s: int = 15 * _MINUTE
    """An arrive-by ride is planned to arrive at most this early, where that is possible."""
    offers_apart_s: int = 10 * _MINUTE
    """Two offers whose times are closer than this are the same offer to a rider."""
    ride_shorter_s: int = 5 * _MINUTE
    """Another bus at about the same time is an offer of its own if its ride is this much shorter."""
    ride_factor: float = 1.5
    ride_extra_s: int = 10 * _MINUTE
    ride_at_most_s: int = 45 * _MINUTE
    boarding_s: int = 60
    walker_s: int = 60
    wheelchair_s: int = 180
    stop_s: int = 30
    frozen_s: int = 3 * _MINUTE
    """No new detour in the last moments before a visit the bus already drives to."""
    travel_factor: float = 1.1
    travel_buffer_s: int = 0
    snap_m: int = 250
    offers_at_most: int = 3
    fare_base_cents: int = 0
    fare_per_km_cents: int = 0
    fare_per_passenger_cents: int = 200
    weight_ride: float = 0.3
    """Value of a passenger-second aboard beyond the direct ride, in seconds of driving."""
    weight_metre: float = 0.02
    """Value of a driven metre, in seconds of driving."""
    weight_shift: float = 300.0
    """Cost of starting a tour on a shift that has none yet, in seconds of driving."""
    weight_wish: float = 0.5
    """Cost of a second between the time wished and the time planned, in seconds of driving."""

    def longest_ride_s(self, direct_s: int) -> int:
        """Longest time aboard a rider accepts, given the direct ride (never below the direct ride)."""
        relaxed = max(round(self.ride_factor * direct_s), direct_s + self.ride_extra_s)
        return max(direct_s, min(relaxed, self.ride_at_most_s))

    def driving_s(self, table_s: int) -> int:
        """Planned driving time for a time of the travel table (factor, buffer; 0 stays 0)."""
        if table_s == 0:
            return 0
        return -int(-(table_s * self.travel_factor) // 1) + self.travel_buffer_s

    def handling_s(self, load: Load) -> int:
        """Seconds a party needs to board, and the same to alight (without ``stop_s`` of the visit)."""
        walkers = load[LOAD_KINDS.index(LoadKind.WALKER)]
        wheelchairs = load[LOAD_KINDS.index(LoadKind.WHEELCHAIR)]
        return (
            persons(load) * self.boarding_s
            + walkers * self.walker_s
            + wheelchairs * self.wheelchair_s
        )

    def fare_cents(self, load: Load, direct_m: int) -> int:
        """Price of a ride: per party, per passenger, and by distance of the direct way (rounded)."""
        by_distance = (self.fare_per_km_cents * direct_m + 500) // 1_000
        return self.fare_base_cents + by_distance + self.fare_per_passenger_cents * persons(load)

    @classmethod
    def from_mapping(cls, rules: Mapping[str, Any], where: str = "[rules]") -> "Policy":
        """Read the ``[rules]`` table of an area file.

        Keys end in their unit: ``_min``, ``_s``, ``_days``, ``_m``, ``_cents``; the rest are numbers.

        Raises
        ------
        PolicyError
            ``rule-unknown``, ``rule-not-a-number``, ``rule-out-of-range``.
        """
        known = {f.name: f for f in fields(cls)}
        values: dict[str, Any] = {}
        for key, raw in rules.items():
            name, factor = _field_of(key, known)
            if name is None:
                raise PolicyError(
                    "rule-unknown",
                    f"{where}: there is no rule {key!r}; known rules: {', '.join(_spellings(known))}.",
                )
            number = isinstance(raw, int | float) and not isinstance(raw, bool)
            if not number or not isfinite(raw):
                raise PolicyError(
                    "rule-not-a-number", f"{where}: {key} must be a number, not {raw!r}."
                )
            value = raw * factor
            low, high = _RANGES.get(name, _USUAL_RANGE)
            if not low <= value <= high:
                raise PolicyError(
                    "rule-out-of-range",
                    f"{where}: {key} is {raw}, it must lie between {low / factor:g} and {high / factor:g}.",
                )
            values[name] = float(value) if known[name].type in ("float", float) else round(value)
        return cls(**values)


_USUAL_RANGE = (0, 14 * _DAY)
_RANGES: dict[str, tuple[float, float]] = {
    "booking_horizon_s": (_DAY, 366 * _DAY),
    "ride_factor": (1.0, 5.0),
    "travel_factor": (0.5, 3.0),
    "ride_at_most_s": (60, 6 * 3600),
    "pickup_window_s": (0, 3600),
    "search_window_s": (0, 6 * 3600),
    "arrive_early_s": (60, 2 * 3600),
    "snap_m": (10, 5_000),
    "offers_at_most": (1, 10),
}

_UNITS = {"_days": ("_s", _DAY), "_min": ("_s", 60)}


def _field_of(key: str, known: Mapping[str, Any]) -> tuple[str | None, int]:
    """Field name and factor for a key as spelt in the file."""
    if key in known:
        return key, 1
    for suffix, (unit, factor) in _UNITS.items():
        if key.endswith(suffix) and key.removesuffix(suffix) + unit in known:
            return key.removesuffix(suffix) + unit, factor
    return None, 1


def _spellings(known: Mapping[str, Any]) -> list[str]:
    """Keys as the documentation spells them: minutes for long times, seconds for short ones."""
    spelt = []
    for name, rule in known.items():
        unit = next(
            (u for u, (_, n) in _UNITS.items() if name.endswith("_s") and rule.default >= 3 * n), ""
        )
        spelt.append(name.removesuffix("_s") + unit if unit else name)
    return sorted(spelt)
