"""Search of a short list: folded and ranked; entries of one rank keep the order of the list.

Ranks: whole name, beginning of the name, beginning of a word. The first two ignore spaces ("taoi").
"""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from kiosk.vietnam.viet_text import fold

ListEntry = TypeVar("ListEntry")


def find(query: str, entries: Iterable[tuple[ListEntry, Sequence[str]]], limit: int) -> tuple[ListEntry, ...]:
    """Return the entries with a matching name, best rank first; all entries for an empty query."""
    wanted = fold(query)
    ranked = [(_rank(wanted, names), entry) for entry, names in entries]
    best = sorted((pair for pair in ranked if pair[0] < _NO_MATCH), key=lambda pair: pair[0])
    return tuple(entry for _, entry in best[:limit])


_NO_MATCH = 3


def _rank(wanted: str, names: Sequence[str]) -> int:
    return min(_rank_one(wanted, fold(name)) for name in names) if wanted else 0


def _rank_one(wanted: str, name: str) -> int:
    tight = wanted.replace(" ", "")
    close = name.replace(" ", "")
    if tight == close:
        return 0
    if close.startswith(tight):
        return 1
    return 2 if f" {wanted}" in f" {name}" else _NO_MATCH
