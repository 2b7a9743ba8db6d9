"""Cases of which an officer may still have something to do: from submissions, decisions, tickets and notes.

A case belongs to the officer who decided on it last, also after a lead has reopened it; else to the one who called its
number last. No body is read here.
A number without a form whose citizen waits in the hall (`Chờ`) is work too: of the officer who wrote that.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlite_utils import Database

from kiosk.base import clock

FRESH = timedelta(minutes=30)
"""A form without a number is nobody's work for so long: its citizen may still draw one."""

# A union, not one `or`: each of its parts has an index, so the cases of past years cost nothing.
_SQL = """
select s.id as submission_id, s.receipt_no, s.procedure, s.version, s.desk, s.portal_code, s.portal_at,
  coalesce(s.desk_due_at, s.due_at) as due_at, coalesce(s.desk_official_no, s.official_no, '') as official_no,
  coalesce(
    (select d.actor from decisions d where d.receipt_no = s.receipt_no and d.kind not in ('document', 'reopened')
      and d.undone_at is null order by d.seq desc limit 1),
    (select e.actor from tickets t join ticket_events e on e.ticket_id = t.id
      where t.submission_id = s.id and e.event = 'called' order by e.seq desc limit 1), '') as officer,
  max(coalesce((select max(d.at) from decisions d where d.receipt_no = s.receipt_no and d.kind <> 'document'), ''),
    coalesce((select max(n.at) from desk_notes n where n.submission_id = s.id), '')) as acted_at,
  coalesce((select t.series || printf('%03d', t.number) from tickets t where t.submission_id = s.id
    order by t.drawn_at desc limit 1), '') as ticket,
  s.delivery = 'quarantined' or exists (select 1 from decisions d where d.receipt_no = s.receipt_no
    and d.delivery = 'quarantined') as is_returned
from submissions s
where s.delivery is not 'withdrawn' and not exists (select 1 from submissions later where later.supersedes = s.id)
  and s.id in (
    select id from submissions where delivery = 'quarantined'
    union select id from submissions
      where receipt_no in (select d.receipt_no from decisions d where d.delivery = 'quarantined')
    union select c.id from submissions c where c.closed_at is null and c.desk = 'supplement'
    union select c.id from submissions c where c.closed_at is null and c.desk = 'accepted'
      and (coalesce(c.desk_due_at, c.due_at) < :day_end or c.portal_code in (3, 5, 6, 7, 8, 9, 10))
    union select c.id from submissions c where c.closed_at is null and c.desk = 'waiting'
      and (:officer is null or exists (select 1 from tickets t where t.submission_id = c.id)
        or exists (select 1 from decisions d where d.receipt_no = c.receipt_no))
      and not exists (select 1 from tickets t where t.submission_id = c.id and t.day = :today
        and t.state in ('waiting', 'absent', 'called', 'serving'))
      and (c.completed_at < :fresh or exists (select 1 from tickets t where t.submission_id = c.id)))
order by coalesce(s.desk_due_at, s.due_at, s.completed_at), s.id
"""
# The condition on `:officer`: a form that has neither a number nor a decision is nobody's own, however many there are.
_OWN_SQL = f"select * from ({_SQL}) where officer = :officer"  # noqa: S608  # nosec B608 # a constant of this module
_TIMES = ("portal_at", "due_at", "acted_at")
_WAITING_SQL = """
select t.id as ticket_id, t.series || printf('%03d', t.number) as ticket, t.line, s.actor as officer, s.at as acted_at
from tickets t join services s on s.rowid = (
  select max(last.rowid) from services last where last.ticket_id = t.id and last.void_at is null)
where t.day = :today and t.state = 'held' and t.submission_id is null and s.outcome = 'waits'
order by s.at, t.id
"""


@dataclass(frozen=True)
class WorkCase:
    """A case and what decides whose work it is; `ticket` is the label of its newest number, `acted_at` the last act."""

    submission_id: str
    receipt_no: str
    procedure: str
    version: str
    desk: str
    portal_code: int | None
    portal_at: datetime | None
    due_at: datetime | None
    official_no: str
    officer: str
    acted_at: datetime | None
    ticket: str
    is_returned: bool


@dataclass(frozen=True)
class WaitingTicket:
    """A number without a form that its citizen waits with; `acted_at` is when the officer wrote `Chờ`."""

    ticket_id: str
    ticket: str
    line: str
    officer: str
    acted_at: datetime


def to_do(db: Database, now: datetime, today: date, officer: str | None = None) -> list[WorkCase]:
    """Return the cases that may need work, those that are due first; a form whose number waits or is served is none.

    Args:
        officer: their cases alone; SQLite then computes the rest of a row for these only.
    """
    day_end = datetime.combine(today + timedelta(days=1), time(), clock.WARD)
    args = {
        "today": today.isoformat(),
        "day_end": clock.timestamp(day_end),
        "fresh": clock.timestamp(now - FRESH),
        "officer": officer,
    }
    return [_work_case(row) for row in db.query(_SQL if officer is None else _OWN_SQL, args)]


def waiting_tickets(db: Database, today: date) -> list[WaitingTicket]:
    """Return the numbers of today that wait without a form, the one that waits longest first."""
    rows = db.query(_WAITING_SQL, {"today": today.isoformat()})
    return [WaitingTicket(**{**row, "acted_at": clock.parse_timestamp(row["acted_at"])}) for row in rows]


def _work_case(row: dict[str, Any]) -> WorkCase:
    times = {name: clock.parse_timestamp(row[name]) if row[name] else None for name in _TIMES}
    return WorkCase(**{**row, **times, "is_returned": bool(row["is_returned"])})
