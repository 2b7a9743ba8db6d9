"""Prints on request, besides those that Submit enqueues."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

import printers.routes
import printers.spool
from kiosk.base import codes
from kiosk.base.errors import NotAllowed, NotFound
from kiosk.context import Context
from kiosk.dossiers import checklist
from kiosk.procedures import journey
from kiosk.procedures.answers import Draft
from kiosk.procedures.model import Procedure
from kiosk.records import audit, sessions, submissions
from kiosk.records.submissions import Submission

NAMELESS_PAPERS = frozenset({"ticket", "missing", "practice", "readiness"})
"""Kinds of paper without a person's name, which a technician may print again to try a printer."""


MAX_LISTS = 3
"""Printed lists of papers of one form or one visit in one situation; a fourth touch prints nothing."""


def print_missing_list(context: Context, draft_id: str, draft: Draft, *, screen: str, copy: int) -> int:
    """Print "CẦN MANG THÊM" for a draft and return the job's id; the spool stores no name.

    Args:
        screen: the name of the touchscreen.
        copy: 1 for the first list; the same number again is the same paper, so a repeated touch prints one.
    """
    procedure = context.catalogue.version(draft.code, draft.version)
    situations = {}
    if procedure:
        answers = journey.answers_with_situations(procedure, draft, context.clock.today())
        situations = {situation.key: answers.get(situation.key) for situation in procedure.situations}
    facts = _list_facts(draft.code, draft.version, situations) | _scans(procedure, draft.sources)
    facts |= printers.routes.screen_facts(screen)
    with context.store.write() as db:
        return _enqueue_list(db, context, draft_id, facts=facts, copy=copy)


def print_papers_to_bring(
    context: Context,
    session: str,
    procedure: Procedure,
    situations: Mapping[str, str],
    sources: Mapping[str, str],
    copy: int,
) -> int:
    """Print the papers of a situation on the page before a form, as `print_missing_list` does for a draft.

    Args:
        sources: sources of the answers of a form that was begun; empty before one.
    """
    facts = _list_facts(procedure.code, procedure.version, situations) | _scans(procedure, sources)
    subject = context.vault.keyed_hash("papers", f"{session} {procedure.code} {json.dumps(facts, sort_keys=True)}")
    with context.store.write() as db:
        facts |= printers.routes.screen_facts(sessions.screen_of(db, session))
        return _enqueue_list(db, context, subject, facts=facts, copy=copy)


def _list_facts(code: str, version: str, situations: Mapping[str, object]) -> dict[str, str]:
    return {"code": code, "version": version, "situations": json.dumps(situations, sort_keys=True)}


def _scans(procedure: Procedure | None, sources: Mapping[str, str]) -> dict[str, str]:
    """Return which cards of which papers were scanned; no number and no name."""
    scans = {paper.id: checklist.card_scan(paper, sources) for paper in (procedure.papers if procedure else ())}
    found = {paper: scan for paper, scan in scans.items() if scan}
    return {"scans": json.dumps(found, sort_keys=True)} if found else {}


def _enqueue_list(db: Database, context: Context, subject: str, facts: Mapping[str, str], copy: int) -> int:
    key = f"missing:{subject}:{min(max(copy, 1), MAX_LISTS)}"
    return printers.spool.enqueue(db, key=key, kind="missing", subject=subject, facts=facts, now=context.clock.now())


def print_practice_sheet(context: Context, task: str, screen: str) -> int:
    """Queue the sheet of a practice task at a touchscreen, which names nobody; return its job."""
    with context.store.write() as db:
        return printers.spool.enqueue(
            db,
            key=f"practice:{codes.new_id()}",
            kind="practice",
            subject=task,
            facts={"task": task, **printers.routes.screen_facts(screen)},
            now=context.clock.now(),
        )


def state_of(context: Context, job_id: int) -> printers.spool.JobState | None:
    """Return the state of a print job; None when it is gone."""
    with context.store.read() as db:
        job = printers.spool.find_by_id(db, job_id)
    return job.state if job else None


def reprint_slip(context: Context, submission_id: str, actor: str) -> None:
    """Print a copy of a submission's slip; a repeated touch while it is being printed makes no second copy.

    A correction has no slip of its own: that of the first revision is printed again, and says what was corrected.

    Raises:
        NotFound: the submission has no slip.
    """
    now = context.clock.now()
    with context.store.write() as db:
        job = _find_slip(db, submission_id)
        if job is None:
            raise NotFound
        printers.spool.reprint(db, job_id=job.id, by=actor, why="asked at the counter", now=now)
        line = audit.AuditLine(act="reprint", actor=actor, subject=submission_id)
        audit.append(db, key=context.audit_key(), now=now, line=line)


def answer_unknown(context: Context, job_ids: Sequence[int], actor: str, *, is_out: bool) -> int:
    """Record whether papers of unknown state came out; those that did not are printed as marked copies.

    Returns:
        The number of papers that were still unknown: a second touch changes nothing.
    """
    now = context.clock.now()
    with context.store.write() as db:
        unknown = _in_states(db, job_ids, ("unknown",))
        for job_id in unknown:
            printers.spool.resolve_unknown(db, job_id, now, is_printed=is_out, by=actor)
            _note(db, context, act="paper_seen", actor=actor, job_id=job_id, facts={"out": is_out})
    return len(unknown)


def discard(context: Context, job_ids: Sequence[int], actor: str) -> int:
    """Discard papers that wait or are unknown; return the number of those that were not printed meanwhile."""
    now = context.clock.now()
    with context.store.write() as db:
        open_ids = _in_states(db, job_ids, ("queued", "waiting", "unknown"))
        for job_id in open_ids:
            printers.spool.cancel(db, job_id, by=actor, now=now)
            _note(db, context, act="paper_dropped", actor=actor, job_id=job_id, facts={})
    return len(open_ids)


def reprint(context: Context, job_id: int, actor: str, why: str) -> None:
    """Print a copy of a paper that names nobody.

    Raises:
        NotAllowed: the paper names a person; its copies are printed at the desk, by who may open the case.
        NotFound: there is no such paper.
    """
    with context.store.write() as db:
        job = printers.spool.find_by_id(db, job_id)
        if job is None:
            raise NotFound
        if job.kind not in NAMELESS_PAPERS:
            raise NotAllowed(
                "Giấy này có tên người nên không in thêm ở đây. Mời cán bộ in lại ở quầy.",
                "This paper names a person. An officer prints a copy at the counter.",
            )
        printers.spool.reprint(db, job_id=job_id, by=actor, why=why, now=context.clock.now())
        _note(db, context, act="reprint", actor=actor, job_id=job_id, facts={})


@dataclass(frozen=True)
class PaperRequest:
    """A paper of a case to print: `paper` is the id of its decision or its kind.

    `kind` is its kind in the print spool, and `key` identifies one content there.
    """

    paper: str
    kind: str
    key: str
    copies: int


def print_case_papers(
    context: Context, case: Submission, papers: Sequence[PaperRequest], printer: str, actor: str
) -> None:
    """Queue papers of a case at a counter's printer; a paper that was queued before is not printed again."""
    now = context.clock.now()
    with context.store.write() as db:
        new = [paper for paper in papers if printers.spool.find(db, paper.key) is None]
        for paper in new:
            facts = {"paper": paper.paper, "copies": paper.copies}
            printers.spool.enqueue(db, key=paper.key, kind=paper.kind, subject=case.id, facts=facts, now=now)
        if new:
            line_facts: dict[str, audit.AuditFact] = {
                "receipt": case.receipt_no,
                "papers": len(new),
                "printer": printer,
            }
            line = audit.AuditLine(act="print_papers", actor=actor, subject=case.id, facts=line_facts)
            audit.append(db, key=context.audit_key(), now=now, line=line)


def answer_case_paper(context: Context, case: Submission, job_id: int, answer: str, actor: str) -> None:
    """Do what an officer says of a printed paper of a case: it is out, it is not, again, or not any more.

    Raises:
        NotFound: the paper is none of this case.
    """
    with context.store.read() as db:
        job = printers.spool.find_by_id(db, job_id)
    if job is None or job.subject != case.id:
        raise NotFound
    if answer in ("out", "not-out"):
        answer_unknown(context, [job_id], actor, is_out=answer == "out")
    elif answer == "drop":
        discard(context, [job_id], actor)
    elif answer == "again":
        with context.store.write() as db:
            printers.spool.reprint(db, job_id=job_id, by=actor, why="asked at the counter", now=context.clock.now())
            _note(db, context, act="reprint", actor=actor, job_id=job_id, facts={})
    else:
        raise NotFound


def print_readiness(context: Context, actor: str) -> None:
    """Queue the readiness sheet at the printer of slips, or at the office printer where there is none.

    Raises:
        NotAllowed: there is no printer.
    """
    config = context.config
    office = config.office_printers[0] if config.office_printers else None
    prints_slips = any("slip" in printer.use for printer in config.printers)
    if office is None and not prints_slips:
        raise NotAllowed(
            "Chưa có máy in nào. Tải bản PDF rồi in ở máy khác.", "There is no printer. Take the PDF instead."
        )
    kind = "readiness" if prints_slips or office is None else office.job_kind
    now = context.clock.now()
    with context.store.write() as db:
        key = f"readiness:{codes.new_id()}"
        facts = {"paper": "readiness"}
        job_id = printers.spool.enqueue(db, key=key, kind=kind, subject=config.kiosk.id, facts=facts, now=now)
        _note(db, context, act="print_readiness", actor=actor, job_id=job_id, facts={})


def _in_states(db: Database, job_ids: Sequence[int], states: Sequence[printers.spool.JobState]) -> list[int]:
    jobs = [printers.spool.find_by_id(db, job_id) for job_id in job_ids]
    return [job.id for job in jobs if job is not None and job.state in states]


def _note(db: Database, context: Context, *, act: str, actor: str, job_id: int, facts: Mapping[str, bool]) -> None:
    line = audit.AuditLine(act=act, actor=actor, subject=str(job_id), facts=facts)
    audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)


def _find_slip(db: Database, submission_id: str) -> printers.spool.Job | None:
    submission = submissions.find(db, submission_id)
    revisions = submissions.revisions(db, submission.receipt_no) if submission else []
    for revision in revisions:
        for job in printers.spool.of_subject(db, revision.id):
            if job.kind == "slip":
                return job
    return None
