"""One session of the ward's classes, or the list of those who are called back.

The kept id says day, hour and place ("2026-12-03T14:00 Hội trường phường"), so that words and paper need no settings.
Which sessions there are, and how many seats are left, the office knows (`Office.seats`).
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from kiosk.procedures.answer_errors import AnswerError
from kiosk.procedures.kinds.base import ParsedAnswer, Posted
from kiosk.procedures.model import Field, Option, Words
from kiosk.vietnam import calendar

CALL_BACK = "cho"
CALL_ME = Option(
    CALL_BACK, Words("Chưa biết ngày nào rảnh, phường gọi sau", "Not sure yet, please call me"), "Chờ gọi lại"
)
MOST = 4
"""Sessions on one page; the next two weeks hold as many."""
_SHAPE = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d):(\d\d) (.{1,80})")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class SessionKind:
    """A session that has a seat, or none yet."""

    template = "choice"
    keyboard = ""

    def parse(self, field: Field, posted: Posted, before: Any, today: date) -> ParsedAnswer:  # noqa: ARG002
        """Return the chosen id; nothing chosen is None."""
        chosen = posted.get(field.key, "")
        if not chosen:
            return ParsedAnswer()
        error = self.validate(field, chosen, today)
        return ParsedAnswer(error=error) if error else ParsedAnswer(chosen)

    def validate(self, field: Field, value: Any, today: date) -> AnswerError | None:  # noqa: ARG002
        """A session by its id, or the list of those who wait; whether a seat is left, the rule `seats_left` says."""
        is_session = isinstance(value, str) and _day(value) is not None
        return None if value == CALL_BACK or is_session else AnswerError("not_listed")

    def on_screen(self, field: Field, value: Any, lang: str) -> str:  # noqa: ARG002
        """Return "Thứ Năm, 3/12/2026, 14 giờ, Hội trường phường"."""
        if not value or value == CALL_BACK:
            return CALL_ME.label.of(lang) if value else ""
        return in_words(str(value), lang)

    def on_paper(self, field: Field, value: Any) -> str:
        """Return the words of the screen; the list is called what it is."""
        return CALL_ME.value if value == CALL_BACK else self.on_screen(field, value, "vi")

    def sample(self, field: Field) -> Any:  # noqa: ARG002
        """Return a made-up session."""
        return "2026-12-03T14:00 Hội trường phường"


def in_words(session: str, lang: str) -> str:
    """Return a session in words: weekday, day, hour, place."""
    return ", ".join(filter(None, _parts(session, lang)))


def _parts(session: str, lang: str) -> tuple[str, str]:
    """Return (weekday, day and hour; place)."""
    day, found = _day(session), _SHAPE.fullmatch(session)
    if day is None or found is None:
        return session, ""
    hour, minute, place = int(found[2]), int(found[3]), found[4]
    date_in_figures = f"{day.day}/{day.month}/{day.year}"
    if lang == "en":
        return f"{_WEEKDAYS[day.weekday()]}, {date_in_figures}, {hour}:{minute:02d}", place
    time = f"{hour} giờ {minute:02d}" if minute else f"{hour} giờ"
    return f"{_weekday(day)}, {date_in_figures}, {time}", place


def _weekday(day: date) -> str:
    said = calendar.weekday(day)
    return said[:1].upper() + said[1:]


def open_sessions(seats: Mapping[str, int], lang: str) -> list[tuple[str, str, str]]:
    """Return (id, when, where with seats left) of the sessions that have seats; at the end who is called back."""
    left = "{place}, seats left: {n}" if lang == "en" else "{place}, còn {n} chỗ"
    found = []
    for one, n in sorted(seats.items()):
        when, place = _parts(one, lang)
        if n > 0:
            found.append((one, when, left.format(place=place, n=n)))
    return [*found[:MOST], (CALL_BACK, CALL_ME.label.of(lang), "")]


def _day(session: str) -> date | None:
    found = _SHAPE.fullmatch(session)
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None
