"""Page after Submit with the VietQR of the visit's own fee; it shows by itself that the money has come.

It needs the session of the visit and has neither a name nor a key in its address: the next person at the screen finds
nothing of it.
"""

from dataclasses import dataclass
from typing import Any

from flask import jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import crediting
from kiosk.base import clock
from kiosk.base.errors import DraftGone
from kiosk.base.i18n import Translate, translator
from kiosk.config import Config
from kiosk.dossiers import payment_keys
from kiosk.dossiers.opened import OpenedSubmission, open_submission
from kiosk.dossiers.payment_balance import find_balance
from kiosk.pages.access import allow, context, visitor
from kiosk.pages.citizen.blueprint import citizen, render
from kiosk.pages.citizen.ticket import wait_text
from kiosk.pages.forms.view_models import Notice, PayPage
from kiosk.pages.qr_code import qr_svg
from kiosk.pages.transfer_arrival import TransferArrival, arrival_of, is_told
from kiosk.papers import fee as slips
from kiosk.procedures import fees as amounts
from kiosk.vietnam.money import format_money

DISPLAY_SECONDS = 120
"""Seconds that the code is shown without a touch: a person unlocks a phone and opens the bank's app."""
PAID_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class FeeTransfer:
    """Transfer of a case's fees; `is_told` says whether a bank tells the ward of transfers."""

    key: str
    arrival: TransferArrival
    is_told: bool

    @property
    def is_here(self) -> bool:
        """Whether all of the money has come."""
        return self.arrival.state in ("paid", "excess")

    @property
    def code_text(self) -> str:
        """The content of the VietQR of what has not come; empty where nothing can be transferred."""
        return slips.payment_code(context().config, self.key, self.arrival.missing)


def pay_words(receipt_no: str, lang: str) -> str:
    """Return the words of the way to the page; empty where nothing can be transferred."""
    transfer = _find_transfer(receipt_no)
    if transfer is None or transfer.is_here:
        return ""
    _ = translator(lang)
    return _("Trả %(amount)s", amount=format_money(transfer.arrival.missing, lang))


@citizen.route("/pay", methods=["GET", "POST"])
@allow("citizen")
def pay() -> Answer | str:
    """Show the code of what is due, or that it has come; a post lets the bank's notices be read more often."""
    opened = _open_form()
    transfer = _find_transfer(opened.submission.receipt_no)
    if transfer is None:
        return redirect(url_for("citizen.done"), 303)
    if request.method == "POST":
        crediting.await_transfer(context())
        return redirect(url_for("citizen.pay"), 303)
    return render("citizen/pay.html", pay=_pay_page(opened, transfer))


@citizen.get("/pay/state")
@allow("citizen")
def pay_state() -> Any:
    """Return the state of the transfer, which the page asks for every two seconds."""
    transfer = _find_transfer(_open_form().submission.receipt_no)
    return jsonify(state=_state_mark(transfer) if transfer else "none")


def _open_form() -> OpenedSubmission:
    """Return the form that this visit has submitted."""
    submission_id = visitor().submission_id
    opened = open_submission(context(), submission_id) if submission_id else None
    if opened is None:
        raise DraftGone
    return opened


def _find_transfer(receipt_no: str) -> FeeTransfer | None:
    """Return the transfer of a case's fees; None where nothing is due, or it was paid in another way."""
    with context().store.read() as db:
        balance = find_balance(context(), db, receipt_no)
        told = is_told(db, balance)
    if balance.due is None:
        return None
    transfer = FeeTransfer(
        key=payment_keys.receipt_key(context(), receipt_no),
        arrival=arrival_of(balance, balance.due, balance.transferred)
        if balance.due
        else arrival_of(balance, balance.transferred, before=0),
        is_told=told,
    )
    return transfer if transfer.is_here or (balance.due and transfer.code_text) else None


def _state_mark(transfer: FeeTransfer) -> str:
    """Return what the page compares: another part that comes in is another state."""
    return f"{transfer.arrival.state} {transfer.arrival.received}"


def _pay_page(opened: OpenedSubmission, transfer: FeeTransfer) -> PayPage:
    lang = visitor().lang
    _ = translator(lang)
    config = context().config
    arrival = transfer.arrival
    with context().store.read() as db:
        wait = wait_text(db, opened.ticket, _) if opened.ticket else ""
    return PayPage(
        procedure=opened.procedure.short.of(lang),
        state=_state_mark(transfer),
        is_here=transfer.is_here,
        number=opened.ticket.label if opened.ticket else "",
        ahead=wait,
        label=_("Còn thiếu") if arrival.state == "short" else _("Lệ phí"),
        amount=format_money(arrival.received if transfer.is_here else arrival.missing, lang),
        qr_svg="" if transfer.is_here else qr_svg(transfer.code_text),
        purpose=slips.transfer_purpose(transfer.key),
        steps=_steps_here(_) if transfer.is_here else _steps_before(opened, config, _),
        notice=_notice(transfer, lang, _),
        warning=_("Mã tập, không chuyển được tiền.") if config.kiosk.practice else "",
        seconds=PAID_SECONDS if transfer.is_here else DISPLAY_SECONDS,
    )


def _steps_before(opened: OpenedSubmission, config: Config, _: Translate) -> tuple[tuple[str, str], ...]:
    payee = slips.payee_account(config)
    applied = amounts.due(opened.procedure, opened.answers, opened.submission.day)
    may_be_free = any(amounts.exemptions(fee) for fee in applied)
    return (
        (_("Quét mã bằng ứng dụng ngân hàng"), _("Xin đừng sửa số tiền, nội dung.")),
        (_("Xem đúng tên người nhận"), f"{payee.holder}, {payee.account}"),
        (
            _("Tiền mặt thì đưa ở quầy"),
            _("Được miễn thì đừng trả, hỏi ở quầy.") if may_be_free else _("Trả cách nào cũng được."),
        ),
    )


def _steps_here(_: Translate) -> tuple[tuple[str, str], ...]:
    return (
        (_("Không phải trả ở quầy nữa"), _("Quầy cũng đã thấy tiền về.")),
        (_("Nghe gọi số, đến quầy"), _("Biên lai lấy ở quầy.")),
    )


def _notice(transfer: FeeTransfer, lang: str, _: Translate) -> Notice:
    arrival = transfer.arrival
    if not transfer.is_told:
        return Notice("info", _("Quầy sẽ xem tiền về."), icon="clock")
    received = _("Đã nhận %(amount)s.", amount=format_money(arrival.received, lang))
    if arrival.state == "waits":
        return Notice("info", _("Chưa thấy tiền về."), _("Về tới là báo ngay."), icon="clock")
    if arrival.state == "paid":
        at = f"{clock.local(arrival.at):%H:%M}" if arrival.at else ""
        return Notice("ok", received, _("Ngân hàng báo lúc %(time)s: đủ tiền, đúng mã.", time=at))
    if arrival.state == "short":
        return Notice("warn", received, _("Quét mã mới, hoặc trả thêm ở quầy."))
    too_much = format_money(arrival.too_much, lang)
    return Notice("warn", received, _("Thừa %(amount)s: quầy trả lại.", amount=too_much))
