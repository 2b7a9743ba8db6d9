"""The citizen's draft, Submit and session.

Submit writes an audit line, in `dossiers.filing`; so does a call that ends with its session. A draft needs none: it
stores the source of each answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kiosk.base import codes
from kiosk.base.errors import AlreadySubmitted, DraftGone, FormChanged, StoreFull
from kiosk.context import Context
from kiosk.dossiers import (
    filing,
    help_calls,
    kept_details,
    kept_forms,
    kept_versions,
    message_consents,
    sealed_drafts,
    turning_back,
)
from kiosk.dossiers.filing import FilingResult, FilledForm
from kiosk.dossiers.sealed_drafts import OpenedDraft, Result
from kiosk.procedures.answers import Draft
from kiosk.procedures.model import Procedure
from kiosk.records import draft_turns, drafts, kept_drafts, reuse, scans, screen_covers, sessions
from kiosk.records.draft_turns import Hand
from kiosk.records.tickets import Priority
from kiosk.store import disk_reserve


@dataclass(frozen=True, kw_only=True)
class SubmitConsents:
    """Consents of an applicant at Submit, one tick each.

    Attributes:
        may_reuse: address and phone are kept for a next visit.
        message_words: what was read before agreeing to messages to the number of the form; empty for none.
    """

    may_reuse: bool = False
    message_words: str = ""


NO_CONSENTS = SubmitConsents()


def begin(context: Context, session: str, procedure: Procedure, answers: dict[str, Any]) -> OpenedDraft:
    """Begin a draft of a form and delete the session's draft before it.

    Args:
        answers: the situation that the citizen chose before the form.

    Raises:
        StoreFull: the disk has no space for another form.
    """
    if not disk_reserve.has_room_for_form(context.config.folder):
        raise StoreFull
    draft = Draft(procedure.code, procedure.version, answers=answers)
    return replace_draft(context, session, draft)


def migrate_draft(context: Context, session: str) -> bool:
    """Migrate a session's draft whose version of the form is gone from the catalogue; False where it is not gone.

    Raises:
        DraftGone: the session has no draft.
        FormChanged: the procedure is no longer in force.
    """
    with context.store.write() as db:
        row = sessions.find(db, session, "citizen")
        if row is None or not row.draft_id:
            raise DraftGone
        return kept_forms.migrate_in_place(db, context, drafts.read(db, row.draft_id))


def replace_draft(context: Context, session: str, draft: Draft) -> OpenedDraft:
    """Store a draft as the session's only one."""
    draft_id = codes.new_id()
    now = context.clock.now()
    procedure = context.catalogue.version(draft.code, draft.version)
    with context.store.write() as db:
        if procedure is not None:
            kept_versions.keep(db, context, procedure)
        row = sessions.find(db, session, "citizen")
        if row and row.draft_id and kept_forms.ends_with_visit(db, row.draft_id):
            drafts.delete(db, row.draft_id)
        if row is None:
            sessions.insert(db, session, audience="citizen", now=now)
        drafts.insert(
            db,
            drafts.DraftRow(
                id=draft_id,
                session=session,
                procedure=draft.code,
                version=draft.version,
                body=sealed_drafts.seal(context, draft_id, draft),
                created_at=now,
                touched_at=now,
            ),
        )
        sessions.set_current(db, session, draft_id=draft_id)
        screen_covers.delete(db, session)  # of a form that has left the session meanwhile
    return OpenedDraft(draft_id, draft)


def current_draft(context: Context, session: str) -> OpenedDraft:
    """Return the draft of a session.

    Raises:
        AlreadySubmitted: the session's draft became a submission.
        DraftGone: the session has neither.
    """
    with context.store.read() as db:
        row = sessions.find(db, session, "citizen")
        if row is None or not row.draft_id:
            if row is not None and row.submission_id:
                raise AlreadySubmitted(row.submission_id)
            raise DraftGone
        draft_row = drafts.read(db, row.draft_id)
    return OpenedDraft(draft_row.id, sealed_drafts.unseal(context, draft_row.id, draft_row.body))


def update_draft(context: Context, draft_id: str, change: Callable[[Draft], Result], turn: int = 0) -> Result:
    """Apply a change to the stored draft and return what the change returns.

    `change` gets the draft as the store has it now, so that two screens do not overwrite each other.

    Args:
        turn: the number of the turn that the citizen's page was shown in; 0 where no desk has opened the draft.

    Raises:
        TurnLost: a desk has the turn, or the page is older than the turn; nothing was written.
    """
    with context.store.write() as db:
        return sealed_drafts.change_stored(db, context, draft_id, hand=Hand("screen", turn), change=change)


def submit(
    context: Context,
    session: str,
    draft_id: str,
    *,
    consents: SubmitConsents = NO_CONSENTS,
    turn: int = 0,
    priority: Priority | None = None,
) -> FilingResult:
    """Turn a draft into a submission with ticket, outbox row and print jobs; repeated touches submit once.

    The draft is validated inside the write, so no other screen changes it in between.

    Args:
        consents: what the applicant agreed to besides the form.
        turn: the number of the turn that the page was shown in.
        priority: the group that the applicant declared.

    Raises:
        TurnLost: a desk has the turn of the draft.
        AlreadySubmitted: the draft is gone: submitted by an earlier touch, or deleted.
        FormChanged: the draft's version of the form is no longer in the catalogue.
        UnfinishedForm: the form is not complete; the draft stays.
    """
    with context.store.write() as db:
        turn_before = draft_turns.find(db, draft_id)
        pages = scans.pages_of_draft(db, draft_id)
        row = drafts.pop(db, draft_id)
        if row is None:
            raise AlreadySubmitted(draft_id)
        draft_turns.check(turn_before, Hand("screen", turn))
        draft = sealed_drafts.unseal(context, row.id, row.body)
        procedure = context.catalogue.version(draft.code, draft.version)
        if procedure is None:
            raise FormChanged
        answers = sealed_drafts.validated_answers(context, procedure, draft=draft, day=context.clock.today())
        form = FilledForm(
            submission_id=draft_id,
            procedure=procedure,
            answers=answers,
            sources=draft.public_sources(),
            givers=draft.public_givers(),
            ticket_id=kept_drafts.ticket_of_visit(db, session),
            priority=priority,
            screen=sessions.screen_of(db, session),
            pages=pages,
        )
        result = filing.file_form(db, context, form)
        if consents.may_reuse:
            kept_details.save(db, context, procedure=procedure, draft=draft, answers=answers)
        if consents.message_words:
            number = message_consents.number_of(procedure, answers, context)
            message_consents.give(
                db,
                context,
                result.submission,
                number=number,
                words=consents.message_words,
                actor=message_consents.CITIZEN,
            )
        sessions.set_current(db, session, submission_id=draft_id)
    return result


def end_session(context: Context, session: str) -> None:
    """Delete a session with its draft and its scanned cards, and end its call for an officer.

    A draft that the person has kept stays until its day, and one that a desk has open stays there.
    """
    with context.store.write() as db:
        row = sessions.find(db, session, "citizen")
        if row and row.draft_id and kept_forms.ends_with_visit(db, row.draft_id):
            turning_back.count(db, context, row.draft_id, kind="left")
            drafts.delete(db, row.draft_id)
        help_calls.end_call_of_session(db, context, session)
        sessions.delete(db, session)
    context.card_inbox.end_session(session)


def start_session(context: Context, session: str, screen: str = "") -> None:
    """Open a citizen's session; `screen` is the name of the touchscreen."""
    with context.store.write() as db:
        sessions.insert(db, session, audience="citizen", now=context.clock.now(), screen=screen)


def change_display(context: Context, session: str, **settings: str | bool) -> None:
    """Change how the pages look for a session."""
    with context.store.write() as db:
        sessions.change_settings(db, session, **settings)


def find_kept_details(context: Context, procedure: Procedure, draft: Draft) -> dict[str, Any]:
    """Return the details that the applicant of a draft agreed to keep and that the draft does not have yet, by key."""
    with context.store.read() as db:
        details = kept_details.find(db, context, procedure=procedure, draft=draft)
    return kept_details.missing(draft, details)


def delete_kept_details(context: Context, procedure: Procedure, draft: Draft) -> bool:
    """Delete the kept details of the applicant of a draft; return False when there were none."""
    applicant = kept_details.applicant(procedure, draft, context.clock.today())
    if applicant is None:
        return False
    with context.store.write() as db:
        return reuse.delete(db, applicant.owner)
