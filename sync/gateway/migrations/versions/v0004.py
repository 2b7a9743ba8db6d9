"""The stick key: what kiosks seal parcels to that are carried by hand."""

from alembic import op
from sqlalchemy import CheckConstraint, Column, Integer, LargeBinary, String

revision = "v0004"
down_revision = "v0003"


def upgrade() -> None:
    """Make the table of its one row."""
    op.create_table(
        "stick_keys",
        Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
        Column("private_key", LargeBinary, nullable=False),
        Column("made_at", String, nullable=False),
    )
