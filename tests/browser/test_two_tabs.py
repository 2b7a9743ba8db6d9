"""One citizen with two tabs: both show one form, neither overwrites the other silently, and both end together.

A touch in a background tab never ends, so a tab is brought to the front before it is used.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.kiosks import PracticeKiosk
from tests.browser.person import Person
from tests.browser.test_hands import count_submissions

TYPED = "Lê Thị Gõ Sau"


@pytest.fixture
def other(person: Person, new_person: Callable[[str], Person], kiosk: PracticeKiosk) -> Person:
    """Open the same person's second tab; it shares session and cookie with the first."""
    second = new_person(kiosk.address)
    front(person)
    return second


def front(person: Person) -> Person:
    person.page.bring_to_front()
    return person


def hear_nothing(person: Person) -> None:
    """Keep a tab from asking the server, so that nothing leads it on before it is touched."""
    person.page.route("**/form/turn?*", lambda route: route.fulfill(status=204))


def words(person: Person) -> str:
    return person.page.locator("main").inner_text()


def test_a_card_read_in_one_tab_shows_in_the_other(person: Person, other: Person) -> None:
    person.go_to_card()
    other.go(person.path)
    front(person).page.get_by_role("button", name="Mẹ", exact=True).first.tap()
    person.page.get_by_text("Nguyễn Thị Diệu Hiền").first.wait_for()
    front(other).page.get_by_text("Nguyễn Thị Diệu Hiền").first.wait_for()
    assert other.path == person.path


def test_a_tab_left_behind_answers_and_loses_nothing(person: Person, other: Person) -> None:
    person.begin_birth()
    person.fill_mother()
    person.fill_father()
    other.go(person.path)
    front(person).fill_child("Trần Bảo")
    ahead = person.page.url
    front(other).choose("con_gioi_tinh", "nam")
    other.field("con_ho_ten").fill(TYPED)
    other.onward()
    assert other.page.url == ahead
    front(person).page.reload()
    person.follow(person.page.locator(".dock .btn").first)
    expect(person.field("con_ho_ten")).to_have_value(TYPED)
    assert person.page.locator("[name=con_gioi_tinh][value=nam]").is_checked()


def test_submit_in_one_tab_leads_the_other_to_the_receipt(person: Person, other: Person) -> None:
    person.fill_birth()
    other.go(person.path)
    front(person).swear()
    person.onward()
    receipt = person.receipt()
    front(other).page.wait_for_url("**/done")
    assert other.receipt() == receipt


@pytest.mark.smoke
def test_submit_in_both_tabs_hands_in_once(person: Person, other: Person, kiosk: PracticeKiosk) -> None:
    """The second tab has not heard of the first one's Submit: nothing leads it on before its button is touched."""
    person.fill_birth()
    hear_nothing(other)
    other.go(person.path)
    before = count_submissions(kiosk)
    front(person).swear()
    person.onward()
    receipt = person.receipt()
    front(other).page.locator("[name=oath]").tap()
    other.onward()
    assert other.receipt() == receipt
    assert count_submissions(kiosk) == before + 1


def test_leaving_in_one_tab_ends_the_other(person: Person, other: Person) -> None:
    person.go_to_card()
    person.card("Mẹ")
    hear_nothing(other)
    other.go(person.path)
    assert "Nguyễn Thị Diệu Hiền" in words(other)
    front(person).leave()
    front(other).page.reload()
    assert "Nguyễn Thị Diệu Hiền" not in other.page.content()
    assert other.page.locator("h1").count() == 1
    other.ignore_faults("410")
