"""A technician while the connection is down, in a browser of 1366x768: pages refresh themselves; accessibility."""

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from kiosk.acts import signing
from kiosk.context import Context
from kiosk.context.scanner import WAIT_SECONDS
from kiosk.records.submissions import Submission
from kiosk.vietnam import id_card
from printers import spool
from sync import errors, outbox
from sync.backoff import BackoffSettings
from sync.link import Link
from sync.parcel import Subject
from tests.browser.kiosks import PracticeKiosk
from tests.browser.laptop import assert_accessible, open_laptop, sign_in_technician
from tests.heartbeats import beat
from tests.journeys import submission_checks
from tests.pages.technician.sitting import PASSWORD, refuse

PLACES = (
    *("", "connection", "deliveries", "devices", "journal", "key", "stick", "screens"),
    *(
        "upkeep",
        "readiness",
        "copies",
        "doctor",
        "log",
        "certificate",
        "people",
        "settings",
        "updates",
        "restart",
        "first-run",
        "recovery",
    ),
)


@pytest.fixture
def submission(birth_filed: Context) -> Submission:
    return submission_checks.only_submission(birth_filed)


@pytest.fixture
def context(app: Flask, submission: Submission) -> Context:
    context: Context = app.extensions["context"]
    signing.set_technician_password(context, PASSWORD)
    beat(context)
    return context


@pytest.fixture
def link(context: Context) -> Link:
    link = Link(random.Random(1), BackoffSettings(spread=0), context.clock.monotonic)
    with context.store.write() as db:
        link.begin_run(db)
        link.record_success(db, "e1", context.clock.now())
    return link


@pytest.fixture
def technician(app: Flask, context: Context, chromium: Browser) -> Iterator[Page]:
    """Open a technician's browser, signed in."""
    with open_laptop(chromium, app, "/technician/signin") as page:
        sign_in_technician(page, PASSWORD)
        yield page


def test_in_practice_a_stick_can_be_written_at_once(kiosk: PracticeKiosk, chromium: Browser) -> None:
    page = chromium.new_page(base_url=kiosk.address, viewport={"width": 1366, "height": 768})
    page.goto("/technician/signin")
    sign_in_technician(page, kiosk.passwords["technician"])
    page.goto("/technician/stick")
    expect(page.get_by_role("button", name="Chép ra tệp")).to_be_visible()
    chooser = page.locator("#answers").bounding_box()
    assert chooser is not None
    assert chooser["height"] >= 40, "the button of the file chooser is cut off"
    page.close()


def test_the_first_run_reads_a_card_that_is_scanned_while_it_is_open(context: Context, technician: Page) -> None:
    context.config = replace(context.config, scanner=replace(context.config.scanner, port="/dev/ttyACM0"))
    technician.goto("/technician/first-run")
    expect(technician.locator("#scanner")).to_contain_text("Quét một thẻ căn cước")
    technician.wait_for_timeout(WAIT_SECONDS * 1000 + 500)
    with technician.expect_navigation():
        assert context.card_inbox.put(id_card.practice_cards()[0].line)
    expect(technician.locator("#scanner")).to_contain_text("đủ dấu tiếng Việt")
    assert_accessible(technician)


def _lose_connection(context: Context, link: Link) -> None:
    with context.store.write() as db:
        link.record_failure(db, errors.NotSent("refused"), context.clock.now())


@pytest.mark.smoke
def test_a_bad_day_is_seen_without_a_touch_and_mended_with_a_few(
    technician: Page, context: Context, link: Link
) -> None:
    expect(technician.locator("h1")).to_contain_text("Kiosk vẫn phục vụ")
    _lose_connection(context, link)
    expect(technician.locator("article.is-fault h2")).to_contain_text("Đường truyền: Đang mất")
    expect(technician.locator("table")).to_contain_text("Đang chờ đường truyền")
    technician.get_by_role("link", name="Gửi lên thành phố").click()
    technician.get_by_role("button", name="Dừng một giờ").click()
    expect(technician.locator("#state")).to_contain_text("kỹ thuật bấm dừng")
    technician.get_by_role("button", name="Gửi tiếp").click()
    expect(technician.locator("#state")).to_contain_text("Đang mất")
    technician.get_by_role("button", name="Gửi ngay").click()
    subject = Subject(submission_checks.only_submission(context).id, "submission")
    with context.store.write() as db:
        link.record_success(db, "e1", context.clock.now())
        outbox.mark_sending(db, subject, digest="a" * 64, run=link.run, now=context.clock.now())
        outbox.mark_done(db, subject, context.clock.now(), is_created=True)
    expect(technician.locator("#head h1")).to_have_text("Không còn gì chờ gửi")
    technician.fill("#no", submission_checks.only_submission(context).receipt_no)
    technician.get_by_role("button", name="Xem đường đi").click()
    expect(technician.locator("#way")).to_contain_text("Cổng đã nhận")


def test_papers_are_answered_together_and_the_next_ones_appear_by_themselves(
    technician: Page, context: Context, submission: Submission
) -> None:
    _doubt(context, submission, count=3)
    technician.goto("/technician/devices")
    expect(technician.locator("tr.doubt")).to_have_count(3)
    expect(technician.locator("tr.doubt").last).to_contain_text(submission.receipt_no)
    assert_accessible(technician)
    technician.get_by_role("button", name="Tất cả ra rồi").click()
    expect(technician.locator("tr.doubt")).to_have_count(0)
    _doubt(context, submission, count=1)
    technician.get_by_role("button", name="Chưa, in lại").click()
    expect(technician.get_by_role("heading", name="Chờ in: 1 phiếu")).to_be_visible()
    technician.get_by_role("button", name="Bỏ", exact=True).click()
    expect(technician.get_by_role("heading", name="Chờ in: 1 phiếu")).to_have_count(0)


def _doubt(context: Context, submission: Submission, count: int) -> None:
    """Leave slips of a submission in doubt."""
    now = context.clock.now()
    with context.store.write() as db:
        first = spool.of_subject(db, submission.id)[0].id
        for number in range(count):
            at_first = spool.get(db, first).state == "queued"
            job_id = first if at_first else spool.reprint(db, first, by="CB01", why="test", now=now).id
            spool.mark_sending(db, job_id, now, "Máy in phiếu")
            spool.record_result(
                db, job_id, spool.SendResult("unknown", "paper_out" if number else "cut_off", "Máy in phiếu"), now
            )


@pytest.mark.smoke
def test_axe_finds_nothing_and_nothing_is_cut(
    technician: Page, context: Context, link: Link, submission: Submission
) -> None:
    refuse(context, submission)
    _lose_connection(context, link)
    for place in (*PLACES, f"deliveries/{submission.id}"):
        technician.goto(f"/technician/{place}")
        assert_accessible(technician)
