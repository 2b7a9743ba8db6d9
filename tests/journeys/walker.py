"""A visitor at the screen, in process, who uses only what a page offers.

A walker parses the forms of a page. It fills in only boxes of the page, and sends what a browser sends: hidden fields,
chosen options, texts in the boxes.
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
class HtmlForm:
    """A form of a page: its action, its values, and the `names` that can be filled in."""

    id: str
    action: str
    method: str
    sends: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    choices: dict[str, set[str]] = field(default_factory=dict)
    buttons: set[str] = field(default_factory=set)
    """Names of buttons that submit the form."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[HtmlForm] = []
        self._elsewhere: list[tuple[str, dict[str, str]]] = []
        self._open: HtmlForm | None = None
        self._text_of = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = HtmlForm(
                attributes.get("id", ""), attributes.get("action", ""), attributes.get("method", "get")
            )
            self.forms.append(self._open)
        elif tag in {"input", "button", "textarea"} and attributes.get("name"):
            if attributes.get("form"):
                self._elsewhere.append((tag, attributes))
            elif self._open is not None:
                _add(self._open, tag, attributes)
                self._text_of = attributes["name"] if tag == "textarea" else ""

    def handle_data(self, data: str) -> None:
        if self._open is not None and self._text_of:
            self._open.sends[self._text_of] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        self._text_of = ""

    def read(self, page: str) -> list[HtmlForm]:
        self.feed(page)
        for tag, attributes in self._elsewhere:
            for form in self.forms:
                if form.id == attributes["form"]:
                    _add(form, tag, attributes)
        return self.forms


def _add(form: HtmlForm, tag: str, attributes: dict[str, str]) -> None:
    name = attributes["name"]
    value = attributes.get("value", "")
    kind = attributes.get("type", "text")
    form.names.add(name)
    if tag == "button":
        form.buttons.add(name)
    if tag == "button" or kind in {"radio", "checkbox"}:
        form.choices.setdefault(name, set()).add(value)
        if "checked" in attributes:
            form.sends[name] = value
    else:
        form.sends[name] = value


class Walker:
    """One person with one browser."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.browser = app.test_client()
        self.context: Context = app.extensions["context"]
        self.answer: TestResponse
        self.html = ""
        self.at = ""
        self.seen: list[str] = []
        self.touches = 0
        self.letters = 0
        """Counts: `touches` of boxes, options and buttons, `letters` typed into boxes."""
        self._compacted = ("", "")
        self._parsed: tuple[str, list[HtmlForm]] = ("", [])

    @property
    def page(self) -> str:
        """The page, compacted once."""
        if self._compacted[0] != self.html:
            self._compacted = (self.html, compact(self.html))
        return self._compacted[1]

    @property
    def words(self) -> str:
        """The text of the page: no tags, one space between words."""
        bare = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", self.page, flags=re.DOTALL)
        return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", bare))).strip()

    @property
    def heading(self) -> str:
        match = re.search(r"<h1[^>]*>(.*?)</h1>", self.page, re.DOTALL)
        return html.unescape(re.sub(r"<[^>]+>", "", match[1])).strip() if match else ""

    @property
    def addresses(self) -> list[str]:
        """The distinct addresses shown so far, in order."""
        return list(dict.fromkeys(self.seen))

    def forms(self) -> list[HtmlForm]:
        if self._parsed[0] != self.html:
            self._parsed = (self.html, _Reader().read(self.page))
        return self._parsed[1]

    def form_or_none(self, name: str) -> HtmlForm | None:
        return next((form for form in self.forms() if form.id == name), None)

    def form(self, name: str = "answer") -> HtmlForm:
        """Return the form with an id, or with an action that contains the name."""
        forms = self.forms()
        matches = [form for form in forms if form.id == name or (name.startswith("/") and name in form.action)]
        assert matches, f"{self.at} has no form {name}: {[(form.id, form.action) for form in forms]}"
        return matches[0]

    def go(self, address: str) -> "Walker":
        return self._see(self.browser.get(address), address)

    def fill(self, answers: dict[str, str] | None = None, /, form: str = "answer", **more: str) -> "Walker":
        """Fill in boxes of the page and submit the form."""
        values = {**(answers or {}), **more}
        target = self.form(form)
        for name, value in values.items():
            assert name in target.names, f"{self.at} asks for {sorted(target.names)}, not for {name}"
            if name in target.choices:
                assert value in target.choices[name], f"{name} offers {sorted(target.choices[name])}, not {value}"
        self._count(target, values)
        action = html.unescape(target.action) or self.at
        if target.method == "get":
            return self._see(self.browser.get(action, query_string=target.sends | values), action)
        return self._see(self.browser.post(action, data=target.sends | values), action)

    def _count(self, target: HtmlForm, values: dict[str, str]) -> None:
        changed = {name: value for name, value in values.items() if value != target.sends.get(name, "")}
        self.touches += len(changed) + (not target.buttons & changed.keys())
        typed = {name: value for name, value in changed.items() if name not in target.choices}
        self.letters += sum(len(value) for name, value in typed.items() if not self._has_button(name, value))

    def _has_button(self, name: str, value: str) -> bool:
        """Return whether one touch writes a value into a box: a suggestion, or plus and minus where none is typed."""
        is_counted = re.search(rf'name="{re.escape(name)}"[^>]* readonly', self.page)
        return bool(is_counted) or f'data-fill="{name}" value="{value}"' in self.page

    def press(self, form: str) -> "Walker":
        """Submit a form without boxes."""
        return self.fill(form=form)

    def follow(self, address: str) -> "Walker":
        """Follow a link of the page."""
        assert f'href="{html.escape(address)}"' in self.page, f"{self.at} has no link to {address}"
        self.touches += 1
        return self.go(address)

    def scan(self, card: str) -> "Walker":
        """Scan a practice card while the page waits for one."""
        return self.scan_line(card_line(card))

    def scan_line(self, line: str) -> "Walker":
        waits = re.search(r'data-poll="([^"]+)"', self.page)
        assert waits, f"{self.at} does not wait for a card"
        before = self.browser.get(waits[1]).json["version"]
        assert self.context.card_inbox.put(line)
        assert self.browser.get(waits[1]).json["version"] != before
        return self.go(self.at)

    def post(self, address: str, /, **answers: str) -> "Walker":
        """Post answers that no page offered (an old tab, a forged form), with the token of the session."""
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
        self.answer = answer
        self.html = answer.get_data(as_text=True)
        self.at = urlsplit(address).path
        if answer.status_code == 200:
            self.seen.append(self.at)
        return self


def card_line(key: str) -> str:
    """Return the line that a scanner sends for a practice card or code."""
    codes = (*id_card.practice_cards(), *id_card.practice_codes())
    return next(code.line for code in codes if code.key == key)
