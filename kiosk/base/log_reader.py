"""Reader of the log: its newest entries, for a technician's page and the diagnostics bundle.

Only what the log's own formatter writes is read: another line in the file, or another fact, is left out.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from kiosk.base import clock
from kiosk.base.log import COPIES, FACTS, is_code


@dataclass(frozen=True)
class LoggedEvent:
    """An entry of the log: its time, level, logger and event, its facts, and the class of an error."""

    at: datetime
    level: str
    source: str
    event: str
    facts: dict[str, Any] = field(default_factory=dict)
    error: str = ""


def newest_entries(path: Path, limit: int, is_wanted: Callable[[LoggedEvent], bool]) -> list[LoggedEvent]:
    """Return the newest wanted entries, newest first; of a file that cannot be read none."""
    found: list[LoggedEvent] = []
    for entry in _entries(path):
        if is_wanted(entry):
            found.append(entry)
        if len(found) >= limit:
            break
    return found


def log_files(path: Path) -> list[Path]:
    """Return the files of the log that there are, newest first."""
    paths = [path, *(path.with_name(f"{path.name}.{number}") for number in range(1, COPIES + 1))]
    return [each for each in paths if each.is_file()]


def _entries(path: Path) -> Iterator[LoggedEvent]:
    for file in log_files(path):
        with suppress(OSError):
            for line in reversed(file.read_text("utf-8", errors="replace").splitlines()):
                entry = _parse(line)
                if entry is not None:
                    yield entry


def _parse(line: str) -> LoggedEvent | None:
    with suppress(ValueError, KeyError, TypeError, AttributeError):
        record = json.loads(line)
        error = record.get("error", {})
        return LoggedEvent(
            at=clock.parse_timestamp(record["at"]),
            level=str(record["level"]),
            source=str(record["from"]),
            event=str(record["event"]),
            facts={name: value for name, value in record.items() if name in FACTS and is_code(value)},
            error=" ".join(str(part) for part in (error.get("class"), error.get("code")) if part),
        )
    return None
