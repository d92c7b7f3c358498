"""What differs from the week's plan: drivers, shifts of a date, vehicles out of service, closures.

The plan itself stays in the area file, as GTFS has its ``calendar`` beside ``calendar_dates``. Rows keep who
made and last changed them; ``version`` grows with each change.
"""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from api.store.details import Details


class DriverRow(SQLModel, table=True):
    """Somebody who drives for an operator; the name is what tours and tablets show."""

    __tablename__ = "driver"
    __table_args__ = (UniqueConstraint("operator_id", "name", name="driver_name"),)

    id: str = Field(primary_key=True)
    operator_id: int = Field(foreign_key="operator.id")
    name: str
    phone: str | None
    vehicles: list[str] = Field(sa_type=JSON)
    """Ids of the vehicles they may drive; empty: all."""
    licence_until: date | None
    active: bool
    version: int
    created_at: datetime
    created_by: str
    changed_at: datetime
    changed_by: str


class ShiftRow(SQLModel, table=True):
    """One shift on one date, where it is not as the week's plan says.

    ``shift_id`` is the plan's, or a new one for a shift added by hand: then ``extra`` says vehicle,
    seconds of the service day and where it starts and ends. ``substitute_id`` drives instead of
    ``driver_id``; ``offered``: the driver looks for somebody.
    """

    __tablename__ = "shift"
    __table_args__ = (
        UniqueConstraint("area_id", "service_date", "shift_id", name="shift_of_day"),
        CheckConstraint("state IN ('open', 'staffed', 'withdrawn')", name="shift_state"),
        CheckConstraint("state <> 'open' OR driver_name IS NULL", name="shift_driver"),
        Index("shift_driver_day", "driver_id", "service_date"),
    )

    id: int | None = Field(default=None, primary_key=True)
    area_id: str = Field(foreign_key="area.id")
    service_date: date
    shift_id: str
    state: str
    driver_id: str | None = Field(foreign_key="driver.id")
    driver_name: str | None
    """As the plan or the driver's row said when they were put on the shift."""
    substitute_id: str | None = Field(foreign_key="driver.id")
    substitute_name: str | None
    offered: bool
    reason: str | None
    extra: Details | None = Field(sa_type=JSON(none_as_null=True))
    version: int
    created_at: datetime
    created_by: str
    changed_at: datetime
    changed_by: str


class OutageRow(SQLModel, table=True):
    """A vehicle is out of service from one instant to another; None: until somebody says otherwise."""

    __tablename__ = "vehicle_outage"
    __table_args__ = (
        Index("vehicle_outage_area", "area_id", "starts_at"),
        CheckConstraint("ends_at IS NULL OR starts_at < ends_at", name="vehicle_outage_times"),
    )

    id: str = Field(primary_key=True)
    area_id: str = Field(foreign_key="area.id")
    vehicle_id: str
    starts_at: datetime
    ends_at: datetime | None
    reason: str
    lifted: bool
    """It never came about, or was a mistake."""
    version: int
    created_at: datetime
    created_by: str
    changed_at: datetime
    changed_by: str


class ClosureRow(SQLModel, table=True):
    """Hours in which no rides are offered, in the whole area or within ``place`` (a GeoJSON polygon)."""

    __tablename__ = "closure"
    __table_args__ = (
        Index("closure_area", "area_id", "ends_at"),
        CheckConstraint("starts_at < ends_at", name="closure_times"),
    )

    id: str = Field(primary_key=True)
    area_id: str = Field(foreign_key="area.id")
    starts_at: datetime
    ends_at: datetime
    reason: str
    place: Details | None = Field(sa_type=JSON(none_as_null=True))
    lifted: bool
    version: int
    created_at: datetime
    created_by: str
    changed_at: datetime
    changed_by: str
