"""The first tables.

Revision 0001, nothing before it.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create all tables of the ground floor."""
    _who()
    _rides()
    _plan()
    _log()


def downgrade() -> None:
    """Drop all tables of the ground floor, those that refer to others first."""
    for table in (
        "idempotency_key",
        "event",
        "refusal",
        "visit_rider",
        "visit",
        "tour",
        "promise_history",
        "booking",
        "area",
        "operator",
    ):
        op.drop_table(table)


def _who() -> None:
    """Operators and their areas."""
    op.create_table(
        "operator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "area",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("time_zone", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["operator_id"],
            ["operator.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )


def _rides() -> None:
    """Bookings and what riders were told."""
    op.create_table(
        "booking",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("code", AutoString(), nullable=False),
        sa.Column("area_id", AutoString(), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("phone", AutoString(), nullable=True),
        sa.Column("origin_lon", sa.Float(), nullable=False),
        sa.Column("origin_lat", sa.Float(), nullable=False),
        sa.Column("origin_label", AutoString(), nullable=False),
        sa.Column("destination_lon", sa.Float(), nullable=False),
        sa.Column("destination_lat", sa.Float(), nullable=False),
        sa.Column("destination_label", AutoString(), nullable=False),
        sa.Column("time_kind", AutoString(), nullable=False),
        sa.Column("time_at", UTCDateTime(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("wheelchair", sa.Integer(), nullable=False),
        sa.Column("walker", sa.Integer(), nullable=False),
        sa.Column("pram", sa.Integer(), nullable=False),
        sa.Column("child_seat", sa.Integer(), nullable=False),
        sa.Column("luggage", sa.Integer(), nullable=False),
        sa.Column("parcel", sa.Integer(), nullable=False),
        sa.Column("pickup_from", UTCDateTime(), nullable=False),
        sa.Column("pickup_until", UTCDateTime(), nullable=False),
        sa.Column("arrive_by", UTCDateTime(), nullable=False),
        sa.Column("ride_at_most_s", sa.Integer(), nullable=False),
        sa.Column("shift_id", AutoString(), nullable=False),
        sa.Column("status", AutoString(), nullable=False),
        sa.Column("fare_cents", sa.Integer(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "status IN ('booked', 'unassigned', 'aboard', 'done', 'no_show', 'cancelled')",
            name="booking_status",
        ),
        sa.CheckConstraint(
            "pickup_from <= pickup_until AND pickup_from <= arrive_by", name="booking_promise"
        ),
        sa.CheckConstraint(
            "seat >= 0 AND wheelchair >= 0 AND walker >= 0 AND pram >= 0 AND child_seat >= 0 "
            "AND luggage >= 0 AND parcel >= 0 AND seat + wheelchair + child_seat + parcel > 0",
            name="booking_load",
        ),
        sa.ForeignKeyConstraint(
            ["area_id"],
            ["area.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
    )
    op.create_index("booking_day", "booking", ["area_id", "service_date"], unique=False)
    op.create_table(
        "promise_history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", AutoString(), nullable=False),
        sa.Column("pickup_from", UTCDateTime(), nullable=False),
        sa.Column("pickup_until", UTCDateTime(), nullable=False),
        sa.Column("arrive_by", UTCDateTime(), nullable=False),
        sa.Column("ride_at_most_s", sa.Integer(), nullable=False),
        sa.Column("told_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"],
            ["booking.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_promise_history_booking_id"), "promise_history", ["booking_id"], unique=False
    )


def _plan() -> None:
    """Tours, their halts and who boards or leaves there."""
    op.create_table(
        "tour",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("area_id", AutoString(), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("shift_id", AutoString(), nullable=False),
        sa.Column("vehicle_id", AutoString(), nullable=False),
        sa.Column("driver", AutoString(), nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.Column("start_lon", sa.Float(), nullable=False),
        sa.Column("start_lat", sa.Float(), nullable=False),
        sa.Column("start_label", AutoString(), nullable=False),
        sa.Column("end_lon", sa.Float(), nullable=False),
        sa.Column("end_lat", sa.Float(), nullable=False),
        sa.Column("end_label", AutoString(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id"],
            ["area.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("area_id", "service_date", "shift_id", name="tour_shift"),
    )
    op.create_table(
        "visit",
        sa.Column("tour_id", AutoString(), nullable=False),
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("status", AutoString(), nullable=False),
        sa.Column("arrive", UTCDateTime(), nullable=False),
        sa.Column("depart", UTCDateTime(), nullable=False),
        sa.Column("planned_arrive", UTCDateTime(), nullable=False),
        sa.Column("planned_depart", UTCDateTime(), nullable=False),
        sa.Column("pause", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint("status IN ('planned', 'arrived', 'departed')", name="visit_status"),
        sa.CheckConstraint("arrive <= depart", name="visit_times"),
        sa.ForeignKeyConstraint(
            ["tour_id"],
            ["tour.id"],
        ),
        sa.PrimaryKeyConstraint("tour_id", "id"),
    )
    op.create_table(
        "visit_rider",
        sa.Column("booking_id", AutoString(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("leg", sa.Integer(), nullable=False),
        sa.Column("tour_id", AutoString(), nullable=False),
        sa.Column("visit_id", AutoString(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('board', 'alight')", name="visit_rider_kind"),
        sa.ForeignKeyConstraint(
            ["booking_id"],
            ["booking.id"],
        ),
        sa.ForeignKeyConstraint(
            ["tour_id", "visit_id"], ["visit.tour_id", "visit.id"], name="visit_rider_visit"
        ),
        sa.PrimaryKeyConstraint("booking_id", "kind", "leg"),
    )
    op.create_index("visit_rider_tour", "visit_rider", ["tour_id"], unique=False)


def _log() -> None:
    """Refusals, events, and answers to give again."""
    op.create_table(
        "refusal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("area_id", AutoString(), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("rule", AutoString(), nullable=False),
        sa.Column("origin_lon", sa.Float(), nullable=False),
        sa.Column("origin_lat", sa.Float(), nullable=False),
        sa.Column("origin_label", AutoString(), nullable=True),
        sa.Column("destination_lon", sa.Float(), nullable=False),
        sa.Column("destination_lat", sa.Float(), nullable=False),
        sa.Column("destination_label", AutoString(), nullable=True),
        sa.Column("time_kind", AutoString(), nullable=False),
        sa.Column("time_at", UTCDateTime(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("wheelchair", sa.Integer(), nullable=False),
        sa.Column("walker", sa.Integer(), nullable=False),
        sa.Column("pram", sa.Integer(), nullable=False),
        sa.Column("child_seat", sa.Integer(), nullable=False),
        sa.Column("luggage", sa.Integer(), nullable=False),
        sa.Column("parcel", sa.Integer(), nullable=False),
        sa.Column("alternatives", sa.Integer(), nullable=False),
        sa.Column("refused_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id"],
            ["area.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_refusal_refused_at"), "refusal", ["refused_at"], unique=False)
    op.create_index("refusal_day", "refusal", ["area_id", "service_date"], unique=False)
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("area_id", AutoString(), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("type", AutoString(), nullable=False),
        sa.Column("payload", AutoString(), nullable=False),
        sa.Column("report_id", AutoString(), nullable=True),
        sa.Column("happened_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id"],
            ["area.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("area_id", "service_date", "version", name="event_version"),
        sa.UniqueConstraint("report_id"),
    )
    op.create_table(
        "idempotency_key",
        sa.Column("operation", AutoString(), nullable=False),
        sa.Column("key", AutoString(), nullable=False),
        sa.Column("fingerprint", AutoString(), nullable=False),
        sa.Column("answer", AutoString(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("operation", "key"),
    )
    op.create_index(
        op.f("ix_idempotency_key_created_at"), "idempotency_key", ["created_at"], unique=False
    )
