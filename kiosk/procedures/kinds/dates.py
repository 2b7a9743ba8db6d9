"""Dates (day, month and year in three boxes; some fields allow month and year, or a year) and times of day."""

import re
from datetime import date
from typing import Any

from kiosk.procedures.answer_errors import AnswerError
from kiosk.procedures.kinds.base import ParsedAnswer, Posted
from kiosk.procedures.model import Field
from kiosk.vietnam import calendar

EARLIEST = 1900
NEXT_YEARS = 20


class DateKind:
    """A date stored as YYYY-MM-DD, or YYYY-MM or YYYY where `partial` allows."""

    template = "date"
    keyboard = "date"

    def parse(self, field: Field, posted: Posted, before: Any, today: date) -> ParsedAnswer:
        """Return the date of three boxes; all blank is None."""
        day, month, year = (posted.get(f"{field.key}.{box}", "").strip() for box in "dmy")
        if not (day or month or year):
            return ParsedAnswer()
        error = _shape((day, month, year), field, today)
        if error:
            return ParsedAnswer(error=error)
        value = "-".join(piece.zfill(size) for piece, size in ((year, 4), (month, 2), (day, 2)) if piece)
        error = self.validate(field, value, today)
        return ParsedAnswer(error=error) if error else ParsedAnswer(value)

    def validate(self, field: Field, value: Any, today: date) -> AnswerError | None:
        """Return an error for an impossible or incomplete date, or one before 1900.

        Where `high` is 0, a date in the future is an error too.
        """
        pieces = [int(piece) for piece in value.split("-")] if _is_iso(value) else []
        if not pieces or (len(pieces) < 3 and not field.partial):
            return AnswerError("date_incomplete")
        year, month, day = (*pieces, 1, 1)[:3]
        if year < EARLIEST:
            return AnswerError("date_too_old", {"year": year}, box="y")
        if not 1 <= month <= 12:
            return AnswerError("month_not_real", box="m")
        try:
            whole = date(year, month, day)
        except ValueError:
            return AnswerError("date_not_real", {"day": day, "month": month, "year": year}, box="d")
        return _in_the_future(whole, today) if field.high == 0 and whole > today else None

    def on_screen(self, field: Field, value: Any, lang: str) -> str:
        """Return 12/03/1996, 03/1996 or 1996."""
        return "/".join(reversed(str(value or "").split("-")))

    def on_paper(self, field: Field, value: Any) -> str:
        """Return 12/03/1996, 03/1996 or 1996."""
        return "/".join(reversed(str(value or "").split("-")))

    def sample(self, field: Field) -> Any:
        """Return a sample birthday."""
        return "1996-03-12"


class TimeKind:
    """A time of day stored as HH:MM; blank minutes mean the full hour."""

    template = "time"
    keyboard = "date"

    def parse(self, field: Field, posted: Posted, before: Any, today: date) -> ParsedAnswer:
        """Return the time of two boxes; both blank is None."""
        hour, minute = (posted.get(f"{field.key}.{box}", "").strip() for box in ("h", "min"))
        if not (hour or minute):
            return ParsedAnswer()
        value = f"{hour.zfill(2)}:{minute.zfill(2)}"
        error = self.validate(field, value if hour else None, today)
        return ParsedAnswer(error=error) if error else ParsedAnswer(value)

    def validate(self, field: Field, value: Any, today: date) -> AnswerError | None:
        """Return an error for a value that is not a time from 00:00 to 23:59."""
        is_time = isinstance(value, str) and re.fullmatch("([01][0-9]|2[0-3]):[0-5][0-9]", value)
        return None if is_time else AnswerError("time")

    def on_screen(self, field: Field, value: Any, lang: str) -> str:
        """Return "9 giờ 40", in English 9:40."""
        if not value:
            return ""
        hour, minute = map(int, value.split(":"))
        if lang == "en":
            return f"{hour}:{minute:02d}"
        return f"{hour} giờ {minute:02d}" if minute else f"{hour} giờ"

    def on_paper(self, field: Field, value: Any) -> str:
        """Return "09 giờ 40 phút"."""
        return "{} giờ {} phút".format(*value.split(":")) if value else ""

    def sample(self, field: Field) -> Any:
        """Return a sample time."""
        return "09:40"


def _is_iso(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch("[0-9]{4}(-[0-9]{2}){0,2}", value) is not None


def _in_the_future(whole: date, today: date) -> AnswerError:
    """Return the error of a future date, at its first box that is later than today's."""
    if whole.year > today.year:
        return AnswerError("date_future", box="y")
    return AnswerError("date_future", box="m" if whole.month > today.month else "d")


def _shape(boxes: tuple[str, str, str], field: Field, today: date) -> AnswerError | None:
    """Return the error of boxes that hold no date: day, month and year as typed."""
    day, month, year = boxes
    if not all(piece.isascii() and piece.isdigit() for piece in boxes if piece):
        return AnswerError("date_digits")
    needed = "y" if field.partial and not day else "my" if field.partial else "dmy"
    missing = next((box for box, piece in zip("dmy", boxes, strict=True) if box in needed and not piece), "")
    if missing or len(day) > 2 or len(month) > 2:
        return AnswerError("date_incomplete", box=missing)
    if len(year) < 4:
        return AnswerError("year_short", {"year": whole_year(year, field, today)}, box="y")
    return None if len(year) == 4 else AnswerError("date_incomplete", box="y")


def whole_year(digits: str, field: Field, today: date) -> int:
    """Return the year that the last digits of a year most likely mean: "66" is 1966.

    It is the latest one that has begun; where the field takes future dates, one of the next 20 years counts too.
    """
    latest = today.year + (0 if field.high == 0 else NEXT_YEARS)
    step = int("1" + "0" * len(digits))
    return latest - (latest - int(digits)) % step


def in_words(value: str) -> str:
    """Return a whole date in words, as the forms print it; "" for a partial one."""
    return calendar.date_in_words(value) if len(value) == len("2026-01-01") else ""
