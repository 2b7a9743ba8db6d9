"""The gateway's tables, and how its database is opened.

SQLAlchemy Core, one code path for SQLite (practice, demo) and, later, PostgreSQL. Every transaction begins IMMEDIATE
on SQLite, so that what is read inside it still holds when it is written. Times are UTC text, as ``parcel.stamp``
writes them. Bodies are kept as they came, byte for byte.
"""

from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    create_engine,
    event,
)

metadata = MetaData()

epochs = Table(
    "epochs",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
    Column("epoch", String, nullable=False),
    Column("begun_at", String, nullable=False),
)

kiosks = Table(
    "kiosks",
    metadata,
    Column("kiosk_id", String, primary_key=True),
    Column("unit_code", String, nullable=False),
    Column("key_id", String, nullable=False, unique=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("enrolled_at", String, nullable=False),
    Column("revoked_at", String),
    Column("seen_at", String),
    Column("last_seq", Integer, nullable=False, default=0),
)

codes = Table(
    "enrolment_codes",
    metadata,
    Column("code_hash", String, primary_key=True),
    Column("kiosk_id", String, nullable=False),
    Column("unit_code", String, nullable=False),
    Column("expires_at", String, nullable=False),
    Column("tries_left", Integer, nullable=False),
    Column("used_by", String),
    Column("may_replace", Boolean, nullable=False),
)

nonces = Table(
    "nonces",
    metadata,
    Column("key_id", String, primary_key=True),
    Column("nonce", String, primary_key=True),
    Column("seen_at", String, nullable=False, index=True),
)

submissions = Table(
    "submissions",
    metadata,
    Column("submission_id", String, primary_key=True),
    Column("kiosk_id", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("receipt_no", String, nullable=False, index=True),
    Column("unit_code", String, nullable=False),
    Column("procedure_code", String, nullable=False),
    Column("form_revision", Integer, nullable=False),
    Column("supersedes", String),
    Column("received_at", String, nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("status_code", Integer, CheckConstraint("status_code between 1 and 10"), nullable=False),
    Column("official_no", String),
    Column("due_at", String),
    Column("note", String, nullable=False, default=""),
)

changes = Table(
    "changes",
    metadata,
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

# What was refused for good: its successors need not wait for it.
refusals = Table(
    "refusals",
    metadata,
    Column("kiosk_id", String, primary_key=True),
    Column("subject", String, primary_key=True),
    Column("receipt_no", String),
    Column("seq", Integer),
    Column("refused_at", String, nullable=False),
)

events = Table(
    "events",
    metadata,
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

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String, primary_key=True),
    Column("csrf", String, nullable=False),
    Column("opened_at", String, nullable=False),
    Column("seen_at", String, nullable=False),
)

views = Table(
    "views",
    metadata,
    Column("no", Integer, primary_key=True, autoincrement=True),
    Column("viewed_at", String, nullable=False),
    Column("submission_id", String, nullable=False),
    Column("reason", String, nullable=False),
)

notices = Table(
    "notices",
    metadata,
    Column("no", Integer, primary_key=True, autoincrement=True),
    Column("noted_at", String, nullable=False),
    Column("text", String, nullable=False),
)

_PRAGMAS = ("busy_timeout = 10000", "journal_mode = wal", "synchronous = full", "foreign_keys = on")


def open_engine(url: str) -> Engine:
    """Open the database at a URL (a plain path is a SQLite file) and make the tables that are missing."""
    engine = create_engine(url if "://" in url else f"sqlite:///{url}")
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    metadata.create_all(engine)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"pragma {pragma}")


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("begin immediate")
