"""Papers of a case that one press at the desk prints: those that its last decision needs, each with its copies.

Before a decision that is the declaration to sign; after an acceptance the acceptance paper, the declaration and the fee
slip; after any other decision its paper alone. An office printer prints them one by one; without one they are one PDF.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from kiosk.base import clock
from kiosk.context import Context
from kiosk.dossiers.opened import OpenedSubmission
from kiosk.papers import decision_papers, fee, letterhead, readiness_sheet
from kiosk.procedures.printed_forms import enclosed_forms
from kiosk.records import certified_copies, decisions, fees
from printers.document import Document, mark_as_reprint
from printers.settings import PrinterSettings
from printers.sheet import FormLine, FormText, PaperSet, Sheet, Title, mark_sheet_as_reprint

DECLARATION = "declaration"
FEE = "fee"
TEST = "test"
READINESS = "readiness"
DECLARATION_NAME = "Tờ khai"
FEE_NAME = "Phiếu thu"
READINESS_NAME = "Phiếu sẵn sàng"


@dataclass(frozen=True)
class CasePaper:
    """A paper of a case: `id` is that of its decision, or its kind; `key` identifies one content in the print spool."""

    id: str
    name: str
    copies: int
    key: str


def of_step(context: Context, opened: OpenedSubmission) -> tuple[CasePaper, ...]:
    """Return the papers that the case needs now, those without copies left out."""
    submission = opened.submission
    settings = context.config.papers
    with context.store.read() as db:
        made = decisions.of_case(db, submission.receipt_no)
        rows = fees.of_case(db, submission.receipt_no)
        slip_key = fees.slip_key(db, submission.id, submission.receipt_no)
        lines = certified_copies.of_case(db, submission.receipt_no)
    last = made[-1] if made and made[-1].kind != "reopened" else None
    has_number = bool(submission.desk_official_no or submission.official_no)
    papers = [_certification(line) for line in lines if line.cancelled_at is None]
    if last is not None:
        name = decision_papers.paper_name(opened.procedure, last.kind, has_number=has_number)
        copies = settings.acceptance if last.kind == "accepted" else 1
        key = f"{last.id}:{'numbered' if has_number else 'provisional'}"
        papers += [CasePaper(id=last.id, name=name, copies=copies, key=key)] if name else []
    if opened.procedure.declaration and (last is None or last.kind == "accepted"):
        copies = settings.declaration
        name = DECLARATION_NAME + enclosed_words(opened)
        papers.append(CasePaper(id=DECLARATION, name=name, copies=copies, key=f"{submission.id}:form"))
    if rows and last is not None and last.kind == "accepted":
        papers.append(CasePaper(id=FEE, name=FEE_NAME, copies=settings.fee, key=slip_key))
    return tuple(paper for paper in papers if paper.copies)


def _certification(line: certified_copies.CertifiedCopy) -> CasePaper:
    """Return the words of certification of a register line: one for each copy."""
    paper_id = f"{certified_copies.PAPER}{line.id}"
    return CasePaper(id=paper_id, name=certification_name(line), copies=line.copies, key=paper_id)


def certification_name(line: certified_copies.CertifiedCopy) -> str:
    """Return the name of the words of certification with a number."""
    return f"Lời chứng số {line.number}"


def enclosed_words(opened: OpenedSubmission) -> str:
    """Return " và 1 giấy kèm" for a declaration with enclosed forms; empty for one alone."""
    count = len(enclosed_forms(opened.procedure, opened.answers, opened.submission.day))
    return f" và {count} giấy kèm" if count else ""


def compose(context: Context, subject: str, facts: Mapping[str, Any]) -> PaperSet | None:
    """Return one paper of a print job with its copies; None when it no longer exists."""
    if facts["paper"] == TEST:
        return PaperSet((_test_sheet(context),), title="Trang thử")
    if facts["paper"] == READINESS:
        return PaperSet((readiness_sheet.compose(context, subject, facts),), title=READINESS_NAME)
    parts = _parts(context, subject, str(facts["paper"]))
    if not parts:
        return None
    if int(facts.get("copy", 1)) > 1 and not str(facts["paper"]).startswith(certified_copies.PAPER):
        asked_at = clock.parse_timestamp(facts["asked_at"]) if facts.get("asked_at") else context.clock.now()
        when = letterhead.format_moment(asked_at)
        parts = [_reprint(part, int(facts["copy"]), when) for part in parts]
    return PaperSet(tuple(parts) * int(facts.get("copies", 1)), title="Giấy một cửa")


def pdf(context: Context, opened: OpenedSubmission) -> bytes | None:
    """Return the papers that the case needs now as one PDF with all copies; None without any."""
    papers = of_step(context, opened)
    return _render(
        [part for paper in papers for part in _parts(context, opened.submission.id, paper.id) * paper.copies]
    )


def readiness_pdf(context: Context) -> bytes:
    """Return the readiness sheet as PDF."""
    sheet = readiness_sheet.compose(context, "", {})
    return _render([replace(sheet, practice=context.config.kiosk.practice)]) or b""


def pdf_of(context: Context, submission_id: str, paper_id: str) -> bytes | None:
    """Return one paper of a case as PDF; None where it does not exist."""
    return _render(_parts(context, submission_id, paper_id))


def _render(parts: list[Sheet | Document]) -> bytes | None:
    if not parts:
        return None
    from printers.render.pdf import render_papers  # imports the layout, which would slow down the start

    return render_papers(PaperSet(tuple(parts), title="Giấy một cửa"), PrinterSettings())


def _parts(context: Context, submission_id: str, paper_id: str) -> list[Sheet | Document]:
    """Return one copy of a paper; empty when it no longer exists."""
    if paper_id == FEE:
        slip = fee.compose(context, submission_id, {})
        return [replace(slip, practice=context.config.kiosk.practice)] if slip else []
    if paper_id.startswith(certified_copies.PAPER):
        from kiosk.papers import certification  # imports the A4 layout, which would slow down the start

        words = certification.certification(context, paper_id.removeprefix(certified_copies.PAPER))
        return [words] if words else []
    if paper_id == DECLARATION:
        from kiosk.papers import declaration  # imports the A4 layout, which would slow down the start

        form = declaration.declaration(context, submission_id)
        return [form] if form else []
    return [*decision_papers.sheets(context, paper_id)]


def _reprint(part: Sheet | Document, copy: int, when: str) -> Sheet | Document:
    if isinstance(part, Sheet):
        return mark_sheet_as_reprint(part, copy, when)
    return mark_as_reprint(part, copy, when)


def _test_sheet(context: Context) -> Sheet:
    words = f"{letterhead.machine_name(context.config)}, {letterhead.format_moment(context.clock.now())}."
    lines = ("Thấy đủ dấu của dòng sau thì máy in dùng được:", "Ặ ẫ Ễ ọ Ữ ỵ Đ, Nguyễn Thị Diệu Hiền")
    blocks = (Title(("TRANG THỬ MÁY IN CỦA QUẦY",)), *(FormLine((FormText(line),)) for line in (words, *lines)))
    return Sheet(blocks, title="Trang thử", practice=context.config.kiosk.practice)
