"""States that come back from the system behind the gateway: which dossiers are asked for, and what an answer changes.

No system of the design has a feed: each is asked for one dossier after the other. A state becomes a change of the
submission with its time, and the state before it stays beside it, because a system may go backwards. The desk's own
final decision stands: a report never replaces it, and is shown beside it.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, or_, select, update

from sync.encoding import timestamp
from sync.gateway import forward_steps, forwarding, kiosks, messages, sealing, status_changes, submissions
from sync.gateway.forward_targets import SentDossier, StateAnswer
from sync.gateway.tables import forwards

SHORTEST_PAUSE = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(days=1)
AGE_SHARE = 24
"""The pause between two questions is this part of the age of a dossier: one that lies for weeks is asked for daily.

With 15 minutes for all, the 180 days of a ward with 100 dossiers a day would make 20 questions a second.
"""
READ_DAYS = timedelta(days=180)
"""A dossier that was accepted longer ago is asked for no more."""
FINAL_CODES = (3, 7, 8, 10)
MAX_WORDS = 2000
"""Limit of the contract's `note`."""


def claim_read(db: Connection, target: str, now: datetime) -> tuple[str, SentDossier] | None:
    """Return the next dossier to ask for, with its kiosk, and plan the question after it; None when none is due."""
    is_sent = or_(forwards.c.state == "done", forwards.c.waits_for == forwarding.BY_HAND)
    is_due = is_sent & (forwards.c.states_due_at <= timestamp(now))
    first_due = select(forwards).where(is_due).order_by(forwards.c.states_due_at, forwards.c.receipt_no).limit(1)
    row = db.execute(first_due.with_for_update(skip_locked=True)).one_or_none()
    if row is None:
        return None
    submission = submissions.find_latest(db, row.accepted_id)
    if submission is None or submission.body == sealing.DELETED or _is_old(row, now):
        _plan_read(db, row, None)
        return None
    _plan_read(db, row, now + _pause(row, now))
    return row.kiosk_id, SentDossier(
        receipt_no=row.receipt_no,
        submission_id=submission.submission_id,
        unit_code=submission.unit_code,
        procedure_code=submission.procedure_code,
        official_no=submission.official_no,
        facts=forward_steps.read_facts_of(db, target, row.kiosk_id, row.receipt_no),
    )


def record_state(db: Connection, kiosk_id: str, receipt_no: str, answer: StateAnswer, now: datetime) -> bool:
    """Record the answer of a system; return whether it changed anything.

    A dossier that is being sent again meanwhile is left alone: the answer may be of before.
    """
    kiosks.lock_kiosk(db, kiosk_id)
    row = forwarding.find_forward(db, kiosk_id, receipt_no)
    submission = submissions.find_latest(db, row.accepted_id) if row is not None else None
    is_sent = row is not None and (row.state == "done" or row.waits_for == forwarding.BY_HAND)
    if row is None or submission is None or not is_sent or answer.outcome != "known":
        return False
    if submission.body == sealing.DELETED:
        return False
    values = _changed_values(db, submission, answer, now)
    if values:
        status_changes.set_status(db, submission, now, **values)
        if "status_code" in values and answer.status_code is not None:
            messages.on_status(db, submission, answer.status_code, now)
    code = values.get("reported_code", submission.reported_code)
    if code in FINAL_CODES and submission.status_code in (code, *FINAL_CODES):
        _plan_read(db, row, None)
    return bool(values)


def _changed_values(db: Connection, submission: Row[Any], answer: StateAnswer, now: datetime) -> dict[str, object]:
    """Return the columns that an answer changes."""
    values: dict[str, object] = {}
    code = answer.status_code
    if code is not None and code != submission.reported_code:
        values |= {
            "reported_code": code,
            "reported_at": timestamp(answer.at or now),
            "former_code": submission.reported_code,
            "former_at": submission.reported_at,
        }
        if _counts(submission, code):
            values["status_code"] = code
    number = answer.official_no
    is_new = bool(number) and number != submission.official_no and len(str(number)) <= forwarding.MAX_OFFICIAL_NO
    if number and is_new and not forwarding.is_number_of_other(db, number, submission.dossier_id):
        values["official_no"] = number
    if answer.due_at and answer.due_at != submission.due_at:
        values["due_at"] = answer.due_at
    words = answer.words[:MAX_WORDS]
    if words and words != submission.note:
        values["note"] = words
    return values


def _counts(submission: Row[Any], code: int) -> bool:
    """Return whether a reported state becomes the state of the submission.

    The first one counts only if it is further than what the desk decided: a system that has just taken a dossier says
    "new", although the desk has accepted it.
    """
    if submission.status_code in FINAL_CODES or code == submission.status_code:
        return False
    return submission.reported_code is not None or code > submission.status_code


def _is_old(row: Row[Any], now: datetime) -> bool:
    return bool(row.accepted_at < timestamp(now - READ_DAYS))


def _pause(row: Row[Any], now: datetime) -> timedelta:
    age = now - datetime.fromisoformat(row.accepted_at)
    return min(max(age / AGE_SHARE, SHORTEST_PAUSE), LONGEST_PAUSE)


def _plan_read(db: Connection, row: Row[Any], at: datetime | None) -> None:
    is_row = (forwards.c.kiosk_id == row.kiosk_id) & (forwards.c.receipt_no == row.receipt_no)
    db.execute(update(forwards).where(is_row).values(states_due_at=None if at is None else timestamp(at)))
