"""Certification in a case: take register numbers for its papers, cancel one, hand the papers out.

The numbers, their print jobs and the audit line are one write. A paper that has a number in force gets no second one,
so a double press or an old page takes none. While the clock is in doubt, or the last number is unknown after a restore,
none is given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlite_utils import Database

import printers.spool
from kiosk.base import codes
from kiosk.base.errors import NotAllowed, RevisionConflict
from kiosk.config.list_sections import OFFICE_JOBS
from kiosk.context import Context, clock_trust
from kiosk.dossiers import copy_numbers, deadlines, ticket_moves
from kiosk.dossiers.acceptance import AcceptanceTerms, accepted_content
from kiosk.dossiers.certified_copies import CHANGEABLE
from kiosk.dossiers.copy_numbers import GapReason, NumberGap
from kiosk.dossiers.decision_filing import CaseRequest, DecisionContent, decide
from kiosk.dossiers.opened import OpenedSubmission
from kiosk.records import audit, certified_copies, decisions, inspections, submissions
from kiosk.records.certified_copies import BOOKS, CancelReason, CertifiedCopy, CertifiedRegister
from kiosk.records.decisions import Decision, DecisionFact
from kiosk.records.inspections import DeskNote, Inspection
from kiosk.records.submissions import Submission
from kiosk.records.tickets import Ticket, TicketChange
from kiosk.vietnam import viet_text


class RegisterStopped(NotAllowed):
    """No number may be given now."""


@dataclass(frozen=True)
class CopyInput:
    """A paper whose original the officer saw: its row of the form's list, pages as counted, copies, dong."""

    place: int
    pages: int
    declared_pages: int
    copies: int
    amount: int | None


@dataclass(frozen=True)
class Signer:
    """The person who signs, with the title above the signature, of one or two lines."""

    name: str
    title: str


@dataclass(frozen=True)
class CopiesRequest:
    """One press for a case: papers to certify, notes on the others, who signs, and the printer.

    Attributes:
        notes: words of the papers that may not be certified, for the counter.
        originals: papers of the procedure that are the originals, marked as seen with the first number.
        printer: kind of the counter's office printer in the spool; empty where there is none.
    """

    case: Submission
    register: CertifiedRegister
    copies: Sequence[CopyInput]
    notes: Sequence[str]
    originals: Sequence[str]
    signer: Signer
    printer: str


def certify(context: Context, request: CopiesRequest, actor: str) -> list[CertifiedCopy]:
    """Take the next numbers of the year, queue the words of certification and note what was refused, in one write.

    Returns:
        The new lines of the register; none for papers that have a number in force.

    Raises:
        RegisterStopped: no number may be given now, or the case is closed.
        RevisionConflict: the form was corrected after the page was shown.
    """
    is_in_doubt = bool(request.copies) and clock_trust.doubt(context) is not None
    if is_in_doubt:
        raise RegisterStopped(
            "Ngày giờ của máy chưa chắc đúng, nên chưa cấp số chứng thực. Gọi kỹ thuật xem ngày giờ.",
            "The date of this machine is in doubt, so no number is given.",
        )
    now = context.clock.now()
    year = context.clock.today().year
    case = request.case
    notes = [_sealed_note(context, text, actor) for text in request.notes]
    with context.store.write() as db:
        _require_open(db, case)
        taken = {line.place for line in certified_copies.of_case(db, case.receipt_no) if line.cancelled_at is None}
        new = [copy for copy in request.copies if copy.place not in taken]
        if new and copy_numbers.unknown_years(db, context.clock.today()):
            raise RegisterStopped(
                "Máy vừa khôi phục từ bản sao, nên chưa cấp số chứng thực. Người phụ trách ghi số cuối ở Trong ngày.",
                "This machine was restored, so no number is given until the lead has typed the last one.",
            )
        first = copy_numbers.last_number(db, request.register, year) + 1
        lines = [
            _line(context, request, copy=copy, number=number, actor=actor) for number, copy in enumerate(new, first)
        ]
        for line in lines:
            certified_copies.insert(db, line)
            if request.printer:
                paper = f"{certified_copies.PAPER}{line.id}"
                printers.spool.enqueue(
                    db,
                    key=f"{OFFICE_JOBS}{paper}",
                    kind=request.printer,
                    subject=case.id,
                    facts={"paper": paper, "copies": line.copies},
                    now=now,
                )
        for note in notes:
            inspections.insert_note(db, case.id, note)
            audit.append(
                db, key=context.audit_key(), now=now, line=audit.AuditLine(act="note", actor=actor, subject=case.id)
            )
        if lines:
            for paper in request.originals:
                seen = Inspection(paper=paper, is_seen=True, is_copied=False, actor=actor, at=now)
                inspections.save(db, case.id, seen)
            facts: dict[str, audit.AuditFact] = {
                "receipt": case.receipt_no,
                "numbers": ", ".join(str(line.number) for line in lines),
                "book": lines[0].book,
            }
            entry = audit.AuditLine(act="certified", actor=actor, subject=case.id, facts=facts)
            audit.append(db, key=context.audit_key(), now=now, line=entry)
    return lines


def _require_open(db: Database, case: Submission) -> None:
    """Require that a case is the last revision of its form, and not closed."""
    latest = submissions.by_receipt(db, case.receipt_no)
    if latest is None or latest.desk not in CHANGEABLE:
        raise RegisterStopped(
            "Hồ sơ này đã đóng, nên không cấp số chứng thực. Mở lại hồ sơ để xem.",
            "This case is closed, so no number is given. Open it again to look.",
        )
    if latest.id != case.id:
        raise RevisionConflict(latest.revision)


def continue_after(
    context: Context, year: int, last: Mapping[CertifiedRegister, int], reason: GapReason, actor: str
) -> bool:
    """Go on after the last numbers that were given before a restore; the numbers between stay lines with a reason.

    Args:
        year: a year in which numbers may be missing (`copy_numbers.unknown_years`).
        last: the last number of each register; 0 where none was given in this year.

    Returns:
        False when it was answered before, or a number is less than a known one or far greater.
    """
    now = context.clock.now()
    with context.store.write() as db:
        restored_at = copy_numbers.last_unanswered(db, year)
        known = {register: copy_numbers.last_number(db, register, year) for register in BOOKS}
        if (
            restored_at is None
            or year not in copy_numbers.unknown_years(db, context.clock.today())
            or not all(
                0 <= last.get(register, -1) - after <= copy_numbers.MOST_MISSING for register, after in known.items()
            )
        ):
            return False
        for register, after in known.items():
            gap = NumberGap(
                register=register,
                year=year,
                after=after,
                last=last[register],
                reason=reason,
                actor=actor,
                at=now,
                restored_at=restored_at,
            )
            copy_numbers.add_gap(db, gap)
            facts: dict[str, audit.AuditFact] = {
                "book": BOOKS[register],
                "year": year,
                "after": after,
                "last": gap.last,
                "reason": reason,
            }
            entry = audit.AuditLine(act="certified on", actor=actor, subject=context.config.kiosk.id, facts=facts)
            audit.append(db, key=context.audit_key(), now=now, line=entry)
        return True


def begin_after(context: Context, register: CertifiedRegister, last: int, actor: str) -> bool:
    """Begin a register after the last number of the ward's paper book; False where the year has a number already.

    The numbers before are in the paper book.
    """
    now = context.clock.now()
    year = context.clock.today().year
    with context.store.write() as db:
        if (
            copy_numbers.unknown_years(db, context.clock.today())
            or copy_numbers.last_number(db, register, year)
            or not 1 <= last <= copy_numbers.MOST_ON_PAPER
        ):
            return False
        gap = NumberGap(
            register=register, year=year, after=0, last=last, reason="paper_book", actor=actor, at=now, restored_at=now
        )
        copy_numbers.add_gap(db, gap)
        facts: dict[str, audit.AuditFact] = {"book": BOOKS[register], "year": year, "last": last}
        entry = audit.AuditLine(act="certified begun", actor=actor, subject=context.config.kiosk.id, facts=facts)
        audit.append(db, key=context.audit_key(), now=now, line=entry)
        return True


def _sealed_note(context: Context, text: str, actor: str) -> DeskNote:
    note_id = codes.new_id()
    sealed = context.vault.seal(inspections.NOTE, note_id, text.encode())
    return DeskNote(id=note_id, text=sealed, actor=actor, at=context.clock.now())


def _line(context: Context, request: CopiesRequest, *, copy: CopyInput, number: int, actor: str) -> CertifiedCopy:
    day = context.clock.today()
    return CertifiedCopy(
        id=codes.new_id(),
        register=request.register,
        year=day.year,
        number=number,
        receipt_no=request.case.receipt_no,
        submission_id=request.case.id,
        place=copy.place,
        day=day,
        pages=copy.pages,
        declared_pages=copy.declared_pages,
        copies=copy.copies,
        amount=copy.amount,
        signer=request.signer.name,
        signer_title=request.signer.title,
        actor=actor,
        at=context.clock.now(),
    )


def cancel(context: Context, line_id: str, reason: CancelReason, actor: str) -> bool:
    """Cancel a number: its line stays, with the reason. False when it is cancelled already."""
    now = context.clock.now()
    with context.store.write() as db:
        line = certified_copies.find(db, line_id)
        if line is None or not certified_copies.cancel(db, line_id, reason=reason, actor=actor, now=now):
            return False
        facts: dict[str, audit.AuditFact] = {
            "receipt": line.receipt_no,
            "number": line.number,
            "book": line.book,
            "reason": reason,
        }
        entry = audit.AuditLine(act="certified void", actor=actor, subject=line.submission_id, facts=facts)
        audit.append(db, key=context.audit_key(), now=now, line=entry)
    return True


@dataclass(frozen=True)
class CopyHandover:
    """Certified papers that are handed out, in words, and the number at the counter; None in an opened case."""

    what: str
    ticket: Ticket | None


def hand_out(
    context: Context, request: CaseRequest, opened: OpenedSubmission, handover: CopyHandover
) -> Decision | None:
    """Hand the certified papers out to the person who asked; a case that still waits is accepted in the same write.

    Returns:
        The handing out; None where the page was out of date, or the case is closed.
    """
    terms = deadlines.terms(context, opened.procedure, opened.answers, context.clock.now())
    facts: dict[str, DecisionFact] = {"relation": "self"}
    with context.store.write() as db:
        submission = submissions.find(db, request.submission_id)
        if terms and submission and submission.desk in decisions.MAY_FOLLOW["accepted"]:
            term = terms[0]
            acceptance = AcceptanceTerms(due_at=term.due_at, term=term.no, words=deadlines.term_text(term.days))
            accepted = decide(db, context, request=request, content=accepted_content(db, opened, acceptance))
            if accepted is None:
                return None
            facts["with"] = accepted.seq
            request = replace(request, seen_count=request.seen_count + 1)
        content = DecisionContent(
            kind="handed_out",
            detail={"what": handover.what, "taken_by": viet_text.title_case(str(opened.applicant.get("fullName", "")))},
            facts=facts,
        )
        decision = decide(db, context, request=request, content=content)
        if decision is not None and handover.ticket is not None:
            ticket = handover.ticket
            change = TicketChange(event="done", at=context.clock.now(), actor=request.actor, counter=ticket.counter)
            ticket_moves.move(db, context, before=ticket, after=replace(ticket, state="done"), change=change)
        return decision
