"""Whether a kiosk has signed the number of its restores: an unsigned one is not believed any more."""

import sqlalchemy as sa
from alembic import op

revision = "v0016"
down_revision = "v0015"


def upgrade() -> None:
    """Add the column."""
    op.add_column("kiosks", sa.Column("signs_restores", sa.Boolean, nullable=False, server_default=sa.false()))
