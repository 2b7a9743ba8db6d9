"""Procedure search against the barest things that could be done: asking each text if the query is in it.

All are measured in one run, query by query as a person types them, so that a slower machine slows all. The search
also ranks, hears misspellings and marks what matched. One bare scan folds the texts as it goes (no index), the other
has them folded before (no work at all but `in`).
"""

import statistics
from collections.abc import Callable
from datetime import date
from time import perf_counter

from kiosk.procedures import search
from kiosk.procedures.loader import read_catalogue
from kiosk.procedures.model import Procedure
from kiosk.vietnam import viet_text

DAY = date(2026, 11, 24)
TYPED = (
    "khai sinh",
    "đặt tên con",
    "dang ky tam tru",
    "tam chu",
    "giay khai sanh",
    "kt3",
    "trich luc khai sinh",
    "khai sihn",
    "toi muon xin lai giay khai sinh",
    "xyz",
)


def queries() -> list[str]:
    """Every beginning of what is typed, letter by letter."""
    return [text[:end] for text in TYPED for end in range(1, len(text) + 1)]


def texts_of(one: Procedure) -> tuple[str, ...]:
    """What a procedure is found by."""
    return (one.name, one.short.vi, one.plain.vi, *one.search)


def folding_scan(catalogue: list[Procedure]) -> Callable[[str], object]:
    """Make the bare search that folds every text as it goes."""

    def search(query: str) -> object:
        wanted = viet_text.fold(query)
        return [one for one in catalogue if any(wanted in viet_text.fold(text) for text in texts_of(one))]

    return search


def scan(catalogue: list[Procedure]) -> Callable[[str], object]:
    """Make the bare search over texts folded before; the query is folded once."""
    folded = [[viet_text.fold(text) for text in texts_of(one)] for one in catalogue]

    def search(query: str) -> object:
        wanted = viet_text.fold(query)
        return [place for place, texts in enumerate(folded) if any(wanted in text for text in texts)]

    return search


def timed(search: Callable[[str], object], query: str, turns: int = 15) -> float:
    """Measure one query in milliseconds: the median of some turns, since other programs interrupt."""
    spent = []
    for _ in range(turns):
        start = perf_counter()
        search(query)
        spent.append((perf_counter() - start) * 1000)
    return statistics.median(spent)


def p99(spent: list[float]) -> float:
    """Return the time that one query in a hundred takes longer than."""
    return statistics.quantiles(spent, n=100, method="inclusive")[98]


def run() -> list[tuple[str, float, str]]:
    """Return name, figure and unit of each measure."""
    catalogue = read_catalogue().all(DAY)
    found, folding, bare = (
        p99([timed(find, query) for query in queries()])
        for find in (lambda query: search.find(catalogue, query, "vi"), folding_scan(catalogue), scan(catalogue))
    )
    return [
        ("procedure search, p99 to a folding scan's p99", found / folding, "target <= 3"),
        ("procedure search, p99 to a bare scan's p99", found / bare, "times"),
        ("procedure search, p99", found, "ms"),
    ]


if __name__ == "__main__":
    for name, figure, unit in run():
        print(f"{name}: {figure:.2f} {unit}")
