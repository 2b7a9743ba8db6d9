"""Staged roll-outs of releases and of content, and the machines of each stage."""

from alembic import op
from sqlalchemy import CheckConstraint, Column, Integer, String

revision = "v0014"
down_revision = "v0013"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "rollouts",
        Column("no", Integer, primary_key=True, autoincrement=True),
        Column("kind", String, CheckConstraint("kind in ('program', 'content')"), nullable=False),
        Column("version", String, nullable=False),
        Column("former", String, nullable=False),
        Column("unit_code", String, nullable=False),
        Column("pace_hours", Integer, nullable=False),
        Column("attempt", Integer, nullable=False),
        Column("stage", String, CheckConstraint("stage in ('ward', 'tenth', 'all')"), nullable=False),
        Column("state", String, CheckConstraint("state in ('running', 'paused', 'done', 'back')"), nullable=False),
        Column("started_at", String, nullable=False),
        Column("changed_at", String, nullable=False),
        Column("paused_by", String, nullable=False),
    )
    op.create_table(
        "rollout_kiosks",
        Column("rollout_no", Integer, primary_key=True),
        Column("kiosk_id", String, primary_key=True),
        Column("stage", String, nullable=False),
        Column("attempt", Integer, nullable=False),
        Column("outcome", String, CheckConstraint("outcome in ('taken', 'failed')")),
        Column("code", String, nullable=False),
        Column("back_to", String, nullable=False),
        Column("outcome_at", String),
    )
