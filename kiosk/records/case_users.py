"""Officers who have a case or a draft open: a number at their counter, an opening with a reason, a draft at the desk.

One read of tables that other modules write. An opening whose session has ended counts no more.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlite_utils import Database

from kiosk.base import clock

_SQL = """
select s.receipt_no as subject, staff.code as actor, staff.name, t.counter, 0 as is_draft
  from tickets t join sittings on sittings.counter = t.counter join staff on staff.code = sittings.person
  join submissions s on s.id = t.submission_id
  where t.day = :today and t.state in ('called', 'serving')
union select s.receipt_no, staff.code, staff.name, sittings.counter, 0
  from sittings join openings o on o.session = sittings.session join staff on staff.code = sittings.person
  join submissions s on s.id = o.submission_id
  where o.opened_at <= :now and o.closes_at > :now
union select d.draft_id, staff.code, staff.name, max(sittings.counter), 1
  from draft_desk d join staff on staff.code = d.actor left join sittings on sittings.person = d.actor
  group by d.draft_id
order by subject, name
"""


@dataclass(frozen=True)
class CaseUser:
    """An officer with a case or a draft; `subject` is its receipt number, or the id of a draft."""

    subject: str
    actor: str
    name: str
    counter: int | None
    is_draft: bool


def list_all(db: Database, now: datetime, today: date) -> list[CaseUser]:
    """Return who has which case or draft open now."""
    rows = db.query(_SQL, {"now": clock.timestamp(now), "today": today.isoformat()})
    return [CaseUser(**{**row, "is_draft": bool(row["is_draft"])}) for row in rows]
