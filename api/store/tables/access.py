"""Ways in without an account: tablets and who drives with them, keys of partners.

Secrets are stored as hashes only: a copy of the database opens nothing.
"""

from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from api.store.details import Details


class DeviceRow(SQLModel, table=True):
    """A tablet of an operator: enrolled by a code that is good once, opened by a PIN."""

    __tablename__ = "device"

    id: str = Field(primary_key=True)
    operator_id: int = Field(foreign_key="operator.id")
    name: str
    vehicle_id: str | None = None
    code_hash: str | None = Field(default=None, unique=True)
    code_until: datetime | None = None
    token_hash: str | None = Field(default=None, unique=True)
    pin_hash: str | None = None
    driver: str | None = None
    """Who drove with it last."""
    wrong_tries: int = 0
    locked_until: datetime | None = None
    created_at: datetime
    enrolled_at: datetime | None = None
    last_seen: datetime | None = None
    revoked_at: datetime | None = None
    unsent: Details | None = Field(default=None, sa_type=JSON(none_as_null=True))
    """Reports a lost tablet had not sent when it was locked out, see ``api.devices``."""


class DriverSessionRow(SQLModel, table=True):
    """Who drives with a tablet, until when."""

    __tablename__ = "driver_session"

    token_hash: str = Field(primary_key=True)
    device_id: str = Field(foreign_key="device.id", index=True)
    driver: str
    created_at: datetime
    until: datetime


class ApiKeyRow(SQLModel, table=True):
    """A partner's key; ``id`` is the part of it that may be shown."""

    __tablename__ = "api_key"

    id: str = Field(primary_key=True)
    operator_id: int = Field(foreign_key="operator.id")
    name: str
    role: str
    secret_hash: str
    created_at: datetime
    last_used: datetime | None = None
    revoked_at: datetime | None = None


class KeyBookingRow(SQLModel, table=True):
    """Which partner made a booking."""

    __tablename__ = "key_booking"

    booking_id: str = Field(primary_key=True, foreign_key="booking.id")
    key_id: str = Field(foreign_key="api_key.id", index=True)
