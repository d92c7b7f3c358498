"""Tablets and who drives with them, keys of partners.

Revision 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the four tables."""
    _devices()
    op.create_table(
        "api_key",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("role", AutoString(), nullable=False),
        sa.Column("secret_hash", AutoString(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("last_used", UTCDateTime(), nullable=True),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "key_booking",
        sa.Column("booking_id", AutoString(), nullable=False),
        sa.Column("key_id", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"]),
        sa.ForeignKeyConstraint(["key_id"], ["api_key.id"]),
        sa.PrimaryKeyConstraint("booking_id"),
    )
    op.create_index("ix_key_booking_key_id", "key_booking", ["key_id"])


def _devices() -> None:
    op.create_table(
        "device",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("vehicle_id", AutoString(), nullable=True),
        sa.Column("code_hash", AutoString(), nullable=True),
        sa.Column("code_until", UTCDateTime(), nullable=True),
        sa.Column("token_hash", AutoString(), nullable=True),
        sa.Column("pin_hash", AutoString(), nullable=True),
        sa.Column("driver", AutoString(), nullable=True),
        sa.Column("wrong_tries", sa.Integer(), nullable=False),
        sa.Column("locked_until", UTCDateTime(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("enrolled_at", UTCDateTime(), nullable=True),
        sa.Column("last_seen", UTCDateTime(), nullable=True),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.Column("unsent", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code_hash"),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_table(
        "driver_session",
        sa.Column("token_hash", AutoString(), nullable=False),
        sa.Column("device_id", AutoString(), nullable=False),
        sa.Column("driver", AutoString(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"]),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("ix_driver_session_device_id", "driver_session", ["device_id"])


def downgrade() -> None:
    """Drop the four tables."""
    for table in ("driver_session", "device", "key_booking", "api_key"):
        op.drop_table(table)
