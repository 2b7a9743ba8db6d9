"""The queue at the side of the desk: who is at the counter, who is next and why, and the buttons that move numbers.

Every button posts the same tap: the number that the page showed at the counter and the nonce of the page. Which touch
counts is decided by the act, inside its write; whatever comes of it, the page then shows who is at the counter.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import jsonify, redirect, render_template, request, url_for
from sqlite_utils import Database
from werkzeug.wrappers import Response as Answer

from kiosk import clock, codes, waiting
from kiosk.acts import calling
from kiosk.acts.calling import AtCounter, Tap
from kiosk.errors import NotFound
from kiosk.pages.guard import for_, room
from kiosk.pages.officer.blueprint import counter, csrf, officer, sitting
from kiosk.pages.officer.priority import rule_in_words
from kiosk.records import counters, pace, submissions, tickets
from kiosk.records.tickets import Ticket
from kiosk.room import Room
from kiosk.turns import Choice

SHOWN = 12
LONGEST_NONCE = 64
ACTS: dict[str, Callable[[Room, Tap], AtCounter]] = {
    "next": calling.call_next,
    "recall": calling.recall,
    "serve": calling.serve,
    "absent": calling.absent,
    "hold": calling.hold,
    "finish": calling.finish,
}
SAID = {
    "nobody": "Chưa có ai chờ ở quầy này.",
    "late": "Nút vừa bấm không đổi gì: số ở quầy đã khác, hoặc bấm hai lần.",
    "slip": "Phiếu đang in lại, trên phiếu có ghi là bản in lại.",
    "papers": "Đã ghi giấy tờ.",
    "note": "Đã ghi chú.",
    "moved": "Không đổi gì: hồ sơ đã sang bước khác, hoặc bấm hai lần.",
    "number": "Đã ghi mã hồ sơ.",
    "accepted": "Đã tiếp nhận hồ sơ.",
    "supplement": "Đã ghi yêu cầu bổ sung. Bà con quay lại thì đưa phiếu, không phải lấy số mới.",
    "refused": "Đã ghi từ chối tiếp nhận.",
    "extended": "Đã ghi ngày hẹn mới.",
    "stopped": "Đã ghi dừng giải quyết.",
    "handed_out": "Đã ghi trả kết quả.",
    "priority": "Đã ghi ưu tiên và lý do.",
    "opened": "Quầy đã mở.",
    "shut": "Quầy đã đóng. Số được chuyển riêng tới quầy này nay chờ quầy khác.",
    "taken": "Quầy này vừa có người khác ngồi. Từ nay số được gọi từ máy này.",
    "twice": "Tên này còn mở ở một máy khác. Quầy nay gọi số từ máy này; máy kia thôi gọi được.",
}
PRIORITY = {
    "elderly": "người cao tuổi",
    "disabled": "người khuyết tật",
    "pregnant": "đang mang thai",
    "infant": "có con nhỏ",
    "merit": "người có công",
    "declared": "tự khai",
}


@dataclass(frozen=True)
class Waiting:
    """A number in the list: what it is about, how long it waits, why it stands where it stands."""

    id: str
    label: str
    matter: str
    minutes: int
    why: str = ""
    is_priority: bool = False
    is_confirmed: bool = False


@dataclass(frozen=True)
class Panel:
    """What the side of the desk shows."""

    here: Ticket | None
    since: int
    line: tuple[Waiting, ...]
    count: int
    held: tuple[Waiting, ...]
    version: int
    nonce: str
    opened_at: datetime | None
    ended: tuple[str, ...]
    rule: str


@officer.get("/queue")
@for_("officer")
def queue() -> str:
    """Give the side of the desk alone, for a page that refreshes it."""
    return render_template("officer/queue.html", panel=panel(), csrf=csrf(), **places())


@officer.get("/queue/version")
@for_("officer")
def queue_version() -> Answer:
    """Say by a number whether anything has moved."""
    with room().store.read() as db:
        return jsonify(version=pace.version(db))


@officer.post("/queue/<act>")
@for_("officer")
def tap(act: str) -> Answer:
    """Do what a button says, once."""
    if act == "this":
        done = calling.call_this(room(), _tap(), request.form.get("this", ""))
    elif act == "transfer":
        done = _transfer(request.form.get("to", ""))
    elif act in ACTS:
        done = ACTS[act](room(), _tap())
    else:
        raise NotFound
    said = "" if done.is_new else "late"
    if act == "next" and done.is_new and done.ticket is None:
        said = "nobody"
    return redirect(url_for("officer.desk", said=said or None), 303)


def panel() -> Panel:
    """Return the side of the desk as it is now, with a new nonce."""
    now, day, number = room().clock.now(), room().clock.today(), counter().number
    with room().store.read() as db:
        here = tickets.at_counter(db, day, number)
        since = _since(db, here, now) if here else 0
        choices = waiting.next_up(db, room().config, day, number, now)
        listed = tuple(_waiting(db, one, now) for one in choices[:SHOWN])
        held = tuple(_row(db, one, now, "") for one in tickets.held(db, day))
        opened, ended = _opened_at(db, number), _ended(db, number, now)
        told = (pace.version(db), codes.nonce(), opened, ended, rule_in_words(room().config.queue))
        return Panel(here, since, listed, len(choices), held, *told)


def places() -> dict[str, object]:
    """Return where a number can be passed on to."""
    others = [one for one in room().config.counters if one.number != counter().number]
    return {"lines": room().config.series, "others": others}


def _tap() -> Tap:
    nonce = request.form.get("nonce", "")
    if not (nonce.isascii() and 1 <= len(nonce) <= LONGEST_NONCE):
        raise NotFound
    return Tap(counter().number, request.form.get("ticket") or None, nonce, sitting().person.code)


def _transfer(to: str) -> AtCounter:
    kind, _, where = to.partition(":")
    if kind == "counter" and where.isascii() and where.isdigit() and len(where) <= 2:
        return calling.transfer(room(), _tap(), counter=int(where))
    return calling.transfer(room(), _tap(), line=where if kind == "line" else "")


def _opened_at(db: Database, number: int) -> datetime | None:
    day = room().clock.today()
    if number not in counters.opened(db, day):
        return None
    return clock.local([one.at for one in counters.events(db, day) if one.counter == number][-1])


def _ended(db: Database, number: int, now: datetime) -> tuple[str, ...]:
    """Say of which lines of this counter no number is given any more, and why."""
    here, day = room(), room().clock.today()
    served = [one for one in here.config.series if one.letter in waiting.lines_of(here.config, number)]
    shut = [one for one in served if not waiting.gives(db, here.config, here.calendar, one, now)]
    full = [one for one in shut if tickets.drawn(db, day, one.letter) >= (one.quota or waiting.LAST_NUMBER)]
    said = [f"Dãy {one.letter} đã phát hết {one.quota or waiting.LAST_NUMBER} số hôm nay." for one in full]
    if len(shut) > len(full):
        said.append("Đã quá giờ phát số. Người đã có số vẫn được gọi.")
    return tuple(said)


def _since(db: Database, ticket: Ticket, now: datetime) -> int:
    """Minutes since the number was called to the counter."""
    called = [one.at for one in tickets.history(db, ticket.id) if one.event == "called"]
    return _minutes(called[-1], now) if called else 0


def _waiting(db: Database, choice: Choice[Ticket], now: datetime) -> Waiting:
    ticket = choice.ticket
    if choice.why == "waited" and not ticket.is_priority:
        return _row(db, ticket, now, f"Chờ đã quá {room().config.queue.max_wait_minutes} phút")
    if ticket.is_resting:
        return _row(db, ticket, now, "Gọi chưa thấy, xếp lại cuối hàng")
    if ticket.priority == "returning":
        return _row(db, ticket, now, "Quay lại, mang thêm giấy")
    if ticket.priority:
        unseen = "" if ticket.is_confirmed or ticket.priority == "declared" else ", tự khai"
        return _row(db, ticket, now, f"Ưu tiên: {PRIORITY[ticket.priority]}{unseen}")
    return _row(db, ticket, now, "")


def _row(db: Database, ticket: Ticket, now: datetime, why: str) -> Waiting:
    found = submissions.find(db, ticket.submission_id) if ticket.submission_id else None
    procedure = room().shelf.version(found.procedure, found.version) if found else None
    series = next((one.name for one in room().config.series if one.letter == ticket.line), "")
    matter = procedure.short.vi if procedure else series
    marks = (ticket.is_priority, ticket.is_confirmed)
    return Waiting(ticket.id, ticket.label, matter, _minutes(ticket.since, now), why, *marks)


def _minutes(since: datetime, now: datetime) -> int:
    return max(0, int((now - since).total_seconds() // 60))
