"""Which tour sheets go out by e-mail."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

STATES = ("waiting", "sending", "sent", "skipped", "dead")


class SheetMailRow(SQLModel, table=True):
    """The sheets of an area's day to one address; neither the address nor the sheets are kept here.

    ``id`` follows from area, day and address, so that there is one of each. States are those of messages
    to riders; ``skipped``: the day is over, or the address is asked for no more.
    """

    __tablename__ = "sheet_mail"
    __table_args__ = (
        Index("sheet_mail_due", "state", "next_try"),
        CheckConstraint(f"state IN {STATES!r}", name="sheet_mail_state"),
    )

    id: str = Field(primary_key=True)
    area_id: str = Field(foreign_key="area.id")
    service_date: date
    state: str = "waiting"
    attempts: int = 0
    next_try: datetime
    last_error: str | None = None
    """What went wrong, as a short code."""
    created_at: datetime
    sent_at: datetime | None = None
