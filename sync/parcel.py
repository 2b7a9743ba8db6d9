"""What is sent to a portal and what comes back, as plain values.

A parcel carries the bytes that were frozen at Submit, never a rendering of them: ``digest`` is the SHA-256 of exactly
``body``, and a portal's word counts for a parcel only when it names that digest.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["submission", "event"]
OutcomeKind: TypeAlias = Literal["created", "duplicate", "conflict", "invalid", "retry", "wait", "lost"]
Presence: TypeAlias = Literal["present", "absent", "different", "cannot_tell"]


@dataclass(frozen=True)
class Subject:
    """What an outbox row is about: a reference, nothing personal."""

    id: str
    kind: Kind


@dataclass(frozen=True)
class Parcel:
    """A submission on its way; ``body`` is JSON text in UTF-8, ``digest`` its SHA-256 in hex.

    ``is_heir``: what it supersedes was set aside at the kiosk and may never come.
    """

    submission_id: str
    digest: str
    body: bytes
    receipt_no: str
    supersedes: str | None = None
    is_heir: bool = False

    @property
    def subject(self) -> Subject:
        """Name the outbox row that this settles."""
        return Subject(self.submission_id, "submission")


@dataclass(frozen=True)
class Event:
    """An act of the desk on its way; ``body`` is the contract's Event as JSON in UTF-8, ``digest`` its SHA-256.

    ``gone``: the numbers of earlier acts on the same receipt that were set aside at the kiosk and may never come.
    """

    event_id: str
    submission_id: str
    seq: int
    digest: str
    body: bytes
    gone: tuple[int, ...] = ()

    @property
    def subject(self) -> Subject:
        """Name the outbox row that this settles."""
        return Subject(self.event_id, "event")


Load: TypeAlias = Parcel | Event


def is_whole(load: Load) -> bool:
    """Tell whether the bytes still are those that were frozen, and JSON."""
    try:
        json.loads(load.body.decode())
    except ValueError:
        return False
    return sha256(load.body) == load.digest


def sha256(body: bytes) -> str:
    """Give the SHA-256 of bytes in hex."""
    return hashlib.sha256(body).hexdigest()


@dataclass(frozen=True)
class FieldError:
    """What a portal finds wrong; ``message`` may quote an answer, so it is as personal as the body."""

    pointer: str
    code: str
    message: str


@dataclass(frozen=True)
class Receipt:
    """A portal's word on a submission; ``revision`` counts its changes, ``status_code`` is 1 to 10 (may go back)."""

    submission_id: str
    digest: str
    received_at: str
    revision: int
    status_code: int
    official_no: str | None = None
    due_at: str | None = None
    note: str = ""
    missing_files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What became of one subject; ``receipt`` is absent when it says nothing newer than what was applied before.

    ``lost`` comes from an audit only: it was delivered, the portal was restored, and it is on its way again.
    """

    kind: OutcomeKind
    receipt: Receipt | None = None
    errors: tuple[FieldError, ...] = ()
    retry_after: int | None = None

    @property
    def is_taken(self) -> bool:
        """Tell whether the portal has it."""
        return self.kind in ("created", "duplicate")

    @property
    def is_refused(self) -> bool:
        """Tell whether the portal will never take it as it is."""
        return self.kind in ("conflict", "invalid")


@dataclass(frozen=True)
class Hello:
    """A portal's greeting: its time, its epoch, its limits.

    ``bytes_limit`` counts a request before gzip, ``audit_limit`` how many may be asked about in one audit.
    """

    epoch: str
    server_time: datetime
    is_maintenance: bool
    batch_limit: int
    bytes_limit: int
    audit_limit: int = 1000


@dataclass(frozen=True)
class Sent:
    """The results of one batch by subject id; an id that is absent is unknown."""

    epoch: str
    outcomes: Mapping[str, Outcome]


@dataclass(frozen=True)
class Audit:
    """Which of the asked ids the portal lacks, and which it holds with another digest."""

    epoch: str
    missing: frozenset[str]
    different: frozenset[str]


@dataclass(frozen=True)
class Page:
    """A page of the changes feed and the cursor behind it."""

    epoch: str
    receipts: tuple[Receipt, ...]
    cursor: str
    has_more: bool


@dataclass(frozen=True)
class Piece:
    """A run of a file's bytes; ``is_last``: with it the file is whole, and the portal is to check its hash."""

    offset: int
    content: bytes
    is_last: bool

    @property
    def end(self) -> int:
        """Give where the next piece begins."""
        return self.offset + len(self.content)


@dataclass(frozen=True)
class Held:
    """How much of a file a portal holds of this kiosk; ``is_whole``: all of it, and its hash was found right."""

    epoch: str
    offset: int
    is_whole: bool


def stamp(at: datetime) -> str:
    """Write an aware time as UTC text of one width, so that text order is time order."""
    if at.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored")
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
