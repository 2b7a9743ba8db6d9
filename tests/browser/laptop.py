"""Laptop of the staff, a browser of 1366x768: sign-in, and the checks that every page must pass."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, Page, expect

from kiosk.acts import signing
from kiosk.context import Context
from kiosk.web import loopback_server
from tests.look.rules import AXE, find_violations
from tests.serving import served

LAPTOP = {"viewport": {"width": 1366, "height": 768}, "locale": "vi-VN"}
PATIENCE = 60_000  # ms: only a hang takes so long
LOGIN = "hoaian"
PASSWORD = "mật khẩu riêng"


@contextmanager
def open_laptop(chromium: Browser, app: Flask, path: str = "", **options: Any) -> Iterator[Page]:
    """Serve an app and yield a page, at a path if there is one; an error of a script fails the test at its end.

    `options` are those of Playwright's `new_context`. A page whose requests a test answers itself is opened with
    `service_workers="block"`: those that the service worker sends again are not seen by `Page.route`.
    """
    with served(app, **loopback_server.LIMITS) as address:
        browser_context = chromium.new_context(**LAPTOP, base_url=address, **options)  # type: ignore[arg-type]
        page = browser_context.new_page()
        page.set_default_timeout(PATIENCE)
        script_errors: list[str] = []
        page.on("pageerror", lambda error: script_errors.append(str(error)))
        if path:
            page.goto(path)
        yield page
        browser_context.close()
    assert script_errors == []


def add_officer(context: Context, *, role: str = "officer", name: str = "Lê Hoài An") -> None:
    """Add the officer of the tests, who signs in with `LOGIN` and `PASSWORD`."""
    signing.add_person(context, LOGIN, name=name, role=role, password=PASSWORD)


@contextmanager
def open_desk(chromium: Browser, app: Flask) -> Iterator[Page]:
    """Open the officer's browser at counter 1 and call the first number."""
    with open_laptop(chromium, app) as page:
        seat_officer(page, LOGIN, counter=1)
        call_next(page)
        yield page


def sign_in_officer(page: Page, login: str, password: str, counter: int | None = None) -> None:
    """Fill in and send the sign-in page of officers; without a counter, a lead sits at none."""
    page.fill("#login", login)
    page.fill("#password", password)
    if counter is not None:
        page.check(f"input[name=counter][value='{counter}']")
    with page.expect_navigation():
        page.click("button.main")


def seat_officer(page: Page, login: str, counter: int) -> None:
    """Open the desk of an officer who has signed in at a counter; the page for that has walks of its own."""
    fields = {"login": login, "password": PASSWORD, "counter": str(counter)}
    answer = page.context.request.post("/signin", form=fields, max_redirects=0)
    assert answer.status == 303
    page.goto(answer.headers["location"])
    wait_for_page(page)


def open_counter(chromium: Browser, address: str, login: str, counter: int) -> Page:
    """Open a browser in which an officer has signed in at a counter."""
    page = chromium.new_context(**LAPTOP, base_url=address).new_page()  # type: ignore[arg-type]
    page.set_default_timeout(PATIENCE)
    seat_officer(page, login, counter)
    return page


def wait_for_page(page: Page) -> None:
    """Wait until nothing is being sent and the page takes keys."""
    expect(page.locator("body:not([aria-busy])")).to_be_attached()
    page.wait_for_load_state()


def call_next(page: Page, label: str = "A001") -> None:
    """Press the key that calls the next number, and wait for its page."""
    page.keyboard.press("F2")
    expect(page.locator(".plaque b")).to_have_text(label)
    wait_for_page(page)


def sign_in_technician(page: Page, password: str) -> None:
    """Fill in and send the sign-in page of technicians."""
    page.fill("#password", password)
    page.locator("main form button").first.click()
    page.wait_for_url("**/technician/")


def axe_violations(page: Page, options: dict[str, Any] = AXE) -> list[tuple[str, list[str]]]:
    """Return the rules that a page breaks, each with the HTML of up to three places."""
    violations = find_violations(page, options)
    return [(violation["id"], [node["html"][:100] for node in violation["nodes"]][:3]) for violation in violations]


def assert_accessible(page: Page, options: dict[str, Any] = AXE) -> None:
    """Check that axe finds nothing and that the page does not scroll sideways."""
    page.wait_for_load_state()
    violations = axe_violations(page, options)
    assert violations == [], f"{page.url}: {violations}"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
