"""Services that ended at a counter a moment ago: the screen of the counter asks for an opinion of them.

A service ends when the counter is done with its ticket. A result that is handed out while no ticket is at the counter
is a service too; with a ticket there, the end of the ticket comes later and counts.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlite_utils import Database

from kiosk.records import counters, decisions, opinions, services, submissions, tickets
from kiosk.records.tickets import DoneTicket

ASKED_SPAN = timedelta(seconds=60)
"""Time after the end of a service in which a screen begins to ask: later somebody else may be at the counter."""
ANSWER_SPAN = timedelta(minutes=5)
"""Time in which an answer is taken."""


@dataclass(frozen=True)
class EndedService:
    """The end of a service, and the code of its procedure; empty where none is known."""

    at: datetime
    procedure: str


def to_ask(db: Database, day: date, counter: int, now: datetime) -> EndedService | None:
    """Return the newest service of a counter that its screen has to ask about now."""
    taken = opinions.turns_taken(db, counter)
    recent = [service for service in recent_services(db, day, counter, now) if service.at >= now - ASKED_SPAN]
    newest = recent[-1] if recent else None
    return newest if newest and newest.at not in taken else None


def recent_services(db: Database, day: date, counter: int, now: datetime) -> list[EndedService]:
    """Return the services of a counter that an answer may be about, oldest first."""
    since = now - ANSWER_SPAN
    ended = [
        EndedService(at=done.at, procedure=_procedure_of_ticket(db, done))
        for done in tickets.done_since(db, day, counter, since)
    ]
    ended += _handed_out(db, day, counter, since)
    return sorted((service for service in ended if service.at <= now), key=lambda service: service.at)


def _handed_out(db: Database, day: date, counter: int, since: datetime) -> list[EndedService]:
    actor = counters.actor_at(db, day, counter)
    if actor is None:
        return []
    ticket = tickets.at_counter(db, day, counter)
    called_at = tickets.last_called(db, ticket.id) if ticket else None
    return [
        EndedService(at=decision.at, procedure=_procedure_of_submission(db, decision.submission_id))
        for decision in decisions.handed_out_since(db, actor, since)
        if called_at is None or decision.at < called_at
    ]


def _procedure_of_ticket(db: Database, done: DoneTicket) -> str:
    """Return the procedure of the ticket's form, else that of the first service that was done for it."""
    if done.submission_id:
        return _procedure_of_submission(db, done.submission_id)
    for service in services.of_ticket(db, done.ticket_id):
        for line in services.lines_of(db, service.id):
            return line.procedure
    return ""


def _procedure_of_submission(db: Database, submission_id: str) -> str:
    submission = submissions.find(db, submission_id)
    return submission.procedure if submission else ""
