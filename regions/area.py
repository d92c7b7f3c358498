"""An area: where one service runs, with its rules, stops, vehicles and weekly shifts, from one TOML file."""

import tomllib
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import combinations
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import shapely
from shapely.geometry.base import BaseGeometry

from dispatch.errors import PolicyError
from dispatch.model import Vehicle
from dispatch.policy import Policy
from dispatch.policy_file import read_policy
from regions.area_fields import Fields
from regions.errors import AreaError
from regions.feeds import NO_FEEDS, Feeds, read_feeds
from regions.fleet_fields import read_shift, read_stop, read_vehicle
from regions.patterns import AreaStop, ShiftPattern
from regions.privacy import USUAL, Privacy, read_privacy
from regions.reminders import USUAL as REMINDED
from regions.reminders import Reminders, read_reminders
from regions.roster_rules import USUAL_ROSTER, RosterRules, read_roster_rules
from regions.sheets import NOT_MAILED, TourSheets, read_tour_sheets

AREA_FORMAT = 1


class Service(StrEnum):
    """Where riders board and leave."""

    DOOR = "door"
    STOPS = "stops"
    MIXED = "mixed"
    """At the door, or at a stop near it where that is better."""


@dataclass(frozen=True, slots=True)
class Area:
    """Where one service runs. ``boundary`` is None until the region's municipalities are known."""

    id: str
    name: str
    operator: str
    phone: str
    time_zone: ZoneInfo
    policy: Policy
    vehicles: tuple[Vehicle, ...]
    shifts: tuple[ShiftPattern, ...]
    stops: tuple[AreaStop, ...] = ()
    municipalities: tuple[str, ...] = ()
    bbox: tuple[float, float, float, float] | None = None
    boundary: BaseGeometry | None = None
    service: Service = Service.DOOR
    currency: str = "EUR"
    """ISO 4217 code of the fares."""
    invented: bool = False
    feeds: Feeds = NO_FEEDS
    """Where timetable and realtime of its region come from."""
    privacy: Privacy = USUAL
    reminders: Reminders = REMINDED
    roster: RosterRules = USUAL_ROSTER
    tour_sheets: TourSheets = NOT_MAILED

    @property
    def door_to_door(self) -> bool:
        """Whether the bus comes to the door at all."""
        return self.service is not Service.STOPS

    def shifts_on(self, day: date) -> tuple[ShiftPattern, ...]:
        """Return the shifts of the week's plan on ``day``; none on a closed one."""
        if day in self.policy.closed_days:
            return ()
        return tuple(shift for shift in self.shifts if shift.runs_on(day))

    def contains(self, lon: float, lat: float) -> bool:
        """Whether the point lies in the area (an area without boundary is the whole region)."""
        return self.boundary is None or bool(shapely.intersects_xy(self.boundary, lon, lat))

    def with_boundary(self, boundary: BaseGeometry | None) -> "Area":
        """Return the same area with its boundary known; prepared for fast point tests."""
        if boundary is not None:
            shapely.prepare(boundary)
        return replace(self, boundary=boundary)


def read_area(path: Path) -> Area:
    """Read an area file.

    Raises
    ------
    AreaError
        ``area-missing``, ``area-unreadable``, ``area-format`` or ``area-field`` with the field's place.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise AreaError("area-missing", f"There is no area file {path}.") from error
    except (OSError, ValueError) as error:
        raise AreaError(
            "area-unreadable", f"{path.name} is no readable TOML file: {error}."
        ) from error
    return parse_area(data, path.name)


def parse_area(data: dict[str, Any], where: str) -> Area:
    """Turn the parsed TOML of an area file into an :class:`Area`; ``where`` names the file in errors."""
    root = Fields(data, where)
    if root.get("format", int) != AREA_FORMAT:
        raise AreaError(
            "area-format", f"{where}: format must be {AREA_FORMAT}, it is {data['format']!r}."
        )
    try:
        policy = read_policy(data.get("rules", {}), f"{where} [rules]")
    except PolicyError as error:
        raise AreaError(error.code, error.message) from error
    vehicles = tuple(read_vehicle(table) for table in root.tables("vehicles"))
    stops = tuple(read_stop(table, table.slug("id")) for table in root.tables("stops"))
    area = Area(
        id=root.slug("id"),
        name=root.text("name"),
        operator=root.table("operator").text("name"),
        phone=root.text("phone"),
        time_zone=root.time_zone("time_zone"),
        policy=policy,
        vehicles=vehicles,
        shifts=tuple(read_shift(table, vehicles, stops) for table in root.tables("shifts")),
        stops=stops,
        municipalities=root.texts("municipalities"),
        bbox=root.bbox("bbox"),
        service=root.choice("service", Service, Service.DOOR),
        currency=root.currency("currency"),
        invented=root.get("invented", bool, default=False),
        feeds=read_feeds(root),
        privacy=read_privacy(root),
        roster=read_roster_rules(root),
        reminders=read_reminders(root),
        tour_sheets=read_tour_sheets(root),
    )
    root.refuse_unknown(
        "format id name operator phone time_zone rules vehicles shifts stops municipalities bbox "
        "service currency invented public_transport privacy reminders roster "
        "tour_sheets"
    )
    for what, ids in (
        ("vehicles", [v.id for v in area.vehicles]),
        ("shifts", [s.id for s in area.shifts]),
        ("stops", [s.id for s in area.stops]),
    ):
        root.refuse_twice(what, ids)
    if area.service is not Service.DOOR and not area.stops:
        raise AreaError(
            "area-field",
            f'{where}: service is "{area.service}", so [[stops]] must list some stops.',
        )
    _check_overlaps(area, where)
    return area


def _check_overlaps(area: Area, where: str) -> None:
    """Refuse a vehicle or a driver in two shifts at once."""
    for one, other in combinations(area.shifts, 2):
        if not one.weekdays & other.weekdays or min(one.end_s, other.end_s) <= max(
            one.start_s, other.start_s
        ):
            continue
        for what, shared in (
            ("vehicle", one.vehicle == other.vehicle),
            ("driver", one.driver and one.driver == other.driver),
        ):
            if shared:
                raise AreaError(
                    "area-field",
                    f"{where}: shifts {one.id!r} and {other.id!r} overlap, but have the same {what}.",
                )
