"""A scanner that types like a keyboard, at a kiosk that runs: what it fills, mangles, and never touches."""

import pytest

from tests.browser.walking import Person
from tests.browser.wedge import AZERTY, Wedge, marks_lost
from tests.journeys.walker import card_line


@pytest.fixture
def waiting(person: Person) -> Person:
    """Somebody at the page that waits for a card."""
    return person.go_to_card()


def words(person: Person) -> str:
    return person.page.locator("main").inner_text()


@pytest.mark.parametrize("end", ["Enter", "Tab", ""])
def test_a_burst_fills_the_person_and_leaves_the_name_to_be_typed(waiting: Person, end: str) -> None:
    with waiting.page.expect_navigation(url="**.name*"):
        Wedge(waiting.page).send(marks_lost(card_line("me")), end=end)
    assert "tên bị mất dấu" in words(waiting)
    name = waiting.page.locator("input[name$=ho_ten]")
    assert name.input_value() == ""
    name.fill("Nguyễn Thị Diệu Hiền")
    waiting.onward()
    born = waiting.page.locator("main input[id*=ngay_sinh]").evaluate_all("all => all.map(one => one.value)")
    assert born == ["12", "03", "1996"]


def test_a_burst_through_another_layout_is_read_by_its_keys(waiting: Person) -> None:
    with waiting.page.expect_navigation(url="**.name*"):
        Wedge(waiting.page).send(marks_lost(card_line("me"), "?"), layout=AZERTY)
    assert "tên bị mất dấu" in words(waiting)


@pytest.mark.parametrize(
    "mangled",
    [marks_lost(card_line("me"))[1:], marks_lost(card_line("me"))[3:], card_line("mat_dau").replace("|", "~")],
    ids=["a key lost", "keys lost", "bars of another layout"],
)
def test_a_mangled_burst_is_told_and_the_page_waits_on(waiting: Person, mangled: str) -> None:
    here = waiting.path
    with waiting.page.expect_navigation():
        Wedge(waiting.page).send(mangled)
    assert waiting.path == here
    assert "Máy đọc thẻ chưa rõ" in words(waiting)
    waiting.card("Mẹ")
    assert "Nguyễn Thị Diệu Hiền" in words(waiting)


def test_a_fast_typist_and_a_held_key_are_no_scanner(waiting: Person) -> None:
    here = waiting.page.url
    Wedge(waiting.page).send(marks_lost(card_line("me")), gap=0.06)
    waiting.page.keyboard.down("1")
    for _ in range(40):
        waiting.page.keyboard.down("1")
    waiting.page.keyboard.up("1")
    waiting.page.wait_for_timeout(300)
    assert waiting.page.url == here
    assert "chưa rõ" not in words(waiting)


def test_a_burst_never_lands_in_a_box_and_presses_nothing(waiting: Person) -> None:
    waiting.send("Không có thẻ, gõ tay")
    box = waiting.page.locator("main input[data-keyboard]").first
    here = waiting.page.url
    box.tap()
    waiting.page.keyboard.type("Nguyeenx Thij ")
    waiting.page.wait_for_timeout(600)
    for end in ("Enter", "Tab", ""):
        Wedge(waiting.page).send(marks_lost(card_line("me")), end=end)
        waiting.page.wait_for_timeout(600)
        assert (box.input_value(), waiting.page.url) == ("Nguyễn Thị ", here)
        assert box.evaluate("it => it === document.activeElement")
    waiting.page.keyboard.type("Maaux")
    assert box.input_value() == "Nguyễn Thị Mẫu"


def test_a_burst_presses_no_button_that_has_the_focus(waiting: Person) -> None:
    waiting.card("Mẹ")
    here = waiting.page.url
    waiting.page.locator(".dock .main").focus()
    Wedge(waiting.page).send(marks_lost(card_line("cha")))
    waiting.page.wait_for_timeout(300)
    assert waiting.page.url == here
    assert "Nguyễn Thị Diệu Hiền" in words(waiting)


def test_a_hand_that_types_fast_keeps_every_letter(waiting: Person) -> None:
    waiting.send("Không có thẻ, gõ tay")
    box = waiting.page.locator("main input[data-keyboard]").first
    box.tap()
    Wedge(waiting.page).send("Le Van Minh Tuan Anh Kiet", end="", gap=0.06)
    assert box.input_value() == "Le Van Minh Tuan Anh Kiet"
