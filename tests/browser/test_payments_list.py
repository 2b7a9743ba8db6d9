"""The lead's list of payments in a browser: every kind of payment, no side scroll, one press."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from kiosk.acts import charging
from kiosk.acts.charging import FeeInput, FeeRequest
from kiosk.base import codes
from kiosk.context import Context
from kiosk.dossiers import filing
from kiosk.procedures.answers import complete
from tests.acts.test_crediting import notice_of, tell
from tests.browser.laptop import add_officer, assert_accessible, open_desk, wait_for_page
from tests.papers.forms import BIRTH, made_up_answers

COPIES = FeeInput("ban_sao", 16_000, 16_000)


def _file(context: Context) -> FeeRequest:
    """Submit a form whose fee is 16,000 dong."""
    procedure = context.catalogue.in_force(BIRTH, context.clock.today())
    assert procedure is not None
    answers = complete(procedure, made_up_answers(procedure), context.office, context.clock.today())
    with context.store.write() as db:
        filed = filing.file_submission(db, context, submission_id=codes.new_id(), procedure=procedure, answers=answers)
    return FeeRequest(filed.submission.id, filed.submission.receipt_no, 0)


@pytest.fixture
def context(birth_filed: Context) -> Context:
    """Return a kiosk with a form of the day that nobody has paid."""
    return birth_filed


@pytest.fixture
def lead(app: Flask, context: Context, chromium: Browser) -> Iterator[Page]:
    add_officer(context, role="lead", name="Nguyễn Phúc Hoài An")
    with open_desk(chromium, app) as page:
        yield page


@pytest.mark.smoke
def test_a_lead_settles_each_payment_with_one_press(lead: Page, context: Context) -> None:
    paid, short, twice, cash, excess = (_file(context) for _ in range(5))
    assert charging.record_payment(context, cash, [COPIES], method="cash", actor="CB02")
    for case, amounts in ((paid, [16_000]), (short, [6_000]), (twice, [16_000] * 2), (cash, [16_000])):
        tell(context, *(notice_of(context, case, amount) for amount in amounts))
    tell(context, notice_of(context, excess, 160_000), notice_of(context, excess, 20_000, key=""))
    lead.goto("/officer/payments")
    wait_for_page(lead)
    expect(lead.locator("main > header h1")).to_contain_text("5 khoản cần bấm")
    for width, height in ((1366, 768), (1093, 614)):
        lead.set_viewport_size({"width": width, "height": height})
        assert lead.evaluate("document.documentElement.scrollWidth") <= width
        assert_accessible(lead)
    lead.get_by_role("button", name="Trả lại 144.000 đồng").click()
    expect(lead.locator(".note.is-done")).to_contain_text("Đã ghi thu 16.000 đồng, phải trả lại 144.000 đồng")
    lead.get_by_role("button", name="Thu thêm 10.000 đồng").click()
    expect(lead.locator("main > header h1")).to_contain_text("3 khoản cần bấm")
    for width, height in ((1093, 614), (1366, 768)):
        lead.set_viewport_size({"width": width, "height": height})
        assert lead.evaluate("document.documentElement.scrollWidth") <= width
        assert_accessible(lead)
    lead.keyboard.press("Control+z")
    expect(lead.locator("main > header h1")).to_contain_text("4 khoản cần bấm")
    row = lead.locator("[data-row-press]")
    lead.keyboard.press("ArrowDown")
    expect(row.first).to_be_focused()
    lead.keyboard.press("ArrowDown")
    expect(row.nth(1)).to_be_focused()
    lead.keyboard.press("ArrowUp")
    words = row.first.inner_text()
    lead.keyboard.press("Enter")
    expect(lead.locator("main > header h1")).to_contain_text("3 khoản cần bấm")
    expect(lead.locator(".note.is-done")).to_contain_text(words.split(" ")[-2])
    lead.get_by_text("Chọn khoản").click()
    lead.evaluate("scrollTo(0, 0)")
    assert_accessible(lead)
