"""A scanner at a serial port, on a running kiosk: scan, unplug, plug in; the page follows by itself."""

from collections.abc import Iterator

import pytest

from tests.browser.kiosks import PracticeKiosk
from tests.browser.person import Person
from tests.browser.serial_scanner import SerialScanner
from tests.journeys.walker import card_line


@pytest.fixture(scope="module")
def scanner() -> Iterator[SerialScanner]:
    scanner = SerialScanner()
    yield scanner
    scanner.close()


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory, scanner: SerialScanner) -> Iterator[PracticeKiosk]:
    practice = PracticeKiosk(tmp_path_factory.mktemp("kiosk"), {'port = ""': f'port = "{scanner.name}"'})
    yield practice
    practice.stop()


def scan(person: Person, scanner: SerialScanner, card: str) -> None:
    """Hold a code to the scanner when the page has just asked for one: the kiosk takes none 3 s after the last time."""
    person.page.locator("section.scan[data-poll]").wait_for()  # the port is open
    address = person.page.locator("section.scan").get_attribute("data-poll")
    with person.page.expect_response(f"{person.address}{address}"):
        pass
    scanner.scan(card_line(card))


def wait_for_words(person: Person, words: str) -> None:
    person.page.locator("main").get_by_text(words).first.wait_for()


@pytest.mark.smoke
def test_a_card_held_to_the_scanner_fills_the_person_on_the_page(person: Person, scanner: SerialScanner) -> None:
    person.go_to_card()
    scan(person, scanner, "me")
    wait_for_words(person, "Nguyễn Thị Diệu Hiền")
    assert "Máy đã đọc được thẻ" in person.page.locator("main").inner_text()


def test_the_next_page_that_waits_stands_still_until_its_own_card(person: Person, scanner: SerialScanner) -> None:
    person.begin_birth()
    scan(person, scanner, "me")
    wait_for_words(person, "Nguyễn Thị Diệu Hiền")
    person.choose("nyc_noi_cu_tru.stay", "19753")
    person.choose("nyc_quan_he", "me")
    person.onward()
    loads: list[str] = []
    person.page.on("load", lambda page: loads.append(page.url))
    person.page.wait_for_timeout(1800)
    assert loads == []
    scan(person, scanner, "cha")
    wait_for_words(person, "Trần Văn Phước")


def test_a_code_that_is_no_card_is_named_once_and_the_page_waits_on(person: Person, scanner: SerialScanner) -> None:
    person.go_to_card()
    scan(person, scanner, "vietqr")
    wait_for_words(person, "Đây là mã chuyển tiền")
    person.page.wait_for_timeout(1200)
    wait_for_words(person, "Đây là mã chuyển tiền")
    scan(person, scanner, "me")
    wait_for_words(person, "Nguyễn Thị Diệu Hiền")


def test_a_scanner_that_is_unplugged_is_said_and_comes_back_by_itself(person: Person, scanner: SerialScanner) -> None:
    person.go_to_card()
    scanner.unplug()
    wait_for_words(person, "Đầu đọc thẻ tạm chưa dùng được")
    scanner.plug_in()
    scan(person, scanner, "me")
    wait_for_words(person, "Nguyễn Thị Diệu Hiền")
