"""Strict reader of TOML into frozen dataclasses: collects every error with the value that would be right.

It knows no setting. The values of a field are given by its type (`str`, `int`, `bool`, `Literal`, a tuple of these)
and its metadata: `least` and `most`, `options`, `pattern` and `like`, `toml` for another name in the file (empty: not
in the file). A section lists the names of earlier versions in
`RETIRED`: a file that still has one is read, and the name is noted.
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import Field, dataclass, fields, is_dataclass
from typing import Any, Literal, Self, TypeVar, get_args, get_origin, get_type_hints

from kiosk.base import toml_text

Record = TypeVar("Record")


@dataclass(frozen=True)
class SettingsError:
    """An error in kiosk.toml, in both languages, with its line (0: unknown)."""

    vi: str
    en: str
    line: int = 0

    @classmethod
    def of(cls, mistake: toml_text.TomlMistake) -> Self:
        """Return the error of a text that is not TOML in UTF-8."""
        return cls(mistake.vi, mistake.en, mistake.line)

    def in_language(self, language: Literal["vi", "en"]) -> str:
        """Return the error as one line."""
        text = self.vi if language == "vi" else self.en
        line = "dòng" if language == "vi" else "line"
        return f"  {line} {self.line}: {text}" if self.line else f"  {text}"


def read(kind: type[Record], text: str) -> tuple[Record, list[SettingsError], list[SettingsError]]:
    """Read TOML text into `kind`, a dataclass of sections; a wrong value keeps its default.

    Returns:
        The record, its errors, and notes on names that are no longer used.

    Raises:
        TomlMistake: it is not TOML.
    """
    reader = _Reader(text)
    return reader.read(kind, toml_text.parse(text)), reader.errors, reader.notes


def read_tables(kind: type[Record], tables: dict[str, Any]) -> tuple[Record, list[SettingsError]]:
    """Read tables that are not from a file into `kind`, with the same limits; return the record and its errors."""
    reader = _Reader("")
    return reader.read(kind, tables), reader.errors


class _Reader:
    def __init__(self, text: str) -> None:
        self.errors: list[SettingsError] = []
        self.notes: list[SettingsError] = []
        self._lines = _lines(text)

    def read(self, kind: type[Record], tables: dict[str, Any]) -> Record:
        known = {item.metadata.get("toml", item.name): item.name for item in fields(kind)}  # type: ignore[arg-type]
        known.pop("", None)
        hints = get_type_hints(kind)
        fields_read = {}
        for key, value in tables.items():
            if key not in known:
                self._unknown(key, known, (key, 0, ""))
            elif section := self._section(key, value, hints[known[key]]):
                fields_read[known[key]] = section
        return kind(**fields_read)

    def _section(self, key: str, value: Any, kind: Any) -> Any:
        if is_dataclass(kind) and isinstance(value, dict):
            return self._table((key, 0), value, kind)
        if not is_dataclass(kind) and isinstance(value, list) and all(isinstance(entry, dict) for entry in value):
            return tuple(self._table((key, count), entry, get_args(kind)[0]) for count, entry in enumerate(value))
        header = f"[{key}]" if is_dataclass(kind) else f"[[{key}]]"
        self._error((key, 0, ""), f"viết là {header}", f"is written {header}")
        return None

    def _table(self, place: tuple[str, int], values: dict[str, Any], kind: Any) -> Any:
        known: dict[str, Field[Any]] = {item.name: item for item in fields(kind)}
        hints = get_type_hints(kind)
        fields_read = {}
        for key, value in values.items():
            if key in getattr(kind, "RETIRED", ()):
                self.notes.append(
                    self._at((*place, key), "không còn dùng: xóa dòng này", "is no longer used: delete this line")
                )
            elif key not in known:
                self._unknown(key, known, (*place, key))
            elif wanted := _wanted(value, hints[key], known[key].metadata):
                vi, en = wanted
                self._error((*place, key), f"phải là {vi}; đang là {value!r}", f"must be {en}; it is {value!r}")
            else:
                fields_read[key] = tuple(value) if isinstance(value, list) else value
        return kind(**fields_read)

    def _unknown(self, name: str, known: Mapping[str, Any], place: tuple[str, int, str]) -> None:
        near = difflib.get_close_matches(name, known, n=1)
        vi = f"; có phải {near[0]}?" if near else ""
        en = f"; did you mean {near[0]}?" if near else ""
        self._error(place, f"là tên lạ{vi}", f"is unknown{en}")

    def _error(self, place: tuple[str, int, str], vi: str, en: str) -> None:
        self.errors.append(self._at(place, vi, en))

    def _at(self, place: tuple[str, int, str], vi: str, en: str) -> SettingsError:
        name = f"[{place[0]}] {place[2]}".strip()
        return SettingsError(f"{name} {vi}", f"{name} {en}", self._lines.get(place, 0))


def _wanted(value: Any, kind: Any, limits: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return in Vietnamese and English which value is right here; None when `value` is."""
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
        wanted = _wanted(None, inner, limits)
        is_right = isinstance(value, list) and all(_wanted(entry, inner, limits) is None for entry in value)
        return (
            None if is_right or wanted is None else (f"danh sách, mỗi mục là {wanted[0]}", f"a list, each {wanted[1]}")
        )
    options = tuple(get_args(kind) if get_origin(kind) is Literal else limits.get("options", ()))
    if options:
        words = ", ".join(f'"{word}"' for word in options)
        return None if value in options else (f"một trong {words}", f"one of {words}")
    if kind is bool:
        return None if isinstance(value, bool) else ("true hoặc false", "true or false")
    if kind is int:
        least = limits["least"]
        most = limits["most"]
        is_right = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
        return None if is_right else (f"số nguyên từ {least} đến {most}", f"a whole number from {least} to {most}")
    return _wanted_text(value, limits)


def _wanted_text(value: Any, limits: Mapping[str, Any]) -> tuple[str, str] | None:
    pattern = limits.get("pattern")
    like = limits.get("like")
    if pattern is None:
        return None if isinstance(value, str) else ("chữ trong ngoặc kép", "text in quotes")
    if isinstance(value, str) and re.fullmatch(pattern, value):
        return None
    return f'chữ có dạng "{like}"', f'text such as "{like}"'


def _lines(text: str) -> dict[tuple[str, int, str], int]:
    """Return the line of each key of each section; unusual notations are left out."""
    places: dict[tuple[str, int, str], int] = {}
    section = ""
    seen: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[\[?\s*([\w-]+)\s*\]", line):
            section = header[1]
            seen[section] = seen.get(section, -1) + 1
            places.setdefault((section, 0, ""), number)
        elif key := re.match(r"\s*([\w-]+)\s*=", line):
            place = (section, seen[section], key[1]) if section else (key[1], 0, "")
            places.setdefault(place, number)
    return places
