"""Wrong tries are counted for an account and the address that they come from: no stranger closes the door to all."""

from alembic import op
from sqlalchemy import Column, Integer, String

revision = "v0007"
down_revision = "v0006"


def upgrade() -> None:
    """Make the table; a door that is closed at this moment opens."""
    op.create_table(
        "tries",
        Column("login", String, primary_key=True),
        Column("address", String, primary_key=True),
        Column("wrong", Integer, nullable=False),
        Column("closed_until", String),
        Column("tried_at", String, nullable=False),
    )
    op.drop_column("people", "wrong_tries")
    op.drop_column("people", "closed_until")
