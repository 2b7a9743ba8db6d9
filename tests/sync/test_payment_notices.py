"""Notices of banks by web hook: signed, stored once, without a word of the payer, and read by the kiosk's feed."""

import json
from datetime import timedelta
from typing import Any

import pytest

from kiosk.base import clock
from sync import status_feed
from sync.gateway import kiosks
from sync.gateway.payments import bank_accounts, payment_notices
from sync.gateway.payments.twin import SignedBody, TwinBank
from sync.parcel import PaymentNotice
from sync.payment_key import format_key
from tests.sync.contract_checks import conforms
from tests.sync.payments import KEY, PAYER, Payments

OTHER_WARD = format_key("PK99", 12_345)


def test_a_notice_reaches_the_kiosk_with_key_and_sum_and_nothing_of_the_payer(payments: Payments) -> None:
    answer = payments.pay(text=f"PHI {KEY} {PAYER}")
    assert (answer.status_code, answer.json["new"]) == (200, 1)
    (notice,) = payments.page()["payments"]
    assert (notice["key"], notice["amount"], notice["direction"], notice["source"]) == (KEY, 16_000, "in", "notice")
    stored = json.dumps(payments.practice.back_up(), default=str)
    assert KEY in stored
    assert "KHONG AI" not in stored
    assert "MBVCB" not in stored


def test_a_notice_that_comes_twice_or_is_replayed_is_stored_once(payments: Payments) -> None:
    line = payments.bank.move(16_000, f"PHI {KEY}", payments.now)
    signed = payments.bank.notice([line], payments.now)
    assert payments.send(signed).json["new"] == 1
    assert payments.send(signed).json == {"new": 0, "known": 1, "ignored": 0, "conflicts": []}
    assert payments.send(payments.bank.notice([line, line], payments.now)).json["known"] == 2
    payments.practice.clock.offset = timedelta(seconds=301)
    assert payments.send(signed).status_code == 401
    assert len(payments.page()["payments"]) == 1


def test_a_forged_an_old_and_an_unknown_sender_get_one_and_the_same_answer(payments: Payments) -> None:
    line = payments.bank.move(16_000, f"PHI {KEY}", payments.now)
    right = payments.bank.notice([line], payments.now)
    forged = TwinBank("another secret").notice([line], payments.now)
    changed = SignedBody(right.body.replace(b"16000", b"10000"), right.headers)
    early = payments.bank.notice([line], payments.now + timedelta(seconds=310))
    odd = [{**right.headers, "Payment-Time": time} for time in ("", "x", "1" * 20, "-5", "١٧٠٠٠٠٠٠٠٠")]
    refused = [payments.send(signed) for signed in (forged, changed, early)]
    refused += [payments.send(SignedBody(right.body, headers)) for headers in odd if headers["Payment-Time"].isascii()]
    refused += [payments.send(SignedBody(right.body, {})), payments.send(right, account_id="a" * 16)]
    assert {(answer.status_code, answer.data) for answer in refused} == {(401, refused[0].data)}
    assert "payments" not in payments.page()


def test_the_secret_is_sealed_and_a_new_one_replaces_it(payments: Payments) -> None:
    stored = json.dumps(payments.practice.back_up(), default=repr)
    assert payments.account.secret not in stored
    former = payments.bank
    payments.account = payments.set_account()
    assert payments.send(former.notice([former.move(1000, "x", payments.now)], payments.now)).status_code == 401
    payments.bank = TwinBank(payments.account.secret)
    assert payments.pay().status_code == 200


def test_an_ended_account_takes_no_more(payments: Payments) -> None:
    with payments.practice.engine.begin() as db:
        assert bank_accounts.end_account(db, payments.account.account_id, payments.now)
        assert not bank_accounts.end_account(db, payments.account.account_id, payments.now)
    assert payments.pay().status_code == 401


def test_a_text_without_one_single_key_of_the_ward_goes_to_its_first_kiosk_without_a_key(payments: Payments) -> None:
    texts = ["CHUYEN TIEN", f"{KEY} {format_key('PK03', 99)}", f"PHI {OTHER_WARD}", f"PHI {KEY[:-1]}2"]
    for text in texts:
        assert payments.pay(text=text).json["new"] == 1
    assert ["key" in notice for notice in payments.page()["payments"]] == [False] * 4


def test_the_receipt_number_of_an_older_slip_is_a_hint(payments: Payments) -> None:
    payments.pay(text="LE PHI PK03 261124 0017 F")
    payments.pay(text="LE PHI PK99-261124-0017-F")
    first, second = payments.page()["payments"]
    assert (first["receiptNo"], "key" in first) == ("PK03-261124-0017-F", False)
    assert "receiptNo" not in second


def test_money_that_is_paid_back_is_told_with_a_key_alone(payments: Payments) -> None:
    assert payments.pay(text="TIEN DIEN", direction="out").json == {
        "new": 0, "known": 0, "ignored": 1, "conflicts": [],
    }  # fmt: skip
    assert payments.pay(text=f"HOAN {KEY}", direction="out").json["new"] == 1
    (notice,) = payments.page()["payments"]
    assert notice["direction"] == "out"


def test_a_known_reference_with_another_sum_changes_nothing(payments: Payments) -> None:
    line = payments.bank.move(16_000, f"PHI {KEY}", payments.now)
    payments.send(payments.bank.notice([line], payments.now))
    other = TwinBank(payments.account.secret).move(160_000, f"PHI {KEY}", payments.now)
    assert other.reference == line.reference
    answer = payments.send(payments.bank.notice([other], payments.now))
    assert (answer.status_code, answer.json["conflicts"]) == (409, [line.reference])
    assert [notice["amount"] for notice in payments.page()["payments"]] == [16_000]


def _notice(**changes: Any) -> dict[str, Any]:
    right = {"reference": "FT1", "direction": "in", "amount": 1, "bookedAt": "2026-11-24T08:00:00+07:00", "text": "x"}
    return {"notices": [{**right, "reference": "FT12", **changes}]}


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\xff", b"[]", b"{}", b'{"notices": []}', b'{"notices": [1]}', b"[" * 100_000,
        _notice(amount="16000"), _notice(amount=True), _notice(amount=0), _notice(amount=-5), _notice(amount=1.5),
        _notice(amount=10**12 + 1), _notice(reference=PAYER), _notice(reference=""), _notice(reference="F" * 65 + "1"),
        _notice(direction="both"), _notice(bookedAt="24/11/2026"), _notice(bookedAt="2026-11-24T08:00:00"),
        _notice(bookedAt="2999-01-01T00:00:00+07:00"), _notice(bookedAt="0001-01-01T00:00:00+14:00"),
        _notice(text="x" * 1001), _notice(text=None),
        {"notices": [_notice()["notices"][0]] * 201},
    ],
)  # fmt: skip
def test_a_body_of_another_shape_changes_nothing(payments: Payments, content: Any) -> None:
    answer = payments.post(content)
    assert (answer.status_code, answer.json["error"]) == (422, "shape")
    assert "payments" not in payments.page()


def test_a_body_that_is_too_large_is_refused(payments: Payments) -> None:
    assert payments.post(b"x" * (256 * 1024 + 1)).status_code == 413


def test_a_ward_without_a_kiosk_lets_the_bank_send_again(payments: Payments) -> None:
    with payments.practice.engine.begin() as db:
        kiosks.revoke(db, "PK03", payments.now)
    answer = payments.pay()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")


def test_receipts_and_notices_are_read_page_by_page_in_their_order(payments: Payments) -> None:
    subjects = []
    for number in range(3):
        payments.pay(amount=1000 + number)
        subjects.append(payments.kiosk.submit())
        payments.kiosk.drain()
    cursor = ""
    amounts: list[int] = []
    forms: list[str] = []
    for _ in range(6):
        page = payments.page(cursor, limit=1)
        amounts += [notice["amount"] for notice in page.get("payments", [])]
        forms += [item["submissionId"] for item in page["items"]]
        cursor = page["cursor"]
        assert page["more"] == (len(amounts) + len(forms) < 6)
    assert (amounts, forms) == ([1000, 1001, 1002], subjects)
    assert payments.page(cursor)["items"] == []


def test_a_kiosk_of_an_older_release_reads_past_the_notices(payments: Payments) -> None:
    payments.pay()
    subject = payments.kiosk.submit()
    payments.kiosk.drain()
    payments.kiosk.pull_feed()
    assert payments.kiosk.desk_row(subject)["code"] == 1
    assert payments.page()["more"] is False


def test_a_cursor_behind_a_notice_proves_that_the_gateway_was_restored(payments: Payments) -> None:
    copy = payments.practice.back_up()
    payments.pay()
    cursor = payments.page()["cursor"]
    payments.practice.restore(copy)
    payments.pay(amount=5000)
    assert payments.kiosk.send_request("GET", f"/changes?cursor={cursor}").status == 410
    assert [notice["amount"] for notice in payments.page()["payments"]] == [5000]


def test_notices_are_deleted_after_their_term(payments: Payments) -> None:
    payments.pay()
    with payments.practice.engine.begin() as db:
        payment_notices.delete_old_notices(db, clock.now() + payment_notices.KEPT - timedelta(minutes=1))
        assert payment_notices.list_notices(db, "PK03", 0, 10)
        payment_notices.delete_old_notices(db, clock.now() + payment_notices.KEPT + timedelta(minutes=1))
        assert not payment_notices.list_notices(db, "PK03", 0, 10)


def _read(payments: Payments, cursor: str = "", query: str = "&payments=true", limit: int = 100) -> dict[str, Any]:
    place = f"&cursor={cursor}" if cursor else ""
    response = payments.kiosk.send_request("GET", f"/changes?limit={limit}{place}{query}")
    page: dict[str, Any] = conforms(response, "get", "/changes")
    return page


def test_a_kiosk_that_is_updated_later_gets_the_notices_that_it_has_read_past(payments: Payments) -> None:
    for number in range(3):
        payments.pay(amount=1000 + number)
    payments.kiosk.submit()
    payments.kiosk.drain()
    cursor = _read(payments, query="")["cursor"]
    assert "payments" not in _read(payments, cursor, query="")
    amounts = []
    for _ in range(3):
        page = _read(payments, cursor, limit=1)
        amounts += [notice["amount"] for notice in page["payments"]]
        cursor = page["cursor"]
        assert page["more"] == (len(amounts) < 3)
    assert amounts == [1000, 1001, 1002]
    payments.pay(amount=5000)
    page = _read(payments, cursor)
    assert [notice["amount"] for notice in page["payments"]] == [5000]
    assert "payments" not in _read(payments, page["cursor"])


def test_a_kiosk_that_goes_back_to_an_older_release_reads_on(payments: Payments) -> None:
    payments.pay()
    cursor = _read(payments)["cursor"]
    payments.pay(amount=5000)
    assert [notice["amount"] for notice in _read(payments, cursor, query="")["payments"]] == [5000]


def test_a_cursor_with_a_number_that_is_none_is_refused(payments: Payments) -> None:
    payments.pay()
    cursor = _read(payments)["cursor"].rpartition(".")[0]
    assert payments.kiosk.send_request("GET", f"/changes?cursor={cursor}.x&payments=true").status == 400


def test_the_portal_of_the_kiosk_reads_the_notices(payments: Payments) -> None:
    payments.pay()
    payments.pay(amount=900, text="LE THI B CHUYEN")
    told: list[PaymentNotice] = []
    kiosk = payments.kiosk
    kiosk.submit()
    kiosk.drain()
    while status_feed.pull(
        kiosk.store,
        portal=kiosk.portal,
        link=kiosk.link,
        apply_receipt=kiosk.apply_receipt,
        now=payments.now,
        record_payment=lambda _db, notice: told.append(notice),
    ):
        pass
    assert [(notice.key, notice.amount, notice.direction) for notice in told] == [(KEY, 16_000, "in"), ("", 900, "in")]
    assert {notice.account for notice in told} == {payments.account.account_id}
