"""What is wrong in a procedure file, said to the officer who writes it: the line, the place, what to do.

A mistake knows its place as the file has it (`step[nguoi_o].person.fills`); the line is looked up in the text.
The words are Vietnamese: who mends the file works at the ward.
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.-]+)\s*\]")
_ABOVE = re.compile(r"(\.[^.\[\]]+|\[[^\[\]]*\]|^.[^.\[\]]*|.)$")
"""The last name or number of a place, so that every cut shortens it."""
_KEY = re.compile(r"""\s*([\w-]+)\s*=\s*["']?([^"'\n]*)""")


@dataclass(frozen=True)
class FileError:
    """One thing to mend: `place` leads to it from the top of the file, `words` say what is wrong and what is right."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


FileErrors = list[FileError]


def suggestion(name: object, known: Iterable[object]) -> str:
    """Return "; có phải 'minutes'?" when a known name resembles this one, else nothing."""
    found = difflib.get_close_matches(str(name), [str(one) for one in known], n=1)
    return f"; có phải '{found[0]}'?" if found else ""


def one_of(known: Iterable[object]) -> str:
    """Return "một trong: a, b, c"."""
    return "một trong: " + ", ".join(str(one) for one in known)


@dataclass
class _Table:
    """A header of the file: its names, the line, and where each of its keys stands."""

    names: tuple[str, ...]
    line: int
    keys: dict[str, int]
    label: str = ""


def line_numbers(text: str) -> dict[str, int]:
    """Return the line of every place in a file (1 is the first), by the names that mistakes use."""
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    above: dict[tuple[str, ...], str] = {}
    for table in _tables(text):
        place = _place(table, above, counts)
        found.setdefault(place, table.line)
        for key, line in table.keys.items():
            found.setdefault(f"{place}.{key}".lstrip("."), line)
    return found


def _tables(text: str) -> list[_Table]:
    tables = [_Table((), 1, {})]
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            is_many = header[1] == "[["
            tables.append(_Table(tuple(header[2].split(".")), number, {}, "?" if is_many else ""))
        elif key := _KEY.match(line):
            tables[-1].keys.setdefault(key[1], number)
            if key[1] in {"key", "id"} and tables[-1].label == "?":
                tables[-1].label = key[2].strip()
    return tables


def _place(table: _Table, above: dict[tuple[str, ...], str], counts: dict[str, int]) -> str:
    """Name a table as mistakes do: `field[noi_dung].field[dia_chi]`; without key or id its number counts."""
    if not table.names:
        return ""
    *parents, name = table.names
    parent = above.get(tuple(parents), ".".join(parents))
    place = f"{parent}.{name}".lstrip(".")
    if table.label:
        counts[place] = counts.get(place, 0) + 1
        place = f"{place}[{counts[place] if table.label == '?' else table.label}]"
    above[table.names] = place
    return place


def line_of(place: str, where: dict[str, int]) -> int:
    """Return the line of a place, or of the nearest thing above it; 0 for the file as a whole."""
    # An English text that is missing belongs beside its Vietnamese one.
    place = place if place in where else place.removesuffix("_en")
    while place and place not in where:
        place = _ABOVE.sub("", place)
    return where.get(place, 0)


def messages(mistakes: Iterable[FileError], text: str) -> list[str]:
    """Return the mistakes as lines to read, in the order of the file."""
    where = line_numbers(text)
    placed = sorted(((line_of(one.place, where), str(one)) for one in mistakes), key=lambda pair: pair[0])
    return [f"dòng {line}: {words}" if line else words for line, words in placed]
