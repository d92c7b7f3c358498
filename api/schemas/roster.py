"""Bodies about the roster: shifts, drivers, vehicles, closures, breakdowns."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, JsonValue, StringConstraints, model_validator

from api.schemas.fields import (
    Answer,
    AreaId,
    Body,
    Instant,
    Latitude,
    Longitude,
    Name,
    OpaqueId,
    PhoneText,
    Text,
)

State = Literal["open", "staffed", "withdrawn"]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2\d):[0-5]\d$")]
"""A time of the service day, "24:30" being half past midnight."""
_Ring = Annotated[tuple[tuple[Longitude, Latitude], ...], Field(min_length=4, max_length=500)]
Version = Annotated[int, Field(description="Send it back in `If-Match`, in quotes.")]


def _example(**members: JsonValue) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [members]})


class PlaceBody(Body):
    """A named position."""

    name: Name
    lon: Longitude
    lat: Latitude


class ShiftWish(Body):
    """A shift beyond the week's plan. It ends where it starts unless ``end_place`` says otherwise."""

    model_config = _example(
        area_id="triesenberg",
        date="2026-04-04",
        vehicle_id="bus-1",
        start="09:00",
        end="13:00",
        start_place={"name": "Rathaus", "lon": 9.5441, "lat": 47.1183},
    )

    area_id: AreaId
    date: date
    vehicle_id: Slug
    start: Clock
    end: Clock
    start_place: PlaceBody
    end_place: PlaceBody | None = None
    driver_id: OpaqueId | None = None


class AssignWish(Body):
    """Who is to drive; null: nobody yet."""

    model_config = _example(driver_id="d-4f1c2a9b")

    driver_id: OpaqueId | None


class DriverOnShift(Body):
    """Which driver takes a shift, gives it back or looks for a substitute."""

    model_config = _example(driver_id="d-4f1c2a9b")

    driver_id: OpaqueId


class WithdrawWish(Body):
    """Why a shift is not driven."""

    model_config = _example(reason="Fahrer krank")

    reason: Text


class WhoAnswer(Answer):
    """A driver; ``id`` is null for a name of the week's plan that nobody is registered under."""

    id: str | None
    name: str


class ShiftOfDayAnswer(Answer):
    """One shift on one date.

    ``driver`` has the shift, ``substitute`` drives it instead. ``offered``: the driver looks for
    somebody and is on duty until one is found. ``extra``: it is not in the week's plan. ``warning`` says
    that nobody drives it though its day is near.
    """

    id: str
    area_id: str
    date: date
    shift_id: str
    state: State
    start: datetime
    end: datetime
    vehicle_id: str
    vehicle: str
    driver: WhoAnswer | None
    substitute: WhoAnswer | None
    offered: bool
    extra: bool
    reason: str | None
    warning: Literal["no-driver"] | None
    version: Version


class ShiftsAnswer(Answer):
    """Shifts by date and beginning; ``next`` leads to those after them."""

    shifts: tuple[ShiftOfDayAnswer, ...]
    next: str | None


class CallAnswer(Answer):
    """A rider a person must call: no bus is left for them, or it comes later than they were told.

    ``expected_…`` are null where no bus carries them; ``other_rides`` counts what could be offered.
    """

    booking_id: str
    code: str
    name: str
    phone: str | None
    pickup_from: datetime
    pickup_until: datetime
    arrive_by: datetime
    expected_pickup: datetime | None
    expected_arrival: datetime | None
    reason: str
    other_rides: int


class ShiftChangedAnswer(Answer):
    """The shift as it is now, and who must be called because of the change."""

    shift: ShiftOfDayAnswer
    calls: tuple[CallAnswer, ...]


class DriverWish(Body):
    """A driver of an area's operator; ``vehicles`` empty: they may drive all."""

    model_config = _example(
        area_id="triesenberg",
        name="Karl Meier",
        phone="+423 265 50 10",
        vehicles=["bus-1"],
        licence_until="2029-06-30",
    )

    area_id: AreaId
    name: Name
    phone: PhoneText | None = None
    vehicles: Annotated[tuple[Slug, ...], Field(max_length=50)] = ()
    licence_until: date | None = None


class DriverChange(Body):
    """What is to be another about a driver; members left out stay as they are."""

    model_config = _example(phone="+423 265 50 11", licence_until="2030-01-31", active=False)

    name: Name | None = None
    phone: PhoneText | None = None
    vehicles: Annotated[tuple[Slug, ...], Field(max_length=50)] | None = None
    licence_until: date | None = None
    active: bool | None = None


class DriverAnswer(Answer):
    """A driver. Who is not ``active`` takes no shifts."""

    id: str
    name: str
    phone: str | None
    vehicles: tuple[str, ...]
    licence_until: date | None
    active: bool
    version: Version


class DriversAnswer(Answer):
    """Drivers by name; ``next`` leads to those after them."""

    drivers: tuple[DriverAnswer, ...]
    next: str | None


class OutageWish(Body):
    """When a vehicle cannot drive, and why; without ``until`` till somebody says it can."""

    model_config = _example(
        area_id="triesenberg",
        start="2026-04-04T06:00:00+02:00",
        until="2026-04-06T20:00:00+02:00",
        reason="Hauptuntersuchung",
    )

    area_id: AreaId
    start: Instant
    until: Instant | None = None
    reason: Text

    @model_validator(mode="after")
    def _in_order(self) -> "OutageWish":
        if self.until is not None and self.until <= self.start:
            raise ValueError("until must be later than start")
        return self


class OutageAnswer(Answer):
    """A time in which a vehicle is out of service."""

    id: str
    start: datetime
    until: datetime | None
    reason: str
    version: Version


class VehicleAnswer(Answer):
    """A vehicle of the area file, and when it cannot drive."""

    id: str
    name: str
    features: tuple[str, ...]
    out_of_service: tuple[OutageAnswer, ...]


class VehiclesAnswer(Answer):
    """Vehicles of an area by their ids; ``next`` leads to those after them."""

    vehicles: tuple[VehicleAnswer, ...]
    next: str | None


class OutageChangedAnswer(Answer):
    """What was said of a vehicle, the shifts that changed by it, and who must be called."""

    outage: OutageAnswer
    shifts: tuple[str, ...]
    calls: tuple[CallAnswer, ...]


class PolygonBody(Body):
    """A GeoJSON polygon without holes."""

    type: Literal["Polygon"]
    coordinates: Annotated[tuple[_Ring, ...], Field(min_length=1, max_length=1)]

    @model_validator(mode="after")
    def _closed(self) -> "PolygonBody":
        ring = self.coordinates[0]
        if ring[0] != ring[-1]:
            raise ValueError("a ring ends where it begins")
        return self


class ClosureWish(Body):
    """Hours in which no rides are offered, in the whole area or to and from a part of it."""

    model_config = _example(
        area_id="triesenberg",
        start="2026-04-04T12:00:00+02:00",
        until="2026-04-04T18:00:00+02:00",
        reason="Dorffest",
    )

    area_id: AreaId
    start: Instant
    until: Instant
    reason: Text
    place: PolygonBody | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "ClosureWish":
        if self.until <= self.start:
            raise ValueError("until must be later than start")
        return self


class ClosureAnswer(Answer):
    """A closure. ``rides`` counts the rides already promised in it: they stand until a person cancels."""

    id: str
    area_id: str
    start: datetime
    until: datetime
    reason: str
    place: dict[str, Any] | None
    rides: int
    version: Version


class ClosuresAnswer(Answer):
    """Closures that are not over; ``next`` leads to more."""

    closures: tuple[ClosureAnswer, ...]
    next: str | None


class BreakdownReport(Body):
    """A bus stands still: when, and where (null: at the last halt reported)."""

    model_config = _example(
        at="2026-04-04T09:12:00+02:00", place={"name": "Dorfstr. 5", "lon": 9.5441, "lat": 47.1183}
    )

    at: Instant
    place: PlaceBody | None = None


class BreakdownAnswer(Answer):
    """The shifts that are lost, and who must be called."""

    shifts: tuple[str, ...]
    calls: tuple[CallAnswer, ...]
