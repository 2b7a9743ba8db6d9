"""Refund slip: the sum that the ward has to pay back, for the payer to keep. The accountant pays; no machine does.

It has no name and no account: the bank knows from where the money came. A refund that was undone prints nothing.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from kiosk.context import Context
from kiosk.dossiers import payment_keys
from kiosk.dossiers.payment_balance import PaymentBalance, find_balance, parse_label
from kiosk.papers import letterhead
from kiosk.papers.fee import transfer_purpose
from kiosk.records import payment_refunds, submissions
from kiosk.records.payment_refunds import PaymentRefund
from kiosk.vietnam.calendar import number_in_words
from kiosk.vietnam.money import money
from printers.document import TITLE, Block, Document, Frame, Gap, Pair, Rule, Text

TITLE_LINE = "PHIẾU TRẢ LẠI TIỀN"
NOT_PAID = "Chưa phải chứng từ chi tiền"
WHO_PAYS = "Kế toán của phường chuyển tiền, máy không chuyển."
KEEP = "Giữ phiếu này đến khi nhận lại đủ tiền."


def compose(context: Context, subject: str, facts: Mapping[str, Any]) -> Document | None:
    """Return the slip of money to pay back; None when it was undone."""
    with context.store.read() as db:
        refund = payment_refunds.find(db, subject)
        if refund is None:
            return None
        balance = find_balance(context, db, refund.subject)
        submission = submissions.by_receipt(db, refund.subject) if balance.is_case else None
    procedure = context.catalogue.version(submission.procedure, submission.version) if submission else None
    name = procedure.short.vi if procedure else "Việc làm ngay, không kèm tờ khai"
    return Document(tuple(_blocks(context, refund, balance, name)))


def _blocks(context: Context, refund: PaymentRefund, balance: PaymentBalance, name: str) -> Iterator[Block]:
    yield from letterhead.head(context.config)
    yield from letterhead.title(TITLE_LINE)
    yield Frame(NOT_PAID)
    yield Rule()
    yield Text(name, size=TITLE, weight="strong")
    yield from _subject(context, balance)
    yield Pair("Ghi lúc", letterhead.format_moment(refund.at))
    yield Rule()
    yield Pair("Ngân hàng báo đã nhận", money(balance.received))
    yield Pair("Phải trả lại", money(refund.amount), size=TITLE)
    yield Text(f"Bằng chữ: {number_in_words(refund.amount)} đồng")
    yield Rule()
    yield Text(WHO_PAYS, weight="strong")
    yield Text(KEEP)
    yield Gap(1)
    yield letterhead.hotline(context.config)


def _subject(context: Context, balance: PaymentBalance) -> Iterator[Block]:
    if balance.is_case:
        yield Pair("Mã tờ khai", balance.subject)
        key = payment_keys.receipt_key(context, balance.subject)
    else:
        label, day = parse_label(balance.subject)
        yield Pair("Số thứ tự", f"{label}, {day:%d/%m/%Y}")
        key = payment_keys.label_key(context, label, day)
    yield Pair("Nội dung đã chuyển", transfer_purpose(key))
