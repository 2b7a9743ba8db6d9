"""A number without a form, and who comes first: both pages lead back to the number.

What a citizen says of a priority counts until an officer has seen it; nobody is asked who does not ask for it.
"""

from datetime import datetime, time
from typing import Any, get_args

from flask import redirect, request, url_for
from sqlite_utils import Database
from werkzeug.wrappers import Response as Answer

from kiosk import clock, codes
from kiosk.acts import queueing
from kiosk.config.sections import Series
from kiosk.errors import NotFound, NoTicketsLeft
from kiosk.i18n import N_, Translate, translator
from kiosk.pages.access import allow, context, visitor
from kiosk.pages.citizen.blueprint import citizen, render
from kiosk.queue import snapshot
from kiosk.records import tickets
from kiosk.records.submissions import Submission
from kiosk.records.tickets import Priority, Ticket

PRIORITY_GROUPS: dict[str, tuple[str, str, str]] = {
    "elderly": (N_("Người cao tuổi"), N_("Từ 60 tuổi trở lên"), "people"),
    "disabled": (N_("Người khuyết tật"), N_("Có giấy xác nhận, hoặc cán bộ thấy được"), "people"),
    "pregnant": (N_("Phụ nữ mang thai"), N_("Nói với cán bộ một lời là được"), "people"),
    "infant": (N_("Có con nhỏ đi cùng"), N_("Bé dưới 36 tháng tuổi"), "people"),
    "merit": (N_("Người có công"), N_("Thương binh, bệnh binh, thân nhân liệt sĩ"), "doc"),
}
"""Group, what is meant, icon. Who is elderly: 60 years (law 39/2009/QH12 art. 2)."""


@citizen.route("/ticket", methods=["GET", "POST"])
@allow("citizen")
def ticket() -> Answer | str:
    """Draw a number for a group of matters; a page gives one, however often it is touched."""
    here = context()
    _ = translator(visitor().lang)
    drawn_id = str(request.args.get("drawn", ""))
    if request.method == "POST":
        series = here.config.series_of(request.form.get("series", ""))
        nonce = request.form.get("nonce", "")[:64]
        if series is None or not nonce:
            return redirect(url_for("citizen.ticket"), 303)
        try:
            drawn = queueing.draw_ticket(here, series, nonce)
        except NoTicketsLeft:
            return render("citizen/ticket.html", series=[], drawn=None, spent=_used_up_series(series, _))
        return redirect(url_for("citizen.ticket", drawn=drawn.id), 303)
    shown = _drawn_ticket(drawn_id, _) if drawn_id else None
    listed = [] if shown else _series_choices(_)
    return render("citizen/ticket.html", series=listed, drawn=shown, spent=None, nonce=codes.nonce())


@citizen.post("/back")
@allow("citizen")
def back() -> Answer:
    """Put who comes back with a slip into line, without a new queue; the same two answers as a look-up are asked."""
    number = codes.parse_receipt_no(request.form.get("code", "")[:40])
    found = (
        queueing.look_up_status(context(), visitor().id, receipt_no=number, last_four=request.form.get("last4", "")[:4])
        if number
        else None
    )
    drawn = queueing.rejoin_queue(context(), found.receipt_no) if found else None
    return redirect(url_for("citizen.ticket", drawn=drawn.id if drawn else None), 303)


def may_rejoin_queue(db: Database, found: Submission) -> bool:
    """Tell whether a slip brings somebody into line: not who is there already, nor whose business is done."""
    last = tickets.of_submission(db, found.id)
    if last is None or (last.state == "done" and found.desk not in queueing.REJOINING_STATES):
        return False
    return last.day != context().clock.today() or last.state not in (*tickets.IN_LINE, *tickets.AT_COUNTER)


@citizen.route("/priority/<ticket_id>", methods=["GET", "POST"])
@allow("citizen")
def priority(ticket_id: str) -> Answer | str:
    """Let somebody say why they come first; the officer looks when the number is called."""
    here = context()
    with here.store.read() as db:
        found = tickets.find(db, ticket_id)
    if found is None:
        raise NotFound
    way = url_for("citizen.done") if found.submission_id else url_for("citizen.ticket", drawn=ticket_id)
    if request.method == "POST":
        queueing.declare_priority(here, ticket_id, _parse_group(request.form.get("priority", "")))
        return redirect(way, 303)
    _ = translator(visitor().lang)
    groups = [
        {"id": one, "label": _(PRIORITY_GROUPS[one][0]), "hint": _(PRIORITY_GROUPS[one][1]), "icon": PRIORITY_GROUPS[one][2]} for one in PRIORITY_GROUPS
    ]
    return render("citizen/priority.html", groups=groups, back=way, chosen=found.priority or "", rule=_priority_rule(_))


def _parse_group(said: str) -> Priority | None:
    return next((one for one in get_args(Priority) if one == said and one in PRIORITY_GROUPS), None)


def _priority_rule(_: Translate) -> str:
    rule = context().config.queue
    words = N_("Gọi %(ratio)s số ưu tiên rồi đến một số thường. Ai chờ quá %(minutes)s phút thì được gọi trước.")
    return _(words, ratio=rule.ratio, minutes=rule.max_wait_minutes)


def priority_link(found: Ticket, _: Translate) -> dict[str, str] | None:
    """Return what leads to the page of priorities, or says which was told; None for who is called, or comes back."""
    if found.state not in tickets.IN_LINE or found.priority == "returning":
        return None
    said = PRIORITY_GROUPS.get(found.priority or "")
    return {"go": url_for("citizen.priority", ticket_id=found.id), "said": _(said[0]) if said else ""}


def wait_text(db: Database, found: Ticket, _: Translate) -> str:
    """Return how many are called before this number and a range of minutes, or when the counter opens again."""
    here = context()
    closed = closed_text(_)
    if closed:
        return closed
    outlook = snapshot.estimate_wait(db, here.config, found, here.clock.now())
    if not outlook.ahead:
        return _("Sắp đến lượt bà con")
    if outlook.minutes is None:
        return _("Còn %(n)s người phía trước", n=outlook.ahead)
    low, high = outlook.minutes
    return _("Còn %(n)s người phía trước, chừng %(low)s đến %(high)s phút", n=outlook.ahead, low=low, high=high)


def closed_text(_: Translate) -> str:
    """Return when the counter opens again; empty while it is open, or when nobody can tell."""
    here = context()
    now = here.clock.now()
    opening = None if here.calendar.is_open(now) else here.calendar.next_opening(now)
    if opening is None:
        return ""
    hour = f"{opening:%H:%M}".lstrip("0")
    if opening.date() == clock.local(now).date():
        return _("Quầy đang nghỉ, mở lại lúc %(hour)s", hour=hour)
    return _("Quầy đang nghỉ, mở lại lúc %(hour)s ngày %(day)s", hour=hour, day=f"{opening:%d/%m/%Y}")


def _used_up_series(series: Series, _: Translate) -> dict[str, str]:
    """Say that no number is left, and from when there are some again."""
    here = context()
    name = _series_name(series)
    opening = here.calendar.next_opening(datetime.combine(here.clock.today(), time.max, clock.WARD))
    hour = f"{opening:%H:%M}".lstrip("0") if opening else ""
    return {"name": name, "hour": hour, "day": f"{opening:%d/%m/%Y}" if opening else ""}


def _series_name(series: Series) -> str:
    return series.name_en if visitor().lang == "en" and series.name_en else series.name


def _series_choices(_: Translate) -> list[dict[str, str]]:
    here = context()
    now = here.clock.now()
    day = here.clock.today()
    with here.store.read() as db:
        count = {one.id: tickets.count_waiting(db, day, one.letter) for one in here.config.series}
        gives = {one.id: snapshot.may_draw(db, here.config, here.calendar, one, now) for one in here.config.series}
    return [
        {"id": one.id, "label": _series_name(one), "hint": _waiting_hint(count[one.id], _, gives=gives[one.id])}
        for one in here.config.series
    ]


def _waiting_hint(count: int, _: Translate, *, gives: bool) -> str:
    if not gives:
        return _("Hôm nay đã hết số")
    return _("%(n)s người chờ", n=count) if count else _("Chưa có ai chờ")


def _drawn_ticket(ticket_id: str, _: Translate) -> dict[str, Any] | None:
    here = context()
    with here.store.read() as db:
        found = tickets.find(db, ticket_id)
        if found is None:
            return None
        ahead = wait_text(db, found, _)
    series = next((one for one in here.config.series if one.letter == found.series), None)
    return {
        "number": found.label,
        "name": _series_name(series) if series else "",
        "ahead": ahead,
        "first": priority_link(found, _),
    }
