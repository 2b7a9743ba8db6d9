"""Pages of the fees: collect, waive and void those of the case at the counter; the sums of a day.

Every button of the box posts the whole box, so that nothing typed is lost. The act compares the number of changes that
the page had shown, and ignores a second press. An error is shown on a page with the box alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import charging
from kiosk.acts.charging import FeeRequest
from kiosk.base import clock
from kiosk.base.errors import NotFound
from kiosk.dossiers import payment_keys
from kiosk.dossiers.desk_services import register_words, service_words
from kiosk.pages.access import allow, context
from kiosk.pages.officer.case.current_case import case_in_hand
from kiosk.pages.officer.case.fee_box import REASONS, fee_box, fee_box_values, parse_fees, parse_seen
from kiosk.pages.officer.queue.transfer_code import TransferButton, TransferForm, transfer_page
from kiosk.pages.officer.session import messages
from kiosk.pages.officer.session.blueprint import officer, render, sitting
from kiosk.papers import fee as slips
from kiosk.procedures.model import Procedure
from kiosk.records import fees, services, staff, submissions
from kiosk.records.fees import DayTotal, FeeRow
from kiosk.records.services import ServiceLine, ServicePayments, ServiceRecord
from kiosk.vietnam.money import money


@dataclass(frozen=True)
class TakingsRow:
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
@allow("officer")
def charge(ticket_id: str) -> Answer | tuple[str, int]:
    """Do what a button of the box says, once; show the box again as it was filled in where it has an error."""
    case = case_in_hand(ticket_id)
    submission = case.opened.submission
    inputs, error = parse_fees(case.opened, request.form)
    if error:
        values = fee_box_values(case.opened, ticket_id, typed=request.form, error=error)
        return render("officer/charge.html", back=case.access.url(), **values), 400
    act = request.form.get("act", "")
    actor = sitting().person.code
    fee_request = FeeRequest(submission.id, submission.receipt_no, parse_seen(request.form))
    if act == "screen":
        is_done = charging.show_transfer(context(), fee_request, inputs, actor=actor)
    elif act in fees.METHODS:
        is_done = charging.record_payment(context(), fee_request, inputs, method=act, actor=actor)
    elif act == "slip":
        is_done = charging.print_fee_slip(context(), fee_request, inputs, actor=actor)
    elif act == "keep":
        is_done = charging.request_fees(context(), fee_request, inputs, actor=actor)
    else:
        raise NotFound
    if act == "screen" and is_done:
        return redirect(url_for("officer.pay", ticket_id=ticket_id), 303)
    return redirect(case.access.url(f"fee-{act}" if is_done else "fee-late"), 303)


@officer.get("/ticket/<ticket_id>/fees/pay")
@allow("officer")
def pay(ticket_id: str) -> Answer | str:
    """Show the transfer code on the whole screen for the citizen to scan, without a name; the case if all is paid."""
    case = case_in_hand(ticket_id)
    box = fee_box(case.opened)
    if box.due == 0:
        return redirect(case.access.url())
    form = TransferForm(
        action=url_for("officer.charge", ticket_id=ticket_id),
        fields=(("seen", str(box.seen)),),
        buttons=(TransferButton(words="Đã nhận chuyển khoản", name="act", value="transfer"),),
        back=case.access.url(),
    )
    number = case.access.ticket.label if case.access.ticket else ""
    receipt_no = case.opened.submission.receipt_no
    key = payment_keys.receipt_key(context(), receipt_no)
    return transfer_page(key, box.due or 0, number, form=form)


@officer.post("/fees/<fee_id>/void")
@allow("officer")
def void(fee_id: str) -> Answer:
    """Void a fee, from the desk or from the list of a day; return to that page."""
    reason = next((reason for reason in fees.VOID_REASONS if reason == request.form.get("why")), None)
    if reason is None:
        raise NotFound("Chọn lý do hủy khoản thu rồi bấm lại.", "Choose why the fee is taken back.")
    is_done = charging.void_fee(context(), fee_id, reason=reason, actor=sitting().person.code)
    return _back("fee-void" if is_done else "fee-late")


@officer.post("/fees/<fee_id>/paid")
@allow("officer")
def paid(fee_id: str) -> Answer:
    """Record the payment of a fee that was still due when its ticket had left."""
    method = next((method for method in fees.METHODS if method == request.form.get("act")), None)
    if method is None:
        raise NotFound
    is_done = charging.mark_paid(context(), fee_id, method=method, actor=sitting().person.code)
    return _back(f"fee-{method}" if is_done else "fee-late")


@officer.get("/fees")
@allow("officer")
def taken() -> str:
    """Show the fees of a day: sums by method and officer, and every fee."""
    day = _day()
    with context().store.read() as db:
        total = fees.day_total(db, day)
        rows = fees.of_day(db, day)
        names = staff.names(db)
        served = services.payments(db, day)
        done = [(service, services.lines_of(db, service.id)) for service in services.of_day(db, day)]
        by_id = {row.submission_id: submissions.find(db, row.submission_id) for row in rows}
    procedures = {
        submission.id: context().catalogue.version(submission.procedure, submission.version)
        for submission in by_id.values()
        if submission
    }
    return render(
        "officer/fees.html",
        day=day,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1) if day < context().clock.today() else None,
        total=total,
        sums=_sums(total, served),
        officers=_sums_by_officer(total, served, names),
        rows=[_row(row, day, names, procedure=procedures.get(row.submission_id)) for row in rows],
        services=[_service_row(service, lines, day, names) for service, lines in done if service.outcome == "done"],
        void_reasons=slips.VOID_REASONS,
        message=messages.FEES.get(request.args.get("said", ""), ""),
    )


def _sums(total: DayTotal, served: ServicePayments) -> list[tuple[str, str]]:
    """Return the sums of a day as (method, amount), services without a form included; the sum of all methods last."""
    sums = {method: total.taken.get(method, 0) + served.taken.get(method, 0) for method in fees.METHODS}
    rows = [(slips.METHOD_LABELS[method], money(amount)) for method, amount in sums.items()]
    return [*rows, ("cộng", money(sum(sums.values())))]


def _sums_by_officer(
    total: DayTotal, served: ServicePayments, names: Mapping[str, str]
) -> list[tuple[str, str, str, str]]:
    """Return the sums of a day as (officer, cash, transfer, both), by name."""
    codes = {code for code, _method in (*total.by_officer, *served.by_officer)}
    sums = []
    for code in sorted(codes, key=lambda code: names.get(code, code)):
        cash = total.by_officer.get((code, "cash"), 0) + served.by_officer.get((code, "cash"), 0)
        transfer = total.by_officer.get((code, "transfer"), 0) + served.by_officer.get((code, "transfer"), 0)
        name = slips.BANK_NAME if code == fees.BANK else names.get(code, code)
        sums.append((name, money(cash), money(transfer), money(cash + transfer)))
    return sums


def _row(row: FeeRow, day: date, names: Mapping[str, str], procedure: Procedure | None) -> TakingsRow:
    fee = next((fee for fee in procedure.fees if fee.id == row.listed_fee), None) if procedure else None
    note = REASONS.get(row.reason or "", "")
    if row.void_day:
        by = names.get(str(row.void_actor), str(row.void_actor))
        note = f"hủy {row.void_day:%d/%m}, {slips.VOID_REASONS.get(row.void_reason or '', '')}; {by}"
    return TakingsRow(
        id=row.id,
        at=f"{clock.local(row.at):%H:%M}" if row.day == day else f"{row.day:%d/%m}",
        receipt_no=row.receipt_no,
        title=f"{procedure.short.vi}: {fee.name.vi}" if procedure and fee else row.fee,
        amount=money(row.amount),
        how=slips.how_paid(row.method, row.bank_at) if row.method else slips.exemption_label(fee, row.exemption),
        by=names.get(row.actor, slips.BANK_NAME if row.actor == fees.BANK else row.actor),
        state=row.state,
        note=note,
    )


def _service_row(
    service: ServiceRecord, lines: Sequence[ServiceLine], day: date, names: Mapping[str, str]
) -> TakingsRow:
    """Return services without a form as a row: the number and its place in the register stand for a receipt."""
    note = f"miễn: {service.exemption}" if service.exemption else ""
    if service.void_day:
        by = names.get(str(service.void_actor), str(service.void_actor))
        note = f"hủy {service.void_day:%d/%m}, {slips.VOID_REASONS.get(service.void_reason or '', '')}; {by}"
    return TakingsRow(
        id=service.id,
        at=f"{clock.local(service.at):%H:%M}" if service.day == day else f"{service.day:%d/%m}",
        receipt_no=register_words(service),
        title="; ".join(map(service_words, lines)),
        amount=money(service.amount),
        how=_how_paid(service),
        by=names.get(service.actor, service.actor),
        state="void" if service.void_day else "paid",
        note=note,
    )


def _how_paid(service: ServiceRecord) -> str:
    if service.method:
        return slips.how_paid(service.method, service.bank_at)
    return "miễn" if service.exemption else "không thu"


def _day() -> date:
    """Return the day of the address; today where it has none or a malformed one."""
    try:
        return min(date.fromisoformat(request.args.get("day", "")), context().clock.today())
    except ValueError:
        return context().clock.today()


def _back(message: str) -> Answer:
    if request.form.get("day"):
        return redirect(url_for("officer.taken", day=request.form["day"], said=message), 303)
    if request.form.get("handle"):
        return redirect(case_in_hand(request.form["handle"]).access.url(message), 303)
    return redirect(url_for("officer.desk", said=message), 303)
