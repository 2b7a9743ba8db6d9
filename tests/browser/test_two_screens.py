"""Two touchscreens and one scanner: a card opens at the screen that the scanner lies at, and nowhere else."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from kiosk.acts import screens
from kiosk.config.sections import ScannerSettings
from kiosk.context.scanner import Scanner
from tests.browser.conftest import TOUCHSCREEN
from tests.browser.kiosks import until
from tests.browser.person import Person
from tests.browser.serial_scanner import SerialScanner
from tests.journeys.walker import card_line
from tests.lan_server.lan_kiosk import LanKiosk, lan_kiosk
from tests.serving import served_on_loopback

NAME = "Nguyễn Thị Diệu Hiền"
OTHER = "Máy 2, cửa sau"


@dataclass
class Hall:
    """A machine with a serial scanner, its own screen, and an enrolled touchscreen on the LAN."""

    kiosk: LanKiosk
    scanner: SerialScanner
    own: Person
    other: Person

    def scan(self) -> None:
        """Hold a card to the scanner after all pages have asked for one."""
        self.own.page.wait_for_timeout(1500)
        self.scanner.scan(card_line("me"))

    def is_read_by(self, person: Person) -> None:
        expect(person.page.locator("main")).to_contain_text(NAME)

    def is_unseen_by(self, person: Person) -> None:
        """Require that a page goes on waiting after it has asked three times more."""
        person.page.wait_for_timeout(1800)
        assert NAME not in person.page.locator("main").inner_text()


@pytest.fixture
def hall(tmp_path: Path, chromium: Browser) -> Iterator[Hall]:
    scanner = SerialScanner()
    with lan_kiosk(tmp_path) as kiosk, served_on_loopback(kiosk.app) as address:
        inbox = kiosk.context.card_inbox
        inbox.scanner = Scanner(str(scanner.name), inbox.put)
        inbox.scanner.start()
        until(lambda: inbox.scanner is not None and inbox.scanner.is_connected)
        own = chromium.new_context(**TOUCHSCREEN)  # type: ignore[arg-type]
        other = chromium.new_context(**TOUCHSCREEN, ignore_https_errors=True)  # type: ignore[arg-type]
        hall = Hall(
            kiosk,
            scanner,
            own=Person(own.new_page(), address),
            other=Person(other.new_page(), f"https://localhost:{kiosk.port}"),
        )
        page = hall.other.go("/signin/touchscreen").page
        page.get_by_role("textbox").fill(screens.create_code(kiosk.context, OTHER, "CB03"))
        hall.other.follow(page.locator("main form button"))
        yield hall
        own.close()
        other.close()
        inbox.scanner.stop()
    scanner.close()


@pytest.mark.smoke
def test_a_card_at_the_machine_opens_there_while_another_screen_waits(hall: Hall) -> None:
    hall.other.go_to_card()
    hall.own.go("/")
    hall.scan()
    expect(hall.own.page).to_have_url(f"{hall.own.address}/choose")
    hall.is_unseen_by(hall.other)


def test_a_card_that_nobody_waits_for_at_the_machine_is_dropped(hall: Hall) -> None:
    hall.other.go_to_card()
    hall.scan()
    hall.is_unseen_by(hall.other)
    hall.own.go_to_card()
    hall.is_unseen_by(hall.own)


def test_with_both_screens_at_the_card_the_machine_reads_it(hall: Hall) -> None:
    hall.other.go_to_card()
    hall.own.go_to_card()
    hall.scan()
    hall.is_read_by(hall.own)
    hall.is_unseen_by(hall.other)


def test_a_scanner_that_lies_at_the_other_screen_is_given_to_it_by_a_setting(hall: Hall) -> None:
    config = hall.kiosk.context.config
    hall.kiosk.context.config = replace(config, scanner=ScannerSettings(screen=OTHER))
    hall.own.go_to_card()
    hall.other.go_to_card()
    hall.scan()
    hall.is_read_by(hall.other)
    hall.is_unseen_by(hall.own)


def test_practice_on_the_other_screen_takes_no_card_of_the_machine(hall: Hall) -> None:
    hall.other.go("/tap/")
    hall.own.go_to_card()
    hall.scan()
    hall.is_read_by(hall.own)
    assert NAME not in hall.other.page.content()
