"""Status page behind the code of a slip: what it says, what it never says, and what strangers learn from it."""

import copy
import re
import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sync.encoding import sha256_hex
from sync.gateway import contract_schema, database, status_keys
from tests.sync.contract_checks import envelope, event, send
from tests.sync.practice_gateway import Kiosk, PracticeGateway
from tests.sync.test_kiosk_reports import REPORT
from tests.sync.test_retention import age, clean_up

CANARY = "Ngụy Thị Quạ Kềnh"
KEY = "abcdefghijklmnop"
DIGITS = "4719"
MISSING = {
    "papers": [{"name": "Giấy chứng sinh", "note": "Bản chính. Mất thì xin cấp lại ở bệnh viện."}],
    "otherLines": 0,
}


def page_member(key: str = KEY, digits: str = DIGITS) -> dict[str, str]:
    return {"keyHash": sha256_hex(key.encode()), "digitsHash": sha256_hex(f"{key} {digits}".encode())}


def send_form(kiosk: Kiosk, key: str = KEY, **changes: Any) -> str:
    sent = envelope(kiosk, applicant={"fullName": CANARY, "idNumber": "046012345678"},
                    statusPage=page_member(key), **changes)  # fmt: skip
    (result,) = send(kiosk, sent)
    assert result["outcome"] == "created", result
    return str(result["submissionId"])


def send_event(kiosk: Kiosk, submission_id: str, seq: int, kind: str, **members: Any) -> None:
    answer = kiosk.send_request("POST", "/events", {"events": [event(submission_id, seq, kind, **members)]})
    assert b'"created"' in answer.body, answer.body


def ask_papers(kiosk: Kiosk, submission_id: str, seq: int = 1) -> None:
    send_event(kiosk, submission_id, seq, "supplement", reason=f"Giấy chứng sinh; {CANARY}", missing=MISSING)


def phone(practice: PracticeGateway) -> FlaskClient:
    return practice.gateway.app.test_client()


def words(answer: TestResponse) -> str:
    """Return the words of a page, without its markup."""
    return " ".join(re.sub(r"<[^>]*>", " ", answer.get_data(as_text=True)).split())


def test_a_key_opens_the_state_of_its_dossier(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    submission_id = send_form(kiosk)
    page = phone(practice).get(f"/h/{KEY}")
    assert page.status_code == 200
    assert "Đã nộp, chờ nhận" in words(page)
    assert "PK03-261124-0001-F" in words(page)
    assert "Theo tin của phường lúc" in words(page)
    send_event(kiosk, submission_id, 1, "accepted", dueAt="2126-11-29T14:00:00+07:00")
    page = phone(practice).get(f"/h/{KEY}")
    assert "Phường đã nhận" in words(page)
    assert "Thứ Sáu, 29/11/2126, từ 14:00" in words(page)


@pytest.mark.parametrize(
    ("kind", "members", "title"),
    [
        ("refused", {"reason": CANARY}, "Đã xong, mời tới quầy"),
        ("stopped", {"reason": CANARY}, "Đã xong, mời tới quầy"),
        ("withdrawn", {}, "Đã xin rút hồ sơ"),
        ("handed_out", {}, "Đã nhận kết quả"),
        ("supplement", {"reason": CANARY}, "Cần nộp thêm giấy"),
        ("supplement", {"reason": CANARY, "missing": MISSING}, "Còn thiếu 1 giấy"),
        ("supplement", {"reason": CANARY, "missing": MISSING | {"otherLines": 2}}, "Cần nộp thêm giấy"),
    ],
)
def test_no_state_names_a_person_a_number_a_procedure_or_a_reason(
    practice: PracticeGateway, kind: str, members: dict[str, Any], title: str
) -> None:
    kiosk = practice.enrolled_kiosk()
    send_event(kiosk, send_form(kiosk), 1, kind, **members)
    page = phone(practice).get(f"/h/{KEY}").get_data(as_text=True)
    assert title in " ".join(page.split())
    for secret in (CANARY, "046012345678", "1.001193", "khai-sinh", "chứng sinh", "CB01"):
        assert secret not in page, secret


@pytest.mark.parametrize("code", range(1, 11))
def test_every_national_state_has_words(practice: PracticeGateway, code: int) -> None:
    send_form(practice.enrolled_kiosk())
    practice.sql(f"update submissions set status_code = {code}")
    page = phone(practice).get(f"/h/{KEY}")
    assert page.status_code == 200
    assert len(page.data) < 8_000


def test_a_late_dossier_says_so_and_no_promised_day(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    due = practice.clock() - timedelta(days=3)
    send_event(kiosk, send_form(kiosk), 1, "accepted", dueAt=due.isoformat())
    page = words(phone(practice).get(f"/h/{KEY}"))
    assert "Đã quá hẹn 3 ngày" in page
    assert "Hẹn trả kết quả" not in page


def test_the_page_has_no_cookie_no_script_and_may_not_be_kept_or_found(practice: PracticeGateway) -> None:
    send_form(practice.enrolled_kiosk())
    browser = phone(practice)
    page = browser.get(f"/h/{KEY}")
    sheet = browser.get("/static/phone.css")
    assert len(page.data) + len(sheet.data) < 20_000
    assert "Set-Cookie" not in page.headers
    assert b"<script" not in page.data
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    again = browser.get("/static/phone.css", headers={"If-None-Match": sheet.headers["ETag"]})
    assert again.status_code == 304


def test_only_practice_shows_the_page_in_a_frame(practice: PracticeGateway) -> None:
    assert "127.0.0.1" in phone(practice).get("/h/x").headers["Content-Security-Policy"]
    settings = practice.gateway.app.extensions["gateway"].settings
    practice.gateway.app.extensions["gateway"].settings = replace(
        settings, practice=False, public_urls=("https://cong.example",)
    )
    page = phone(practice).get("/h/x", headers={"Host": "cong.example"})
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]


def test_the_database_has_no_key_and_no_digits(practice: PracticeGateway) -> None:
    send_form(practice.enrolled_kiosk())
    stored = repr(practice.back_up())
    assert KEY not in stored
    assert repr(sha256_hex(DIGITS.encode())) not in stored
    assert sha256_hex(KEY.encode()) in stored


def test_a_correction_keeps_the_key_and_shows_its_own_state(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    first = send_form(kiosk)
    send_event(kiosk, first, 1, "accepted")
    send_form(kiosk, receiptNo="PK03-261124-0001-F", revision=2, supersedes=first)
    assert len(practice.sql("select key_hash from status_keys")) == 1
    assert "Phường đã nhận" in words(phone(practice).get(f"/h/{KEY}"))


def test_a_decision_that_waited_for_the_line_shows_on_the_correction_that_came_before_it(
    practice: PracticeGateway,
) -> None:
    kiosk = practice.enrolled_kiosk()
    first = send_form(kiosk)
    send_form(kiosk, receiptNo="PK03-261124-0001-F", revision=2, supersedes=first)
    ask_papers(kiosk, first)
    assert "Còn thiếu 1 giấy" in words(phone(practice).get(f"/h/{KEY}"))
    rows = practice.sql("select status_code from submissions order by form_revision")
    assert rows == [(5,), (5,)]


@pytest.mark.parametrize("later", ["supplement", "waiting"])
def test_a_dossier_is_not_late_while_no_term_runs(practice: PracticeGateway, later: str) -> None:
    kiosk = practice.enrolled_kiosk()
    submission_id = send_form(kiosk)
    send_event(kiosk, submission_id, 1, "accepted", dueAt=(practice.clock() - timedelta(days=3)).isoformat())
    if later == "supplement":
        ask_papers(kiosk, submission_id, 2)
    else:
        send_event(kiosk, submission_id, 2, "reopened", reopenedTo="waiting", reason="nhầm")
    page = words(phone(practice).get(f"/h/{KEY}"))
    assert "Đã quá hẹn" not in page
    assert "Hẹn trả kết quả" not in page


def test_papers_of_a_request_that_is_over_are_not_named_again(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    submission_id = send_form(kiosk)
    ask_papers(kiosk, submission_id)
    send_event(kiosk, submission_id, 2, "accepted")
    practice.sql("update submissions set status_code = 5")  # the province asks, on its page
    page = words(phone(practice).post(f"/h/{KEY}", data={"digits": DIGITS}))
    assert "Cần nộp thêm giấy" in page
    assert "chứng sinh" not in page


def test_a_form_without_a_key_is_taken_as_before(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    assert send(kiosk, envelope(kiosk))[0]["outcome"] == "created"
    assert practice.sql("select key_hash from status_keys") == []


@pytest.mark.parametrize("member", [{}, {"keyHash": "x"}, {"keyHash": "0" * 64}, "text"])
def test_a_malformed_key_makes_the_form_invalid_and_stores_nothing(practice: PracticeGateway, member: Any) -> None:
    kiosk = practice.enrolled_kiosk()
    assert send(kiosk, envelope(kiosk, statusPage=member))[0]["outcome"] == "invalid"
    assert practice.sql("select key_hash from status_keys") == []


# ---- digits ----


def test_the_digits_of_the_slip_open_what_is_missing_and_the_page_closes_by_itself(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    ask_papers(kiosk, send_form(kiosk))
    page = phone(practice).post(f"/h/{KEY}", data={"digits": DIGITS})
    assert page.status_code == 200
    assert "Giấy chứng sinh" in words(page)
    assert CANARY not in words(page)
    assert b'http-equiv="refresh" content="300"' in page.data
    assert "chứng sinh" not in words(phone(practice).get(f"/h/{KEY}"))


def test_five_wrong_digits_lock_and_the_right_ones_cost_no_try(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    ask_papers(kiosk, send_form(kiosk))
    browser = phone(practice)
    for left in (4, 3, 2, 1):
        browser.post(f"/h/{KEY}", data={"digits": DIGITS})
        assert f"Còn {left} lần" in words(browser.post(f"/h/{KEY}", data={"digits": "0000"}))
    assert "Đã khóa vì sai 5 lần" in words(browser.post(f"/h/{KEY}", data={"digits": "0001"}))
    assert "Đã khóa" in words(browser.get(f"/h/{KEY}")), "nobody types digits in vain"
    page = browser.post(f"/h/{KEY}", data={"digits": DIGITS})
    assert "Đã khóa" in words(page)
    assert "chứng sinh" not in words(page)


@pytest.mark.parametrize("typed", ["", "47", "47190", "٤٧١٩", "abcd", "4" * 900])
def test_digits_that_are_no_four_digits_cost_no_try(practice: PracticeGateway, typed: str) -> None:
    kiosk = practice.enrolled_kiosk()
    ask_papers(kiosk, send_form(kiosk))
    assert "Xin ghi đủ 4 số" in words(phone(practice).post(f"/h/{KEY}", data={"digits": typed}))
    assert practice.sql("select wrong_digits from status_keys") == [(0,)]


def test_digits_for_a_dossier_without_missing_papers_change_nothing(practice: PracticeGateway) -> None:
    send_form(practice.enrolled_kiosk())
    assert phone(practice).post(f"/h/{KEY}", data={"digits": "0000"}).status_code == 200
    assert practice.sql("select wrong_digits from status_keys") == [(0,)]


def test_a_huge_post_is_refused(practice: PracticeGateway) -> None:
    assert phone(practice).post(f"/h/{KEY}", data={"digits": "4" * 5000}).status_code == 413


# ---- strangers ----


def statements_of(practice: PracticeGateway, path: str) -> tuple[TestResponse, list[str]]:
    """Return the answer to a request, and the statements that it has cost, without their values."""
    seen: list[str] = []

    def note(*args: Any) -> None:
        seen.append(args[2])

    sqlalchemy.event.listen(practice.engine, "before_cursor_execute", note)
    try:
        return phone(practice).get(path), seen
    finally:
        sqlalchemy.event.remove(practice.engine, "before_cursor_execute", note)


def test_a_page_costs_one_query(practice: PracticeGateway) -> None:
    send_form(practice.enrolled_kiosk())
    page, statements = statements_of(practice, f"/h/{KEY}")
    assert page.status_code == 200
    assert [statement.split()[0].lower() for statement in statements if "from" in statement.lower()] == ["select"]


def test_an_unknown_a_cut_a_foreign_and_an_expired_key_get_one_answer_for_the_same_work(
    practice: PracticeGateway,
) -> None:
    kiosk = practice.enrolled_kiosk()
    send_form(kiosk)
    assert phone(practice).get(f"/h/{KEY}").status_code == 200
    age(practice, 91)
    clean_up(practice)
    paths = [f"/h/{KEY}", f"/h/{KEY[:9]}", "/h/zzzzzzzzzzzzzzzz", "/h/", f"/h/{'z' * 900}", "/h/%00%F0%9F%92%A9/../x"]
    phone(practice).get("/h/first")
    answers = [statements_of(practice, path) for path in paths]
    assert {page.status_code for page, _ in answers} == {404}
    assert len({page.data for page, _ in answers}) == 1
    assert len({tuple(sorted(page.headers.items())) for page, _ in answers}) == 1
    assert len({tuple(statements) for _, statements in answers}) == 1
    assert "Cứ giữ phiếu này" in words(answers[0][0])


def test_guesses_of_one_address_are_answered_with_a_wait(practice: PracticeGateway) -> None:
    send_form(practice.enrolled_kiosk())
    browser = phone(practice)
    browser.get(f"/h/{secrets.token_hex(8)}")
    practice.sql(f"update status_tries set unknown = {status_keys.MAX_UNKNOWN_KEYS - 1}")
    assert browser.get(f"/h/{secrets.token_hex(8)}").status_code == 404
    answer = browser.get(f"/h/{secrets.token_hex(8)}")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 600
    assert practice.sql("select unknown from status_tries") == [(status_keys.MAX_UNKNOWN_KEYS,)]
    assert browser.get(f"/h/{KEY}").status_code == 200, "phones of one network share an address"
    other = browser.get(f"/h/{secrets.token_hex(8)}", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert other.status_code == 404
    practice.clock.offset += timedelta(minutes=11)
    assert browser.get(f"/h/{secrets.token_hex(8)}").status_code == 404


def test_counts_of_unknown_keys_are_forgotten_after_their_span(practice: PracticeGateway) -> None:
    browser = phone(practice)
    browser.get("/h/x", environ_base={"REMOTE_ADDR": "192.0.2.9"})
    practice.clock.offset += timedelta(minutes=11)
    clean_up(practice)
    assert practice.sql("select address from status_tries") == []
    for address in ("192.0.2.7", "192.0.2.8"):
        browser.get("/h/x", environ_base={"REMOTE_ADDR": address})
    practice.clock.offset += timedelta(minutes=11)
    browser.get("/h/x")
    assert len(practice.sql("select address from status_tries")) == 1


# ---- older sides ----


NEW_MEMBERS = {"Submission": ["statusPage"], "Event": ["missing"], "KioskReport": ["office"]}


def test_an_older_gateway_takes_what_a_new_kiosk_sends(
    practice: PracticeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    schemas = copy.deepcopy(contract_schema._SCHEMAS)
    for schema, members in NEW_MEMBERS.items():
        for member in members:
            del schemas[schema]["properties"][member]
    monkeypatch.setattr(contract_schema, "_SCHEMAS", schemas)
    monkeypatch.setattr(status_keys, "new_key", lambda *_: None)
    contract_schema._validator.cache_clear()
    try:
        kiosk = practice.enrolled_kiosk()
        ask_papers(kiosk, send_form(kiosk))
        report = REPORT | {"office": {"hotline": "19001075", "days": []}}
        assert kiosk.send_request("POST", "/report", report).status == 200
        assert "Chưa thấy hồ sơ" in words(phone(practice).get(f"/h/{KEY}"))
    finally:
        contract_schema._validator.cache_clear()


def test_an_older_kiosk_names_no_missing_papers_and_its_page_asks_for_no_digits(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    send_event(kiosk, send_form(kiosk), 1, "supplement", reason="Giấy chứng sinh")
    page = phone(practice).get(f"/h/{KEY}")
    assert "Cần nộp thêm giấy" in words(page)
    assert b"digits" not in page.data


# ---- the gateway is behind the slip ----


def test_a_gateway_that_was_restored_says_not_yet_and_heals_by_itself(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    before = practice.back_up()
    kiosk.submit(statusPage=page_member())
    kiosk.drain()
    assert phone(practice).get(f"/h/{KEY}").status_code == 200
    practice.restore(before)
    assert "Chưa thấy hồ sơ" in words(phone(practice).get(f"/h/{KEY}"))
    practice.sql("update epochs set epoch = 'another'")
    kiosk.pull_feed()
    kiosk.drain()
    assert phone(practice).get(f"/h/{KEY}").status_code == 200


def test_old_news_of_a_ward_say_so(practice: PracticeGateway) -> None:
    send_form(practice.enrolled_kiosk())
    assert "Tin đã cũ" not in words(phone(practice).get(f"/h/{KEY}"))
    due_at = (practice.clock() + timedelta(days=1)).isoformat()
    practice.sql(f"update submissions set due_at = '{due_at}', status_code = 2")
    practice.clock.offset += timedelta(days=4)
    page = words(phone(practice).get(f"/h/{KEY}"))
    assert "Tin đã cũ" in page
    assert "Đã quá hẹn" not in page, "the ward may have moved the day"
    practice.sql("update submissions set status_code = 10")
    assert "Tin đã cũ" not in words(phone(practice).get(f"/h/{KEY}"))


def test_the_counter_of_the_ward_is_shown_as_its_kiosk_has_reported_it(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    send_form(kiosk)
    now = practice.clock()
    days = [{"day": (now + timedelta(hours=7, days=n)).date().isoformat(), "spans": ["00:00-23:59"]} for n in range(3)]
    report = REPORT | {"office": {"hotline": "1900 1075", "days": days, "officer": CANARY}}
    assert kiosk.send_request("POST", "/report", report).status == 200
    page = phone(practice).get(f"/h/{KEY}").get_data(as_text=True)
    assert 'href="tel:19001075"' in page
    assert "Phường Thủy Lam" in page
    assert "Đang mở, tới 23:59." in page or "Hôm nay đã hết giờ" in page
    assert CANARY not in page


def test_a_database_that_is_away_gets_the_words_of_a_citizen(
    practice: PracticeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any) -> None:
        raise sqlalchemy.exc.OperationalError("select", {}, Exception("gone"))

    monkeypatch.setattr(database, "run_transaction", fail)
    page = phone(practice).get(f"/h/{KEY}")
    assert page.status_code == 503
    assert "Hồ sơ không sao" in words(page)


def test_the_page_of_an_unknown_key_holds_for_a_form_that_the_counter_has_withdrawn(practice: PracticeGateway) -> None:
    """A form that was refused and withdrawn is never here: its slip must not be told that it is still on its way."""
    page = words(phone(practice).get(f"/h/{KEY}"))
    assert "Chưa thấy hồ sơ" in page
    assert "Có thể đang trên đường tới" in page
    assert "Quầy đã rút tờ khai thì phiếu không còn dùng." in page
