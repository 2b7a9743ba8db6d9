"""The next person finds nothing: not by the back button, not in storage, not in settings, not after an idle screen.

The back-forward cache is on: Playwright turns it off by default, and then this test could not fail. A kiosk whose
pages may be cached leaks without the guard, and does not with it; this proves that the test finds a leak.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright

from tests.browser.conftest import TOUCHSCREEN
from tests.browser.kiosks import ROOT, PracticeKiosk
from tests.browser.person import Person
from tests.chromium import ARGS, CHROMIUM

GUARD = """addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});"""
SECRET = "Nguyễn Thị Diệu Hiền"
PATIENCE = 100  # looks at a page, 0.1 s apart, until a slow reload has replaced it


@pytest.fixture(scope="module")
def caching_browser(play: Playwright) -> Iterator[Browser]:
    """Launch a browser that caches pages for the back button, as a ward's browser does."""
    browser = play.chromium.launch(
        executable_path=CHROMIUM, args=ARGS, ignore_default_args=["--disable-back-forward-cache"]
    )
    yield browser
    browser.close()


@pytest.fixture
def browser_context(caching_browser: Browser) -> Iterator[BrowserContext]:
    browser_context = caching_browser.new_context(**TOUCHSCREEN)  # type: ignore[arg-type]
    yield browser_context
    browser_context.close()


DROPPED = {"cache-control", "clear-site-data", "transfer-encoding", "content-length", "connection", "date", "server"}
"""Headers that the proxy keeps from the browser."""
NOT_PASSED_ON = {"connection", "accept-encoding"}
"""Headers that the proxy keeps from the kiosk: it changes scripts, so they must not be compressed."""

TURN = "/form/turn?"
"""Address at which a page asks whose turn it is; a page whose form is gone shows the name until the answer."""


class CacheableProxy(BaseHTTPRequestHandler):
    """Proxy that serves the kiosk's pages without cache headers, and without the guard if not `is_guarded`.

    A page never hears whose turn it is, so that nothing but the guard takes it away.
    """

    port: int
    is_guarded: bool

    def do_GET(self) -> None:
        if self.path.startswith(TURN):
            self.send_response(204)
            self.end_headers()
            return
        kiosk = HTTPConnection("127.0.0.1", self.port, timeout=60)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name: value for name, value in self.headers.items() if name.lower() not in NOT_PASSED_ON}
        kiosk.request(self.command, self.path, body, headers)
        answer = kiosk.getresponse()
        content = answer.read()
        kiosk.close()
        if not self.is_guarded:
            content = content.replace(GUARD.encode(), b"")
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            # A changed cookie would drop cached pages; the session ends in the store all the same.
            if name.lower() not in DROPPED and not (name.lower() == "set-cookie" and self.path == "/leave"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET  # noqa: N815 - http.server needs this name

    def log_message(self, *_args: object) -> None:
        pass


@contextmanager
def serve_cacheable(kiosk: PracticeKiosk, *, is_guarded: bool) -> Iterator[str]:
    """Serve the kiosk's pages through a `CacheableProxy`; yield its address."""
    handler = type("CacheableProxy", (CacheableProxy,), {"port": kiosk.port, "is_guarded": is_guarded})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def go_back(page: Page, times: int = 3) -> list[str]:
    """Press the browser's back button some times; return the HTML after each, and after a reload of the page."""
    contents: list[str] = []
    for _ in range(times):
        address = page.url
        page.evaluate("void setTimeout(() => history.back())")
        # A page from the cache does not load, so there is no load to wait for; the last step leads nowhere.
        for _ in range(30):
            page.wait_for_timeout(100)
            if page.url != address:
                break
        page.wait_for_timeout(800)
        contents.append(content_of(page))
        for _ in range(PATIENCE):
            if SECRET not in contents[-1]:
                break
            page.wait_for_timeout(100)
            contents[-1] = content_of(page)
    return contents


def content_of(page: Page) -> str:
    """Return the HTML of a page; while it navigates it has none."""
    while True:
        try:
            return page.content()
        except Error:
            page.wait_for_timeout(100)


def visit(person: Person) -> None:
    """Scan a card, so that the page shows a name."""
    person.go("/need/2.000635")
    person.choose("giay_nao", "khai_sinh")
    person.onward()
    person.card("Mẹ")
    assert SECRET in person.page.locator("main").inner_text()


def is_leaking(person: Person) -> bool:
    """Visit, leave and go back; return whether the name is shown again."""
    visit(person)
    person.leave()
    return any(SECRET in text for text in go_back(person.page))


@pytest.mark.smoke
def test_the_back_button_shows_the_next_person_nothing(person: Person) -> None:
    assert not is_leaking(person)
    # The address of a deleted form answers 410, and Chromium logs that.
    person.ignore_faults("410")


@pytest.mark.parametrize("is_guarded", [False, True])
def test_a_kiosk_that_lets_its_pages_be_kept_leaks_without_the_guard_alone(
    new_person: Callable[[str], Person], kiosk: PracticeKiosk, is_guarded: bool
) -> None:
    assert GUARD in (ROOT / "static" / "pages.js").read_text("utf-8")
    with serve_cacheable(kiosk, is_guarded=is_guarded) as address:
        person = new_person(address)
        assert is_leaking(person) is not is_guarded
        person.page.goto("about:blank")
    person.ignore_faults("410")


@pytest.mark.smoke
def test_storage_and_cookies_are_empty_after_leaving(person: Person, browser_context: BrowserContext) -> None:
    visit(person)
    of_visit = {cookie["value"] for cookie in browser_context.cookies()}  # type: ignore[typeddict-item]
    person.leave()
    assert person.page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert person.page.evaluate("indexedDB.databases().then(found => found.length)") == 0
    assert person.page.evaluate("caches.keys().then(found => found.length)") == 0
    assert person.page.evaluate("navigator.serviceWorker.getRegistrations().then(found => found.length)") == 0
    assert of_visit
    after = {cookie["value"] for cookie in browser_context.cookies()}  # type: ignore[typeddict-item]
    assert of_visit.isdisjoint(after)


def test_a_copied_cookie_opens_nothing_after_leaving(
    person: Person, browser_context: BrowserContext, kiosk: PracticeKiosk
) -> None:
    visit(person)
    form = person.path
    copied = browser_context.cookies()
    person.leave()
    browser_context.add_cookies(copied)  # type: ignore[arg-type]
    answer = person.page.goto(kiosk.address + form)
    assert answer is not None
    assert SECRET not in answer.text()
    person.ignore_faults("410")


def test_settings_are_the_usual_ones_for_the_next_person(person: Person) -> None:
    person.go("/")
    person.send("Nền tối")
    person.send("English")
    root = person.page.locator("html")
    assert (root.get_attribute("data-theme"), root.get_attribute("lang")) == ("dark", "en")
    person.page.get_by_role("link", name="Size, colours").tap()
    person.page.locator(".scrim [name=size][value=xl]").tap()
    person.page.locator(".scrim [data-close]").last.tap()
    person.go("/need/2.000635")
    assert person.page.locator("html").get_attribute("data-size") == "xl"
    person.page.locator(".foot form[action$='/leave'] button").tap()
    person.page.wait_for_url(f"{person.address}/")
    shown = person.page.locator("html").evaluate(
        "root => [root.lang, root.dataset.theme ?? '', root.dataset.size ?? '']"
    )
    assert shown == ["vi", "", ""]


# --- an idle screen


def id_on_top_of(person: Person, words: str) -> str:
    """Return the id of the uppermost element at the place of some words, or of its nearest parent with an id."""
    top = """it => { const box = it.getBoundingClientRect();
      return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2).closest("[id]").id; }"""
    return str(person.page.get_by_text(words).evaluate(top))


def visit_with_stopped_clock(person: Person) -> None:
    """Visit, stop the page's clock, which then only the test moves, and touch the page."""
    person.page.clock.install()
    visit(person)
    person.page.clock.pause_at(person.page.evaluate("Date.now() / 1000 + 1"))
    person.page.locator("h1").tap()


@pytest.mark.smoke
def test_an_idle_screen_warns_counts_and_wipes(person: Person) -> None:
    visit_with_stopped_clock(person)
    cover = person.page.locator("#idle")
    person.page.clock.run_for(58_000)
    assert cover.is_hidden()
    person.page.clock.run_for(3_000)
    assert cover.is_visible()
    assert id_on_top_of(person, SECRET) == "idle"
    left = int(cover.locator("[data-left]").inner_text())
    assert left >= 19
    person.page.clock.run_for(5_000)
    assert int(cover.locator("[data-left]").inner_text()) == left - 5
    person.page.clock.run_for(13_000)
    assert cover.is_visible()
    with person.page.expect_navigation(url=f"{person.address}/"):
        person.page.clock.run_for(4_000)
    assert [text for text in go_back(person.page, 1) if SECRET in text] == []
    person.ignore_faults("410")


def test_a_touch_on_the_cover_goes_on(person: Person) -> None:
    visit_with_stopped_clock(person)
    person.page.clock.run_for(61_000)
    person.press("Còn khai tiếp")
    assert person.page.locator("#idle").is_hidden()
    person.page.clock.run_for(58_000)
    assert person.page.locator("#idle").is_hidden()
    assert person.page.get_by_text(SECRET).is_visible()
