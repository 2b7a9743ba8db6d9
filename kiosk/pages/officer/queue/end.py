"""End of a service: one question before a number leaves that nothing was decided on, and the record of what was done.

The first three answers need one key and no field. Services that were done get their lines, the sum by the fee file and
how it was paid; a number without a form is then a record with a number in the year's register.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from flask import redirect, request, url_for
from sqlite_utils import Database
from werkzeug.wrappers import Response as Answer

from kiosk.acts import calling, charging, crediting
from kiosk.acts.calling import CounterRequest, ServiceEnd
from kiosk.base.errors import NotFound
from kiosk.dossiers import desk_services, payment_keys
from kiosk.dossiers.desk_services import LineInput
from kiosk.pages.access import allow, context
from kiosk.pages.officer.queue.buttons import counter_request, must_ask_end
from kiosk.pages.officer.queue.panel import panel, transfer_targets
from kiosk.pages.officer.queue.transfer_code import TransferButton, TransferForm, transfer_page
from kiosk.pages.officer.session.blueprint import counter, officer, render, sitting
from kiosk.papers import fee as slips
from kiosk.records import fees, services, submissions, tickets
from kiosk.records.services import Outcome
from kiosk.records.tickets import Ticket

UNPROCESSABLE = 422
MAX_NOTE_LENGTH = 500
MAX_EXEMPTION_LENGTH = 200
FREQUENT = 10
"""Services on top of the list: those that the ward did most often."""
FREQUENT_DAYS = 90
QUICK = 3
"""Services that have a button of their own: the most frequent ones, then the first of the number's series."""
THEN = ("next", "finish", "this")


@dataclass(frozen=True)
class TypedEnd:
    """The form as it was typed: lines, note, payment, reason of an exemption; and the errors by field."""

    lines: tuple[LineInput, ...] = ()
    note: str = ""
    pay: str = ""
    exemption: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


@officer.get("/end")
@allow("officer")
def end() -> Answer | str:
    """Ask how the number at the counter ends; the desk where there is nothing to ask."""
    ticket = _ticket()
    if ticket is None:
        return redirect(url_for("officer.desk"), 303)
    return _page(ticket, TypedEnd())


@officer.post("/end/transfer")
@allow("officer")
def end_transfer() -> Answer | str | tuple[str, int]:
    """Show the transfer code of the typed services; nothing is recorded before the money is there."""
    ticket = _posted_ticket()
    if ticket is None:
        return redirect(url_for("officer.desk", said="late"), 303)
    typed, service_end = _read_done("transfer")
    due = sum(line.amount for line in service_end.lines) if service_end else 0
    if not typed.errors and not due:
        typed = replace(typed, errors={"pay": "Không có khoản nào phải chuyển."})
    if typed.errors:
        return _page(ticket, typed), UNPROCESSABLE
    key = payment_keys.label_key(context(), ticket.label, ticket.day)
    crediting.await_transfer(context())
    return transfer_page(key, due, ticket.label, form=_transfer_form())


@officer.post("/end/again")
@allow("officer")
def end_again() -> Answer | str:
    """Show the question again with what was typed."""
    ticket = _posted_ticket()
    if ticket is None:
        return redirect(url_for("officer.desk", said="late"), 303)
    typed, _service_end = _read_done(request.form.get("pay", ""))
    return _page(ticket, replace(typed, errors={}))


@officer.post("/end/<outcome>")
@allow("officer")
def take_end(outcome: str) -> Answer | tuple[str, int]:
    """Record the answer once, then call the next number where that was asked."""
    kind = _outcome(outcome)
    press = counter_request()
    if kind != "done":
        return _record(press, ServiceEnd(kind))
    typed, service_end = _read_done(request.form.get("pay", ""))
    ticket = _posted_ticket()
    if ticket is not None and _is_untouched(typed):
        return _page(ticket, TypedEnd(), is_asked_again=True), 200
    if typed.errors and ticket is not None:
        return _page(ticket, typed), UNPROCESSABLE
    if typed.errors or service_end is None:
        return redirect(url_for("officer.desk", said="late"), 303)
    return _record(press, service_end)


@officer.post("/services/<service_id>/void")
@allow("officer")
def void_service(service_id: str) -> Answer:
    """Void services that were recorded by mistake; return to the takings of the day."""
    reason = next((reason for reason in fees.VOID_REASONS if reason == request.form.get("why")), None)
    if reason is None:
        raise NotFound("Chọn lý do hủy rồi bấm lại.", "Choose why it is taken back.")
    is_done = charging.void_service(context(), service_id, reason=reason, actor=sitting().person.code)
    return redirect(
        url_for("officer.taken", day=request.form.get("day"), said="service-void" if is_done else "fee-late"), 303
    )


def _outcome(word: str) -> Outcome:
    for outcome in services.OUTCOMES:
        if outcome == word:
            return outcome
    raise NotFound


def _ticket() -> Ticket | None:
    """Return the number at this counter, if its end must be asked."""
    with context().store.read() as db:
        ticket = tickets.at_counter(db, context().clock.today(), counter().number)
        return ticket if ticket is not None and must_ask_end(db, ticket) else None


def _posted_ticket() -> Ticket | None:
    """Return the number that the page showed, if it is still at this counter and its end must be asked."""
    ticket = _ticket()
    return ticket if ticket is not None and ticket.id == request.form.get("ticket") else None


def _transfer_form() -> TransferForm:
    """Return the form of the page with the code: all that was typed, paid by transfer."""
    own = ("csrf", "pay", "then", "exemption")
    typed = [(name, value) for name, value in request.form.items(multi=True) if name not in own]
    chosen = request.form.get("this", "")
    words = "Đã nhận, gọi số đã chọn" if chosen else "Đã nhận, gọi số tiếp"
    return TransferForm(
        action=url_for("officer.take_end", outcome="done"),
        fields=(*typed, ("pay", "transfer")),
        buttons=(
            TransferButton(words=words, name="then", value="this" if chosen else "next", key="F2"),
            TransferButton(words="Đã nhận, chưa gọi", name="then", value="finish", key="F8"),
        ),
        back_action=url_for("officer.end_again"),
    )


def _record(press: CounterRequest, service_end: ServiceEnd) -> Answer:
    then = request.form.get("then") or request.form.get("asked", "")
    following = request.form.get("this", "") if then == "this" else then if then == "next" else ""
    result = calling.end_service(context(), press, service_end, following)
    if not result.is_changed:
        return redirect(url_for("officer.desk", said="late"), 303)
    is_empty = then == "next" and result.ticket is None
    message = "ended-nobody" if is_empty else f"ended-{service_end.outcome}"
    return redirect(url_for("officer.desk", said=message), 303)


def _read_done(pay: str) -> tuple[TypedEnd, ServiceEnd | None]:
    """Return what was typed, and the end of the service where there is no error; `pay` is how it was paid."""
    form = request.form
    names = ("service", "copies", "pages", "stated")
    rows = zip(*(form.getlist(name) for name in names), strict=False)
    inputs = [LineInput(**{name: text.strip()[:80] for name, text in zip(names, row, strict=True)}) for row in rows]
    lines, errors = desk_services.read_lines(context(), inputs, desk_services.service_options(context()))
    note = " ".join(form.get("note", "").split())
    exemption = " ".join(form.get("exemption", "").split())
    if len(note) > MAX_NOTE_LENGTH:
        errors["note"] = f"Ghi gọn trong {MAX_NOTE_LENGTH} chữ."
    method = next((method for method in fees.METHODS if method == pay), None)
    if sum(line.amount for line in lines) and not errors:
        if pay == "exempt" and not 2 <= len(exemption) <= MAX_EXEMPTION_LENGTH:
            errors["exemption"] = "Miễn thì ghi lý do."
        elif pay != "exempt" and method is None:
            errors["pay"] = "Chưa chọn đã thu thế nào."
    typed = TypedEnd(lines=tuple(inputs), note=note, pay=pay, exemption=exemption, errors=errors)
    if errors:
        return typed, None
    is_free = not sum(line.amount for line in lines)
    return typed, ServiceEnd(
        outcome="done",
        lines=lines,
        note=note,
        method=None if is_free else method,
        exemption=exemption if pay == "exempt" and not is_free else None,
    )


def _is_untouched(typed: TypedEnd) -> bool:
    """Return whether nothing was chosen or typed: the key of the button was pressed twice."""
    return not any((typed.note, typed.pay, typed.exemption, *(line.service for line in typed.lines)))


def _page(ticket: Ticket, typed: TypedEnd, *, is_asked_again: bool = False) -> str:
    options = desk_services.service_options(context(), _series_id(ticket))
    with context().store.read() as db:
        register_no = services.next_register_no(db, ticket.day)
        procedure = _procedure_name(db, ticket)
        used = services.most_used(db, ticket.day - timedelta(days=FREQUENT_DAYS), FREQUENT)
    by_id = {option.id: option for option in options}
    frequent = [by_id[name] for code, fee in used if (name := f"{code}/{fee}") in by_id]
    of_series = [option for option in options if option.series == _series_id(ticket)]
    then = request.values.get("then") or request.values.get("asked", "")
    return render(
        "officer/end.html",
        panel=panel(),
        ticket=ticket,
        procedure=procedure,
        frequent=frequent,
        options=[option for option in options if option not in frequent],
        quick=list(dict.fromkeys(option.id for option in [*frequent, *of_series]))[:QUICK],
        names={option.id: option.name for option in options},
        typed=typed,
        is_asked_again=is_asked_again,
        has_account=bool(slips.payee_account(context().config).account),
        rows=_rows(typed),
        register_no=register_no,
        asked=then if then in THEN else "finish",
        this=request.values.get("this", ""),
        **transfer_targets(),
    )


def _rows(typed: TypedEnd) -> list[LineInput]:
    """Return the lines that were typed and empty ones up to the greatest number."""
    empty = LineInput(service="", copies="1", pages="", stated="")
    return [*typed.lines, *[empty] * (desk_services.MAX_LINES - len(typed.lines))]


def _series_id(ticket: Ticket) -> str:
    return next((series.id for series in context().config.series if series.letter == ticket.line), "")


def _procedure_name(db: Database, ticket: Ticket) -> str:
    submission = submissions.find(db, ticket.submission_id) if ticket.submission_id else None
    procedure = context().catalogue.version(submission.procedure, submission.version) if submission else None
    return procedure.short.vi if procedure else ""
