"""Every procedure's typical case by touches at four screens, and at very large text on two.

Each run of the tests walks every procedure at one of the six, so that each of the six has a sixth of the procedures;
`make taps` walks every procedure at all six.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from kiosk.base.clock import FixedClock
from kiosk.base.screen_size import ScreenSize
from kiosk.config import ROOT, load
from kiosk.startup.context_factory import open_catalogue, open_context
from tests.browser.screens import SCREENS
from tests.browser.tap_walker import MEASURE, NO_FAULT, TapWalker
from tests.browser.walks import AT
from tests.conftest import with_context
from tests.journeys.typical import CASES, Case
from tests.serving import served_on_loopback
from tests.voice.tones import hum_pages


@dataclass(frozen=True)
class Glass:
    """A screen, and whether the text is very large."""

    screen: ScreenSize
    text: str = ""


GLASSES = {
    "21.5 inches upright": Glass(SCREENS["1080x1920"]),
    "15.6 inches": Glass(SCREENS["1366x768"]),
    "10.1 inches": Glass(SCREENS["1280x800"]),
    "21.5 inches": Glass(SCREENS["1920x1080"]),
    "21.5 inches upright, very large text": Glass(SCREENS["1080x1920"], "xl"),
    "15.6 inches, very large text": Glass(SCREENS["1366x768"], "xl"),
}
ALL = [(name, code) for code in sorted(CASES) for name in GLASSES]
TURNS = [(list(GLASSES)[at % len(GLASSES)], code) for at, code in enumerate(sorted(CASES))]
SMOKE = {"1.001193", "1.004873", "2.000815"}
"""Procedures that many citizens ask for, each at another screen: `make test` walks them."""
CHOSEN = [
    pytest.param(glass, code, marks=[pytest.mark.smoke] if code in SMOKE else [])
    for glass, code in (ALL if os.environ.get("KIOSK_ALL_TAPS") else TURNS)
]

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def humming(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a kiosk with a tone for every sentence of its pages."""
    folder = tmp_path_factory.mktemp("humming")
    config = replace(load(ROOT / "kiosk.toml"), root=folder).practising()
    hum_pages(config, open_catalogue(config), day=AT.date(), seconds=0.1)
    return folder


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    named: Path = request.getfixturevalue(request.param) if hasattr(request, "param") else tmp_path
    return named


@pytest.fixture
def app(folder: Path, glass: Glass, shared_app: Flask) -> Iterator[Flask]:
    shipped = load(ROOT / "kiosk.toml")
    screen = replace(shipped.screen, width=glass.screen.width, height=glass.screen.height, mm=glass.screen.mm)
    context = open_context(replace(shipped, root=folder, screen=screen).practising(), FixedClock(AT))
    yield with_context(shared_app, context)
    context.store.close()


@pytest.fixture
def glass(request: pytest.FixtureRequest) -> Glass:
    return GLASSES[request.param]


@pytest.fixture
def walker(app: Flask, glass: Glass, chromium: Browser) -> Iterator[TapWalker]:
    screen = chromium.new_context(
        viewport={"width": glass.screen.width, "height": glass.screen.height}, has_touch=True, locale="vi-VN"
    )
    with served_on_loopback(app) as address:
        walker = TapWalker(app, screen.new_page(), address)
        walker.person.go("/")
        if glass.text:
            walker.person.go("/easier")
            with walker.tab.expect_response("**/set"):
                walker.person.choose("size", glass.text)
        yield walker
        screen.close()
    assert walker.person.faults == []


@pytest.mark.parametrize(("glass", "code"), CHOSEN, indirect=["glass"])
def test_a_typical_case_is_filed_by_touch(walker: TapWalker, code: str) -> None:
    walker.go("/").go("/choose")
    Case(walker, code, cards=True).walk()
    assert walker.faults == []


@pytest.mark.parametrize("folder", ["humming"], indirect=True)
@pytest.mark.parametrize(
    ("glass", "code"),
    [("15.6 inches", "1.001193"), ("10.1 inches", "1.000656"), ("21.5 inches", "1.004194")],
    indirect=["glass"],
)
def test_a_typical_case_is_filed_by_touch_in_landscape_with_read_aloud_installed(walker: TapWalker, code: str) -> None:
    case = Case(walker, code, cards=True)
    walker.go(f"/need/{code}")
    assert walker.tab.locator(".ask .listen:visible").count() == 1
    case.walk()
    assert walker.faults == []


PLANT = """(rules) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  document.adoptedStyleSheets.push(sheet);
}"""
PLANTED = {
    "missed": ".opt { pointer-events: none !important }",
    "over": ".opt { margin-top: -40px !important }",
    "sideways": "main { width: 150vw }",
    "unannounced": ".ask { padding-bottom: 100vh } [data-see-more] { display: none !important }",
}


@pytest.mark.parametrize("glass", ["15.6 inches"], indirect=True)
@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(walker: TapWalker, fault: str) -> None:
    walker.person.go("/need/1.004194").wait_until_quiet()
    assert walker.tab.evaluate(MEASURE) == NO_FAULT
    walker.tab.evaluate(PLANT, PLANTED[fault])
    assert walker.tab.evaluate(MEASURE)[fault] != NO_FAULT[fault]
