"""A technician at a browser: signs in by the machine's password, reads a page, touches what it offers."""

import html
import re
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.test import TestResponse

from kiosk.acts import signing
from kiosk.context import Context
from kiosk.portal import delivery
from kiosk.records.submissions import Submission
from sync import outbox
from sync.parcel import FieldError, Outcome, Subject
from tests.markup import compact

PASSWORD = "mật khẩu dài"
QUOTED = "Họ tên “Trần Nguyễn Bảo Ngọc” dài quá."


class Bench:
    """One technician, one browser."""

    def __init__(self, app: Flask) -> None:
        self.context: Context = app.extensions["context"]
        self.browser = app.test_client()
        self.answer: TestResponse
        signing.set_technician_password(self.context, PASSWORD)
        self.browser.post("/technician/signin", data={"password": PASSWORD})
        self.go("/technician/")

    @property
    def page(self) -> str:
        return compact(self.answer.get_data(as_text=True))

    @property
    def words(self) -> str:
        bare = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", self.page, flags=re.DOTALL)
        return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", bare))).strip()

    def go(self, address: str) -> "Bench":
        self.answer = self.browser.get(address)
        assert self.answer.status_code in (200, 303), self.answer.status_code
        if self.answer.status_code == 303:
            return self._follow()
        return self

    def post(self, address: str, **told: str) -> "Bench":
        """Send a form of this session and follow where it leads."""
        token = re.search(r'name="csrf" value="([^"]+)"', self.page)
        assert token
        self.answer = self.browser.post(address, data={"csrf": token[1], **told})
        return self._follow() if self.answer.status_code == 303 else self

    def _follow(self) -> "Bench":
        where = urlsplit(self.answer.headers["Location"])
        return self.go(f"{where.path}?{where.query}" if where.query else where.path)


def refuse(context: Context, found: Submission) -> None:
    """Let the portal refuse a form: one field by name, in words that quote an answer."""
    subject = Subject(found.id, "submission")
    error = FieldError("/form/answers/con_ho_ten", "max-length", QUOTED)
    with context.store.write() as db:
        outbox.mark_refused(db, subject, "record", "invalid", context.clock.now())
        delivery.apply_outcome(context, db, subject, Outcome("invalid", errors=(error,)))
