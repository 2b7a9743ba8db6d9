"""Tries to enrol are counted for each address: a stranger's wrong tries use up no code any more."""

from alembic import op
from sqlalchemy import Column, Integer, String

revision = "v0008"
down_revision = "v0007"


def upgrade() -> None:
    """Create the table; codes that wrong tries have used up are valid again until they expire."""
    op.create_table(
        "enrolment_tries",
        Column("address", String, primary_key=True),
        Column("wrong", Integer, nullable=False),
        Column("locked_until", String),
        Column("tried_at", String, nullable=False),
    )
    op.drop_column("enrolment_codes", "tries_left")
