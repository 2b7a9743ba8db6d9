"""Procedure search against two bare scans: is the query part of a text?

All are measured in one run, query by query as a person types, so that a slower machine slows all. The real search also
ranks, finds misspellings and marks the hits. One bare scan folds the texts during the search (no index), the other has
them folded before (only `in` is left).
"""

from collections.abc import Callable
from datetime import date

from bench._figures import Figures, p99, query_ms
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
    """Return every prefix of the typed texts, letter by letter."""
    return [text[:end] for text in TYPED for end in range(1, len(text) + 1)]


def texts_of(procedure: Procedure) -> tuple[str, ...]:
    """Return the texts that the search looks in."""
    return (procedure.name, procedure.short.vi, procedure.plain.vi, *procedure.search)


def folding_scan(catalogue: list[Procedure]) -> Callable[[str], object]:
    """Return a bare search that folds every text during the search."""

    def search(query: str) -> object:
        wanted = viet_text.fold(query)
        hits = []
        for procedure in catalogue:
            if any(wanted in viet_text.fold(text) for text in texts_of(procedure)):
                hits.append(procedure)
        return hits

    return search


def scan(catalogue: list[Procedure]) -> Callable[[str], object]:
    """Return a bare search over texts that were folded before; it folds the query once."""
    folded = [[viet_text.fold(text) for text in texts_of(procedure)] for procedure in catalogue]

    def search(query: str) -> object:
        wanted = viet_text.fold(query)
        return [place for place, texts in enumerate(folded) if any(wanted in text for text in texts)]

    return search


def p99_of(search: Callable[[str], object]) -> float:
    """Return the 99th percentile over all queries, in ms."""
    return p99([query_ms(search, query) for query in queries()])


def run() -> Figures:
    """Measure; return name, value, and unit or target of each figure."""
    catalogue = read_catalogue().all(DAY)
    ours = p99_of(lambda query: search.find(catalogue, query, "vi"))
    folding = p99_of(folding_scan(catalogue))
    bare = p99_of(scan(catalogue))
    return [
        ("procedure search, p99 to a folding scan's p99", ours / folding, "target <= 3"),
        ("procedure search, p99 to a bare scan's p99", ours / bare, "times"),
        ("procedure search, p99", ours, "ms"),
    ]


if __name__ == "__main__":
    for name, figure, unit in run():
        print(f"{name}: {figure:.2f} {unit}")
