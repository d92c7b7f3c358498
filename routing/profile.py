"""The vehicle profile: which roads it may use and how fast, as data from one TOML file."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib import resources
from pathlib import Path
from typing import Any

from routing.errors import ProfileError

FASTEST_KMH = 200.0
"""A profile with a higher speed is a typing error, not a minibus."""


@dataclass(frozen=True, slots=True)
class RoadClass:
    """One value of `highway`; speeds in km/h (see the comments in `profiles/minibus.toml`)."""

    speed: float
    at_most: float
    oneway: bool = False
    opened_by: tuple[str, ...] = ()
    bus_only: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """A vehicle profile; each field is the table or key of the same name in the TOML file."""

    name: str
    top_speed: float
    share_of_limit: float
    access_keys: tuple[str, ...]
    allowed: frozenset[str]
    denied: frozenset[str]
    roads: Mapping[str, RoadClass]
    service_closed: frozenset[str]
    service_at_most: Mapping[str, float]
    tracks_allowed: bool
    track_grades: frozenset[str]
    track_surfaces: frozenset[str]
    surfaces: Mapping[str, float]
    limits: Mapping[str, float]
    barriers_closed: frozenset[str]
    vehicle: Mapping[str, float]


def load_profile(path: Path | None = None) -> Profile:
    """Read the profile at `path`, or the packaged minibus; raise `ProfileError` for a bad one."""
    source = path or resources.files("routing") / "profiles" / "minibus.toml"
    try:
        table = tomllib.loads(source.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProfileError("profile-unreadable", f"Profile {source}: {error}.") from error
    try:
        return _profile(table)
    except KeyError as error:
        raise ProfileError(
            "profile-incomplete", f"Profile {source}: {error} is missing."
        ) from error
    except (TypeError, ValueError, AttributeError) as error:
        raise ProfileError("profile-invalid", f"Profile {source}: {error}.") from error


def _profile(table: dict[str, Any]) -> Profile:
    """Build the profile from the parsed TOML `table`."""
    access, tracks, service = table["access"], table["tracks"], table["service"]
    share = float(table["share_of_limit"])
    if not 0 < share <= 1:
        raise ValueError(f"share_of_limit must lie above 0 and at most at 1, not {share}")
    return Profile(
        name=str(table["name"]),
        top_speed=_speed("top_speed", table["top_speed"]),
        share_of_limit=share,
        access_keys=_words("access.keys", access["keys"]),
        allowed=frozenset(_words("access.allowed", access["allowed"])),
        denied=frozenset(_words("access.denied", access["denied"])),
        roads={name: _road(name, row) for name, row in table["roads"].items()},
        service_closed=frozenset(_words("service.closed", service["closed"])),
        service_at_most=_speeds("service.at_most", service["at_most"]),
        tracks_allowed=_flag("tracks.allowed", tracks["allowed"]),
        track_grades=frozenset(_words("tracks.grades", tracks["grades"])),
        track_surfaces=frozenset(_words("tracks.surfaces", tracks["surfaces"])),
        surfaces=_speeds("surfaces", table["surfaces"]),
        limits=_speeds("limits", table["limits"]),
        barriers_closed=frozenset(_words("barriers.closed", table["barriers"]["closed"])),
        vehicle={key: float(size) for key, size in table["vehicle"].items()},
    )


def _road(name: str, row: dict[str, Any]) -> RoadClass:
    """Build one road class and refuse keys it does not know."""
    unknown = set(row) - {field.name for field in fields(RoadClass)}
    if unknown:
        raise ValueError(f"roads.{name} has the unknown key {min(unknown)!r}")
    return RoadClass(
        speed=_speed(f"roads.{name}.speed", row["speed"]),
        at_most=_speed(f"roads.{name}.at_most", row["at_most"]),
        oneway=_flag(f"roads.{name}.oneway", row.get("oneway", False)),
        opened_by=_words(f"roads.{name}.opened_by", row.get("opened_by", [])),
        bus_only=_flag(f"roads.{name}.bus_only", row.get("bus_only", False)),
    )


def _speeds(where: str, rows: dict[str, Any]) -> dict[str, float]:
    """Check a table of speeds."""
    return {key: _speed(f"{where}.{key}", value) for key, value in rows.items()}


def _speed(where: str, value: object) -> float:
    """Return `value` as km/h if it is a speed a road vehicle can have."""
    speed = float(value) if isinstance(value, int | float) else math.nan
    if not 0 < speed <= FASTEST_KMH:
        raise ValueError(
            f"{where} must be a speed above 0 and at most {FASTEST_KMH:g}, not {value}"
        )
    return speed


def _words(where: str, value: object) -> tuple[str, ...]:
    """Return `value` as words; a lone text would be taken apart into letters."""
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise ValueError(f"{where} must be a list of texts, not {value!r}")
    return tuple(value)


def _flag(where: str, value: object) -> bool:
    """Return `value` if it is true or false."""
    if not isinstance(value, bool):
        raise ValueError(f"{where} must be true or false, not {value!r}")  # noqa: TRY004 - one error for all
    return value
