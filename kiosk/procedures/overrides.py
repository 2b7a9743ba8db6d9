"""Overrides of a ward: changes to fees, times, papers and dates of checking, without a change of the procedure files.

The override file has one `[[procedure]]` for each changed procedure, in the words of the procedure files:

    [[procedure]]
    code = "1.004194"
    why = "Nghị quyết ... của Hội đồng nhân dân thành phố"
    checked_on = 2026-12-01
    [[procedure.fee]]
    id = "truc_tiep"
    amount = 10000
    resolution = { number = "39/2025/NQ-HĐND", date = 2025-12-08 }

An override is merged into the table of the file before the table is parsed, so that the same errors are found. A fee or
a paper is changed by its id (a new id adds a fee); times are replaced. The amount of a
fee that the file leaves to the city council needs the number and date of the resolution.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kiosk.procedures.file_errors import (
    FileError,
    FileErrors,
    line_numbers,
    line_of,
    messages,
    one_of,
    suggestion,
)
from kiosk.procedures.file_format import migrate
from kiosk.procedures.toml_file import read_toml

_CODE_LINE = re.compile(r'^\s*code\s*=\s*"([^"]+)"', re.MULTILINE)
MERGED = ("fee", "paper")
"""Tables merged entry by entry."""
REPLACED = ("time", "checked_on", "minutes")
"""Values and tables replaced as a whole."""
ALLOWED = ("code", "why", "declaration", *MERGED, *REPLACED)
RESOLUTION_MISSING = (
    "mức của Hội đồng nhân dân phải kèm số và ngày của nghị quyết: "
    'resolution = { number = "…/NQ-HĐND", date = 2026-01-31 }'
)
TITLES = {
    "time": "thời hạn",
    "declaration": "mẫu tờ khai",
    "checked_on": "ngày xem quy định",
    "minutes": "số phút",
}


@dataclass(frozen=True)
class Override:
    """The changes of one ward to one procedure."""

    code: str
    why: str
    table: Mapping[str, Any]

    def summary(self) -> str:
        """Return the changes in words, for the technician: "phí truc_tiep, thời hạn (Nghị quyết ...)"."""
        names = [f"phí {fee.get('id')}" for fee in self.table.get("fee", [])]
        names += [f"giấy {paper.get('id')}" for paper in self.table.get("paper", [])]
        names += [title for name, title in TITLES.items() if name in self.table]
        return f"{', '.join(names)} ({self.why})"


@dataclass(frozen=True)
class OverrideFile:
    """Content of the override file: valid overrides by code, error messages, and the codes that have an error."""

    name: str = ""
    text: str = ""
    overrides: Mapping[str, Override] = field(default_factory=dict)
    errors: tuple[str, ...] = ()
    broken: frozenset[str] = frozenset()

    def locate(self, code: str, errors: FileErrors) -> list[str]:
        """Return the messages of errors of a changed procedure, with their lines in this file."""
        return [self.error_at(code, str(error), error.place) for error in errors]

    def error_at(self, code: str, message: str, place: str = "") -> str:
        """Return one message about a changed procedure, with its line in this file."""
        entry = f"procedure[{list(self.overrides).index(code) + 1}]"
        line = line_of(f"{entry}.{place}", line_numbers(self.text))
        return f"{self.name}, dòng {line}, mã {code}: {message}"


def read_overrides(path: Path) -> OverrideFile:
    """Return the content of an override file; a file with syntax mistakes still names its codes."""
    file = read_toml(path)
    errors: FileErrors = list(file.errors)
    errors += [
        FileError(name, "tệp sửa đổi chỉ có các đoạn [[procedure]]") for name in file.table if name != "procedure"
    ]
    broken = set(_CODE_LINE.findall(file.text)) if errors else set()
    overrides: dict[str, Override] = {}
    for number, entry in enumerate(_entries(file.table, errors), 1):
        migrate(entry)
        code = str(entry.get("code"))
        found = [
            FileError(f"procedure[{number}].{error.place}".rstrip("."), error.message) for error in _errors_of(entry)
        ]
        if code in overrides:
            found.append(FileError(f"procedure[{number}]", f"mã {code} có hai đoạn [[procedure]]; gộp lại làm một"))
        errors += found
        if found:
            broken.add(code)
        overrides[code] = Override(code, str(entry.get("why", "")), entry)
    return OverrideFile(
        name=path.name,
        text=file.text,
        # A value of a line that had to be mended is a guess: it is used for no procedure.
        overrides={} if file.errors else overrides,
        errors=tuple(_with_name(path.name, message) for message in messages(errors, file.text)),
        broken=frozenset(broken),
    )


def _with_name(name: str, message: str) -> str:
    return f"{name}, {message}" if message.startswith("dòng ") else f"{name}: {message}"


def _entries(table: Mapping[str, Any], errors: FileErrors) -> list[dict[str, Any]]:
    entries = table.get("procedure", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        errors += [] if errors else [FileError("procedure", "phải là một danh sách: [[procedure]]")]
        return []
    return entries


def _errors_of(table: Mapping[str, Any]) -> Iterator[FileError]:
    for name in ("code", "why"):
        if not isinstance(table.get(name), str) or not table[name].strip():
            yield FileError("", f"thiếu '{name}' (why: căn cứ của việc sửa)")
    for name in table:
        if name not in ALLOWED:
            yield FileError(name, f"ở đây chỉ sửa được {one_of(ALLOWED)}{suggestion(name, ALLOWED)}")
    for name in MERGED:
        entries = table.get(name, [])
        if not isinstance(entries, list) or not all(isinstance(entry, Mapping) and "id" in entry for entry in entries):
            yield FileError(name, f"mỗi đoạn [[procedure.{name}]] phải có id")
    if not isinstance(table.get("declaration", {}), Mapping):
        yield FileError("declaration", "phải là một đoạn [procedure.declaration]")


def apply_override(table: Mapping[str, Any], override: Override) -> dict[str, Any]:
    """Return the table of a procedure file with the ward's values in place of its own."""
    changed = deepcopy(dict(table))
    for name in MERGED:
        changed[name] = _merged(changed.get(name, []), override.table.get(name, []))
    for name in REPLACED:
        if name in override.table:
            changed[name] = override.table[name]
    if "declaration" in override.table and isinstance(changed.get("declaration"), dict):
        changed["declaration"] |= override.table["declaration"]
    return changed


def _merged(entries: Iterable[Any], changes: Iterable[Mapping[str, Any]]) -> list[Any]:
    merged = [dict(entry) for entry in entries]
    for change in changes:
        same = next((entry for entry in merged if _name(entry) == _name(change)), None)
        if same is None or _name(change) is None:
            merged.append(dict(change))
        else:
            same |= change
    return merged


def unsourced_amounts(table: Mapping[str, Any], override: Override) -> Iterator[FileError]:
    """Yield an error for each amount of the city council that an override gives without its resolution."""
    local = {fee.get("id") for fee in table.get("fee", []) if "amount" not in fee}
    for fee in override.table.get("fee", []):
        given = [name for name in ("amount", "online", "rate", "local_options") if name in fee]
        if fee.get("id") in local and given and "resolution" not in fee:
            yield FileError(f"fee[{fee['id']}].{given[0]}", RESOLUTION_MISSING)


NOT_INHERITED = ("effective_to", "extends", "without")
"""Words that a later version does not inherit from the file that it extends."""


def extend(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> dict[str, Any]:
    """Return the table of a version that `extends` an earlier file: its values replace or add, the rest is inherited.

    Lists of tables are merged entry by entry (by id or key); `without = {check = ["id"]}` removes entries.
    """
    changed = deepcopy({name: value for name, value in earlier.items() if name not in NOT_INHERITED})
    for name, value in later.items():
        if name in NOT_INHERITED and name != "effective_to":
            continue
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            changed[name] = _merged(changed.get(name, []), value)
        elif isinstance(value, Mapping) and isinstance(changed.get(name), dict):
            changed[name] |= value
        else:
            changed[name] = value
    without = later.get("without", {})
    for name, ids in without.items() if isinstance(without, Mapping) else ():
        changed[name] = [entry for entry in changed.get(name, []) if _name(entry) not in ids]
    return changed


def _name(entry: Mapping[str, Any]) -> Any:
    return entry.get("id", entry.get("key"))
