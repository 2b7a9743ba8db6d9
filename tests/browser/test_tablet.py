"""The tablet of a counter over the LAN's TLS: enrolled by its code, it wakes, takes a touch, thanks and sleeps."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from kiosk.acts import calling, deciding, screens
from kiosk.acts.deciding import HandoverInput
from kiosk.dossiers.decision_filing import CaseRequest
from kiosk.records import opinions, submissions, tickets
from kiosk.records.opinions import NO_ANSWER
from tests.browser.kiosks import until
from tests.browser.laptop import PATIENCE
from tests.faults.submitting import submit_form
from tests.journeys.queue_harness import press
from tests.lan_server.lan_kiosk import LanKiosk, lan_kiosk
from tests.papers.register_pictures import accept

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
        return [(each.opinion.face, each.opinion.words) for each in opinions.between(db, day.replace(day=1), day)]


@pytest.mark.smoke(cases=1)
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
    assert len(areas) == 11
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


WRITTEN = "co giai thich ro"
INSIDE = """(selector) => [...document.querySelectorAll(selector)].filter((it) => it.offsetParent).every((it) => {
  const { left, top, right, bottom } = it.getBoundingClientRect();
  const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight && (it === hit || it.contains(hit));
})"""


def _tap_keys(page: Page, text: str) -> None:
    """Type a text on the glass, key by key."""
    for char in text.lower():
        page.locator(f".k-letters button:visible:text-is('{char}')" if char != " " else ".k-words:visible").tap()


def _texts(kiosk: LanKiosk) -> list[str]:
    context = kiosk.context
    with context.store.read() as db:
        kept = opinions.texts_between(db, date.min, date.max)
    return [context.vault.open(opinions.TEXT, text.id, text.body).decode() for text in kept]


def _ask_and_choose(kiosk: LanKiosk, tablet: Page, face: str) -> None:
    _serve(kiosk)
    tablet.clock.run_for(3000)
    tablet.get_by_label(face, exact=True).tap()
    tablet.get_by_role("button", name="Viết thêm").tap()
    expect(tablet.locator(".keyboard")).to_be_visible()


def test_a_text_is_typed_on_the_glass_and_sent_with_the_face(kiosk: LanKiosk, tablet: Page) -> None:
    _ask_and_choose(kiosk, tablet, "Tốt")
    assert tablet.evaluate(INSIDE, ".keyboard button, .tablet-write .btn, #text"), "a target is cut or covered"
    _tap_keys(tablet, WRITTEN)
    expect(tablet.locator("#text")).to_have_value(WRITTEN)
    tablet.get_by_role("button", name="Quay lại").tap()
    expect(tablet.get_by_role("button", name="Xem lời đã viết")).to_be_visible()
    tablet.get_by_role("button", name="Xem lời đã viết").tap()
    tablet.get_by_role("button", name="Gửi ý kiến").tap()
    expect(tablet.get_by_text("Cảm ơn ông/bà")).to_be_visible()
    until(lambda: _texts(kiosk) == [WRITTEN])
    assert _faces(kiosk) == [(4, ())]


def test_a_long_number_is_said_to_be_left_out_and_the_next_citizen_finds_nothing(kiosk: LanKiosk, tablet: Page) -> None:
    _ask_and_choose(kiosk, tablet, "Kém")
    expect(tablet.get_by_text("Máy sẽ bỏ dãy số này khỏi lời viết.")).to_be_hidden()
    tablet.locator("#text").press_sequentially("goi 0905000123")
    expect(tablet.get_by_text("Máy sẽ bỏ dãy số này khỏi lời viết.")).to_be_visible()
    tablet.locator(".k-method").tap()
    assert tablet.locator(".keyboard").get_attribute("data-method") == "telex"
    tablet.clock.run_for(30_000)
    expect(tablet.locator("#text")).to_be_visible()
    tablet.clock.run_for(35_000)
    expect(tablet.locator(".tablet-sleep")).to_be_visible()
    until(lambda: _faces(kiosk) == [(NO_ANSWER, ())])
    _serve(kiosk)
    tablet.clock.run_for(4000)
    tablet.get_by_label("Tốt", exact=True).tap()
    tablet.get_by_role("button", name="Viết thêm").tap()
    expect(tablet.locator("#text")).to_have_value("")
    assert tablet.locator(".keyboard").get_attribute("data-method") == "easy"
    assert _texts(kiosk) == []


def test_it_wakes_at_a_hand_out_without_a_number_and_names_the_procedure(kiosk: LanKiosk, tablet: Page) -> None:
    context = kiosk.context
    submission_id, _receipt_no = submit_form(context)
    with context.store.read() as db:
        submission = submissions.find(db, submission_id)
    assert submission
    accept(context, submission)
    calling.open_counter(context, 1, "CB01")
    handover = HandoverInput(what="Giấy khai sinh", taken_by="", relation="self")
    assert deciding.hand_out(context, CaseRequest(submission_id, 1, "CB01"), handover)
    tablet.clock.run_for(3000)
    expect(tablet.get_by_text(QUESTION)).to_be_visible()
    procedure = context.catalogue.in_force(submission.procedure, context.clock.today())
    assert procedure
    expect(tablet.locator("[data-matter]")).to_have_text(f"{procedure.short.vi}.")
    tablet.get_by_label("Rất tốt", exact=True).tap()
    tablet.get_by_role("button", name="Gửi ý kiến").tap()
    until(lambda: _faces(kiosk) == [(5, ())])
