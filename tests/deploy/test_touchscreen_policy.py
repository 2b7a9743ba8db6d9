"""The shipped policy of the touchscreen's browser: each way out is tried, and each planted gap is found.

Tests that press keys start a browser each and take minutes, so only `make machine` runs them.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Playwright

from kiosk.acts import signing
from kiosk.config import ROOT, Config
from tests.browser.glass import kiosk_with
from tests.browser.screens import SCREENS
from tests.deploy.touchscreen import BLOCKED, LOCKED, SETUP, Touchscreen, read_policy, touchscreen
from tests.serving import served_on_loopback

pytestmark = pytest.mark.browser
WHO_MAY = ROOT / "tests" / "project" / "who_may.txt"
CHROMIUM = Path("/usr/lib/chromium/chromium")
CITIZENS = ("/", "/choose", "/status", "/need/1.001193", "/display/", "/tap/", "/alive")
STILL = "/alive"
"""A page without clock, caret and animation."""
DIALOG_SECONDS = 30.0
"""Until a dialog of the browser is there, on a busy machine too."""
STAFF = ("officer", "technician", "signin", "practice", "tablet")
OUTSIDE = (
    "file:///etc/passwd",
    "view-source:{kiosk}/",
    "data:text/html,out",
    "http://localhost:{port}/",
    "http://127.0.0.1:631/",
    "https://portal.example/",
    "ftp://portal.example/",
    "chrome://settings",
    "chrome://history",
    "chrome://version",
    "chrome-untrusted://print/",
    "devtools://devtools/bundled/inspector.html",
)
DEAD_KEYS = ("ctrl shift n", "ctrl p", "ctrl s", "ctrl o", "ctrl shift p", "ctrl d")
"""Shortcuts that change nothing on the screen."""
OTHER_KEYS = ("ctrl n", "ctrl t", "ctrl u", "ctrl h", "ctrl j", "F1", "ctrl shift o", "ctrl shift Delete")
"""Shortcuts that open a page, which must be blocked or the kiosk's own."""


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory, shared_app: Flask) -> Iterator[str]:
    """Serve a practice kiosk, in which a technician may sign in, and yield its address."""
    folder = tmp_path_factory.mktemp("kiosk")
    with kiosk_with(SCREENS["1080x1920"], folder, shared_app) as app, served_on_loopback(app) as address:
        signing.reset_demo_technician(app.extensions["context"])
        yield address


@pytest.fixture(scope="module")
def screen(kiosk: str, play: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Touchscreen]:
    folder = tmp_path_factory.mktemp("screen") / "locked"
    with touchscreen(play, folder, read_policy(LOCKED, kiosk), kiosk) as running:
        yield running


@pytest.fixture
def new_screen(kiosk: str, play: Playwright, tmp_path: Path) -> Iterator[Touchscreen]:
    """Return a touchscreen of its own, for a test that opens windows."""
    with touchscreen(play, tmp_path / "locked", read_policy(LOCKED, kiosk), kiosk) as running:
        running.open(f"{kiosk}{STILL}")
        yield running


def _outside(kiosk: str) -> list[str]:
    return [url.format(kiosk=kiosk, port=urlsplit(kiosk).port) for url in OUTSIDE]


@pytest.mark.parametrize("path", CITIZENS)
def test_an_address_of_a_citizen_opens(screen: Touchscreen, path: str) -> None:
    assert screen.open(f"{screen.address}{path}") == ""


@pytest.mark.parametrize("area", STAFF)
def test_no_page_of_the_staff_opens_however_it_is_written(screen: Touchscreen, area: str) -> None:
    hidden = [f"{area[:at]}%{ord(area[at]):02x}{area[at + 1 :]}" for at in range(len(area))]
    for name in (area, f"{area}/", f"choose/../{area}/", *hidden):
        assert BLOCKED in screen.open(f"{screen.address}/{name}"), name


def test_two_slashes_lead_to_no_page_of_the_staff(screen: Touchscreen) -> None:
    for address in ("//technician/signin", "///officer/", "/choose/..//technician/"):
        assert BLOCKED in screen.open(f"{screen.address}{address}"), address


def test_no_address_outside_the_kiosk_opens(screen: Touchscreen, kiosk: str) -> None:
    assert [url for url in _outside(kiosk) if BLOCKED not in screen.open(url)] == []


@pytest.mark.machine
@pytest.mark.parametrize("keys", DEAD_KEYS)
def test_a_shortcut_opens_no_window_and_no_dialog(new_screen: Touchscreen, keys: str) -> None:
    before = new_screen.picture()
    new_screen.press(keys)
    assert len(new_screen.context.pages) == 1
    assert new_screen.picture() == before


@pytest.mark.machine
@pytest.mark.parametrize("keys", OTHER_KEYS)
def test_a_page_that_a_shortcut_opens_is_blocked_or_the_kiosks_own(new_screen: Touchscreen, keys: str) -> None:
    new_screen.picture()
    new_screen.press(keys)
    assert new_screen.foreign_pages() == []


def _opens_file(running: Touchscreen) -> bool:
    return running.open("file:///etc/passwd") == ""


def _opens_settings(running: Touchscreen) -> bool:
    return running.open("chrome://version") == ""


def _changes_screen(keys: str) -> Callable[[Touchscreen], bool]:
    def is_changed(running: Touchscreen) -> bool:
        running.open(f"{running.address}{STILL}")
        before = running.picture()
        deadline = time.monotonic() + DIALOG_SECONDS
        while time.monotonic() < deadline:
            running.press(keys)  # again: a browser that is busy may lose a shortcut
            if len(running.context.pages) > 1 or running.picture() != before:
                return True
        return False

    return is_changed


@pytest.mark.parametrize(
    ("without", "way_out"),
    [
        ("URLBlocklist", _opens_file),
        ("URLBlocklist", _opens_settings),
        pytest.param("PrintingEnabled", _changes_screen("ctrl p"), marks=pytest.mark.machine),
        pytest.param("AllowFileSelectionDialogs", _changes_screen("ctrl o"), marks=pytest.mark.machine),
    ],
)
def test_a_policy_without_a_key_leaves_a_way_out(
    kiosk: str, play: Playwright, tmp_path: Path, without: str, way_out: Callable[[Touchscreen], bool]
) -> None:
    policy = read_policy(LOCKED, kiosk)
    del policy[without]
    with touchscreen(play, tmp_path / "open", policy, kiosk) as running:
        assert way_out(running)


def test_while_setting_up_the_technicians_pages_open_and_nothing_else_does(
    kiosk: str, play: Playwright, tmp_path: Path
) -> None:
    policy = read_policy(SETUP, kiosk)
    with touchscreen(play, tmp_path / "setup", policy, kiosk) as running:
        assert running.open(f"{kiosk}/technician/") == ""
        assert running.page.locator("input[type=password]").count() == 1
        assert running.open(f"{kiosk}/signin") == ""
        assert BLOCKED in running.open(f"{kiosk}/officer/")
        assert [url for url in _outside(kiosk) if BLOCKED not in running.open(url)] == []


def _staff_routes(config: Config) -> list[str]:
    """Return the routes that a citizen may not open, of the list of roles."""
    from kiosk.web.app import create_app

    rows = [line.split() for line in WHO_MAY.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    roles = {endpoint: set(named) for endpoint, *named in rows}
    app = create_app(config)
    app.extensions["context"].store.close()
    rules = app.url_map.iter_rules()
    return [rule.rule for rule in rules if not roles.get(rule.endpoint, {"anyone"}) & {"citizen", "anyone"}]


@pytest.mark.smoke
def test_every_route_of_the_staff_is_in_the_policy(practice: Config) -> None:
    routes = _staff_routes(practice)
    assert len(routes) > 100
    blocked = tuple(f"/{area}" for area in STAFF)
    assert [route for route in routes if not route.startswith(blocked)] == []
    policy = read_policy(LOCKED, "")
    assert [path for path in blocked if path not in policy["URLBlocklist"]] == []


@pytest.mark.parametrize("path", [LOCKED, SETUP], ids=["locked", "setup"])
def test_the_browser_knows_every_key_of_the_policy(path: Path) -> None:
    """A key of a former Chromium does nothing, and nobody would notice."""
    program = CHROMIUM.read_bytes()
    policy: dict[str, Any] = read_policy(path, "")
    assert [key for key in policy if key.encode() + b"\0" not in program] == []
