"""Messages to phones: consents, the ledger, and the tokens of providers."""

import sqlalchemy as sa
from alembic import op

revision = "v0029"
down_revision = "v0028"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "message_consents",
        sa.Column("kiosk_id", sa.String, primary_key=True),
        sa.Column("receipt_no", sa.String, primary_key=True),
        sa.Column("phone", sa.LargeBinary, nullable=False),
        sa.Column("fault", sa.String, nullable=False),
        sa.Column("occasions", sa.String, nullable=False),
        sa.Column("agreed_at", sa.String, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
    )
    op.create_table(
        "messages",
        sa.Column("no", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("kiosk_id", sa.String, nullable=False),
        sa.Column("receipt_no", sa.String, nullable=False),
        sa.Column("occasion", sa.String, nullable=False),
        sa.Column("event_seq", sa.Integer, nullable=False),
        sa.Column("day", sa.String, nullable=False),
        sa.Column(
            "state",
            sa.String,
            sa.CheckConstraint("state in ('due', 'sending', 'sent', 'refused', 'unsure', 'dropped')"),
            nullable=False,
        ),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("lease_no", sa.Integer, nullable=False),
        sa.Column("planned_at", sa.String, nullable=False),
        sa.Column("due_at", sa.String, nullable=False),
        sa.Column("sender", sa.String, nullable=False),
        sa.Column("changed_at", sa.String, nullable=False),
        sa.UniqueConstraint("kiosk_id", "receipt_no", "occasion", "event_seq"),
    )
    op.create_index("messages_due", "messages", ["state", "due_at"])
    op.create_table(
        "message_tokens",
        sa.Column("sender", sa.String, primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("first_hash", sa.String, nullable=False),
        sa.Column("refreshing_until", sa.String, nullable=False),
    )
