"""What the portal did not take: a list for the desk, its words on the case, and what an officer may do about it.

The words may quote an answer, so they are shown on an opened case alone; the list has numbers, matters and fields.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from flask import redirect, request, url_for
from sqlite_utils import Database
from werkzeug.wrappers import Response as Answer

import sync.outbox
from kiosk.acts import returning
from kiosk.acts.returning import WithdrawalReason
from kiosk.errors import NotAllowed, SealBroken
from kiosk.pages.access import context, for_
from kiosk.pages.delivery_log import EVENT_NAMES, LogEntry, entries, field_name, refused_fields
from kiosk.pages.officer import holding
from kiosk.pages.officer.blueprint import officer, render, sitting
from kiosk.procedures.model import Procedure
from kiosk.records import decisions, refusals, submissions
from kiosk.records.refusals import Refusal
from kiosk.records.submissions import Submission
from kiosk.vietnam.calendar import short_time

SHOWN = 100
REASONS: Mapping[WithdrawalReason, str] = {
    "paper": "Làm trên giấy",
    "other_system": "Đã làm ở hệ thống khác",
    "twice": "Trùng một tờ đã gửi",
    "asked": "Bà con xin rút",
}


@dataclass(frozen=True)
class Returned:
    """Something that the portal did not take: ``title`` names it, ``said`` are fields and the portal's own words."""

    subject: str
    title: str
    at: str
    code: str
    said: tuple[tuple[str, str], ...]
    reasons: tuple[tuple[str, str], ...] = tuple(REASONS.items())
    """Why it may be withdrawn."""


@dataclass(frozen=True)
class Row:
    """Something in the list; ``case`` is the submission whose case it is."""

    case: str
    receipt_no: str
    matter: str
    title: str
    at: str
    code: str
    fields: tuple[str, ...]


@officer.get("/returned")
@for_("officer")
def returned() -> str:
    """List what the portal did not take."""
    with context().store.read() as db:
        rows = [_row(db, found, found.id, "Tờ khai") for found in submissions.all_returned(db, SHOWN)]
        acts = [(one, submissions.find(db, one.submission_id)) for one in decisions.all_quarantined(db, SHOWN)]
        rows += [
            _row(db, found, one.id, EVENT_NAMES.get(one.kind, one.kind).capitalize()) for one, found in acts if found
        ]
    return render("officer/returned.html", rows=rows)


@officer.post("/case/<submission_id>/returned/again")
@for_("officer")
def send_again(submission_id: str) -> Answer:
    """Send again what the portal did not take."""
    was = returning.send_again(context(), _subject(submission_id), sitting().person.code)
    return _home(submission_id, "again" if was else "moved")


@officer.post("/case/<submission_id>/returned/withdraw")
@for_("officer")
def withdraw(submission_id: str) -> Answer:
    """Take out of the line for good what the portal did not take."""
    reason = request.form.get("reason", "")
    was = returning.withdraw(context(), _subject(submission_id), reason, sitting().person.code)
    return _home(submission_id, "withdrawn" if was else "moved")


def _home(submission_id: str, key: str) -> Answer:
    is_here = holding.held(submission_id).ticket is not None
    address = (
        url_for("officer.desk", said=key) if is_here else url_for("officer.case", submission_id=submission_id, said=key)
    )
    return redirect(address, 303)


def _subject(submission_id: str) -> str:
    """Return which form or act is meant; it must be of the case that this officer may act on now."""
    found, subject = holding.held(submission_id).submission, request.form.get("subject", "")
    with context().store.read() as db:
        ids = {one.id for one in submissions.revisions(db, found.receipt_no)}
        ids |= {one.id for one in decisions.quarantined_of(db, found.receipt_no)}
    if subject not in ids:
        raise NotAllowed
    return subject


def returned_of(db: Database, found: Submission) -> tuple[Returned, ...]:
    """Tell what of a case the portal did not take, with its words."""
    told = [_returned(db, found, found.id, "Cổng không nhận tờ khai này")] if found.delivery == "quarantined" else []
    for one in decisions.quarantined_of(db, found.receipt_no):
        told.append(
            _returned(db, found, one.id, f"Cổng không nhận việc “{EVENT_NAMES.get(one.kind, one.kind).capitalize()}”")
        )
    return tuple(told)


def way_of(db: Database, found: Submission) -> tuple[tuple[LogEntry, tuple[tuple[str, str], ...]], ...]:
    """Tell a form's way to the portal, attempt by attempt, each refusal with the portal's words."""
    standing = sync.outbox.status_of(db, found.id)
    if standing is None:
        return ()
    by_attempt = {one.attempt: one for one in refusals.of(db, found.id)}
    return tuple((one, _words(found, by_attempt.get(one.no))) for one in entries(context(), db, standing))


def _returned(db: Database, found: Submission, subject: str, title: str) -> Returned:
    standing, refusal = sync.outbox.status_of(db, subject), refusals.last(db, subject)
    code = f"{standing.last_class}: {standing.last_code}" if standing else ""
    at = short_time(standing.updated, context().clock.today()) if standing else ""
    return Returned(subject, title, at, code, _words(found, refusal))


def _words(found: Submission, refusal: Refusal | None) -> tuple[tuple[str, str], ...]:
    """Open the portal's words: of each the field as the form calls it, and what was said."""
    if refusal is None or refusal.words is None:
        return ()
    try:
        listed = json.loads(context().vault.open(refusals.WORDS, refusal.subject, refusal.words))
    except SealBroken:
        return (("", "Máy không mở được lời của cổng."),)
    procedure = _procedure(found)
    return tuple((field_name(one["pointer"], procedure), one["message"] or one["code"]) for one in listed)


def _row(db: Database, found: Submission, subject: str, title: str) -> Row:
    procedure = _procedure(found)
    standing, refusal = sync.outbox.status_of(db, subject), refusals.last(db, subject)
    return Row(
        case=found.id,
        receipt_no=found.receipt_no,
        matter=procedure.short.vi if procedure else found.procedure,
        title=title,
        at=short_time(standing.updated, context().clock.today()) if standing else "",
        code=f"{standing.last_class}: {standing.last_code}" if standing else "",
        fields=tuple(refused_fields(refusal, procedure)),
    )


def _procedure(found: Submission) -> Procedure | None:
    return context().catalogue.version(found.procedure, found.version)
