"""Value types exchanged with a portal: payloads, outcomes, receipts, pages of the feed.

A payload is a `Parcel` (a submission) or an `Event` of the desk. The parcel on a USB stick is another thing: a sealed
file with many payloads (`sync.usb`).

A parcel carries the bytes that were frozen at Submit, never a rendering of them: `digest` is the SHA-256 of exactly
`body`, and a portal's result counts for a parcel only when it names that digest.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from sync.encoding import sha256_hex

SubjectKind: TypeAlias = Literal["submission", "event"]
OutcomeKind: TypeAlias = Literal["created", "duplicate", "conflict", "invalid", "retry", "wait", "lost"]
Presence: TypeAlias = Literal["present", "absent", "different", "cannot_tell"]


@dataclass(frozen=True)
class Subject:
    """Reference to the submission or event of an outbox row; nothing personal."""

    id: str
    kind: SubjectKind


@dataclass(frozen=True)
class Parcel:
    """A submission to deliver; `body` is JSON text in UTF-8, `digest` its SHA-256 in hex.

    `is_predecessor_refused`: the submission that it supersedes is in the state `refused` here and may never arrive.
    """

    submission_id: str
    digest: str
    body: bytes
    receipt_no: str
    supersedes: str | None = None
    is_predecessor_refused: bool = False

    @property
    def subject(self) -> Subject:
        """Return the subject of the outbox row that this settles."""
        return Subject(self.submission_id, "submission")


@dataclass(frozen=True)
class Event:
    """An event of the desk to deliver; `body` is the contract's Event as JSON in UTF-8, `digest` its SHA-256.

    `skipped_seqs`: the numbers of earlier events of the same receipt that are refused here and may never arrive.
    """

    event_id: str
    submission_id: str
    seq: int
    digest: str
    body: bytes
    skipped_seqs: tuple[int, ...] = ()

    @property
    def subject(self) -> Subject:
        """Return the subject of the outbox row that this settles."""
        return Subject(self.event_id, "event")


Payload: TypeAlias = Parcel | Event


def is_whole(payload: Payload) -> bool:
    """Return whether the bytes are JSON and still have the frozen digest."""
    try:
        json.loads(payload.body.decode())
    except ValueError:
        return False
    return sha256_hex(payload.body) == payload.digest


@dataclass(frozen=True)
class FieldError:
    """An error that a portal reports; `message` may quote an answer, so it is as personal as the body."""

    pointer: str
    code: str
    message: str


@dataclass(frozen=True)
class ReportedState:
    """A state (1 to 10) at the system behind the gateway, and the one before it; times are RFC 3339."""

    code: int
    at: str
    former_code: int | None = None
    former_at: str | None = None


@dataclass(frozen=True)
class Receipt:
    """The portal's state of a submission; `revision` counts its changes, `status_code` is 1 to 10 and may go back."""

    submission_id: str
    digest: str
    received_at: str
    revision: int
    status_code: int
    official_no: str | None = None
    due_at: str | None = None
    note: str = ""
    missing_files: tuple[str, ...] = ()
    reported: ReportedState | None = None


@dataclass(frozen=True)
class Outcome:
    """The result for one subject; `receipt` is None when it is not newer than the one applied before.

    No portal sends `lost`. The engine uses it when an audit, or a `wait` for a predecessor, shows that the portal no
    longer has a delivered subject, which is queued again.
    """

    kind: OutcomeKind
    receipt: Receipt | None = None
    errors: tuple[FieldError, ...] = ()
    retry_after: int | None = None

    @property
    def is_taken(self) -> bool:
        """Return whether the portal has it."""
        return self.kind in ("created", "duplicate")

    @property
    def is_refused(self) -> bool:
        """Return whether the portal will never take it as it is."""
        return self.kind in ("conflict", "invalid")


@dataclass(frozen=True)
class Hello:
    """A portal's greeting: its time, epoch and limits.

    `bytes_limit` is the size of a request before gzip, `audit_limit` the number of ids in one audit request,
    `minimum_version` the oldest release whose submissions are taken (empty: each). `signs_restores`: a signature to it
    may cover the number of restores.
    """

    epoch: str
    server_time: datetime
    is_maintenance: bool
    batch_limit: int
    bytes_limit: int
    audit_limit: int = 1000
    minimum_version: str = ""
    signs_restores: bool = False


@dataclass(frozen=True)
class Sent:
    """The results of one batch by subject id; an id that is absent is unknown."""

    epoch: str
    outcomes: Mapping[str, Outcome]


@dataclass(frozen=True)
class Audit:
    """Result of an audit request: the ids that the portal lacks, and those it holds with another digest."""

    epoch: str
    missing: frozenset[str]
    different: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class PaymentNotice:
    """A movement on the ward's bank account; `account` and `reference` together are its identity.

    Attributes:
        direction: "out" is money that was paid back.
        amount: whole dong, always positive.
        key: the payment key in the text of the transfer; empty where there was no single one.
        hint: the receipt number in the text of an older slip, for people; nothing is matched by it.
    """

    account: str
    reference: str
    direction: Literal["in", "out"]
    amount: int
    booked_at: datetime
    received_at: datetime
    source: Literal["notice", "statement"]
    key: str = ""
    hint: str = ""


@dataclass(frozen=True)
class FeedPage:
    """A page of the changes feed, and the cursor of the next page."""

    epoch: str
    receipts: tuple[Receipt, ...]
    cursor: str
    has_more: bool
    payments: tuple[PaymentNotice, ...] = ()


@dataclass(frozen=True)
class FileChunk:
    """A chunk of a file; `is_last`: it completes the file, and the portal checks the hash."""

    offset: int
    content: bytes
    is_last: bool

    @property
    def end(self) -> int:
        """Return the offset of the next chunk."""
        return self.offset + len(self.content)


@dataclass(frozen=True)
class FileProgress:
    """How many bytes of a file the portal holds of this kiosk; `is_whole`: all of them, with the right hash."""

    epoch: str
    offset: int
    is_whole: bool
