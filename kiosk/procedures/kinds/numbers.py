"""Counted things (copies, people) with a minus and a plus button, and sums of money."""

import re
from datetime import date
from typing import Any

from kiosk.procedures.answer_errors import Fault
from kiosk.procedures.kinds.base import Posted, Reading
from kiosk.procedures.model import Field
from kiosk.vietnam import calendar

MOST = 99
MOST_MONEY = 999_999_999_999


def counted(unit: str, figures: str, lang: str) -> str:
    """Return "12 trang"; English says "pages: 12", which is right for one page too."""
    return f"{unit}: {figures}" if lang == "en" else f"{figures} {unit}"


class Number:
    """A whole number between `low` and `high`."""

    part = "number"
    keyboard = "number"

    def read(self, field: Field, posted: Posted, before: Any, today: date) -> Reading:  # noqa: ARG002 - one signature
        """Return the number; blank is None."""
        raw = posted.get(field.key, "").strip()
        if not raw:
            return Reading()
        value = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 6 else None
        fault = self.judge(field, value, today)
        return Reading(fault=fault) if fault else Reading(value)

    def judge(self, field: Field, value: Any, today: date) -> Fault | None:  # noqa: ARG002
        """Return a fault outside the field's range."""
        low, high = field.low or 0, field.high or MOST
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return None
        return Fault("number_range", {"min": low, "max": high})

    def say(self, field: Field, value: Any, lang: str) -> str:  # noqa: ARG002
        """Return the figures."""
        return "" if value is None else str(value)

    def write(self, field: Field, value: Any) -> str:  # noqa: ARG002
        """Return the figures, two digits as officials write them: 02."""
        return "" if value is None else f"{value:02d}"

    def sample(self, field: Field) -> Any:
        """Return the smallest number allowed, at least one."""
        return max(1, field.low or 0)


class Money(Number):
    """A sum in whole dong; options are sums that one touch answers ("50000000")."""

    part = "money"

    def read(self, field: Field, posted: Posted, before: Any, today: date) -> Reading:  # noqa: ARG002
        """Return the sum that was typed, or else touched; blank is None. Dots between thousands do not count."""
        raw = re.sub(r"[ .,]", "", posted.get(field.key, "") or posted.get(f"{field.key}.quick", ""))
        if not raw:
            return Reading()
        value = int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= len(str(MOST_MONEY)) else None
        fault = self.judge(field, value, today)
        return Reading(fault=fault) if fault else Reading(value)

    def judge(self, field: Field, value: Any, today: date) -> Fault | None:  # noqa: ARG002
        """Return a fault for what is no sum, or outside the field's range."""
        if isinstance(value, int) and not isinstance(value, bool):
            low, high = field.low or 0, field.high or MOST_MONEY
            return None if low <= value <= high else Fault("money_range", {"min": dotted(low), "max": dotted(high)})
        return Fault("money")

    def say(self, field: Field, value: Any, lang: str) -> str:  # noqa: ARG002
        """Return "50.000.000 đồng", in English "50,000,000 dong"."""
        if value is None:
            return ""
        return f"{value:,} dong" if lang == "en" else f"{dotted(value)} đồng"

    def write(self, field: Field, value: Any) -> str:  # noqa: ARG002
        """Return the sum in figures and in words, as forms want it."""
        return "" if value is None else f"{dotted(value)} đồng ({calendar.number_in_words(value)} đồng)"

    def sample(self, field: Field) -> Any:
        """Return the first quick sum, or a made-up one."""
        return int(field.options[0].id) if field.options else max(field.low or 0, 50_000_000)


def dotted(amount: int) -> str:
    """Return 50.000.000."""
    return f"{amount:,}".replace(",", ".")
