"""Number of an attempt to forward a dossier, which never starts again."""

import sqlalchemy as sa
from alembic import op

revision = "v0020"
down_revision = "v0019"


def upgrade() -> None:
    """Add the column; a dossier that is being sent keeps its lease."""
    op.add_column("forwards", sa.Column("lease_no", sa.Integer, nullable=False, server_default="0"))
    op.execute("update forwards set lease_no = tries")
