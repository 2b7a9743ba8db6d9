"""Diagnostics bundle: a zip that a technician sends to the province, without personal data.

It holds the results of the checks, the settings that a fault may hang on, counts of rows, states of deliveries and
papers by their codes, and the log. Nothing is copied as it is: each value is a number, a code or a name of a setting.
"""

import io
import json
import platform
import sqlite3
import zipfile
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from kiosk.base import clock
from kiosk.base.log_reader import LoggedEvent, newest_entries
from kiosk.context import Context
from kiosk.health import heartbeat
from kiosk.health.check_result import CheckResult

ABOUT = """Gói chẩn đoán của máy {machine}, lập lúc {at}.

Gửi tệp zip này cho phòng công nghệ của thành phố. Trong gói có:
  checks.json    kết quả các chỗ kiểm tra.
  settings.json  những cài đặt có thể là nguyên nhân; không có tài khoản, khóa, mật khẩu.
  counts.json    số dòng của từng bảng, tình trạng gửi và in, theo mã.
  machine.json   hệ điều hành, Python, SQLite, các phần chạy nền.
  log.jsonl      nhật ký của máy, mới nhất ở đầu: mã và số.
Không có tên, số giấy tờ, điện thoại, địa chỉ hay nội dung tờ khai của ai.
"""
SECTIONS = (
    *("kiosk", "web", "lan", "lock", "desk", "screen", "scanner", "voice", "hours", "procedures", "keep", "queue"),
    *("backup", "papers", "printers", "office_printers", "series", "counters"),
)
"""Sections of the settings in the bundle; the account of the fees and keys of the portal are left out."""
PORTAL = ("kind", "url", "file_kbit", "file_hours")
OF_PERSONS = frozenset({"receipt_no", "submission_id", "ticket"})
"""Facts of the log that name a person's case: they stay on the machine."""
ENTRIES = 5000
STATES = {
    "outbox": "select state, last_class, last_code, count(*) from outbox group by 1, 2, 3",
    "papers": "select kind, state, reason, count(*) from jobs group by 1, 2, 3",
    "scans": "select state, last_class, last_code, count(*) from files group by 1, 2, 3",
}
"""Groups of rows with their codes."""


def bundle(context: Context, results: Sequence[CheckResult]) -> bytes:
    """Return the bundle; `results` are those of the health checks or of the doctor."""
    now = clock.local(context.clock.now())
    files = {
        "checks.json": [asdict(result) for result in results],
        "settings.json": _settings(context),
        "counts.json": _counts(context),
        "machine.json": _machine(context),
    }
    entries = newest_entries(context.config.log_path, ENTRIES, lambda _entry: True)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", ABOUT.format(machine=context.config.kiosk.id, at=f"{now:%H:%M, %d/%m/%Y}"))
        for name, content in files.items():
            archive.writestr(name, json.dumps(content, ensure_ascii=False, indent=1, default=str))
        archive.writestr("log.jsonl", "\n".join(_line(entry) for entry in entries))
    return buffer.getvalue()


def file_name(context: Context) -> str:
    """Return the name of the zip: machine and time."""
    return f"{context.config.kiosk.id}-{clock.local(context.clock.now()):%y%m%d-%H%M}.zip"


def _settings(context: Context) -> dict[str, Any]:
    config = context.config
    settings: dict[str, Any] = {name: _plain(getattr(config, name)) for name in SECTIONS}
    settings["portal"] = {name: getattr(config.portal, name) for name in PORTAL}
    settings["ward"] = {"code": config.ward.code, "unit_code": config.ward.unit_code}
    return settings


def _plain(value: Any) -> Any:
    return [asdict(entry) for entry in value] if isinstance(value, tuple) else asdict(value)


def _counts(context: Context) -> dict[str, Any]:
    with context.store.read() as db:
        counts: dict[str, Any] = {"rows": {name: db[name].count for name in sorted(db.table_names())}}
        for name, sql in STATES.items():
            counts[name] = [list(row) for row in db.execute(sql).fetchall()]
    return counts


def _machine(context: Context) -> dict[str, Any]:
    with context.store.read() as db:
        beats = heartbeat.load(db)
    now = context.clock.monotonic()
    return {
        "system": platform.platform(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "store_bytes": context.config.store_path.stat().st_size,
        "seconds_since_step": {name: round(now - beat.at) for name, beat in beats.items()},
    }


def _line(entry: LoggedEvent) -> str:
    facts = {name: value for name, value in entry.facts.items() if name not in OF_PERSONS}
    line = {"at": clock.timestamp(entry.at), "level": entry.level, "from": entry.source, "event": entry.event}
    return json.dumps(line | facts | ({"error": entry.error} if entry.error else {}), ensure_ascii=False)
