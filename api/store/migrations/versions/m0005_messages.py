"""The outbox, how riders want to be told, and their browsers.

Revision 0005, after 0003.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0005"
down_revision = "0003"
branch_labels = None
depends_on = None

_STATES = "'waiting', 'sending', 'sent', 'gathered', 'skipped', 'dead', 'call', 'called'"


def upgrade() -> None:
    """Create the three tables."""
    op.create_table(
        "message",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("area_id", AutoString(), nullable=False),
        sa.Column("booking_id", AutoString(), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("cause", AutoString(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("channel", AutoString(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try", UTCDateTime(), nullable=False),
        sa.Column("last_error", AutoString(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(f"state IN ({_STATES})", name="message_state"),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"]),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("cause", name="message_cause"),
    )
    op.create_index("message_due", "message", ["state", "next_try"])
    op.create_index("message_day", "message", ["area_id", "service_date"])
    op.create_index("ix_message_booking_id", "message", ["booking_id"])
    op.create_table(
        "contact",
        sa.Column("booking_id", AutoString(), nullable=False),
        sa.Column("email", AutoString(), nullable=True),
        sa.Column("call", sa.Boolean(), nullable=False),
        sa.Column("language", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"]),
        sa.PrimaryKeyConstraint("booking_id"),
    )
    op.create_table(
        "push_subscription",
        sa.Column("booking_id", AutoString(), nullable=False),
        sa.Column("endpoint", AutoString(), nullable=False),
        sa.Column("p256dh", AutoString(), nullable=False),
        sa.Column("auth", AutoString(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"]),
        sa.PrimaryKeyConstraint("booking_id", "endpoint"),
    )


def downgrade() -> None:
    """Drop them."""
    for name in ("push_subscription", "contact", "message"):
        op.drop_table(name)
