"""Participants of the ward's classes: who has signed up for a session, from the sealed forms.

A form of which the body was wiped leaves an empty row: the seat is still taken.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kiosk.context import Context
from kiosk.dossiers import class_sessions
from kiosk.dossiers.class_sessions import ClassSession
from kiosk.dossiers.opened import OpenedSubmission, open_submission
from kiosk.procedures import kinds
from kiosk.procedures.kinds.sessions import CALL_BACK
from kiosk.procedures.model import Procedure
from kiosk.records import seats


@dataclass(frozen=True)
class ClassSignUps:
    """A session of a class: how many have signed up, and how many seats are left; None once it has begun."""

    session: str
    taken: int
    left: int | None


@dataclass(frozen=True)
class Participant:
    """A person who has signed up, as the list of a class shows them."""

    receipt_no: str
    name: str
    birth_year: str
    phone: str
    group: str
    wishes: str


def class_procedure(context: Context) -> Procedure | None:
    """Return the procedure in force by which people sign up for a class; None where the ward has none."""
    today = context.clock.today()
    for procedure in context.catalogue.all(today):
        if any(item.kind == "session" for item in procedure.fields):
            return procedure
    return None


def next_free_session(context: Context) -> ClassSession | None:
    """Return the next session with its free seats; None if no session of the next two weeks has any."""
    if not context.config.classes:
        return None
    free = {session: left for session, left in context.office.seats.items() if left > 0}
    session = min(free, default="")
    return ClassSession(session, free[session]) if session else None


def sign_ups(context: Context) -> list[ClassSignUps]:
    """Return the sessions from today on: those of the next two weeks, and those that people have signed up for."""
    today = context.clock.today()
    with context.store.read() as db:
        taken = seats.count_by_session(db, today)
    left = dict(context.office.seats)
    upcoming = {session.id for session in class_sessions.upcoming_sessions(context.config, context.clock.now())}
    return [
        ClassSignUps(session=session, taken=taken.get(session, 0), left=left.get(session))
        for session in sorted(taken.keys() | upcoming)
        if session != CALL_BACK
    ]


def participants(context: Context, session: str) -> list[Participant]:
    """Return the people who have signed up for a session, in the order of their forms."""
    with context.store.read() as db:
        ids = seats.of_session(db, session)
    opened = [open_submission(context, submission_id) for submission_id in ids]
    return [participant(form) for form in opened if form is not None]


def participant(form: OpenedSubmission) -> Participant:
    """Return the person of a form, as the lists of classes show them."""
    words = _words(form.procedure, form.answers)
    return Participant(
        receipt_no=form.submission.receipt_no,
        name=str(form.answers.get("ho_ten", "")),
        birth_year=words.get("nam_sinh", ""),
        phone=words.get("dien_thoai", ""),
        group=words.get("doi_tuong", ""),
        wishes="; ".join(filter(None, (words.get("noi_dung", ""), words.get("can_ho_tro", "")))),
    )


def _words(procedure: Procedure, answers: Mapping[str, Any]) -> dict[str, str]:
    return {
        field.key: kinds.of(field).on_paper(field, answers[field.key])
        for field in procedure.fields
        if answers.get(field.key) not in (None, "", [])
    }
