"""A technician on a bad day, in a browser of 1366x768: the pages stay true by themselves; axe finds nothing."""

import random
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from kiosk.acts import signing
from kiosk.context import Context
from kiosk.records.submissions import Submission
from sync import errors, outbox
from sync.backoff import BackoffSettings
from sync.link import Link
from sync.parcel import Subject
from tests.browser.kiosks import Practice
from tests.browser.test_desk import LAPTOP
from tests.journeys import filed
from tests.journeys.people import birth_until_check, submit
from tests.journeys.walker import Walker
from tests.look.rules import AXE
from tests.pages.technician.sitting import PASSWORD, refuse
from tests.serving import served

PLACES = ("", "deliveries", "devices", "journal", "key", "stick", "screens")


@pytest.fixture
def found(walker: Walker) -> Submission:
    submit(birth_until_check(walker))
    return filed.only_submission(walker.context)


@pytest.fixture
def context(app: Flask, found: Submission) -> Context:
    here: Context = app.extensions["context"]
    signing.set_technician_password(here, PASSWORD)
    return here


@pytest.fixture
def line(context: Context) -> Link:
    line = Link(random.Random(1), BackoffSettings(spread=0), context.clock.monotonic)
    with context.store.write() as db:
        line.begin_run(db)
        line.record_success(db, "e1", context.clock.now())
    return line


@pytest.fixture
def bench(app: Flask, context: Context, glass: Browser) -> Iterator[Page]:
    """A technician's browser, signed in."""
    with served(app) as address:
        browser_context = glass.new_context(**LAPTOP, base_url=address)  # type: ignore[arg-type]
        page = browser_context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.goto("/technician/signin")
        page.fill("#password", PASSWORD)
        page.click("main form button")
        page.wait_for_url("**/technician/")
        yield page
        browser_context.close()
    assert faults == []


def test_in_practice_a_stick_can_be_written_at_once(kiosk: Practice, glass: Browser) -> None:
    page = glass.new_page(base_url=kiosk.address, viewport={"width": 1366, "height": 768})
    page.goto("/technician/signin")
    page.fill("#password", kiosk.passwords["technician"])
    page.click("main form button")
    page.wait_for_url("**/technician/")
    page.goto("/technician/stick")
    expect(page.get_by_role("button", name="Chép ra tệp")).to_be_visible()
    chooser = page.locator("#answers").bounding_box()
    assert chooser is not None
    assert chooser["height"] >= 40, "the button of the file chooser is cut off"
    page.close()


def _fail(context: Context, line: Link) -> None:
    with context.store.write() as db:
        line.record_failure(db, errors.NotSent("refused"), context.clock.now())


def test_a_bad_day_is_seen_without_a_touch_and_mended_with_a_few(bench: Page, context: Context, line: Link) -> None:
    expect(bench.locator("h1")).to_contain_text("Máy vẫn phục vụ bà con")
    _fail(context, line)
    expect(bench.locator("article.mend h2")).to_contain_text("Đường truyền: Đang mất")
    expect(bench.locator("table")).to_contain_text("Đang chờ đường truyền")
    bench.get_by_role("link", name="Gửi lên thành phố").click()
    bench.get_by_role("button", name="Dừng một giờ").click()
    expect(bench.locator("#state")).to_contain_text("kỹ thuật bấm dừng")
    bench.get_by_role("button", name="Gửi tiếp").click()
    expect(bench.locator("#state")).to_contain_text("Đang mất")
    bench.get_by_role("button", name="Gửi ngay").click()
    subject = Subject(filed.only_submission(context).id, "submission")
    with context.store.write() as db:
        line.record_success(db, "e1", context.clock.now())
        outbox.mark_sending(db, subject, "a" * 64, line.run, context.clock.now())
        outbox.mark_done(db, subject, context.clock.now(), is_created=True)
    expect(bench.locator("#head h1")).to_have_text("Không còn gì chờ gửi")
    bench.fill("#no", filed.only_submission(context).receipt_no)
    bench.get_by_role("button", name="Xem đường đi").click()
    expect(bench.locator("#way")).to_contain_text("Cổng đã nhận")


def test_axe_finds_nothing_and_nothing_is_cut(bench: Page, context: Context, line: Link, found: Submission) -> None:
    refuse(context, found)
    _fail(context, line)
    for place in (*PLACES, f"deliveries/{found.id}"):
        bench.goto(f"/technician/{place}")
        report = Axe().run(bench, options=AXE).response
        assert [one["id"] for one in report["violations"]] == [], place
        assert bench.evaluate("document.documentElement.scrollWidth <= innerWidth"), place
