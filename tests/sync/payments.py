"""A practice gateway with a kiosk, the bank account of its ward, and the ward's bank."""

import json
from datetime import datetime
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sync.gateway.payments import bank_accounts
from sync.gateway.payments.bank_accounts import BankAccount
from sync.gateway.payments.twin import SignedBody, TwinBank
from sync.gateway.payments.web_hook import sign
from sync.payment_key import format_key
from tests.sync.contract_checks import conforms
from tests.sync.practice_gateway import UNIT, Kiosk, PracticeGateway

KEY = format_key("PK03", 12_345)
PAYER = "NGUYEN THI KHONG AI BIET"


class Payments:
    """A practice gateway with a kiosk, the account of its ward, and the ward's bank."""

    def __init__(self, practice: PracticeGateway) -> None:
        self.practice = practice
        self.kiosk: Kiosk = practice.enrolled_kiosk()
        self.browser: FlaskClient = practice.gateway.app.test_client()
        self.account = self.set_account()
        self.bank = TwinBank(self.account.secret)

    def set_account(self) -> BankAccount:
        with self.practice.engine.begin() as db:
            return bank_accounts.set_account(db, UNIT, "1017000123", self.now)

    @property
    def now(self) -> datetime:
        return self.practice.clock()

    def send(self, signed: SignedBody, account_id: str = "") -> TestResponse:
        address = f"/payments/{account_id or self.account.account_id}"
        return self.browser.post(address, data=signed.body, headers=signed.headers)

    def pay(self, amount: int = 16_000, text: str = f"PHI {KEY}", **options: Any) -> TestResponse:
        return self.send(self.bank.notice([self.bank.move(amount, text, self.now, **options)], self.now))

    def post(self, content: Any) -> TestResponse:
        """Send any content with a right signature."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        return self.send(SignedBody(body, sign(self.account.secret, self.now, body)))

    def page(self, cursor: str = "", limit: int = 100) -> dict[str, Any]:
        query = f"?limit={limit}" + (f"&cursor={cursor}" if cursor else "")
        page: dict[str, Any] = conforms(self.kiosk.send_request("GET", f"/changes{query}"), "get", "/changes")
        return page
