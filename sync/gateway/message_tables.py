"""Tables of the messages to phones: consents, the ledger, and the tokens of providers.

Importing any module of the package imports this one too, through `sync.gateway`, so `metadata` always has its tables.
"""

from sqlalchemy import CheckConstraint, Column, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from sync.gateway.tables import metadata

# Consents to messages, the newest of each dossier. The number is sealed. It is empty after its term, after the end of
# the consent, and with the fault that keeps it from messages.
message_consents = Table(
    "message_consents",
    metadata,
    Column("kiosk_id", String, primary_key=True),
    Column("receipt_no", String, primary_key=True),
    Column("phone", LargeBinary, nullable=False),
    Column("fault", String, nullable=False),
    # Separated by blanks.
    Column("occasions", String, nullable=False),
    Column("agreed_at", String, nullable=False),
    # What the citizen has read.
    Column("words", Text, nullable=False),
    # How it was given: form, touchscreen, desk.
    Column("way", String, nullable=False, server_default="form"),
    # Empty while messages may be sent.
    Column("ended_at", String, nullable=False, server_default=""),
)

# Messages to phones, each sent at most once. `unsure`: it may have arrived, and is never sent again.
messages = Table(
    "messages",
    metadata,
    Column("no", Integer, primary_key=True, autoincrement=True),
    Column("kiosk_id", String, nullable=False),
    Column("receipt_no", String, nullable=False),
    Column("occasion", String, nullable=False),
    # The event of an occasion that a dossier can have again; 0 for the others.
    Column("event_seq", Integer, nullable=False),
    # The day of the result that the message says; empty where it says none, and after the term.
    Column("day", String, nullable=False),
    Column(
        "state",
        String,
        CheckConstraint("state in ('due', 'sending', 'sent', 'refused', 'unsure', 'dropped')"),
        nullable=False,
    ),
    Column("code", String, nullable=False),
    Column("tries", Integer, nullable=False),
    # Number of the present or last claim.
    Column("lease_no", Integer, nullable=False),
    # When the desk did what it tells.
    Column("planned_at", String, nullable=False),
    Column("due_at", String, nullable=False),
    # The sender of the last attempt.
    Column("sender", String, nullable=False),
    Column("changed_at", String, nullable=False),
    UniqueConstraint("kiosk_id", "receipt_no", "occasion", "event_seq"),
    Index("messages_due", "state", "due_at"),
)

# Tokens of message providers, sealed: an access token, and the refresh token that has not been used.
message_tokens = Table(
    "message_tokens",
    metadata,
    Column("sender", String, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    # Of the refresh token in the file: a token that was put there later is used in place of the stored one.
    Column("first_hash", String, nullable=False),
    # Until when no other process refreshes; empty when none does.
    Column("refreshing_until", String, nullable=False),
)
