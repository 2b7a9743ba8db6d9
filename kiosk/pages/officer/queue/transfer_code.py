"""Page with a VietQR on the whole screen: of the fees of a case, and of services without a form."""

from dataclasses import dataclass

from kiosk.base.errors import NotFound
from kiosk.pages import qr_code
from kiosk.pages.access import context
from kiosk.pages.officer.session.blueprint import render
from kiosk.papers import fee as slips
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
    return render(
        "officer/pay.html",
        form=form,
        number=number,
        due=money(due),
        in_words=f"{number_in_words(due)} đồng".capitalize(),
        picture=qr_code.desk_qr_svg(code),
        account=slips.payee_account(config),
        purpose=slips.transfer_purpose(key),
        warning=slips.PRACTICE_CODE if config.kiosk.practice else "",
    )
