"""Counts (copies, people), asked with a minus and a plus button, and sums of money."""

import re
from datetime import date
from typing import Any

from kiosk.procedures.answer_errors import AnswerError
from kiosk.procedures.kinds.base import ParsedAnswer, Posted
from kiosk.procedures.model import Field
from kiosk.vietnam import calendar

MOST = 99
MOST_MONEY = 999_999_999_999


def counted(unit: str, figures: str, lang: str) -> str:
    """Return "12 trang"; in English "pages: 12", which is right for one page too."""
    return f"{unit}: {figures}" if lang == "en" else f"{figures} {unit}"


class NumberKind:
    """A whole number between `low` and `high`."""

    template = "number"
    keyboard = "number"

    def parse(self, field: Field, posted: Posted, before: Any, today: date) -> ParsedAnswer:
        """Return the number; blank is None."""
        raw = posted.get(field.key, "").strip()
        if not raw:
            return ParsedAnswer()
        value = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 6 else None
        error = self.validate(field, value, today)
        return ParsedAnswer(error=error) if error else ParsedAnswer(value)

    def validate(self, field: Field, value: Any, today: date) -> AnswerError | None:
        """Return an error for a value that is not a number in the field's range."""
        low = field.low or 0
        high = field.high or MOST
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return None
        return AnswerError("number_range", {"min": low, "max": high})

    def on_screen(self, field: Field, value: Any, lang: str) -> str:
        """Return the digits."""
        return "" if value is None else str(value)

    def on_paper(self, field: Field, value: Any) -> str:
        """Return at least two digits, as officials write them: 02."""
        return "" if value is None else f"{value:02d}"

    def sample(self, field: Field) -> Any:
        """Return the smallest number allowed, at least one."""
        return max(1, field.low or 0)


class MoneyKind(NumberKind):
    """A sum in whole dong; options are sums that one touch enters ("50000000")."""

    template = "money"

    def parse(self, field: Field, posted: Posted, before: Any, today: date) -> ParsedAnswer:
        """Return the typed sum, or else the touched one; blank is None. Dots between thousands are ignored."""
        raw = re.sub(r"[ .,]", "", posted.get(field.key, "") or posted.get(f"{field.key}.quick", ""))
        if not raw:
            return ParsedAnswer()
        value = int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= len(str(MOST_MONEY)) else None
        error = self.validate(field, value, today)
        return ParsedAnswer(error=error) if error else ParsedAnswer(value)

    def validate(self, field: Field, value: Any, today: date) -> AnswerError | None:
        """Return an error for a value that is not a sum in the field's range."""
        if not isinstance(value, int) or isinstance(value, bool):
            return AnswerError("money")
        low = field.low or 0
        high = field.high or MOST_MONEY
        if low <= value <= high:
            return None
        return AnswerError("money_range", {"min": dotted(low), "max": dotted(high)})

    def on_screen(self, field: Field, value: Any, lang: str) -> str:
        """Return "50.000.000 đồng", in English "50,000,000 dong"."""
        if value is None:
            return ""
        return f"{value:,} dong" if lang == "en" else f"{dotted(value)} đồng"

    def on_paper(self, field: Field, value: Any) -> str:
        """Return the sum in digits and in words, as the forms have it."""
        return "" if value is None else f"{dotted(value)} đồng ({calendar.number_in_words(value)} đồng)"

    def sample(self, field: Field) -> Any:
        """Return the first quick sum, or a sample."""
        return int(field.options[0].id) if field.options else max(field.low or 0, 50_000_000)


def dotted(amount: int) -> str:
    """Return 50.000.000."""
    return f"{amount:,}".replace(",", ".")
