"""An officer looks for a case that was not called, opens it with a reason, and takes the day's register along.

To look tells states and never an answer; to open shows the answers, to this session alone and for ten minutes. Each
leaves an audit line; what was typed to look for somebody stands in none.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sqlite_utils import Database

from kiosk import codes
from kiosk.context import Context
from kiosk.dossiers import filing
from kiosk.errors import NotAllowed, NotFound
from kiosk.records import audit, lookups, openings, submissions, tickets
from kiosk.records.openings import REASONS, Opening, Reason
from kiosk.records.submissions import Submission
from kiosk.records.tickets import Ticket

OPEN_FOR = timedelta(minutes=10)
LONGEST_WORDS = 300
IN_WORDS: tuple[Reason, ...] = ("authority", "other")
"""Reasons that say nothing by themselves: who asks, or what it is."""
Way = Literal["receipt", "official", "ticket", "number", "name"]


@dataclass(frozen=True)
class Found:
    """What a look-up came upon: cases, the newest first; and the number, where one was looked for."""

    cases: tuple[Submission, ...]
    ticket: Ticket | None = None


@dataclass(frozen=True)
class Seat:
    """Who acts, behind which session."""

    actor: str
    session: str


def look_up(context: Context, way: Way, said: str, day: date, actor: str) -> Found:
    """Find cases by what is written on a slip or a paper, by a number of a day, by an id number or a whole name."""
    now = context.clock.now()
    with context.store.write() as db:
        ticket = tickets.by_label(db, day, said) if way == "ticket" else None
        ids = [str(ticket.submission_id or "")] if ticket else _ids(db, context, way, said)
        found = Found(tuple(submissions.last_of(db, ids)), ticket)
        facts: dict[str, audit.Fact] = {"by": way, "found": len(found.cases)}
        audit.note(db, context.audit_key(), now, audit.AuditLine("look_up", actor, actor, facts))
    return found


def open_case(context: Context, submission_id: str, reason: str, words: str, seat: Seat) -> Opening:
    """Open a case for ten minutes; NotAllowed where the reason is not one of the list, or says nothing in words."""
    now, told = context.clock.now(), " ".join(words.split())
    why = _reason(reason, told)
    opening_id = codes.new_id()
    sealed = context.vault.seal(openings.WORDS, opening_id, told.encode()) if told else None
    one = Opening(opening_id, submission_id, seat.session, seat.actor, why, sealed, now, now + OPEN_FOR)
    with context.store.write() as db:
        if submissions.find(db, submission_id) is None:
            raise NotFound
        openings.open(db, one)
        facts: dict[str, audit.Fact] = {"reason": why, "words": bool(told)}
        audit.note(db, context.audit_key(), now, audit.AuditLine("open_case", seat.actor, submission_id, facts))
    return one


def close_case(context: Context, submission_id: str, seat: Seat) -> None:
    """Close a case that is open, before its time."""
    now = context.clock.now()
    with context.store.write() as db:
        openings.close(db, submission_id, seat.session, now)
        audit.note(db, context.audit_key(), now, audit.AuditLine("close_case", seat.actor, submission_id))


def take_along(context: Context, what: str, days: tuple[date, date], rows: int, actor: str) -> audit.AuditHead:
    """Note that a register or figures left as a file or on paper; return the end of the trail, to print on it."""
    facts: dict[str, audit.Fact] = {"from": days[0].isoformat(), "to": days[1].isoformat(), "rows": rows}
    with context.store.write() as db:
        return audit.note(
            db, context.audit_key(), context.clock.now(), audit.AuditLine("take_along", actor, what, facts)
        )


def _ids(db: Database, context: Context, way: Way, said: str) -> list[str]:
    if way == "receipt":
        one = submissions.by_receipt(db, said)
        return [one.id] if one else []
    if way == "official":
        return [one.id for one in submissions.by_official(db, said)]
    if way == "number":
        return [one.id for one in submissions.by_applicant(db, context.vault.keyed_hash("applicant", said))]
    return lookups.by_name(db, filing.name_hash(context, said)) if way == "name" else []


def _reason(reason: str, words: str) -> Reason:
    why = next((one for one in REASONS if one == reason), None)
    if why is None:
        raise NotAllowed("Mời chọn vì sao mở hồ sơ này.", "Please say why this case is opened.")
    if why in IN_WORDS and not words:
        raise NotAllowed("Mời ghi rõ ai yêu cầu, hoặc việc gì.", "Please say in words who asks, or what it is about.")
    if len(words) > LONGEST_WORDS:
        raise NotAllowed(f"Lý do dài nhất {LONGEST_WORDS} chữ.", f"A reason has at most {LONGEST_WORDS} characters.")
    return why
