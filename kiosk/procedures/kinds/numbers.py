"""Counted things: copies, people; asked with a minus and a plus button."""

from datetime import date
from typing import Any

from kiosk.procedures.faults import Fault
from kiosk.procedures.kinds.base import Posted, Reading
from kiosk.procedures.model import Field

MOST = 99


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
