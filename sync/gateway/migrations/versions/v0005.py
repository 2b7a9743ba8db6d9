"""The number of a submission's receiving moves into its own row: a row of `changes` would repeat the submission."""

from alembic import op
from sqlalchemy import Column, Integer

revision = "v0005"
down_revision = "v0004"


def upgrade() -> None:
    """Add the column; earlier submissions keep their row in `changes`."""
    op.add_column("submissions", Column("taken_seq", Integer))
    op.create_index("submissions_taken", "submissions", ["kiosk_id", "taken_seq"])
