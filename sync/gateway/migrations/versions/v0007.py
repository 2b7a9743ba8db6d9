"""Failed sign-ins are counted for each account and address, so that no stranger locks an account for everybody."""

from alembic import op
from sqlalchemy import Column, Integer, String

revision = "v0007"
down_revision = "v0006"


def upgrade() -> None:
    """Create the table; accounts that are locked now are unlocked."""
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
