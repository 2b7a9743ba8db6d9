"""Second factors of accounts."""

import sqlalchemy as sa
from alembic import op

revision = "v0025"
down_revision = "v0024"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "second_factors",
        sa.Column("login", sa.String, primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("used_step", sa.Integer, nullable=False),
        sa.Column("recovery", sa.Text, nullable=False),
    )
