"""Answers into a submission, a ticket, an outbox row and print jobs, inside the caller's write.

Submit and the desk's correction share it. The body is frozen here: its bytes, once hashed, are never made again.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

import printers.spool
import sync.outbox
from kiosk import classes, clock, codes
from kiosk.procedures import journey, kinds
from kiosk.procedures.filling import UNSAID, sex_of
from kiosk.procedures.model import Procedure
from kiosk.records import audit, receipts, seats, submissions, tickets
from kiosk.records.submissions import Submission
from kiosk.records.tickets import Ticket
from kiosk.room import Room

NOBODY = "----"


@dataclass(frozen=True)
class Filed:
    """What came of a Submit."""

    submission: Submission
    ticket: Ticket | None
    """None where nobody need come to the counter."""


def file(db: Database, room: Room, submission_id: str, procedure: Procedure, answers: Mapping[str, Any]) -> Filed:
    """Write down a whole submission and all that hangs on it; the caller's transaction makes it one."""
    now, day = room.clock.now(), room.clock.today()
    seq = receipts.next_seq(db, day)
    receipt_no = codes.receipt_no(room.config.kiosk.id, day, seq)
    body = freeze(room, procedure, answers, submission_id, receipt_no)
    number = applicant_number(procedure, answers, day)
    goes_out = procedure.portal != "none" and room.config.portal.kind != "none"
    submission = Submission(
        id=submission_id,
        receipt_no=receipt_no,
        procedure=procedure.code,
        version=procedure.version,
        unit=room.config.ward.unit_code,
        day=day,
        seq=seq,
        completed_at=now,
        digest=hashlib.sha256(body).hexdigest(),
        clock_trusted=is_clock_trusted(procedure, now),
        applicant_hash=room.vault.keyed_hash("applicant", number) if number else None,
        lookup_hash=lookup_hash(room, receipt_no, number[-4:] if number else NOBODY),
        delivery="queued" if goes_out else None,
    )
    submissions.submit(db, submission, room.vault.seal(submissions.BODY, submission_id, body))
    session = attended(procedure, answers)
    if session and session in room.office.seats:
        seats.take(db, submission_id, session)
    ticket = tickets.draw(db, day, letter(room, procedure.series), now, submission_id) if procedure.queue else None
    if goes_out:
        sync.outbox.put(db, submission_id, now)
    facts = {"ahead": tickets.waiting_before(db, ticket)} if ticket else {}
    printers.spool.put(db, f"slip:{submission_id}:1", "slip", submission_id, facts, now)
    audit.note(
        db,
        room.audit_key(),
        now,
        audit.Line("submit", "citizen", submission_id, {"receipt": receipt_no, "procedure": procedure.code}),
    )
    return Filed(submission, ticket)


def attended(procedure: Procedure, answers: Mapping[str, Any]) -> str:
    """Return the session of a class that a form asks for, or nothing."""
    keys = [item.key for item in procedure.fields if item.kind == "session"]
    return next((str(answers[key]) for key in keys if answers.get(key)), "")


def seats_left(room: Room) -> dict[str, int]:
    """Return how many seats each coming session of the ward's classes has left, by its id."""
    with room.store.read() as db:
        taken = seats.taken(db, room.clock.today())
    coming = classes.coming(room.config, room.clock.now())
    return {one.id: max(0, one.seats - taken.get(one.id, 0)) for one in coming}


def letter(room: Room, series_id: str) -> str:
    """Return the letter of a series of tickets; the first series for one that the ward does not have."""
    found = room.config.series_of(series_id) or room.config.series[0]
    return found.letter


def lookup_hash(room: Room, receipt_no: str, last_four: str) -> str:
    """Return what a status look-up is found by, so that no body is opened for it."""
    return room.vault.keyed_hash("lookup", f"{receipt_no} {last_four}")


def is_clock_trusted(procedure: Procedure, now: datetime) -> bool:
    """Return whether the clock can be right: it is not before the day on which the form was last checked."""
    return clock.local(now).date() >= procedure.checked_on


def applicant_number(procedure: Procedure, answers: Mapping[str, Any], today: date) -> str:
    """Return the id number of the person who applies, or nothing."""
    fills = _who_applies(procedure, answers, today)
    held = answers.get(fills.get("id", ""))
    return str(held.get("so", "") if isinstance(held, Mapping) else held or "")


def freeze(room: Room, procedure: Procedure, answers: Mapping[str, Any], submission_id: str, receipt_no: str) -> bytes:
    """Return the body of the neutral contract as UTF-8 JSON; `form.readable` says it as the paper does."""
    now = room.clock.now()
    table = {
        "submissionId": submission_id,
        "kioskId": room.config.kiosk.id,
        "receiptNo": receipt_no,
        "revision": 1,
        "supersedes": None,
        "unitCode": room.config.ward.unit_code,
        "procedureCode": procedure.code,
        "channel": "counter",
        "mode": "practice" if room.config.kiosk.practice else "live",
        "completedAt": clock.stamp(now),
        "clockTrusted": is_clock_trusted(procedure, now),
        "assistance": None,
        "applicant": _applicant(procedure, answers, room.clock.today()),
        "form": {
            "formId": procedure.id,
            "formVersion": procedure.version,
            "answers": dict(answers),
            "readable": readable(procedure, answers),
        },
        "documents": [],
    }
    return json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode()


def readable(procedure: Procedure, answers: Mapping[str, Any]) -> list[list[str]]:
    """Return [official label, words] of every answered field, in the order of the form."""
    return [
        [item.official or item.label.vi, kinds.of(item).write(item, answers[item.key])]
        for item in procedure.fields
        if item.asked and answers.get(item.key) not in UNSAID
    ]


def _who_applies(procedure: Procedure, answers: Mapping[str, Any], today: date) -> Mapping[str, str]:
    """Where somebody helps who is no person of the form, it is the first person's matter."""
    first = next((step for step in procedure.steps if step.person), None)
    step = journey.applicant(procedure, answers, today) or first
    return step.person.fills if step and step.person else {}


def _applicant(procedure: Procedure, answers: Mapping[str, Any], today: date) -> dict[str, Any]:
    fills = _who_applies(procedure, answers, today)
    held = {name: answers.get(key) for name, key in fills.items()}
    number = applicant_number(procedure, answers, today)
    home = held.get("residence") or {}
    person = {
        "fullName": held.get("full_name") or "",
        "idNumber": number,
        "bornOn": held.get("date_of_birth"),
        "sex": {"nam": "male", "nu": "female"}.get(str(held.get("sex") or sex_of(number))),
        "address": {key: home[key] for key in ("provinceCode", "wardCode", "detail") if home.get(key)} or None,
    }
    return {key: value for key, value in person.items() if value}
