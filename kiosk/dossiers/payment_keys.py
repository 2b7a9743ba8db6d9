"""Key of a payment: computed from the receipt number, or from a queue number and its day, and stored nowhere.

The store's key permutes the numbers of all days, so two payments never have one key, a reprint and a restored machine
have the same one, and nobody without the store's key can compute that of another slip. The same permutation backwards
finds the case. The receipt number itself is not in the transfer: it can be counted through.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kiosk.base import codes
from kiosk.context import Context
from sync import payment_key

_FIRST_DAY = date(2020, 1, 1)
_LABELS_FROM = 10_000
"""Receipt numbers have at most 9999 forms a day; queue numbers follow."""
_LABELS = 10_000
"""Queue numbers of a series."""
_OF_DAY = _LABELS_FROM + 26 * _LABELS
_HALF_BITS = 18
_HALF = (1 << _HALF_BITS) - 1
_ROUNDS = 10
"""As many as FF1 of NIST SP 800-38G has."""


@dataclass(frozen=True)
class PaymentSubject:
    """The subject of a payment: the fees of a receipt number, or services of a queue number (label) of a day."""

    day: date
    receipt_no: str = ""
    label: str = ""

    @property
    def code(self) -> str:
        """The subject as records have it: a receipt number, or a queue number and its day."""
        return self.receipt_no or f"{self.label} {self.day}"


def receipt_key(context: Context, receipt_no: str) -> str:
    """Return the key of the fees of a case."""
    kiosk_id, day, seq, _check = receipt_no.split("-")
    number = _number(datetime.strptime(day, "%y%m%d").date(), int(seq))  # noqa: DTZ007 (a date, no time in it)
    return payment_key.format_key(kiosk_id, _permute(context, number))


def label_key(context: Context, label: str, day: date) -> str:
    """Return the key of services without a form, by their queue number."""
    series = ord(label[0]) - ord("A")
    number = _number(day, _LABELS_FROM + series * _LABELS + int(label[1:]))
    return payment_key.format_key(context.config.kiosk.id, _permute(context, number))


def find_subject(context: Context, text: str) -> PaymentSubject | None:
    """Return what a key or the text of a transfer pays at this kiosk; None without one single key of it.

    A key of another kiosk, or a made-up one, gives a day of the past or of the future about 99 times in 100.
    """
    keys = payment_key.find_keys(text)
    if len(keys) != 1:
        return None
    kiosk_id, number = payment_key.parse_key(keys[0])
    days, of_day = divmod(_permute(context, number, is_back=True), _OF_DAY)
    if not of_day > 0 or days > (context.clock.today() - _FIRST_DAY).days:
        return None
    day = _FIRST_DAY + timedelta(days=days)
    if of_day < _LABELS_FROM:
        return PaymentSubject(day=day, receipt_no=codes.receipt_no(kiosk_id, day, of_day))
    series, label_no = divmod(of_day - _LABELS_FROM, _LABELS)
    return PaymentSubject(day=day, label=f"{chr(ord('A') + series)}{label_no:03d}")


def _number(day: date, of_day: int) -> int:
    return (day - _FIRST_DAY).days * _OF_DAY + of_day


def _permute(context: Context, number: int, *, is_back: bool = False) -> int:
    """Return the place of a number in the store's permutation of all keys, or with `is_back` the number of a place.

    A Feistel network permutes 36 bits. It is applied again until the result is below the number of keys, 2.7 times on
    average.
    """
    while True:
        number = _feistel(context, number, is_back=is_back)
        if number < payment_key.KEYS:
            return number


def _feistel(context: Context, number: int, *, is_back: bool) -> int:
    left = number >> _HALF_BITS
    right = number & _HALF
    for round_no in reversed(range(_ROUNDS)) if is_back else range(_ROUNDS):
        if is_back:
            former = right ^ _mask(context, round_no, left)
            right = left
            left = former
        else:
            following = left ^ _mask(context, round_no, right)
            left = right
            right = following
    return left << _HALF_BITS | right


def _mask(context: Context, round_no: int, half: int) -> int:
    return int(context.vault.keyed_hash("payment key", f"{round_no} {half}"), 16) & _HALF
