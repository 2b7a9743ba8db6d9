"""Pictures of docs/technician.md: `python -m tests.browser.technician_pictures` (`make pictures`).

A made-up machine on its first day, then in use, in Chromium at 1366x768. The clock of the kiosk stands, so that a
second run differs only where a page has changed. docs/pictures/technician gets the pictures.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from kiosk.acts import setting_up, signing
from kiosk.backup import disks
from kiosk.config import ROOT, load
from kiosk.config.edit import former_files, open_settings
from kiosk.context import Context
from kiosk.portal.connection_test import NAMES, ConnectionStep
from kiosk.web import loopback_server
from tests.browser.laptop import LAPTOP, PATIENCE
from tests.browser.pictures import save_small
from tests.browser.walks import kiosk
from tests.chromium import ARGS, CHROMIUM
from tests.heartbeats import beat
from tests.pages.technician.disk_helper import Helper
from tests.serving import served

OUT = ROOT / "docs" / "pictures" / "technician"
PASSWORD = "mật khẩu dài"
DISK = Path("/dev/shm/saoluu")
"""Another disk than that of the store, with a name that is the same in each run."""
Scene = Callable[[Page, Context], None]
STEPS = (
    *(ConnectionStep(name, "ok", words, milliseconds=ms) for name, words, ms in (
        (NAMES[0], "gateway.example là 203.0.113.20", 100),
        (NAMES[1], "TLSv1.3, chứng thư tốt", 300),
        (NAMES[2], "Đúng là cổng", 200),
    )),
    ConnectionStep(
        name=NAMES[3],
        state="fault",
        words="Cổng chưa biết khóa của máy",
        do="Gọi phòng công nghệ của thành phố, xin mã ghi danh, rồi gõ mã ở đây.",
        milliseconds=100,
    ),
    ConnectionStep(NAMES[4], "waits", f"Chưa thử: {NAMES[3]} phải tốt đã"),
)  # fmt: skip


def claim(page: Page, _context: Context) -> None:
    """Show the first page of a new machine."""
    page.goto("/technician/signin")


def first_run(page: Page, _context: Context) -> None:
    """Set the password, and try the connection."""
    page.fill("#password", PASSWORD)
    page.fill("#again", PASSWORD)
    page.get_by_role("button", name="Đặt mật khẩu").click()
    page.get_by_role("button", name="Thử lại từ đầu").click()
    expect(page.locator("#first-steps")).to_contain_text("Cổng chưa biết khóa")
    page.goto("/technician/first-run")
    expect(page.locator("#first-tasks")).to_contain_text("3 trên 5 bước")


def recovery(page: Page, _context: Context) -> None:
    """Show the page that offers a recovery paper."""
    page.goto("/technician/recovery")


def settings(page: Page, _context: Context) -> None:
    """Type another hotline."""
    page.goto("/technician/settings")
    page.fill("[name='ward.hotline']", "02343822222")


def settings_sure(page: Page, _context: Context) -> None:
    """See what changes."""
    page.get_by_role("button", name="Xem sẽ đổi gì").click()
    expect(page.locator("h1")).to_contain_text("Ghi 1 chỗ đổi này?")


def people(page: Page, _context: Context) -> None:
    """Add the first lead."""
    page.goto("/technician/people")
    page.fill("#name", "Hồ Thùy Trang")
    page.fill("#login", "thuytrang")


def upkeep(page: Page, context: Context) -> None:
    """Open the machine, and show the pages of the upkeep."""
    setting_up.finish(context, signing.MACHINE)
    page.goto("/technician/upkeep")


def copies(page: Page, _context: Context) -> None:
    """Make two copies, and try one."""
    page.goto("/technician/copies")
    for count in (1, 2):
        page.get_by_role("button", name="Sao lưu ngay").click()
        expect(page.locator("#copy-list h2")).to_have_text(f"Các bản đang giữ: {count}")
    page.get_by_role("button", name="Diễn tập").click()
    expect(page.locator("#copy-work")).to_contain_text("tờ nào cũng mở được")


def backup_disks(page: Page, context: Context) -> None:
    """Plug in a stick, and look what is on it; the root helper of the package is not on this machine."""
    answer = context.config.root / "answer.json"
    disks.HELPER = disks.ANSWER = answer
    answer.touch()
    helper = Helper(context.config.folder / disks.REQUEST, answer)
    page.goto("/technician/disks")
    page.get_by_role("button", name="Đã cắm, tìm ổ").click()
    expect(page.locator("#disk-found")).to_contain_text("Kingston")
    helper.close()


def doctor(page: Page, _context: Context) -> None:
    """Examine the machine."""
    page.goto("/technician/doctor")
    page.get_by_role("button", name="Khám máy").click()
    expect(page.locator("#examination")).to_contain_text("Khám lúc")


def readiness(page: Page, _context: Context) -> None:
    """Show the morning."""
    page.goto("/technician/readiness")


def restart(page: Page, _context: Context) -> None:
    """Ask for a restart."""
    page.goto("/technician/restart")


SCENES: Mapping[str, Scene] = {
    "claim": claim,
    "first-run": first_run,
    "recovery": recovery,
    "settings": settings,
    "settings-sure": settings_sure,
    "people": people,
    "upkeep": upkeep,
    "copies": copies,
    "disks": backup_disks,
    "doctor": doctor,
    "readiness": readiness,
    "restart": restart,
}


@contextmanager
def staged(browser: Browser, folder: Path, disk: Path) -> Iterator[tuple[Page, Context]]:
    """Set the scene: a machine with the shipped settings in a file of its own, and a disk for copies."""
    with kiosk() as app, served(app, **loopback_server.LIMITS) as address:
        context: Context = app.extensions["context"]
        file = folder / "kiosk.toml"
        shutil.copyfile(ROOT / "kiosk.toml", file)
        edit = open_settings(file)
        edit.change("portal", "kind", "kiosk-sync")
        edit.change("portal", "url", "https://gateway.example")
        edit.change("backup", "path", str(disk))
        edit.change("kiosk", "data", "data/practice")  # where the store of the walk lies
        edit.save()
        for former in former_files(file):
            former.path.unlink()
        context.config = replace(load(file), root=context.config.root)
        app.extensions["test_connection"] = lambda: list(STEPS)
        beat(context)
        page = browser.new_context(**LAPTOP, base_url=address).new_page()  # type: ignore[arg-type]
        page.set_default_timeout(PATIENCE)
        page.clock.set_fixed_time(context.clock.now())
        yield page, context


def main() -> None:
    """Walk all scenes, and write their pictures."""
    OUT.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=PATIENCE)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        DISK.mkdir()
        with staged(browser, Path(folder), DISK) as (page, context):
            for name, scene in SCENES.items():
                scene(page, context)
                path = Path(folder) / f"{name}.png"
                page.screenshot(path=path, animations="disabled")
                save_small(path, OUT / path.name, width=None)
        browser.close()
        shutil.rmtree(DISK)
    print(OUT.relative_to(ROOT))


if __name__ == "__main__":
    main()
