"""Text that an officer typed and that was refused: told while it is typed, kept, and put back into its own box."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from kiosk.acts import deciding, signing
from kiosk.acts.deciding import AcceptanceInput
from kiosk.dossiers.decision_filing import CaseRequest
from kiosk.records import submissions
from tests.browser.keyboard_scanner import KeyboardScanner, without_marks
from tests.browser.laptop import LAPTOP, PATIENCE, sign_in_officer
from tests.faults.submitting import submit_form
from tests.journeys.walker import card_line
from tests.lan_server.lan_kiosk import PASSWORD, LanKiosk, lan_kiosk

WHY = "thiếu giấy chứng sinh bản chính"


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[LanKiosk]:
    with lan_kiosk(tmp_path) as kiosk:
        yield kiosk


@pytest.fixture
def laptop(chromium: Browser, kiosk: LanKiosk) -> Iterator[BrowserContext]:
    laptop = chromium.new_context(**LAPTOP, base_url=f"https://localhost:{kiosk.port}", ignore_https_errors=True)  # type: ignore[arg-type]
    laptop.set_default_timeout(PATIENCE)
    yield laptop
    laptop.close()


def desk_state(kiosk: LanKiosk, submission_id: str) -> str:
    with kiosk.context.store.read() as db:
        submission = submissions.find(db, submission_id)
    assert submission is not None
    return submission.desk


def type_refusal(laptop: BrowserContext, submission_id: str, receipt_no: str) -> Page:
    """Call the next number, and type why its form is refused."""
    page = laptop.new_page()
    page.goto("/signin")
    sign_in_officer(page, "hoaian", PASSWORD, 1)
    page.get_by_role("button", name="Gọi số tiếp").click()
    page.get_by_text(receipt_no).first.wait_for()
    page.goto(f"/officer/case/{submission_id}/refused")
    page.locator("textarea[name=reason]").fill(WHY)
    return page


@pytest.mark.smoke
def test_a_reason_typed_over_a_colleagues_decision_waits_and_comes_back_into_its_box(
    kiosk: LanKiosk, laptop: BrowserContext
) -> None:
    submission_id, receipt_no = submit_form(kiosk.context)
    for login in ("hoaian", "minhtam"):
        signing.add_person(kiosk.context, login, name=f"Cán bộ {login}", role="officer", password=PASSWORD)
    page = type_refusal(laptop, submission_id, receipt_no)
    accepted = AcceptanceInput(term=0, official_no="H57.99.01-261124-0001")
    assert deciding.accept(kiosk.context, CaseRequest(submission_id, 0, "CB02"), accepted)
    expect(page.locator("[data-case-state]")).to_contain_text("minhtam vừa ghi tiếp nhận cho hồ sơ này")
    page.get_by_role("button", name="Ghi và in phiếu từ chối").click()
    page.get_by_text("Chữ vừa gõ để ở Chỗ gõ dở").first.wait_for()
    page.goto("/officer/unsent")
    expect(page.locator("main")).to_contain_text(receipt_no)
    page.get_by_role("link", name="Mở trang có chữ này").click()
    page.locator("[data-typed-again]:visible").wait_for()
    expect(page.locator("[data-typed-again]")).to_contain_text(WHY)
    assert desk_state(kiosk, submission_id) == "accepted", "the tray itself decides nothing"


@pytest.mark.smoke
def test_text_of_the_tray_is_in_its_box_and_sent_by_the_officers_press(kiosk: LanKiosk, laptop: BrowserContext) -> None:
    submission_id, receipt_no = submit_form(kiosk.context)
    signing.add_person(kiosk.context, "hoaian", name="Cán bộ hoaian", role="officer", password=PASSWORD)
    page = type_refusal(laptop, submission_id, receipt_no)
    page.evaluate("document.querySelector('main form [name=seen]').value = 7")  # as a colleague's act would make it
    page.get_by_role("button", name="Ghi và in phiếu từ chối").click()
    page.get_by_text("Chữ vừa gõ để ở Chỗ gõ dở").first.wait_for()
    page.goto("/officer/unsent")
    page.get_by_role("link", name="Mở trang có chữ này").click()
    expect(page.locator("textarea[name=reason]")).to_have_value(WHY)
    assert desk_state(kiosk, submission_id) == "waiting"
    page.get_by_role("button", name="Ghi và in phiếu từ chối").click()
    page.get_by_text("Đã ghi từ chối tiếp nhận").first.wait_for()
    assert desk_state(kiosk, submission_id) == "refused"
    page.goto("/officer/unsent")
    page.get_by_text("Không còn chỗ nào gõ dở").wait_for()


def test_a_sentence_of_a_text_expander_is_no_card_on_a_page_that_waits_for_one(
    kiosk: LanKiosk, laptop: BrowserContext
) -> None:
    signing.add_person(kiosk.context, "hoaian", name="Cán bộ hoaian", role="officer", password=PASSWORD)
    page = laptop.new_page()
    page.goto("/signin")
    sign_in_officer(page, "hoaian", PASSWORD, 1)
    page.goto("/officer/assist/new/2.000635")
    page.check("input[name=giay_nao][value=khai_sinh]", force=True)
    page.check("input[name=comes][value=self]", force=True)
    with page.expect_navigation():
        page.click("[data-ctrl-enter]")
    box = page.locator("main input[type=text]:visible, main input:not([type]):visible").first
    box.click()
    text = "Cuc Canh sat quan ly hanh chinh ve trat tu xa hoi"
    KeyboardScanner(page).send(text, end="", gap=0.001)
    expect(box).to_have_value(text)
    box.fill("")
    KeyboardScanner(page).scan_until("**said=**", without_marks(card_line("me")))
