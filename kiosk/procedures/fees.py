"""What a fee comes to: once, for each of a number, or by the pages and copies of a list of papers."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from kiosk.procedures.conditions import holds
from kiosk.procedures.model import Fee, Procedure


def in_force(procedure: Procedure, today: date) -> list[Fee]:
    """Return the fees whose dates hold on a day."""
    return [fee for fee in procedure.fees if (fee.from_ or today) <= today <= (fee.to or today)]


def due(procedure: Procedure, known: Mapping[str, Any], today: date) -> list[Fee]:
    """Return the fees that apply in a situation; one that is multiplied by nothing does not."""
    found = (fee for fee in in_force(procedure, today) if holds(fee.when, known, today))
    return [fee for fee in found if not fee.per or count(fee, known)]


def count(fee: Fee, known: Mapping[str, Any]) -> int:
    """Return how many times a fee is taken: copies, papers; 1 where nothing multiplies it."""
    if not fee.per:
        return 1
    held = known.get(fee.per)
    if fee.pages:
        return sum(int(row.get(fee.pages["copies"]) or 0) for row in held or ())
    return int(held or 0)


def total(fee: Fee, known: Mapping[str, Any]) -> int | None:
    """Return dong; None where the city's level is not known here.

    By pages: `amount` for each of the `first` pages, `then` for each page behind them, never more than `most` a copy
    (Circular 226/2016/TT-BTC), times the copies of each row.
    """
    if fee.amount is None:
        return None
    if not fee.pages:
        return fee.amount * count(fee, known)
    return sum(_copy(fee, row) * int(row.get(fee.pages["copies"]) or 0) for row in known.get(fee.per) or ())


def _copy(fee: Fee, row: Mapping[str, Any]) -> int:
    rule, pages = fee.pages or {}, int(row.get((fee.pages or {}).get("column", "")) or 0)
    first = min(pages, int(rule["first"]))
    return min(int(rule["most"]), (fee.amount or 0) * first + int(rule["then"]) * (pages - first))
