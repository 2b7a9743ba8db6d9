"""A technician at a browser: signs in with the kiosk's password, reads pages, presses their buttons."""

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

    def post(self, address: str, /, **fields: str) -> "Bench":
        """Send a form of this session and follow its redirect."""
        token = re.search(r'name="csrf" value="([^"]+)"', self.page)
        assert token
        self.answer = self.browser.post(address, data={"csrf": token[1], **fields})
        return self._follow() if self.answer.status_code == 303 else self

    def _follow(self) -> "Bench":
        where = urlsplit(self.answer.headers["Location"])
        return self.go(f"{where.path}?{where.query}" if where.query else where.path)


def refuse(context: Context, submission: Submission) -> None:
    """Record that the portal refused a form, with one field and words that quote an answer."""
    subject = Subject(submission.id, "submission")
    error = FieldError("/form/answers/con_ho_ten", "max-length", QUOTED)
    with context.store.write() as db:
        outbox.mark_refused(db, subject, "record", "invalid", context.clock.now())
        delivery.apply_outcome(context, db, subject, Outcome("invalid", errors=(error,)))
