"""The log: one JSON object a line for each event, rotated by size, with codes and numbers only.

    logging.getLogger(__name__).info("submitted", extra={"receipt_no": number, "ms": 12})

The message names the event in a few words; it is never filled in with values. Of `extra` only the names in FACTS are
written, and of those only numbers and texts that look like codes. Of an error its class, code and place are written,
never its message. So no name, ID number or address reaches the disk, whichever module logs it. A new fact needs a new
name in FACTS; actions of persons belong to the audit trail.
"""

import json
import logging
import os
import re
import sys
import traceback
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from kiosk.base import clock
from kiosk.base.errors import KioskError, StoreUnavailable

FACTS = frozenset({
    "answered", "applied", "attempt", "bytes", "class", "code", "count", "day", "delivery", "device", "epoch", "event",
    "exit_status", "free_mb", "from_state", "held", "job", "kind", "left", "line", "ms", "number", "oldest_minutes",
    "outcome", "page", "pages", "paper", "pending", "port", "printer", "procedure", "protocol", "queued", "reason",
    "receipt_no", "refused", "release", "retry_after", "revision", "role", "rows", "run", "seconds", "seq", "series",
    "signal", "spread", "sqlstate", "state", "status", "step", "submission_id", "task", "ticket", "to_state", "tries",
    "unit", "version", "voice", "waiting",
})  # fmt: skip
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+\-]{0,63}", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_MAY_BE_PERSONAL = re.compile(r"[0-9]{9}", re.ASCII)  # as many digits as an ID or phone number has
_STANDARD_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_OWN_LOGGERS = ("kiosk", "sync", "printers")

MAX_BYTES = 2_000_000
COPIES = 5
_MAX_FRAMES = 6


class JsonFormatter(logging.Formatter):
    """Formats a record as one JSON line of allowed facts."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        is_own = record.name.startswith(_OWN_LOGGERS)
        line: dict[str, Any] = {
            "at": clock.timestamp(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": str(record.msg)[:120] if is_own else f"{record.module}:{record.lineno}",
        }
        extra = {name: value for name, value in vars(record).items() if name not in _STANDARD_FIELDS}
        line |= {name: value for name, value in extra.items() if name in FACTS and is_code(value)}
        if dropped := sorted(extra.keys() - line.keys()):
            line["dropped"] = dropped
        if record.exc_info and record.exc_info[1]:
            line["error"] = _describe_error(record.exc_info[1])
        return json.dumps(line, ensure_ascii=True)


class _OwnerOnlyFileHandler(RotatingFileHandler):
    """Rotating log file that only its owner may read."""

    def _open(self) -> TextIOWrapper:
        # Path.open takes no opener.
        return open(self.baseFilename, "a", encoding=self.encoding, opener=_open_owner_only)


class _CommandFileHandler(_OwnerOnlyFileHandler):
    """Log file that a command opens at its first record.

    A command works without a log. A record that cannot be written goes to standard error, where systemd's journal
    keeps it; at a terminal it is dropped, because the command shows its outcome to the person who runs it.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=MAX_BYTES, backupCount=COPIES, encoding="utf-8", delay=True)

    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 # the name of the standard library
        """Write a record that the file does not take to standard error, unless a person reads it."""
        if sys.stderr and not sys.stderr.isatty():
            sys.stderr.write(f"{self.format(record)}\n")


def open_log(path: Path, level: int = logging.INFO) -> logging.Handler:
    """Start to write the log to a file; the file and its folder are created for the owner only.

    Raises:
        StoreUnavailable: the file cannot be written.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = _OwnerOnlyFileHandler(path, maxBytes=MAX_BYTES, backupCount=COPIES, encoding="utf-8")
    except OSError as error:
        raise StoreUnavailable(f"Máy không ghi được nhật ký {path}.", f"The log {path} cannot be written.") from error
    return _add(handler, level)


def open_command_log(path: Path, level: int = logging.INFO) -> logging.Handler:
    """Start to write what a command logs to the kiosk's log file; nothing is created before the first record."""
    return _add(_CommandFileHandler(path), level)


def open_standard_error(level: int = logging.INFO) -> logging.Handler:
    """Start to write the log to standard error, where systemd's journal keeps it."""
    return _add(logging.StreamHandler(), level)


def _add(handler: logging.Handler, level: int) -> logging.Handler:
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(min(level, root.level or level))
    return handler


def close_log(handler: logging.Handler) -> None:
    """Stop writing to a handler of one of the functions above."""
    logging.getLogger().removeHandler(handler)
    handler.close()


def _open_owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def is_code(value: object) -> bool:
    """Return whether a value is a number or code that cannot be personal data."""
    if value is None or isinstance(value, bool | float):
        return True
    if isinstance(value, int):
        return abs(value) < 10**9
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        return False
    return bool(_UUID.fullmatch(value)) or not _MAY_BE_PERSONAL.search(value)


def _describe_error(error: BaseException) -> dict[str, Any]:
    """Return class, code and place of an error and its causes; never the message, which may quote an answer."""
    facts: dict[str, Any] = {"class": type(error).__name__}
    if isinstance(error, KioskError):
        facts["code"] = error.code
    frames = traceback.extract_tb(error.__traceback__)[-_MAX_FRAMES:]
    facts["at"] = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
    if error.__cause__ is not None:
        facts["cause"] = _describe_error(error.__cause__)
    return facts
