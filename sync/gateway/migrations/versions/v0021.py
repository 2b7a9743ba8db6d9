"""States that the system behind the gateway reports, and when it is asked next."""

import sqlalchemy as sa
from alembic import op

revision = "v0021"
down_revision = "v0020"
_COLUMNS = (
    ("reported_code", sa.Integer),
    ("reported_at", sa.String),
    ("former_code", sa.Integer),
    ("former_at", sa.String),
)


def upgrade() -> None:
    """Add the columns; dossiers that were forwarded before are asked for too."""
    for table in ("submissions", "changes"):
        for name, kind in _COLUMNS:
            op.add_column(table, sa.Column(name, kind))
    op.add_column("forwards", sa.Column("states_due_at", sa.String))
    op.create_index("ix_forwards_states_due_at", "forwards", ["states_due_at"])
    op.execute("update forwards set states_due_at = due_at where state = 'done'")
