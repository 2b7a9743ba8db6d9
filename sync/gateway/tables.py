"""Tables of the gateway: a new database gets these, one of an earlier release grows to them by `migrations`.

SQLAlchemy Core, one code path for SQLite (practice, demo) and PostgreSQL (a province). Times are UTC text of
`encoding.timestamp`, so that they compare as text on both. Bodies and pieces are sealed (`sealing`) byte for byte.
"""

from sqlalchemy import (
    BigInteger,
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
    Text,
    UniqueConstraint,
    false,
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
    # The last change that it has read; the difference to `last_seq` is its lag.
    Column("read_seq", Integer, nullable=False, default=0, server_default="0"),
    # How often its store was restored from a copy, by its last request; a machine with fewer was replaced.
    Column("restores", Integer, nullable=False, default=0, server_default="0"),
    # Whether its signature has covered that number: from then on an unsigned number raises it no more.
    Column("signs_restores", Boolean, nullable=False, default=False, server_default=false()),
    # The operators' name of the machine, such as where it stands.
    Column("label", String, nullable=False, default="", server_default=""),
)

codes = Table(
    "enrolment_codes",
    metadata,
    Column("code_hash", String, primary_key=True),
    Column("kiosk_id", String, nullable=False),
    Column("unit_code", String, nullable=False),
    Column("expires_at", String, nullable=False),
    Column("used_by", String),
    Column("may_replace", Boolean, nullable=False),
)

# Tries to enrol that did not succeed, by address (of IPv6, by network of 64 bits).
enrolment_tries = Table(
    "enrolment_tries",
    metadata,
    Column("address", String, primary_key=True),
    Column("wrong", Integer, nullable=False),
    Column("locked_until", String),
    Column("tried_at", String, nullable=False),
)

# Keys of status pages, as hashes alone; they are deleted with the content of their dossier.
status_keys = Table(
    "status_keys",
    metadata,
    Column("key_hash", String, primary_key=True),
    Column("kiosk_id", String, nullable=False),
    Column("receipt_no", String, nullable=False),
    # Of the key and the four digits together, because the digits alone could be tried out.
    Column("digits_hash", String, nullable=False),
    Column("wrong_digits", Integer, nullable=False),
    Index("status_keys_of", "kiosk_id", "receipt_no"),
)

# Unknown keys that an address (of IPv6, a network of 64 bits) has asked for, since the first one of its span.
status_tries = Table(
    "status_tries",
    metadata,
    Column("address", String, primary_key=True),
    Column("unknown", Integer, nullable=False),
    Column("began_at", String, nullable=False),
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
    # Number of its receiving in the kiosk's feed; null where that is a row of `changes`, like every later change.
    Column("taken_seq", Integer),
    # The first submission of its dossier; a correction belongs to the dossier of what it supersedes.
    Column("dossier_id", String, nullable=False, default="", server_default=""),
    # The state that the system behind the gateway reported last, and the one before it, with their times.
    Column("reported_code", Integer),
    Column("reported_at", String),
    Column("former_code", Integer),
    Column("former_at", String),
    Index("submissions_taken", "kiosk_id", "taken_seq"),
)

# The dossier of each receipt number: one, whichever machine of the kiosk has sent it.
receipt_numbers = Table(
    "receipt_numbers",
    metadata,
    Column("kiosk_id", String, primary_key=True),
    Column("receipt_no", String, primary_key=True),
    Column("dossier_id", String, nullable=False),
    # Day (YYMMDD) and sequence, as printed in the number.
    Column("day", String, nullable=False),
    Column("seq", Integer, nullable=False),
    # The last change of the dossier, from which the term of its content counts, and when the content was deleted.
    Column("touched_at", String, nullable=False, default="", server_default=""),
    Column("deleted_at", String),
    Index("numbers_touched", "touched_at"),
    Index("numbers_of_day", "kiosk_id", "day", "seq"),
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
    Column("reported_code", Integer),
    Column("reported_at", String),
    Column("former_code", Integer),
    Column("former_at", String),
)

# Submissions and events that were refused for good: their corrections need not wait.
refusals = Table(
    "refusals",
    metadata,
    Column("kiosk_id", String, primary_key=True),
    Column("subject", String, primary_key=True),
    Column("refused_at", String, nullable=False),
    # Places and codes of the contract only, never content.
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

# Documents of a dossier that are files, named by bodies and events of the desk. A removed one stays removed.
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

# Their files, for each kiosk: `held` bytes are stored, in the pieces that were received.
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

# Accounts of the gateway.
people = Table(
    "people",
    metadata,
    Column("login", String, primary_key=True),
    Column("name", String, nullable=False),
    Column(
        "role",
        String,
        CheckConstraint("role in ('viewer', 'operator', 'editor', 'approver', 'administrator')"),
        nullable=False,
    ),
    Column("password_hash", String, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("added_at", String, nullable=False),
    # Codes of units, or their beginnings up to a dot, between spaces; empty: every unit.
    Column("units", String, nullable=False, server_default=""),
)

# Second factors of accounts: the secret sealed, the last step of 30 seconds that was used, hashes of recovery codes.
second_factors = Table(
    "second_factors",
    metadata,
    Column("login", String, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("used_step", Integer, nullable=False),
    Column("recovery", Text, nullable=False),
)

# Failed sign-ins by account and address; in the store because several processes serve one sign-in.
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

# Acts of the gateway's accounts; rows are only added.
trail = Table(
    "trail",
    metadata,
    Column("no", Integer, primary_key=True, autoincrement=True),
    Column("at", String, nullable=False),
    Column("login", String, nullable=False),
    Column("act", String, nullable=False),
    Column("subject", String, nullable=False, index=True),
    Column("reason", String, nullable=False, default=""),
    # Seals the line to the one before it (`trail_chain`); empty in lines of before the chain.
    Column("mac", String, nullable=False, server_default=""),
)

# One row for each receipt number that the desk has accepted; `sending` is committed before the target is asked.
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
    # The submission that was forwarded last, and its revision of the form.
    Column("submission_id", String),
    Column("form_revision", Integer),
    Column("accepted_at", String, nullable=False),
    # The submission that the desk accepted last: the latest revision of its dossier is forwarded.
    Column("accepted_id", String, nullable=False, default="", server_default=""),
    # What is missing before anything can be sent: official-number, procedure, unit and others; empty for nothing.
    Column("waits_for", String, nullable=False, default="", server_default=""),
    # Number of the present or last attempt; unlike `tries` it never starts again, so that an old attempt holds nothing.
    Column("lease_no", Integer, nullable=False, default=0, server_default="0"),
    # When the system is asked next for the state of a forwarded dossier; null when it is asked no more.
    Column("states_due_at", String, index=True),
    Index("forwards_due", "state", "due_at"),
)

# Steps of a dossier at a forward target: each is begun before its request. `doubtful`: it may be there, and the system
# has no way to show it.
forward_steps = Table(
    "forward_steps",
    metadata,
    Column("no", Integer, primary_key=True, autoincrement=True),
    Column("target", String, nullable=False),
    Column("kiosk_id", String, nullable=False),
    Column("receipt_no", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("step", String, nullable=False),
    # `replaced`: another version of its kind was begun since.
    Column(
        "state",
        String,
        CheckConstraint("state in ('begun', 'done', 'replaced', 'doubtful')"),
        nullable=False,
    ),
    Column("tries", Integer, nullable=False),
    Column("begun_at", String, nullable=False),
    Column("done_at", String),
    Column("code", String, nullable=False, default="", server_default=""),
    # Id or number of the other side.
    Column("fact", String, nullable=False, default="", server_default=""),
    Column("official_no", String),
    # What the other side said; deleted with the content of the dossier.
    Column("words", String, nullable=False, default="", server_default=""),
    UniqueConstraint("target", "kiosk_id", "receipt_no", "step"),
    Index("forward_steps_of", "kiosk_id", "receipt_no"),
)

# Every attempt to forward a dossier, in order; rows are only added.
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

# When any process may forward again: one row.
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

# Proof of the key that seals bodies and files: one row.
seal_checks = Table(
    "seal_checks",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)

# The last line of each kiosk's audit trail, and the last alarm about the trail.
audit_heads = Table(
    "audit_heads",
    metadata,
    Column("kiosk_id", String, primary_key=True),
    Column("lines", Integer, nullable=False),
    Column("digest", String, nullable=False),
    # When the batch that showed this line was signed.
    Column("seen_at", String, nullable=False),
    Column("alarm", String, CheckConstraint("alarm in ('shorter', 'forked')")),
    Column("alarmed_at", String),
)

# Opinions of citizens: the report of each kiosk and month, as JSON without identity.
opinion_reports = Table(
    "opinion_reports",
    metadata,
    Column("kiosk_id", String, primary_key=True),
    Column("month", String, primary_key=True),
    Column("content", Text, nullable=False),
    Column("received_at", String, nullable=False),
)

# The last report of each kiosk about itself, as JSON: release, alarms by code, queue, copy, disk, clock.
kiosk_reports = Table(
    "kiosk_reports",
    metadata,
    Column("kiosk_id", String, primary_key=True),
    Column("content", Text, nullable=False),
    Column("received_at", String, nullable=False),
)

# What the procedures of each kiosk's ward need, as JSON: the public pages show the list of one kiosk of a ward.
need_lists = Table(
    "need_lists",
    metadata,
    Column("kiosk_id", String, primary_key=True),
    Column("unit_code", String, nullable=False, index=True),
    # Of the list as it was sent, also of members that are not stored.
    Column("digest", String, nullable=False),
    Column("content", Text, nullable=False),
    Column("received_at", String, nullable=False),
    # When a report of the kiosk named this list last.
    Column("confirmed_at", String, nullable=False),
)

# The queue of each kiosk, as JSON: numbers with their forms' receipt numbers, and the calls of now.
queues = Table(
    "queues",
    metadata,
    Column("kiosk_id", String, primary_key=True),
    Column("content", Text, nullable=False),
    Column("posted_at", String, nullable=False),
)

# The key that kiosks seal parcels on USB sticks to: one row.
stick_keys = Table(
    "stick_keys",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
    Column("private_key", LargeBinary, nullable=False),
    Column("made_at", String, nullable=False),
)

# Bank accounts of wards; the secret that their bank signs notices with is sealed.
payment_accounts = Table(
    "payment_accounts",
    metadata,
    Column("account_id", String, primary_key=True),
    Column("unit_code", String, nullable=False),
    Column("account_no", String, nullable=False),
    Column("sealed_secret", LargeBinary, nullable=False),
    Column("added_at", String, nullable=False),
    Column("ended_at", String),
)

# Movements on these accounts, without the text of the transfer and without anything of a payer.
payment_notices = Table(
    "payment_notices",
    metadata,
    Column("account_id", String, primary_key=True),
    Column("reference", String, primary_key=True),
    Column("kiosk_id", String, nullable=False),
    # Of the kiosk's changes.
    Column("seq", Integer, nullable=False),
    Column("payment_key", String),
    # The receipt number that a slip of an earlier release has in its text.
    Column("hint", String),
    Column("direction", String, CheckConstraint("direction in ('in', 'out')"), nullable=False),
    Column("amount", BigInteger, CheckConstraint("amount > 0"), nullable=False),
    Column("booked_at", String, nullable=False),
    Column("received_at", String, nullable=False),
    Column("source", String, CheckConstraint("source in ('notice', 'statement')"), nullable=False),
    # When a statement had it.
    Column("stated_at", String),
    UniqueConstraint("kiosk_id", "seq"),
)
