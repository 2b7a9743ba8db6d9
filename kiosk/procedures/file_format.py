"""Format number of a procedure file, and the steps that bring the table of an older file to the format of today.

`format = 3` at the head of a file is the format that it was written for. A file without a number is older than the
numbers: of format 1 or 2. Each step changes a table in memory from one format to the next; a released step is never
edited. The file on the disk stays as it is: `kiosk procedure check --out` writes it in the format of today.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from kiosk.base import release
from kiosk.procedures.documents import shipped_documents
from kiosk.procedures.file_errors import FileError, FileErrors
from kiosk.procedures.toml_dataclasses import label

FORMAT = 3
"""Format of today's files."""
KEY = "format"
NEEDS = "release"
"""Key of the release that a file needs, written beside its format."""

Table = dict[str, Any]
Place = str


def migrate(table: Table) -> FileErrors:
    """Bring the table of a file to the format of today and take its number out.

    Returns:
        A note for each change; one error for a number that this release does not know.
    """
    needed = table.pop(NEEDS, "")
    number = table.pop(KEY, None)
    if number is None:
        number = 1 if _is_of_format_1(table) else 2
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        return [FileError(KEY, f"phải là một số, từ 1 đến {FORMAT}: quy cách của tệp")]
    if number > FORMAT:
        return [FileError(KEY, _too_new(number, needed))]
    notes: FileErrors = []
    for step in STEPS[number - 1 :]:
        notes += step(table)
    return notes


def is_unknown(errors: Sequence[FileError]) -> bool:
    """Return whether a file has a format that this release does not know: nothing else of it can be judged."""
    return any(error.place == KEY and not error.is_note for error in errors)


def with_number(table: Mapping[str, Any]) -> Table:
    """Return a table of today's format with its number at its head."""
    return {KEY: FORMAT, NEEDS: release.current().version, **table}


def _too_new(number: int, needed: object) -> str:
    own = release.current().version
    wanted = f"bản cài {needed} trở lên" if isinstance(needed, str) and needed else f"bản cài mới hơn {own}"
    return f"tệp viết theo quy cách {number}; máy đang cài bản {own}, đọc đến quy cách {FORMAT}. Cần {wanted}"


def _tables(table: Any, place: Place = "", name: str = "") -> Iterator[tuple[str, Place, Table]]:
    """Yield (name, place, table) of every table of a file, the outer before the inner."""
    if isinstance(table, dict):
        yield name, place, table
        for key, value in list(table.items()):
            yield from _tables(value, f"{place}.{key}".lstrip("."), key)
    elif isinstance(table, list):
        for number, item in enumerate(table, 1):
            yield from _tables(item, f"{place}[{label(item, number)}]", name)


def _change(place: Place, message: str) -> FileError:
    return FileError(place, message, is_note=True)


# --- format 1 to 2: a fact names its documents by their ids, and says how they were read

_SEEN = {"seen": "secondary", "indirect": "secondary", "product": "product"}
"""Former word for how sure a fact was -> its word now; any other: from memory."""
_LAW_TEXTS = {"fee": "law", "note": "source", "check": "source", "declaration": "source", "time": "source"}
"""Table of a fact -> its former key with the names of its documents."""
_STATED = frozenset({"time", "fee", "paper", "note", "check", "declaration"})


def _is_of_format_1(table: Table) -> bool:
    return isinstance(table.get("law"), str) or any("confidence" in inner for _, _, inner in _tables(table))


def _name_documents(table: Table) -> Iterator[FileError]:
    text = table.get("law")
    if isinstance(text, str):
        table["law"], lost = _documents_in(text)
        yield _change("law", f"câu “{text}” nay là danh sách mã văn bản: {table['law']}{_unknown(lost)}")
    table.pop("source", None)
    table.pop("confidence", None)
    renamed = 0
    for name, place, inner in _tables(table):
        if not place:
            continue
        words = inner.pop(_LAW_TEXTS.get(name, ""), "")
        sure = inner.pop("confidence", None)
        if name in _STATED and "seen" not in inner:
            renamed += 1
            sources, lost = _documents_in(words)
            if lost:
                yield _change(place, f"căn cứ “{words}” nay là sources = {sources}{_unknown(lost)}")
            _set_origin(inner, str(sure or ""), sources)
    if renamed:
        yield _change("", f"{renamed} điều nay ghi seen thay cho confidence; xem lại từng điều đã đọc ở đâu")


def _set_origin(table: Table, sure: str, sources: list[str]) -> None:
    seen = _SEEN.get(sure, "memory")
    if sources and seen != "product":
        table["sources"] = sources
    table["seen"] = "memory" if seen == "secondary" and not sources else seen


def _documents_in(text: object) -> tuple[list[str], list[str]]:
    """Return (ids of the documents that a text names, the names that are in no register)."""
    ids: list[str] = []
    lost: list[str] = []
    pieces = str(text or "").replace(";", ",").split(",")
    for piece in (part.strip() for part in pieces):
        found = next((name for name, item in shipped_documents().items() if _names(piece, item.short)), "")
        if found:
            ids += [found] if found not in ids else []
        elif piece and not piece.casefold().startswith(("điều", "khoản", "điểm", "sửa bởi")):
            lost.append(piece)
    return ids, lost


def _names(piece: str, short: str) -> bool:
    return bool(piece) and short.casefold() in {piece.casefold(), piece.casefold().removeprefix("sửa bởi ")}


def _unknown(names: list[str]) -> str:
    return f"; kho văn bản không có {', '.join(names)}: ghi vào documents.toml rồi thêm mã" if names else ""


# --- format 2 to 3: words that never had an effect are gone

_RETIRED = {"field": ("printed",), "time": ("cutoff",), "": ("field_of_work", "field_of_work_en")}
"""Name of a table ("": the head) -> its retired keys."""


def _drop_retired(table: Table) -> Iterator[FileError]:
    for name, place, inner in _tables(table):
        for key in _RETIRED.get(name, ()):
            if key in inner:
                del inner[key]
                yield _change(f"{place}.{key}".lstrip("."), f"'{key}' không còn dùng; xóa dòng này")


STEPS: tuple[Callable[[Table], Iterator[FileError]], ...] = (_name_documents, _drop_retired)
"""The step from format n to n + 1 at place n - 1."""
