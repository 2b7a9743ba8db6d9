"""The fees of the form at the counter: asked for, waived, paid, taken back; and the day's sums.

Every button of the box posts the whole box, so that what was typed is never lost; which touch counts is decided by the
act, by how often the fees had changed when the page was shown. What is wrong is said on a page with the box alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk import clock
from kiosk.acts import charging
from kiosk.acts.charging import Case
from kiosk.dossiers.opened import OpenedSubmission
from kiosk.errors import NotFound
from kiosk.pages.access import context, for_
from kiosk.pages.officer import qr_image
from kiosk.pages.officer.blueprint import officer, render, sitting
from kiosk.pages.officer.fee_box import REASONS, SAID, VOID_REASONS, asked_of, box_of, seen_in
from kiosk.pages.officer.ticket import at_counter, opened
from kiosk.papers import fee as slips
from kiosk.procedures.model import Procedure
from kiosk.records import fees, staff, submissions
from kiosk.records.fees import DayTotal, Fee, Method
from kiosk.records.tickets import Ticket
from kiosk.vietnam.calendar import number_in_words
from kiosk.vietnam.money import money

METHODS: tuple[Method, ...] = ("cash", "transfer")


@dataclass(frozen=True)
class Row:
    """A fee in the list of a day."""

    id: str
    at: str
    receipt_no: str
    title: str
    amount: str
    how: str
    by: str
    state: str
    note: str = ""


@officer.post("/ticket/<ticket_id>/fees")
@for_("officer")
def charge(ticket_id: str) -> Answer | tuple[str, int]:
    """Do what a button of the box says, once; with what is wrong, the box again as it was filled in."""
    ticket = at_counter(ticket_id)
    held = opened(ticket)
    asked, fault = asked_of(held, request.form)
    if fault:
        return render("officer/charge.html", **shown(held, ticket, request.form, fault)), 400
    act, who = request.form.get("act", ""), sitting().person.code
    case = Case(held.submission.id, held.submission.receipt_no, seen_in(request.form))
    if act in METHODS:
        is_done = charging.take(context(), case, asked, act, who)
    elif act == "slip":
        is_done = charging.slip(context(), case, asked, who)
    elif act in {"keep", "screen"}:
        is_done = charging.ask(context(), case, asked, who)
    else:
        raise NotFound
    if act == "screen" and is_done:
        return redirect(url_for("officer.pay", ticket_id=ticket_id), 303)
    return redirect(url_for("officer.desk", said=f"fee-{act}" if is_done else "late"), 303)


@officer.get("/ticket/<ticket_id>/fees/pay")
@for_("officer")
def pay(ticket_id: str) -> str:
    """Fill the screen with the code that a citizen scans; no name stands on it."""
    ticket = at_counter(ticket_id)
    held = opened(ticket)
    box = box_of(held)
    code = slips.code(context().config, held.submission.receipt_no, box.due or 0)
    if not code:
        raise NotFound("Không có khoản nào phải chuyển.", "There is nothing to transfer.")
    return render(
        "officer/pay.html",
        box=box,
        ticket_id=ticket.id,
        number=ticket.label,
        due=money(box.due or 0),
        in_words=f"{number_in_words(box.due or 0)} đồng".capitalize(),
        picture=qr_image.svg(code),
        account=slips.account(context().config),
        purpose=slips.purpose(held.submission.receipt_no),
        warning=slips.PRACTICE_CODE if context().config.kiosk.practice else "",
    )


@officer.post("/fees/<fee_id>/void")
@for_("officer")
def void(fee_id: str) -> Answer:
    """Take a mistake back, from the desk or from the day's list, to which it then leads again."""
    reason = next((word for word in fees.VOID_REASONS if word == request.form.get("why")), None)
    if reason is None:
        raise NotFound("Chọn lý do hủy khoản thu rồi bấm lại.", "Choose why the fee is taken back.")
    is_done = charging.void(context(), fee_id, reason, sitting().person.code)
    return _back("fee-void" if is_done else "late")


@officer.post("/fees/<fee_id>/paid")
@for_("officer")
def paid(fee_id: str) -> Answer:
    """Write down the money of a fee that was left due when its number had gone."""
    method = next((word for word in METHODS if word == request.form.get("act")), None)
    if method is None:
        raise NotFound
    is_done = charging.settle(context(), fee_id, method, sitting().person.code)
    return _back(f"fee-{method}" if is_done else "late")


@officer.get("/fees")
@for_("officer")
def taken() -> str:
    """Show what a day brought in: by method and officer, with every row."""
    day, today = _day(), context().clock.today()
    with context().store.read() as db:
        total, rows, people = fees.total(db, day), fees.of_day(db, day), staff.names(db)
        cases = {one.submission_id: submissions.find(db, one.submission_id) for one in rows}
    names = {key: context().catalogue.version(one.procedure, one.version) for key, one in cases.items() if one}
    listed = [_row(one, day, people, names.get(one.submission_id)) for one in rows]
    return render(
        "officer/fees.html",
        day=day,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1) if day < today else None,
        total=total,
        sums=sums_of(total),
        officers=_by_officer(total, people),
        rows=listed,
        void_reasons=VOID_REASONS,
        said=SAID.get(request.args.get("said", ""), ""),
    )


def shown(
    held: OpenedSubmission, ticket: Ticket, typed: Mapping[str, str] | None = None, fault: str = ""
) -> dict[str, Any]:
    """Return what the template of the box needs."""
    box = box_of(held, typed, fault)
    return {"box": box, "ticket_id": ticket.id, "reasons": REASONS, "void_reasons": VOID_REASONS}


def sums_of(total: DayTotal) -> list[tuple[str, str]]:
    """Return the sums of a day as (what, how much), all methods last."""
    rows = [(slips.BY[method], money(total.taken.get(method, 0))) for method in METHODS]
    return [*rows, ("cộng", money(total.total))]


def _by_officer(total: DayTotal, people: Mapping[str, str]) -> list[tuple[str, str, str, str]]:
    codes = sorted({who for who, _method in total.by_officer}, key=lambda who: people.get(who, who))
    found = []
    for who in codes:
        by = [total.by_officer.get((who, method), 0) for method in METHODS]
        found.append((people.get(who, who), money(by[0]), money(by[1]), money(sum(by))))
    return found


def _row(one: Fee, day: date, people: Mapping[str, str], procedure: Procedure | None) -> Row:
    listed = next((fee for fee in procedure.fees if fee.id == one.fee), None) if procedure else None
    exemption = slips.spared(listed, one.exemption)
    note = REASONS.get(one.reason or "", "")
    if one.void_day:
        by = people.get(str(one.void_actor), str(one.void_actor))
        note = f"hủy {one.void_day:%d/%m}, {VOID_REASONS.get(one.void_reason or '', '')}; {by}"
    return Row(
        one.id,
        f"{clock.local(one.at):%H:%M}" if one.day == day else f"{one.day:%d/%m}",
        one.receipt_no,
        f"{procedure.short.vi}: {listed.name.vi}" if procedure and listed else one.fee,
        money(one.amount),
        slips.BY[one.method] if one.method else exemption,
        people.get(one.actor, one.actor),
        one.state,
        note,
    )


def _day() -> date:
    """The day that the address names; today where it names none, or what is no day."""
    try:
        return min(date.fromisoformat(request.args.get("day", "")), context().clock.today())
    except ValueError:
        return context().clock.today()


def _back(said: str) -> Answer:
    if request.form.get("day"):
        return redirect(url_for("officer.taken", day=request.form["day"], said=said), 303)
    return redirect(url_for("officer.desk", said=said), 303)
