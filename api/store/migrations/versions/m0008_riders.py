"""Riders, their standing orders, and feedback.

Revision 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _rider()
    _standing_order()
    _standing_ride()
    _feedback()


def _rider() -> None:
    op.create_table(
        "rider",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("area_id", AutoString(), nullable=False),
        sa.Column("phone", AutoString(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("sought", AutoString(), nullable=False),
        sa.Column("email", AutoString(), nullable=True),
        sa.Column("language", AutoString(), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("consent", sa.JSON(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("no_shows_after", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"]),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("operator_id", "phone", name="rider_phone"),
    )


def _standing_order() -> None:
    op.create_table(
        "standing_order",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("rider_id", AutoString(), nullable=False),
        sa.Column("area_id", AutoString(), nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("reason", AutoString(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("paused_from", sa.Date(), nullable=True),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("skipped", sa.JSON(), nullable=False),
        sa.Column("wish", sa.JSON(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["rider_id"], ["rider.id"]),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.CheckConstraint("state IN ('active', 'paused', 'ended')", name="standing_order_state"),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_from <= valid_until", name="standing_order_valid"
        ),
    )
    op.create_index("standing_order_area", "standing_order", ["area_id"])
    op.create_index("standing_order_rider", "standing_order", ["rider_id"])


def _standing_ride() -> None:
    op.create_table(
        "standing_ride",
        sa.Column("order_id", AutoString(), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("direction", AutoString(), nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("booking_id", AutoString(), nullable=True),
        sa.Column("rule", AutoString(), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=False),
        sa.Column("settled_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["standing_order.id"]),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"]),
        sa.PrimaryKeyConstraint("order_id", "service_date", "direction"),
        sa.UniqueConstraint("booking_id"),
        sa.CheckConstraint("direction IN ('there', 'back')", name="standing_ride_direction"),
        sa.CheckConstraint("state IN ('booked', 'refused')", name="standing_ride_state"),
        sa.CheckConstraint(
            "(state = 'booked') = (booking_id IS NOT NULL)", name="standing_ride_made"
        ),
    )


def _feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("area_id", AutoString(), nullable=False),
        sa.Column("about", AutoString(), nullable=False),
        sa.Column("about_id", AutoString(), nullable=True),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=True),
        sa.Column("text", AutoString(), nullable=False),
        sa.Column("contact", AutoString(), nullable=True),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("answer", AutoString(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.CheckConstraint(
            "about IN ('booking', 'tour', 'refusal', 'page', 'service')", name="feedback_about"
        ),
        sa.CheckConstraint(
            "kind IN ('praise', 'complaint', 'idea', 'fault')", name="feedback_kind"
        ),
        sa.CheckConstraint("stars IS NULL OR stars BETWEEN 1 AND 5", name="feedback_stars"),
        sa.CheckConstraint("state IN ('new', 'seen', 'answered')", name="feedback_state"),
    )
    op.create_index("feedback_area", "feedback", ["area_id", "created_at"])
    op.create_index("ix_feedback_about_id", "feedback", ["about_id"])


def downgrade() -> None:
    """Drop the tables."""
    for name in ("feedback", "standing_ride", "standing_order", "rider"):
        op.drop_table(name)
