"""The tables. Instants are aware and in UTC; positions are WGS84; money is in cents.

Rows never serve as request bodies: a table model does not validate what it is given.
"""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from api.store.details import Details

_STATUSES = "'booked', 'unassigned', 'aboard', 'done', 'no_show', 'cancelled'"


class OperatorRow(SQLModel, table=True):
    """Who runs services: a municipality or an association."""

    __tablename__ = "operator"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)


class AreaRow(SQLModel, table=True):
    """Where one service runs; its rules stay in the region's area file."""

    __tablename__ = "area"

    id: str = Field(primary_key=True)
    operator_id: int = Field(foreign_key="operator.id")
    name: str
    time_zone: str


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


class TourRow(SQLModel, table=True):
    """The tour of one shift on one day, with the shift as it was when first booked."""

    __tablename__ = "tour"
    __table_args__ = (UniqueConstraint("area_id", "service_date", "shift_id", name="tour_shift"),)

    id: str = Field(primary_key=True)
    area_id: str = Field(foreign_key="area.id")
    service_date: date
    shift_id: str
    vehicle_id: str
    driver: str
    starts_at: datetime
    ends_at: datetime
    start_lon: float
    start_lat: float
    start_label: str
    end_lon: float
    end_lat: float
    end_label: str
    details: Details = Field(sa_type=JSON)
    """Breaks and the longest driving, see ``api.store.details``."""


class VisitRow(SQLModel, table=True):
    """One halt. ``arrive`` and ``depart`` are the plan's times until the real ones replace them.

    ``planned_…`` keep what was planned when the bus arrived, so that lateness can be told later.
    """

    __tablename__ = "visit"
    __table_args__ = (
        CheckConstraint("arrive <= depart", name="visit_times"),
        CheckConstraint("status IN ('planned', 'arrived', 'departed')", name="visit_status"),
    )

    tour_id: str = Field(primary_key=True, foreign_key="tour.id")
    id: str = Field(primary_key=True)
    sequence: int
    lon: float
    lat: float
    status: str
    arrive: datetime
    depart: datetime
    planned_arrive: datetime
    planned_depart: datetime
    pause: Details | None = Field(sa_type=JSON(none_as_null=True))
    """The break taken here, see ``api.store.details``."""


class VisitRiderRow(SQLModel, table=True):
    """Who boards or leaves where. The primary key is the last guard: nobody is on two tours at once.

    ``leg`` counts the buses: whoever rode on one that broke down rides on with another.
    """

    __tablename__ = "visit_rider"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tour_id", "visit_id"], ["visit.tour_id", "visit.id"], name="visit_rider_visit"
        ),
        Index("visit_rider_tour", "tour_id"),
        CheckConstraint("kind IN ('board', 'alight')", name="visit_rider_kind"),
    )

    booking_id: str = Field(primary_key=True, foreign_key="booking.id")
    kind: str = Field(primary_key=True)
    leg: int = Field(primary_key=True)
    tour_id: str
    visit_id: str
    position: int
    """Order among the riders of the same visit and kind."""


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


class EventRow(SQLModel, table=True):
    """What happened to an area's day; rows are only added.

    ``version`` is that of the state it led to. That it is unique is the guard against two writers who
    decided from the same state.
    """

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("area_id", "service_date", "version", name="event_version"),)

    id: int | None = Field(default=None, primary_key=True)
    area_id: str = Field(foreign_key="area.id")
    service_date: date
    version: int
    type: str
    payload: str
    report_id: str | None = Field(default=None, unique=True)
    """The tablet's own id of a report, so that a repeated one is known."""
    happened_at: datetime


class IdempotencyRow(SQLModel, table=True):
    """The answer an operation gave under an Idempotency-Key, kept to be given again."""

    __tablename__ = "idempotency_key"

    operation: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    fingerprint: str
    answer: str
    created_at: datetime = Field(index=True)


TABLES = SQLModel.metadata
