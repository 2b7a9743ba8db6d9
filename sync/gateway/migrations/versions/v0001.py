"""First tables of the gateway, for practice."""

from alembic import op
from sqlalchemy import Boolean, CheckConstraint, Column, Integer, LargeBinary, String, UniqueConstraint

revision = "v0001"
down_revision = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "epochs",
        Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
        Column("epoch", String, nullable=False),
        Column("begun_at", String, nullable=False),
    )
    op.create_table(
        "kiosks",
        Column("kiosk_id", String, primary_key=True),
        Column("unit_code", String, nullable=False),
        Column("key_id", String, nullable=False, unique=True),
        Column("public_key", LargeBinary, nullable=False),
        Column("enrolled_at", String, nullable=False),
        Column("revoked_at", String),
        Column("seen_at", String),
        Column("last_seq", Integer, nullable=False),
    )
    op.create_table(
        "enrolment_codes",
        Column("code_hash", String, primary_key=True),
        Column("kiosk_id", String, nullable=False),
        Column("unit_code", String, nullable=False),
        Column("expires_at", String, nullable=False),
        Column("tries_left", Integer, nullable=False),
        Column("used_by", String),
        Column("may_replace", Boolean, nullable=False),
    )
    op.create_table(
        "nonces",
        Column("key_id", String, primary_key=True),
        Column("nonce", String, primary_key=True),
        Column("seen_at", String, nullable=False),
    )
    op.create_table(
        "submissions",
        Column("submission_id", String, primary_key=True),
        Column("kiosk_id", String, nullable=False),
        Column("digest", String, nullable=False),
        Column("body", LargeBinary, nullable=False),
        Column("receipt_no", String, nullable=False),
        Column("unit_code", String, nullable=False),
        Column("procedure_code", String, nullable=False),
        Column("form_revision", Integer, nullable=False),
        Column("supersedes", String),
        Column("received_at", String, nullable=False),
        Column("revision", Integer, nullable=False),
        Column("status_code", Integer, CheckConstraint("status_code between 1 and 10"), nullable=False),
        Column("official_no", String),
        Column("due_at", String),
        Column("note", String, nullable=False),
    )
    op.create_table(
        "changes",
        Column("kiosk_id", String, primary_key=True),
        Column("seq", Integer, primary_key=True),
        Column("submission_id", String, nullable=False),
        Column("revision", Integer, nullable=False),
        Column("status_code", Integer, nullable=False),
        Column("official_no", String),
        Column("due_at", String),
        Column("note", String, nullable=False),
        Column("changed_at", String, nullable=False),
    )
    op.create_table(
        "refusals",
        Column("kiosk_id", String, primary_key=True),
        Column("subject", String, primary_key=True),
        Column("receipt_no", String),
        Column("seq", Integer),
        Column("refused_at", String, nullable=False),
    )
    op.create_table(
        "events",
        Column("event_id", String, primary_key=True),
        Column("kiosk_id", String, nullable=False),
        Column("submission_id", String, nullable=False),
        Column("receipt_no", String, nullable=False),
        Column("seq", Integer, nullable=False),
        Column("kind", String, nullable=False),
        Column("digest", String, nullable=False),
        Column("body", LargeBinary, nullable=False),
        Column("received_at", String, nullable=False),
        UniqueConstraint("kiosk_id", "receipt_no", "seq"),
    )
    op.create_table(
        "sessions",
        Column("token_hash", String, primary_key=True),
        Column("csrf", String, nullable=False),
        Column("opened_at", String, nullable=False),
        Column("seen_at", String, nullable=False),
    )
    op.create_table(
        "views",
        Column("no", Integer, primary_key=True, autoincrement=True),
        Column("viewed_at", String, nullable=False),
        Column("submission_id", String, nullable=False),
        Column("reason", String, nullable=False),
    )
    op.create_table(
        "notices",
        Column("no", Integer, primary_key=True, autoincrement=True),
        Column("noted_at", String, nullable=False),
        Column("text", String, nullable=False),
    )
    op.create_index("ix_nonces_seen_at", "nonces", ["seen_at"])
    op.create_index("ix_submissions_receipt_no", "submissions", ["receipt_no"])
    op.create_index("ix_submissions_received_at", "submissions", ["received_at"])
