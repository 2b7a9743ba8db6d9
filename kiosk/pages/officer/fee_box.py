"""The fee box of the desk: each fee of a form, how it stands, and what an officer asks for it.

What is posted is read here too: a sum other than the listed one wants a reason, an exemption spares the whole fee.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kiosk import clock
from kiosk.acts.charging import Ask
from kiosk.dossiers.opened import OpenedSubmission
from kiosk.pages.access import context
from kiosk.papers import fee as slips
from kiosk.procedures import fees as amounts
from kiosk.procedures.model import Fee as Listed
from kiosk.records import fees, staff
from kiosk.records.fees import Fee, Reason
from kiosk.vietnam.money import money

SAID = {
    "fee-slip": "Phiếu thu đang in.",
    "fee-cash": "Đã ghi thu tiền mặt. Nhớ đưa biên lai cho bà con.",
    "fee-transfer": "Đã ghi nhận chuyển khoản. Nhớ đưa biên lai cho bà con.",
    "fee-keep": "Đã ghi lệ phí.",
    "fee-void": "Đã hủy khoản thu. Dòng cũ vẫn còn trong bảng của ngày.",
    "late": "Nút vừa bấm không đổi gì: khoản này đã ghi trước đó, hoặc bấm hai lần.",
}
REASONS: dict[str, str] = {
    "city": "theo mức của thành phố",
    "counted": "đếm lại số bản, số trang",
    "part": "miễn hoặc giảm một phần",
    "other": "như ghi chú của quầy",
}
VOID_REASONS: dict[str, str] = {
    "mistaken": "bấm nhầm",
    "returned": "trả lại tiền",
    "not_wanted": "bà con không làm nữa",
    "other": "như ghi chú của quầy",
}


@dataclass(frozen=True)
class Line:
    """A fee in the box: `state` is "free", "open", "due", "paid" or "waived"; `said` tells how it came to that."""

    id: str
    title: str
    state: str
    amount: int | None
    listed: int | None = None
    row: str = ""
    said: str = ""
    note: str = ""
    options: tuple[tuple[str, str], ...] = ()
    typed: str = ""
    why: str = ""
    exemption: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the officer still has to do something about it."""
        return self.state in {"open", "due"}


@dataclass(frozen=True)
class Box:
    """The fees of a form as the desk shows them; `due` is None where the officer must first say how much."""

    lines: tuple[Line, ...]
    seen: int
    has_account: bool
    fault: str = ""

    @property
    def open(self) -> tuple[Line, ...]:
        """The lines that are still to be settled."""
        return tuple(one for one in self.lines if one.is_open)

    @property
    def due(self) -> int | None:
        """What the open lines come to."""
        known = [one.amount for one in self.open if one.amount is not None]
        return sum(known) if len(known) == len(self.open) else None

    @property
    def words(self) -> str:
        """How it stands, in words."""
        if self.open:
            return "chưa ghi mức thu" if self.due is None else money(self.due)
        paid = sum(one.amount or 0 for one in self.lines if one.state == "paid")
        if paid:
            return f"đã thu {money(paid)}"
        return "được miễn" if any(one.state == "waived" for one in self.lines) else "không thu"


def box_of(held: OpenedSubmission, typed: Mapping[str, str] | None = None, fault: str = "") -> Box:
    """Return the fees of a form, with what somebody typed where that was not taken."""
    with context().store.read() as db:
        rows = {one.fee: one for one in fees.of_case(db, held.submission.receipt_no)}
        seen, people = fees.changes(db, held.submission.receipt_no), staff.names(db)
    due = amounts.due(held.procedure, held.answers, held.submission.day)
    lines = [_line(one, held, rows.get(one.id), people, typed or {}) for one in due]
    gone = [one for one in rows.values() if one.fee not in {fee.id for fee in due}]
    lines += [_settled(_listed(held, one.fee), held, one, people) for one in gone]
    has_account = bool(slips.account(context().config).account)
    return Box(tuple(lines), seen_in(typed) if typed else seen, has_account, fault)


def _listed(held: OpenedSubmission, fee_id: str) -> Listed | None:
    return next((one for one in held.procedure.fees if one.id == fee_id), None)


def _line(
    one: Listed, held: OpenedSubmission, row: Fee | None, people: Mapping[str, str], typed: Mapping[str, str]
) -> Line:
    listed, title = amounts.total(one, held.answers), slips.title(one, held)
    if row and row.state != "due":
        return _settled(one, held, row, people)
    if listed == 0 and row is None:
        return Line(one.id, title, "free", 0, 0)
    options = [(option.id, f"Miễn: {option.label.vi} ({option.value})") for option in one.options]
    if listed is None:
        options.append((slips.CITY_FREE, "Thành phố không thu khoản này"))
    amount = row.amount if row else listed
    return Line(
        one.id,
        title,
        "due" if row else "open",
        amount,
        listed,
        row.id if row else "",
        options=tuple(options),
        typed=typed.get(f"amount.{one.id}", "" if amount is None or amount == listed else _dotted(amount)),
        why=typed.get(f"why.{one.id}", (row and row.reason) or ""),
        exemption=typed.get(f"exemption.{one.id}", ""),
    )


def _settled(one: Listed | None, held: OpenedSubmission, row: Fee, people: Mapping[str, str]) -> Line:
    listed = amounts.total(one, held.answers) if one else None
    note = ""
    if row.state == "paid" and listed is not None and row.listed is not None and listed != row.listed:
        note = f"Tờ khai nay tính ra {money(listed)}. Thu thêm hay trả lại thì hủy khoản này rồi thu lại."
    return Line(
        row.fee, slips.title(one, held, row), row.state, row.amount, listed, row.id, _said(one, row, people), note
    )


def _said(one: Listed | None, row: Fee, people: Mapping[str, str]) -> str:
    by = f"{people.get(row.actor, row.actor)}, {clock.local(row.at):%H:%M %d/%m}"
    if row.state == "waived":
        return f"miễn: {slips.spared(one, row.exemption)}; {by}"
    return f"đã thu {slips.BY[row.method]}; {by}" if row.method else f"chưa thu; {by}"


def seen_in(form: Mapping[str, str]) -> int:
    """Return how often the fees had changed when the page of a form was shown; -1 where it does not say."""
    seen = form.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else -1


def asked_of(held: OpenedSubmission, form: Mapping[str, str]) -> tuple[list[Ask], str]:
    """Return what the officer asks for, fee by fee; or what is wrong with it, in words."""
    with context().store.read() as db:
        rows = {one.fee: one for one in fees.of_case(db, held.submission.receipt_no)}
    asked: list[Ask] = []
    for one in amounts.due(held.procedure, held.answers, held.submission.day):
        listed, row = amounts.total(one, held.answers), rows.get(one.id)
        if (row and row.state != "due") or (listed == 0 and row is None):
            continue
        found = _ask(one, listed, row, form)
        if isinstance(found, str):
            return [], found
        asked.append(found)
    return asked, ""


def _ask(one: Listed, listed: int | None, row: Fee | None, form: Mapping[str, str]) -> Ask | str:
    exemption = form.get(f"exemption.{one.id}", "")
    if exemption in {option.id for option in one.options} or (exemption == slips.CITY_FREE and listed is None):
        return Ask(one.id, listed, listed or 0, exemption=exemption)
    raw = re.sub(r"\s|[.,]|đồng|đ", "", form.get(f"amount.{one.id}", "").lower())
    if not raw:
        amount, reason = (row.amount, row.reason) if row and f"amount.{one.id}" not in form else (listed, None)
        if amount is None:
            return f"{one.name.vi}: ghi số tiền theo mức của thành phố, hoặc chọn diện miễn."
        return Ask(one.id, listed, amount, reason)
    if not (raw.isascii() and raw.isdigit() and 1 <= int(raw[:12]) <= fees.MOST):
        return f"{one.name.vi}: số tiền viết bằng chữ số, từ 1 đến {money(fees.MOST)}, ví dụ 5.000."
    return _corrected(one, listed, int(raw), form.get(f"why.{one.id}", ""))


def _corrected(one: Listed, listed: int | None, amount: int, why: str) -> Ask | str:
    if amount == listed:
        return Ask(one.id, listed, amount)
    reason: Reason | None = next((word for word in fees.REASONS if word == why), "city" if listed is None else None)
    if reason is None:
        return f"{one.name.vi}: theo bảng phí là {money(listed or 0)}. Thu số khác thì chọn lý do."
    return Ask(one.id, listed, amount, reason)


def _dotted(amount: int) -> str:
    return money(amount).partition(" ")[0]
