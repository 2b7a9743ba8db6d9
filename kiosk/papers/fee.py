"""Fee slip: the fees, their sum in figures and words, and the payment QR. Not the legal receipt.

It has the content of the store when it is printed: a slip that waited for paper until the fee was paid says so and has
no QR, so that nobody pays twice. It has no name. In practice the QR has no real account, and the slip says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from kiosk.config import Config
from kiosk.config.ward_sections import FeesSettings
from kiosk.context import Context
from kiosk.dossiers import checklist, payment_keys
from kiosk.dossiers.opened import OpenedSubmission, open_submission
from kiosk.papers import letterhead
from kiosk.procedures import fees as amounts
from kiosk.procedures.fees import AppliedFee
from kiosk.procedures.model import Fee as Listed
from kiosk.records import fees
from kiosk.records.fees import FeeRow, PaymentMethod
from kiosk.vietnam import vietqr
from kiosk.vietnam.calendar import number_in_words
from kiosk.vietnam.money import money
from printers.document import TITLE, Block, Code, Document, Frame, Gap, Pair, Rule, Run, Text
from printers.printable_text import NO_BREAK

TITLE_LINE = "PHIẾU THU PHÍ, LỆ PHÍ"
NO_RECEIPT = "Chưa phải biên lai thu tiền"
RECEIPT_NOTE = "Phiếu này không thay biên lai. Nộp tiền xong thì nhận biên lai ở quầy."
PRACTICE_CODE = "Mã tập, không chuyển được tiền"
METHOD_LABELS: dict[PaymentMethod, str] = {"cash": "tiền mặt", "transfer": "chuyển khoản"}
SEEN_BY_BANK = "chuyển khoản, ngân hàng báo"
SEEN_BY_OFFICER = "chuyển khoản, cán bộ xác nhận"
"""Words for a transfer: the bank has sent a notice, or only an officer has confirmed it."""
BANK_NAME = "Ngân hàng báo"
"""Name of the bank in the place of an officer."""
VOID_REASONS: dict[str, str] = {
    "mistaken": "bấm nhầm",
    "returned": "trả lại tiền",
    "not_wanted": "người nộp không làm nữa",
    "other": "như ghi chú của quầy",
}
CITY_FREE = "city_free"
"""Exemption of a fee that the city sets, where the city sets none."""
PRACTICE_ACCOUNT = FeesSettings(bank="000000", account="TAP0000000", holder="TÀI KHOẢN TẬP")
"""Account of practice: no bank has this number, so no app can pay to it."""


def compose(context: Context, subject: str, facts: Mapping[str, Any]) -> Document | None:
    """Return the fee slip of a submission; None when its body was wiped or it has no fee."""
    opened = open_submission(context, subject)
    if opened is None:
        return None
    with context.store.read() as db:
        rows = fees.of_case(db, opened.submission.receipt_no)
    if not rows:
        return None
    key = payment_keys.receipt_key(context, opened.submission.receipt_no)
    return fee_slip(context.config, opened, rows, key=key)


def fee_slip(config: Config, opened: OpenedSubmission, rows: Sequence[FeeRow], key: str) -> Document:
    """Return the slip of some fees; `key` is the case's payment key."""
    return Document(tuple(_blocks(config, opened, rows, key)))


def payee_account(config: Config) -> FeesSettings:
    """Return the account for transfers; in practice one that does not exist."""
    return PRACTICE_ACCOUNT if config.kiosk.practice else config.fees


def transfer_purpose(key: str) -> str:
    """Return the text of a transfer: a word and the payment key, together at most 18 characters."""
    return f"PHI {key}"


def payment_code(config: Config, key: str, amount: int) -> str:
    """Return the content of the VietQR; empty when the ward has no account or nothing is due."""
    payee = payee_account(config)
    if not payee.account or not amount:
        return ""
    return vietqr.vietqr_text(payee.bank, payee.account, amount=amount, purpose=transfer_purpose(key))


def fee_title(listed: AppliedFee | None, opened: OpenedSubmission, row: FeeRow | None = None) -> str:
    """Return the name of a fee, with the reason of its rate and its count: "Bản sao ..., 2 bản"."""
    if listed is None:
        return "Khoản khác"
    return (
        listed.name.vi
        if row and row.amount != row.listed
        else checklist.fee_title(listed, opened.answers, space=NO_BREAK)
    )


def how_paid(method: PaymentMethod, bank_at: datetime | None) -> str:
    """Return how a fee was paid: in cash, or by a transfer and who has seen it."""
    if method == "cash":
        return METHOD_LABELS["cash"]
    return SEEN_BY_BANK if bank_at else SEEN_BY_OFFICER


def exemption_label(listed: Listed | None, exemption: str | None) -> str:
    """Return the label of an exemption; empty when the fee does not have it."""
    if exemption == CITY_FREE:
        return "Không thu khoản này"
    options = amounts.exemptions(listed) if listed else ()
    return next((option.label.vi for option in options if option.id == exemption), "")


def _blocks(config: Config, opened: OpenedSubmission, rows: Sequence[FeeRow], key: str) -> Iterator[Block]:
    due = sum(row.amount for row in rows if row.state == "due")
    yield from letterhead.head(config)
    yield from letterhead.title(TITLE_LINE)
    yield Frame(NO_RECEIPT)
    yield Rule()
    yield Text(opened.procedure.short.vi, size=TITLE, weight="strong")
    yield Pair("Mã tờ khai", opened.submission.receipt_no)
    if opened.ticket:
        yield Pair("Số thứ tự", opened.ticket.label)
    yield Rule()
    for row in rows:
        yield from _row(opened, row)
    yield Rule()
    yield from _sum(rows, due)
    if due:
        yield from _payment(config, key, due)
    yield Rule()
    yield Text(RECEIPT_NOTE)
    yield Gap(1)
    yield letterhead.hotline(config)


def _row(opened: OpenedSubmission, row: FeeRow) -> Iterator[Block]:
    listed = amounts.find(opened.procedure, row.listed_fee, opened.answers, opened.submission.day)
    title = fee_title(listed, opened, row)
    if row.state == "waived":
        yield Pair(title, "miễn")
        if label := exemption_label(listed, row.exemption):
            yield Text(f"Lý do miễn: {label[:1].lower()}{label[1:]}")
    else:
        yield Pair(title, money(row.amount))
        if listed and row.amount == row.listed and (source := checklist.resolution_words(listed)):
            yield Text(f"Mức theo {source}")
    if row.method:
        yield Text(f"Đã thu {METHOD_LABELS[row.method]} lúc {letterhead.format_moment(row.at)}")


def _sum(rows: Sequence[FeeRow], due: int) -> Iterator[Block]:
    paid = sum(row.amount for row in rows if row.state == "paid")
    if due or not paid:
        yield Pair("Phải nộp", money(due), size=TITLE)
    if paid:
        yield Pair("Đã thu", money(paid), size=TITLE)
    yield Text(f"Bằng chữ: {number_in_words(due or paid)} đồng")


def _payment(config: Config, key: str, due: int) -> Iterator[Block]:
    code = payment_code(config, key, due)
    if not code:
        yield Text("Nộp tiền mặt tại quầy.", weight="strong")
        return
    payee = payee_account(config)
    yield Rule(dashed=True)
    yield Text((Run("Chuyển khoản hoặc tiền mặt. ", "strong"), Run("Mở ứng dụng ngân hàng, quét mã này:")))
    yield Gap(1)
    yield Code("qr", code)
    if config.kiosk.practice:
        yield Frame(PRACTICE_CODE)
        return
    yield Pair("Chủ tài khoản", payee.holder)
    yield Pair("Số tài khoản", payee.account)
    yield Pair("Nội dung", transfer_purpose(key))
