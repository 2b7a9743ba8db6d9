"""A page with the keyboard in Chromium, by touch.

The page is the project's own template part with the project's own scripts; only what surrounds them is made up.
"""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import jinja2
import pytest
from playwright.sync_api import Browser, Locator, Page, Playwright

ROOT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DEFAULTS = {"mm": "5.6", "tone": "old", "view": "all", "heading": "Thử bàn phím"}


def _static(endpoint: str, filename: str) -> str:
    return f"/{endpoint}/{filename}"


def _words(text: str, **values: object) -> str:
    return text % values if values else text


def shown(query: str) -> str:
    """The test page with what the address asks for (view, theme, size, mode, tone, mm)."""
    loader = jinja2.FileSystemLoader([Path(__file__).parent, ROOT / "templates"])
    jinja = jinja2.Environment(loader=loader, autoescape=True)
    return jinja.get_template("page.html").render(DEFAULTS | dict(parse_qsl(query)), _=_words, url_for=_static)


class Pages(SimpleHTTPRequestHandler):
    """Serves /page and everything under /static."""

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {".js": "text/javascript", ".woff2": "font/woff2"}

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path != "/page":
            super().do_GET()
            return
        body = shown(address.query).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture(scope="session")
def keyboard_pages() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Pages, directory=str(ROOT)))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def chromium(play: Playwright) -> Iterator[Browser]:
    browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
    yield browser
    browser.close()


class Kiosk:
    """A person at the glass: what can be touched, what can be read."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.faults: list[str] = []
        self._glass = page.context.new_cdp_session(page)

    def open(self, **what: str) -> "Kiosk":
        """Show the page; a fault in a script fails the test at its end."""
        self.page.goto(f"{self.address}/page?" + "&".join(f"{key}={value}" for key, value in what.items()))
        self.page.evaluate("document.fonts.ready.then(() => true)")
        return self

    def field(self, name: str) -> Locator:
        return self.page.locator(f'[id="{name}"]')

    def enter(self, name: str) -> None:
        self.field(name).tap()

    def value(self, name: str) -> str:
        return self.field(name).input_value()

    def key(self, name: str) -> Locator:
        """A visible key by what stands on it, or by what it does ("acute", "erase")."""
        for key in (f'[data-key="{name}"]', f'[data-tone="{name}"]', f'[data-act="{name}"]', f':text-is("{name}")'):
            found = self.page.locator(f"#keyboard button{key}:visible")
            if found.count():
                return found.first
        raise LookupError(name)

    def touch(self, *names: str) -> None:
        for name in names:
            self.key(name).tap()

    def touch_text(self, text: str) -> None:
        self.touch(*text)

    def fingers(self, *events: tuple[str, float, float]) -> None:
        """Raw touches: ("touchStart" | "touchMove" | "touchEnd", x, y)."""
        for kind, x, y in events:
            points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
            self._glass.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


@pytest.fixture
def kiosk(chromium: Browser, keyboard_pages: str) -> Iterator[Kiosk]:
    browser_context = chromium.new_context(viewport={"width": 1080, "height": 1920}, has_touch=True, locale="vi-VN")
    page = browser_context.new_page()
    person = Kiosk(page, keyboard_pages)
    page.on("pageerror", lambda fault: person.faults.append(str(fault)))
    page.on("console", lambda line: person.faults.append(line.text) if line.type == "error" else None)
    yield person
    browser_context.close()
    assert person.faults == []


@pytest.fixture
def compact(chromium: Browser, keyboard_pages: str) -> Iterator[Kiosk]:
    browser_context = chromium.new_context(viewport={"width": 1280, "height": 800}, has_touch=True, locale="vi-VN")
    yield Kiosk(browser_context.new_page(), keyboard_pages)
    browser_context.close()


@pytest.fixture(scope="module")
def engine(chromium: Browser, keyboard_pages: str) -> Iterator[Page]:
    """A blank page with the typing engine as `window.vi`."""
    page = chromium.new_page()
    page.goto(f"{keyboard_pages}/page?view=date")
    page.evaluate("import('/static/vietnamese.js').then((engine) => { window.vi = engine; })")
    yield page
    page.close()
