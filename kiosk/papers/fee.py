"""The fee slip: what for, how much in figures and words, and the code that a bank's app reads. Not the legal receipt.

It says what the store says when it comes out: a slip that waited for paper while somebody paid says that it is paid and
carries no code, so that nobody pays twice. It names nobody. In practice the code leads to no account, and says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kiosk.config import Config
from kiosk.config.sections import FeesSettings
from kiosk.context import Context
from kiosk.dossiers.opened import OpenedSubmission, open_submission
from kiosk.papers import letterhead
from kiosk.procedures import fees as amounts
from kiosk.procedures.model import Fee as Listed
from kiosk.records import fees
from kiosk.records.fees import FeeRow, PaymentMethod
from kiosk.vietnam import vietqr
from kiosk.vietnam.calendar import number_in_words
from kiosk.vietnam.money import money
from printers.document import TITLE, Block, Code, Document, Frame, Gap, Pair, Rule, Run, Text

WHAT = "PHIẾU THU PHÍ, LỆ PHÍ"
WHAT_NOT = "Chưa phải biên lai thu tiền"
RECEIPT = "Phiếu này không thay biên lai. Nộp tiền xong, bà con nhận biên lai ở quầy."
PRACTICE_CODE = "Mã tập, không chuyển được tiền"
BY: dict[PaymentMethod, str] = {"cash": "tiền mặt", "transfer": "chuyển khoản"}
CITY_FREE = "city_free"
"""The exemption of a fee whose level the city sets, where the city takes nothing."""
NOWHERE = FeesSettings(bank="000000", account="TAP0000000", holder="TÀI KHOẢN TẬP")
"""The account of practice: no bank has this number, so no app can pay to it."""


def compose(context: Context, subject: str, facts: Mapping[str, Any]) -> Document | None:  # noqa: ARG001 - one signature
    """Return the fee slip of a submission; None when its body was wiped, or no fee of it counts any more."""
    held = open_submission(context, subject)
    if held is None:
        return None
    with context.store.read() as db:
        rows = fees.of_case(db, held.submission.receipt_no)
    return paper(context.config, held, rows) if rows else None


def paper(config: Config, held: OpenedSubmission, rows: Sequence[FeeRow]) -> Document:
    """Return the slip of fees that count."""
    return Document(tuple(_blocks(config, held, rows)))


def account(config: Config) -> FeesSettings:
    """Return where fees are transferred to; in practice to nowhere."""
    return NOWHERE if config.kiosk.practice else config.fees


def purpose(receipt_no: str) -> str:
    """Return what stands in the transfer: the receipt number without its hyphens, which some banks take out anyway."""
    return f"LE PHI {receipt_no.replace('-', '')}"


def code(config: Config, receipt_no: str, amount: int) -> str:
    """Return the words of the VietQR of a case; nothing where the ward has no account, or nothing is due."""
    to = account(config)
    return vietqr.vietqr_text(to.bank, to.account, amount, purpose(receipt_no)) if to.account and amount else ""


def title(listed: Listed | None, held: OpenedSubmission, row: FeeRow | None = None) -> str:
    """Return what a fee is for, with how many where it is taken so many times: "Bản sao ..., 2 bản"."""
    if listed is None:
        return "Khoản khác"
    if not listed.per or (row and row.amount != row.listed):
        return listed.name.vi
    unit = listed.unit.vi if listed.unit else "bản"
    return f"{listed.name.vi}, {amounts.count(listed, held.answers)}\u00a0{unit}"


def spared(listed: Listed | None, exemption: str | None) -> str:
    """Return who is spared a fee, in the words of the data; nothing for what is not there."""
    if exemption == CITY_FREE:
        return "Thành phố không thu khoản này"
    return next((one.label.vi for one in (listed.options if listed else ()) if one.id == exemption), "")


def _blocks(config: Config, held: OpenedSubmission, rows: Sequence[FeeRow]) -> Iterator[Block]:
    due = sum(one.amount for one in rows if one.state == "due")
    yield from letterhead.head(config)
    yield from letterhead.title(WHAT)
    yield Frame(WHAT_NOT)
    yield Rule()
    yield Text(held.procedure.short.vi, size=TITLE, weight="strong")
    yield Pair("Mã tờ khai", held.submission.receipt_no)
    if held.ticket:
        yield Pair("Số thứ tự", held.ticket.label)
    yield Rule()
    for row in rows:
        yield from _row(held, row)
    yield Rule()
    yield from _sum(rows, due)
    if due:
        yield from _ways(config, held.submission.receipt_no, due)
    yield Rule()
    yield Text(RECEIPT)
    yield Gap(1)
    yield letterhead.hotline(config)


def _row(held: OpenedSubmission, row: FeeRow) -> Iterator[Block]:
    listed = next((one for one in held.procedure.fees if one.id == row.fee), None)
    words = title(listed, held, row)
    if row.state == "waived":
        yield Pair(words, "miễn")
        if who := spared(listed, row.exemption):
            yield Text(f"Lý do miễn: {who[:1].lower()}{who[1:]}")
    else:
        yield Pair(words, money(row.amount))
    if row.method:
        yield Text(f"Đã thu {BY[row.method]} lúc {letterhead.moment(row.at)}")


def _sum(rows: Sequence[FeeRow], due: int) -> Iterator[Block]:
    paid = sum(one.amount for one in rows if one.state == "paid")
    if due or not paid:
        yield Pair("Phải nộp", money(due), size=TITLE)
    if paid:
        yield Pair("Đã thu", money(paid), size=TITLE)
    yield Text(f"Bằng chữ: {number_in_words(due or paid)} đồng")


def _ways(config: Config, receipt_no: str, due: int) -> Iterator[Block]:
    words = code(config, receipt_no, due)
    if not words:
        yield Text("Nộp tiền mặt tại quầy.", weight="strong")
        return
    to = account(config)
    yield Rule(dashed=True)
    yield Text((Run("Chuyển khoản hoặc tiền mặt. ", "strong"), Run("Mở ứng dụng ngân hàng, quét mã này:")))
    yield Gap(1)
    yield Code("qr", words)
    if config.kiosk.practice:
        yield Frame(PRACTICE_CODE)
        return
    yield Pair("Chủ tài khoản", to.holder)
    yield Pair("Số tài khoản", to.account)
    yield Pair("Nội dung", purpose(receipt_no))
