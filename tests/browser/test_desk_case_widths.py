"""A case at the desk, before and after its acceptance, from a laptop at 150 % to a wide monitor, in all text sizes.

Nothing is cut off at the side, and no name, number or date breaks inside a word.
"""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize, expect

from kiosk.acts import deciding
from kiosk.acts.deciding import AcceptanceInput, CaseRequest
from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.dossiers import message_consents
from kiosk.records import desk_views
from kiosk.records.desk_views import DeskView
from tests.browser.desk_days import AFTER_UNDO
from tests.browser.laptop import add_officer, open_desk, wait_for_page
from tests.journeys.submission_checks import only_submission

SIZES: tuple[ViewportSize, ...] = (
    {"width": 911, "height": 512},  # 1366x768 at 150 %
    {"width": 1093, "height": 614},  # at 125 %
    {"width": 1280, "height": 800},
    {"width": 1366, "height": 768},
    {"width": 1440, "height": 900},
    {"width": 1920, "height": 1080},
)
VIEWS = (DeskView(), DeskView("dark", "large"), DeskView("light", "larger"))
CUT = """() => {
    const boxes = [...document.querySelectorAll(".open > *, .open .sheet, .top, .case-head, .bar, .queue")];
    const cut = boxes.filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.className);
    for (const box of boxes) {
        const edge = box.getBoundingClientRect().right;
        for (const part of box.querySelectorAll("a, button, input, b, summary")) {
            if (part.closest(".away, .menu > div") || !part.checkVisibility()) continue;
            if (part.getBoundingClientRect().right > edge + 1) cut.push(part.textContent.trim() || part.id);
        }
    }
    return cut;
}"""
BROKEN = """() => {
    const broken = [];
    for (const cell of document.querySelectorAll(".form dd:not(.copy)")) {
        const walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
        while (walk.nextNode()) {
            if (!walk.currentNode.parentElement.checkVisibility()) continue;
            for (const word of walk.currentNode.textContent.matchAll(/\\S+/g)) {
                const range = document.createRange();
                range.setStart(walk.currentNode, word.index);
                range.setEnd(walk.currentNode, word.index + word[0].length);
                if (new Set([...range.getClientRects()].map((r) => Math.round(r.top))).size > 1) broken.push(word[0]);
            }
        }
    }
    return broken;
}"""

DRAWN = """(width) => innerWidth === width && new Promise((done) =>
    requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"""
"""The page has the new size, and the queue at its side was folded or opened for it."""


@pytest.fixture
def context(birth_filed: Context) -> Context:
    """Submit a mother's form; an officer with a long name."""
    add_officer(birth_filed, role="lead", name="Nguyễn Phúc Hoài An")
    return birth_filed


@pytest.fixture
def desk(app: Flask, context: Context, chromium: Browser) -> Iterator[Page]:
    """Open a lead's browser at counter 1 with the mother's form."""
    with open_desk(chromium, app) as page:
        expect(page.locator(".case-head h1")).to_be_visible()
        yield page


def _accept(context: Context, clock: FixedClock) -> None:
    request = CaseRequest(only_submission(context).id, 0, _code(context))
    assert deciding.accept(context, request, AcceptanceInput(term=0))
    clock.advance(AFTER_UNDO)


def _code(context: Context) -> str:
    with context.store.read() as db:
        return str(db.execute("select code from staff where login = 'hoaian'").fetchone()[0])


def _assert_whole(desk: Page, context: Context, addresses: list[str]) -> None:
    """Check pages in all text sizes and on all screens: nothing is cut off, and no word is broken."""
    found = []
    for view in VIEWS:
        with context.store.write() as db:
            desk_views.put(db, _code(context), view)
        for address in addresses:
            desk.goto(address)
            expect(desk.locator(".open")).to_be_visible()
            wait_for_page(desk)
            for size in SIZES:
                desk.set_viewport_size(size)
                desk.wait_for_function(DRAWN, arg=size["width"])
                place = (address.partition("?")[0].rpartition("/")[2], view.size, size["width"])
                found += [(*place, part) for part in desk.evaluate(CUT) + desk.evaluate(BROKEN)]
    assert not found, found


def test_a_called_case_is_whole_at_every_size(desk: Page, context: Context) -> None:
    text = desk.locator(".form").inner_text()
    assert re.search(r"\b\d{12}\b", text), "an id number is on the page"
    case = f"/officer/case/{only_submission(context).id}"
    _assert_whole(desk, context, ["/officer/", f"{case}/accepted", f"{case}/supplement"])


@pytest.mark.smoke
def test_an_accepted_case_is_whole_at_every_size(desk: Page, context: Context, clock: FixedClock) -> None:
    _accept(context, clock)
    case = f"/officer/case/{only_submission(context).id}"
    desk.goto("/officer/")
    expect(desk.locator(".folder")).to_contain_text("Đã tiếp nhận")
    expect(desk.locator(".folder [data-key=F10]")).to_be_visible()
    _assert_whole(desk, context, ["/officer/", f"{case}/extended", f"{case}/handed_out"])


def test_the_consent_to_messages_shows_its_number_at_every_size(desk: Page, context: Context) -> None:
    with context.store.write() as db:
        message_consents.record_offer(db, is_offered=True)
    hidden = []
    for view in VIEWS:
        with context.store.write() as db:
            desk_views.put(db, _code(context), view)
        desk.goto("/officer/")
        desk.locator("summary", has_text="Nhắn tin: chưa đồng ý").click()
        expect(desk.locator("#message-number")).to_have_value("0905000123")
        for size in SIZES:
            desk.set_viewport_size(size)
            desk.wait_for_function(DRAWN, arg=size["width"])
            if desk.locator("#message-number").evaluate("(box) => box.scrollWidth > box.clientWidth"):
                hidden.append((view.size, size["width"]))
            assert desk.evaluate(CUT) == [], (view.size, size["width"])
    assert hidden == []
