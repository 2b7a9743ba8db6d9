"""Bank accounts of wards, and payment notices without the text of a transfer."""

import sqlalchemy as sa
from alembic import op

revision = "v0028"
down_revision = "v0027"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "payment_accounts",
        sa.Column("account_id", sa.String, primary_key=True),
        sa.Column("unit_code", sa.String, nullable=False),
        sa.Column("account_no", sa.String, nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary, nullable=False),
        sa.Column("added_at", sa.String, nullable=False),
        sa.Column("ended_at", sa.String),
    )
    op.create_table(
        "payment_notices",
        sa.Column("account_id", sa.String, primary_key=True),
        sa.Column("reference", sa.String, primary_key=True),
        sa.Column("kiosk_id", sa.String, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("payment_key", sa.String),
        sa.Column("hint", sa.String),
        sa.Column("direction", sa.String, sa.CheckConstraint("direction in ('in', 'out')"), nullable=False),
        sa.Column("amount", sa.BigInteger, sa.CheckConstraint("amount > 0"), nullable=False),
        sa.Column("booked_at", sa.String, nullable=False),
        sa.Column("received_at", sa.String, nullable=False),
        sa.Column("source", sa.String, sa.CheckConstraint("source in ('notice', 'statement')"), nullable=False),
        sa.Column("stated_at", sa.String),
        sa.UniqueConstraint("kiosk_id", "seq"),
    )
