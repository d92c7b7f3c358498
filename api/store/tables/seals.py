"""The chain of seals over what happened: what shows that nobody changed it afterwards."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class SealRow(SQLModel, table=True):
    """A link of an area's chain: ``sha256`` covers the seal before it and the events sealed by this one."""

    __tablename__ = "event_seal"

    area_id: str = Field(primary_key=True, foreign_key="area.id")
    sequence: int = Field(primary_key=True)
    """Counted from 1, without gaps."""
    events: int
    """How many are sealed by it."""
    last_event: int
    """The newest of them: all of the area's up to here are sealed."""
    sha256: str
    sealed_at: datetime


class SealedEventRow(SQLModel, table=True):
    """What an event was when it was sealed.

    There is no foreign key: that an event is missing is one of the things looked for.
    """

    __tablename__ = "sealed_event"
    __table_args__ = (Index("sealed_event_seal", "area_id", "sequence"),)

    event_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    area_id: str
    sequence: int
    """Of the seal."""
    lasting: str
    """SHA-256 of the event as it is once persons are taken off it."""
    commitment: str
    """HMAC-SHA-256 of the event to the letter, under ``salt``."""
    salt: str | None
    """Erased with the person: then nobody can try which address the commitment was made of."""
