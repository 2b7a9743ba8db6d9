"""Amount of a fee: once, times a number, or by the pages and copies of a list of papers.

A fee of the city council keeps its line where the ward has entered no amount, or where the dates of the resolution are
over: it has no amount then, and an officer states it. It never becomes free by an empty value.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from kiosk.procedures.conditions import holds
from kiosk.procedures.model import AnswerOption, CouncilResolution, Fee, Procedure, Waiver


def in_force(procedure: Procedure, today: date) -> list[Fee]:
    """Return the fees in force on a day, each with the amount of that day."""
    return [_on_day(fee, today) for fee in procedure.fees if _holds_on(fee, today)]


def waivers(fee: Fee, today: date) -> list[Waiver]:
    """Return the waivers of other channels that are given on a day."""
    return [waiver for waiver in fee.waivers if _holds_on(waiver, today)]


def exemptions(fee: Fee) -> tuple[AnswerOption, ...]:
    """Return the exemptions of the law and of the city's resolution."""
    return fee.options + fee.local_options


def _holds_on(dated: Fee | Waiver | CouncilResolution, today: date) -> bool:
    """Return whether a day is between the first and the last day, both included."""
    return (dated.from_ or today) <= today <= (dated.to or today)


def _on_day(fee: Fee, today: date) -> Fee:
    if fee.resolution is None or _holds_on(fee.resolution, today):
        return fee
    return replace(fee, amount=None, online=None, resolution=None, local_options=())


def due(procedure: Procedure, known: Mapping[str, Any], today: date) -> list[Fee]:
    """Return the fees that apply in a situation; a fee times 0 does not."""
    fees = (fee for fee in in_force(procedure, today) if holds(fee.when, known, today))
    return [fee for fee in fees if not fee.per or count(fee, known)]


def count(fee: Fee, known: Mapping[str, Any]) -> int:
    """Return the factor of a fee (number of copies or papers); 1 where the fee has none."""
    if not fee.per:
        return 1
    answer = known.get(fee.per)
    if fee.pages:
        return sum(int(row.get(fee.pages["copies"]) or 0) for row in answer or ())
    return int(answer or 0)


def total(fee: Fee, known: Mapping[str, Any]) -> int | None:
    """Return the total in dong; None where the officer states the amount.

    By pages: `amount` for each of the `first` pages, `then` for each further page, at most `most` a copy, times the
    copies of each row.

    Source: TT 226/2016/TT-BTC.
    """
    if fee.amount is None:
        return None
    if not fee.pages:
        return fee.amount * count(fee, known)
    rows = known.get(fee.per) or ()
    return sum(_amount_of_copy(fee.amount, fee.pages, row) * int(row.get(fee.pages["copies"]) or 0) for row in rows)


def _amount_of_copy(amount: int, rule: Mapping[str, Any], row: Mapping[str, Any]) -> int:
    pages = int(row.get(rule["column"]) or 0)
    first = min(pages, int(rule["first"]))
    return min(int(rule["most"]), amount * first + int(rule["then"]) * (pages - first))
