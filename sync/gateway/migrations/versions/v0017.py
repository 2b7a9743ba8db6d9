"""The operators' own name of a machine, such as where it stands."""

import sqlalchemy as sa
from alembic import op

revision = "v0017"
down_revision = "v0016"


def upgrade() -> None:
    """Add the column."""
    op.add_column("kiosks", sa.Column("label", sa.String, nullable=False, server_default=""))
