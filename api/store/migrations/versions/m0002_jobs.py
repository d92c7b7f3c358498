"""The lease of the scheduler, and the jobs that are done.

Revision 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "lease",
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("holder", AutoString(), nullable=False),
        sa.Column("renewed", sa.Integer(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "job_run",
        sa.Column("job", AutoString(), nullable=False),
        sa.Column("key", AutoString(), nullable=False),
        sa.Column("done_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("job", "key"),
    )


def downgrade() -> None:
    """Drop both tables."""
    op.drop_table("job_run")
    op.drop_table("lease")
