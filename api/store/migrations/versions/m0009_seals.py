"""Seals over the event log, and tour sheets by e-mail.

Revision 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _seals()
    _sheet_mail()


def _seals() -> None:
    op.create_table(
        "event_seal",
        sa.Column("area_id", AutoString(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("last_event", sa.Integer(), nullable=False),
        sa.Column("sha256", AutoString(), nullable=False),
        sa.Column("sealed_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"]),
        sa.PrimaryKeyConstraint("area_id", "sequence"),
    )
    op.create_table(
        "sealed_event",
        sa.Column("event_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("area_id", AutoString(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("lasting", AutoString(), nullable=False),
        sa.Column("commitment", AutoString(), nullable=False),
        sa.Column("salt", AutoString(), nullable=True),
        sa.PrimaryKeyConstraint("event_id"),
    )
    op.create_index("sealed_event_seal", "sealed_event", ["area_id", "sequence"])


def _sheet_mail() -> None:
    op.create_table(
        "sheet_mail",
        sa.Column("id", AutoString(), nullable=False),
        sa.Column("area_id", AutoString(), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try", UTCDateTime(), nullable=False),
        sa.Column("last_error", AutoString(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'skipped', 'dead')", name="sheet_mail_state"
        ),
    )
    op.create_index("sheet_mail_due", "sheet_mail", ["state", "next_try"])


def downgrade() -> None:
    """Drop the tables."""
    for name in ("sheet_mail", "sealed_event", "event_seal"):
        op.drop_table(name)
