"""A session of the ward's classes, or the list of people to call back.

The stored id has day, hour and place ("2026-12-03T14:00 Hội trường phường"), so that screen and paper need no settings.
The sessions and their free seats are in `Office.seats`.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from kiosk.procedures.answer_errors import AnswerError
from kiosk.procedures.base import Words
from kiosk.procedures.kinds.choices import ChoiceKind
from kiosk.procedures.model import AnswerOption, Field
from kiosk.vietnam import calendar

CALL_BACK = "cho"
CALL_BACK_OPTION = AnswerOption(
    CALL_BACK, Words("Chưa biết ngày nào rảnh, phường gọi sau", "Not sure yet, please call me"), "Chờ gọi lại"
)
MOST = 4
"""Sessions on one page; the next two weeks have as many."""
NOON = 12
_SHAPE = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d):(\d\d) (.{1,80})")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class SessionKind(ChoiceKind):
    """A session, or the list of people to call back."""

    def validate(self, field: Field, value: Any, today: date) -> AnswerError | None:
        """Return an error for a value that is neither a session id nor the call-back list.

        The rule `seats_left` checks the seats.
        """
        is_session = isinstance(value, str) and _day(value) is not None
        return None if value == CALL_BACK or is_session else AnswerError("not_listed")

    def on_screen(self, field: Field, value: Any, lang: str) -> str:
        """Return "Thứ Năm, 3/12/2026, 14 giờ, Hội trường phường"."""
        if not value or value == CALL_BACK:
            return CALL_BACK_OPTION.label.of(lang) if value else ""
        return ", ".join(filter(None, _day_and_place(str(value), lang)))

    def on_paper(self, field: Field, value: Any) -> str:
        """Return the text of the screen; "Chờ gọi lại" for the call-back list."""
        return CALL_BACK_OPTION.value if value == CALL_BACK else self.on_screen(field, value, "vi")

    def sample(self, field: Field) -> Any:
        """Return a sample session."""
        return "2026-12-03T14:00 Hội trường phường"


def _day_and_place(session: str, lang: str) -> tuple[str, str]:
    """Return (weekday, date and hour; place)."""
    day = _day(session)
    match = _SHAPE.fullmatch(session)
    if day is None or match is None:
        return session, ""
    hour = int(match[2])
    minute = int(match[3])
    place = match[4]
    digits = f"{day.day}/{day.month}/{day.year}"
    if lang == "en":
        return f"{_WEEKDAYS[day.weekday()]}, {digits}, {hour}:{minute:02d}", place
    time = f"{hour} giờ {minute:02d}" if minute else f"{hour} giờ"
    return f"{_weekday(day)}, {digits}, {time}", place


def _weekday(day: date) -> str:
    name = calendar.weekday(day)
    return name[:1].upper() + name[1:]


def open_sessions(seats: Mapping[str, int], lang: str) -> list[tuple[str, str, str]]:
    """Return (id, day in words, place with free seats) of the sessions with seats; the call-back list is last."""
    template = "{place}, seats left: {n}" if lang == "en" else "{place}, còn {n} chỗ"
    sessions: list[tuple[str, str, str]] = []
    for session, free in sorted(seats.items()):
        day, place = _day_and_place(session, lang)
        if free > 0:
            sessions.append((session, day, template.format(place=place, n=free)))
    return [*sessions[:MOST], (CALL_BACK, CALL_BACK_OPTION.label.of(lang), "")]


def session_text(session: str) -> str:
    """Return "Thứ Năm, 3/12/2026, 14 giờ, Hội trường phường"."""
    return ", ".join(filter(None, _day_and_place(session, "vi")))


def begins_at(session: str) -> datetime | None:
    """Return day and hour of a session, in the ward's time without a zone; None for a text that is no session."""
    day = _day(session)
    match = _SHAPE.fullmatch(session)
    return datetime(day.year, day.month, day.day, int(match[2]), int(match[3])) if day and match else None  # noqa: DTZ001


def session_words(session: str, lang: str) -> str:
    """Return "Sáng thứ Bảy, 28/11": half of the day, weekday and date of a session."""
    begin = begins_at(session)
    if begin is None:
        return session
    is_morning = begin.hour < NOON
    if lang == "en":
        return f"{_WEEKDAYS[begin.weekday()]} {'morning' if is_morning else 'afternoon'}, {begin.day}/{begin.month}"
    half = "Sáng" if is_morning else "Chiều"
    return f"{half} {calendar.weekday(begin.date())}, {begin.day}/{begin.month}"


def _day(session: str) -> date | None:
    match = _SHAPE.fullmatch(session)
    try:
        return date.fromisoformat(match[1]) if match else None
    except ValueError:
        return None
