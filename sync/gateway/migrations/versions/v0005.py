"""A taking is numbered at the submission itself: nothing can be said of it that the submission does not say."""

from alembic import op
from sqlalchemy import Column, Integer

revision = "v0005"
down_revision = "v0004"


def upgrade() -> None:
    """Make the column; what was taken before keeps its row among the changes."""
    op.add_column("submissions", Column("taken_seq", Integer))
    op.create_index("submissions_taken", "submissions", ["kiosk_id", "taken_seq"])
