"""Current case of an officer: the right to act on it, its opened form, doubts, papers and scans.

An officer may act on a submission while its ticket is at their counter, or for ten minutes after a look-up with a
reason. A page that shows or changes a case asks here first, and then only renders.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from flask import g, request, url_for
from sqlite_utils import Database

import sync.file_outbox
from kiosk.base import clock
from kiosk.base.errors import NotAllowed, NotFound
from kiosk.dossiers import checklist
from kiosk.dossiers.opened import OpenedSubmission, open_submission
from kiosk.pages.access import context
from kiosk.pages.officer.case.form_view import FormView, doubts_of, form_view
from kiosk.pages.officer.session.blueprint import counter, sitting
from kiosk.procedures.model import PaperToBring
from kiosk.records import inspections, openings, scans, staff, submissions, tickets
from kiosk.records.openings import Opening, OpeningReason
from kiosk.records.scans import Scan
from kiosk.records.submissions import Submission
from kiosk.records.tickets import Ticket

OPENING_REASONS: dict[OpeningReason, str] = {
    "hand_out": "Trả kết quả đã hẹn",
    "asked": "Người dân hỏi hồ sơ của mình",
    "paper": "Người dân mang thêm giấy",
    "check": "Soát lại việc đã làm ở quầy",
    "authority": "Cơ quan có thẩm quyền yêu cầu",
    "other": "Việc khác",
}
PAPER_KINDS = {"nop": "nộp", "xuat_trinh": "đưa xem", "ghi_to_khai": "ký trên tờ khai"}


@dataclass(frozen=True)
class ScanCount:
    """Number of scans of a paper; `refused`: to be scanned again, refused by the portal or unreadable.

    `photographed` and `scanned`: by the citizen at the touchscreen, with the camera or the paper scanner.
    """

    total: int = 0
    refused: int = 0
    photographed: int = 0
    scanned: int = 0

    @property
    def words(self) -> str:
        """The numbers in words; empty without scans."""
        if not self.total:
            return ""
        parts = [f"{self.total} bản chụp"]
        if self.by_citizen:
            parts.append(self.citizen_words)
        if self.refused:
            parts.append(f"{self.refused} bản phải chụp lại")
        return ", ".join(parts)

    @property
    def by_citizen(self) -> int:
        """Number of those that the citizen took."""
        return self.photographed + self.scanned

    @property
    def citizen_words(self) -> str:
        """Words for camera and paper scanner, with a number unless all scans came in one way; empty without any."""
        ways = {"tự chụp": self.photographed, "tự quét": self.scanned}
        taken = {way: count for way, count in ways.items() if count}
        parts = [way if count == self.total else f"{way} {count}" for way, count in taken.items()]
        return f"người dân {', '.join(parts)}" if parts else ""

    def plus(self, scan: Scan, *, is_refused: bool = False) -> "ScanCount":
        """Return the numbers with a scan more."""
        is_citizens = scan.actor == scans.CITIZEN
        return ScanCount(
            total=self.total + 1,
            refused=self.refused + is_refused,
            photographed=self.photographed + (is_citizens and not scan.is_scanned),
            scanned=self.scanned + (is_citizens and scan.is_scanned),
        )


SUBMITTED = checklist.HANDED_IN
"""Kind of a paper that stays at the office."""


@dataclass(frozen=True)
class CasePaperRow:
    """A paper that the form asks for; `by` is who inspected it and when."""

    id: str
    name: str
    kind: str
    is_optional: bool
    is_submitted: bool
    """It stays at the office; a paper that is shown is seen and given back."""
    is_copy: bool
    """It is submitted as a copy: no further copy is taken."""
    is_seen: bool
    is_copied: bool
    sheets: int
    by: str
    scans: ScanCount


@dataclass(frozen=True)
class CasePapers:
    """Papers and notes of a case; `lacking` counts required papers not seen yet, `others` scans of no listed paper."""

    rows: tuple[CasePaperRow, ...]
    lacking: int
    notes: tuple[tuple[str, str], ...]
    others: ScanCount


@dataclass(frozen=True)
class CaseAccess:
    """Right of the officer to act on a submission now: by its ticket at the counter, or by an opening."""

    submission: Submission
    ticket: Ticket | None
    opening: Opening | None

    @property
    def until(self) -> str:
        """End of the opening, as 8:41; empty at the counter."""
        return f"{clock.local(self.opening.closes_at):%H:%M}" if self.opening else ""

    @property
    def seconds_left(self) -> int:
        """Seconds until the opening ends; 0 at the counter, where there is no end."""
        left = (self.opening.closes_at - context().clock.now()).total_seconds() if self.opening else 0
        return max(0, round(left))

    def url(self, message: str | None = None) -> str:
        """Return the URL of the case: the desk, its own page where it was opened, or its row in the work list."""
        if request.form.get("from") == "work":
            return url_for(
                "officer.work",
                row=self.submission.id,
                said=message,
                all=request.form.get("all") or None,
                only=request.form.get("only") or None,
                _anchor="opened",
            )
        if self.ticket is not None:
            return url_for("officer.desk", said=message)
        return url_for("officer.case", submission_id=self.submission.id, said=message)


@dataclass(frozen=True)
class CurrentCase:
    """A case that the officer may act on now, with its form opened."""

    access: CaseAccess
    opened: OpenedSubmission

    @property
    def handle(self) -> str:
        """Id in the addresses of the case's pages: of the ticket at the counter, else of the opened submission."""
        return self.access.ticket.id if self.access.ticket else self.access.submission.id

    @cached_property
    def form(self) -> FormView:
        """The form, with links to correct it for an officer who sits at a counter."""
        return form_view(self.opened, self.handle if sitting().counter is not None else "")

    @cached_property
    def doubts(self) -> list[str]:
        """Lines about what to ask the citizen."""
        return doubts_of(self.opened)

    @cached_property
    def papers(self) -> CasePapers:
        """Papers to bring, with their inspections and scans, and the notes of the counter."""
        return _papers_of(self.opened)


def find_access(submission_id: str) -> CaseAccess | None:
    """Return the officer's right to act on the last revision of a submission now; None for no right, or if unknown."""
    number = sitting().counter
    now = context().clock.now()
    with context().store.read() as db:
        known = submissions.find(db, submission_id)
        submission = submissions.by_receipt(db, known.receipt_no) if known else None
        if submission is None:
            return None
        ticket = tickets.at_counter(db, context().clock.today(), number) if number is not None else None
        called = submissions.find(db, ticket.submission_id) if ticket and ticket.submission_id else None
        if called is not None and called.receipt_no == submission.receipt_no:
            g.shown_case = submission
            return CaseAccess(submission, ticket, None)
        opening = openings.current(db, submission_id, session=sitting().session, now=now)
    if opening is not None:
        g.opened_case = submission.id
        g.shown_case = submission
    return CaseAccess(submission, None, opening) if opening else None


def require_access(submission_id: str) -> CaseAccess:
    """Return the officer's right to act on a submission now.

    Raises:
        NotAllowed: the case is neither at the counter nor opened.
    """
    access = find_access(submission_id)
    if access is None:
        raise NotAllowed(
            "Hồ sơ này không ở quầy đang ngồi, hoặc đã hết giờ mở. Mời tra cứu và mở lại.",
            "This case is not at your counter, or its time is over. Please look it up and open it again.",
        )
    return access


def load_case(access: CaseAccess) -> CurrentCase | None:
    """Open the form of a case; None where it was wiped or cannot be decrypted."""
    opened = open_submission(context(), access.submission.id)
    return CurrentCase(access, opened) if opened else None


def require_case(submission_id: str) -> CurrentCase:
    """Return a case at the counter or opened by look-up.

    Raises:
        NotAllowed: the officer may not act on it now.
        NotFound: its form was wiped.
    """
    case = load_case(require_access(submission_id))
    if case is None:
        raise NotFound("Tờ khai này đã xóa khỏi máy.", "This form has been erased.")
    return case


def case_of_ticket(ticket: Ticket) -> CurrentCase | None:
    """Return the case of a ticket at the counter; None where it has no form, or the form was wiped."""
    opened = open_submission(context(), ticket.submission_id) if ticket.submission_id else None
    if opened is not None:
        g.shown_case = opened.submission
    return CurrentCase(CaseAccess(opened.submission, ticket, None), opened) if opened else None


def case_in_hand(handle: str) -> CurrentCase:
    """Return the case whose pages bear `handle`: of the ticket at this officer's counter, or one that they opened.

    An officer who has opened a case may do all that they may with a called one: the opening names who, when and why.

    Raises:
        NotAllowed: neither such a ticket is at the counter, nor such a case is opened.
        NotFound: the ticket has no form, or the form was wiped.
    """
    with context().store.read() as db:
        ticket = tickets.at_counter(db, context().clock.today(), counter().number)
    if ticket is not None and ticket.id == handle:
        case = case_of_ticket(ticket)
    else:
        access = find_access(handle)
        if access is None:
            raise NotAllowed(
                "Số này không còn ở quầy đang ngồi, hoặc hồ sơ đã hết giờ mở.",
                "This number is not at your counter, or the time of the opened case is over.",
            )
        case = load_case(access)
    if case is None:
        raise NotFound("Số này không kèm tờ khai.", "No form belongs to this number.")
    return case


def needed_papers(opened: OpenedSubmission) -> list[PaperToBring]:
    """Return the papers that the form asks for on its day."""
    return checklist.papers_needed(opened.procedure, opened.answers, opened.submission.day)


def _papers_of(opened: OpenedSubmission) -> CasePapers:
    with context().store.read() as db:
        inspected = inspections.by_paper(db, opened.submission.id)
        notes = inspections.notes(db, opened.submission.id)
        names = staff.names(db)
        counts = _count_scans(db, opened.submission.receipt_no)
    rows = tuple(
        _paper_row(paper, inspected.get(paper.id), names=names, scan_count=counts.get(paper.id, ScanCount()))
        for paper in needed_papers(opened)
    )
    return CasePapers(
        rows=rows,
        lacking=sum(1 for row in rows if not (row.is_seen or row.is_optional)),
        notes=tuple(
            (context().vault.open(inspections.NOTE, note.id, note.text).decode(), who_and_when(note, names))
            for note in notes
        ),
        others=counts.get(checklist.OTHER_PAPER, ScanCount()),
    )


def _count_scans(db: Database, receipt_no: str) -> dict[str, ScanCount]:
    counts: dict[str, ScanCount] = {}
    for scan in scans.of_receipt(db, receipt_no):
        delivery = sync.file_outbox.status_of(db, scan.id)
        is_refused = delivery is not None and delivery.state == "refused"
        counts[scan.paper] = counts.get(scan.paper, ScanCount()).plus(scan, is_refused=is_refused)
    return counts


def _paper_row(
    paper: PaperToBring, inspection: inspections.Inspection | None, names: Mapping[str, str], scan_count: ScanCount
) -> CasePaperRow:
    return CasePaperRow(
        id=paper.id,
        name=paper.name.vi,
        kind=PAPER_KINDS[paper.kind],
        is_optional=paper.optional,
        is_submitted=paper.kind == SUBMITTED,
        is_copy=paper.copy,
        is_seen=inspection is not None and inspection.is_seen,
        is_copied=inspection is not None and inspection.is_copied,
        sheets=inspection.count if inspection else 1,
        by=who_and_when(inspection, names) if inspection else "",
        scans=scan_count,
    )


def who_and_when(record: inspections.Inspection | inspections.DeskNote, names: Mapping[str, str]) -> str:
    """Return who ticked a paper or wrote a note, and when."""
    return f"{names.get(record.actor, record.actor)}, {clock.local(record.at):%H:%M %d/%m}"
