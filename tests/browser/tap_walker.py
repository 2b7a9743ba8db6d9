"""A walker whose answers are given by touches in Chromium; each page is also measured for what a touch would miss.

It walks the typical cases of tests/journeys with the same words: `fill` touches options, boxes and buttons where the
page shows them, `scan` holds a card to the kiosk's scanner. Text is typed by a hardware keyboard into the touched box.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Locator, Page, TimeoutError, expect

from tests.browser.person import Person
from tests.journeys.walker import HtmlForm, Walker, card_line

MEASURE = (Path(__file__).parent / "taps.js").read_text("utf-8")
CENTRE = """(e) => {
  const shown = e.matches("input:not(.field)") ? e.closest(".opt, label") ?? e : e;
  let found;
  for (const block of ["nearest", "center", "start", "end"]) {
    shown.scrollIntoView({ block });
    const { x, y, width, height } = shown.getBoundingClientRect();
    const point = [x + width / 2, y + height / 2];
    const hit = document.elementFromPoint(...point);
    found = { point, hits: shown.contains(hit), hit: hit?.outerHTML.slice(0, 99) };
    if (found.hits) break;
  }
  return found;
}"""
"""Scrolls as a person does, until the middle of a control is in sight; what a touch there would hit."""
LONGEST = 20_000  # ms: a page comes in less than one second
LONGEST = 20_000  # ms: a page comes in less than one second
NO_FAULT: dict[str, Any] = {"missed": [], "over": [], "sideways": 0, "unannounced": []}


class TapWalker(Walker):
    """A person who only touches; `faults` names each page with what was found there."""

    def __init__(self, app: Flask, page: Page, address: str) -> None:
        super().__init__(app)
        self.person = Person(page, address).stay()
        self.tab = page
        self.faults: list[str] = []

    def go(self, address: str) -> "TapWalker":
        """Open an address that no touch leads to."""
        self.person.go(address)
        return self._arrive()

    def follow(self, address: str) -> "TapWalker":
        """Touch a link of the page."""
        return self._leave_by(self.tab.locator(f'a[href="{address}"]').first)

    def fill(self, answers: dict[str, str] | None = None, /, form: str = "answer", **more: str) -> "TapWalker":
        """Touch the answers in the order of the page, then the button that sends them."""
        values = {**(answers or {}), **more}
        target = self.form(form)
        pressed = ""
        for name in self._in_order_of_page(values):
            value = values[name]
            if name in target.buttons and value in target.choices[name]:
                pressed = f'button[name="{name}"][value="{value}"]'
            elif value != target.sends.get(name, ""):
                self._answer(target, name, value)
        button = self._button(target, pressed)
        if pressed and self.tab.locator(f'form[id="{target.id}"][data-counts]').count():
            return self._press_in_counted_list(button)
        return self._leave_by(button)

    def _press_in_counted_list(self, button: Locator) -> "TapWalker":
        """Touch a button of a counted list, which comes back without the button, on the same page."""
        self.person.see_all()
        self._touch(button)
        expect(button).to_have_count(0)
        self.person.wait_until_quiet()
        self.html = self.tab.content()  # seen to its end already
        return self

    def scan(self, card: str) -> "TapWalker":
        """Hold a practice card to the scanner while the page waits for one."""
        with self.tab.expect_navigation():
            assert self.context.card_inbox.put(card_line(card))
        return self._arrive()

    def _leave_by(self, control: Locator) -> "TapWalker":
        """Touch a control that leads to another page, once the page was seen to its end."""
        self.person.see_all()
        try:
            with self.tab.expect_navigation(timeout=LONGEST):
                self._touch(control)
        except TimeoutError as error:
            words = self.tab.locator("main").inner_text()
            raise AssertionError(f"{self.at} stays after a touch on {control}: {self.faults} {words!r}") from error
        return self._arrive()

    def _in_order_of_page(self, values: dict[str, str]) -> list[str]:
        names = self.tab.locator("[name]").evaluate_all("(all) => all.map((e) => e.name)")
        assert set(values) <= set(names), f"{self.at} asks for {sorted(set(names))}, not for {sorted(values)}"
        return [name for name in dict.fromkeys(names) if name in values]

    def _answer(self, target: HtmlForm, name: str, value: str) -> None:
        box = self.tab.locator(f'[name="{name}"]')
        if name in target.choices:
            self._touch(box.and_(self.tab.locator(f'[value="{value}"]')).first)
            self.person.wait_until_quiet()
            return
        self._touch(box.first)
        expect(box.first).to_be_focused()
        self.tab.keyboard.press("Control+A")
        self.tab.keyboard.insert_text(value)
        self.person.wait_until_quiet()

    def _button(self, target: HtmlForm, pressed: str) -> Locator:
        if pressed:
            return self.tab.locator(pressed).first
        if target.id == "answer":
            return self.tab.locator(".dock .main:visible").first
        owner = f'form[id="{target.id}"]' if target.id else f'form[action="{target.action}"]'
        return self.tab.locator(f'{owner} button:visible, button[form="{target.id}"]:visible').first

    def _touch(self, control: Locator) -> None:
        control.wait_for(state="attached")
        found = control.evaluate(CENTRE)
        if not found["hits"]:
            self.faults.append(f"{self.at}: a touch on {control} hits {found['hit']}")
        self.tab.touchscreen.tap(*found["point"])

    def _arrive(self) -> "TapWalker":
        self.tab.wait_for_load_state()
        self.person.wait_until_quiet()
        self.at = urlsplit(self.tab.url).path
        self.html = self.tab.content()
        self.seen.append(self.at)
        self._measure()
        return self

    def _measure(self) -> None:
        """Measure the page as it opens, and at its end."""
        for place in ("at its top", "at its end"):
            found = self.tab.evaluate(MEASURE)
            if found != NO_FAULT:
                self.faults.append(f"{self.at} {place}: { ({k: v for k, v in found.items() if v != NO_FAULT[k]}) }")
            if not self.tab.evaluate("document.documentElement.scrollHeight > innerHeight + 8"):
                break
            self.tab.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
            self.tab.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
        self.tab.evaluate("scrollTo(0, 0)")
