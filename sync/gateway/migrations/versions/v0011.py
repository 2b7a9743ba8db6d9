"""The last line of each kiosk's audit trail, so that a trail that lost lines or was rewritten is noticed."""

from alembic import op
from sqlalchemy import CheckConstraint, Column, Integer, String

revision = "v0011"
down_revision = "v0010"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "audit_heads",
        Column("kiosk_id", String, primary_key=True),
        Column("lines", Integer, nullable=False),
        Column("digest", String, nullable=False),
        Column("seen_at", String, nullable=False),
        Column("alarm", String, CheckConstraint("alarm in ('shorter', 'forked')")),
        Column("alarmed_at", String),
    )
