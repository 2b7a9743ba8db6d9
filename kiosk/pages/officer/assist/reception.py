"""Reception: an officer at the door finds the procedure, names the papers, gives a number, and takes slips back.

It works without a counter, on a tablet. A number is for a person whom the officer sees, so its priority counts as
checked. A slip that is scanned or typed puts its holder back into line.
"""

from dataclasses import dataclass
from typing import get_args

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import queueing
from kiosk.base import codes
from kiosk.base.errors import NoTicketsLeft
from kiosk.comparison import condition_words
from kiosk.config.list_sections import Series
from kiosk.dossiers import checklist
from kiosk.dossiers.scanned_code import recognise
from kiosk.pages.access import allow, context
from kiosk.pages.officer.assist.begin import MAX_QUERY_LENGTH, procedure_lines
from kiosk.pages.officer.queue.priority import GROUPS
from kiosk.pages.officer.session.blueprint import officer, render, sitting
from kiosk.procedures.model import Procedure
from kiosk.queue import snapshot
from kiosk.records import tickets
from kiosk.records.tickets import Priority, Ticket

NO_PRIORITY = "none"
STATE_WORDS = {
    "called": "đang được gọi",
    "serving": "đang ở quầy",
    "done": "đã xong",
    "closed": "đã hủy, gọi không thấy",
}
"""State of a number that no longer waits -> words."""
SLIP_ERRORS = {
    "kept": "Đây là phiếu giữ tờ khai. Mở tờ khai ở quầy, trang “Tra cứu”.",
    "card": "Đây là thẻ căn cước, không phải phiếu. Muốn khai giúp thì chọn thủ tục trước.",
    "number": "Hôm nay không có số này. Xem lại số trên phiếu.",
    "unknown": "Không đọc được phiếu này. Quét lại, gõ mã trên phiếu, hoặc gõ số thứ tự.",
}
"""Kind of a code that puts nobody into line -> sentence."""
LONGEST_CODE = 60


@dataclass(frozen=True)
class SeriesChoice:
    """A series of numbers, with how many people wait in it."""

    id: str
    words: str
    hint: str
    is_chosen: bool
    may_draw: bool


@dataclass(frozen=True)
class Drawn:
    """A number that was given or found, and what its holder is told."""

    ticket: Ticket
    series: str
    wait: str


@officer.get("/reception")
@allow("officer")
def reception() -> str:
    """Show the reception page: the procedures that match, the chosen one with its papers, the number that was given."""
    return _page()


@officer.post("/reception/number")
@allow("officer")
def reception_number() -> Answer | str:
    """Give a number for somebody; a second press of one page gives the same number."""
    series = context().config.series_of(request.form.get("series", ""))
    nonce = request.form.get("nonce", "")
    if series is None:
        return _page(error="Chưa chọn dãy số. Chọn thủ tục, hoặc chọn dãy ở dưới.")
    if not (nonce.isascii() and 1 <= len(nonce) <= LONGEST_CODE):
        return _page(error="Trang đã cũ. Bấm lại.")
    try:
        drawn = queueing.draw_for_citizen(
            context(), series, nonce=nonce, actor=sitting().person.code, priority=_priority()
        )
    except NoTicketsLeft:
        return _page(error=f"Dãy {series.letter} hôm nay không phát số nữa: đã đủ số, hoặc sắp hết giờ.")
    return redirect(url_for("officer.reception", drawn=drawn.id, code=request.form.get("code") or None), 303)


@officer.post("/reception/slip")
@allow("officer")
def reception_slip() -> Answer | str:
    """Put the holder of a slip back into line, or show the number that was typed."""
    typed = request.form.get("slip", "").strip()[:LONGEST_CODE]
    found = recognise(typed, context().clock.today(), is_typed=True)
    if found.kind == "slip":
        back = queueing.rejoin_queue(context(), found.text, actor=sitting().person.code)
        if back is None:
            return _page(error="Phiếu này không cần vào hàng: hồ sơ đã xong, hoặc không phải phiếu của phường.")
        return redirect(url_for("officer.reception", drawn=back.id), 303)
    with context().store.read() as db:
        is_today = found.kind == "number" and found.day == context().clock.today()
        ticket = tickets.by_label(db, context().clock.today(), found.text) if is_today else None
    if ticket is not None:
        return redirect(url_for("officer.reception", drawn=ticket.id), 303)
    return _page(error=SLIP_ERRORS.get(found.kind, SLIP_ERRORS["unknown"]))


def _page(error: str = "") -> str:
    query = request.args.get("q", "")[:MAX_QUERY_LENGTH]
    code = request.values.get("code", "")
    procedure = context().catalogue.in_force(code, context().clock.today()) if code else None
    today = context().clock.today()
    return render(
        "officer/reception.html",
        query=query,
        lines=procedure_lines(query, lambda found: url_for("officer.reception", code=found.code)),
        procedure=procedure,
        papers=[
            (checklist.paper_name(paper), paper.bring.vi, bool(paper.when))
            for paper in sorted(procedure.papers, key=lambda paper: (bool(paper.when), paper.optional))
        ]
        if procedure
        else [],
        notes=[note.say.vi for note in procedure.notes if not note.when] if procedure else [],
        times=_times(procedure) if procedure else [],
        series=_series_choices(procedure),
        groups={group: words for group, words in GROUPS.items() if group != "returning"},
        chosen_group=request.form.get("priority", NO_PRIORITY),
        drawn=_drawn(request.args.get("drawn", "")),
        nonce=codes.nonce(),
        error=error,
        today=today,
    )


def _times(procedure: Procedure) -> list[str]:
    """Return the processing times, each with the situation that it is for."""
    times = [(time.text.vi, condition_words.in_words(procedure, time.when)) for time in procedure.times]
    return [f"{text} ({words})" if words else text for text, words in times]


def _priority() -> Priority | None:
    posted = request.form.get("priority", NO_PRIORITY)
    return next((group for group in get_args(Priority) if group == posted and group in GROUPS), None)


def _series_choices(procedure: Procedure | None) -> list[SeriesChoice]:
    config = context().config
    now = context().clock.now()
    chosen = request.form.get("series") or (_series_of(procedure).id if procedure else "")
    choices = []
    with context().store.read() as db:
        drawable = snapshot.drawable_letters(db, config, context().calendar, now)
        for series in config.series:
            waiting = tickets.count_waiting(db, context().clock.today(), series.letter)
            may_draw = series.letter in drawable
            hint = f"{waiting} người chờ" if waiting else "chưa có ai chờ"
            choices.append(
                SeriesChoice(
                    id=series.id,
                    words=f"{series.letter} {series.name}",
                    hint=hint if may_draw else "hôm nay hết số",
                    is_chosen=series.id == chosen,
                    may_draw=may_draw,
                )
            )
    return choices


def _series_of(procedure: Procedure) -> Series:
    return context().config.series_of(procedure.series) or context().config.series[0]


def _drawn(ticket_id: str) -> Drawn | None:
    if not ticket_id:
        return None
    with context().store.read() as db:
        ticket = tickets.find(db, ticket_id)
        if ticket is None or ticket.day != context().clock.today():
            return None
        wait = _wait_words(snapshot.estimate_wait(db, context().config, ticket=ticket, now=context().clock.now()))
    series = next((series.name for series in context().config.series if series.letter == ticket.series), "")
    states = {
        "called": "đang được gọi",
        "serving": "đang ở quầy",
        "done": "đã xong",
        "closed": "đã hủy, gọi không thấy",
    }
    return Drawn(ticket=ticket, series=series, wait=states.get(ticket.state, wait))


def _wait_words(estimate: snapshot.WaitEstimate) -> str:
    if not estimate.ahead:
        return "sắp đến lượt"
    if estimate.minutes is None:
        return f"còn {estimate.ahead} người phía trước"
    low, high = estimate.minutes
    return f"còn {estimate.ahead} người phía trước, chừng {low} đến {high} phút"
