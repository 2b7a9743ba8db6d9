"""What a ward changes of a procedure without touching its file: fees, times, what it has checked.

The override file has one `[[procedure]]` a procedure, in the words of the procedure files themselves:

    [[procedure]]
    code = "1.004194"
    why = "Nghị quyết ... của Hội đồng nhân dân thành phố"
    checked_on = 2026-12-01
    [[procedure.fee]]
    id = "truc_tiep"
    amount = 10000

It is laid over the table of the file before that is read, so that the same mistakes are found and named. A fee or a
paper is changed by its id (a new id adds a fee); times and the declaration's confidence are replaced.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.procedures.file_errors import FileError, FileErrors, one_of, suggestion

MERGED = ("fee", "paper")
"""Changed entry by entry."""
REPLACED = ("time", "checked_on", "confidence", "minutes")
"""Replaced as they are."""
ALLOWED = ("code", "why", "declaration", *MERGED, *REPLACED)


@dataclass(frozen=True)
class Override:
    """What one ward says of one procedure."""

    code: str
    why: str
    table: Mapping[str, Any]

    def summary(self) -> str:
        """Return what is changed, for the technician: "phí truc_tiep; thời hạn (Nghị quyết ...)"."""
        names = [f"phí {one.get('id')}" for one in self.table.get("fee", [])]
        names += [f"giấy {one.get('id')}" for one in self.table.get("paper", [])]
        titles = {"time": "thời hạn", "declaration": "mẫu tờ khai", "checked_on": "ngày đối chiếu",
                  "confidence": "độ tin cậy", "minutes": "số phút"}  # fmt: skip
        names += [words for name, words in titles.items() if name in self.table]
        return f"{', '.join(names)} ({self.why})"


def read_overrides(path: Path) -> tuple[dict[str, Override], list[str]]:
    """Return the overrides of a file by procedure code, and what is wrong with the file, in words to read."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as cause:
        return {}, [f"{path.name}: không đọc được tệp: {cause}"]
    except tomllib.TOMLDecodeError as cause:
        return {}, [f"{path.name}: viết sai quy cách TOML: {cause}"]
    faults: FileErrors = [
        FileError(name, "tệp sửa đổi chỉ có các đoạn [[procedure]]") for name in table if name != "procedure"
    ]
    told = table.get("procedure", [])
    found: dict[str, Override] = {}
    for one in told if isinstance(told, list) else []:
        faults += _wrong(one)
        found[str(one.get("code"))] = Override(str(one.get("code")), str(one.get("why", "")), one)
    return found, [f"{path.name}: {fault}" for fault in faults]


def _wrong(table: Mapping[str, Any]) -> Iterator[FileError]:
    place = f"procedure[{table.get('code', '?')}]"
    for name in ("code", "why"):
        if not isinstance(table.get(name), str) or not table[name].strip():
            yield FileError(place, f"thiếu '{name}' (why: căn cứ của việc sửa)")
    for name in table:
        if name not in ALLOWED:
            yield FileError(f"{place}.{name}", f"ở đây chỉ sửa được {one_of(ALLOWED)}{suggestion(name, ALLOWED)}")
    for name in MERGED:
        for one in table.get(name, []):
            if not isinstance(one, Mapping) or "id" not in one:
                yield FileError(f"{place}.{name}", "mỗi đoạn phải có id")


def apply_override(table: Mapping[str, Any], override: Override) -> dict[str, Any]:
    """Return the table of a procedure file with what the ward says in place of what the file says."""
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
    merged = [dict(one) for one in entries]
    for change in changes:
        same = next((one for one in merged if _name(one) == _name(change)), None)
        if same is None or _name(change) is None:
            merged.append(dict(change))
        else:
            same |= change
    return merged


NOT_INHERITED = ("effective_to", "extends", "without")
"""What a later version does not take over from the one it continues."""


def extend(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> dict[str, Any]:
    """Return the table of a version that `extends` an earlier file: what it says replaces or adds, all else stays.

    Lists of tables are changed entry by entry (by id or key); `without = {check = ["id"]}` takes entries out.
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
    for name, ids in later.get("without", {}).items():
        changed[name] = [one for one in changed.get(name, []) if _name(one) not in ids]
    return changed


def _name(entry: Mapping[str, Any]) -> Any:
    return entry.get("id", entry.get("key"))
