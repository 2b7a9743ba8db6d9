"""Readiness in the morning: what has to work before the doors open, for a page and a printed sheet.

It is made of the health checks and of what was seen to work last: the last paper of each printer, the last test of the
scanner, the last restore drill. It tries nothing, so it is ready at once.
"""

import json
from dataclasses import dataclass

from sqlite_utils import Database

import sync.outbox
from kiosk.backup import drill_record
from kiosk.base import clock
from kiosk.context import Context
from kiosk.health import backup_copies, certificate_dates, disk_space, settings_file
from kiosk.health.check_result import CheckResult
from kiosk.health.clock_check import time
from kiosk.health.connection import link, queue
from kiosk.health.heartbeat import worker
from kiosk.health.key_safety import key
from kiosk.health.printing_state import paper, printers
from kiosk.records import marks, touchscreens
from kiosk.vietnam.calendar import short_time
from kiosk.voice import call_clips, engine, page_clips
from printers import spool

SCANNER = "Đầu quét"
VOICE = "Giọng đọc"
PRINTED = "Giấy ra lần cuối"
DRILL = "Diễn tập khôi phục"
SCANNER_TEST = "scanner.test"
"""Mark: time of the last test of the scanner, and whether the marks of Vietnamese arrived, as JSON."""


@dataclass(frozen=True)
class ScannerTest:
    """The last card that a technician scanned to try the scanner: its time, and whether all marks arrived."""

    at: str
    has_marks: bool


def save_scanner_test(db: Database, test: ScannerTest) -> None:
    """Save the result of a test of the scanner."""
    marks.put(db, SCANNER_TEST, json.dumps(test.__dict__))


def last_scanner_test(db: Database) -> ScannerTest | None:
    """Return the last test of the scanner; None when there was none."""
    stored = marks.get(db, SCANNER_TEST)
    return ScannerTest(**json.loads(stored)) if stored else None


def readiness(context: Context) -> list[CheckResult]:
    """Return the rows of the morning, in the order of the sheet."""
    desk = (worker, settings_file.check, printers, paper, _printed, scanner, voice)
    machine = (link, _queue, disk_space.check, time, backup_copies.check, _drill, key, certificate_dates.check)
    return [check(context) for check in (*desk, *machine)]


def is_ready(rows: list[CheckResult]) -> bool:
    """Return whether nothing has to be done."""
    return all(row.state in ("ok", "note") for row in rows)


def _printed(context: Context) -> CheckResult:
    """Report the last paper that each printer printed, a test page included."""
    config = context.config
    names = [printer.name for printer in config.printers] + [printer.name for printer in config.office_printers]
    with context.store.read() as db:
        last = {name: spool.last_printed(db, name) for name in names}
    if not names:
        return CheckResult(PRINTED, "note", "Chưa có máy in nào")
    today = context.clock.today()
    words = [f"{name}: {short_time(at, today) if at else 'chưa in lần nào'}" for name, at in last.items()]
    if all(last.values()):
        return CheckResult(PRINTED, "ok", "; ".join(words))
    return CheckResult(name=PRINTED, state="note", words="; ".join(words))


def scanner(context: Context) -> CheckResult:
    """Report whether the scanner is connected, and the last test of it."""
    with context.store.read() as db:
        test = last_scanner_test(db)
    if context.card_inbox.is_down:
        port = context.config.scanner.port
        do = f"Cắm lại dây đầu quét. Vẫn vậy thì xem cổng {port} trong cài đặt có đúng không."
        return CheckResult(name=SCANNER, state="warning", words="Không thấy đầu quét", do=do)
    if words := _screen_fault(context):
        do = "Sửa tên ở mục Màn hình, đầu quét trong cài đặt, hoặc ghi danh màn hình đó."
        return CheckResult(name=SCANNER, state="warning", words=words, do=do)
    if test is None:
        return CheckResult(SCANNER, "note", "Chưa thử lần nào")
    at = short_time(test.at, context.clock.today())
    if not test.has_marks:
        do = "Quét lại mã cài đặt trong tờ docs/scanner.pdf: đầu quét gửi mất dấu tiếng Việt."
        return CheckResult(name=SCANNER, state="warning", words=f"Thử lúc {at}: mất dấu", do=do)
    return CheckResult(SCANNER, "ok", f"Thử lúc {at}, đủ dấu tiếng Việt")


def _screen_fault(context: Context) -> str:
    """Return why the screen of the scanner at the port gets no cards; an empty text where it does."""
    name = context.config.scanner.screen
    if not context.config.scanner.port or name.casefold() in ("", context.config.screen.name.casefold()):
        return ""
    with context.store.read() as db:
        named = touchscreens.list_named(db, name, context.clock.now())
    return "" if any(screen.is_open for screen in named) else f"Đầu quét thuộc màn hình “{name}”, chưa ghi danh"


def voice(context: Context) -> CheckResult:
    """Report whether the board has a clip for each number, and the pages have a voice."""
    config = context.config
    folder = call_clips.clips_folder(config)
    needed = call_clips.required_clips(series.letter for series in config.series)
    missing = [clip for clip in needed if call_clips.find_clip(folder, clip, config.voice.dialect) is None]
    if refused := engine.model_problem(config.voice_model):
        return CheckResult(
            name=VOICE,
            state="warning",
            words=f"Không dùng được mô hình giọng ({refused.code})",
            do=refused.vi,
            code="VOICE-01",
        )
    has_pages = page_clips.has_voice(page_clips.pages_folder(config), "vi", config.voice.dialect)
    if missing:
        words = f"Bảng gọi số thiếu {len(missing)} tiếng, chỗ thiếu chỉ có chuông"
        return CheckResult(VOICE, "note", words)
    return CheckResult(VOICE, "ok", "Đủ tiếng" if has_pages else "Bảng gọi số đủ tiếng, các trang chưa có giọng")


def _queue(context: Context) -> CheckResult:
    """Report the queue with the age of the oldest subject."""
    result = queue(context)
    with context.store.read() as db:
        oldest = sync.outbox.oldest_open(db)
    if result.state != "ok" or not oldest:
        return result
    return CheckResult(result.name, "ok", f"{result.words}, cũ nhất từ {short_time(oldest, context.clock.today())}")


def _drill(context: Context) -> CheckResult:
    with context.store.read() as db:
        last = drill_record.last(db)
    if context.config.kiosk.practice:
        return CheckResult(DRILL, "note", "Tập khai, không có bản sao")
    if last is None:
        return CheckResult(DRILL, "note", "Chưa diễn tập lần nào")
    at = clock.local(clock.parse_timestamp(last.at))
    if last.broken:
        do = "Gọi phòng công nghệ: bản sao có tờ không mở được. Đừng xóa bản nào."
        words = f"{at:%d/%m/%Y}: {last.broken} tờ không mở được"
        return CheckResult(name=DRILL, state="warning", words=words, do=do)
    return CheckResult(DRILL, "ok", f"{at:%d/%m/%Y}, tờ nào cũng mở được")
