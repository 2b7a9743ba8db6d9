"""The call-back list of the ward's classes: who asked to be called, from the sealed forms, with the calls so far."""

from dataclasses import dataclass

from kiosk.context import Context
from kiosk.dossiers import class_lists
from kiosk.dossiers.class_lists import Participant
from kiosk.dossiers.opened import open_submission
from kiosk.records import call_backs, seats
from kiosk.records.call_backs import CallBack


@dataclass(frozen=True)
class CallBackEntry:
    """A person of the list; `session` is the one to which they were invited."""

    person: Participant
    call_back: CallBack
    session: str


def entries(context: Context) -> list[CallBackEntry]:
    """Return the list: who waits first, in the order of asking, then the settled ones, the newest first."""
    with context.store.read() as db:
        rows = call_backs.list_all(db)
        sessions = seats.session_of(db, [row.submission_id for row in rows])
    opened = [(row, open_submission(context, row.submission_id)) for row in rows]
    return [
        CallBackEntry(person=class_lists.participant(form), call_back=row, session=sessions.get(row.submission_id, ""))
        for row, form in opened
        if form is not None
    ]


def count_waiting(context: Context) -> int:
    """Return how many people wait for a call."""
    with context.store.read() as db:
        return call_backs.count_waiting(db)
