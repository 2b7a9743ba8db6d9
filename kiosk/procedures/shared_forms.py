"""Shared declarations: the lines, notes and signatures of one official form that several procedures print.

`form = "ct01"` in a `[declaration]` or an `[[enclosed]]` takes over `forms/ct01.toml`. The procedure's own
`[[declaration.line]]` continue the shared line with `own = true`, and every other word of the procedure replaces the
shared one.
"""

import tomllib
from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from kiosk.procedures.file_errors import FileError, FileErrors, suggestion

FOLDER = Path(__file__).parent / "forms"


@cache
def _forms() -> dict[str, dict[str, Any]]:
    """Return the shared declarations by name."""
    return {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.toml"))}


def insert_shared_forms(table: dict[str, Any], errors: FileErrors) -> None:
    """Complete the printed forms of a procedure's table with the shared forms that they name."""
    if isinstance(table.get("declaration"), dict):
        table["declaration"] = _with_shared(table["declaration"], "declaration", errors)
    enclosed = table.get("enclosed")
    if isinstance(enclosed, list):
        table["enclosed"] = [
            _with_shared(form, f"enclosed[{form.get('id')}]", errors) if isinstance(form, dict) else form
            for form in enclosed
        ]


def _with_shared(own: dict[str, Any], place: str, errors: FileErrors) -> dict[str, Any]:
    """Return a form with the words of the shared form that it names."""
    if "form" not in own:
        return own
    name = own["form"]
    words = {key: value for key, value in own.items() if key != "form"}
    if name not in _forms():
        errors.append(FileError(f"{place}.form", f"không có mẫu chung '{name}'{suggestion(name, _forms())}"))
        return words
    shared = deepcopy(_forms()[name])
    return shared | words | {"line": _with_own_lines(shared["line"], own.get("line", []))}


def _with_own_lines(shared: list[dict[str, Any]], own: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the shared lines with those of the procedure where they belong; the first continues the shared line."""
    lines: list[dict[str, Any]] = []
    for line in shared:
        if not line.pop("own", False):
            lines.append(line)
            continue
        first, *others = own or [{}]
        text = f"{line['text']} {first.get('text', '')}".strip()
        lines += [{**line, **first, "text": text}, *map(dict, others)]
    return lines
