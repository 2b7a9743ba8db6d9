"""Interfaces of a portal, the record of its capabilities, and the options that open one.

An adapter translates its library's exceptions into those of `sync.errors`, and answers **by subject id**: a result
that cannot be matched to an id does not count. It keeps no state that must survive a restart.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal, Protocol

from sync.parcel import Audit, FeedPage, FileChunk, FileProgress, Hello, Payload, Presence, Receipt, Sent
from sync.portals.eforms import EFormSite
from sync.portals.need_list import NeedList


@dataclass(frozen=True, kw_only=True)
class PortalKind:
    """Capabilities of a kind of portal; the kiosk asks for these, never for the name of the kind.

    Attributes:
        module: full name of the module with `open_portal(options)`; empty: forms stay at the kiosk.
        takes_events: it takes the events of the desk.
        takes_files: it takes scans after their forms; its adapter is a `TakesFiles`.
        takes_usb_parcels: it takes parcels on USB sticks, sealed to its stick key.
        has_feed: it reports later changes of a submission by itself; otherwise `changes` is not called.
        knows_numbers: it tells the highest receipt numbers of the kiosk; its adapter is a `KnowsNumbers`.
        takes_reports: it takes the state of the kiosk; its adapter is a `TakesReports`.
        can_be_enrolled: it knows the kiosk by a key that was enrolled with a code; its adapter is an `EnrollingPortal`.
        has_status_pages: it shows the state of a dossier to whoever has the code of its slip (`statusPage` of a body),
            with its place in the queue, and what procedures need to anybody; its adapter is a `TakesNeedLists` and
            a `TakesQueue`.
        needs_eforms: it takes only procedures with an `[[eform]]`, and needs the section `[opencps]`.
        is_stepwise: its adapter is a `StepwisePortal`.
    """

    module: str = ""
    takes_events: bool = False
    takes_files: bool = False
    takes_usb_parcels: bool = False
    has_feed: bool = False
    knows_numbers: bool = False
    takes_reports: bool = False
    can_be_enrolled: bool = False
    has_status_pages: bool = False
    needs_eforms: bool = False
    is_stepwise: bool = False

    @property
    def takes_forms(self) -> bool:
        """Return whether there is a portal at all."""
        return bool(self.module)


@dataclass(frozen=True)
class AuditHead:
    """A line of the kiosk's audit trail: its number, and its digest over all lines up to it."""

    count: int
    digest: str


@dataclass(frozen=True)
class OpinionGroup:
    """Opinions of a procedure, or (empty) of all small groups: answers by face, and pages that nobody answered."""

    procedure: str
    faces: tuple[int, ...]
    unanswered: int


@dataclass(frozen=True)
class OpinionReport:
    """Opinions of citizens in a month, such as 2026-10, without identity."""

    month: str
    groups: tuple[OpinionGroup, ...]
    words: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class PortalOptions:
    """Everything that a portal may be opened with; each kind uses its part.

    Attributes:
        url: address of the portal.
        kiosk_id: id of this kiosk.
        key: returns the 32-byte seed of the kiosk's Ed25519 key.
        nonce: returns a new nonce for each request.
        eforms: returns the e-forms of the ward and its account at the portal.
        ca: certificate file of the portal's own CA.
        seconds: limit for one exchange, from connecting to the last byte of the answer.
        release: number of the kiosk's release; empty: not told.
        audit_head: returns the last line of the kiosk's audit trail, or a line by its number.
        opinions: returns the report of the month after the one that the portal has; empty for none.
        restores: how often the kiosk's store was restored from a copy.
    """

    url: str
    kiosk_id: str
    key: Callable[[], bytes]
    nonce: Callable[[], str]
    eforms: Callable[[], EFormSite] | None = None
    ca: Path | None = None
    seconds: float = 60.0
    release: str = ""
    audit_head: Callable[[int | None], AuditHead | None] | None = None
    opinions: Callable[[str], OpinionReport | None] | None = None
    restores: int = 0


class Portal(Protocol):
    """A portal as the engine uses it; every method may raise `sync.errors.SyncError`."""

    @property
    def is_repeatable(self) -> bool:
        """Return whether sending twice is the verification; otherwise an unknown row is verified first."""

    def hello(self) -> Hello:
        """Return the portal's greeting."""

    def send(self, payloads: Sequence[Payload]) -> Sent:
        """Send payloads of one kind, in this order."""

    def verify(self, payload: Payload) -> Presence:
        """Return whether the portal has exactly this payload."""

    def missing(self, known: Sequence[tuple[str, str]], events: Sequence[str]) -> Audit:
        """Return which of these submissions (id, digest) the portal lacks or holds with another digest; at most 1,000.

        A portal that can tell it also returns the `events` of these submissions that it lacks; at most 1,000 ids.
        """

    def changes(self, cursor: str | None) -> FeedPage:
        """Return the next page of the changes feed.

        Raises:
            Restored: the portal does not know the cursor.
        """

    def close(self) -> None:
        """Close the connection."""


class EnrollingPortal(Portal, Protocol):
    """A portal that knows kiosks by an enrolled key."""

    def enrol(self, code: str, unit_code: str) -> str:
        """Enrol the key that the portal was opened with, by a one-time code; return its keyid.

        Raises:
            EnrolmentRefused: the portal refused the code.
        """


@dataclass(frozen=True)
class KnownNumbers:
    """The highest receipt number of each recent day that the portal knows of this kiosk."""

    epoch: str
    highest: Mapping[date, int]


class KnowsNumbers(Protocol):
    """A portal that knows the receipt numbers of a kiosk, whichever machine has sent them."""

    def numbers(self) -> KnownNumbers:
        """Return the highest receipt number of each recent day."""


@dataclass(frozen=True)
class ReportedAlarm:
    """An alarm of a kiosk: its code, its state, and what its printers report."""

    code: str
    state: str
    causes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReportedUpdate:
    """The last update of a kiosk: a version, in which attempt, and how it ended; `code` says why it failed."""

    state: str
    target: str
    attempt: int = 1
    code: str = ""


@dataclass(frozen=True, kw_only=True)
class ReportedVoice:
    """A voice of the province that a kiosk uses, such as `vi-hue`, and its version."""

    voice: str
    version: str


@dataclass(frozen=True, kw_only=True)
class ReportedDay:
    """The opening hours of a day, as spans such as `07:00-11:30`; none: the counter is closed."""

    day: date
    spans: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ReportedOffice:
    """What the status page of a dossier says about the counter: telephone number and the hours of the next days."""

    hotline: str
    days: tuple[ReportedDay, ...]


@dataclass(frozen=True, kw_only=True)
class KioskReport:
    """State of a kiosk without anything about a person; ages instead of times, because its clock may be wrong.

    Attributes:
        release: version of the program.
        content: version of procedures, fees, wards and holidays.
        ward_name: name of the ward; empty while it is not set.
        alarms: results of its checks that have a code.
        waiting: number of forms and acts that are not sent yet.
        oldest_seconds: age of the oldest of them.
        unknown_papers: papers of which nobody knows whether they came out.
        copy_seconds: age of the last backup; None without one.
        disk_free_mb: free space of the data folder, in megabytes.
        clock_offset: portal minus kiosk in seconds; None before the first greeting.
        update: the last update; None where there was none.
        voices: the voices of the province in use.
        office: the ward's counter; None where slips have no address of a status page.
        need_list: digest of the list of what the ward's procedures need; empty where the kiosk has none.
        trail_held: number of the line of the portal's trail that the kiosk keeps, 0 for none; None: not told.
    """

    release: str
    content: str
    ward_name: str
    alarms: tuple[ReportedAlarm, ...]
    waiting: int
    oldest_seconds: int
    unknown_papers: int
    copy_seconds: int | None
    disk_free_mb: int
    clock_offset: int | None
    update: ReportedUpdate | None = None
    voices: tuple[ReportedVoice, ...] = ()
    office: ReportedOffice | None = None
    need_list: str = ""
    trail_held: int | None = None


@dataclass(frozen=True, kw_only=True)
class PortalOpening:
    """An operator of the portal has opened the body of a form; `at` is UTC text, `reason` in the operator's words."""

    at: str
    submission_id: str
    receipt_no: str
    login: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class PortalTrail:
    """A line of the trail of the portal's operators.

    Attributes:
        no: number of the line.
        digest: digest of the line, over all lines up to it.
        held: digest of the line that the kiosk keeps; None where the portal has no such line.
        openings: bodies of the kiosk's forms that were opened after the line that it keeps, up to this one.
    """

    no: int
    digest: str
    held: str | None
    openings: tuple[PortalOpening, ...]


@dataclass(frozen=True, kw_only=True)
class EndedConsent:
    """End of a consent to messages, as a portal tells of it."""

    receipt_no: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class MessageMonth:
    """Messages of the ward in a month (2026-11): sent, and refused or perhaps arrived; the cost in đồng, 0 unknown."""

    month: str
    sent: int
    unsent: int
    cost: int


@dataclass(frozen=True)
class ReportAnswer:
    """Answer to a report.

    Attributes:
        epoch: name of the portal's store.
        release: the releases that the kiosk may take, unchecked; None from a portal that takes no reports.
        need_list: digest of the list that the portal has of this kiosk, empty for none; None where it takes no lists.
        trail: a line of the portal's trail; None from a portal that shows none.
        sends_messages: the portal sends messages to phones.
        message_month: this month's messages; None from an older portal, or one that sends none.
        ended_consents: consents to messages that have ended lately, on the status page too.
    """

    epoch: str
    release: Mapping[str, object] | None
    need_list: str | None = None
    trail: PortalTrail | None = None
    sends_messages: bool = False
    message_month: MessageMonth | None = None
    ended_consents: tuple[EndedConsent, ...] = ()


class TakesReports(Protocol):
    """A portal that takes the state of a kiosk."""

    def report(self, report: KioskReport) -> ReportAnswer:
        """Send a report; it replaces the one before."""


class TakesNeedLists(Protocol):
    """A portal that shows at home what the procedures of a ward need."""

    def put_need_list(self, need_list: NeedList) -> str:
        """Send the list of the ward; it replaces the one before. Return the name of the portal's store."""


@dataclass(frozen=True, kw_only=True)
class PostedCall:
    """A ticket that is called to a counter or served there."""

    label: str
    counter: int


@dataclass(frozen=True, kw_only=True)
class PostedTicket:
    """A ticket with a form that is not at its counter yet.

    Attributes:
        label: such as C012.
        receipt_no: the form's number.
        state: waiting; called: awaited at `counters[0]`; absent: nobody came; held: its citizen fetches a paper.
        ahead: calls before it.
        minutes: how long it still waits, as a range; None where that cannot be estimated.
        counters: the open counters that may call it.
    """

    label: str
    receipt_no: str
    state: Literal["waiting", "called", "absent", "held"]
    ahead: int = 0
    minutes: tuple[int, int] | None = None
    counters: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PostedQueue:
    """The queue of a kiosk, without anything about a person."""

    calls: tuple[PostedCall, ...]
    tickets: tuple[PostedTicket, ...]


class TakesQueue(Protocol):
    """A portal that takes the numbers that wait for a counter."""

    def post_queue(self, queue: PostedQueue) -> bool:
        """Send the queue, which replaces the one before; return False when the portal takes none: an older one."""


class TakesFiles(Protocol):
    """A portal that takes files after their forms, in chunks, named by their SHA-256 (64 hex digits)."""

    def held(self, sha256: str) -> FileProgress:
        """Return how much of a file the portal holds."""

    def append(self, sha256: str, chunk: FileChunk) -> FileProgress:
        """Send a chunk, and return how much the portal holds now.

        Raises:
            BadRequestBody: the hash of the whole file was wrong.
        """


@dataclass(frozen=True)
class StepRefused:
    """A portal's refusal of one step; `words` are for the officer, `is_final`: a retry would be refused too."""

    code: str
    words: str
    is_final: bool


class StepwisePortal(Protocol):
    """A portal that takes a submission in steps that can be verified; `StepwiseAdapter` makes it a `Portal`.

    `facts` holds the results of the steps before: ids and numbers of the portal, never anything personal.
    """

    @property
    def epoch(self) -> str:
        """Return the name of the portal's store."""

    def hello(self) -> Hello:
        """Return the portal's greeting; its batch limit is 1."""

    def plan(self, payload: Payload) -> Sequence[str] | StepRefused:
        """Return the names of the steps, in order."""

    def do(self, payload: Payload, step: str, facts: Mapping[str, str]) -> str | StepRefused:
        """Do a step; return the fact that later steps need."""

    def verify(self, payload: Payload, step: str, facts: Mapping[str, str]) -> Presence:
        """Return whether the portal shows a step."""

    def receipt(self, payload: Payload, facts: Mapping[str, str]) -> Receipt:
        """Return the receipt of a submission whose steps are all done."""

    def missing(self, known: Sequence[tuple[str, str]]) -> Audit:
        """Return which of these (id, digest) the portal lacks or holds with other content."""

    def close(self) -> None:
        """Close the connection."""
