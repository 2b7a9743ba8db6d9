"""A scanner at its own port, on a kiosk that runs: scan, unplug, plug in; the page follows by itself."""

import os
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.kiosks import Practice
from tests.browser.walking import Person
from tests.journeys.walker import card_line


class Plug:
    """A pseudo-terminal under one name, as a USB-COM scanner has it; the kiosk holds the other end."""

    def __init__(self, name: Path) -> None:
        self.name = name
        self.ends: tuple[int, ...] = ()

    def put_in(self) -> None:
        self.ends = os.openpty()
        tty.setraw(self.ends[1])
        self.name.unlink(missing_ok=True)
        self.name.symlink_to(os.ttyname(self.ends[1]))

    def scan(self, line: str) -> None:
        os.write(self.ends[0], line.encode() + b"\r")

    def pull_out(self) -> None:
        for end in self.ends:
            os.close(end)
        self.name.unlink()
        self.ends = ()


@pytest.fixture(scope="module")
def plug(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plug]:
    plug = Plug(tmp_path_factory.mktemp("dev") / "scanner")
    plug.put_in()
    yield plug
    if plug.ends:
        plug.pull_out()


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory, plug: Plug) -> Iterator[Practice]:
    practice = Practice(tmp_path_factory.mktemp("kiosk"), {'port = ""': f'port = "{plug.name}"'})
    yield practice
    practice.stop()


def seen(person: Person, words: str) -> None:
    person.page.locator("main").get_by_text(words).first.wait_for()


def test_a_card_held_to_the_scanner_fills_the_person_on_the_page(person: Person, plug: Plug) -> None:
    person.go_to_card()
    plug.scan(card_line("me"))
    seen(person, "Nguyễn Thị Diệu Hiền")
    assert "Máy đã đọc được thẻ" in person.page.locator("main").inner_text()


def test_the_next_page_that_waits_stands_still_until_its_own_card(person: Person, plug: Plug) -> None:
    person.begin_birth()
    plug.scan(card_line("me"))
    seen(person, "Nguyễn Thị Diệu Hiền")
    person.choose("nyc_noi_cu_tru.stay", "19753")
    person.choose("nyc_quan_he", "me")
    person.onward()
    loads: list[str] = []
    person.page.on("load", lambda page: loads.append(page.url))
    person.page.wait_for_timeout(1800)
    assert loads == []
    plug.scan(card_line("cha"))
    seen(person, "Trần Văn Phước")


def test_a_code_that_is_no_card_is_named_once_and_the_page_waits_on(person: Person, plug: Plug) -> None:
    person.go_to_card()
    plug.scan(card_line("vietqr"))
    seen(person, "Đây là mã chuyển tiền")
    person.page.wait_for_timeout(1200)
    seen(person, "Đây là mã chuyển tiền")
    plug.scan(card_line("me"))
    seen(person, "Nguyễn Thị Diệu Hiền")


def test_a_scanner_that_is_unplugged_is_said_and_comes_back_by_itself(person: Person, plug: Plug) -> None:
    person.go_to_card()
    plug.pull_out()
    seen(person, "Đầu quét đang nghỉ")
    plug.put_in()
    person.page.locator("section.scan").wait_for()
    plug.scan(card_line("me"))
    seen(person, "Nguyễn Thị Diệu Hiền")
