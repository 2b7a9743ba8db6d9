"""Seats of a form in the ward's classes: the session that it chose, and how many seats each session has left."""

from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database

from kiosk import classes
from kiosk.context import Context
from kiosk.procedures.model import Procedure
from kiosk.records import seats


def assign_seat(
    db: Database, context: Context, *, submission_id: str, procedure: Procedure, answers: Mapping[str, Any]
) -> None:
    """Assign a seat in the session that a form chose."""
    class_session = chosen_class_session(procedure, answers)
    if class_session and class_session in context.office.seats:
        seats.assign(db, submission_id, class_session)


def chosen_class_session(procedure: Procedure, answers: Mapping[str, Any]) -> str:
    """Return the id of the class date that a form chose (answer of kind `session`); empty for none."""
    keys = [item.key for item in procedure.fields if item.kind == "session"]
    return next((str(answers[key]) for key in keys if answers.get(key)), "")


def seats_left(context: Context) -> dict[str, int]:
    """Return how many seats each upcoming date of the ward's classes has left, by its id."""
    with context.store.read() as db:
        taken = seats.count_by_session(db, context.clock.today())
    class_sessions = classes.upcoming_sessions(context.config, context.clock.now())
    return {session.id: max(0, session.seats - taken.get(session.id, 0)) for session in class_sessions}
