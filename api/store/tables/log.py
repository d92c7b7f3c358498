"""What happened, and what was answered."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel


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
