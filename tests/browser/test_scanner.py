"""A scanner that types like a keyboard, at a running kiosk: what it fills in, what it garbles, what it never does."""

import pytest
from playwright.sync_api import Request, Route, expect

from tests.browser.keyboard_scanner import AZERTY, KeyboardScanner, without_marks
from tests.browser.person import Person
from tests.journeys.walker import card_line


@pytest.fixture
def waiting(person: Person) -> Person:
    """Open the page that waits for a card."""
    return person.go_to_card()


def words(person: Person) -> str:
    return person.page.locator("main").inner_text()


@pytest.mark.smoke(cases=1)
@pytest.mark.parametrize("end", ["Enter", "Tab", ""])
def test_a_burst_fills_the_person_and_leaves_the_name_to_be_typed(waiting: Person, end: str) -> None:
    KeyboardScanner(waiting.page).scan_until("**.name*", without_marks(card_line("me")), end=end)
    assert "tên bị mất dấu" in words(waiting)
    name = waiting.page.locator("input[name$=ho_ten]")
    expect(name).to_have_value("")
    name.fill("Nguyễn Thị Diệu Hiền")
    waiting.onward()
    born = waiting.page.locator("main input[id*=ngay_sinh]").evaluate_all("all => all.map(one => one.value)")
    assert born == ["12", "03", "1996"]


def test_a_burst_through_another_layout_is_read_by_its_keys(waiting: Person) -> None:
    KeyboardScanner(waiting.page).scan_until("**.name*", without_marks(card_line("me"), "?"), layout=AZERTY)
    assert "tên bị mất dấu" in words(waiting)


@pytest.mark.parametrize(
    "mangled",
    [without_marks(card_line("me"))[1:], without_marks(card_line("me"))[3:], card_line("mat_dau").replace("|", "~")],
    ids=["a key lost", "keys lost", "bars of another layout"],
)
def test_a_mangled_burst_is_told_and_the_page_waits_on(waiting: Person, mangled: str) -> None:
    before = waiting.path
    with waiting.page.expect_navigation():
        KeyboardScanner(waiting.page).send(mangled)
    assert waiting.path == before
    assert "Máy đọc thẻ chưa rõ" in words(waiting)
    waiting.card("Mẹ")
    assert "Nguyễn Thị Diệu Hiền" in words(waiting)


def test_a_fast_typist_and_a_held_key_are_no_scanner(waiting: Person) -> None:
    before = waiting.page.url
    KeyboardScanner(waiting.page).send(without_marks(card_line("me")), gap=0.06)
    waiting.page.keyboard.down("1")
    for _ in range(40):
        waiting.page.keyboard.down("1")
    waiting.page.keyboard.up("1")
    waiting.page.wait_for_timeout(300)
    assert waiting.page.url == before
    assert "chưa rõ" not in words(waiting)


@pytest.mark.smoke
def test_a_burst_never_lands_in_a_box_and_presses_nothing(waiting: Person) -> None:
    waiting.send("Không có thẻ, gõ tay")
    box = waiting.page.locator("main input[data-keyboard]").first
    before = waiting.page.url
    waiting.enter(box)
    waiting.page.keyboard.type("Nguyeenx Thij ")
    waiting.page.wait_for_timeout(600)
    for end in ("Enter", "Tab", ""):
        KeyboardScanner(waiting.page).send(without_marks(card_line("me")), end=end)
        waiting.page.wait_for_timeout(600)
        expect(box).to_have_value("Nguyễn Thị ")
        assert waiting.page.url == before
        assert box.evaluate("it => it === document.activeElement")
    waiting.page.keyboard.type("Maaux")
    expect(box).to_have_value("Nguyễn Thị Mẫu")


def test_a_burst_presses_no_button_that_has_the_focus(waiting: Person) -> None:
    waiting.card("Mẹ")
    before = waiting.page.url
    waiting.page.locator(".dock .main").focus()
    KeyboardScanner(waiting.page).send(without_marks(card_line("cha")))
    waiting.page.wait_for_timeout(300)
    assert waiting.page.url == before
    assert "Nguyễn Thị Diệu Hiền" in words(waiting)


def test_a_hand_that_types_fast_keeps_every_letter(waiting: Person) -> None:
    waiting.send("Không có thẻ, gõ tay")
    box = waiting.page.locator("main input[data-keyboard]").first
    waiting.enter(box)
    KeyboardScanner(waiting.page).send("Le Van Minh Tuan Anh Kiet", end="", gap=0.06)
    expect(box).to_have_value("Le Van Minh Tuan Anh Kiet")


def test_a_card_that_is_read_while_a_touch_leaves_the_page_does_not_cancel_the_touch(person: Person) -> None:
    person.go_to_card()

    def answer_late(route: Route) -> None:
        """Let the card be in the inbox for two polls before the answer to the touch comes."""
        answer = route.fetch(max_redirects=0)
        person.page.wait_for_timeout(1500)
        route.fulfill(response=answer)

    cancelled: list[str] = []

    def note_cancelled(request: Request) -> None:
        """Note a touch whose request failed; a poll ends with its page."""
        if request.is_navigation_request():
            cancelled.append(request.url)

    person.page.on("requestfailed", note_cancelled)
    person.page.route("**/practice/cards/**", answer_late)
    person.card("Mẹ")
    assert person.page.locator(".notice.read").is_visible()
    assert cancelled == []
