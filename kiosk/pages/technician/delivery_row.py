"""Row of a form or desk event in the technician's lists: receipt number, procedure and state, never an answer."""

from dataclasses import dataclass

from sqlite_utils import Database

import sync.attempts
import sync.link
from kiosk.pages.access import context
from kiosk.pages.delivery_log import EVENT_NAMES, REFUSED, refused_fields
from kiosk.procedures.model import Procedure
from kiosk.records import decisions, refusals, submissions
from kiosk.records.submissions import Submission
from kiosk.vietnam.calendar import short_time
from sync.outbox import OutboxStatus


@dataclass(frozen=True)
class DeliveryRow:
    """A form or desk event in the outbox: `icon` and `words` give its state, `code` the class and code of a failure."""

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


def delivery_row(db: Database, standing: OutboxStatus) -> DeliveryRow:
    """Return the row of a subject of the outbox."""
    name, matter, procedure = _name_and_matter(db, standing)
    icon, words = _state_words(db, standing)
    refusal = refusals.last(db, standing.subject.id) if standing.state == "refused" else None
    return DeliveryRow(
        subject=standing.subject.id,
        name=name,
        matter=matter,
        since=short_time(standing.created, context().clock.today()),
        tries=sync.attempts.count_since(db, standing.subject.id, standing.created),
        icon=icon,
        words=words,
        code=": ".join(filter(None, [standing.last_class, standing.last_code])),
        fields=tuple(refused_fields(refusal, procedure)),
        is_open=standing.state in ("todo", "unknown"),
    )


def _name_and_matter(db: Database, standing: OutboxStatus) -> tuple[str, str, Procedure | None]:
    """Name a form by its receipt number, a desk event by receipt number and position."""
    short_id = standing.subject.id[:8]
    if standing.subject.kind == "event":
        decision = decisions.find(db, standing.subject.id)
        if decision is None:
            return short_id, "", None
        name = f"{decision.receipt_no}, việc thứ {decision.seq} của quầy"
        matter = EVENT_NAMES.get(decision.kind, "việc của quầy")
        return name, matter, _procedure(submissions.find(db, decision.submission_id))
    submission = submissions.find(db, standing.subject.id)
    if submission is None:
        return short_id, "", None
    procedure = _procedure(submission)
    return submission.receipt_no, procedure.short.vi if procedure else submission.procedure, procedure


def _procedure(submission: Submission | None) -> Procedure | None:
    return context().catalogue.version(submission.procedure, submission.version) if submission else None


def _state_words(db: Database, standing: OutboxStatus) -> tuple[str, str]:
    """Return icon and words for the state, with the nearest reason why it was not sent yet."""
    if standing.state == "refused":
        return "warn", REFUSED.get(standing.last_code or "", "Cổng không nhận")
    if standing.state == "done":
        return "shield", "Thành phố đã nhận"
    if standing.state == "sending":
        return "send", "Đang gửi"
    if standing.waits_for:
        return "clock", "Chờ tờ khai của hồ sơ này gửi xong"
    if standing.state == "unknown":
        return "clock", "Chưa rõ, sẽ hỏi lại"
    return _link_words(db) or _wait_words(standing)


def _link_words(db: Database) -> tuple[str, str] | None:
    """Return icon and words while the connection is paused, stopped or down; None while it is up."""
    link = sync.link.state(db)
    if link.paused or sync.link.current_stop(db, context().clock.monotonic()):
        return "pause", "Tạm dừng"
    return ("clock", "Đang chờ đường truyền") if link.is_up is False else None


def _wait_words(standing: OutboxStatus) -> tuple[str, str]:
    return ("clock", "Cổng xin gửi lại sau") if standing.last_class == "later" else ("clock", "Chờ đến lượt")
