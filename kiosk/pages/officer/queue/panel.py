"""Queue panel of the desk: the ticket at the counter, the tickets that follow, and where a ticket can be moved to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import jsonify, render_template, request
from sqlite_utils import Database
from werkzeug.wrappers import Response as Answer

from kiosk.base import clock, codes
from kiosk.config.list_sections import Series
from kiosk.pages.access import allow, context
from kiosk.pages.officer.queue.help_calls import ScreenRow, last_call_text, screen_rows
from kiosk.pages.officer.queue.priority import rule_in_words
from kiosk.pages.officer.session.blueprint import counter, csrf, officer, sitting
from kiosk.queue import snapshot
from kiosk.queue.call_order import NextCall
from kiosk.records import counters, help_calls, queue_stats, submissions, tickets
from kiosk.records.help_calls import OfficerCall
from kiosk.records.tickets import Ticket

SHOWN = 12
TICKET_STATES = {
    "waiting": "đang chờ",
    "absent": "gọi chưa thấy, còn trong hàng",
    "called": "đang gọi",
    "serving": "đang ở quầy",
    "held": "đang giữ số",
    "done": "đã xong",
    "closed": "đã đóng",
}
"""State of a ticket in words."""
PRIORITY = {
    "elderly": "người cao tuổi",
    "disabled": "người khuyết tật",
    "pregnant": "đang mang thai",
    "infant": "có con nhỏ",
    "merit": "người có công với cách mạng",
    "declared": "tự khai",
}


@dataclass(frozen=True)
class QueueRow:
    """A ticket in the list: its procedure, minutes of waiting, and the reason for its place in the order."""

    id: str
    label: str
    matter: str
    minutes: int
    why: str = ""
    is_priority: bool = False
    is_confirmed: bool = False


@dataclass(frozen=True)
class QueuePanel:
    """The queue panel; `since` is the minutes since the ticket was called, `count` the number of waiting tickets."""

    ticket: Ticket | None
    since: int
    rows: tuple[QueueRow, ...]
    count: int
    longest: int
    """Minutes that the longest wait has lasted."""
    held: tuple[QueueRow, ...]
    finished: QueueRow | None
    """The number that left this counter last, to call it back."""
    screens: tuple[ScreenRow, ...]
    last_call: str
    version: str
    nonce: str
    opened_at: datetime | None
    ended: tuple[str, ...]
    ending: str
    rule: str


@officer.get("/queue")
@allow("officer")
def queue() -> str:
    """Return the queue panel alone, for a page that refreshes it; folded where the page has no room for the list."""
    if request.args.get("folded"):
        return render_template("officer/queue_folded.html", folded=folded_queue(), csrf=csrf())
    return render_template("officer/queue.html", panel=panel(), csrf=csrf(), **transfer_targets())


@officer.get("/queue/version")
@allow("officer")
def queue_version() -> Answer:
    """Return the version of the queue; a page refreshes when it changes."""
    with context().store.read() as db:
        return jsonify(version=_version(db, help_calls.open_calls(db)))


def panel() -> QueuePanel:
    """Return the queue panel of this counter, with a new nonce."""
    now = context().clock.now()
    day = context().clock.today()
    number = counter().number
    with context().store.read() as db:
        ticket = tickets.at_counter(db, day, number)
        upcoming = snapshot.upcoming(db, context().config, day=day, counter=number, now=now)
        held = tickets.held(db, day)
        finished = tickets.last_finished(db, day, number)
        shown = [next_call.ticket for next_call in upcoming[:SHOWN]]
        matters = matters_of(db, [*shown, *held, *([finished] if finished else [])])
        open_calls = help_calls.open_calls(db)
        return QueuePanel(
            ticket=ticket,
            since=_minutes_since_call(db, ticket, now) if ticket else 0,
            rows=tuple(
                queue_row(next_call.ticket, matters, now, why=_reason(next_call)) for next_call in upcoming[:SHOWN]
            ),
            count=len(upcoming),
            longest=max((_minutes(next_call.ticket.since, now) for next_call in upcoming), default=0),
            finished=queue_row(finished, matters, now) if finished else None,
            held=tuple(queue_row(ticket, matters, now) for ticket in held),
            screens=tuple(screen_rows(db, open_calls)),
            last_call=last_call_text(db),
            version=_version(db, open_calls),
            nonce=codes.nonce(),
            opened_at=_opened_at(db, number),
            ended=_ended(db, number, now),
            ending=_ending(db, now),
            rule=rule_in_words(context().config.queue),
        )


def folded_queue() -> QueuePanel | None:
    """Return the queue panel for a page that shows it folded; None for an officer without a counter."""
    return panel() if sitting().counter is not None else None


def transfer_targets() -> dict[str, object]:
    """Return the series and the other counters that a ticket can be moved to."""
    others = [other for other in context().config.counters if other.number != counter().number]
    return {"lines": context().config.series, "others": others}


def target_words(target: str) -> str:
    """Return where a ticket was moved to, as words that follow its number; empty for an unknown place."""
    config = context().config
    series = {f"line:{one.letter}": f" sang dãy {one.letter}, {one.name}" for one in config.series}
    counters = {f"counter:{one.number}": f" sang {one.name or f'Quầy {one.number}'}" for one in config.counters}
    return (series | counters).get(target, "")


def _version(db: Database, open_calls: Iterable[OfficerCall]) -> str:
    """Return a version that changes with the queue and with each call from a touchscreen."""
    end = snapshot.day_end(db, context().config, context().calendar, now=context().clock.now())
    phase = 0 if end is None else 1 + end.is_over
    parts = [queue_stats.version(db), phase, context().plan_revision, *(call.id for call in open_calls)]
    return ".".join(str(part) for part in parts)


def _opened_at(db: Database, number: int) -> datetime | None:
    """Return when the counter was opened today; None while it is closed."""
    at = counters.opened_at(db, context().clock.today(), number)
    return clock.local(at) if at else None


def _ended(db: Database, number: int, now: datetime) -> tuple[str, ...]:
    """Return notices about the series of this counter that give no more tickets today."""
    config = context().config
    drawable = snapshot.drawable_letters(db, config, context().calendar, now)
    served = [series for series in config.series if series.letter in snapshot.lines_of(config, number)]
    ended = [series for series in served if series.letter not in drawable]
    full = [series for series in ended if _is_full(db, series)]
    notices = [f"Dãy {series.letter} đã phát hết {_quota(series)} số hôm nay." for series in full]
    if len(ended) > len(full):
        notices.append("Đã quá giờ phát số. Người đã có số vẫn được gọi.")
    return tuple(notices)


def _ending(db: Database, now: datetime) -> str:
    """Return what an officer must do for the people who still wait near closing time; empty before it."""
    end = snapshot.day_end(db, context().config, context().calendar, now=now)
    if end is None:
        return ""
    when = f"{end.closes_at.hour}:{end.closes_at:%M}"
    closing = f"Đã quá giờ đóng quầy {when}" if end.is_over else f"{when} đóng quầy"
    labels = ", ".join(end.labels[:SHOWN]) + ("…" if len(end.labels) > SHOWN else "")
    return (
        f"{closing}, còn {len(end.labels)} người chưa làm xong: {labels}. Số hết hạn lúc nửa đêm. Xin gọi hết, hoặc "
        "báo để mai họ mang phiếu lấy số mới; tờ khai đã nộp không phải khai lại."
    )


def _is_full(db: Database, series: Series) -> bool:
    return tickets.last_number(db, context().clock.today(), series.letter) >= _quota(series)


def _quota(series: Series) -> int:
    return series.quota or snapshot.LAST_NUMBER


def _minutes_since_call(db: Database, ticket: Ticket, now: datetime) -> int:
    called = tickets.last_called(db, ticket.id)
    return _minutes(called, now) if called else 0


def _reason(next_call: NextCall[Ticket]) -> str:
    """Return the reason for the place of a ticket in the order; empty for an ordinary one."""
    ticket = next_call.ticket
    if next_call.reason == "waited" and not ticket.is_priority:
        return f"Chờ đã quá {context().config.queue.max_wait_minutes} phút"
    if ticket.is_absent:
        return "Gọi chưa thấy, xếp lại cuối hàng"
    if ticket.priority == "returning":
        return "Quay lại, mang thêm giấy"
    if ticket.priority:
        unseen = "" if ticket.is_confirmed or ticket.priority == "declared" else ", tự khai"
        return f"Ưu tiên: {PRIORITY[ticket.priority]}{unseen}"
    return ""


def matters_of(db: Database, shown: Iterable[Ticket]) -> dict[str, str]:
    """Return the matter of each ticket by its id: the procedure of its form, or the name of its series."""
    rows = list(shown)
    known = submissions.procedures_of(db, [ticket.submission_id for ticket in rows if ticket.submission_id])
    series = {series.letter: series.name for series in context().config.series}
    matters = {}
    for ticket in rows:
        found = known.get(ticket.submission_id or "")
        procedure = context().catalogue.version(*found) if found else None
        matters[ticket.id] = procedure.short.vi if procedure else series.get(ticket.line, "")
    return matters


def queue_row(ticket: Ticket, matters: Mapping[str, str], now: datetime, why: str = "") -> QueueRow:
    """Return a ticket as a row of a list; `matters` is of `matters_of`."""
    return QueueRow(
        id=ticket.id,
        label=ticket.label,
        matter=matters[ticket.id],
        minutes=_minutes(ticket.since, now),
        why=why,
        is_priority=ticket.is_priority,
        is_confirmed=ticket.is_confirmed,
    )


def _minutes(since: datetime, now: datetime) -> int:
    return max(0, int((now - since).total_seconds() // 60))
