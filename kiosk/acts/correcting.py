"""Correct a dossier together with the citizen: answers are kept in a draft, then written as the next revision.

The draft is sealed like a citizen's. A written correction replaces the revision that the officer's page showed. Where
another officer has written a revision meanwhile, nothing is written and the page says so. The typed answers stay and
are rebased onto the later revision. Acts that only change the draft write no audit line.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from sqlite_utils import Database

from kiosk.base import clock, codes
from kiosk.base.errors import CertifiedPaperMoved, CorrectionClosed, NotFound, RevisionConflict
from kiosk.context import Context
from kiosk.dossiers import filing, sealed_drafts
from kiosk.dossiers.certified_copies import moved_places
from kiosk.dossiers.filing import CorrectedForm
from kiosk.dossiers.opened import OpenedSubmission, open_submission
from kiosk.dossiers.sealed_drafts import Result
from kiosk.procedures import revision
from kiosk.procedures.answers import Draft, complete
from kiosk.procedures.revision import Difference
from kiosk.records import audit, certified_copies, corrections, drafts, submissions
from kiosk.records.corrections import CorrectionRow
from kiosk.records.submissions import Submission

CorrectionReason = Literal["paper", "said", "mistyped", "absent"]
"""Reasons for a correction: a paper differs, the citizen says otherwise, a typing mistake, the answer was missing."""
REASON_LABELS: Mapping[CorrectionReason, str] = {
    "paper": "Giấy tờ ghi khác",
    "said": "Người nộp nói lại",
    "mistyped": "Gõ nhầm",
    "absent": "Còn trống, nay ghi thêm",
}
CORRECTABLE = ("waiting", "accepted", "supplement")
"""Desk states in which a dossier may be corrected."""


@dataclass(frozen=True)
class CorrectionInput:
    """The officer (a code of the staff), the reason, and whether the correction was read back to the citizen."""

    officer: str
    reason: str
    read_back: bool


@dataclass(frozen=True)
class OpenCorrection:
    """A correction that is not written yet: its draft, all answers with it, and the differences to its base."""

    base: OpenedSubmission
    draft: Draft
    answers: Mapping[str, Any]
    differences: tuple[Difference, ...]
    is_begun: bool


def may_correct(submission: Submission) -> bool:
    """Return whether a dossier can still be corrected: its case is open, and it was not withdrawn."""
    return submission.desk in CORRECTABLE and submission.delivery != "withdrawn"


def current_correction(context: Context, base: OpenedSubmission, actor: str) -> OpenCorrection:
    """Return an officer's correction of a dossier; with the dossier's own answers where none was begun."""
    with context.store.read() as db:
        row = corrections.find(db, base.submission.receipt_no, actor)
        draft = _draft(db, context, base=base, row=row)
    day = base.submission.day
    answers = complete(procedure=base.procedure, given=draft.answers, office=context.office, today=day)
    return OpenCorrection(
        base=base,
        draft=draft,
        answers=answers,
        differences=tuple(
            revision.differences(procedure=base.procedure, before=base.answers, after=answers, today=day)
        ),
        is_begun=row is not None,
    )


def update_draft(context: Context, base: OpenedSubmission, actor: str, change: Callable[[Draft], Result]) -> Result:
    """Apply a change to an officer's correction, beginning one if needed; return what the change returns.

    Raises:
        CorrectionClosed: the dossier can no longer be corrected.
    """
    if not may_correct(base.submission):
        raise CorrectionClosed
    with context.store.write() as db:
        row = corrections.find(db, base.submission.receipt_no, actor)
        draft = _draft(db, context, base=base, row=row)
        draft.writer = actor
        result = change(draft)
        if row is None:
            row = _insert(db, context, base=base, actor=actor)
        drafts.save(db, row.draft_id, body=sealed_drafts.seal(context, row.draft_id, draft), now=context.clock.now())
        corrections.set_revision(db, row.draft_id, base.submission.revision)
    return result


def discard(context: Context, receipt_no: str, actor: str) -> bool:
    """Delete an officer's correction of a dossier; False when there was none."""
    with context.store.write() as db:
        row = corrections.find(db, receipt_no, actor)
        return row is not None and drafts.delete(db, row.draft_id)


def write(context: Context, base: OpenedSubmission, seen: str, correction_input: CorrectionInput) -> Submission | None:
    """Write a correction as the next revision of a dossier; None for a second touch.

    Args:
        seen: id of the submission that the officer's page showed.

    Raises:
        NotFound: the reason is missing, or nothing was changed.
        RevisionConflict: there is a later revision than `seen`.
        CorrectionClosed: the dossier can no longer be corrected.
        CertifiedPaperMoved: a paper with a number of a register is taken away, renamed, or at another place.
        UnfinishedForm: the answers have opened a page that is not filled in.
    """
    if correction_input.reason not in get_args(CorrectionReason):
        raise NotFound("Mời chọn vì sao sửa.", "Please choose why this is corrected.")
    receipt_no = base.submission.receipt_no
    with context.store.write() as db:
        latest = submissions.by_receipt(db, receipt_no)
        row = corrections.find(db, receipt_no, correction_input.officer)
        if latest is None or row is None:
            return None
        if {seen, base.submission.id} != {latest.id}:
            raise RevisionConflict(latest.revision)
        if not may_correct(latest):
            raise CorrectionClosed
        draft = _draft(db, context, base=base, row=row)
        corrected = _corrected_form(context, base, draft=draft, correction_input=correction_input)
        lines = certified_copies.of_case(db, receipt_no)
        if moved_places(base, replace(base, answers=corrected.answers), lines):
            raise CertifiedPaperMoved
        drafts.pop(db, row.draft_id)
        written = filing.revise(db, context, submission_id=row.draft_id, before=latest, corrected=corrected)
        keys = _changed_keys(base, corrected.answers)
        _audit(db, context, written=written, keys=keys, correction_input=correction_input)
        return written


def _corrected_form(
    context: Context, base: OpenedSubmission, draft: Draft, correction_input: CorrectionInput
) -> CorrectedForm:
    answers = sealed_drafts.validated_answers(context, base.procedure, draft=draft, day=base.submission.day)
    keys = _changed_keys(base, answers)
    if not keys:
        raise NotFound("Chưa đổi gì so với bản đang có.", "Nothing has been changed.")
    return CorrectedForm(
        procedure=base.procedure,
        answers=answers,
        sources=_kept(draft.sources, base, keys),
        changes=_changes(context, base, keys=keys, officer=correction_input.officer),
        assistance=_assistance(base, correction_input),
        givers=_kept(draft.givers, base, keys),
    )


def _kept(stored: Mapping[str, str], base: OpenedSubmission, keys: list[str]) -> dict[str, str]:
    """Return the part of sources or givers that is of a changed answer, or of one whose source was known before.

    A page that is sent gives a source to all its answers, also to those that it did not change.
    """
    return {path: word for path, word in stored.items() if path in base.sources or path.partition(".")[0] in keys}


def _changed_keys(base: OpenedSubmission, answers: Mapping[str, Any]) -> list[str]:
    differences = revision.differences(
        procedure=base.procedure, before=base.answers, after=answers, today=base.submission.day
    )
    return [difference.key for difference in differences]


def _audit(
    db: Database, context: Context, *, written: Submission, keys: list[str], correction_input: CorrectionInput
) -> None:
    facts: dict[str, audit.AuditFact] = {
        "receipt": written.receipt_no,
        "revision": written.revision,
        "keys": " ".join(keys),
        "reason": correction_input.reason,
        "read_back": correction_input.read_back,
    }
    line = audit.AuditLine(act="correct", actor=correction_input.officer, subject=written.id, facts=facts)
    audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)


def _assistance(base: OpenedSubmission, correction_input: CorrectionInput) -> dict[str, Any]:
    """Return the contract's `assistance` of a corrected form; how the form is signed stays as it was."""
    label = next(label for reason, label in REASON_LABELS.items() if reason == correction_input.reason)
    signed = {name: value for name, value in (base.assistance or {}).items() if name == "signature"}
    return {"officer": correction_input.officer, "reason": label, "readBack": correction_input.read_back, **signed}


def _changes(context: Context, base: OpenedSubmission, keys: list[str], officer: str) -> tuple[Mapping[str, str], ...]:
    """Return which officer changed which key last, and when: the base's changes with these keys added."""
    at = clock.timestamp(context.clock.now())
    earlier = [change for change in base.changes if change["key"] not in keys]
    return (*earlier, *({"key": key, "officer": officer, "at": at} for key in keys))


def _draft(db: Database, context: Context, base: OpenedSubmission, row: CorrectionRow | None) -> Draft:
    """Return the draft of a correction, rebased onto the last revision; a fresh draft without a correction."""
    day = base.submission.day
    fresh = revision.reopen(
        procedure=base.procedure, answers=base.answers, sources=base.sources, today=day, givers=base.givers
    )
    if row is None:
        return fresh
    draft_row = drafts.read(db, row.draft_id)
    draft = sealed_drafts.unseal(context, draft_row.id, draft_row.body)
    if row.revision == base.submission.revision:
        return draft
    older = [other for other in submissions.revisions(db, row.receipt_no) if other.revision == row.revision]
    begun_on = open_submission(context, older[0].id) if older else None
    return (
        revision.rebase(procedure=base.procedure, draft=draft, base=begun_on.answers, last=fresh, today=day)
        if begun_on
        else draft
    )


def _insert(db: Database, context: Context, base: OpenedSubmission, actor: str) -> CorrectionRow:
    """Insert a correction with an empty draft."""
    draft_id = codes.new_id()
    now = context.clock.now()
    submission = base.submission
    draft_row = drafts.DraftRow(
        id=draft_id,
        session=f"desk {actor}",
        procedure=submission.procedure,
        version=submission.version,
        body=b"",
        created_at=now,
        touched_at=now,
    )
    drafts.insert(db, draft_row)
    row = CorrectionRow(draft_id=draft_id, receipt_no=submission.receipt_no, revision=submission.revision, actor=actor)
    corrections.insert(db, row)
    return row
