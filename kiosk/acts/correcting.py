"""An officer corrects a dossier with the citizen: answers are kept in a draft, then written as its next revision.

The draft is sealed like a citizen's. What is written takes the place of the revision that the officer's page showed;
where somebody else has written one meanwhile, nothing is written and the officer is told: what was typed stays, upon
the later revision. Acts that only move the draft write no audit line.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, get_args

from sqlite_utils import Database

from kiosk import clock, codes
from kiosk.context import Context
from kiosk.dossiers import filing, sealed_drafts
from kiosk.dossiers.filing import CorrectedForm
from kiosk.dossiers.opened import OpenedSubmission, open_submission
from kiosk.errors import CorrectionClosed, NotFound, Overtaken
from kiosk.procedures import revision
from kiosk.procedures.answers import Draft, complete
from kiosk.procedures.revision import Difference
from kiosk.records import audit, corrections, drafts, submissions
from kiosk.records.corrections import CorrectionRow
from kiosk.records.submissions import Submission

Change = TypeVar("Change")
CorrectionReason = Literal["paper", "said", "mistyped", "absent"]
"""Why help was given: a paper says otherwise, the citizen says otherwise, a slip of the finger, nothing stood there."""
REASON_LABELS: Mapping[CorrectionReason, str] = {
    "paper": "Giấy tờ ghi khác",
    "said": "Bà con nói lại",
    "mistyped": "Gõ nhầm",
    "absent": "Còn trống, nay ghi thêm",
}
CORRECTABLE = ("waiting", "accepted", "supplement")


@dataclass(frozen=True)
class CorrectionInput:
    """Who corrects, why, and whether it was read back to the citizen."""

    officer: str
    reason: str
    read_back: bool


@dataclass(frozen=True)
class OpenCorrection:
    """A correction as it stands: the draft, and the whole form as it would be; `differs` says in which answers."""

    base: OpenedSubmission
    draft: Draft
    answers: Mapping[str, Any]
    differences: tuple[Difference, ...]
    is_begun: bool


def may_correct(found: Submission) -> bool:
    """Return whether a dossier can still be corrected: its case is open, and it was not withdrawn."""
    return found.desk in CORRECTABLE and found.delivery != "withdrawn"


def current_correction(context: Context, base: OpenedSubmission, actor: str) -> OpenCorrection:
    """Return what an officer has in hand of a dossier; its own answers where nothing was begun."""
    with context.store.read() as db:
        held = corrections.find(db, base.submission.receipt_no, actor)
        draft = _draft(db, context, base, held)
    return _as_it_stands(context, base, draft, is_begun=held is not None)


def update_draft(context: Context, base: OpenedSubmission, actor: str, change: Callable[[Draft], Change]) -> Change:
    """Change a correction by what was just said, and begin it if need be; CorrectionClosed."""
    if not may_correct(base.submission):
        raise CorrectionClosed
    with context.store.write() as db:
        held = corrections.find(db, base.submission.receipt_no, actor)
        draft = _draft(db, context, base, held)
        before = Draft(**draft.as_json())
        said = change(draft)
        revision.mark_officer_answers(before, draft)
        _save(db, context, base, held or _begun(db, context, base, actor), draft)
    return said


def discard(context: Context, receipt_no: str, actor: str) -> bool:
    """Forget a correction, the dossier stays as it was; False when there was none."""
    with context.store.write() as db:
        held = corrections.find(db, receipt_no, actor)
        return held is not None and drafts.delete(db, held.draft_id)


def write(context: Context, base: OpenedSubmission, seen: str, correction_input: CorrectionInput) -> Submission | None:
    """Write a correction down as the next revision of what the page showed (`seen`); None for a second touch.

    NotFound without a reason or without a change, Overtaken where there is a later revision, Unfinished where the
    answers have opened a page that nobody has filled in.
    """
    if correction_input.reason not in get_args(CorrectionReason):
        raise NotFound("Mời chọn vì sao sửa.", "Please choose why this is corrected.")
    receipt_no, day, procedure = base.submission.receipt_no, base.submission.day, base.procedure
    with context.store.write() as db:
        here, held = submissions.by_receipt(db, receipt_no), corrections.find(db, receipt_no, correction_input.officer)
        if here is None or held is None:
            return None
        if {seen, base.submission.id} != {here.id}:
            raise Overtaken(here.revision)
        if not may_correct(here):
            raise CorrectionClosed
        draft = _draft(db, context, base, held)
        answers = sealed_drafts.validated_answers(context, procedure, draft, day)
        keys = [one.key for one in revision.differences(procedure, base.answers, answers, day)]
        if not keys:
            raise NotFound("Chưa đổi gì so với bản đang có.", "Nothing has been changed.")
        drafts.pop(db, held.draft_id)
        told = CorrectedForm(procedure, answers, draft.sources, _changes(context, base, keys, correction_input), _assistance(correction_input))
        found = filing.revise(db, context, held.draft_id, here, told)
        facts: dict[str, audit.AuditFact] = {"receipt": receipt_no, "revision": found.revision, "keys": " ".join(keys)}
        facts |= {"reason": correction_input.reason, "read_back": correction_input.read_back}
        audit.append(
            db, context.audit_key(), context.clock.now(), audit.AuditLine("correct", correction_input.officer, found.id, facts)
        )
        return found


def _assistance(helped: CorrectionInput) -> dict[str, Any]:
    words = next(said for reason, said in REASON_LABELS.items() if reason == helped.reason)
    return {"officer": helped.officer, "reason": words, "readBack": helped.read_back}


def _changes(
    context: Context, base: OpenedSubmission, keys: list[str], helped: CorrectionInput
) -> tuple[Mapping[str, str], ...]:
    """Who changed which key when: the last to change it."""
    at = clock.timestamp(context.clock.now())
    kept = [one for one in base.changes if one["key"] not in keys]
    return (*kept, *({"key": key, "officer": helped.officer, "at": at} for key in keys))


def _draft(db: Database, context: Context, base: OpenedSubmission, held: CorrectionRow | None) -> Draft:
    """What is in hand, upon the revision that is the last; the dossier's own answers where nothing is."""
    day = base.submission.day
    fresh = revision.reopen(base.procedure, base.answers, base.sources, day)
    if held is None:
        return fresh
    row = drafts.read(db, held.draft_id)
    draft = sealed_drafts.unseal(context, row.id, row.body)
    if held.revision == base.submission.revision:
        return draft
    older = [one for one in submissions.revisions(db, held.receipt_no) if one.revision == held.revision]
    began = open_submission(context, older[0].id) if older else None
    return revision.rebase(base.procedure, draft, began.answers, fresh, day) if began else draft


def _as_it_stands(context: Context, base: OpenedSubmission, draft: Draft, *, is_begun: bool) -> OpenCorrection:
    day = base.submission.day
    answers = complete(base.procedure, draft.answers, context.office, day)
    differs = revision.differences(base.procedure, base.answers, answers, day)
    return OpenCorrection(base, draft, answers, tuple(differs), is_begun)


def _begun(db: Database, context: Context, base: OpenedSubmission, actor: str) -> CorrectionRow:
    draft_id, now, found = codes.new_id(), context.clock.now(), base.submission
    row = drafts.DraftRow(draft_id, f"desk {actor}", found.procedure, found.version, b"", now, now)
    drafts.insert(db, row)
    one = CorrectionRow(draft_id, found.receipt_no, found.revision, actor)
    corrections.insert(db, one)
    return one


def _save(db: Database, context: Context, base: OpenedSubmission, held: CorrectionRow, draft: Draft) -> None:
    drafts.save(db, held.draft_id, sealed_drafts.seal(context, held.draft_id, draft), context.clock.now())
    corrections.set_revision(db, held.draft_id, base.submission.revision)
