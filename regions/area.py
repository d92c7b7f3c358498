"""An area: where one service runs, with its rules, stops, vehicles and weekly shifts, from one TOML file."""

import tomllib
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import shapely
from shapely.geometry.base import BaseGeometry

from dispatch.errors import PolicyError
from dispatch.model import Vehicle
from dispatch.policy import Policy
from regions.area_fields import Fields
from regions.errors import AreaError

AREA_FORMAT = 1
WEEKDAYS = ("mo", "di", "mi", "do", "fr", "sa", "so")


@dataclass(frozen=True, slots=True)
class AreaStop:
    """A place where the bus may stop; also depots."""

    id: str
    name: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class ShiftPattern:
    """A shift that recurs on ``weekdays`` (0 = Monday); times in seconds of the service day."""

    id: str
    vehicle: str
    driver: str
    weekdays: frozenset[int]
    start_s: int
    end_s: int
    start: AreaStop
    end: AreaStop

    def runs_on(self, day: date) -> bool:
        """Whether the shift is staffed on ``day``."""
        return day.weekday() in self.weekdays


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
    door_to_door: bool = True
    currency: str = "EUR"
    """ISO 4217 code of the fares."""
    invented: bool = False

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
        policy = Policy.from_mapping(data.get("rules", {}), f"{where} [rules]")
    except PolicyError as error:
        raise AreaError(error.code, error.message) from error
    vehicles = tuple(table.vehicle() for table in root.tables("vehicles"))
    area = Area(
        id=root.slug("id"),
        name=root.text("name"),
        operator=root.table("operator").text("name"),
        phone=root.text("phone"),
        time_zone=root.time_zone("time_zone"),
        policy=policy,
        vehicles=vehicles,
        shifts=tuple(_shift(table, {v.id for v in vehicles}) for table in root.tables("shifts")),
        stops=tuple(_stop(table, table.slug("id")) for table in root.tables("stops")),
        municipalities=root.texts("municipalities"),
        bbox=root.bbox("bbox"),
        door_to_door=root.get("door_to_door", bool, default=True),
        currency=root.currency("currency"),
        invented=root.get("invented", bool, default=False),
    )
    root.refuse_unknown(
        "format id name operator phone time_zone rules vehicles shifts stops municipalities bbox "
        "door_to_door currency invented"
    )
    for what, ids in (
        ("vehicles", [v.id for v in area.vehicles]),
        ("shifts", [s.id for s in area.shifts]),
        ("stops", [s.id for s in area.stops]),
    ):
        root.refuse_twice(what, ids)
    if not area.door_to_door and not area.stops:
        raise AreaError(
            "area-field", f"{where}: door_to_door is false, so [[stops]] must list some stops."
        )
    return area


def _stop(table: Fields, stop_id: str) -> AreaStop:
    lon, lat = table.position()
    return AreaStop(id=stop_id, name=table.text("name"), lon=lon, lat=lat)


def _shift(table: Fields, vehicles: set[Any]) -> ShiftPattern:
    vehicle = table.text("vehicle")
    if vehicle not in vehicles:
        raise table.error("vehicle", f"is {vehicle!r}, but no [[vehicles]] has that id")
    start_s, end_s = table.clock("start"), table.clock("end")
    if end_s <= start_s:
        raise table.error("end", "must be later than start")
    start = _stop(table.table("from"), "from")
    return ShiftPattern(
        id=table.slug("id"),
        vehicle=vehicle,
        driver=table.text("driver"),
        weekdays=table.weekdays("days", WEEKDAYS),
        start_s=start_s,
        end_s=end_s,
        start=start,
        end=_stop(table.table("to"), "to") if table.has("to") else start,
    )
