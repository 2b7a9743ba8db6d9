"""A citizen's opinion: at the touchscreen after Submit, and at the screen of a counter after a service.

It writes no audit line: that would keep the time. A visit and a service count once, however often a button is touched.
"""

from dataclasses import dataclass

from sqlite_utils import Database

from kiosk.base import clock
from kiosk.context import Context
from kiosk.queue import ended_services
from kiosk.records import opinions, sessions, submissions
from kiosk.records.opinions import NO_ANSWER, TEXT, TOUCHSCREEN, Opinion, OpinionText
from kiosk.vietnam.viet_text import clean


@dataclass(frozen=True)
class OpinionInput:
    """Posted opinion: one of `opinions.FACES` or `NO_ANSWER`, words, and a free text."""

    face: int = NO_ANSWER
    words: tuple[str, ...] = ()
    text: str = ""


def rate_visit(context: Context, session: str, given: OpinionInput) -> bool:
    """Record the opinion of a citizen whose form was submitted; return False when the visit has one already."""
    with context.store.write() as db:
        row = sessions.find(db, session, "citizen")
        if row is None or row.submission_id is None or row.settings.get("opinion"):
            return False
        submission = submissions.find(db, row.submission_id)
        procedure = submission.procedure if submission else ""
        sessions.change_settings(db, session, opinion=True)
        _record(db, context, given=given, procedure=procedure, counter=TOUCHSCREEN)
        return True


def rate_service(context: Context, counter: int, ended_at: str, given: OpinionInput) -> bool:
    """Record the opinion of a citizen at a counter; return False when the service has one, or ended too long ago.

    Args:
        ended_at: the end of the service, as the screen was given it.
    """
    now = context.clock.now()
    with context.store.write() as db:
        recent = ended_services.recent_services(db, context.clock.today(), counter, now)
        service = next((service for service in recent if clock.timestamp(service.at) == ended_at), None)
        if service is None or not opinions.take_turn(db, counter, service.at):
            return False
        _record(db, context, given=given, procedure=service.procedure, counter=counter)
        return True


def _record(db: Database, context: Context, *, given: OpinionInput, procedure: str, counter: int) -> None:
    day = context.clock.today()
    opinion = Opinion(procedure=procedure, counter=counter, face=given.face, words=given.words)
    opinions.note(db, day, opinion)
    text = opinions.without_numbers(clean(given.text, opinions.MAX_TEXT))
    if text and given.face != NO_ANSWER:
        text_id = opinions.new_text_id()
        body = context.vault.seal(TEXT, text_id, text.encode())
        sealed = OpinionText(id=text_id, day=day, procedure=procedure, face=given.face, body=body)
        opinions.add_text(db, sealed)
