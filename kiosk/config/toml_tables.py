"""Text of a TOML file as tables that can be changed one at a time: comments, order and line ends stay.

tomlkit changes the keys inside one table. It is not given the whole file: it loses the comments before a table that
follows a deleted one, and the order of tables of one name that are apart.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from typing import Any, cast

import tomlkit
from tomlkit.items import Item, Table

_HEADER = re.compile(r"\s*\[(\[?)\s*([\w-]+)\s*\]\]?\s*(#.*)?")
_BLANK_OR_COMMENT = re.compile(r"\s*(#.*)?")


class TableText:
    """One `[name]` or `[[name]]` with its lines, and the blank and comment lines up to the next header."""

    def __init__(self, lines: Sequence[str]) -> None:
        """Divide the lines, each with its line end; the first one may be a header."""
        header = _HEADER.fullmatch(lines[0].rstrip("\r\n")) if lines else None
        self.name = header[2] if header else ""
        self.is_repeated = bool(header and header[1])
        end = len(lines)
        while end > (1 if header else 0) and _BLANK_OR_COMMENT.fullmatch(lines[end - 1].rstrip("\r\n")):
            end -= 1
        self.body = "".join(lines[:end])
        self.trailing = "".join(lines[end:])

    @property
    def text(self) -> str:
        """The whole text."""
        return self.body + self.trailing

    @property
    def values(self) -> dict[str, Any]:
        """The keys and values of the table."""
        tables = tomllib.loads(self.body)
        if not self.name:
            return tables
        return cast("dict[str, Any]", tables[self.name][0] if self.is_repeated else tables[self.name])

    def change(self, key: str, value: Any) -> None:
        """Set a key, or remove it with `None`; the comment beside a key stays, in its column where it fits."""
        document = tomlkit.parse(self.body)
        found = document[self.name]
        table = cast("Table", found[0] if self.is_repeated else found)
        if value is None:
            table.pop(key, None)
        elif key in table:
            table[key] = _beside_comment(cast("Item", table.item(key)), tomlkit.item(value))
        else:
            table.add(key, tomlkit.item(value))
        self.body = tomlkit.dumps(document)


def _beside_comment(old: Item, new: Item) -> Item:
    """Return a new value with the comment of the old one."""
    growth = len(new.as_string()) - len(old.as_string())
    new.trivia.comment = old.trivia.comment
    new.trivia.trail = old.trivia.trail
    spaces = old.trivia.comment_ws
    new.trivia.comment_ws = spaces + " " * -growth if growth <= 0 else spaces[: max(1, len(spaces) - growth)]
    if not old.trivia.comment:
        new.trivia.comment_ws = ""
    return new


class TomlText:
    """The text of a TOML file, divided at its headers."""

    def __init__(self, text: str) -> None:
        """Divide the text.

        Raises:
            tomllib.TOMLDecodeError: it is not TOML.
        """
        tomllib.loads(text)
        self._newline = "\r\n" if "\r\n" in text else "\n"
        self._tables = list(_divide(text.splitlines(keepends=True)))

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(table.text for table in self._tables)

    def tables(self, name: str) -> list[TableText]:
        """Return the tables of a name."""
        return [table for table in self._tables if table.name == name]

    def add(self, name: str, values: dict[str, Any], *, is_repeated: bool) -> TableText:
        """Add a table after the last one of its name, else below its commented example, else at the end."""
        header = f"[[{name}]]" if is_repeated else f"[{name}]"
        lines = [header, *(f"{key} = {tomlkit.item(value).as_string()}" for key, value in values.items())]
        table = TableText([line + self._newline for line in lines])
        before, split = self._place(name, header)
        above = before.trailing[:split]
        below = before.trailing[split:]
        if before.body:
            before.body = self._ended(before.body)
        before.trailing = self._with_blank_line(above) if before.body or above else ""
        table.trailing = below if not below or below.startswith(self._newline) else self._newline + below
        self._tables.insert(self._tables.index(before) + 1, table)
        return table

    def _place(self, name: str, header: str) -> tuple[TableText, int]:
        """Return after which table a new one is added, and how much of the text between comes before it."""
        if same := self.tables(name):
            return same[-1], 0
        for table in self._tables:
            if end := _end_of_example(table.trailing, header):
                return table, end
        return self._tables[-1], len(self._tables[-1].trailing)

    def _ended(self, text: str) -> str:
        return text if text.endswith(self._newline) else text + self._newline

    def _with_blank_line(self, text: str) -> str:
        if not text:
            return self._newline
        text = self._ended(text)
        return text if text.endswith(self._newline * 2) or text == self._newline else text + self._newline

    def swap(self, first: TableText, second: TableText) -> None:
        """Let two tables of one name change places, each with the comment lines right above it."""
        before_first = self._tables[self._tables.index(first) - 1]
        before_second = self._tables[self._tables.index(second) - 1]
        rest_first, comment_first = _comment_of_next(before_first.trailing)
        rest_second, comment_second = _comment_of_next(before_second.trailing)
        before_first.trailing = rest_first + comment_second
        before_second.trailing = rest_second + comment_first
        first.body, second.body = second.body, first.body

    def remove(self, table: TableText) -> None:
        """Remove a table; the comments after it belong to the next one and stay."""
        place = self._tables.index(table)
        before = self._tables[place - 1]
        newline = self._newline
        kept = table.trailing
        if before.trailing.endswith(newline) and kept.startswith(newline):
            kept = kept.removeprefix(newline)
        before.trailing += kept
        del self._tables[place]


def _divide(lines: list[str]) -> Iterator[TableText]:
    """Yield the tables; a line that only looks like a header (in an array or a text) belongs to the table before."""
    piece: list[str] = []
    for line in lines:
        if _HEADER.fullmatch(line.rstrip("\r\n")) and _is_whole("".join(piece)):
            yield TableText(piece)
            piece = []
        piece.append(line)
    yield TableText(piece)


def _is_whole(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _comment_of_next(trailing: str) -> tuple[str, str]:
    """Divide the lines after a table: those before the last blank line, and the comment right above the next table."""
    lines = trailing.splitlines(keepends=True)
    start = len(lines)
    while start and lines[start - 1].strip():
        start -= 1
    return "".join(lines[:start]), "".join(lines[start:])


def _end_of_example(comments: str, header: str) -> int:
    """Return where the commented example of a table ends; 0 when there is none."""
    lines = comments.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if line.strip().lstrip("# ") == header:
            end = number
            while end < len(lines) and lines[end].strip():
                end += 1
            return len("".join(lines[:end]))
    return 0
