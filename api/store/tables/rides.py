"""Bookings and everything riders were told."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Index
from sqlmodel import Field, SQLModel

from api.store.details import Details

_STATUSES = "'booked', 'unassigned', 'aboard', 'done', 'no_show', 'cancelled'"


class BookingRow(SQLModel, table=True):
    """An accepted offer: request, promise in force, where its ride stands."""

    __tablename__ = "booking"
    __table_args__ = (
        Index("booking_day", "area_id", "service_date"),
        CheckConstraint(f"status IN ({_STATUSES})", name="booking_status"),
        CheckConstraint(
            "pickup_from <= pickup_until AND pickup_from <= arrive_by", name="booking_promise"
        ),
        CheckConstraint(
            "seat >= 0 AND wheelchair >= 0 AND walker >= 0 AND pram >= 0 AND child_seat >= 0 "
            "AND luggage >= 0 AND parcel >= 0 AND seat + wheelchair + child_seat + parcel > 0",
            name="booking_load",
        ),
    )

    id: str = Field(primary_key=True)
    code: str = Field(unique=True)
    area_id: str = Field(foreign_key="area.id")
    service_date: date
    name: str
    phone: str | None
    origin_lon: float
    origin_lat: float
    origin_label: str
    destination_lon: float
    destination_lat: float
    destination_label: str
    time_kind: str
    time_at: datetime
    seat: int
    wheelchair: int
    walker: int
    pram: int
    child_seat: int
    luggage: int
    parcel: int
    pickup_from: datetime
    pickup_until: datetime
    arrive_by: datetime
    ride_at_most_s: int
    shift_id: str
    status: str
    fare_cents: int
    details: Details = Field(sa_type=JSON)
    """What is rarely asked for, see ``api.store.details``."""
    created_at: datetime
    changed_at: datetime


class PromiseRow(SQLModel, table=True):
    """Everything a rider was ever told; rows are only added."""

    __tablename__ = "promise_history"

    id: int | None = Field(default=None, primary_key=True)
    booking_id: str = Field(foreign_key="booking.id", index=True)
    pickup_from: datetime
    pickup_until: datetime
    arrive_by: datetime
    ride_at_most_s: int
    told_at: datetime


class RefusalRow(SQLModel, table=True):
    """A "no": what was wished, the binding rule, how many alternatives could be named."""

    __tablename__ = "refusal"
    __table_args__ = (Index("refusal_day", "area_id", "service_date"),)

    id: int | None = Field(default=None, primary_key=True)
    area_id: str = Field(foreign_key="area.id")
    service_date: date
    rule: str
    origin_lon: float
    origin_lat: float
    origin_label: str | None
    destination_lon: float
    destination_lat: float
    destination_label: str | None
    time_kind: str
    time_at: datetime
    seat: int
    wheelchair: int
    walker: int
    pram: int
    child_seat: int
    luggage: int
    parcel: int
    alternatives: int
    refused_at: datetime = Field(index=True)
