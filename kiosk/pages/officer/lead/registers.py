"""Page of the registers of certification: numbers of a day, sums, sequence of the year, and continuing after a restore.

An officer sees and exports today's registers, a lead those of any day; each export writes an audit line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import certified_copies as acts
from kiosk.base import clock, codes
from kiosk.base.errors import NotAllowed
from kiosk.dossiers import copy_numbers
from kiosk.dossiers.certified_copies import CANCEL_REASONS, listed_papers
from kiosk.dossiers.copy_numbers import GAP_REASONS, MOST_MISSING
from kiosk.dossiers.opened import open_submission
from kiosk.pages.access import allow, context
from kiosk.pages.officer.lead.day_request import record_export, require_day, require_own_day, today, viewer
from kiosk.pages.officer.lead.figure_files import pdf_response, workbook_response
from kiosk.pages.officer.session.blueprint import officer, render, sitting
from kiosk.papers.figures import format_day
from kiosk.papers.workbook import format_cell
from kiosk.records import certified_copies, staff
from kiosk.records.certified_copies import BOOKS, CertifiedCopy, CertifiedRegister
from kiosk.vietnam.money import money

TABS: Mapping[CertifiedRegister, str] = {
    "copies": "Bản sao",
    "signature": "Chữ ký",
    "translation": "Người dịch",
    "transaction": "Giao dịch",
}
FILTERS = {"cancelled": "Số đã hủy", "uneven": "Trang đếm lệch", "kept": "Chưa trả giấy"}


@dataclass(frozen=True)
class NumberRow:
    """A number on the page: its line, names of person and paper (empty when the form was wiped), and its marks.

    `cancelled` says who cancelled it, when and why; `is_kept` while the papers are not handed out.
    """

    line: CertifiedCopy
    person: str
    paper: str
    url: str
    cancelled: str
    is_kept: bool

    @property
    def at(self) -> str:
        """Time of the number."""
        return f"{clock.local(self.line.at):%H:%M}"

    @property
    def is_uneven(self) -> bool:
        """Whether officer and citizen counted other pages."""
        return not self.cancelled and self.line.pages != self.line.declared_pages

    def is_in(self, only: str) -> bool:
        """Return whether a filter shows it."""
        return {"cancelled": bool(self.cancelled), "uneven": self.is_uneven, "kept": self.is_kept}.get(only, True)


@officer.get("/registers")
@allow("officer")
def registers() -> str:
    """Show a register of a day: its numbers, their sums, and whether the sequence of the year is whole."""
    day = require_own_day(require_day("date"))
    register = _register(request.args)
    with context().store.read() as db:
        lines = certified_copies.of_day(db, day)
        names = staff.names(db)
        sequences = {name: copy_numbers.sequence(db, name, day.year) for name in BOOKS}
        unknown_years = copy_numbers.unknown_years(db, today())
        asked = unknown_years[0] if unknown_years else today().year
        last = {name: copy_numbers.last_number(db, name, asked) for name in BOOKS}
        proposed = {name: copy_numbers.proposed_last(db, name, asked) for name in BOOKS}
    rows = [_row(line, names) for line in lines if line.register == register]
    only = request.args.get("only", "")
    return render(
        "officer/registers.html",
        day=day,
        name=format_day(day),
        tabs=[(name, words, sum(line.register == name for line in lines)) for name, words in TABS.items()],
        register=register,
        book=f"01/{day.year}-{BOOKS[register]}",
        only=only if only in FILTERS else "",
        filters=[(key, words, sum(row.is_in(key) for row in rows)) for key, words in FILTERS.items()],
        rows=[row for row in rows if row.is_in(only)],
        shown=format_cell,
        sums=_sums(rows),
        has_pages=register in ("copies", "transaction"),
        sequence=sequences[register],
        last=last,
        proposed=proposed,
        titles=TABS,
        unknown_years=unknown_years,
        gap_reasons=GAP_REASONS,
        is_lead=viewer().is_lead,
        may_begin=viewer().is_lead and day == today() and not unknown_years and not sequences[register].last,
        before=day - timedelta(days=1) if viewer().is_lead else None,
        after=day + timedelta(days=1) if day < today() else None,
    )


def _register(given: Mapping[str, str]) -> CertifiedRegister:
    """Return the register that a query or a post names; that of copies where it names none."""
    return next((name for name in BOOKS if name == given.get("register")), "copies")


def _row(line: CertifiedCopy, names: Mapping[str, str]) -> NumberRow:
    opened = open_submission(context(), line.submission_id)
    papers = {paper.place: paper.name for paper in listed_papers(opened)} if opened else {}
    cancelled = ""
    if line.cancel_reason and line.cancelled_at:
        who = names.get(line.cancel_actor or "", line.cancel_actor or "")
        cancelled = f"Hủy {clock.local(line.cancelled_at):%H:%M}, {who}: {CANCEL_REASONS[line.cancel_reason]}"
    return NumberRow(
        line=line,
        person=str(opened.applicant.get("fullName", "")) if opened else "",
        paper=papers.get(line.place, ""),
        url=url_for("officer.case", submission_id=line.submission_id) if opened else "",
        cancelled=cancelled,
        is_kept=bool(opened and not cancelled and opened.submission.desk != "handed_out"),
    )


def _sums(rows: Sequence[NumberRow]) -> list[tuple[str, str]]:
    """Return the sums of a day in words; a cancelled number is counted as a number alone."""
    in_force = [row.line for row in rows if not row.cancelled]
    return [
        ("Số đã cấp", str(len(rows))),
        ("Số đã hủy", str(len(rows) - len(in_force))),
        ("Số bản", str(sum(line.copies for line in in_force))),
        ("Phí phải thu", money(sum(line.amount or 0 for line in in_force))),
    ]


@officer.get("/registers/day.pdf")
@allow("officer")
def register_paper() -> Response:
    """Return a register of a day on A4."""
    from kiosk.papers import copies_register  # imports the A4 layout, which would slow down the start

    day = require_own_day(require_day("date"))
    table = copies_register.table(context(), _register(request.args), day)
    trail = record_export("copies pdf", (day, day), len(table.rows))
    paper = copies_register.pdf(context(), _register(request.args), day, signer=sitting().person.name, trail=trail)
    return pdf_response(paper)


@officer.get("/registers/day.xlsx")
@allow("officer")
def register_book() -> Response:
    """Return a register of a day as a workbook."""
    from kiosk.papers import copies_register  # imports the A4 layout, which would slow down the start

    day = require_own_day(require_day("date"))
    table = copies_register.table(context(), _register(request.args), day)
    record_export("copies xlsx", (day, day), len(table.rows))
    return workbook_response([table], f"so-chung-thuc-{day}", is_practice=context().config.kiosk.practice)


@officer.post("/registers/continue")
@allow("lead")
def continue_registers() -> Answer:
    """Let the registers go on after the last numbers that were given before a restore."""
    year = codes.parse_number(request.form.get("year", ""))
    last = {name: codes.parse_number(request.form.get(f"last.{name}", "")) for name in BOOKS}
    reason = next((reason for reason in GAP_REASONS if reason == request.form.get("why")), None)
    if reason is None or not acts.continue_after(context(), year, last, reason, actor=sitting().person.code):
        raise NotAllowed(
            f"Số cuối không nhỏ hơn số trong máy, không quá {MOST_MISSING} số sau nó. Quay lại, xem sổ giấy.",
            "The last number is not less than the one of this machine, and not far greater.",
        )
    return redirect(url_for("officer.registers"), 303)


@officer.post("/registers/begin")
@allow("lead")
def begin_register() -> Answer:
    """Let a register go on after the last number of the ward's paper book."""
    register = _register(request.form)
    last = codes.parse_number(request.form.get("last", ""))
    if not acts.begin_after(context(), register, last, actor=sitting().person.code):
        raise NotAllowed(
            "Số cuối ở sổ giấy từ 1 đến 99.999. Chỉ ghi được khi máy chưa cấp số nào trong năm.",
            "The last number is 1 to 99,999, and is taken while this machine has given none in the year.",
        )
    return redirect(url_for("officer.registers", register=register), 303)
