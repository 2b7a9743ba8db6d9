"""A TOML file of the catalogue: its text, its table, and the mistake that makes it unreadable."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kiosk.base import toml_text
from kiosk.procedures.file_errors import NO_LINE, FileError


@dataclass(frozen=True)
class TomlFile:
    """Content of a file; one with a mistake has no table, and as much of its text as could be decoded."""

    name: str
    text: str = ""
    table: dict[str, Any] = field(default_factory=dict)
    errors: tuple[FileError, ...] = ()


def read_toml(path: Path) -> TomlFile:
    """Return the content of a file; a file that cannot be opened has one error and no text."""
    try:
        text = toml_text.decode(path.read_bytes()).replace("\r\n", "\n")
        return TomlFile(path.name, text=text, table=toml_text.parse(text))
    except OSError as cause:
        reason = "không có tệp này" if isinstance(cause, FileNotFoundError) else str(cause)
        return TomlFile(path.name, errors=(FileError("", f"không đọc được tệp: {reason}", line=NO_LINE),))
    except toml_text.TomlMistake as mistake:
        return TomlFile(path.name, text=mistake.text, errors=(FileError("", mistake.vi, line=mistake.line),))
