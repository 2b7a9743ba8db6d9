"""Writer of a procedure file in the style of the catalogue: one key a line, a table for each field, page and paper."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

LIST_TABLES = frozenset(
    {
        *("time", "fee", "paper", "note", "situation", "field", "options", "step", "copy", "check"),
        *("line", "signature", "procedure", "event", "waiver", "local_options", "enclosed", "rate"),
    }
)
"""Tables that stand in double brackets: a file has several of them."""
SINGLE_TABLES = frozenset({"declaration", "person"})
LINE_LENGTH = 118
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def write_toml(table: Mapping[str, Any]) -> str:
    """Return the text of a TOML file with this table."""
    return "\n".join(_lines(table, ())).strip("\n") + "\n"


def _lines(table: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    """Yield the lines of a table: first its values, then the tables inside it."""
    inner: list[tuple[str, Any]] = []
    for name, value in table.items():
        if _is_table(name, value):
            inner.append((name, value))
        else:
            yield from _assignment(name, value)
    for name, value in inner:
        header = ".".join((*path, name))
        for item in value if isinstance(value, list) else [value]:
            yield ""
            yield f"[[{header}]]" if isinstance(value, list) else f"[{header}]"
            yield from _lines(item, (*path, name))


def _is_table(name: str, value: Any) -> bool:
    if isinstance(value, Mapping):
        return name in SINGLE_TABLES
    is_list = isinstance(value, list) and bool(value) and all(isinstance(item, Mapping) for item in value)
    return is_list and name in LIST_TABLES


def _assignment(name: str, value: Any) -> Iterator[str]:
    line = f"{_key(name)} = {write_value(value)}"
    if len(line) <= LINE_LENGTH or not isinstance(value, list):
        yield line
        return
    yield f"{_key(name)} = ["
    row = " "
    for item in map(write_value, value):
        if len(row) + len(item) > LINE_LENGTH and row.strip():
            yield row
            row = " "
        row += f" {item},"
    yield row
    yield "]"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else write_value(name)


def write_value(value: Any) -> str:
    """Return a value as a file writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(write_value, value))}]"
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{_key(name)} = {write_value(item)}" for name, item in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    return str(value)
