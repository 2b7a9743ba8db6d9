"""Tickets without a form, and the priority groups.

A declared priority counts until an officer has checked it. Nobody is asked for one.
"""

from datetime import datetime, time
from typing import Any, get_args

from flask import redirect, request, url_for
from sqlite_utils import Database
from werkzeug.wrappers import Response as Answer

from kiosk.acts import queueing
from kiosk.base import clock, codes
from kiosk.base.errors import NotFound, NoTicketsLeft, TooManyTries
from kiosk.base.i18n import N_, Translate, translator
from kiosk.config.list_sections import Series
from kiosk.dossiers.series_examples import series_examples
from kiosk.pages import access
from kiosk.pages.access import allow, context, visitor
from kiosk.pages.citizen.blueprint import citizen, render
from kiosk.queue import snapshot
from kiosk.queue.snapshot import WaitEstimate
from kiosk.records import tickets
from kiosk.records.submissions import Submission
from kiosk.records.tickets import Priority, Ticket
from printers.printable_text import add_no_break_spaces

PRIORITY_GROUPS: dict[str, tuple[str, str, str]] = {
    "elderly": (N_("Người cao tuổi"), N_("Từ 60 tuổi trở lên"), "cane"),
    "disabled": (N_("Người khuyết tật"), N_("Có giấy xác nhận, hoặc cán bộ nhìn thấy"), "wheelchair"),
    "pregnant": (N_("Phụ nữ mang thai"), N_("Nói với cán bộ một lời là được"), "pregnant"),
    "infant": (N_("Có con nhỏ đi cùng"), N_("Bé dưới 36 tháng tuổi"), "baby"),
    "merit": (N_("Người có công với cách mạng"), N_("Thương binh, bệnh binh, thân nhân liệt sĩ"), "medal"),
}
"""Group -> label, explanation, icon. Elderly persons are 60 or older (law 39/2009/QH12 art. 2)."""


@citizen.route("/ticket", methods=["GET", "POST"])
@allow("citizen")
def ticket() -> Answer | str | tuple[str, int]:
    """Draw a ticket of a series; one rendered page gives one ticket, however often it is touched."""
    config = context().config
    _ = translator(visitor().lang)
    if request.method == "POST":
        series = config.series_of(request.form.get("series", ""))
        nonce = request.form.get("nonce", "")[:64]
        if series is None or not nonce:
            return redirect(url_for("citizen.ticket"), 303)
        try:
            drawn = queueing.draw_ticket(context(), series, nonce, access.touchscreen(), visitor().id)
        except NoTicketsLeft:
            return render("citizen/ticket.html", series=[], drawn=None, spent=_used_up_series(series))
        except TooManyTries as error:
            return render("citizen/ticket.html", series=[], drawn=None, pause=error.seconds), error.status
        return redirect(url_for("citizen.ticket", drawn=drawn.id), 303)
    return drawn_page(str(request.args.get("drawn", "")))


def drawn_page(ticket_id: str, *, is_scanned: bool = False) -> str:
    """Return the page of a queue number, or of the series where there is none.

    Args:
        is_scanned: the person has the paper already; none is being printed.
    """
    _ = translator(visitor().lang)
    drawn_values = _drawn_ticket(ticket_id, _) if ticket_id else None
    choices = [] if drawn_values else _series_choices(_)
    return render(
        "citizen/ticket.html",
        series=choices,
        drawn=drawn_values,
        spent=None,
        nonce=codes.nonce(),
        is_scanned=is_scanned,
    )


@citizen.post("/back")
@allow("citizen")
def back() -> Answer:
    """Put a returning citizen back into line; receipt number and digits are checked as in a look-up."""
    receipt_no = codes.parse_receipt_no(request.form.get("code", "")[:40])
    submission = None
    if receipt_no:
        digits = request.form.get("last4", "")[:4]
        submission = queueing.look_up_status(context(), access.touchscreen(), receipt_no=receipt_no, digits=digits)
    drawn = queueing.rejoin_queue(context(), submission.receipt_no) if submission else None
    return redirect(url_for("citizen.ticket", drawn=drawn.id if drawn else None), 303)


def may_rejoin_queue(db: Database, submission: Submission) -> bool:
    """Return whether a slip may put its holder back into line: the case is open and has no waiting ticket."""
    last = tickets.of_submission(db, submission.id)
    if last is None or (last.state == "done" and submission.desk not in queueing.REJOINING_STATES):
        return False
    return last.day != context().clock.today() or last.state not in (*tickets.IN_LINE, *tickets.AT_COUNTER)


@citizen.route("/priority/<ticket_id>", methods=["GET", "POST"])
@allow("citizen")
def priority(ticket_id: str) -> Answer | str:
    """Declare a priority group for a ticket; the officer checks it when the ticket is called."""
    with context().store.read() as db:
        current = tickets.find(db, ticket_id)
    if current is None:
        raise NotFound
    back_url = url_for("citizen.done") if current.submission_id else url_for("citizen.ticket", drawn=ticket_id)
    if request.method == "POST":
        queueing.declare_priority(context(), ticket_id, _parse_group(request.form.get("priority", "")))
        return redirect(back_url, 303)
    _ = translator(visitor().lang)
    groups = [
        {"id": group, "label": _(label), "hint": _(hint), "icon": icon}
        for group, (label, hint, icon) in PRIORITY_GROUPS.items()
    ]
    chosen = current.priority or ""
    return render("citizen/priority.html", groups=groups, back=back_url, chosen=chosen, rule=_priority_rule(_))


def _parse_group(posted: str) -> Priority | None:
    return next((group for group in get_args(Priority) if group == posted and group in PRIORITY_GROUPS), None)


def _priority_rule(_: Translate) -> str:
    rule = context().config.queue
    text = N_("Gọi %(ratio)s số ưu tiên rồi đến một số thường. Ai chờ quá %(minutes)s phút thì được gọi trước.")
    return add_no_break_spaces(_(text, ratio=rule.ratio, minutes=rule.max_wait_minutes))


def priority_link(ticket: Ticket, _: Translate) -> dict[str, str] | None:
    """Return the URL of the priority page and the declared group; None for a called or returning ticket."""
    if ticket.state not in tickets.IN_LINE or ticket.priority == "returning":
        return None
    group = PRIORITY_GROUPS.get(ticket.priority or "")
    return {"go": url_for("citizen.priority", ticket_id=ticket.id), "said": _(group[0]) if group else ""}


def wait_text(db: Database, ticket: Ticket, _: Translate) -> str:
    """Return the number of tickets ahead and a range of minutes; while closed, when the counter opens."""
    closed = closed_text(_)
    if closed:
        return closed
    estimate = snapshot.estimate_wait(db, context().config, ticket=ticket, now=context().clock.now())
    if not estimate.ahead:
        return _("Sắp đến lượt")
    if estimate.minutes is None:
        return add_no_break_spaces(_("Còn %(n)s người phía trước", n=estimate.ahead))
    low, high = estimate.minutes
    words = _("Còn %(n)s người phía trước, chừng %(low)s đến %(high)s phút", n=estimate.ahead, low=low, high=high)
    return add_no_break_spaces(words)


def closed_text(_: Translate) -> str:
    """Return when the counter opens again; empty while it is open, or if no opening is known."""
    now = context().clock.now()
    opening = None if context().calendar.is_open(now) else context().calendar.next_opening(now)
    if opening is None:
        return ""
    hour = _hour(opening)
    if opening.date() == clock.local(now).date():
        return _("Quầy đang nghỉ, mở lại lúc %(hour)s", hour=hour)
    return _("Quầy đang nghỉ, mở lại lúc %(hour)s ngày %(day)s", hour=hour, day=f"{opening:%d/%m/%Y}")


def _used_up_series(series: Series) -> dict[str, str]:
    """Return a series without tickets, and the time from which it has some again."""
    end_of_day = datetime.combine(context().clock.today(), time.max, clock.WARD)
    opening = context().calendar.next_opening(end_of_day)
    return {
        "name": series.name_in(visitor().lang),
        "hour": _hour(opening) if opening else "",
        "day": f"{opening:%d/%m/%Y}" if opening else "",
    }


def _hour(at: datetime) -> str:
    return f"{at:%H:%M}".lstrip("0")


def _series_choices(_: Translate) -> list[dict[str, Any]]:
    config = context().config
    now = context().clock.now()
    lang = visitor().lang
    choices = []
    with context().store.read() as db:
        drawable = snapshot.drawable_letters(db, config, context().calendar, now)
        for series in config.series:
            estimate = snapshot.estimate_next(db, config, series, now)
            choices.append(
                {
                    "id": series.id,
                    "label": series.name_in(lang),
                    "examples": series_examples(context().catalogue, series, clock.local(now).date(), lang),
                    "hint": _waiting_hint(estimate, _, may_draw=series.letter in drawable),
                    "has_minutes": estimate.minutes is not None,
                }
            )
    return choices


def _waiting_hint(estimate: WaitEstimate, _: Translate, *, may_draw: bool) -> str:
    """Return how many people would be ahead, and the range of minutes, as the number and its paper say it."""
    if not may_draw:
        return _("Hôm nay đã hết số")
    if not estimate.ahead:
        return _("Chưa có ai chờ")
    if estimate.minutes is None:
        return add_no_break_spaces(_("%(n)s người chờ", n=estimate.ahead))
    low, high = estimate.minutes
    words = _("%(n)s người chờ, chừng %(low)s đến %(high)s phút", n=estimate.ahead, low=low, high=high)
    return add_no_break_spaces(words)


def _drawn_ticket(ticket_id: str, _: Translate) -> dict[str, Any] | None:
    with context().store.read() as db:
        drawn = tickets.find(db, ticket_id)
        if drawn is None:
            return None
        wait = wait_text(db, drawn, _)
    series = next((series for series in context().config.series if series.letter == drawn.series), None)
    return {
        "number": drawn.label,
        "name": series.name_in(visitor().lang) if series else "",
        "ahead": wait,
        "first": priority_link(drawn, _),
    }
