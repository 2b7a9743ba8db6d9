"""Fill in a form at the desk for a citizen who does not use a screen, and submit it with the contract's `assistance`.

The draft is sealed like a citizen's. Acts that only change it write no audit line; begin, take over, submit and delete
write one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from kiosk.base import codes
from kiosk.base.errors import AlreadySubmitted, DraftGone, FormChanged, NotAllowed, StoreFull
from kiosk.context import Context
from kiosk.dossiers import filing, help_calls, kept_forms, kept_versions, sealed_drafts
from kiosk.dossiers.assistance import COMES, REASONS, Comes, require_ready
from kiosk.dossiers.filing import AssistedForm, FilingResult, FilledForm
from kiosk.dossiers.sealed_drafts import OpenedDraft, Result
from kiosk.procedures.answers import Draft
from kiosk.procedures.model import Procedure
from kiosk.records import audit, desk_drafts, draft_turns, drafts, scans, submissions
from kiosk.records import help_calls as help_call_records
from kiosk.records.desk_drafts import DeskDraft
from kiosk.records.draft_turns import Hand
from kiosk.store import disk_reserve


@dataclass(frozen=True)
class AssistedDraft:
    """A draft at the desk with its procedure."""

    desk: DeskDraft
    opened: OpenedDraft
    procedure: Procedure

    @property
    def draft(self) -> Draft:
        """The unsealed draft."""
        return self.opened.draft


@dataclass(frozen=True)
class NewDraft:
    """Facts of a new draft: the officer, the citizen's number, who is at the counter, the chosen situations."""

    actor: str
    ticket_id: str | None
    comes: Comes
    situations: Mapping[str, str]


def begin(context: Context, procedure: Procedure, new: NewDraft) -> str:
    """Begin a draft at the desk and return its id.

    Raises:
        StoreFull: the disk has no space for another form.
    """
    if not disk_reserve.has_room_for_form(context.config.folder):
        raise StoreFull
    draft = Draft(procedure.code, procedure.version, answers=dict(new.situations), help={"comes": new.comes})
    draft.sources = dict.fromkeys(new.situations, "officer")
    draft.givers = dict.fromkeys(new.situations, new.actor)
    draft_id = codes.new_id()
    now = context.clock.now()
    row = drafts.DraftRow(
        id=draft_id,
        session=f"desk {new.actor}",
        procedure=draft.code,
        version=draft.version,
        body=sealed_drafts.seal(context, draft_id, draft),
        created_at=now,
        touched_at=now,
    )
    desk = DeskDraft(draft_id=draft_id, actor=new.actor, ticket_id=new.ticket_id, begun="desk", opened_at=now)
    with context.store.write() as db:
        kept_versions.keep(db, context, procedure)
        drafts.insert(db, row)
        desk_drafts.insert(db, desk)
        _audit(db, context, act="assist_begin", actor=new.actor, draft_id=draft_id, procedure=procedure.code)
    return draft_id


def load(context: Context, draft_id: str) -> AssistedDraft:
    """Return a draft at the desk.

    Raises:
        AlreadySubmitted: it became a submission.
        DraftGone: it was deleted, has expired, or is not at the desk.
        FormChanged: its version of the form is no longer in the catalogue.
    """
    with context.store.read() as db:
        desk = desk_drafts.find(db, draft_id)
        if desk is None:
            if submissions.find(db, draft_id) is not None:
                raise AlreadySubmitted(draft_id)
            raise DraftGone
        row = drafts.read(db, draft_id)
    draft = sealed_drafts.unseal(context, row.id, row.body)
    procedure = context.catalogue.version(draft.code, draft.version)
    if procedure is None:
        raise FormChanged
    return AssistedDraft(desk=desk, opened=OpenedDraft(draft_id, draft), procedure=procedure)


def migrate(context: Context, draft_id: str) -> None:
    """Migrate a draft at the desk to the version of the form in force; what was read back must be read back again.

    Raises:
        DraftGone: it was deleted or submitted.
        FormChanged: no version of the procedure is in force.
    """
    with context.store.write() as db:
        kept_forms.migrate_in_place(db, context, drafts.read(db, draft_id))


def update_draft(
    context: Context, draft_id: str, actor: str, change: Callable[[Draft], Result], turn: int = 0
) -> Result:
    """Apply a change of the officer who has the draft, and return what the change returns.

    Answers that the change typed get the source `officer` and the officer's code; scanned ones stay `card`.

    Args:
        turn: the number of the turn that the page was shown in; 0 for a draft that no screen has.

    Raises:
        NotAllowed: another officer has the draft.
        TurnLost: the citizen types at the screen now; nothing was written.
        DraftGone: it was deleted or submitted.
    """
    with context.store.write() as db:
        _require_actor(db, draft_id, actor)
        _require_turn(db, draft_id, actor, turn)
        row = drafts.read(db, draft_id)
        draft = sealed_drafts.unseal(context, row.id, row.body)
        draft.writer = actor
        result = change(draft)
        drafts.save(db, draft_id, body=sealed_drafts.seal(context, draft_id, draft), now=context.clock.now())
    return result


def take_over(context: Context, draft_id: str, actor: str, counter: int | None) -> None:
    """Give a draft at the desk to another officer at a counter; what was typed and by whom stays."""
    with context.store.write() as db:
        desk = desk_drafts.find(db, draft_id)
        if desk is None:
            raise DraftGone
        if desk.actor != actor:
            desk_drafts.set_actor(db, draft_id, actor, context.clock.now())
            turn = draft_turns.find(db, draft_id)
            if turn is not None and turn.is_at_desk:
                draft_turns.opened(db, draft_id, holder=turn.holder, officer=actor, counter=counter)
            _audit(db, context, act="assist_take", actor=actor, draft_id=draft_id, procedure="")


def delete(context: Context, draft_id: str, actor: str) -> None:
    """Delete a draft at the desk with everything that was typed; a second press changes nothing."""
    with context.store.write() as db:
        if desk_drafts.find(db, draft_id) is None:
            return
        _require_actor(db, draft_id, actor)
        drafts.delete(db, draft_id)
        _audit(db, context, act="assist_drop", actor=actor, draft_id=draft_id, procedure="")


def submit(context: Context, draft_id: str, actor: str, turn: int = 0) -> FilingResult:
    """Submit a draft at the desk; the form belongs to the citizen's number, where there is one.

    Raises:
        AlreadySubmitted: an earlier press has submitted it.
        NotAllowed: another officer has the draft.
        TurnLost: the citizen types at the screen now.
        FormChanged: its version of the form is no longer in the catalogue.
        NotReady: a page is not filled in or not read back, or a fact about the help is missing.
        UnfinishedForm: a check of the form fails.
    """
    day = context.clock.today()
    with context.store.write() as db:
        if desk_drafts.find(db, draft_id) is None:
            raise AlreadySubmitted(draft_id)
        desk = _require_actor(db, draft_id, actor)
        _require_turn(db, draft_id, actor, turn)
        row = drafts.read(db, draft_id)
        draft = sealed_drafts.unseal(context, row.id, row.body)
        procedure = context.catalogue.version(draft.code, draft.version)
        if procedure is None:
            raise FormChanged
        require_ready(context, procedure, draft)
        answers = sealed_drafts.validated_answers(context, procedure, draft=draft, day=day)
        if call := help_call_records.find_of_draft(db, draft_id):
            help_calls.end_call(db, context, call, by="officer", actor=actor)
        pages = scans.pages_of_draft(db, draft_id)
        drafts.delete(db, draft_id)
        form = FilledForm(
            submission_id=draft_id,
            procedure=procedure,
            answers=answers,
            sources=draft.public_sources(),
            givers=draft.public_givers(),
            assisted=_assisted_form(desk, draft, actor),
            pages=pages,
        )
        return filing.file_form(db, context, form)


def _assisted_form(desk: DeskDraft, draft: Draft, actor: str) -> AssistedForm:
    facts = draft.help
    reason = next(label for code, label in REASONS.items() if code == facts["reason"])
    assistance: dict[str, Any] = {
        "officer": actor,
        "reason": facts.get("words") if facts["reason"] == "other" else reason,
        "readBack": True,
        "signature": facts["signature"],
    }
    comes = facts.get("comes", "self")
    return AssistedForm(
        officer=actor,
        assistance=assistance,
        ticket_id=desk.ticket_id,
        submitter={"fullName": facts["submitter"]} if comes != "self" else None,
        relation=next((label for code, label in COMES.items() if code == comes), "") if comes != "self" else "",
    )


def _require_actor(db: Database, draft_id: str, actor: str) -> DeskDraft:
    desk = desk_drafts.find(db, draft_id)
    if desk is None:
        raise DraftGone
    if desk.actor != actor:
        raise NotAllowed(
            "Cán bộ khác đang giữ bản khai này. Mở lại trang để xem, hoặc nhận lấy để khai tiếp.",
            "Another officer has this draft now.",
        )
    return desk


def _require_turn(db: Database, draft_id: str, actor: str, number: int) -> None:
    """Require the turn of a draft that a screen has, too; a draft that was begun at the desk has no turns."""
    turn = draft_turns.find(db, draft_id)
    if turn is not None:
        draft_turns.check(turn, Hand("desk", number, actor))


def _audit(db: Database, context: Context, *, act: str, actor: str, draft_id: str, procedure: str) -> None:
    facts: dict[str, audit.AuditFact] = {"procedure": procedure} if procedure else {}
    line = audit.AuditLine(act=act, actor=actor, subject=draft_id, facts=facts)
    audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)
