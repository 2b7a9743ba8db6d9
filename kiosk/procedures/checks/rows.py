"""Rules about rows: a list of papers, of people, of corrections."""

# ruff: noqa: ARG001 - all rules have one signature

from typing import Any

from kiosk.procedures.checks.base import Args, CheckContext, Values, number_of
from kiosk.vietnam import viet_text


def at_least_rows(values: Values, args: Args, scene: CheckContext) -> bool:
    """There are `least` rows or more."""
    return len(values[0] or ()) >= int(args["least"])


def rows_at_most(values: Values, args: Args, scene: CheckContext) -> bool:
    """No number in a `column` is larger than `most`."""
    return all(value <= int(args["most"]) for value in _column(values, args["column"]))


def rows_unique(values: Values, args: Args, scene: CheckContext) -> bool:
    """Nothing stands twice in a `column`."""
    found = [viet_text.fold(number_of(value)) for value in _column(values, args["column"])]
    return len(found) == len(set(found))


def rows_differ(values: Values, args: Args, scene: CheckContext) -> bool:
    """In no row the `column` says the same as the `other`; a tone mark makes a difference."""
    pairs = ((row.get(args["column"]), row.get(args["other"])) for row in values[0] or ())
    return all(first is None or first != second for first, second in pairs)


def rows_exactly_one(values: Values, args: Args, scene: CheckContext) -> bool:
    """Of the rows exactly one has `value` in its `column`; no rows at all are well."""
    wanted = args.get("value", True)
    return not values[0] or sum(value == wanted for value in _column(values, args["column"])) == 1


def _column(values: Values, column: str) -> list[Any]:
    return [row[column] for row in values[0] or () if row.get(column) is not None]
