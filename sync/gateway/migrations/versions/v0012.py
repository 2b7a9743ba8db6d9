"""The monthly reports of citizens' opinions, without identity."""

from alembic import op
from sqlalchemy import Column, String, Text

revision = "v0012"
down_revision = "v0011"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "opinion_reports",
        Column("kiosk_id", String, primary_key=True),
        Column("month", String, primary_key=True),
        Column("content", Text, nullable=False),
        Column("received_at", String, nullable=False),
    )
