"""A person at the touchscreen of a running kiosk: touches, types on the on-screen keyboard, fills in whole forms."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, Request, TimeoutError, expect

from kiosk.base import clock
from tests.keyboard.keys import touch_key

TONES = {"\u0301": "acute", "\u0300": "grave", "\u0309": "hook", "\u0303": "tilde", "\u0323": "dot"}
BIRTH_NAME = "Trần Nguyễn Bảo Ngọc"
CONFIRM_AFTER = 450  # ms: a finger that scrolls down must not confirm what has just come into sight
LATELY = timedelta(days=12)  # a birth is registered within 60 days
SEE_MORE = """() => {
  const more = [...document.querySelectorAll(".low .more")].find((e) => e.checkVisibility());
  if (!more) return null;
  const { x, y, width, height } = more.getBoundingClientRect();
  return [x + width / 2, y + height / 2];
}"""
"""Returns the middle of "Xem tiếp", or nothing where the end of the page was seen."""
PAINTED = """() => new Promise((done) =>
  requestAnimationFrame(() =>
    requestAnimationFrame(() => setTimeout(() => document.fonts.ready.then(() => setTimeout(done))))))"""
"""Resolves when the page was painted and its scripts have done what they do then."""


class Person:
    """A person at a touchscreen.

    `faults` collects script errors, console warnings and requests that leave the machine; `seen` is called with a name
    for each kind of page, before the person goes on. Births and deaths of their forms were `lately`.
    """

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.screens: list[str] = []
        self.faults: list[str] = []
        self.seen: Callable[[str], Any] = lambda name: None
        self.lately = clock.today() - LATELY
        page.set_default_timeout(60_000)
        page.on("framenavigated", lambda frame: self._add_screen(frame.url) if frame == page.main_frame else None)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("console", lambda line: self.faults.append(line.text) if line.type in {"error", "warning"} else None)
        page.on("request", self._check_request)

    def _add_screen(self, url: str) -> None:
        path = urlsplit(url).path
        if path not in self.screens:
            self.screens.append(path)

    def _check_request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", "data:", "about:", "blob:")):
            self.faults.append(f"a request leaves the machine: {request.url}")

    def ignore_faults(self, word: str) -> None:
        """Drop the faults that contain a word, such as the status of an expected error page."""
        self.faults[:] = [fault for fault in self.faults if word not in fault]

    def stay(self) -> "Person":
        """Stand in front of the screen: the clock that counts its idle time stops, the timers of its pages run on."""
        self.page.clock.set_fixed_time(clock.now())
        return self

    # --- touches

    def go(self, path: str) -> "Person":
        self.page.goto(self.address + path)
        self.page.evaluate("document.fonts.ready.then(() => true)")
        return self

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def choose(self, name: str, value: str) -> None:
        self.page.locator(f'[name="{name}"][value="{value}"]').tap()

    def press(self, words: str) -> None:
        """Touch a button that does not leave this page."""
        self.page.get_by_role("button", name=words, exact=True).first.tap()

    def follow(self, element: Locator) -> None:
        """Touch an element that leads to another page."""
        try:
            with self.page.expect_navigation():
                element.first.tap()
        except TimeoutError as error:
            raise AssertionError(f"{self.path} says {self.page.locator('main').inner_text()!r}") from error
        self.page.wait_for_load_state()

    def send(self, words: str) -> None:
        """Touch a button that leads to another page."""
        self.follow(self.page.get_by_role("button", name=words, exact=True))

    def link(self, words: str) -> None:
        self.follow(self.page.get_by_role("link", name=words))

    def see_all(self) -> None:
        """Touch "Xem tiếp" until the end of the page was seen, and wait until the main button takes touches."""
        self.wait_until_quiet()
        for _ in range(12):
            place = self.page.evaluate(SEE_MORE)
            if place is None:
                break
            self.page.touchscreen.tap(*place)
            self.page.evaluate(PAINTED)
        self.page.wait_for_timeout(CONFIRM_AFTER)

    def wait_until_quiet(self) -> None:
        """Wait until the page is painted and shows the answer to what was typed and chosen."""
        expect(self.page.locator("[aria-busy=true]")).to_have_count(0)
        self.page.evaluate(PAINTED)

    def onward(self) -> str:
        """Touch the main button; return the next page's path."""
        self.see_all()
        self.follow(self.page.locator(".dock .main:visible"))
        return self.path

    def card(self, words: str) -> None:
        """Hold a card of the practice tray to the scanner."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=words, exact=True).first.tap()
        self.page.locator(".notice.read").wait_for()

    # --- on-screen keyboard

    def field(self, key: str) -> Locator:
        return self.page.locator(f'[id="{key}"]')

    def enter(self, field: Locator) -> None:
        """Touch a field, and wait until it takes letters: a touch becomes a click, then the keys come."""
        field.tap()
        expect(field).to_be_focused()
        self.page.evaluate("new Promise((done) => setTimeout(done))")

    def key(self, name: str) -> Locator:
        """Return a key of the board. A board opens a moment after the touch of its field, so wait for it once."""
        ways = [f'[data-key="{name}"]', f'[data-tone="{name}"]', f'[data-act="{name}"]', f':text-is("{name}")']
        ways = [f"#keyboard button{way}:visible" for way in ways]
        for _ in range(2):
            for way in ways:
                button = self.page.locator(way)
                if button.count():
                    return button.first
            self.page.locator(", ".join(ways)).first.wait_for()
        raise LookupError(name)

    def touch_key(self, name: str) -> None:
        touch_key(self.page, name)

    def type_by_touch(self, key: str, text: str) -> None:
        """Type as on the keyboard "Dễ dùng": each letter has its own key, the tone comes after the word."""
        self.enter(self.field(key))
        for word_no, word in enumerate(text.split(" ")):
            for name in ([" "] if word_no else []) + keys_of(word):
                self.touch_key(name)
        typed = re.compile(f"^{re.escape(text)}$", re.IGNORECASE)
        expect(self.field(key), f"a touch was lost at {key}").to_have_value(typed)
        self.wait_until_quiet()

    def touch_digits(self, key: str, digits: str) -> None:
        self.enter(self.field(key))
        for digit in digits:
            self.touch_key(digit)
        typed = re.compile(f"^{' *'.join(digits)}$")
        expect(self.field(key), f"a touch was lost at {key}").to_have_value(typed)

    def touch_date(self, key: str, day: date) -> None:
        for box, digits in zip("dmy", (f"{day:%d}", f"{day:%m}", f"{day:%Y}"), strict=True):
            self.touch_digits(f"{key}.{box}", digits)

    # --- forms

    def go_to_card(self) -> "Person":
        """Open a short form at the page that waits for a card."""
        self.go("/need/2.000635")
        self.choose("giay_nao", "khai_sinh")
        self.onward()
        return self

    def begin_birth(self) -> None:
        """Go from the start page to the first question of a birth registration."""
        self.go("/")
        self.seen("start")
        self.link("Làm thủ tục")
        self.seen("choose")
        self.follow(self.page.locator('.events a[href="/choose?event=co_con"]'))
        self.screens.clear()
        self.follow(self.page.locator('.found a[href="/need/1.001193"]'))
        self.choose("cha_me", "da_ket_hon")
        self.choose("noi_de", "co_so_y_te")
        self.page.locator("#papers .papers li").first.wait_for()
        self.seen("need")
        self.onward()

    def fill_mother(self) -> None:
        self.seen("scan")
        self.card("Mẹ")
        self.choose("nyc_noi_cu_tru.stay", "19753")
        self.choose("nyc_quan_he", "me")
        self.seen("confirm")
        self.onward()

    def fill_father(self) -> None:
        self.card("Cha")
        self.choose("cha_noi_cu_tru.stay", "19753")
        self.onward()

    def fill_child(self, name: str = BIRTH_NAME) -> None:
        self.choose("con_gioi_tinh", "nu")
        self.type_by_touch("con_ho_ten", name)
        self.seen("name")
        self.onward()

    def fill_birth_date(self) -> None:
        self.choose("con_noi_sinh", "birth:0")
        self.touch_date("con_ngay_sinh", self.lately)
        self.page.locator("#said .notice").first.wait_for()
        self.seen("date")
        self.onward()

    def fill_ethnic_groups(self) -> None:
        self.choose("one_group", "Kinh")
        self.find_ward("con_que_quan", "phu xuan", "Phú Xuân")
        self.onward()

    def want_no_copies(self) -> None:
        self.choose("de_nghi_cap_ban_sao", "khong")
        self.onward()

    def begin_stay(self) -> None:
        """Begin a student's stay in a rented room, up to the place of the room."""
        self.go("/need/1.004194")
        self.choose("o_dau", "thue")
        self.onward()
        self.card("Sinh viên")
        self.onward()
        self.send("Tôi ở riêng, tôi là chủ hộ")
        self.follow(self.page.locator("button[name=pick]"))

    def find_ward(self, key: str, typed: str, name: str) -> None:
        """Open the list of wards for a place, type some letters, and touch the ward."""
        self.follow(self.page.locator(f'button[name=pick][value="{key}"]'))
        self.type_by_touch("q", typed)
        self.follow(self.page.locator(".place-row", has_text=name))

    def swear(self) -> None:
        """Touch the oath, where the form has one."""
        if self.page.locator("[name=oath]").count():
            self.page.locator("[name=oath]").tap()
        self.seen("check")

    def fill_birth(self, name: str = BIRTH_NAME) -> None:
        """Fill in a whole birth registration up to the check page."""
        self.begin_birth()
        self.fill_mother()
        self.fill_father()
        self.fill_child(name)
        self.fill_birth_date()
        self.fill_ethnic_groups()
        self.want_no_copies()

    def file_birth(self, name: str = BIRTH_NAME) -> str:
        """Fill in and submit a whole birth registration; return the receipt number."""
        self.fill_birth(name)
        self.swear()
        self.onward()
        return self.receipt()

    def receipt(self) -> str:
        self.page.wait_for_url("**/done")
        return self.page.locator(".receipt b").inner_text().strip()

    def leave(self) -> None:
        """Touch "Kết thúc", and confirm where there is something to lose."""
        button = self.page.locator(".foot").get_by_text("Kết thúc", exact=True)
        needs_confirmation = button.evaluate("it => it.matches('a')")
        button.tap()
        if needs_confirmation:
            self.page.locator(".scrim form[action$='/leave'] button").tap()
        self.page.wait_for_url(lambda url: urlsplit(url).path == "/")

    def leave_by_cover(self) -> None:
        """End the visit on the cover of an idle screen."""
        self.send("Kết thúc")


def keys_of(word: str) -> list[str]:
    """Return the keys of a word, the tone last: "Nguyễn" is n g u y ê n tilde."""
    letters = []
    tone = []
    for char in word.lower():
        parts = unicodedata.normalize("NFD", char)
        tone += [TONES[mark] for mark in parts if mark in TONES]
        letters.append(unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in TONES)))
    return letters + tone
