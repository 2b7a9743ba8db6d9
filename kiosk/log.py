"""The log: one JSON line an event, rotated by size, made of codes and numbers only.

    logging.getLogger(__name__).info("submitted", extra={"receipt_no": number, "ms": 12})

The message is the event, a word or a few in the source; what it would be filled in with is never written. Of the
extra facts only the names in FACTS pass, and of those only numbers and texts that look like codes; of an error its
class, code and place, never its words. So that a name, an id number or an address cannot reach the disk, whoever
logs it: a new fact is a new word in FACTS, and what a person did belongs to the audit trail.
"""

import json
import logging
import os
import re
import traceback
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from kiosk import clock
from kiosk.errors import KioskError, StoreUnavailable

FACTS = frozenset(
    {"attempt", "bytes", "code", "count", "day", "delivery", "device", "epoch", "event", "exit_status", "free_mb"}
    | {"from_state", "held", "job", "kind", "left", "line", "ms", "number", "oldest_minutes", "page", "pages", "paper"}
    | {
        "pending",
        "port",
        "printer",
        "procedure",
        "protocol",
        "queued",
        "reason",
        "receipt_no",
        "release",
        "retry_after",
    }
    | {"revision", "role", "rows", "seconds", "seq", "series", "signal", "state", "status", "step", "submission_id"}
    | {"ticket", "to_state", "tries", "unit", "version", "waiting"}
)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+\-]{0,63}", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_MAY_BE_PERSONAL = re.compile(r"[0-9]{9}", re.ASCII)  # as many digits as an id number or a phone has
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_OURS = ("kiosk", "sync", "printers")

MAX_BYTES = 2_000_000
COPIES = 5


class Lines(logging.Formatter):
    """Writes a record as one JSON line of allowed facts."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the line."""
        line: dict[str, Any] = {
            "at": clock.timestamp(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": str(record.msg)[:120] if record.name.startswith(_OURS) else f"{record.module}:{record.lineno}",
        }
        extra = {name: value for name, value in vars(record).items() if name not in _STANDARD}
        line |= {name: value for name, value in extra.items() if name in FACTS and _is_code(value)}
        if dropped := sorted(extra.keys() - line.keys()):
            line["dropped"] = dropped
        if record.exc_info and record.exc_info[1]:
            line["error"] = _error(record.exc_info[1])
        return json.dumps(line, ensure_ascii=True)


class _Private(RotatingFileHandler):
    """A rotating file that only its owner may read."""

    def _open(self) -> TextIOWrapper:
        # Path.open takes no opener.
        return open(self.baseFilename, "a", encoding=self.encoding, opener=_owner_only)


def open_log(path: Path, level: int = logging.INFO) -> logging.Handler:
    """Begin to write the log to a file, made with its folder for the owner's eyes; StoreUnavailable."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = _Private(path, maxBytes=MAX_BYTES, backupCount=COPIES, encoding="utf-8")
    except OSError as error:
        raise StoreUnavailable(f"Máy không ghi được nhật ký {path}.", f"The log {path} cannot be written.") from error
    handler.setFormatter(Lines())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(min(level, root.level or level))
    return handler


def close_log(handler: logging.Handler) -> None:
    """Stop writing to what ``open_log`` began."""
    logging.getLogger().removeHandler(handler)
    handler.close()


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _is_code(value: object) -> bool:
    if value is None or isinstance(value, bool | float):
        return True
    if isinstance(value, int):
        return abs(value) < 10**9
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        return False
    return bool(_UUID.fullmatch(value)) or not _MAY_BE_PERSONAL.search(value)


def _error(error: BaseException) -> dict[str, Any]:
    """Tell class, code and place of an error and of what caused it: its words may quote an answer."""
    told: dict[str, Any] = {"class": type(error).__name__}
    if isinstance(error, KioskError):
        told["code"] = error.code
    told["at"] = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)][
        -6:
    ]
    if error.__cause__ is not None:
        told["cause"] = _error(error.__cause__)
    return told
