"""Page with a VietQR on the whole screen: of the fees of a case, and of services without a form."""

from dataclasses import dataclass

from flask import render_template

from kiosk.base import clock
from kiosk.base.errors import NotFound
from kiosk.dossiers import payment_keys
from kiosk.dossiers.payment_balance import find_balance
from kiosk.pages import qr_code
from kiosk.pages.access import allow, context
from kiosk.pages.officer.session.blueprint import officer, render
from kiosk.pages.transfer_arrival import TransferArrival, arrival_of, is_told
from kiosk.papers import fee as slips
from kiosk.portal import practice_bank
from kiosk.vietnam.calendar import number_in_words
from kiosk.vietnam.money import money


@dataclass(frozen=True)
class TransferButton:
    """A button of the page; the first one is the main one."""

    words: str
    name: str
    value: str
    key: str = ""


@dataclass(frozen=True)
class TransferForm:
    """Addresses of the officer's answer, with the fields of the page before.

    `back` is an address to open, `back_action` one that takes the fields.
    """

    action: str
    fields: tuple[tuple[str, str], ...]
    buttons: tuple[TransferButton, ...]
    back: str = ""
    back_action: str = ""


@dataclass(frozen=True)
class ArrivalWords:
    """Whether the money has come, as the page says it: `state` is "waits", "paid" or "wrong"."""

    state: str
    title: str
    words: str = ""


def transfer_page(key: str, due: int, number: str, form: TransferForm) -> str:
    """Return the page with the code and without a name; NotFound where nothing can be transferred.

    Args:
        key: the payment key, which becomes the text of the transfer.
        due: dong.
    """
    config = context().config
    code = slips.payment_code(config, key, due)
    if not code:
        raise NotFound("Không có khoản nào phải chuyển.", "There is nothing to transfer.")
    before = _written_down(key)
    return render(
        "officer/pay.html",
        form=form,
        number=number,
        due=money(due),
        in_words=f"{number_in_words(due)} đồng".capitalize(),
        picture=qr_code.desk_qr_svg(code),
        account=slips.payee_account(config),
        purpose=slips.transfer_purpose(key),
        key=key,
        sum=due,
        before=before,
        arrival=_arrival(key, due, before),
        presses=practice_bank.PRESSES if practice_bank.is_open(config) else {},
        warning=slips.PRACTICE_CODE if config.kiosk.practice else "",
    )


@officer.get("/transfer/<key>/<int:due>/<int:before>")
@allow("officer")
def transfer_live(key: str, due: int, before: int) -> str:
    """Return the part of the page that says whether the money has come; the page asks again every two seconds."""
    return render_template("officer/pay_live.html", arrival=_arrival(key, due, before))


def _written_down(key: str) -> int:
    """Return what is written down as transferred already, in dong: that is not the money which the page waits for."""
    with context().store.read() as db:
        return find_balance(context(), db, _subject(key)).transferred


def _arrival(key: str, due: int, before: int) -> ArrivalWords | None:
    """Return what the bank told of a key beyond `before` dong; None where no bank tells this ward anything."""
    with context().store.read() as db:
        balance = find_balance(context(), db, _subject(key))
        told = is_told(db, balance)
    return _arrival_words(arrival_of(balance, due, before)) if told else None


def _subject(key: str) -> str:
    subject = payment_keys.find_subject(context(), key)
    if subject is None:
        raise NotFound
    return subject.code


def _arrival_words(arrival: TransferArrival) -> ArrivalWords:
    received = money(arrival.received)
    if arrival.state == "waits":
        return ArrivalWords(state="waits", title="Chưa thấy tiền về")
    if arrival.state == "paid":
        at = f" lúc {clock.local(arrival.at):%H:%M}" if arrival.at else ""
        return ArrivalWords(state="paid", title=f"Đã nhận {received}", words=f"Ngân hàng báo{at}: đủ tiền, đúng mã.")
    if arrival.state == "short":
        missing = f"Thiếu {money(arrival.missing)}: trả thêm ở quầy."
        return ArrivalWords(state="wrong", title=f"Nhận {received}", words=missing)
    too_much = f"Thừa {money(arrival.too_much)}: quầy trả lại."
    return ArrivalWords(state="wrong", title=f"Nhận {received}", words=too_much)
