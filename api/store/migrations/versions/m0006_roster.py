"""Drivers, shifts of a date, vehicles out of service, closures.

Revision 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _driver()
    _shift()
    op.create_table(
        "vehicle_outage",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("area_id", AutoString(), nullable=False),
        sa.Column("vehicle_id", AutoString(), nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=True),
        sa.Column("reason", AutoString(), nullable=False),
        sa.Column("lifted", sa.Boolean(), nullable=False),
        *_audit(),
        sa.CheckConstraint("ends_at IS NULL OR starts_at < ends_at", name="vehicle_outage_times"),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("vehicle_outage_area", "vehicle_outage", ["area_id", "starts_at"])
    op.create_table(
        "closure",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("area_id", AutoString(), nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.Column("reason", AutoString(), nullable=False),
        sa.Column("place", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("lifted", sa.Boolean(), nullable=False),
        *_audit(),
        sa.CheckConstraint("starts_at < ends_at", name="closure_times"),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("closure_area", "closure", ["area_id", "ends_at"])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("closure", "vehicle_outage", "shift", "driver"):
        op.drop_table(table)


def _driver() -> None:
    op.create_table(
        "driver",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("phone", AutoString(), nullable=True),
        sa.Column("vehicles", sa.JSON(), nullable=False),
        sa.Column("licence_until", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        *_audit(),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("operator_id", "name", name="driver_name"),
    )


def _shift() -> None:
    op.create_table(
        "shift",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("area_id", AutoString(), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("shift_id", AutoString(), nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("driver_id", AutoString(), nullable=True),
        sa.Column("driver_name", AutoString(), nullable=True),
        sa.Column("substitute_id", AutoString(), nullable=True),
        sa.Column("substitute_name", AutoString(), nullable=True),
        sa.Column("offered", sa.Boolean(), nullable=False),
        sa.Column("reason", AutoString(), nullable=True),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
        *_audit(),
        sa.CheckConstraint("state IN ('open', 'staffed', 'withdrawn')", name="shift_state"),
        sa.CheckConstraint("state <> 'open' OR driver_name IS NULL", name="shift_driver"),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"]),
        sa.ForeignKeyConstraint(["driver_id"], ["driver.id"]),
        sa.ForeignKeyConstraint(["substitute_id"], ["driver.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("area_id", "service_date", "shift_id", name="shift_of_day"),
    )
    op.create_index("shift_driver_day", "shift", ["driver_id", "service_date"])


def _audit() -> tuple[sa.Column[object], ...]:
    """Return the columns that say who changed a row, and how often."""
    return (
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("created_by", AutoString(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("changed_by", AutoString(), nullable=False),
    )
