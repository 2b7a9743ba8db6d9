"""How often a kiosk's store was restored: of two machines with one key the gateway takes the later one."""

import sqlalchemy as sa
from alembic import op

revision = "v0015"
down_revision = "v0014"


def upgrade() -> None:
    """Add the column."""
    op.add_column("kiosks", sa.Column("restores", sa.Integer, nullable=False, server_default="0"))
