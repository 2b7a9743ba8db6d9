"""Bank of practice: its signed notices reach the web hook of the practice gateway, as those of a real bank do.

The practice gateway writes the id and the secret of its account into a file of the data folder. No other mode reads it.
"""

from contextlib import closing
from datetime import timedelta

from kiosk.base import clock
from kiosk.base.errors import NotAllowed
from kiosk.config import Config
from kiosk.context import Context
from kiosk.papers.fee import transfer_purpose
from sync.errors import SyncError

PRESSES = {
    "full": "Tập: trả đủ",
    "part": "Trả thiếu",
    "twice": "Trả hai lần",
    "keyless": "Quên mã",
}
"""Transfers of a made-up payer, with the label of each button."""
SECONDS = 10.0
_ROUND = 1000
"""Dong: a part is whole thousands where it can be."""
_MILLISECOND = timedelta(milliseconds=1)


def is_open(config: Config) -> bool:
    """Return whether this is practice with a gateway that has an account."""
    return config.kiosk.practice and config.practice_bank_path.is_file()


def transfer(context: Context, press: str, *, key: str, due: int) -> None:
    """Let a made-up person transfer a fee: the bank sends its notice to the web hook.

    Args:
        context: the practice kiosk.
        press: a key of `PRESSES`.
        key: the payment key of the fee.
        due: dong, at least 1.

    Raises:
        NotAllowed: the gateway did not take the notice.
    """
    from sync.gateway.payments.twin import TwinBank  # imported late: only practice needs the gateway's libraries
    from sync.portals.http_client import HttpClient

    account_id, secret = context.config.practice_bank_path.read_text(encoding="ascii").split()
    now = context.clock.now()
    bank = TwinBank(secret, first=_movement_number(context))
    purpose = "CHUYEN TIEN" if press == "keyless" else transfer_purpose(key)
    amounts = {"part": [_part(due)], "twice": [due, due]}.get(press, [due])
    signed = bank.notice([bank.move(amount, purpose, now) for amount in amounts], now)
    address = f"{context.config.portal.url}/payments/{account_id}"
    with closing(HttpClient(seconds=SECONDS)) as http:
        try:
            status = http.exchange(http.prepare("POST", address, signed.headers, signed.body)).status
        except SyncError:
            status = 0
    if status != 200:
        raise NotAllowed(
            "Cổng tập chưa nhận tin của ngân hàng. Chờ một phút rồi bấm lại.",
            "The practice gateway did not take the bank's notice. Press again in a minute.",
        )


def _part(due: int) -> int:
    """Return about half of a sum."""
    half = due // 2
    return half - half % _ROUND or max(1, half)


def _movement_number(context: Context) -> int:
    """Return a number that no earlier press of the day had; a press needs two at most."""
    at = clock.local(context.clock.now())
    return (at - at.replace(hour=0, minute=0, second=0, microsecond=0)) // _MILLISECOND * 2 + 1
