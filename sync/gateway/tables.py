"""The gateway's tables as they are now; ``migrations`` is how a database gets there.

SQLAlchemy Core, one code path for SQLite (practice, demo) and PostgreSQL (a province). Times are UTC text, as
``parcel.stamp`` writes them, so that they compare as text on both. Bodies are kept as they came, byte for byte.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
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
    # How far its reader has come in the feed: what lies between the two is its lag.
    Column("read_seq", Integer, nullable=False, default=0, server_default="0"),
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
    # The number of its taking in the kiosk's feed; none where that is a row of ``changes`` like every later one.
    Column("taken_seq", Integer),
    Index("submissions_taken", "kiosk_id", "taken_seq"),
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

# What was refused for good: a correction of it need not wait.
refusals = Table(
    "refusals",
    metadata,
    Column("kiosk_id", String, primary_key=True),
    Column("subject", String, primary_key=True),
    Column("refused_at", String, nullable=False),
    # Places and codes of the contract only, never what was written there.
    Column("why", String, nullable=False, default="", server_default=""),
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

# Papers of a dossier that are files: bodies and events of the desk name them. One that was taken away stays gone.
documents = Table(
    "documents",
    metadata,
    Column("kiosk_id", String, primary_key=True),
    Column("item_id", String, primary_key=True),
    Column("receipt_no", String, nullable=False),
    Column("document_code", String, nullable=False),
    Column("name", String, nullable=False),
    Column("sha256", String),
    Column("size", Integer),
    Column("media_type", String),
    Column("is_gone", Boolean, nullable=False),
    Index("documents_of", "kiosk_id", "receipt_no"),
    Index("documents_with", "kiosk_id", "sha256"),
)

# Their content, each kiosk's own: ``held`` bytes of it are here, in pieces as they came.
files = Table(
    "files",
    metadata,
    Column("kiosk_id", String, primary_key=True),
    Column("sha256", String, primary_key=True),
    Column("held", Integer, nullable=False),
    Column("is_whole", Boolean, nullable=False),
    Column("touched_at", String, nullable=False, index=True),
)

file_pieces = Table(
    "file_pieces",
    metadata,
    Column("kiosk_id", String, primary_key=True),
    Column("sha256", String, primary_key=True),
    Column("offset", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

# Who signs in.
people = Table(
    "people",
    metadata,
    Column("login", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("role", String, CheckConstraint("role in ('operator', 'auditor')"), nullable=False),
    Column("password_hash", String, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("added_at", String, nullable=False),
)

# Wrong tries at the door, by account and the address that they came from: several processes have one door.
tries = Table(
    "tries",
    metadata,
    Column("login", String, primary_key=True),
    Column("address", String, primary_key=True),
    Column("wrong", Integer, nullable=False),
    Column("closed_until", String),
    Column("tried_at", String, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String, primary_key=True),
    Column("login", String, nullable=False, index=True),
    Column("csrf", String, nullable=False),
    Column("opened_at", String, nullable=False),
    Column("seen_at", String, nullable=False),
)

# What the people of the gateway did, for the auditor; it is only ever added to.
trail = Table(
    "trail",
    metadata,
    Column("no", Integer, primary_key=True, autoincrement=True),
    Column("at", String, nullable=False),
    Column("login", String, nullable=False),
    Column("act", String, nullable=False),
    Column("subject", String, nullable=False, index=True),
    Column("reason", String, nullable=False, default=""),
)

# One row a receipt number that the desk has accepted; ``sending`` is committed before the far side is asked.
forwards = Table(
    "forwards",
    metadata,
    Column("kiosk_id", String, primary_key=True),
    Column("receipt_no", String, primary_key=True),
    Column(
        "state",
        String,
        CheckConstraint("state in ('due', 'sending', 'done', 'refused', 'dropped')"),
        nullable=False,
    ),
    Column("due_at", String, nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    # The submission that was handed over last, and which revision of the form it was.
    Column("submission_id", String),
    Column("form_revision", Integer),
    Column("accepted_at", String, nullable=False),
    Index("forwards_due", "state", "due_at"),
)

# Every attempt to hand a dossier over, in order; never changed afterwards.
attempts = Table(
    "forward_attempts",
    metadata,
    Column("no", Integer, primary_key=True, autoincrement=True),
    Column("kiosk_id", String, nullable=False),
    Column("receipt_no", String, nullable=False),
    Column("submission_id", String, nullable=False),
    Column("began_at", String, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("outcome", String, CheckConstraint("outcome in ('taken', 'refused', 'later')"), nullable=False),
    Column("code", String, nullable=False),
    Index("attempts_of", "kiosk_id", "receipt_no"),
)

# When the far side may be asked again, by any process: one row.
meter = Table(
    "meter",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
    Column("next_at", String, nullable=False),
    Column("slow_tries", Integer, nullable=False, default=0),
)

notices = Table(
    "notices",
    metadata,
    Column("no", Integer, primary_key=True, autoincrement=True),
    Column("noted_at", String, nullable=False),
    Column("text", String, nullable=False),
)

# What kiosks seal to that have no line: one row.
stick_keys = Table(
    "stick_keys",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
    Column("private_key", LargeBinary, nullable=False),
    Column("made_at", String, nullable=False),
)
