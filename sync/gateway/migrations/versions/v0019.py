"""Ledger of forwarding steps, and what an accepted dossier waits for."""

import sqlalchemy as sa
from alembic import op

revision = "v0019"
down_revision = "v0018"


def upgrade() -> None:
    """Add the table of the steps, and a column to the forwards."""
    op.add_column("forwards", sa.Column("waits_for", sa.String, nullable=False, server_default=""))
    op.create_table(
        "forward_steps",
        sa.Column("no", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("target", sa.String, nullable=False),
        sa.Column("kiosk_id", sa.String, nullable=False),
        sa.Column("receipt_no", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("step", sa.String, nullable=False),
        sa.Column(
            "state",
            sa.String,
            sa.CheckConstraint("state in ('begun', 'done', 'replaced', 'doubtful')"),
            nullable=False,
        ),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("begun_at", sa.String, nullable=False),
        sa.Column("done_at", sa.String),
        sa.Column("code", sa.String, nullable=False, server_default=""),
        sa.Column("fact", sa.String, nullable=False, server_default=""),
        sa.Column("official_no", sa.String),
        sa.Column("words", sa.String, nullable=False, server_default=""),
        sa.UniqueConstraint("target", "kiosk_id", "receipt_no", "step"),
    )
    op.create_index("forward_steps_of", "forward_steps", ["kiosk_id", "receipt_no"])
