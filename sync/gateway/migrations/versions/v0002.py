"""Tables for a province: accounts with roles, the trail, each kiosk's place in the feed, forwarding.

Sessions end, because they had no account. The views of bodies move into the trail.
"""

from alembic import op
from sqlalchemy import Boolean, CheckConstraint, Column, Float, Integer, String, text

revision = "v0002"
down_revision = "v0001"


def upgrade() -> None:
    """Create the new tables and move the views."""
    op.add_column("kiosks", Column("read_seq", Integer, nullable=False, server_default="0"))
    op.add_column("refusals", Column("why", String, nullable=False, server_default=""))
    op.create_table(
        "people",
        Column("login", String, primary_key=True),
        Column("name", String, nullable=False),
        Column("role", String, CheckConstraint("role in ('operator', 'auditor')"), nullable=False),
        Column("password_hash", String, nullable=False),
        Column("is_active", Boolean, nullable=False),
        Column("added_at", String, nullable=False),
        Column("wrong_tries", Integer, nullable=False),
        Column("closed_until", String),
    )
    op.drop_table("sessions")
    op.create_table(
        "sessions",
        Column("token_hash", String, primary_key=True),
        Column("login", String, nullable=False),
        Column("csrf", String, nullable=False),
        Column("opened_at", String, nullable=False),
        Column("seen_at", String, nullable=False),
    )
    op.create_index("ix_sessions_login", "sessions", ["login"])
    _create_trail()
    _create_forwarding()


def _create_trail() -> None:
    op.create_table(
        "trail",
        Column("no", Integer, primary_key=True, autoincrement=True),
        Column("at", String, nullable=False),
        Column("login", String, nullable=False),
        Column("act", String, nullable=False),
        Column("subject", String, nullable=False),
        Column("reason", String, nullable=False),
    )
    op.create_index("ix_trail_subject", "trail", ["subject"])
    op.execute(
        text(
            "insert into trail (at, login, act, subject, reason)"
            " select viewed_at, 'operator', 'looked', submission_id, reason from views order by no"
        )
    )
    op.drop_table("views")


def _create_forwarding() -> None:
    states = "state in ('due', 'sending', 'done', 'refused', 'dropped')"
    op.create_table(
        "forwards",
        Column("kiosk_id", String, primary_key=True),
        Column("receipt_no", String, primary_key=True),
        Column("state", String, CheckConstraint(states), nullable=False),
        Column("due_at", String, nullable=False),
        Column("tries", Integer, nullable=False),
        Column("submission_id", String),
        Column("form_revision", Integer),
        Column("accepted_at", String, nullable=False),
    )
    op.create_index("forwards_due", "forwards", ["state", "due_at"])
    op.create_table(
        "forward_attempts",
        Column("no", Integer, primary_key=True, autoincrement=True),
        Column("kiosk_id", String, nullable=False),
        Column("receipt_no", String, nullable=False),
        Column("submission_id", String, nullable=False),
        Column("began_at", String, nullable=False),
        Column("seconds", Float, nullable=False),
        Column("outcome", String, CheckConstraint("outcome in ('taken', 'refused', 'later')"), nullable=False),
        Column("code", String, nullable=False),
    )
    op.create_index("attempts_of", "forward_attempts", ["kiosk_id", "receipt_no"])
    op.create_table(
        "meter",
        Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
        Column("next_at", String, nullable=False),
        Column("slow_tries", Integer, nullable=False),
    )
