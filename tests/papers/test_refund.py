"""Refund slip: the sum to pay back, the case and the text of the transfer; it has no name and is no voucher."""

from kiosk import papers
from kiosk.acts import crediting
from kiosk.context import Context
from kiosk.dossiers import payment_keys
from kiosk.records import payment_refunds
from printers.render import text as plain_text
from tests.acts.test_charging import FeeRequest
from tests.acts.test_crediting import notice_of, tell
from tests.papers.forms import BIRTH, HandIn
from tests.papers.test_fee import COPIES, with_fees


def _words(context: Context, refund_id: str) -> str:
    paper = papers.compose(context, "refund", refund_id, {})
    assert paper is not None
    return " ".join(plain_text.render(paper, columns=200).replace("\u00a0", " ").split())  # type: ignore[arg-type]


def test_the_slip_says_what_came_and_what_is_paid_back(context: Context, hand_in: HandIn) -> None:
    filed = with_fees(context, hand_in, COPIES)
    receipt_no = filed.submission.receipt_no
    tell(context, notice_of(context, FeeRequest(filed.submission.id, receipt_no, 0), 20_000))
    assert crediting.credit(context, receipt_no, seen=20_000, actor="CB01")
    with context.store.read() as db:
        (refund_id,) = (refund.id for refund in payment_refunds.of_subject(db, receipt_no))
    words = _words(context, refund_id)
    for line in (
        "PHIẾU TRẢ LẠI TIỀN",
        "Chưa phải chứng từ chi tiền",
        f"Mã tờ khai {receipt_no}",
        f"Nội dung đã chuyển PHI {payment_keys.receipt_key(context, receipt_no)}",
        "Ngân hàng báo đã nhận 20.000 đồng",
        "Phải trả lại 4.000 đồng",
        "Bằng chữ: bốn nghìn đồng",
        "Kế toán của phường chuyển tiền, máy không chuyển.",
    ):
        assert line in words
    names = {str(filed.submission.id), "Nguyễn"}
    assert not [name for name in names if name in words]
    assert crediting.undo_refund(context, refund_id, "CB01")
    assert papers.compose(context, "refund", refund_id, {}) is None


def test_the_slip_of_a_queue_number_has_its_number_and_day(context: Context, hand_in: HandIn) -> None:
    ticket = hand_in(BIRTH).ticket
    subject = f"{ticket.label} {ticket.day}"
    key = payment_keys.label_key(context, ticket.label, ticket.day)
    tell(context, notice_of(context, FeeRequest("", "PK03-261124-0001-X", 0), 9_000, key=key))
    refund_id = crediting.promise_refund(context, subject, seen=9_000, actor="CB01")
    words = _words(context, refund_id)
    assert f"Số thứ tự {ticket.label}, {ticket.day:%d/%m/%Y}" in words
    assert f"PHI {key}" in words
    assert "Phải trả lại 9.000 đồng" in words
