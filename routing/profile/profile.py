"""The vehicle profile: which roads it may use and how fast, as data from one TOML file."""

import dataclasses
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from routing.errors import ProfileError
from routing.profile import tables
from routing.profile.checks import flag, known, number, share, speed, speeds, words
from routing.profile.tables import (
    Delays,
    Ferries,
    Narrow,
    Pair,
    RoadClass,
    TurnCosts,
    Winter,
)

__all__ = ["Delays", "Pair", "Profile", "RoadClass", "TurnCosts", "load_profile"]

_TABLES = (
    "name", "top_speed", "share_of_limit", "limit_keys", "access", "roads", "service", "tracks", "at_most",
    "narrow", "limits", "barriers", "vehicle", "ferries", "turns", "delays", "winter",
)  # fmt: skip
_ACCESS = ("keys", "only_open", "destination", "destination_share", "allowed", "denied")


@dataclass(frozen=True, slots=True)
class Profile:
    """A vehicle profile; each field is the table or key of the same name in the TOML file.

    `wintry` tells whether speeds are those of winter roads.
    """

    name: str
    top_speed: float
    share_of_limit: Pair
    limit_keys: tuple[str, ...]
    access_keys: tuple[str, ...]
    only_open: frozenset[str]
    destination: frozenset[str]
    destination_share: float
    allowed: frozenset[str]
    denied: frozenset[str]
    roads: Mapping[str, RoadClass]
    service_closed: frozenset[str]
    tracks_allowed: bool
    track_grades: frozenset[str]
    track_surfaces: frozenset[str]
    at_most: Mapping[str, Mapping[str, float]]
    narrow: Narrow
    limits: Mapping[str, float]
    barriers_closed: frozenset[str]
    vehicle: Mapping[str, float]
    ferries: Ferries
    turns: TurnCosts
    delays: Delays
    winter: Winter
    wintry: bool = False

    def in_winter(self) -> "Profile":
        """Return the same vehicle on winter roads."""
        return dataclasses.replace(self, wintry=True)


def load_profile(path: Path | None = None, *, winter: bool = False) -> Profile:
    """Read the profile at `path`, or the packaged minibus; raise `ProfileError` for a bad one."""
    source = path or resources.files("routing.profile") / "minibus.toml"
    try:
        table = tomllib.loads(source.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProfileError("profile-unreadable", f"Profile {source}: {error}.") from error
    try:
        profile = _profile(table)
    except KeyError as error:
        raise ProfileError(
            "profile-incomplete", f"Profile {source}: {error} is missing."
        ) from error
    except (TypeError, ValueError, AttributeError) as error:
        raise ProfileError("profile-invalid", f"Profile {source}: {error}.") from error
    return profile.in_winter() if winter else profile


def _profile(table: dict[str, Any]) -> Profile:
    """Build the profile from the parsed TOML `table`."""
    known("the profile", table, _TABLES)
    access = known("access", table["access"], _ACCESS)
    tracks = known("tracks", table["tracks"], ("allowed", "grades", "surfaces"))
    service = known("service", table["service"], ("closed",))
    barriers = known("barriers", table["barriers"], ("closed",))
    shares = known("share_of_limit", table["share_of_limit"], Pair._fields)
    roads = tables.road_classes(table["roads"])
    return Profile(
        name=str(table["name"]),
        top_speed=speed("top_speed", table["top_speed"]),
        share_of_limit=tables.pair("share_of_limit", shares, share),
        limit_keys=words("limit_keys", table["limit_keys"]),
        access_keys=words("access.keys", access["keys"]),
        only_open=frozenset(words("access.only_open", access["only_open"])),
        destination=frozenset(words("access.destination", access["destination"])),
        destination_share=share("access.destination_share", access["destination_share"]),
        allowed=frozenset(words("access.allowed", access["allowed"])),
        denied=frozenset(words("access.denied", access["denied"])),
        roads=roads,
        service_closed=frozenset(words("service.closed", service["closed"])),
        tracks_allowed=flag("tracks.allowed", tracks["allowed"]),
        track_grades=frozenset(words("tracks.grades", tracks["grades"])),
        track_surfaces=frozenset(words("tracks.surfaces", tracks["surfaces"])),
        at_most=tables.speeds_by_tag(table["at_most"]),
        narrow=tables.narrow(table["narrow"]),
        limits=speeds("limits", table["limits"]),
        barriers_closed=frozenset(words("barriers.closed", barriers["closed"])),
        vehicle=_vehicle(table["vehicle"]),
        ferries=tables.ferries(table["ferries"]),
        turns=tables.turn_costs(table["turns"], roads),
        delays=tables.delays(table["delays"]),
        winter=tables.winter(table["winter"], roads),
    )


def _vehicle(table: object) -> Mapping[str, float]:
    """Read `[vehicle]`: the tags that post a limit, and what the vehicle measures."""
    sizes = known(
        "vehicle",
        table,
        ("maxheight", "maxwidth", "maxlength", "maxweight", "maxaxleload"),
    )
    return {
        key: number(f"vehicle.{key}", size, "metres or tonnes", 0.1, 100.0)
        for key, size in sizes.items()
    }
