"""Services that a desk does without a form: what can be chosen, and what it costs by the fee file.

A service is a fee of a procedure, or a procedure without a fee. The amount follows from copies and pages; it is never
typed, unless the ward has entered no amount for the fee.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from kiosk.context import Context
from kiosk.dossiers import checklist
from kiosk.procedures import fees
from kiosk.procedures.fees import AppliedFee
from kiosk.procedures.model import Fee, Procedure
from kiosk.records.services import MAX_COPIES, MAX_PAGES, ServiceLine, ServiceRecord

LOCAL = "LOCAL-"
"""Procedures of the ward itself, such as classes: no service of a desk."""
MAX_LINES = 6
MAX_AMOUNT = 100_000_000


@dataclass(frozen=True)
class ServiceOption:
    """A service to choose.

    Attributes:
        id: procedure code, fee id, and the number of the rate of a fee with rates, joined by slashes.
        name: the service in words.
        series: id of the queue series of its procedure.
        amount: dong for one copy or page; 0 without a fee, None where an officer states the sum.
        pages: the rule of a fee by pages: first, then, most; None for other fees.
        rule: the amount in words.
    """

    id: str
    name: str
    series: str
    amount: int | None
    pages: Mapping[str, int] | None
    rule: str


@dataclass(frozen=True)
class LineInput:
    """A line as it was typed; `stated` is the sum where the officer states it."""

    service: str
    copies: str
    pages: str
    stated: str


def service_options(context: Context, series: str = "") -> list[ServiceOption]:
    """Return the services of the desk on this day, those of a series first, then by name."""
    today = context.clock.today()
    options = [option for procedure in _procedures(context, today) for option in _options(procedure, today)]
    return sorted(options, key=lambda option: (option.series != series, option.amount is None, option.name))


def read_lines(
    context: Context, inputs: list[LineInput], options: list[ServiceOption]
) -> tuple[tuple[ServiceLine, ...], dict[str, str]]:
    """Return the lines that were typed, and the errors by field (`pages.0`: the pages of the first line)."""
    by_id = {option.id: option for option in options}
    lines: list[ServiceLine] = []
    errors: dict[str, str] = {}
    for place, typed in enumerate(inputs[:MAX_LINES]):
        option = by_id.get(typed.service)
        if option is None:
            if typed.service:
                errors[f"service.{place}"] = "Không có dịch vụ này. Mời chọn lại."
            continue
        line = _line(context, option, typed, place, errors)
        if line is not None:
            lines.append(line)
    if not lines and not errors:
        errors["service.0"] = "Chưa chọn dịch vụ."
    return tuple(lines), errors


def service_words(line: ServiceLine) -> str:
    """Return a line in words: Chứng thực bản sao, 3 bản, 4 trang một bản."""
    pages = f", {line.pages} trang một bản" if line.pages else ""
    return f"{line.name}, {line.copies} bản{pages}"


def register_words(service: ServiceRecord) -> str:
    """Return the number of a ticket and its place in the register of services: A001, sổ 1."""
    return f"{service.label}, sổ {service.register_no}"


def _line(
    context: Context, option: ServiceOption, typed: LineInput, place: int, errors: dict[str, str]
) -> ServiceLine | None:
    copies = _number(typed.copies, MAX_COPIES)
    pages = _number(typed.pages, MAX_PAGES) if option.pages else None
    stated = _number(typed.stated.replace(".", ""), MAX_AMOUNT) if option.amount is None else None
    if copies is None:
        errors[f"copies.{place}"] = "Chưa ghi số bản."
    if option.pages and pages is None:
        errors[f"pages.{place}"] = "Chưa ghi số trang."
    if option.amount is None and stated is None:
        errors[f"stated.{place}"] = "Phường chưa ghi mức thu. Ghi số tiền, đồng."
    if copies is None or any(key.endswith(f".{place}") for key in errors):
        return None
    code, fee_id, *_rate = option.id.split("/")
    amount = stated if stated is not None else _amount(context, option, copies=copies, pages=pages)
    return ServiceLine(procedure=code, fee=fee_id, name=option.name, copies=copies, pages=pages, amount=amount)


def _amount(context: Context, option: ServiceOption, *, copies: int, pages: int | None) -> int:
    """Return the sum of a line by the fee file."""
    today = context.clock.today()
    procedure = context.catalogue.in_force(option.id.partition("/")[0], today)
    fee = dict(_service_fees(procedure, today)).get(option.id) if procedure else None
    if fee is None or fee.amount is None:
        return 0
    if not fee.pages:
        return fee.amount * copies
    row = {fee.pages["column"]: pages, fee.pages["copies"]: copies}
    return fees.total(fee, {fee.per: [row]}) or 0


def _service_fees(procedure: Procedure, today: date) -> Iterator[tuple[str, AppliedFee]]:
    """Yield (id of the service, fee) of each fee of a procedure, and of each rate of a fee."""
    for fee in fees.in_force(procedure, today):
        for number, rated in enumerate(fees.variants(fee)):
            yield f"{procedure.code}/{fee.id}" + (f"/{number}" if fee.rates else ""), rated


def _procedures(context: Context, today: date) -> list[Procedure]:
    return [procedure for procedure in context.catalogue.all(today) if not procedure.code.startswith(LOCAL)]


def _options(procedure: Procedure, today: date) -> list[ServiceOption]:
    """Return a service for each fee of a procedure, and each rate of a fee; one without a fee where it has none."""
    services = list(_service_fees(procedure, today))
    if not services:
        return [_option(procedure, f"{procedure.code}/", None, is_only=True)]
    return [_option(procedure, service_id, fee, is_only=len(services) == 1) for service_id, fee in services]


def _option(procedure: Procedure, service_id: str, fee: AppliedFee | None, *, is_only: bool) -> ServiceOption:
    short = procedure.short.vi
    name = short if fee is None or is_only else f"{short}: {_lower(fee.name.vi)}"
    if fee and fee.reason:
        name = f"{name}, {_lower(fee.reason.vi)}"
    pages = {name: int(fee.pages[name]) for name in ("first", "then", "most")} if fee and fee.pages else None
    return ServiceOption(
        id=service_id,
        name=name,
        series=procedure.series,
        amount=fee.amount if fee else 0,
        pages=pages,
        rule=_rule(fee),
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _rule(fee: Fee | None) -> str:
    if fee is None:
        return "Không thu."
    if fee.amount is None:
        return f"Thu {checklist.stated_by_officer(fee)}."
    each = fee.each.vi if fee.each else "một bản."
    return f"{fee.amount:,}".replace(",", ".") + f" đồng {each}"


def _number(text: str, most: int) -> int | None:
    digits = text.strip()
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= len(str(most))
    return int(digits) if is_number and 1 <= int(digits) <= most else None
