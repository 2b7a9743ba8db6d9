"""Page of the audit trail, for the auditor only: acts of a day with actor and subject; codes, never an answer."""

import json
from datetime import date, datetime, time, timedelta

from flask import request

from kiosk import clock
from kiosk.pages.access import allow, context
from kiosk.pages.officer.blueprint import officer, render
from kiosk.records import audit

MOST = 500
LONGEST = 64


@officer.get("/trail")
@allow("auditor")
def trail() -> str:
    """Show the lines of a day, filtered by subject or actor, and whether the chain is intact."""
    day, wrong = _day(request.args.get("day", ""))
    subject = request.args.get("subject", "").strip()[:LONGEST]
    actor = request.args.get("actor", "").strip()[:LONGEST]
    begin = datetime.combine(day, time(), clock.WARD)
    with context().store.read() as db:
        lines = audit.between(db, begin, begin + timedelta(days=1), subject=subject, actor=actor, limit=MOST + 1)
        head = audit.head(db)
        broken = audit.verify(db, context().audit_key())
    return render(
        "officer/trail.html",
        day=day,
        wrong=wrong,
        subject=subject,
        actor=actor,
        lines=[(entry, f"{clock.local(entry.at):%H:%M:%S}", _facts(entry)) for entry in lines[:MOST]],
        most=MOST,
        is_cut=len(lines) > MOST,
        head=head,
        broken=broken,
    )


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
