"""The queue of each kiosk, for the status pages."""

import sqlalchemy as sa
from alembic import op

revision = "v0023"
down_revision = "v0022"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "queues",
        sa.Column("kiosk_id", sa.String, primary_key=True),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("posted_at", sa.String, nullable=False),
    )
