"""Who does the work nobody asks for, and what of it is done."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class LeaseRow(SQLModel, table=True):
    """Which process does something only one may do.

    ``renewed`` counts renewals: that it stands still tells others that the holder is gone. ``until`` is for
    people; no process trusts another one's clock.
    """

    __tablename__ = "lease"

    name: str = Field(primary_key=True)
    holder: str
    renewed: int
    until: datetime


class JobRunRow(SQLModel, table=True):
    """A job that is done under its key (such as a date), so that it is not done again."""

    __tablename__ = "job_run"

    job: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    done_at: datetime
