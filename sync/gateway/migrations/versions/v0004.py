"""The stick key, to which kiosks seal parcels on USB sticks."""

from alembic import op
from sqlalchemy import CheckConstraint, Column, Integer, LargeBinary, String

revision = "v0004"
down_revision = "v0003"


def upgrade() -> None:
    """Create the table of one row."""
    op.create_table(
        "stick_keys",
        Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
        Column("private_key", LargeBinary, nullable=False),
        Column("made_at", String, nullable=False),
    )
