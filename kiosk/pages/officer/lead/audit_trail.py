"""Page of the audit trail, for the auditor only: acts of a day in sentences, filtered, also as a workbook.

It has codes and names of the staff, never an answer or a citizen's name.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import Response, request
from sqlite_utils import Database

from kiosk.acts import lookups
from kiosk.base import clock, codes
from kiosk.health import trail_check
from kiosk.pages.access import allow, context
from kiosk.pages.officer.lead import trail_sentences
from kiosk.pages.officer.session.blueprint import officer, render, sitting
from kiosk.pages.officer.session.day_box import WRONG, parse_day
from kiosk.papers.workbook import Column, Table, xlsx
from kiosk.records import audit, staff, submissions, tickets

MOST = 500
MAX_EXPORTED = 100_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = (
    Column("Dòng", "count", 8),
    Column("Lúc", "moment", 18),
    Column("Ai", "text", 28),
    Column("Làm gì", "text", 60),
    Column("Hồ sơ, người", "text", 26),
    Column("Ghi trong máy", "verbatim", 50),
)
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


@dataclass(frozen=True)
class TrailFilter:
    """Filter of the audit trail: case or person, officer, and act; an empty field matches all."""

    subject: str
    actor: str
    act: str


@officer.get("/trail")
@allow("auditor")
def trail() -> str:
    """Show the lines of a day, filtered by case, person or actor, and whether the chain is intact.

    The stored words of each line are in the workbook, and on the page on request.
    """
    day, wrong = _day(request.args.get("day", ""))
    chosen = _filter()
    with context().store.read() as db:
        lines = _lines(db, day, chosen, limit=MOST + 1)
        names = staff.names(db)
        rows = [_row(db, entry, names) for entry in lines[:MOST]]
        head = audit.head(db)
        broken = audit.verify(db, context().audit_key())
    return render(
        "officer/trail.html",
        day=day,
        wrong=wrong,
        subject=chosen.subject,
        actor=chosen.actor,
        act=chosen.act,
        actors=_actors(names, chosen.actor),
        acts=sorted((trail_sentences.act_name(act), act) for act in trail_sentences.SENTENCES),
        rows=rows,
        has_stored=request.args.get("stored") == "1",
        most=MOST,
        is_cut=len(lines) > MOST,
        head=head,
        broken=broken,
        cut_after=trail_check.cut_after(context()),
    )


@officer.get("/trail.xlsx")
@allow("auditor")
def trail_book() -> Response:
    """Return the lines of a day, filtered, as a workbook; the export is a line of the trail itself."""
    day, _wrong = _day(request.args.get("day", ""))
    with context().store.read() as db:
        names = staff.names(db)
        lines = _lines(db, day, _filter(), limit=MAX_EXPORTED)
        rows = [_row(db, entry, names) for entry in reversed(lines)]
    head = lookups.record_export(context(), "trail xlsx", (day, day), rows=len(rows), actor=sitting().person.code)
    table = Table(
        name=f"Nhật ký {day:%d-%m-%Y}",
        title=f"Nhật ký ngày {day:%d/%m/%Y}",
        columns=COLUMNS,
        rows=tuple((row.entry.seq, row.entry.at, row.actor, row.sentence, row.about, row.stored) for row in rows),
        note=f"Giờ địa phương. Lần lấy này là dòng {head.seq} của nhật ký, mã kiểm {head.mac[:12]}.",
    )
    is_practice = context().config.kiosk.practice
    name = f"nhat-ky-{day}{'-tap' if is_practice else ''}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(xlsx([table], practice=is_practice), mimetype=XLSX, headers=headers)


def _filter() -> TrailFilter:
    subject, actor, act = (request.args.get(name, "").strip()[:LONGEST] for name in ("subject", "actor", "act"))
    return TrailFilter(subject=subject, actor=actor, act=act)


def _lines(db: Database, day: date, chosen: TrailFilter, limit: int) -> list[audit.AuditEntry]:
    begin = datetime.combine(day, time(), clock.WARD)
    about = _names_of(db, chosen.subject) if chosen.subject else []
    wanted = audit.EntryFilter(about=about, actor=chosen.actor, act=chosen.act)
    return audit.between(db, begin, begin + timedelta(days=1), chosen=wanted, limit=limit)


def _actors(names: Mapping[str, str], chosen: str) -> list[tuple[str, str]]:
    """Return the actors to choose from, as (code, words): the staff by name, then those that are no person."""
    people = sorted(names, key=lambda code: names[code])
    others = [chosen] if chosen and chosen not in {*names, *trail_sentences.ACTORS} else []
    codes = [*people, *trail_sentences.ACTORS, *others]
    return [(code, trail_sentences.actor(code, names)) for code in codes]


def _names_of(db: Database, text: str) -> list[str]:
    """Return the subjects that a typed text means: for a receipt number, its revisions too."""
    receipt_no = codes.parse_receipt_no(text)
    if receipt_no is None:
        return [text]
    return [receipt_no, *(revision.id for revision in submissions.revisions(db, receipt_no))]


def _row(db: Database, entry: audit.AuditEntry, names: Mapping[str, str]) -> TrailRow:
    line = entry.line
    about = _about(db, line)
    return TrailRow(
        entry=entry,
        at=f"{clock.local(entry.at):%H:%M:%S}",
        actor=trail_sentences.actor(line.actor, names),
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
    day = parse_day(text)
    return (day, "") if day else (today, f"{WRONG} Dưới đây là hôm nay.")


def _facts(entry: audit.AuditEntry) -> str:
    """Return the facts of an entry in one line; "detail" without its name."""
    parts = []
    for name, value in entry.line.facts.items():
        if value in (None, ""):
            continue
        words = value if isinstance(value, str) else json.dumps(value)
        parts.append(words if name == "detail" else f"{name} {words}")
    return ", ".join(parts)
