"""An officer's Chromium over the LAN's TLS: a lock covers the other tab, and a file that is too large is explained."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from kiosk.acts import signing
from tests.browser.laptop import LAPTOP, PATIENCE, sign_in_officer, wait_for_page
from tests.faults.submitting import submit_form
from tests.lan_server.lan_kiosk import PASSWORD, LanKiosk, lan_kiosk
from tests.serving import served_on_loopback


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[LanKiosk]:
    with lan_kiosk(tmp_path) as kiosk:
        yield kiosk


@pytest.fixture
def laptop(chromium: Browser, kiosk: LanKiosk) -> Iterator[BrowserContext]:
    """Return a browser of the LAN; the certificate itself is tested elsewhere."""
    laptop = chromium.new_context(**LAPTOP, base_url=f"https://localhost:{kiosk.port}", ignore_https_errors=True)  # type: ignore[arg-type]
    laptop.set_default_timeout(PATIENCE)
    yield laptop
    laptop.close()


def _cover(page: Page) -> bool:
    return bool(page.evaluate("document.querySelector('dialog.lock').open"))


@pytest.mark.smoke
def test_a_lock_in_one_tab_covers_the_other_over_the_lan(kiosk: LanKiosk, laptop: BrowserContext) -> None:
    _id, receipt_no = submit_form(kiosk.context)
    signing.add_person(kiosk.context, "hoaian", name="Người trực", role="officer", password=PASSWORD)
    first = laptop.new_page()
    first.goto("/signin")
    sign_in_officer(first, "hoaian", PASSWORD, 1)
    first.get_by_role("button", name="Gọi số tiếp").click()
    first.get_by_text(receipt_no).first.wait_for()
    second = laptop.new_page()
    second.goto("/officer/")
    second.get_by_text(receipt_no).first.wait_for()
    assert not _cover(second)
    first.bring_to_front()
    wait_for_page(first)
    first.keyboard.press("F1")
    first.locator("dialog.lock[open]").wait_for()
    second.bring_to_front()
    second.locator("dialog.lock[open]").wait_for()
    assert _cover(second)


@pytest.mark.parametrize("listener", ["LAN", "loopback"])
@pytest.mark.parametrize("megabytes", [11, 30])
def test_a_file_that_is_too_large_is_explained_in_vietnamese(
    kiosk: LanKiosk, chromium: Browser, listener: str, megabytes: int, tmp_path: Path
) -> None:
    """Without JavaScript, whose check would not send the file: the listener has to refuse it."""
    laptop = chromium.new_context(
        **LAPTOP,  # type: ignore[arg-type]
        base_url=f"https://localhost:{kiosk.port}",
        ignore_https_errors=True,
        java_script_enabled=False,
    )
    laptop.set_default_timeout(PATIENCE)
    submit_form(kiosk.context)
    signing.add_person(kiosk.context, "hoaian", name="Người trực", role="officer", password=PASSWORD)
    photo = tmp_path / "giay.jpg"
    photo.write_bytes(bytes(megabytes << 20))
    page = laptop.new_page()
    with served_on_loopback(kiosk.app) as address:
        page.goto(f"{address if listener == 'loopback' else ''}/signin")
        sign_in_officer(page, "hoaian", PASSWORD, 1)
        page.get_by_role("button", name="Gọi số tiếp").click()
        page.locator("a[href*='/scans/']").first.click()
        page.set_input_files("input[type=file]", photo)
        page.locator("form[enctype='multipart/form-data'] button:visible").first.click()
        page.get_by_text("Tệp lớn quá 10 MB").or_(page.get_by_text("Phần gửi lên dài quá")).first.wait_for()
    laptop.close()
