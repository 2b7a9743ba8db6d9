"""Page of the audit trail, for the auditor only: acts of a day in sentences; codes, never an answer."""

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import request
from sqlite_utils import Database

from kiosk import clock, codes
from kiosk.health import trail_check
from kiosk.pages.access import allow, context
from kiosk.pages.officer import trail_sentences
from kiosk.pages.officer.blueprint import officer, render
from kiosk.records import audit, submissions, tickets

MOST = 500
LONGEST = 64


@dataclass(frozen=True)
class TrailRow:
    """A line of the trail in words, beside its stored words; `about` is what the filter takes, `label` its name."""

    entry: audit.AuditEntry
    at: str
    actor: str
    sentence: str
    about: str
    label: str
    stored: str


@officer.get("/trail")
@allow("auditor")
def trail() -> str:
    """Show the lines of a day, filtered by case, person or actor, and whether the chain is intact."""
    day, wrong = _day(request.args.get("day", ""))
    subject = request.args.get("subject", "").strip()[:LONGEST]
    actor = request.args.get("actor", "").strip()[:LONGEST]
    begin = datetime.combine(day, time(), clock.WARD)
    with context().store.read() as db:
        about = _names_of(db, subject) if subject else []
        lines = audit.between(db, begin, begin + timedelta(days=1), about=about, actor=actor, limit=MOST + 1)
        rows = [_row(db, entry) for entry in lines[:MOST]]
        head = audit.head(db)
        broken = audit.verify(db, context().audit_key())
    return render(
        "officer/trail.html",
        day=day,
        wrong=wrong,
        subject=subject,
        actor=actor,
        rows=rows,
        most=MOST,
        is_cut=len(lines) > MOST,
        head=head,
        broken=broken,
        cut_after=trail_check.cut_after(context()),
    )


def _names_of(db: Database, text: str) -> list[str]:
    """Return the subjects that a typed text means: for a receipt number, its revisions too."""
    receipt_no = codes.parse_receipt_no(text)
    if receipt_no is None:
        return [text]
    return [receipt_no, *(revision.id for revision in submissions.revisions(db, receipt_no))]


def _row(db: Database, entry: audit.AuditEntry) -> TrailRow:
    line = entry.line
    about = _about(db, line)
    return TrailRow(
        entry=entry,
        at=f"{clock.local(entry.at):%H:%M:%S}",
        actor=trail_sentences.actor(line.actor),
        sentence=trail_sentences.sentence(line),
        about=about,
        label=about if len(about) < LONGEST / 2 else f"{about[:8]}…",
        stored=f"{line.act} {line.subject} {_facts(entry)}".strip(),
    )


def _about(db: Database, line: audit.AuditLine) -> str:
    """Return the receipt number of a line's case, else the stored subject; empty where it is the actor."""
    if line.facts.get("receipt"):
        return str(line.facts["receipt"])
    submission = submissions.find(db, line.subject)
    if submission is None:
        ticket = tickets.find(db, line.subject)
        submission = submissions.find(db, ticket.submission_id) if ticket and ticket.submission_id else None
    if submission is not None:
        return submission.receipt_no
    return "" if line.subject == line.actor else line.subject


def _day(text: str) -> tuple[date, str]:
    """Return the day, today for an empty or malformed text, and the error."""
    today = context().clock.today()
    if not text:
        return today, ""
    try:
        return date.fromisoformat(text), ""
    except ValueError:
        return today, "Ngày viết như 2026-11-24. Dưới đây là hôm nay."


def _facts(entry: audit.AuditEntry) -> str:
    """Return the facts of an entry in one line; "detail" without its name."""
    parts = []
    for name, value in entry.line.facts.items():
        if value in (None, ""):
            continue
        words = value if isinstance(value, str) else json.dumps(value)
        parts.append(words if name == "detail" else f"{name} {words}")
    return ", ".join(parts)
