"""Tours, their halts, and who boards or leaves where."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from api.store.details import Details


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
