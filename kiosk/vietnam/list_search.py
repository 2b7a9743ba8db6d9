"""A short list searched by what people type: folded, ranked, in the order that the list has.

The rank is whole name, beginning of the name, beginning of a word; spaces do not count in the first two ("taoi").
"""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from kiosk.vietnam.viet_text import fold

Entry = TypeVar("Entry")


def find(query: str, entries: Iterable[tuple[Entry, Sequence[str]]], limit: int) -> tuple[Entry, ...]:
    """Find entries by any of their names; all of them, in their order, for an empty query."""
    wanted = fold(query)
    ranked = [(_rank(wanted, names), entry) for entry, names in entries]
    best = sorted((pair for pair in ranked if pair[0] < _NO), key=lambda pair: pair[0])
    return tuple(entry for _, entry in best[:limit])


_NO = 3


def _rank(wanted: str, names: Sequence[str]) -> int:
    return min(_rank_one(wanted, fold(name)) for name in names) if wanted else 0


def _rank_one(wanted: str, name: str) -> int:
    tight = wanted.replace(" ", "")
    close = name.replace(" ", "")
    if tight == close:
        return 0
    if close.startswith(tight):
        return 1
    return 2 if f" {wanted}" in f" {name}" else _NO
