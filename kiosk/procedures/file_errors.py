"""Errors in a procedure file, for the officer who writes it: line, place, and the right form.

An error knows its place in the words of the file (`step[nguoi_o].person.fills`); the line is looked up in the text.
Messages are Vietnamese: the officer who corrects the file works at the ward.
"""

import difflib
import re
from collections.abc import Container, Iterable
from dataclasses import dataclass

_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.-]+)\s*\]")
_LAST_PART = re.compile(r"(\.[^.\[\]]+|\[[^\[\]]*\]|^.[^.\[\]]*|.)$")
"""The last name or number of a place; each removal makes the place shorter."""
_KEY = re.compile(r"""\s*([\w-]+)\s*=\s*["']?([^"'\n]*)""")


NO_LINE = -1


@dataclass(frozen=True)
class FileError:
    """One error: `place` is the path to it in the file, `message` says what is wrong and what is right."""

    place: str
    message: str
    is_note: bool = False
    """The file loads all the same; only `kiosk procedure check` prints it."""
    line: int = 0
    """Line of a syntax mistake, which has no place; 0: the line of the place; `NO_LINE`: of the file as a whole."""

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


FileErrors = list[FileError]


def suggestion(name: object, known: Iterable[object]) -> str:
    """Return "; có phải 'minutes'?" where a known name is similar to this one, else an empty string."""
    matches = difflib.get_close_matches(str(name), [str(item) for item in known], n=1)
    return f"; có phải '{matches[0]}'?" if matches else ""


def one_of(known: Iterable[object]) -> str:
    """Return "một trong: a, b, c"."""
    return "một trong: " + ", ".join(str(item) for item in known)


@dataclass
class _Table:
    """A table of the file: its path, the line of its header, the lines of its keys."""

    names: tuple[str, ...]
    line: int
    keys: dict[str, int]
    label: str = ""


def line_numbers(text: str) -> dict[str, int]:
    """Return the line (from 1) of each place in a file, under the names that errors use."""
    numbers: dict[str, int] = {}
    counts: dict[str, int] = {}
    parents: dict[tuple[str, ...], str] = {}
    for table in _tables(text):
        place = _place(table, parents, counts)
        numbers.setdefault(place, table.line)
        for key, line in table.keys.items():
            numbers.setdefault(f"{place}.{key}".lstrip("."), line)
    return numbers


def _tables(text: str) -> list[_Table]:
    tables = [_Table(names=(), line=1, keys={})]
    for number, line in enumerate(text.split("\n"), 1):
        if header := _HEADER.match(line):
            is_list = header[1] == "[["
            names = tuple(header[2].split("."))
            tables.append(_Table(names=names, line=number, keys={}, label="?" if is_list else ""))
        elif key := _KEY.match(line):
            tables[-1].keys.setdefault(key[1], number)
            if key[1] in {"key", "id"} and tables[-1].label == "?":
                tables[-1].label = key[2].strip()
    return tables


def _place(table: _Table, parents: dict[tuple[str, ...], str], counts: dict[str, int]) -> str:
    """Return the name of a table in errors: `field[noi_dung].field[dia_chi]`; its number replaces a missing id."""
    if not table.names:
        return ""
    *above, name = table.names
    parent = parents.get(tuple(above), ".".join(above))
    place = f"{parent}.{name}".lstrip(".")
    if table.label:
        counts[place] = counts.get(place, 0) + 1
        place = f"{place}[{counts[place] if table.label == '?' else table.label}]"
    parents[table.names] = place
    return place


def nearest(place: str, known: Container[str]) -> str:
    """Return the place itself or the nearest table above it that is known; "" for none."""
    # An English text that is missing belongs beside its Vietnamese one.
    place = place if place in known else place.removesuffix("_en")
    place = place if place in known or f"{place}[1]" not in known else f"{place}[1]"
    while place and place not in known:
        place = _LAST_PART.sub("", place)
    return place


def line_of(place: str, numbers: dict[str, int]) -> int:
    """Return the line of a place, or of the nearest table above it; 0 for the file as a whole."""
    return numbers.get(nearest(place, numbers), 0)


def messages(errors: Iterable[FileError], text: str) -> list[str]:
    """Return one message for each error, with its line, in the order of the file."""
    numbers = line_numbers(text)
    located = sorted(
        ((error.line or line_of(error.place, numbers), str(error)) for error in errors), key=lambda pair: pair[0]
    )
    return [f"dòng {line}: {message}" if line > 0 else message for line, message in located]
