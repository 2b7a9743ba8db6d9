"""Due times of the desk and legal deadlines of the citizen.

A term of a procedure is a number of working days (from the catalogue or the ward's override). The result is due when
the counter closes on the last of them. Where the catalogue has no term, or the officer chooses another day, a day is
typed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from kiosk.base import clock
from kiosk.context import Context
from kiosk.procedures import conditions
from kiosk.procedures.model import Procedure, ProcessingTime
from kiosk.vietnam.calendar import weekday

DEFAULT_CLOSING = time(17, 0)
"""Closing time of a day on which the counter has no hours of its own."""


@dataclass(frozen=True)
class Term:
    """One term of a procedure, counted from a moment: its position in the file, text, working days and due time."""

    no: int
    text: str
    days: int
    due_at: datetime


def terms(context: Context, procedure: Procedure, answers: Mapping[str, Any], received: datetime) -> tuple[Term, ...]:
    """Return the terms of a procedure for complete answers, counted from `received`, in the order of the catalogue."""
    today = clock.local(received).date()
    return tuple(
        Term(no=no, text=option.text.vi, days=option.days, due_at=due_at(context, option, received))
        for no, option in enumerate(procedure.times)
        if conditions.holds(option.when, answers, today)
    )


def due_at(context: Context, processing_time: ProcessingTime, received: datetime) -> datetime:
    """Return when a result is due: for 0 days on the same day until 15:00, else after so many working days."""
    return closing_time(context, context.calendar.due(received, processing_time.days))


def closing_time(context: Context, day: date) -> datetime:
    """Return when the counter closes on a day."""
    hours = context.calendar.open_hours(day)
    return datetime.combine(day, hours[-1][1] if hours else DEFAULT_CLOSING, clock.WARD)


def declaration_deadline(procedure: Procedure, answers: Mapping[str, Any], today: date) -> date | None:
    """Return the last legal day to declare a birth or a death; None without such a day, or after it.

    The day follows from `older_than` of the procedure's situations: whether a date is more than so many days ago.
    """
    days_left = []
    for situation in procedure.situations:
        rule = situation.older_than
        if not rule:
            continue
        age = conditions.days_old(conditions.value_at(answers, rule["key"]), today)
        if age is not None and age <= rule["days"]:
            days_left.append(rule["days"] - age)
    return today + timedelta(days=min(days_left)) if days_left else None


def due_text(at: datetime) -> str:
    """Return a due time in words: thứ Sáu 27/11/2026, trước 17:00."""
    local = clock.local(at)
    return f"{weekday(local.date())} {local:%d/%m/%Y}, trước {local.hour}:{local:%M}"


def term_text(days: int) -> str:
    """Return a number of working days in the words of form 01."""
    return f"{days} ngày làm việc" if days else "trong ngày làm việc"
