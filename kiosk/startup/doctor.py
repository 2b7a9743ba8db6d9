"""The doctor: every health check, and those that try things: write, ask the printers, reach the portal.

`kiosk doctor` and the technician's page run it. It takes seconds, because the whole audit trail is verified too.
"""

from collections.abc import Callable
from pathlib import Path

from kiosk.base import release
from kiosk.base.errors import StoreUnavailable
from kiosk.context import Context
from kiosk.context.long_work import Report, ignore
from kiosk.health import checks, machine, readiness, trail_check
from kiosk.health.check_result import CheckResult
from kiosk.health.sample_values import samples
from kiosk.records import marks
from kiosk.startup import wiring
from kiosk.store import files
from printers.errors import ADVICE

_TRIED = "doctor.tried"
_SHOWN = 3


def examine(context: Context, report: Report = ignore) -> list[CheckResult]:
    """Return the results of all health checks, then of all trials, then of an installed package.

    Args:
        report: is told what is tried.
    """
    report("Đang xem các chỗ kiểm tra", 0, len(TRIALS) + 2)
    results = checks.look(context)
    report("Đang soát cả nhật ký", 1, len(TRIALS) + 2)
    results = [trail_check.verify(context) if result.name == trail_check.NAME else result for result in results]
    for done, (words, trial) in enumerate(TRIALS, start=2):
        report(words, done, len(TRIALS) + 2)
        results.append(trial(context))
    return results + machine.look(context.config)


def version(_context: Context) -> CheckResult:
    """Name the release of this program."""
    found = release.current()
    return CheckResult("Bản", "ok", f"{found.version}, dựng từ {found.commit}" if found.commit else found.version)


def writing(context: Context) -> CheckResult:
    """Write into the store and beside it, as each form does."""
    probe = context.config.folder / ".doctor"
    try:
        with context.store.write() as db:
            marks.put(db, _TRIED, "written")
        files.write_atomic(probe, b"written")
        probe.unlink()
        if context.config.log_path.exists():
            context.config.log_path.open("a").close()
    except (StoreUnavailable, OSError) as cause:
        what = cause.vi if isinstance(cause, StoreUnavailable) else str(cause)
        do = f"Xem quyền và chủ của {context.config.folder}, và ổ có bị gắn chỉ đọc không (lệnh mount)."
        return CheckResult(name="Ghi thử", state="fault", words=f"Không ghi được: {what}", do=do)
    return CheckResult("Ghi thử", "ok", "Ghi được vào kho, thư mục và nhật ký")


def owners(context: Context) -> CheckResult:
    """Find files of another user in the data folder: a command that ran with sudo leaves them."""
    folder = context.config.folder
    owner = folder.stat().st_uid
    foreign = [path for path in sorted(folder.rglob("*")) if path.lstat().st_uid != owner]
    if not foreign:
        return CheckResult("Chủ của tệp", "ok", "Mọi tệp cùng một chủ")
    names = ", ".join(str(path.relative_to(folder)) for path in foreign[:_SHOWN])
    return CheckResult(
        name="Chủ của tệp",
        state="fault",
        words=f"{len(foreign)} tệp là của người khác: {names}",
        do=f"Chạy: chown -R --reference={folder} {folder}. Từ nay chạy lệnh kiosk dưới tên chủ đó, không dùng sudo.",
    )


def letters(context: Context) -> CheckResult:
    """Check the library that puts Vietnamese marks above their letters on paper."""
    from PIL import features  # imported late: it would delay each start

    if features.check("raqm") and features.check("fribidi"):
        return CheckResult("Chữ trên giấy", "ok", "Đủ thư viện")
    return CheckResult(
        name="Chữ trên giấy",
        state="fault",
        words="Thiếu libfribidi: dấu của tên các dân tộc in lệch sang bên",
        do="Chạy dưới quyền quản trị: apt install libfribidi0, rồi khởi động lại máy.",
    )


def portal(context: Context) -> CheckResult:
    """Try the connection to the portal up to the first failure."""
    steps = wiring.test_connection(context)
    if not steps:
        return CheckResult("Thử cổng", "note", "Không gửi đi đâu (portal = none)")
    failed = next((step for step in steps if step.state == "fault"), None)
    if failed is None:
        return CheckResult("Thử cổng", "ok", "Đủ năm bước: tên, kênh, lời chào, khóa, đồng hồ")
    return CheckResult(name="Thử cổng", state="fault", words=f"{failed.name}: {failed.words}", do=failed.do)


def printers(context: Context) -> CheckResult:
    """Ask each printer for its status."""
    found = {
        printer.settings.name: printer for group in wiring.open_printers(context.config).values() for printer in group
    }
    for name, printer in found.items():
        key = printer.read_status().advice_key
        if key not in (None, "no_status", "paper_near_end"):
            words, _dot, do = ADVICE.get(key, key).partition(". ")
            return CheckResult(name="Thử máy in", state="fault", words=f"{name}: {words}", do=do or "Xem máy in.")
    if not found:
        return CheckResult("Thử máy in", "note", "Chưa có máy in nào trong cài đặt")
    return CheckResult("Thử máy in", "ok", f"Trả lời: {', '.join(found)}")


def scanner(context: Context) -> CheckResult:
    """Look for the port of the scanner; then report the last test of it."""
    port = context.config.scanner.port
    if port and not Path(port).exists():
        return CheckResult(
            name=readiness.SCANNER,
            state="warning",
            words=f"Không thấy đầu quét ở {port}",
            do="Cắm lại dây đầu quét. Vẫn vậy thì xem [scanner] port trong kiosk.toml: ls /dev/ttyACM* /dev/ttyUSB*",
        )
    return readiness.scanner(context)


TRIALS: tuple[tuple[str, Callable[[Context], CheckResult]], ...] = (
    ("Đang xem bản của máy", version),
    ("Đang ghi thử", writing),
    ("Đang xem chủ của tệp", owners),
    ("Đang tìm giá trị mẫu", samples),
    ("Đang xem thư viện chữ", letters),
    ("Đang thử cổng", portal),
    ("Đang hỏi máy in", printers),
    ("Đang tìm đầu quét", scanner),
)
"""The checks of this module, with the words that are shown while each runs."""
