"""A person finishes a task of practice beside the live kiosk, or leaves it; nothing of it is kept.

These acts write to the practice app's store, which no worker, portal or printer sees. They write no audit line.
"""

from kiosk.base.errors import AlreadySubmitted, FormChanged
from kiosk.context import Context
from kiosk.dossiers import sealed_drafts
from kiosk.records import drafts, sessions, tickets
from kiosk.records.tickets import Ticket
from kiosk.store.db import checkpoint


def finish(context: Context, session: str, draft_id: str, series: str) -> Ticket:
    """Check a filled-in form as Submit does, delete it, and draw a number of practice; nothing is filed.

    Raises:
        AlreadySubmitted: an earlier touch has finished it.
        FormChanged: the form's version is no longer in the catalogue.
        UnfinishedForm: the form is not complete; it stays.
    """
    with context.store.write() as db:
        row = drafts.pop(db, draft_id)
        if row is None:
            raise AlreadySubmitted(draft_id)
        draft = sealed_drafts.unseal(context, row.id, row.body)
        procedure = context.catalogue.version(draft.code, draft.version)
        if procedure is None:
            raise FormChanged
        sealed_drafts.validated_answers(context, procedure, draft=draft, day=context.clock.today())
        sessions.set_current(db, session)
        ticket = tickets.draw(db, context.clock.today(), series=series, now=context.clock.now())
    checkpoint(context.store)
    return ticket


def drop_form(context: Context, session: str) -> None:
    """Delete the form of a session that goes back to the menu."""
    with context.store.write() as db:
        row = sessions.find(db, session, "citizen")
        if row and row.draft_id:
            drafts.delete(db, row.draft_id)
            sessions.set_current(db, session)


def forget(context: Context, session: str) -> None:
    """Delete a session of practice with its form, also from the write-ahead log."""
    with context.store.write() as db:
        row = sessions.find(db, session, "citizen")
        if row and row.draft_id:
            drafts.delete(db, row.draft_id)
        sessions.delete(db, session)
    context.card_inbox.end_session(session)
    checkpoint(context.store)
