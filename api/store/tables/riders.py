"""Riders known to an operator, their standing orders and what became of each date."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from api.store.details import Details


class RiderRow(SQLModel, table=True):
    """Somebody who agreed to be known by an operator; a booking finds them by their number on the side."""

    __tablename__ = "rider"
    __table_args__ = (UniqueConstraint("operator_id", "phone", name="rider_phone"),)

    id: str = Field(primary_key=True)
    operator_id: int = Field(foreign_key="operator.id")
    area_id: str = Field(foreign_key="area.id")
    """Home: where they mostly ride."""
    phone: str
    name: str
    sought: str
    """The name as it is searched for: small letters without marks, in every database alike."""
    email: str | None
    language: str
    needs: Details = Field(sa_type=JSON)
    """Ticks and counts only, see ``api.schemas.riders``."""
    places: list[dict[str, Any]] = Field(sa_type=JSON)
    """Favourite places: label, lon, lat."""
    consent: Details = Field(sa_type=JSON)
    """To what, how, to which wording, and when."""
    created_at: datetime
    changed_at: datetime
    no_shows_after: datetime | None
    """Rides missed before this instant are forgiven."""


class StandingOrderRow(SQLModel, table=True):
    """A series of rides, such as every Tuesday and Thursday to dialysis and back."""

    __tablename__ = "standing_order"
    __table_args__ = (
        Index("standing_order_area", "area_id"),
        Index("standing_order_rider", "rider_id"),
        CheckConstraint("state IN ('active', 'paused', 'ended')", name="standing_order_state"),
        CheckConstraint(
            "valid_until IS NULL OR valid_from <= valid_until", name="standing_order_valid"
        ),
    )

    id: str = Field(primary_key=True)
    rider_id: str = Field(foreign_key="rider.id")
    area_id: str = Field(foreign_key="area.id")
    state: str
    reason: str
    """Why it is paused: empty when somebody wished it, ``no_shows`` when the rule did."""
    valid_from: date
    valid_until: date | None
    paused_from: date | None
    paused_until: date | None
    skipped: list[str] = Field(sa_type=JSON)
    """Single dates left out."""
    wish: Details = Field(sa_type=JSON)
    """Weekdays, times, places, party, tolerance; see ``api.schemas.standing``."""
    created_at: datetime
    changed_at: datetime


class StandingRideRow(SQLModel, table=True):
    """What became of one date and direction of a standing order. The primary key is the guard: once only.

    ``refused`` is a task for the coordinator until it is settled.
    """

    __tablename__ = "standing_ride"
    __table_args__ = (
        CheckConstraint("direction IN ('there', 'back')", name="standing_ride_direction"),
        CheckConstraint("state IN ('booked', 'refused')", name="standing_ride_state"),
        CheckConstraint("(state = 'booked') = (booking_id IS NOT NULL)", name="standing_ride_made"),
    )

    order_id: str = Field(primary_key=True, foreign_key="standing_order.id")
    service_date: date = Field(primary_key=True)
    direction: str = Field(primary_key=True)
    state: str
    booking_id: str | None = Field(foreign_key="booking.id", unique=True)
    rule: str | None
    decided_at: datetime
    settled_at: datetime | None
