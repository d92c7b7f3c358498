"""What riders are to be told, how they want to hear it, and on which devices."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from api.store.details import Details

STATES = ("waiting", "sending", "sent", "gathered", "skipped", "dead", "call", "called")


class MessageRow(SQLModel, table=True):
    """One message of the outbox, written with what causes it; exactly one for each ``cause``.

    ``waiting`` to be sent at ``next_try``; ``sending`` until then, should nobody say how it ended; ``sent``;
    ``gathered`` into a later one, or not worth telling any more; ``skipped``: no way to reach the
    rider, and no need; ``dead``: given up; ``call``: a person has to call; ``called``: one has.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("cause", name="message_cause"),
        Index("message_due", "state", "next_try"),
        Index("message_day", "area_id", "service_date"),
        CheckConstraint(f"state IN {STATES!r}", name="message_state"),
    )

    id: str = Field(primary_key=True)
    area_id: str = Field(foreign_key="area.id")
    booking_id: str = Field(foreign_key="booking.id", index=True)
    service_date: date
    cause: str
    kind: str
    sequence: int
    """Version of the day it came from: which of several is the newest."""
    payload: Details = Field(sa_type=JSON)
    """The times to tell, in UTC; nothing about a person."""
    state: str = "waiting"
    channel: str | None = None
    attempts: int = 0
    next_try: datetime
    last_error: str | None = None
    """What went wrong, as a short code."""
    created_at: datetime
    sent_at: datetime | None = None


class ContactRow(SQLModel, table=True):
    """How the rider of a booking wants to hear of it, beyond the telephone number."""

    __tablename__ = "contact"

    booking_id: str = Field(primary_key=True, foreign_key="booking.id")
    email: str | None
    call: bool
    """Wants to be called by a person."""
    language: str


class PushRow(SQLModel, table=True):
    """A browser that asked to be told about a booking."""

    __tablename__ = "push_subscription"

    booking_id: str = Field(primary_key=True, foreign_key="booking.id")
    endpoint: str = Field(primary_key=True)
    p256dh: str
    auth: str
    created_at: datetime
