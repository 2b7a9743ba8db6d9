"""The audit trail, for the auditor alone: what was done on a day, by whom, to what; codes, never a name or answer."""

import json
from datetime import date, datetime, time, timedelta

from flask import request

from kiosk import clock
from kiosk.pages.access import context, for_
from kiosk.pages.officer.blueprint import officer, render
from kiosk.records import audit

MOST = 500
LONGEST = 64


@officer.get("/trail")
@for_("auditor")
def trail() -> str:
    """Show the lines of a day, narrowed by subject or actor, and whether the chain is sound."""
    here = context()
    day, wrong = _day(request.args.get("day", ""))
    subject, actor = (request.args.get(name, "").strip()[:LONGEST] for name in ("subject", "actor"))
    begin = datetime.combine(day, time(), clock.WARD)
    with here.store.read() as db:
        lines = audit.of_day(db, (begin, begin + timedelta(days=1)), subject, actor, MOST + 1)
        head, broken = audit.head(db), audit.verify(db, here.audit_key())
    shown = [(one, f"{clock.local(one.at):%H:%M:%S}", _facts(one)) for one in lines[:MOST]]
    return render(
        "officer/trail.html", day=day, wrong=wrong, subject=subject, actor=actor, lines=shown, most=MOST,
        is_cut=len(lines) > MOST, head=head, broken=broken,
    )  # fmt: skip


def _day(told: str) -> tuple[date, str]:
    today = context().clock.today()
    if not told:
        return today, ""
    try:
        return date.fromisoformat(told), ""
    except ValueError:
        return today, "Ngày viết như 2026-11-24. Dưới đây là hôm nay."


def _facts(entry: audit.AuditEntry) -> str:
    told = {name: value for name, value in entry.line.facts.items() if value not in (None, "")}
    words = {name: value if isinstance(value, str) else json.dumps(value) for name, value in told.items()}
    return ", ".join(word if name == "detail" else f"{name} {word}" for name, word in words.items())
