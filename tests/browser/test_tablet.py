"""The tablet of a counter over the LAN's TLS: enrolled by its code, it wakes, takes a touch, thanks and sleeps."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from kiosk.acts import calling, screens
from kiosk.records import opinions, tickets
from kiosk.records.opinions import NO_ANSWER
from tests.browser.kiosks import until
from tests.browser.laptop import PATIENCE
from tests.journeys.queue_harness import press
from tests.lan_server.lan_kiosk import LanKiosk, lan_kiosk

SCREENS = {"10 inches": (1280, 800), "second screen": (1366, 768), "upright": (800, 1280)}
QUESTION = "Hôm nay ông/bà thấy thế nào?"
AREAS = """() => [...document.querySelectorAll('.face, .why-words .opt, .dock .btn')]
  .filter((it) => it.offsetParent)
  .map((it) => it.getBoundingClientRect())
  .map(({ left, top, right, bottom }) => [left, top, innerWidth - right, innerHeight - bottom])"""


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[LanKiosk]:
    with lan_kiosk(tmp_path) as kiosk:
        yield kiosk


@pytest.fixture(params=SCREENS)
def glass(request: pytest.FixtureRequest, chromium: Browser, kiosk: LanKiosk) -> Iterator[BrowserContext]:
    width, height = SCREENS[request.param]
    glass = chromium.new_context(
        viewport={"width": width, "height": height},
        has_touch=True,
        locale="vi-VN",
        base_url=f"https://localhost:{kiosk.port}",
        ignore_https_errors=True,
    )
    glass.set_default_timeout(PATIENCE)
    yield glass
    glass.close()


@pytest.fixture
def tablet(kiosk: LanKiosk, glass: BrowserContext) -> Page:
    """Return the tablet of counter 1, enrolled by its code."""
    page = glass.new_page()
    page.clock.install()
    page.goto("/signin/touchscreen")
    page.fill("#code", screens.create_code(kiosk.context, "Ý kiến quầy 1", "CB03", 1))
    page.get_by_role("button", name="Ghi danh màn hình").click()
    page.wait_for_url("**/tablet/")
    return page


def _serve(kiosk: LanKiosk) -> None:
    context = kiosk.context
    with context.store.write() as db:
        tickets.draw(db, context.clock.today(), "B", context.clock.now())  # also on a day without numbers
    press(kiosk.context, 1)
    press(kiosk.context, 1, calling.finish)


def _faces(kiosk: LanKiosk) -> list[tuple[int, tuple[str, ...]]]:
    day = kiosk.context.clock.today()
    with kiosk.context.store.read() as db:
        return [(each.opinion.face, each.opinion.words) for each in opinions.between(db, day, day)]


def test_it_wakes_takes_a_face_and_a_word_thanks_and_sleeps(kiosk: LanKiosk, tablet: Page) -> None:
    faults: list[str] = []
    tablet.on("pageerror", lambda error: faults.append(str(error)))
    expect(tablet.get_by_text(QUESTION)).to_be_hidden()
    _serve(kiosk)
    tablet.clock.run_for(3000)
    expect(tablet.get_by_text(QUESTION)).to_be_visible()
    assert tablet.locator("input:checked").count() == 0
    assert tablet.locator(".why:visible").count() == 0
    tablet.get_by_role("button", name="Gửi ý kiến").tap()
    expect(tablet.locator("[data-no-face]")).to_be_visible()
    tablet.get_by_label("Tốt", exact=True).tap()
    tablet.get_by_label("Nhanh").tap()
    areas = tablet.evaluate(AREAS)
    assert len(areas) == 10
    assert all(edge >= 0 for area in areas for edge in area), "a touch target is outside the screen"
    tablet.get_by_role("button", name="Gửi ý kiến").tap()
    expect(tablet.get_by_text("Cảm ơn ông/bà")).to_be_visible()
    until(lambda: _faces(kiosk) == [(4, ("fast",))])
    tablet.clock.run_for(3500)
    expect(tablet.locator(".tablet-sleep")).to_be_visible()
    assert faults == []


def test_a_page_that_nobody_touches_counts_as_no_answer_and_the_next_citizen_finds_it_empty(
    kiosk: LanKiosk, tablet: Page
) -> None:
    _serve(kiosk)
    tablet.clock.run_for(3000)
    expect(tablet.get_by_text(QUESTION)).to_be_visible()
    tablet.get_by_label("Rất kém").tap()
    tablet.clock.run_for(19_000)
    expect(tablet.get_by_text(QUESTION)).to_be_visible()
    tablet.clock.run_for(3000)
    expect(tablet.locator(".tablet-sleep")).to_be_visible()
    until(lambda: _faces(kiosk) == [(NO_ANSWER, ())])
    _serve(kiosk)
    tablet.clock.run_for(4000)
    expect(tablet.get_by_text(QUESTION)).to_be_visible()
    assert tablet.locator("input:checked").count() == 0
