"""Way and end of a consent to messages."""

import sqlalchemy as sa
from alembic import op

revision = "v0030"
down_revision = "v0029"


def upgrade() -> None:
    """Add the columns; consents of before came with a form."""
    op.add_column("message_consents", sa.Column("way", sa.String, nullable=False, server_default="form"))
    op.add_column("message_consents", sa.Column("ended_at", sa.String, nullable=False, server_default=""))
