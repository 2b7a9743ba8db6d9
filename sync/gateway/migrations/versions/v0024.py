"""The units whose machines and forms an account sees; an account of before sees all."""

import sqlalchemy as sa
from alembic import op

revision = "v0024"
down_revision = "v0023"


def upgrade() -> None:
    """Add the column."""
    op.add_column("people", sa.Column("units", sa.String, nullable=False, server_default=""))
