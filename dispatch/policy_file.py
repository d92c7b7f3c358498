"""The rules of an area as its TOML file spells them.

Durations are seconds inside; in the file their unit is part of the key: ``lead_time_min``. Times of day
are clocks (``opens = "08:00"``), days are dates.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from math import isfinite
from typing import Any

from dispatch.errors import PolicyError
from dispatch.policy import Exempt, Policy

_DAY = 86_400


def read_policy(rules: Mapping[str, Any], where: str = "[rules]") -> Policy:
    """Read the ``[rules]`` table of an area file.

    Keys end in their unit: ``_min``, ``_s``, ``_days``, ``_m``, ``_cents``; ``opens``, ``closes`` and
    ``deadline`` are clocks, ``closed_days`` a list of dates, ``line_first_not_for`` a list of names, the
    rest are numbers.

    Raises
    ------
    PolicyError
        ``rule-unknown``, ``rule-not-a-number``, ``rule-not-a-time``, ``rule-not-a-date``,
        ``rule-not-a-list``, ``rule-out-of-range``, ``rule-twice``, ``rules-contradict``.
    """
    values: dict[str, Any] = {}
    for key, raw in rules.items():
        name, value = _read(key, raw, where)
        if name in values:
            raise PolicyError("rule-twice", f"{where}: {key} is given twice, in different units.")
        values[name] = value
    policy = Policy(**values)
    for clash in _CONTRADICTIONS:
        if clash.between(policy):
            raise PolicyError("rules-contradict", f"{where}: {clash.sentence}")
    return policy


def _read(key: str, raw: Any, where: str) -> tuple[str, Any]:  # noqa: ANN401  # whatever the file says
    """Return a rule's field and value."""
    if key in _CLOCKS:
        return f"{key}_s", _clock(key, raw, where)
    if key == "closed_days":
        return key, _dates(key, raw, where)
    if key == "line_first_not_for":
        return key, _exempt(key, raw, where)
    name, factor = _field_of(key)
    if name is None:
        known = ", ".join(_spellings())
        raise PolicyError(
            "rule-unknown", f"{where}: there is no rule {key!r}; known rules: {known}."
        )
    number = isinstance(raw, int | float) and not isinstance(raw, bool)
    if not number or not isfinite(raw):
        raise PolicyError("rule-not-a-number", f"{where}: {key} must be a number, not {raw!r}.")
    value = raw * factor
    low, high = _RANGES.get(name, _USUAL_RANGE)
    if not low <= value <= high:
        raise PolicyError(
            "rule-out-of-range",
            f"{where}: {key} is {raw}, it must lie between {low / factor:g} and {high / factor:g}.",
        )
    return name, float(value) if _NUMBERS[name] is float else round(value)


def _clock(key: str, raw: object, where: str) -> int:
    match = re.fullmatch(r"([0-2]?\d|30):([0-5]\d)", raw) if isinstance(raw, str) else None
    if match is None:
        raise PolicyError(
            "rule-not-a-time", f'{where}: {key} must be a time such as "08:00", not {raw!r}.'
        )
    return int(match[1]) * 3600 + int(match[2]) * 60


def _dates(key: str, raw: object, where: str) -> frozenset[date]:
    """Read days written as dates (``2026-12-24``) or as texts."""
    try:
        days: list[Any] = raw if isinstance(raw, list) else [raw]
        return frozenset(d if type(d) is date else date.fromisoformat(d) for d in days)
    except (TypeError, ValueError) as error:
        raise PolicyError(
            "rule-not-a-date", f"{where}: {key} must list dates such as 2026-12-24, not {raw!r}."
        ) from error


def _exempt(key: str, raw: object, where: str) -> frozenset[Exempt]:
    """Read who gets a ride although a line goes."""
    try:
        names: list[Any] = raw if isinstance(raw, list) else [raw]
        return frozenset(Exempt(name) for name in names)
    except ValueError as error:
        known = ", ".join(Exempt)
        raise PolicyError(
            "rule-not-a-list", f"{where}: {key} must list some of {known}, not {raw!r}."
        ) from error


_CLOCKS = ("deadline", "opens", "closes")
_NUMBERS: dict[str, Any] = {
    f.name: f.type for f in fields(Policy) if f.type in (int, float) and f.name[:-2] not in _CLOCKS
}
"""The rules that are numbers, and of which kind."""

_USUAL_RANGE = (0, 14 * _DAY)
_RANGES: dict[str, tuple[float, float]] = {
    "booking_horizon_s": (_DAY, 366 * _DAY),
    "pickup_window_s": (0, 3600),
    "search_window_s": (0, 6 * 3600),
    "arrive_early_s": (60, 2 * 3600),
    "ride_factor": (1.0, 5.0),
    "ride_at_most_s": (60, 6 * 3600),
    "alighting_factor": (0.0, 5.0),
    "frozen_s": (0, 3600),
    "walk_m": (0, 5_000),
    "walk_m_per_min": (10, 200),
    "hold_s": (0, 3600),
    "follow_s": (0, 3 * 3600),
    "transfer_s": (0, 3600),
    "transfer_slow_s": (0, 3600),
    "connection_wait_s": (0, 2 * 3600),
    "connection_walk_m": (0, 5_000),
    "line_first_s": (0, 3 * 3600),
    "line_first_walk_m": (0, 5_000),
    "line_first_longer_s": (0, 3 * 3600),
    "line_first_age_years": (0, 130),
    "standing_share": (0.0, 1.0),
    "no_shows_at_most": (0, 100),
    "no_shows_s": (_DAY, 366 * _DAY),
    "other_days": (0, 14),
    "travel_factor": (0.5, 3.0),
    "travel_buffer_s": (0, 3600),
    "snap_m": (10, 5_000),
    "offers_at_most": (1, 10),
}

_WHERE_ON = {"line_first_s": 3600}
"""What a rule that is off by default usually is where it is on."""

_UNITS = {"_days": ("_s", _DAY), "_min": ("_s", 60)}


def _field_of(key: str) -> tuple[str | None, int]:
    """Field name and factor for a key as spelt in the file."""
    if key in _NUMBERS:
        return key, 1
    for suffix, (unit, factor) in _UNITS.items():
        if key.endswith(suffix) and key.removesuffix(suffix) + unit in _NUMBERS:
            return key.removesuffix(suffix) + unit, factor
    return None, 1


def _spellings() -> list[str]:
    """Keys as the documentation spells them: minutes for long times, seconds for short ones."""
    usual, spelt = Policy(), [*_CLOCKS, "closed_days", "line_first_not_for"]
    for name in _NUMBERS:
        unit = next(
            (
                u
                for u, (_, n) in _UNITS.items()
                if name.endswith("_s") and (getattr(usual, name) or _WHERE_ON.get(name, 0)) >= 3 * n
            ),
            "",
        )
        spelt.append(name.removesuffix("_s") + unit if unit else name)
    return sorted(spelt)


@dataclass(frozen=True, slots=True)
class _Contradiction:
    """Two rules that cannot both be meant, and the sentence that says what to change."""

    between: Callable[[Policy], bool]
    sentence: str


_CONTRADICTIONS = (
    _Contradiction(
        lambda p: p.transfer_s > p.transfer_slow_s,
        "transfer_min is more than transfer_slow_min, which is for those who walk slowly.",
    ),
    _Contradiction(
        lambda p: p.ride_extra_s > p.ride_at_most_s,
        "ride_extra_min is more than ride_at_most_min, so no ride may use it; lower the one or raise the "
        "other.",
    ),
    _Contradiction(
        lambda p: p.opens_s >= p.closes_s,
        "closes must be later than opens; a night that ends the next morning closes at 26:00.",
    ),
    _Contradiction(
        lambda p: p.lead_time_s >= p.booking_horizon_s,
        "lead_time_min is not less than booking_horizon_days, so nothing could ever be booked.",
    ),
    _Contradiction(
        lambda p: p.deadline_s is not None and p.booking_horizon_s < 2 * _DAY,
        "with a deadline on the day before, booking_horizon_days must be at least 2.",
    ),
    _Contradiction(
        lambda p: p.pickup_window_s > p.search_window_s > 0,
        "pickup_window_min is more than search_window_min: what is promised would reach beyond what is "
        "searched.",
    ),
    _Contradiction(
        lambda p: p.offers_apart_s > p.search_window_s > 0 and p.offers_at_most > 1,
        "offers_apart_min is more than search_window_min, so there is never a second offer.",
    ),
    _Contradiction(
        lambda p: p.weight_risk > 0 and p.risk_slack_s == 0,
        "weight_risk has no effect while risk_slack_min is 0.",
    ),
)
