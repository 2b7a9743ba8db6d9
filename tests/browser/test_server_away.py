"""A server that is away for a moment: the page stays with what is typed, and the same touch goes on later."""

import pytest
from playwright.sync_api import expect

from tests.browser.network import hold_requests
from tests.browser.person import Person

NAME = "Trần Nguyễn Bảo"
AWAY = "Máy chưa trả lời."


def _go_away(person: Person) -> None:
    person.page.route("**/*", lambda route: route.abort("connectionrefused"))


def _come_back(person: Person) -> None:
    person.page.unroute_all(behavior="wait")
    person.ignore_faults("ERR_CONNECTION_REFUSED")


@pytest.mark.smoke(cases=1)
@pytest.mark.parametrize("button", ["Tiếp tục", "Quay lại"])
def test_a_touch_keeps_the_page_and_the_same_touch_goes_on_later(person: Person, button: str) -> None:
    person.begin_birth()
    person.fill_mother()
    person.fill_father()
    here = person.page.url
    person.choose("con_gioi_tinh", "nam")
    person.type_by_touch("con_ho_ten", NAME)
    _go_away(person)
    person.press(button)
    expect(person.page.get_by_text(AWAY)).to_be_visible()
    assert person.page.url == here
    expect(person.field("con_ho_ten")).to_have_value(NAME)
    _come_back(person)
    person.send(button)
    assert person.page.url != here
    # The browser may report a refused request after the server is back.
    person.ignore_faults("ERR_CONNECTION_REFUSED")
    person.go("/form/ten_be")
    expect(person.field("con_ho_ten")).to_have_value(NAME)


def test_a_link_keeps_the_page_too(person: Person) -> None:
    person.go("/")
    _go_away(person)
    person.page.get_by_role("link", name="Làm thủ tục").tap()
    expect(person.page.get_by_text(AWAY)).to_be_visible()
    _come_back(person)
    person.link("Làm thủ tục")
    assert person.path == "/choose"
    person.ignore_faults("ERR_CONNECTION_REFUSED")


def test_a_server_that_takes_the_question_and_never_answers_is_away(person: Person) -> None:
    person.go("/need/2.000635")
    person.choose("giay_nao", "khai_sinh")
    held = hold_requests(person.page, "**/alive")
    person.press("Khai ngay")
    expect(person.page.get_by_text(AWAY)).to_be_visible(timeout=20_000)
    assert person.path == "/need/2.000635"
    assert len(held) == 1
    person.page.unroute_all(behavior="ignoreErrors")
    person.send("Khai ngay")
    assert person.path.startswith("/form/")
