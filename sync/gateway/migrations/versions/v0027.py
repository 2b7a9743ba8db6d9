"""The chain of the gateway's trail; the lines of before are sealed when the next one is written."""

import sqlalchemy as sa
from alembic import op

revision = "v0027"
down_revision = "v0026"


def upgrade() -> None:
    """Add the column."""
    op.add_column("trail", sa.Column("mac", sa.String, nullable=False, server_default=""))
