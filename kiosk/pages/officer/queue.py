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

from kiosk import clock, codes
from kiosk.acts import calling, correcting, helping, inspecting
from kiosk.acts.calling import CallResult, CounterRequest
from kiosk.context import Context
from kiosk.dossiers.opened import open_submission
from kiosk.errors import NotFound
from kiosk.pages.access import context, for_
from kiosk.pages.officer.blueprint import counter, csrf, officer, sitting
from kiosk.pages.officer.priority import rule_in_words
from kiosk.procedures import revision
from kiosk.queue import snapshot
from kiosk.queue.call_order import NextCall
from kiosk.records import calls, counters, queue_stats, submissions, tickets
from kiosk.records.tickets import Ticket

SHOWN = 12
LONGEST_NONCE = 64
ACTS: dict[str, Callable[[Context, CounterRequest], CallResult]] = {
    "next": calling.call_next,
    "recall": calling.call_again,
    "serve": calling.start_serving,
    "absent": calling.mark_absent,
    "hold": calling.hold,
    "finish": calling.finish,
}
STAYING = {"recall", "serve"}
"""The buttons after which the number is still at the counter."""
SAID = {
    "nobody": "Chưa có ai chờ ở quầy này.",
    "late": "Nút vừa bấm không đổi gì: số ở quầy đã khác, hoặc bấm hai lần.",
    "slip": "Phiếu đang in lại, trên phiếu có ghi là bản in lại.",
    "papers": "Đã ghi giấy tờ.",
    "note": "Đã ghi chú.",
    "moved": "Không đổi gì: hồ sơ đã sang bước khác, hoặc bấm hai lần.",
    "number": "Đã ghi mã hồ sơ.",
    "again": "Máy gửi lại lên cổng.",
    "withdrawn": "Đã rút khỏi hàng gửi. Hồ sơ vẫn còn trong máy.",
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
    "going": "Máy đã báo bà con là cán bộ đang đến.",
    "gone": "Đã có người tới, hoặc bà con thôi gọi.",
    "corrected": "Đã ghi bản sửa. Mã hồ sơ và số thứ tự giữ nguyên; cần phiếu mới thì bấm “In lại phiếu”.",
    "dropped": "Đã bỏ chỗ đang sửa, tờ khai giữ nguyên.",
    "unfinished": "Chưa ghi được bản sửa: còn mục phải hỏi thêm, xem ở dưới.",
    "broken": "Chưa ghi được bản sửa: có chỗ chưa khớp nhau. Mời mở lại mục vừa sửa.",
    "overtaken": "Cán bộ khác vừa ghi một bản sửa của hồ sơ này. Chỗ đang sửa vẫn còn ở dưới: xem lại rồi ghi.",
    "unsaved": "Bản sửa chưa ghi. Ghi hoặc bỏ trước; bấm nút ấy lần nữa thì số đi, bản sửa còn giữ đến mai.",
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
class Hand:
    """A hand that is up at a touchscreen: where somebody stands in the pages, for how long."""

    id: int
    where: str
    minutes: int


@dataclass(frozen=True)
class Panel:
    """What the side of the desk shows."""

    here: Ticket | None
    since: int
    line: tuple[Waiting, ...]
    count: int
    held: tuple[Waiting, ...]
    hands: tuple[Hand, ...]
    version: str
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
    with context().store.read() as db:
        return jsonify(version=_version(db))


@officer.post("/queue/hand/<int:call_id>")
@for_("officer")
def go_to_hand(call_id: int) -> Answer:
    """Say that one goes to a screen where a hand is up; the screen says that somebody comes."""
    said = "going" if helping.answer_call(context(), call_id, sitting().person.code) else "gone"
    return redirect(url_for("officer.desk", said=said), 303)


def _version(db: Database) -> str:
    """Grows with the queue, and differs with each hand that goes up or down."""
    return ".".join(str(one) for one in (queue_stats.version(db), *(call.id for call in calls.all_open(db))))


@officer.post("/queue/<act>")
@for_("officer")
def tap(act: str) -> Answer:
    """Do what a button says, once; a note that was typed is kept first, an unwritten correction asks first."""
    touch = _tap()
    _keep_note(touch)
    if act not in STAYING and not request.form.get("sure") and _is_unwritten(touch):
        return redirect(url_for("officer.desk", said="unsaved"), 303)
    if act == "this":
        done = calling.call_ticket(context(), touch, request.form.get("this", ""))
    elif act == "transfer":
        done = _transfer(touch, request.form.get("to", ""))
    elif act in ACTS:
        done = ACTS[act](context(), touch)
    else:
        raise NotFound
    said = "" if done.is_changed else "late"
    if act == "next" and done.is_changed and done.ticket is None:
        said = "nobody"
    return redirect(url_for("officer.desk", said=said or None), 303)


def _keep_note(tap: CounterRequest) -> None:
    """Keep the note that stood in its box when another button was pressed; the same touch twice keeps it once."""
    note = request.form.get("note", "").strip()
    if not note or tap.ticket_id is None:
        return
    with context().store.read() as db:
        here = tickets.at_counter(db, context().clock.today(), tap.counter)
        is_new = not tickets.is_nonce_used(db, tap.nonce)
    if is_new and here and here.id == tap.ticket_id and here.submission_id:
        inspecting.add_note(context(), here.submission_id, note, tap.actor)


def _is_unwritten(tap: CounterRequest) -> bool:
    """Tell whether the number that would leave has a correction in hand which changes something."""
    if tap.ticket_id is None:
        return False
    with context().store.read() as db:
        here = tickets.at_counter(db, context().clock.today(), tap.counter)
    base = open_submission(context(), here.submission_id) if here and here.submission_id else None
    if base is None or here is None or here.id != tap.ticket_id:
        return False
    held = correcting.current_correction(context(), base, tap.actor)
    is_open = revision.unfinished_steps(base.procedure, held.draft, base.submission.day)
    return held.is_begun and bool(held.differences or is_open)


def panel() -> Panel:
    """Return the side of the desk as it is now, with a new nonce."""
    now, day, number = context().clock.now(), context().clock.today(), counter().number
    with context().store.read() as db:
        here = tickets.at_counter(db, day, number)
        since = _since(db, here, now) if here else 0
        choices = snapshot.upcoming(db, context().config, day, number, now)
        listed = tuple(_waiting(db, one, now) for one in choices[:SHOWN])
        held = tuple(_row(db, one, now, "") for one in tickets.held(db, day))
        hands = tuple(_hand(one, now) for one in calls.all_open(db))
        opened, ended = _opened_at(db, number), _ended(db, number, now)
        told = (_version(db), codes.nonce(), opened, ended, rule_in_words(context().config.queue))
        return Panel(here, since, listed, len(choices), held, hands, *told)


def _hand(call: calls.OfficerCall, now: datetime) -> Hand:
    where = "đang khai dở" if call.place.startswith("/form/") else "chưa vào tờ khai"
    return Hand(call.id, where, _minutes(call.since, now))


def places() -> dict[str, object]:
    """Return where a number can be passed on to."""
    others = [one for one in context().config.counters if one.number != counter().number]
    return {"lines": context().config.series, "others": others}


def _tap() -> CounterRequest:
    nonce = request.form.get("nonce", "")
    if not (nonce.isascii() and 1 <= len(nonce) <= LONGEST_NONCE):
        raise NotFound
    return CounterRequest(counter().number, request.form.get("ticket") or None, nonce, sitting().person.code)


def _transfer(tap: CounterRequest, to: str) -> CallResult:
    kind, _, where = to.partition(":")
    if kind == "counter" and where.isascii() and where.isdigit() and len(where) <= 2:
        return calling.transfer(context(), tap, counter=int(where))
    return calling.transfer(context(), tap, line=where if kind == "line" else "")


def _opened_at(db: Database, number: int) -> datetime | None:
    day = context().clock.today()
    if number not in counters.open_counters(db, day):
        return None
    return clock.local([one.at for one in counters.events(db, day) if one.counter == number][-1])


def _ended(db: Database, number: int, now: datetime) -> tuple[str, ...]:
    """Say of which lines of this counter no number is given any more, and why."""
    here, day = context(), context().clock.today()
    served = [one for one in here.config.series if one.letter in snapshot.lines_of(here.config, number)]
    shut = [one for one in served if not snapshot.may_draw(db, here.config, here.calendar, one, now)]
    full = [one for one in shut if tickets.last_number(db, day, one.letter) >= (one.quota or snapshot.LAST_NUMBER)]
    said = [f"Dãy {one.letter} đã phát hết {one.quota or snapshot.LAST_NUMBER} số hôm nay." for one in full]
    if len(shut) > len(full):
        said.append("Đã quá giờ phát số. Người đã có số vẫn được gọi.")
    return tuple(said)


def _since(db: Database, ticket: Ticket, now: datetime) -> int:
    """Minutes since the number was called to the counter."""
    called = [one.at for one in tickets.events(db, ticket.id) if one.event == "called"]
    return _minutes(called[-1], now) if called else 0


def _waiting(db: Database, choice: NextCall[Ticket], now: datetime) -> Waiting:
    ticket = choice.ticket
    if choice.reason == "waited" and not ticket.is_priority:
        return _row(db, ticket, now, f"Chờ đã quá {context().config.queue.max_wait_minutes} phút")
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
    procedure = context().catalogue.version(found.procedure, found.version) if found else None
    series = next((one.name for one in context().config.series if one.letter == ticket.line), "")
    matter = procedure.short.vi if procedure else series
    marks = (ticket.is_priority, ticket.is_confirmed)
    return Waiting(ticket.id, ticket.label, matter, _minutes(ticket.since, now), why, *marks)


def _minutes(since: datetime, now: datetime) -> int:
    return max(0, int((now - since).total_seconds() // 60))
