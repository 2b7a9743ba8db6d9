"""An officer at a browser: signs in through the page, presses the buttons of a page."""

import html
import re
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.test import TestResponse

from kiosk.acts import signing
from kiosk.context import Context
from tests.markup import compact

PASSWORD = "mật khẩu riêng"


class Desk:
    """One officer, one browser."""

    _compacted = ("", "")

    def __init__(self, app: Flask, login: str = "hoaian", counter: int = 1, role: str = "officer") -> None:
        self.context: Context = app.extensions["context"]
        self.browser = app.test_client()
        self.answer: TestResponse
        signing.add_person(self.context, login, name=f"Cán bộ {login}", role=role, password=PASSWORD)
        self.browser.post("/signin", data={"login": login, "password": PASSWORD, "counter": str(counter)})
        self.go("/officer/")

    @property
    def page(self) -> str:
        page = self.answer.get_data(as_text=True)
        if self._compacted[0] != page:
            self._compacted = (page, compact(page))
        return self._compacted[1]

    @property
    def words(self) -> str:
        bare = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", self.page, flags=re.DOTALL)
        return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", bare))).strip()

    @property
    def token(self) -> str:
        match = re.search(r'name="csrf" value="([^"]+)"', self.page)
        assert match, self.words
        return match[1]

    def field(self, name: str) -> str:
        """Return the value of the first field of the page with a name."""
        match = re.search(rf'name="{name}" value="([^"]+)"', self.page)
        assert match, self.words
        return html.unescape(match[1])

    def hidden_fields(self, address: str) -> dict[str, str]:
        """Return the hidden fields of the first form of the page with an address."""
        match = re.search(rf'<form[^>]* action="{re.escape(address)}"[^>]*>(.*?)</form>', self.page)
        assert match, self.words
        fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', match[1])
        return {name: html.unescape(value) for name, value in fields}

    def go(self, address: str) -> "Desk":
        self.answer = self.browser.get(address)
        return self

    def post(self, address: str, **fields: str) -> "Desk":
        """Send a form of this session and follow its redirect."""
        self.answer = self.browser.post(address, data={"csrf": self.token, **fields})
        if self.answer.status_code == 303:
            where = urlsplit(self.answer.headers["Location"])
            self.go(f"{where.path}?{where.query}" if where.query else where.path)
        return self
