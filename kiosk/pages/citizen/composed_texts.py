"""Texts with a value inside that pages read aloud: errors of dates and numbers, how many wait, opening hours, sums.

Their values say nothing of a person: a text with a name, an id, a phone number or a free answer is not here.
"""

from functools import cache

from kiosk.base.i18n import N_, translator
from kiosk.procedures.answer_errors import MESSAGES

_ERRORS = ("too_long", "year_short", "date_not_real", "date_too_old", "number_range", "money_range")
TICKET_NUMBER = "{number}"
"""The number of the queue, alone: the board calls it aloud too."""
_PAGES = (
    N_("Còn %(n)s người phía trước"),
    N_("Còn %(n)s người phía trước, chừng %(low)s đến %(high)s phút"),
    N_("Quầy đang nghỉ, mở lại lúc %(hour)s"),
    N_("Quầy đang nghỉ, mở lại lúc %(hour)s ngày %(day)s"),
    N_("%(n)s người chờ"),
    N_("%(n)s người chờ, chừng %(low)s đến %(high)s phút"),
    N_("Mời đến lấy số từ %(hour)s ngày %(day)s"),
    N_("Chờ %(n)s giây, rồi chạm “Lấy số”"),
    N_("Phiếu đang in. Chưa ra thì nhớ số %(number)s."),
    N_("Chưa có ai chờ"),
    N_("Sắp đến lượt"),
    N_("Tạm tính %(amount)s. Cán bộ thu tại quầy."),
)


@cache
def composed_texts(lang: str) -> tuple[str, ...]:
    """Return the texts in a language, with a sign such as {year} or %(n)s in the place of each value."""
    _ = translator(lang)
    return (TICKET_NUMBER, *(MESSAGES[code].of(lang) for code in _ERRORS), *(_(text) for text in _PAGES))
