"""Fee box of the desk: each fee of a form with its state, and the parser of the posted box.

An amount other than the listed one needs a reason; an exemption waives the whole fee.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kiosk.acts.charging import FeeInput
from kiosk.base import clock
from kiosk.dossiers import checklist
from kiosk.dossiers.certified_copies import as_counted
from kiosk.dossiers.opened import OpenedSubmission
from kiosk.pages.access import context
from kiosk.papers import fee as slips
from kiosk.procedures import fees as amounts
from kiosk.procedures.fees import AppliedFee
from kiosk.procedures.model import Fee, Waiver
from kiosk.records import certified_copies, fees, staff
from kiosk.records.fees import FeeReason, FeeRow
from kiosk.vietnam.calendar import short_time
from kiosk.vietnam.money import money

REASONS: dict[str, str] = {
    "city": "theo mức của thành phố",
    "counted": "đếm lại số bản, số trang",
    "part": "miễn hoặc giảm một phần",
    "other": "như ghi chú của quầy",
}

ELSEWHERE: dict[str, str] = {"online": "Quầy vẫn thu. Chỉ khi nộp trực tuyến"}
"""Words before a waiver that another channel gives."""


@dataclass(frozen=True)
class FeeBoxLine:
    """A fee in the box: `state` is "free", "open", "due", "paid" or "waived", `how` says who set it and when.

    `amount` and `listed` are None where the city sets the amount and the officer has not typed it yet.
    """

    id: str
    title: str
    state: str
    amount: int | None
    listed: int | None = None
    row: str = ""
    at: str = ""
    """When a settled fee was settled."""
    how: str = ""
    note: str = ""
    options: tuple[tuple[str, str], ...] = ()
    typed: str = ""
    why: str = ""
    exemption: str = ""
    source: str = ""
    """Resolution of the city council that sets the amount."""
    is_unread: bool = False
    """Nobody has read the text of the fee, so it has no amount."""
    elsewhere: tuple[str, ...] = ()
    """Waivers that only another channel gives; the desk offers none of them."""

    @property
    def is_uneven(self) -> bool:
        """Whether it was paid and the form gives another amount now."""
        return bool(self.note)

    @property
    def is_open(self) -> bool:
        """Whether the officer still has to collect or waive it."""
        return self.state in {"open", "due"}


@dataclass(frozen=True)
class FeeBox:
    """The fees of a form; `seen` is the number of changes that the page shows."""

    lines: tuple[FeeBoxLine, ...]
    seen: int
    has_account: bool
    error: str = ""

    @property
    def open(self) -> tuple[FeeBoxLine, ...]:
        """The lines that are still to be settled."""
        return tuple(line for line in self.lines if line.is_open)

    @property
    def due(self) -> int | None:
        """The sum of the open lines; None while the officer has to type an amount."""
        known = [line.amount for line in self.open if line.amount is not None]
        return sum(known) if len(known) == len(self.open) else None

    @property
    def amount_words(self) -> str:
        """The amount for the head of the case: what is still due, else what was paid."""
        if self.open:
            return "Chưa rõ số tiền" if self.due is None else money(self.due)
        paid = sum(line.amount or 0 for line in self.lines if line.state == "paid")
        return money(paid) if paid else "Không thu"

    @property
    def state_words(self) -> str:
        """The state for the head of the case, with the time of the last payment."""
        if self.open:
            return "chưa thu"
        paid = [line.at for line in self.lines if line.state == "paid"]
        if paid:
            return f"đã thu {paid[-1]}"
        return "được miễn" if any(line.state == "waived" for line in self.lines) else "lệ phí"

    @property
    def words(self) -> str:
        """The state of the whole box, in words."""
        if self.open:
            return "cán bộ báo số tiền" if self.due is None else money(self.due)
        paid = sum(line.amount or 0 for line in self.lines if line.state == "paid")
        if paid:
            return f"đã thu {money(paid)}"
        return "được miễn" if any(line.state == "waived" for line in self.lines) else "không thu"


def fee_box(opened: OpenedSubmission, typed: Mapping[str, str] | None = None, error: str = "") -> FeeBox:
    """Return the fees of a form; with `typed` and `error`, the box again as it was filled in."""
    submission = opened.submission
    with context().store.read() as db:
        opened = as_counted(opened, certified_copies.of_case(db, submission.receipt_no))
        rows = {row.fee: row for row in fees.of_case(db, submission.receipt_no)}
        seen = fees.count_changes(db, submission.receipt_no)
        names = staff.names(db)
    listed = amounts.due(opened.procedure, opened.answers, submission.day)
    ids = {fee.id for fee in listed}
    lines = [_line(fee, opened, row=rows.get(fee.id), names=names, typed=typed or {}) for fee in listed]
    for row in rows.values():
        if row.fee not in ids:
            lines.append(_settled_line(_fee(opened, row.listed_fee), opened, row, names=names))
    return FeeBox(
        lines=tuple(lines),
        seen=parse_seen(typed) if typed else seen,
        has_account=bool(slips.payee_account(context().config).account),
        error=error,
    )


def fee_box_values(
    opened: OpenedSubmission, ticket_id: str, typed: Mapping[str, str] | None = None, error: str = ""
) -> dict[str, Any]:
    """Return the values that the template of the box needs."""
    return {
        "box": fee_box(opened, typed, error),
        "ticket_id": ticket_id,
        "reasons": REASONS,
        "void_reasons": slips.VOID_REASONS,
    }


def parse_seen(form: Mapping[str, str]) -> int:
    """Return the posted number of changes that the page had shown; -1 where it is missing or malformed."""
    seen = form.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else -1


def parse_fees(opened: OpenedSubmission, form: Mapping[str, str]) -> tuple[list[FeeInput], str]:
    """Return the posted fees that are still open, and "" or the error in words; no fee with an error."""
    with context().store.read() as db:
        opened = as_counted(opened, certified_copies.of_case(db, opened.submission.receipt_no))
        rows = {row.fee: row for row in fees.of_case(db, opened.submission.receipt_no)}
    inputs: list[FeeInput] = []
    for fee in amounts.due(opened.procedure, opened.answers, opened.submission.day):
        listed = amounts.total(fee, opened.answers)
        row = rows.get(fee.id)
        if (row and row.state != "due") or (listed == 0 and row is None):
            continue
        parsed = _parse_fee(fee, listed, row, form=form)
        if isinstance(parsed, str):
            return [], parsed
        inputs.append(parsed)
    return inputs, ""


def _fee(opened: OpenedSubmission, fee_id: str) -> AppliedFee | None:
    return amounts.find(opened.procedure, fee_id, opened.answers, opened.submission.day)


def _line(
    fee: AppliedFee, opened: OpenedSubmission, row: FeeRow | None, names: Mapping[str, str], typed: Mapping[str, str]
) -> FeeBoxLine:
    """Return the line of a fee that the form has."""
    if row and row.state != "due":
        return _settled_line(fee, opened, row, names=names)
    listed = amounts.total(fee, opened.answers)
    title = slips.fee_title(fee, opened)
    if listed == 0 and row is None:
        return FeeBoxLine(id=fee.id, title=title, state="free", amount=0, listed=0)
    options = [(option.id, f"Miễn: {option.label.vi} ({option.value})") for option in amounts.exemptions(fee)]
    if listed is None:
        options.append((slips.CITY_FREE, "Không thu khoản này"))
    amount = row.amount if row else listed
    usual = "" if amount is None or amount == listed else _dotted(amount)
    return FeeBoxLine(
        id=fee.id,
        title=title,
        state="due" if row else "open",
        amount=amount,
        listed=listed,
        row=row.id if row else "",
        options=tuple(options),
        typed=typed.get(f"amount.{fee.id}", usual),
        why=typed.get(f"why.{fee.id}", (row and row.reason) or ""),
        exemption=typed.get(f"exemption.{fee.id}", ""),
        source=checklist.resolution_words(fee),
        is_unread=amounts.is_unread(fee),
        elsewhere=tuple(_elsewhere(waiver) for waiver in amounts.waivers(fee, opened.submission.day)),
    )


def _elsewhere(waiver: Waiver) -> str:
    last_day = f" (đến hết ngày {waiver.to:%d/%m/%Y})" if waiver.to else ""
    return f"{ELSEWHERE[waiver.channel]}{last_day}: {waiver.say.vi}"


def _settled_line(
    fee: AppliedFee | None, opened: OpenedSubmission, row: FeeRow, names: Mapping[str, str]
) -> FeeBoxLine:
    """Return the line of a fee with a row; the form may have the fee no more."""
    listed = amounts.total(fee, opened.answers) if fee else None
    note = ""
    if row.state == "paid" and listed is not None and row.listed is not None and listed != row.listed:
        note = f"Tờ khai nay tính ra {money(listed)}. Thu thêm hay trả lại thì hủy khoản này rồi thu lại."
    return FeeBoxLine(
        id=row.fee,
        title=slips.fee_title(fee, opened, row),
        state=row.state,
        amount=row.amount,
        listed=listed,
        row=row.id,
        at=short_time(clock.timestamp(row.at), context().clock.today()),
        how=_how(fee, row, names),
        note=note,
    )


def _how(fee: Fee | None, row: FeeRow, names: Mapping[str, str]) -> str:
    at = f"{clock.local(row.at):%H:%M %d/%m}"
    by = f"{names.get(row.actor, row.actor)}, {at}"
    if row.method and row.bank_at:
        return f"đã thu {slips.SEEN_BY_BANK}; {at if row.actor == fees.BANK else by}"
    if row.state == "waived":
        return f"miễn: {slips.exemption_label(fee, row.exemption)}; {by}"
    return f"đã thu {slips.METHOD_LABELS[row.method]}; {by}" if row.method else f"chưa thu; {by}"


def _parse_fee(fee: Fee, listed: int | None, row: FeeRow | None, form: Mapping[str, str]) -> FeeInput | str:
    """Return one posted fee, or the error in words."""
    exemption = form.get(f"exemption.{fee.id}", "")
    if exemption in {option.id for option in amounts.exemptions(fee)} or (
        exemption == slips.CITY_FREE and listed is None
    ):
        return FeeInput(fee=fee.id, listed=listed, amount=listed or 0, exemption=exemption)
    digits = re.sub(r"\s|[.,]|đồng|đ", "", form.get(f"amount.{fee.id}", "").lower())
    if not digits:
        if row and f"amount.{fee.id}" not in form:
            return FeeInput(fee=fee.id, listed=listed, amount=row.amount, reason=row.reason)
        if listed is None:
            return f"{fee.name.vi}: ghi số tiền theo mức của thành phố, hoặc chọn diện miễn."
        return FeeInput(fee=fee.id, listed=listed, amount=listed)
    if not (digits.isascii() and digits.isdigit() and 1 <= int(digits[:12]) <= fees.MAX_AMOUNT):
        return f"{fee.name.vi}: số tiền viết bằng chữ số, từ 1 đến {money(fees.MAX_AMOUNT)}, ví dụ 5.000."
    return _typed_amount(fee, listed, amount=int(digits), why=form.get(f"why.{fee.id}", ""))


def _typed_amount(fee: Fee, listed: int | None, amount: int, why: str) -> FeeInput | str:
    if amount == listed:
        return FeeInput(fee=fee.id, listed=listed, amount=amount)
    usual: FeeReason | None = "city" if listed is None else None
    reason = next((reason for reason in fees.REASONS if reason == why), usual)
    if reason is None:
        return f"{fee.name.vi}: theo bảng phí là {money(listed or 0)}. Thu số khác thì chọn lý do."
    return FeeInput(fee=fee.id, listed=listed, amount=amount, reason=reason)


def _dotted(amount: int) -> str:
    return money(amount).partition(" ")[0]
