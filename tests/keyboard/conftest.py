"""Fixtures for the on-screen keyboard in Chromium, used by touch.

The page has the project's template part and scripts; only the rest of the page is made up.
"""

import threading
from collections.abc import Iterator
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import jinja2
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.keyboard.keys import touch_key

ROOT = Path(__file__).parents[2]
LATER = """() => new Promise((done) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = done;
  port2.postMessage(null);
})"""
"""Resolves after the events that wait; the clock may be stopped."""
DEFAULTS = {"mm": "5.6", "tone": "old", "view": "all", "heading": "Thử bàn phím"}


def _static(endpoint: str, filename: str = "") -> str:
    return f"/{endpoint}/{filename}"


def _words(text: str, **values: object) -> str:
    return text % values if values else text


@cache
def _page_template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader([Path(__file__).parent, ROOT / "templates"])
    return jinja2.Environment(loader=loader, autoescape=True).get_template("page.html")


def render_page(query: str) -> str:
    """Return the test page for a query string (view, theme, size, mode, tone, mm)."""
    return _page_template().render(DEFAULTS | dict(parse_qsl(query)), _=_words, url_for=_static)


class PageHandler(SimpleHTTPRequestHandler):
    """Serves /page and all files under /static; takes the typing method as the kiosk does."""

    protocol_version = "HTTP/1.1"  # one connection for the 15 files of a page
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {".js": "text/javascript", ".woff2": "font/woff2"}

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path != "/page":
            super().do_GET()
            return
        body = render_page(url.query).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture(scope="session")
def keyboard_pages() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(PageHandler, directory=str(ROOT)))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


class KeyboardPage:
    """The test page as a person uses it: touches keys, reads fields."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.errors: list[str] = []
        self._devtools = page.context.new_cdp_session(page)

    def open(self, **query: str) -> "KeyboardPage":
        """Open the page; an error in a script fails the test at its end."""
        self.page.goto(f"{self.address}/page?" + "&".join(f"{key}={value}" for key, value in query.items()))
        self.page.evaluate("document.fonts.ready.then(() => true)")
        return self

    def field(self, name: str) -> Locator:
        return self.page.locator(f'[id="{name}"]')

    def enter(self, name: str) -> None:
        """Touch a field, and wait until it takes letters: a touch becomes a click, then the keys come."""
        self.field(name).tap()
        expect(self.field(name)).to_be_focused()
        self.page.evaluate("new Promise((done) => setTimeout(done))")

    def value(self, name: str) -> str:
        """Return what is in a field after the touches and keys that were sent."""
        self.page.evaluate(LATER)
        return self.field(name).input_value()

    def key(self, name: str) -> Locator:
        """Return a visible key by its label or its action ("acute", "erase")."""
        for selector in (
            f'[data-key="{name}"]',
            f'[data-tone="{name}"]',
            f'[data-act="{name}"]',
            f':text-is("{name}")',
        ):
            key = self.page.locator(f"#keyboard button{selector}:visible")
            if key.count():
                return key.first
        raise LookupError(name)

    def touch(self, *names: str) -> None:
        """Touch keys, and wait until the page has done what they do."""
        for name in names:
            touch_key(self.page, name)
        self.page.evaluate(LATER)

    def touch_text(self, text: str) -> None:
        self.touch(*text)

    def send_touches(self, *events: tuple[str, float, float]) -> None:
        """Send raw touch events: ("touchStart" | "touchMove" | "touchEnd", x, y)."""
        for kind, x, y in events:
            points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
            self._devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


@pytest.fixture
def kiosk(chromium: Browser, keyboard_pages: str) -> Iterator[KeyboardPage]:
    browser_context = chromium.new_context(viewport={"width": 1080, "height": 1920}, has_touch=True, locale="vi-VN")
    page = browser_context.new_page()
    person = KeyboardPage(page, keyboard_pages)
    page.on("pageerror", lambda error: person.errors.append(str(error)))
    page.on("console", lambda message: person.errors.append(message.text) if message.type == "error" else None)
    yield person
    browser_context.close()
    assert person.errors == []


@pytest.fixture
def compact(chromium: Browser, keyboard_pages: str) -> Iterator[KeyboardPage]:
    browser_context = chromium.new_context(viewport={"width": 1280, "height": 800}, has_touch=True, locale="vi-VN")
    yield KeyboardPage(browser_context.new_page(), keyboard_pages)
    browser_context.close()


@pytest.fixture(scope="module")
def engine(chromium: Browser, keyboard_pages: str) -> Iterator[Page]:
    """Yield a blank page with the typing engine as `window.vi`."""
    page = chromium.new_page()
    page.goto(f"{keyboard_pages}/page?view=date")
    page.evaluate("import('/static/vietnamese.js').then((engine) => { window.vi = engine; })")
    yield page
    page.close()
