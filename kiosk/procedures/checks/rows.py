"""Rules about lists of rows: papers, people, corrections."""

from typing import Any

from kiosk.procedures import conditions
from kiosk.procedures.checks.base import COLUMN, DATES, NUMBER, ROWS, Arg, Args, CheckContext, Values, number_of, takes
from kiosk.vietnam import viet_text


@takes(ROWS, keys=(1, 1), least=NUMBER)
def at_least_rows(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether there are `least` rows or more."""
    return len(values[0] or ()) >= int(args["least"])


@takes(ROWS, keys=(1, 1), column=COLUMN, most=NUMBER)
def rows_at_most(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether no number in `column` is larger than `most`."""
    return all(value <= int(args["most"]) for value in _column(values, args["column"]))


@takes(ROWS, keys=(1, 1), column=COLUMN)
def rows_unique(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether no value occurs twice in `column`."""
    keys = [viet_text.fold(number_of(value)) for value in _column(values, args["column"])]
    return len(keys) == len(set(keys))


@takes(ROWS, keys=(1, 1), column=COLUMN, other=COLUMN)
def rows_differ(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether `column` and `other` differ in every row; a tone mark is a difference."""
    pairs = ((row.get(args["column"]), row.get(args["other"])) for row in values[0] or ())
    return all(first is None or first != second for first, second in pairs)


@takes(ROWS, keys=(1, 1), column=COLUMN, value=Arg("value", is_optional=True))
def rows_exactly_one(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether exactly one row has `value` in `column`, or there is no row."""
    wanted = args.get("value", True)
    return not values[0] or sum(value == wanted for value in _column(values, args["column"])) == 1


@takes(DATES | ROWS, years=NUMBER, column=Arg("column", is_optional=True))
def any_age_at_least(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether a birth date, or one in `column` of rows, is `years` ago or more; no date at all is no error."""
    given = [value for value in values if isinstance(value, str) and value]
    rows = [row[args["column"]] for rows in values if isinstance(rows, list) for row in rows if row.get(args["column"])]
    ages = [conditions.years_old(born, context.today) for born in (*given, *rows)]
    return not ages or max(age for age in ages if age is not None) >= int(args["years"])


def _column(values: Values, column: str) -> list[Any]:
    return [row[column] for row in values[0] or () if row.get(column) is not None]
