"""Two columns of refusals without a writer: the kiosk names set-aside predecessors in each request."""

from alembic import op

revision = "v0006"
down_revision = "v0005"


def upgrade() -> None:
    """Drop the columns."""
    op.drop_column("refusals", "receipt_no")
    op.drop_column("refusals", "seq")
