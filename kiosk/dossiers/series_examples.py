"""Examples of what a queue series is for: short names of its procedures, in one line below the name of the series."""

import re
from datetime import date

from kiosk.config.list_sections import Series
from kiosk.dossiers import procedure_order
from kiosk.procedures.loader import Catalogue

MOST_LETTERS = 28
"""Length of a line on the button of a series, on the smallest glass."""
_FIRST_WORDS = re.compile("^Đăng ký (?!lại )")
"""First words of many short names; "Đăng ký lại" is another procedure."""


def series_examples(catalogue: Catalogue, series: Series, day: date, lang: str) -> str:
    """Return examples of the procedures of a series in force on a day: one of each life event first.

    The order is that of `events.toml`, so the line stays the same. Empty for a series without such procedures.
    """
    procedures = procedure_order.sort_as_listed(catalogue, catalogue.all(day))
    queued = [one for one in procedures if one.series == series.id and one.queue]
    first_codes = {one.event: one.code for one in reversed(queued)}.values()
    examples = ""
    for one in sorted(queued, key=lambda one: one.code not in first_codes):
        name = _name(one.short.of(lang), series.name_in(lang))
        longer = f"{examples}, {name[:1].lower()}{name[1:]}" if examples else name
        examples = longer if len(longer) <= MOST_LETTERS else examples
    return examples


def _name(short: str, series_name: str) -> str:
    """Return a short name without "Đăng ký", unless only the name of the series is left."""
    rest = _FIRST_WORDS.sub("", short)
    name = rest[:1].upper() + rest[1:]
    return short if name == series_name else name
