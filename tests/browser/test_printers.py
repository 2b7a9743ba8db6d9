"""The page of the printers in a browser of 1366x768: nothing is cut off, and all is done without a restart."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from kiosk.acts import applying, queueing, screens, signing
from kiosk.base.clock import FixedClock
from kiosk.config import Config, load
from kiosk.context import Context
from kiosk.startup.wiring import open_printers
from kiosk.store.db import Store
from kiosk.web.app import create_app
from kiosk.worker import Worker
from printers import discovery
from printers.virtual.office import VirtualOfficePrinter
from printers.virtual.server import VirtualPrinter
from tests.browser.laptop import assert_accessible, open_laptop, sign_in_technician
from tests.browser.printer_scene import FILE, FOUND
from tests.pages.technician.sitting import PASSWORD
from tests.running import run_worker, wait_until


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[VirtualPrinter]:
    with VirtualPrinter(speed=0, folder=tmp_path / "paper") as printer:
        yield printer


@pytest.fixture
def office() -> Iterator[VirtualOfficePrinter]:
    with VirtualOfficePrinter() as printer:
        yield printer


@pytest.fixture
def file(tmp_path: Path, hall: VirtualPrinter, office: VirtualOfficePrinter) -> Path:
    path = tmp_path / "kiosk.toml"
    text = FILE.replace("HALL", hall.address).replace("OFFICE", office.address)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def app(
    file: Path, config: Config, clock: FixedClock, store: Store, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Flask]:
    monkeypatch.setattr(discovery, "find_attached", lambda: list(FOUND))
    clock.advance(24 * 3600)  # the day before is a holiday
    app = create_app(replace(load(file), root=config.root), clock)
    context: Context = app.extensions["context"]
    signing.set_technician_password(context, PASSWORD)
    yield app
    context.store.close()


@pytest.fixture
def worker(app: Flask) -> Iterator[Worker]:
    context: Context = app.extensions["context"]
    worker = Worker(context, None, open_printers(context.config))
    with run_worker(worker):
        yield worker


@pytest.fixture
def technician(app: Flask, worker: Worker, chromium: Browser) -> Iterator[tuple[Page, Context]]:
    """Open a technician's browser at the page, with the worker running."""
    assert worker
    with open_laptop(chromium, app, "/technician/signin") as page:
        sign_in_technician(page, PASSWORD)
        page.goto("/technician/printers")
        yield page, app.extensions["context"]


@pytest.mark.smoke
def test_a_technician_adds_tries_calibrates_and_removes_a_printer_without_a_restart(
    technician: tuple[Page, Context], hall: VirtualPrinter, file: Path
) -> None:
    page, context = technician
    row = page.locator("article.printer", has_text="Máy in phiếu ở kiosk")
    expect(row.locator(".how")).to_have_text("Sẵn sàng")
    assert_accessible(page)
    page.get_by_role("button", name="Phiếu căn chỉnh").click()
    wait_until(lambda: len(hall.papers) == 1)
    page.get_by_text("Hụt phải").click()
    page.locator("[aria-label='Ô nào đậm vừa?']").get_by_text("4", exact=True).click()
    page.get_by_text("Sát chữ").click()
    page.get_by_role("button", name="In thử").click()
    wait_until(lambda: len(hall.papers) == 2)
    expect(page.get_by_role("status")).to_contain_text("Giấy đang ra")
    printer = load(file).printers[0]
    assert (printer.dots, printer.darkness, printer.feed) == (512, 4, 160)

    page.get_by_role("button", name="Thêm Zywell ZY-303").click()
    expect(page.get_by_role("heading", name="Zywell ZY-303").last).to_be_visible()
    expect(page.locator("h1")).to_contain_text("4 máy đang dùng")
    assert [section.name for section in context.config.printers] == ["Máy in phiếu ở kiosk", "Zywell ZY-303"]
    page.get_by_role("link", name="Bỏ máy này").click()
    expect(page.locator("h1")).to_have_text("Bỏ máy in “Zywell ZY-303”?")
    page.get_by_role("button", name="Bỏ máy này").click()
    expect(page.get_by_role("status")).to_have_text("Đã bỏ Zywell ZY-303.")
    assert "# máy in của sảnh" in file.read_text(encoding="utf-8")


def test_paper_that_runs_out_is_said_and_the_papers_that_wait_are_answered(
    technician: tuple[Page, Context], hall: VirtualPrinter
) -> None:
    page, context = technician
    hall.set_fault("paper_out")
    ticket = queueing.draw_ticket(context, context.config.series[0])
    row = page.locator("article.printer", has_text="Máy in phiếu ở kiosk")
    row.get_by_role("link", name="Xem 1 giấy chờ").click()
    expect(page.locator("tbody tr")).to_contain_text(ticket.label)
    assert_accessible(page)
    page.get_by_role("button", name="Bỏ", exact=True).click()
    expect(page.get_by_text("Không giấy nào chờ.")).to_be_visible()


def test_the_main_buttons_stay_on_the_screen_and_enter_saves(technician: tuple[Page, Context], file: Path) -> None:
    page, _context = technician
    page.get_by_role("button", name="Thêm Zywell ZY-303").click()
    for size in ({"width": 1366, "height": 768}, {"width": 1093, "height": 614}):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.evaluate("scrollTo(0, 0)")
        for name in ("Ghi", "In thử", "Phiếu căn chỉnh"):
            expect(page.get_by_role("button", name=name, exact=True)).to_be_in_viewport(ratio=1)
    page.get_by_text("Số đo và cách nối").click()
    boxes = page.locator(".chosen > :is(.pair, details, .calibration)").evaluate_all(
        "parts => parts.map(part => Math.round(part.getBoundingClientRect().left))"
    )
    assert len(set(boxes)) == 1, "the parts stand below each other, also with the figures open"
    page.fill("[name=new_name]", "Máy ở cửa")
    page.press("[name=new_name]", "Enter")
    expect(page.get_by_role("status")).to_have_text("Đã ghi, có tác dụng ngay.")
    page.get_by_role("button", name="Cho in trước").click()
    expect(page.get_by_role("status")).to_contain_text("máy này in trước")
    assert [printer.name for printer in load(file).printers] == ["Máy ở cửa", "Máy in phiếu ở kiosk"]


def knows_screen(worker: Worker, screen: str) -> bool:
    """Return whether the worker has read the settings in which a printer is tied to a screen."""
    return any(kind.endswith(screen) for queue in worker.printing._queues for kind in queue.routes)


def test_a_printer_is_tied_to_a_touchscreen_and_prints_what_is_asked_for_there(
    technician: tuple[Page, Context], hall: VirtualPrinter, worker: Worker
) -> None:
    page, context = technician
    screens.create_code(context, "Máy cửa sau", "CB03")
    applying.start_session(context, "back", "Máy cửa sau")
    with VirtualPrinter(speed=0) as door:
        page.goto("/technician/printers")
        page.get_by_text("Nhập tay").click()
        page.locator(".found .fields [name=kind]").select_option("network")
        page.fill(".found .fields [name=address]", door.address)
        page.locator(".found .fields button").click()
        page.get_by_text("Của màn hình nào").first.click()
        page.get_by_label("Máy cửa sau").check()
        page.get_by_role("button", name="Ghi", exact=True).click()
        expect(page.locator("#in-use")).to_contain_text("Chỉ của Máy cửa sau")
        wait_until(lambda: knows_screen(worker, "Máy cửa sau"))  # it reads the settings each second
        queueing.draw_ticket(context, context.config.series[0], session="back")
        wait_until(lambda: len(door.papers) == 1)
        queueing.draw_ticket(context, context.config.series[0])
        wait_until(lambda: len(hall.papers) == 1)
        page.goto("/technician/printers")
        assert_accessible(page)


def test_nothing_of_the_page_is_wider_than_the_laptop(technician: tuple[Page, Context]) -> None:
    page, _context = technician
    for name in ("Máy in phiếu ở kiosk", "Máy in A4 quầy 1, 2"):
        page.goto(f"/technician/printers?name={name}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        cut_off = page.locator(".chosen :is(button, label, select)").evaluate_all(
            "parts => parts.filter(part => part.scrollWidth > part.clientWidth + 1 && part.tagName !== 'SELECT')"
            ".map(part => part.innerText)"
        )
        assert cut_off == []
