"""The next person finds nothing: not by the back button, not in storage, not in settings, not after an idle screen.

The back-forward cache is really on (Playwright turns it off by itself, and such a test would pass for nothing). A kiosk
that lets its pages be kept must leak without the guard, and must not with it: that proves that the test bites.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from tests.browser.conftest import ARGS, CHROMIUM, GLASS
from tests.browser.kiosks import ROOT, Practice
from tests.browser.walking import Person

GUARD = """addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});"""
SECRET = "Nguyễn Thị Diệu Hiền"


@pytest.fixture(scope="module")
def remembering(play: Playwright) -> Iterator[Browser]:
    """A browser as a ward has it: it keeps pages for the back button."""
    off = ["--disable-back-forward-cache"]
    browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGS, ignore_default_args=off)
    yield browser
    browser.close()


@pytest.fixture
def browser_context(remembering: Browser) -> Iterator[BrowserContext]:
    browser_context = remembering.new_context(**GLASS)  # type: ignore[arg-type]
    yield browser_context
    browser_context.close()


KEPT_BACK = {"cache-control", "clear-site-data", "transfer-encoding", "content-length", "connection", "date", "server"}


class Careless(BaseHTTPRequestHandler):
    """The kiosk's own pages, without a word on who may keep them; and without the guard, if so asked."""

    port: int
    is_guarded: bool

    def do_GET(self) -> None:
        kiosk = HTTPConnection("127.0.0.1", self.port, timeout=10)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
        kiosk.request(self.command, self.path, body, headers)
        answer = kiosk.getresponse()
        content = answer.read()
        kiosk.close()
        if not self.is_guarded:
            content = content.replace(GUARD.encode(), b"")
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            # A changed cookie drops what was kept: the session ends in the store all the same.
            if name.lower() not in KEPT_BACK and not (name.lower() == "set-cookie" and self.path == "/leave"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET  # noqa: N815 - http.server calls it so

    def log_message(self, *_args: object) -> None:
        pass


@contextmanager
def careless(kiosk: Practice, *, is_guarded: bool) -> Iterator[str]:
    handler = type("Careless", (Careless,), {"port": kiosk.port, "is_guarded": is_guarded})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def back(page: Page, times: int = 3) -> list[str]:
    """What the next person sees with the browser's back button, each time."""
    seen: list[str] = []
    for _ in range(times):
        page.evaluate("void setTimeout(() => history.back())")
        # A page out of memory does not load, so there is no load to wait for.
        page.wait_for_timeout(800)
        seen.append(page.content())
    return seen


def visit(person: Person) -> None:
    """Somebody scans a card and sees the name."""
    person.go("/need/2.000635")
    person.choose("giay_nao", "khai_sinh")
    person.onward()
    person.card("Mẹ")
    assert SECRET in person.page.locator("main").inner_text()


def test_the_back_button_shows_the_next_person_nothing(person: Person) -> None:
    visit(person)
    person.leave()
    assert [text for text in back(person.page) if SECRET in text] == []
    # A form that is gone answers 410, and Chromium notes that.
    person.faults[:] = [fault for fault in person.faults if "410" not in fault]


@pytest.mark.parametrize("is_guarded", [False, True])
def test_a_kiosk_that_lets_its_pages_be_kept_leaks_without_the_guard_alone(
    standing: Callable[[str], Person], kiosk: Practice, is_guarded: bool
) -> None:
    assert GUARD in (ROOT / "static" / "pages.js").read_text("utf-8")
    with careless(kiosk, is_guarded=is_guarded) as address:
        person = standing(address)
        visit(person)
        person.leave()
        assert any(SECRET in text for text in back(person.page)) is not is_guarded
        person.page.goto("about:blank")
    person.faults[:] = [fault for fault in person.faults if "410" not in fault]


def test_storage_and_cookies_are_empty_after_leaving(person: Person, browser_context: BrowserContext) -> None:
    visit(person)
    of_visit = {one["value"] for one in browser_context.cookies()}  # type: ignore[typeddict-item]
    person.leave()
    assert person.page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert person.page.evaluate("indexedDB.databases().then(found => found.length)") == 0
    assert person.page.evaluate("caches.keys().then(found => found.length)") == 0
    assert person.page.evaluate("navigator.serviceWorker.getRegistrations().then(found => found.length)") == 0
    assert of_visit
    assert of_visit.isdisjoint({one["value"] for one in browser_context.cookies()})  # type: ignore[typeddict-item]


def test_a_copied_cookie_opens_nothing_after_leaving(
    person: Person, browser_context: BrowserContext, kiosk: Practice
) -> None:
    visit(person)
    form = person.path
    copied = browser_context.cookies()
    person.leave()
    browser_context.add_cookies(copied)  # type: ignore[arg-type]
    answer = person.page.goto(kiosk.address + form)
    assert answer is not None
    assert SECRET not in answer.text()
    person.faults[:] = [fault for fault in person.faults if "410" not in fault]


def test_settings_are_the_usual_ones_for_the_next_person(person: Person) -> None:
    person.go("/")
    person.send("Nền tối")
    person.send("English")
    root = person.page.locator("html")
    assert (root.get_attribute("data-theme"), root.get_attribute("lang")) == ("dark", "en")
    person.page.get_by_role("link", name="Text size").tap()
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


def top_at(person: Person, words: str) -> str:
    """What lies uppermost where these words stand: the id of the nearest thing that has one."""
    top = """it => { const box = it.getBoundingClientRect();
      return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2).closest("[id]").id; }"""
    return str(person.page.get_by_text(words).evaluate(top))


def test_an_idle_screen_warns_counts_and_wipes(person: Person) -> None:
    person.page.clock.install()
    visit(person)
    cover = person.page.locator("#idle")
    person.page.clock.run_for(58_000)
    assert cover.is_hidden()
    person.page.clock.run_for(3_000)
    assert cover.is_visible()
    assert top_at(person, SECRET) == "idle"
    left = int(cover.locator("[data-left]").inner_text())
    person.page.clock.run_for(5_000)
    assert int(cover.locator("[data-left]").inner_text()) == left - 5
    person.page.clock.run_for(13_000)
    assert cover.is_visible()
    with person.page.expect_navigation(url=f"{person.address}/"):
        person.page.clock.run_for(4_000)
    assert left >= 19
    assert [text for text in back(person.page, 1) if SECRET in text] == []
    person.faults[:] = [fault for fault in person.faults if "410" not in fault]


def test_a_touch_on_the_cover_goes_on(person: Person) -> None:
    person.page.clock.install()
    visit(person)
    person.page.clock.run_for(61_000)
    person.press("Tôi vẫn đang làm")
    assert person.page.locator("#idle").is_hidden()
    person.page.clock.run_for(58_000)
    assert person.page.locator("#idle").is_hidden()
    assert person.page.get_by_text(SECRET).is_visible()
