"""Amount of a fee: once, times a number, by rates of the answers, or by the pages and copies of a list of papers.

A fee of the city council keeps its line where the ward has entered no amount, or where the dates of the resolution are
over: it has no amount then, and an officer states it. It never becomes free by an empty value. Nor has a fee an amount
whose text nobody has read (`seen = "memory"`), until the ward writes what it has read into its file of changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from math import prod
from typing import Any

from kiosk.procedures.base import Words
from kiosk.procedures.conditions import holds, value_at
from kiosk.procedures.model import AnswerOption, CouncilResolution, Fee, FeeRate, Procedure, Waiver


@dataclass(frozen=True, kw_only=True)
class AppliedFee(Fee):
    """A fee with the amount for given answers, and the reason of the rate that gave it."""

    reason: Words | None = None


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


def is_unread(fee: Fee) -> bool:
    """Return whether nobody has read the text of a fee: then it has no amount."""
    return fee.seen == "memory" and fee.resolution is None


def _on_day(fee: Fee, today: date) -> Fee:
    if is_unread(fee):
        return replace(fee, amount=None, online=None, rates=())
    if fee.resolution is None or _holds_on(_since_its_day(fee.resolution), today):
        return fee
    return replace(fee, amount=None, online=None, rates=(), resolution=None, local_options=())


def _since_its_day(resolution: CouncilResolution) -> CouncilResolution:
    """Return a resolution with its own day as the first one, where it names none."""
    return resolution if resolution.from_ else replace(resolution, from_=resolution.date_)


def due(procedure: Procedure, known: Mapping[str, Any], today: date) -> list[AppliedFee]:
    """Return the fees that apply in a situation, each with the amount of its rate; a fee times 0 does not."""
    fees = (fee for fee in in_force(procedure, today) if holds(fee.when, known, today))
    return [applied(fee, known, today) for fee in fees if count(fee, known)]


def find(procedure: Procedure, fee_id: str, known: Mapping[str, Any], today: date) -> AppliedFee | None:
    """Return a fee by its id, in force or not, with the amount of its rate."""
    fee = next((fee for fee in procedure.fees if fee.id == fee_id), None)
    return applied(fee, known, today) if fee else None


def applied(fee: Fee, known: Mapping[str, Any], today: date) -> AppliedFee:
    """Return a fee with the amount of the first rate that holds."""
    return _with_rate(fee, next((rate for rate in fee.rates if holds(rate.when, known, today)), None))


def variants(fee: Fee) -> list[AppliedFee]:
    """Return a fee with each of its rates in turn, and with the amount of all other cases."""
    return [_with_rate(fee, rate) for rate in (*fee.rates, None)]


def _with_rate(fee: Fee, rate: FeeRate | None) -> AppliedFee:
    plain = {item.name: getattr(fee, item.name) for item in fields(Fee)} | {"rates": ()}
    if rate is None:
        return AppliedFee(**plain)
    return AppliedFee(**plain | {"amount": rate.amount, "online": rate.online}, reason=rate.label)


def count(fee: Fee, known: Mapping[str, Any]) -> int:
    """Return the factor of a fee (copies, papers, sessions, times days); 1 where the fee has none."""
    return prod(factors(fee, known))


def factors(fee: Fee, known: Mapping[str, Any]) -> list[int]:
    """Return the numbers that multiply a fee: of `per`, then of `days`."""
    numbers = [_number(fee, known.get(fee.per))] if fee.per else []
    return [*numbers, _days_between(*(value_at(known, key) for key in fee.days))] if fee.days else numbers


def _number(fee: Fee, answer: Any) -> int:
    if fee.pages:
        return sum(int(row.get(fee.pages["copies"]) or 0) for row in answer or ())
    return len(answer) if isinstance(answer, list) else int(answer or 0)


def _days_between(first: str | None, last: str | None) -> int:
    """Return the days from a date to another, both included; 0 while one is not known."""
    if not first or not last or len(first) != len(last) or len(first) != len("2026-01-01"):
        return 0
    return max(0, (date.fromisoformat(last) - date.fromisoformat(first)).days + 1)


def total(fee: Fee, known: Mapping[str, Any]) -> int | None:
    """Return the total in dong of a fee that is due; None where the officer states the amount.

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
