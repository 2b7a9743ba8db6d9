"""Places of a form in the ward's classes: a seat in the session that it chose, or a row of the call-back list."""

from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database

from kiosk.context import Context
from kiosk.dossiers import class_sessions
from kiosk.procedures.kinds.sessions import CALL_BACK
from kiosk.procedures.model import Procedure
from kiosk.records import call_backs, seats


def take_place(
    db: Database, context: Context, *, submission_id: str, procedure: Procedure, answers: Mapping[str, Any]
) -> None:
    """Assign a seat in the session that a form chose, or add the form to the call-back list."""
    class_session = chosen_class_session(procedure, answers)
    if class_session == CALL_BACK:
        call_backs.add(db, submission_id, context.clock.now())
    elif class_session and class_session in context.office.seats:
        seats.assign(db, submission_id, class_session)


def move_place(
    db: Database,
    context: Context,
    *,
    before_id: str,
    submission_id: str,
    procedure: Procedure,
    answers: Mapping[str, Any],
) -> None:
    """Give a correction its place: on the call-back list what was noted there stays, and the seat that came of it."""
    if chosen_class_session(procedure, answers) == CALL_BACK:
        call_backs.reassign(db, before_id, submission_id)
        seats.reassign(db, before_id, submission_id)
    else:
        call_backs.remove(db, before_id)
        seats.release(db, before_id)
    take_place(db, context, submission_id=submission_id, procedure=procedure, answers=answers)


def chosen_class_session(procedure: Procedure, answers: Mapping[str, Any]) -> str:
    """Return the id of the class date that a form chose (answer of kind `session`); empty for none."""
    keys = [item.key for item in procedure.fields if item.kind == "session"]
    return next((str(answers[key]) for key in keys if answers.get(key)), "")


def seats_left(context: Context) -> dict[str, int]:
    """Return how many seats each upcoming date of the ward's classes has left, by its id."""
    with context.store.read() as db:
        return count_left(db, context)


def count_left(db: Database, context: Context) -> dict[str, int]:
    """Return the same as `seats_left`, in the caller's transaction."""
    taken = seats.count_by_session(db, context.clock.today())
    upcoming = class_sessions.upcoming_sessions(context.config, context.clock.now())
    return {session.id: max(0, session.seats - taken.get(session.id, 0)) for session in upcoming}
