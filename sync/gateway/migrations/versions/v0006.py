"""What a refusal came after is told by the kiosk with each request; nobody wrote these two."""

from alembic import op

revision = "v0006"
down_revision = "v0005"


def upgrade() -> None:
    """Drop them."""
    op.drop_column("refusals", "receipt_no")
    op.drop_column("refusals", "seq")
