"""Every page of the desk at three sizes and in three text sizes: nothing scrolls sideways.

The top bar has all links that it can have.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize, expect
from werkzeug.routing import MapAdapter, RequestRedirect

from kiosk.acts import desk_posts, queueing
from kiosk.context import Context
from kiosk.records import desk_views, submissions
from kiosk.records.desk_views import DeskView
from tests.browser.laptop import add_officer, open_desk, wait_for_page
from tests.browser.test_desk_layout import SIZES
from tests.journeys.submission_checks import only_submission
from tests.papers.forms import BIRTH

OTHER_WALKS = {
    "officer.answer": "a page with errors, at an address of its own",
    "officer.assist": "leads to the form's first page",
    "officer.assist_pick": "a list without a script",
    "officer.correct_pick": "a list without a script",
    "officer.no_page": "what an address of no page shows, like every refusal",
    "officer.pay": "a page for the citizen: a code of a ward with an account",
    "officer.reopen": "a case after a decision",
    "officer.scan": "a picture",
    "officer.scan_page": "a picture",
    "officer.scan_signatures": "a scan with a digital signature",
    "officer.stack": "test_paper_stack has a scanner",
    "officer.stack_page": "a picture",
    "officer.trail": "the auditor's page",
    "officer.twice": "test_twice has two forms of one matter",
}
"""Pages that a lead with an open case cannot visit."""
FRAGMENTS = {
    "officer.case_state",
    "officer.help_calls_panel",
    "officer.now_live",
    "officer.prints",
    "officer.queue",
    "officer.stack_live",
    "officer.transfer_live",
    "officer.unsent_fields",
}
"""Parts of pages, and what their scripts ask for."""
RIGHT_EDGE = """() => Math.max(
    document.documentElement.scrollWidth,
    ...[...document.querySelectorAll(".top > *, .top .tools > *")].map((one) => one.getBoundingClientRect().right)
)"""


@pytest.fixture
def context(birth_filed: Context) -> Context:
    """Submit a mother's form that the portal returned, draw 12 more tickets, and keep a typed post for the lead."""
    context = birth_filed
    add_officer(context, role="lead", name="Nguyễn Phúc Hoài An")
    for _ in range(12):
        queueing.draw_ticket(context, context.config.series[0])
    return context


@pytest.fixture
def desk(app: Flask, context: Context, chromium: Browser) -> Iterator[Page]:
    """Open a lead's browser with the mother's form, and all links that the top bar can have."""
    with open_desk(chromium, app) as page:
        expect(page.locator(".case-head h1")).to_be_visible()
        wait_for_page(page)
        submission = only_submission(context)
        with context.store.write() as db:
            code = db.execute("select code from staff where login = 'hoaian'").fetchone()[0]
            submissions.set_delivery(db, submission.id, "quarantined", context.clock.now())
        desk_posts.keep_unsent(context, code, "/officer/", [("note", "Hẹn gọi lại")])
        yield page


def _set_view(context: Context, view: DeskView) -> None:
    with context.store.write() as db:
        code = db.execute("select code from staff where login = 'hoaian'").fetchone()[0]
        desk_views.put(db, code, view)


def _endpoint(urls: MapAdapter, path: str) -> str:
    try:
        return str(urls.match(path, method="GET")[0])
    except RequestRedirect:
        return ""


def _is_page(desk: Page, address: str) -> bool:
    kind = desk.request.get(address, max_redirects=0).headers.get("content-type", "")
    return kind.startswith("text/html")


def _begin_form(desk: Page) -> str:
    """Begin a form for a citizen; return the address of its first page."""
    desk.goto(f"/officer/assist/new/{BIRTH}")
    for name, value in (("cha_me", "da_ket_hon"), ("noi_de", "co_so_y_te"), ("comes", "self")):
        desk.check(f"input[name={name}][value={value}]", force=True)
    with desk.expect_navigation():
        desk.click("[data-ctrl-enter]")
    wait_for_page(desk)
    return urlsplit(desk.url).path


def _pages(desk: Page, app: Flask, context: Context) -> dict[str, str]:
    """Return an address of each page of the desk by endpoint: those without arguments, and those that they link."""
    urls = app.url_map.bind("")
    submission_id = only_submission(context).id
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("officer.")]
    todo = [rule.rule for rule in rules if "GET" in (rule.methods or ()) and not rule.arguments]
    form = _begin_form(desk)
    todo += [f"/officer/case/{submission_id}/supplement", f"/officer/assist/new/{BIRTH}"]
    todo += [form, f"{form.partition('/page/')[0]}/review"]
    found: dict[str, str] = {}
    while todo:
        address = todo.pop(0)
        endpoint = _endpoint(urls, address.partition("?")[0].partition("#")[0])
        if not endpoint.startswith("officer.") or endpoint in found or endpoint in FRAGMENTS:
            continue
        found[endpoint] = address if _is_page(desk, address) else ""
        if found[endpoint]:
            desk.goto(address)
            links = desk.locator("a[href^='/officer/']").evaluate_all("all => all.map((a) => a.getAttribute('href'))")
            todo += links
    return {endpoint: address for endpoint, address in found.items() if address}


def _endpoints_of_pages(app: Flask) -> set[str]:
    files = (".pdf", ".xlsx", ".json", ".png", "-file", "/rows", "/count", "/version", "/turn")
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("officer.") and "GET" in (rule.methods or ()) and not rule.rule.endswith(files)
    }


def _right_edge(desk: Page, size: ViewportSize) -> float:
    """Return how far a page and the parts of its top bar reach, in CSS pixels."""
    desk.set_viewport_size(size)
    return float(desk.evaluate(RIGHT_EDGE))


def test_no_page_of_the_desk_scrolls_sideways(desk: Page, app: Flask, context: Context) -> None:
    pages = _pages(desk, app, context)
    assert _endpoints_of_pages(app) - set(pages) - set(OTHER_WALKS) - FRAGMENTS == set()
    too_wide = []
    for view in (DeskView(), DeskView("dark", "large"), DeskView("dark", "larger")):
        _set_view(context, view)
        for address in pages.values():
            desk.goto(address)
            edges = [(size["width"], _right_edge(desk, size)) for size in SIZES]
            too_wide += [(address, view.size, width, edge) for width, edge in edges if edge > width]
    assert too_wide == []
