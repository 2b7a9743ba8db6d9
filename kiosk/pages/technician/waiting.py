"""A row of what is on its way, as the technician's lists show it: by its number and matter, never by what it says."""

from dataclasses import dataclass

from sqlite_utils import Database

import sync.attempts
import sync.link
from kiosk.pages.access import context
from kiosk.pages.delivery_log import ACTS, REFUSED, fields
from kiosk.procedures.model import Procedure
from kiosk.records import decisions, refusals, submissions
from kiosk.records.submissions import Submission
from kiosk.vietnam.calendar import short_time
from sync.outbox import Standing


@dataclass(frozen=True)
class Row:
    """Something on its way: ``icon`` and ``words`` say how it stands, ``code`` why by class and code."""

    subject: str
    name: str
    matter: str
    since: str
    tries: int
    icon: str
    words: str
    code: str
    fields: tuple[str, ...] = ()
    is_open: bool = True


def row(db: Database, one: Standing) -> Row:
    """Tell of something on its way."""
    here = context()
    name, matter, procedure = _about(db, one)
    icon, words = _stands(db, one)
    is_open = one.state in ("todo", "unknown")
    refusal = refusals.last(db, one.subject.id) if one.state == "refused" else None
    return Row(
        subject=one.subject.id,
        name=name,
        matter=matter,
        since=short_time(one.created, here.clock.today()),
        tries=sync.attempts.count(db, one.subject.id, one.created),
        icon=icon,
        words=words,
        code=": ".join(filter(None, [one.last_class, one.last_code])),
        fields=tuple(fields(refusal, procedure)),
        is_open=is_open,
    )


def _about(db: Database, one: Standing) -> tuple[str, str, Procedure | None]:
    """Name a form by its number, an act of the desk by its number and place."""
    if one.subject.kind == "event":
        act = decisions.find(db, one.subject.id)
        found = submissions.find(db, act.submission_id) if act else None
        name = f"{act.receipt_no}, việc thứ {act.seq} của quầy" if act else one.subject.id[:8]
        return name, f"{ACTS.get(act.kind, 'việc của quầy')}" if act else "", _procedure(found)
    found = submissions.find(db, one.subject.id)
    procedure = _procedure(found)
    matter = procedure.short.vi if procedure else found.procedure if found else ""
    return found.receipt_no if found else one.subject.id[:8], matter, procedure


def _procedure(found: Submission | None) -> Procedure | None:
    return context().catalogue.version(found.procedure, found.version) if found else None


def _stands(db: Database, one: Standing) -> tuple[str, str]:
    """Say in words why it has not left yet, the nearest reason first."""
    if one.state == "refused":
        return "warn", REFUSED.get(one.last_code or "", "Cổng không nhận")
    if one.state == "done":
        return "shield", "Thành phố đã nhận"
    if one.state == "sending":
        return "send", "Đang gửi"
    if one.behind:
        return "clock", "Chờ tờ khai của hồ sơ này gửi xong"
    if one.state == "unknown":
        return "clock", "Chưa rõ, sẽ hỏi lại"
    return _line(db) or _turn(one)


def _line(db: Database) -> tuple[str, str] | None:
    state = sync.link.state(db)
    if state.paused or sync.link.stopped(db, context().clock.monotonic()):
        return "pause", "Tạm dừng"
    return ("clock", "Đang chờ đường truyền") if state.is_up is False else None


def _turn(one: Standing) -> tuple[str, str]:
    return ("clock", "Cổng xin gửi lại sau") if one.last_class == "later" else ("clock", "Chờ đến lượt")
