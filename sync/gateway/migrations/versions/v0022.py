"""What the procedures of each kiosk's ward need."""

import sqlalchemy as sa
from alembic import op

revision = "v0022"
down_revision = "v0021"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "need_lists",
        sa.Column("kiosk_id", sa.String, primary_key=True),
        sa.Column("unit_code", sa.String, nullable=False, index=True),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("received_at", sa.String, nullable=False),
        sa.Column("confirmed_at", sa.String, nullable=False),
    )
