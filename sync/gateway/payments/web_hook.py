"""Web hook of banks: signed notices of movements on a ward's account.

The bank signs time and body with the account's secret: HMAC-SHA256 of `<time>.<body>`. An old time, another secret and
an unknown account get one and the same answer. A notice that comes twice, by a replay or because the bank lost the
answer, is counted as known and changes nothing.
"""

import hashlib
import hmac
import logging
import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Flask, Response, jsonify, request
from sqlalchemy.exc import InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException

from sync.gateway.context import context
from sync.gateway.payments import bank_accounts
from sync.gateway.payments.bank_accounts import BankAccount
from sync.gateway.payments.bank_line import MAX_AMOUNT, BankLine, clean_reference
from sync.gateway.payments.payment_notices import NoKiosk, record_lines
from sync.gateway.replication import StandbyAway
from sync.gateway.strict_json import parse_json

TIME_HEADER = "Payment-Time"
SIGNATURE_HEADER = "Payment-Signature"
WINDOW = timedelta(seconds=300)
"""Largest difference between the signed time and this gateway's clock."""
_MAX_BODY_BYTES = 256 * 1024
_MAX_NOTICES = 200
_MAX_TEXT = 1000
_MEMBERS = {"reference": str, "direction": str, "amount": int, "bookedAt": str, "text": str}
_DIRECTIONS = ("in", "out")
_log = logging.getLogger(__name__)


class BadNotice(Exception):  # noqa: N818 - reads well in "raise BadNotice"
    """A notice of another shape; the text is the place in the body."""


def install(app: Flask) -> None:
    """Add the web hook to an app."""
    hook = Blueprint("payments", __name__)
    hook.add_url_rule("/payments/<account_id>", view_func=take_notices, methods=["POST"])
    for error in (OperationalError, InterfaceError, StandbyAway, NoKiosk):
        hook.register_error_handler(error, _unavailable)
    hook.register_error_handler(HTTPException, _http_error)
    app.register_blueprint(hook)


def sign(secret: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the headers of a signed notice."""
    time = str(int(at.timestamp()))
    return {TIME_HEADER: time, SIGNATURE_HEADER: _signature(secret, time, body)}


def take_notices(account_id: str) -> Response:
    """Store the notices of a signed request; the answer says how many were new."""
    request.max_content_length = _MAX_BODY_BYTES
    body = request.get_data()
    now = context().settings.now()
    with context().engine.begin() as db:
        account = bank_accounts.find_account(db, account_id)
    if not _is_signed(account, body, now) or account is None:
        _log.warning("payment notice refused", extra={"code": "signature"})
        return _answer(401, {"error": "signature"})
    try:
        lines = read_lines(body, now)
    except BadNotice as error:
        return _answer(422, {"error": "shape", "place": str(error)})
    counts = context().replication.run_transaction(lambda db: record_lines(db, account, lines, "notice", now))
    _log.info("payment notices", extra={"count": counts.new, "held": counts.known})
    members = {"new": counts.new, "known": counts.known, "ignored": counts.other, "conflicts": list(counts.conflicts)}
    return _answer(409 if counts.conflicts else 200, members)


def read_lines(body: bytes, now: datetime) -> list[BankLine]:
    """Return the movements of a body.

    Raises:
        BadNotice: the body has another shape.
    """
    try:
        content = parse_json(body.decode())
    except (ValueError, RecursionError):
        raise BadNotice("") from None
    notices = content.get("notices") if isinstance(content, dict) else None
    if not isinstance(notices, list) or not 1 <= len(notices) <= _MAX_NOTICES:
        raise BadNotice("/notices")
    return [_read_line(notice, f"/notices/{index}", now) for index, notice in enumerate(notices)]


def _read_line(notice: object, place: str, now: datetime) -> BankLine:
    if not isinstance(notice, dict):
        raise BadNotice(place)
    for name, kind in _MEMBERS.items():
        if type(notice.get(name)) is not kind:
            raise BadNotice(f"{place}/{name}")
    reference = clean_reference(notice["reference"])
    booked_at = _read_time(notice["bookedAt"])
    is_right = {
        "reference": reference != "",
        "direction": notice["direction"] in _DIRECTIONS,
        "amount": 0 < notice["amount"] <= MAX_AMOUNT,
        "bookedAt": booked_at is not None and booked_at <= now + timedelta(days=1),
        "text": len(notice["text"]) <= _MAX_TEXT,
    }
    wrong = [name for name, right in is_right.items() if not right]
    if wrong or booked_at is None:
        raise BadNotice(f"{place}/{wrong[0]}")
    return BankLine(
        reference=reference,
        direction=notice["direction"],
        amount=notice["amount"],
        booked_at=booked_at,
        text=notice["text"],
    )


def _read_time(text: str) -> datetime | None:
    """Return a time with its zone in UTC; None for another text."""
    try:
        at = datetime.fromisoformat(text)
        return None if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _is_signed(account: BankAccount | None, body: bytes, now: datetime) -> bool:
    """Return whether the request is signed with the account's secret; an unknown account costs the same work."""
    time = request.headers.get(TIME_HEADER, "")
    signature = request.headers.get(SIGNATURE_HEADER, "")
    expected = _signature(account.secret if account else "-", time, body)
    is_same = hmac.compare_digest(expected.encode(), signature.lower().encode())
    return is_same and account is not None and _is_fresh(time, now)


def _is_fresh(time: str, now: datetime) -> bool:
    if not time.isascii() or not time.isdigit() or len(time) > 12:
        return False
    return math.fabs(int(time) - now.timestamp()) <= WINDOW.total_seconds()


def _signature(secret: str, time: str, body: bytes) -> str:
    return hmac.new(secret.encode(), time.encode() + b"." + body, hashlib.sha256).hexdigest()


def _answer(status: int, members: Mapping[str, Any]) -> Response:
    response = jsonify(members)
    response.status_code = status
    return response


def _unavailable(_error: Exception) -> Response:
    """Answer 503, after which a bank sends again: the database is away, or the ward has no kiosk yet."""
    response = _answer(503, {"error": "later"})
    response.headers["Retry-After"] = "30"
    return response


def _http_error(error: HTTPException) -> Response:
    return _answer(error.code or 500, {"error": f"http-{error.code}"})
