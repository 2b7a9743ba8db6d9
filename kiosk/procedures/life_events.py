"""Life events: how somebody who does not know the name of a procedure finds it.

The shipped events are in `events.toml`. A ward may have a file of that name in its own folder: an entry with a known id
rewords that event, with any of its keys; another id is a new event, the last of the tiles.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kiosk.procedures.base import Words
from kiosk.procedures.file_errors import FileError, FileErrors, messages
from kiosk.procedures.toml_dataclasses import parse_table
from kiosk.procedures.toml_file import read_toml

FILE_NAME = "events.toml"
SHIPPED = Path(__file__).parent / FILE_NAME


@dataclass(frozen=True)
class LifeEvent:
    """An event of somebody's life; `line` describes its procedures."""

    id: str
    name: Words
    line: Words
    words: tuple[str, ...] = ()
    """Other phrases for the event, for the search."""
    procedures: tuple[str, ...] = ()
    """Codes of its procedures, the most frequent first; the order of those that were done equally often."""


@cache
def _shipped_entries() -> tuple[dict[str, Any], ...]:
    return tuple(tomllib.loads(SHIPPED.read_text("utf-8"))["event"])


@cache
def shipped_events() -> tuple[LifeEvent, ...]:
    """Return the shipped events, in the order of the tiles."""
    errors: FileErrors = []
    events = _parse(_shipped_entries(), errors)
    if errors:
        raise ValueError("\n".join([FILE_NAME, *map(str, errors)]))
    return events


def events_of(folders: Iterable[Path]) -> tuple[tuple[LifeEvent, ...], list[str]]:
    """Return (the shipped events with those of some folders, error messages); a file with errors changes nothing."""
    events = shipped_events()
    told: list[str] = []
    for path in (folder / FILE_NAME for folder in folders):
        if not path.is_file():
            continue
        file = read_toml(path)
        errors: FileErrors = list(file.errors)
        errors += [FileError(name, "tệp này chỉ có các đoạn [[event]]") for name in file.table if name != "event"]
        changed = _parse(_merged(file.table.get("event"), errors), errors)
        told += [f"{FILE_NAME}, {message}" for message in messages(errors, file.text)]
        events = events if errors else changed
    return events, told


def _parse(entries: Iterable[dict[str, Any]], errors: FileErrors) -> tuple[LifeEvent, ...]:
    return tuple(
        parse_table(dataclass_type=LifeEvent, table=entry, place=f"event[{entry.get('id')}]", errors=errors)
        for entry in entries
    )


def _merged(own: Any, errors: FileErrors) -> list[dict[str, Any]]:
    """Return the entries of the shipped file with those of a ward."""
    entries = {str(entry["id"]): dict(entry) for entry in _shipped_entries()}
    if own is None:
        return list(entries.values())
    if not isinstance(own, list) or not all(isinstance(entry, dict) for entry in own):
        errors.append(FileError("event", "phải là các đoạn [[event]]"))
        return list(entries.values())
    for number, entry in enumerate(own, 1):
        if not isinstance(entry.get("id"), str):
            errors.append(FileError(f"event[{number}]", "thiếu 'id'"))
            continue
        entries[entry["id"]] = entries.get(entry["id"], {}) | entry
    return list(entries.values())
