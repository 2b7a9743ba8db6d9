"""Somebody at the screen, in process: touches what a page offers and nothing else.

A walker reads the forms of the page it sees. It can only fill in boxes that stand there, and sends along what a
browser would send: hidden fields, what is chosen already, what stands in the boxes.
"""

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.test import TestResponse

from kiosk.context import Context
from kiosk.vietnam import id_card
from tests.markup import compact


@dataclass
class Form:
    """A form of a page: where it goes and what it sends; `names` is all that can be filled in."""

    id: str
    action: str
    method: str
    sends: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    choices: dict[str, set[str]] = field(default_factory=dict)
    buttons: set[str] = field(default_factory=set)
    """Names of buttons: touching one sends the form."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._elsewhere: list[tuple[str, dict[str, str]]] = []
        self._open: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(held.get("id", ""), held.get("action", ""), held.get("method", "get"))
            self.forms.append(self._open)
        elif tag in {"input", "button", "textarea"} and held.get("name"):
            if held.get("form"):
                self._elsewhere.append((tag, held))
            elif self._open is not None:
                _add(self._open, tag, held)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None

    def read(self, page: str) -> list[Form]:
        self.feed(page)
        for tag, held in self._elsewhere:
            for one in self.forms:
                if one.id == held["form"]:
                    _add(one, tag, held)
        return self.forms


def _add(form: Form, tag: str, held: dict[str, str]) -> None:
    name, value, kind = held["name"], held.get("value", ""), held.get("type", "text")
    form.names.add(name)
    if tag == "button":
        form.buttons.add(name)
    if tag == "button" or kind in {"radio", "checkbox"}:
        form.choices.setdefault(name, set()).add(value)
        if "checked" in held:
            form.sends[name] = value
    else:
        form.sends[name] = value


class Walker:
    """One person, one browser."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.browser = app.test_client()
        self.context: Context = app.extensions["context"]
        self.answer: TestResponse
        self.page = ""
        self.at = ""
        self.seen: list[str] = []
        self.touches = 0
        self.letters = 0
        """What hands did: a touch for each box, option and button; the characters typed into boxes."""

    @property
    def words(self) -> str:
        """What can be read on the page: no tags, one space between words."""
        bare = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", self.page, flags=re.DOTALL)
        return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", bare))).strip()

    @property
    def heading(self) -> str:
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.page, re.DOTALL)
        return html.unescape(re.sub(r"<[^>]+>", "", found[1])).strip() if found else ""

    @property
    def addresses(self) -> list[str]:
        """The distinct addresses that were shown, in order."""
        return list(dict.fromkeys(self.seen))

    def forms(self) -> list[Form]:
        return _Reader().read(self.page)

    def form_or_none(self, name: str) -> Form | None:
        return next((one for one in self.forms() if one.id == name), None)

    def form(self, name: str = "answer") -> Form:
        """The form of an id, or one that goes to an address with this in it."""
        found = [one for one in self.forms() if one.id == name or (name.startswith("/") and name in one.action)]
        assert found, f"{self.at} has no form {name}: {[(one.id, one.action) for one in self.forms()]}"
        return found[0]

    def go(self, address: str) -> "Walker":
        return self._see(self.browser.get(address), address)

    def fill(self, answers: dict[str, str] | None = None, /, form: str = "answer", **more: str) -> "Walker":
        """Fill in boxes that stand on the page and send the form."""
        said = {**(answers or {}), **more}
        held = self.form(form)
        for name, value in said.items():
            assert name in held.names, f"{self.at} asks for {sorted(held.names)}, not for {name}"
            if name in held.choices:
                assert value in held.choices[name], f"{name} offers {sorted(held.choices[name])}, not {value}"
        self._count(held, said)
        action = html.unescape(held.action) or self.at
        if held.method == "get":
            return self._see(self.browser.get(action, query_string=held.sends | said), action)
        return self._see(self.browser.post(action, data=held.sends | said), action)

    def _count(self, held: Form, said: dict[str, str]) -> None:
        changed = {name: value for name, value in said.items() if value != held.sends.get(name, "")}
        self.touches += len(changed) + (not held.buttons & changed.keys())
        self.letters += sum(len(value) for name, value in changed.items() if name not in held.choices)

    def press(self, form: str) -> "Walker":
        """Touch a button of a form without boxes."""
        return self.fill(form=form)

    def touch(self, address: str) -> "Walker":
        """Follow a link that stands on the page."""
        assert f'href="{html.escape(address)}"' in self.page, f"{self.at} has no link to {address}"
        self.touches += 1
        return self.go(address)

    def scan(self, card: str) -> "Walker":
        """Hold a made-up card to the scanner while the page waits for one."""
        return self.scan_line(line_of(card))

    def scan_line(self, line: str) -> "Walker":
        waits = re.search(r'data-poll="([^"]+)"', self.page)
        assert waits, f"{self.at} does not wait for a card"
        before = self.browser.get(waits[1]).json["version"]
        assert self.context.scans.deposit(line)
        assert self.browser.get(waits[1]).json["version"] != before
        return self.go(self.at)

    def post(self, address: str, /, **answers: str) -> "Walker":
        """Send what no page offered: a stale tab, a forged form. The token is the session's own."""
        token = re.search(r'name="csrf" value="([^"]+)"', self.page)
        assert token
        return self._see(self.browser.post(address, data={"csrf": token[1], **answers}), address)

    def _see(self, answer: TestResponse, address: str) -> "Walker":
        hops = 0
        while answer.status_code in {301, 302, 303}:
            hops += 1
            assert hops < 8, f"{address} goes round in circles"
            address = answer.headers["Location"]
            answer = self.browser.get(address)
        self.answer, self.page, self.at = answer, compact(answer.get_data(as_text=True)), urlsplit(address).path
        if answer.status_code == 200:
            self.seen.append(self.at)
        return self


def line_of(key: str) -> str:
    """What a scanner sends for a practice card or code."""
    return next(one.line for one in (*id_card.practice_cards(), *id_card.practice_codes()) if one.key == key)
