"""By when the desk owes a result, and by when the law wants a citizen to come.

The terms of a procedure are counted in the ward's working days from a moment.

A term is a number of working days of the shelf (or of the ward's override); the result is due when the counter closes
on that day. Where the shelf names no term, or the officer knows better, a day is typed instead.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from kiosk import clock
from kiosk.context import Context
from kiosk.procedures import conditions
from kiosk.procedures.model import Procedure, ProcessingTime
from kiosk.vietnam.calendar import weekday

DEFAULT_CLOSING = time(17, 0)
"""When a day ends on which the counter has no hours of its own."""


@dataclass(frozen=True)
class Term:
    """One term of a procedure as it would run from now: its words, the working days, when it is due."""

    no: int
    words: str
    days: int
    due_at: datetime


def terms(context: Context, procedure: Procedure, received: datetime) -> tuple[Term, ...]:
    """Return the terms of a procedure for what is received at a moment, in the order of the shelf."""
    return tuple(
        Term(no, one.text.vi, one.days, due_at(context, one, received)) for no, one in enumerate(procedure.times)
    )


def due_at(context: Context, term: ProcessingTime, received: datetime) -> datetime:
    """Return when a result is due: on the same day until 15:00, otherwise after so many working days."""
    return closing_time(context, context.calendar.due(received, term.days))


def closing_time(context: Context, day: date) -> datetime:
    """Return when the counter closes on a day."""
    hours = context.calendar.open_hours(day)
    return datetime.combine(day, hours[-1][1] if hours else DEFAULT_CLOSING, clock.WARD)


def declaration_deadline(procedure: Procedure, answers: Mapping[str, Any], today: date) -> date | None:
    """Return the last day on which the law wants a birth or a death declared; None without such a day, or after it.

    The shelf knows it: the situation that asks whether a date lies more than so many days back.
    """
    rules = [one.older_than for one in procedure.situations if one.older_than]
    passed = [(rule["days"], conditions.days_old(conditions.value_at(answers, rule["key"]), today)) for rule in rules]
    left = [days - old for days, old in passed if old is not None and old <= days]
    return today + timedelta(days=min(left)) if left else None


def due_text(at: datetime) -> str:
    """Write a due time as an officer says it: thứ Sáu 27/11/2026, trước 17:00."""
    local = clock.local(at)
    return f"{weekday(local.date())} {local:%d/%m/%Y}, trước {local.hour}:{local:%M}"


def term_text(days: int) -> str:
    """Write a term as form 01 has it."""
    return f"{days} ngày làm việc" if days else "trong ngày làm việc"
