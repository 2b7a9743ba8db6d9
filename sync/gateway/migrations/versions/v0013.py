"""The last report of each kiosk about itself: release, alarms, queue, copy, disk and clock."""

from alembic import op
from sqlalchemy import Column, String, Text

revision = "v0013"
down_revision = "v0012"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "kiosk_reports",
        Column("kiosk_id", String, primary_key=True),
        Column("content", Text, nullable=False),
        Column("received_at", String, nullable=False),
    )
