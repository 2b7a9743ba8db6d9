"""The second factor of the gateway's accounts: codes of RFC 6238, each once; recovery codes; a lost phone."""

import base64
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from sync.gateway import second_factors
from tests.sync.practice_gateway import PASSWORD, PracticeGateway
from tests.sync.test_operator import add_account, csrf, sign_in

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037"),
     (20000000000, "353130")],
)  # fmt: skip
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    """RFC 6238, appendix B, SHA-1, the last six digits."""
    assert second_factors.code_at(RFC_SECRET, datetime.fromtimestamp(seconds, UTC)) == code


@pytest.fixture
def browser(practice: PracticeGateway) -> Iterator[FlaskClient]:
    """Return the browser of an account that is signed in."""
    add_account(practice, "hoaian", "administrator")
    with practice.gateway.app.test_client() as browser:
        assert sign_in(browser, login="hoaian").status_code == 302
        yield browser


def turn_on(practice: PracticeGateway, browser: FlaskClient) -> tuple[str, list[str]]:
    """Turn the second factor on; return the secret and the recovery codes."""
    page = browser.get("/second-factor")
    match = re.search(r'name="secret" value="([A-Z2-7]{32})"', page.text)
    assert match
    code = second_factors.code_at(match[1], practice.clock())
    answer = browser.post(
        "/second-factor", data={"csrf": csrf(page), "secret": match[1], "code": code, "password": PASSWORD}
    )
    assert answer.status_code == 200, answer.text
    return match[1], re.findall(r'<li class="code">([^<]+)</li>', answer.text)


def try_sign_in(practice: PracticeGateway, code: str, password: str = PASSWORD) -> bool:
    with practice.gateway.app.test_client() as browser:
        answer = browser.post("/sign-in", data={"login": "hoaian", "password": password, "code": code})
        return answer.status_code == 302


def code_later(practice: PracticeGateway, secret: str, seconds: int = 60) -> str:
    practice.clock.offset += timedelta(seconds=seconds)
    return second_factors.code_at(secret, practice.clock())


def test_without_a_second_factor_the_password_is_enough(practice: PracticeGateway, browser: FlaskClient) -> None:
    assert browser.get("/").status_code == 200
    assert try_sign_in(practice, "")


def test_with_it_neither_the_password_nor_the_code_is_enough(practice: PracticeGateway, browser: FlaskClient) -> None:
    secret, codes = turn_on(practice, browser)
    assert len(set(codes)) == second_factors.RECOVERY_CODES
    code = code_later(practice, secret)
    assert not try_sign_in(practice, "")
    assert not try_sign_in(practice, code, password="sai-mat-khau")
    assert try_sign_in(practice, code)


def test_a_code_counts_once_also_the_one_that_turned_it_on(practice: PracticeGateway, browser: FlaskClient) -> None:
    secret, _ = turn_on(practice, browser)
    assert not try_sign_in(practice, second_factors.code_at(secret, practice.clock()))
    code = code_later(practice, secret)
    assert try_sign_in(practice, f"{code[:3]} {code[3:]}"), "apps show it in two groups"
    assert not try_sign_in(practice, code)
    assert not try_sign_in(practice, second_factors.code_at(secret, practice.clock(), drift=-1)), "an earlier one"


@pytest.mark.parametrize(("drift", "is_right"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_phones_clock_may_be_half_a_minute_off(
    practice: PracticeGateway, browser: FlaskClient, drift: int, *, is_right: bool
) -> None:
    secret, _ = turn_on(practice, browser)
    code_later(practice, secret, seconds=300)
    assert try_sign_in(practice, second_factors.code_at(secret, practice.clock(), drift)) is is_right


def test_wrong_codes_lock_the_account_for_the_address_as_wrong_passwords_do(
    practice: PracticeGateway, browser: FlaskClient
) -> None:
    secret, _ = turn_on(practice, browser)
    for _ in range(5):
        assert not try_sign_in(practice, "000000")
    assert not try_sign_in(practice, code_later(practice, secret, seconds=0)), "locked"
    assert practice.sql("select count(*) from trail where act = 'locked'") == [(1,)]
    assert try_sign_in(practice, code_later(practice, secret, seconds=60))


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "' or 1=1", "x" * 5000])
def test_what_is_no_code_opens_nothing(practice: PracticeGateway, browser: FlaskClient, typed: str) -> None:
    turn_on(practice, browser)
    assert not try_sign_in(practice, typed)


def test_a_recovery_code_stands_for_the_phone_once(practice: PracticeGateway, browser: FlaskClient) -> None:
    _, codes = turn_on(practice, browser)
    assert try_sign_in(practice, codes[0].lower())
    assert not try_sign_in(practice, codes[0])
    assert try_sign_in(practice, codes[1])
    assert "Còn 6 mã dự phòng" in browser.get("/second-factor").text


def test_a_wrong_code_turns_nothing_on_and_keeps_the_secret(practice: PracticeGateway, browser: FlaskClient) -> None:
    page = browser.get("/second-factor")
    secret = second_factors.new_secret()
    answer = browser.post(
        "/second-factor", data={"csrf": csrf(page), "secret": secret, "code": "000000", "password": PASSWORD}
    )
    assert answer.status_code == 422
    assert "Mật khẩu hoặc mã chưa đúng" in answer.text
    assert f'value="{secret}"' in answer.text
    assert try_sign_in(practice, "")


@pytest.mark.parametrize("secret", ["", "A", "A" * 31 + "1", "B" * 40])
def test_a_secret_of_another_shape_is_refused(browser: FlaskClient, secret: str) -> None:
    page = browser.get("/second-factor")
    data = {"csrf": csrf(page), "secret": secret, "code": "000000"}
    assert browser.post("/second-factor", data=data).status_code == 400


def test_it_is_replaced_only_after_it_was_turned_off_with_a_code(
    practice: PracticeGateway, browser: FlaskClient
) -> None:
    secret, _ = turn_on(practice, browser)
    page = browser.get("/second-factor")
    other = second_factors.new_secret()
    code = second_factors.code_at(other, practice.clock())
    data = {"csrf": csrf(page), "secret": other, "code": code, "password": PASSWORD}
    assert browser.post("/second-factor", data=data).status_code == 422, "the code is not that of the present secret"
    off = {"csrf": csrf(page), "password": PASSWORD, "code": "000000"}
    assert browser.post("/second-factor/off", data=off).status_code == 422
    off = {"csrf": csrf(page), "password": PASSWORD, "code": code_later(practice, secret)}
    again = {"csrf": csrf(page), "secret": other, "password": PASSWORD, "code": off["code"]}
    assert browser.post("/second-factor", data=again).status_code == 409, "it is on"
    off["code"] = code_later(practice, secret)
    assert browser.post("/second-factor/off", data=off).status_code == 302
    assert try_sign_in(practice, "")
    acts = practice.sql("select act from trail where act in ('second_on', 'second_off') order by no")
    assert acts == [("second_on",), ("second_off",)]


def test_an_open_browser_turns_nothing_on_or_off_without_the_password(
    practice: PracticeGateway, browser: FlaskClient
) -> None:
    page = browser.get("/second-factor")
    secret = second_factors.new_secret()
    code = second_factors.code_at(secret, practice.clock())
    data = {"csrf": csrf(page), "secret": secret, "code": code, "password": "sai-mat-khau"}
    assert browser.post("/second-factor", data=data).status_code == 422
    assert practice.sql("select count(*) from second_factors") == [(0,)]
    secret, _ = turn_on(practice, browser)
    off = {"csrf": csrf(page), "code": code_later(practice, secret), "password": "sai-mat-khau"}
    assert browser.post("/second-factor/off", data=off).status_code == 422
    for _ in range(5):
        browser.post("/second-factor/off", data=off | {"password": PASSWORD, "code": "000000"})
    right = off | {"password": PASSWORD, "code": code_later(practice, secret, seconds=0)}
    assert browser.post("/second-factor/off", data=right).status_code == 422, "tries are limited as at the sign-in"
    assert practice.sql("select count(*) from second_factors") == [(1,)]


def test_the_database_has_neither_secret_nor_codes(practice: PracticeGateway, browser: FlaskClient) -> None:
    secret, codes = turn_on(practice, browser)
    with practice.engine.begin() as db:
        ((sealed, recovery),) = db.execute(text("select sealed, recovery from second_factors")).all()
    assert secret.encode() not in bytes(sealed)
    assert base64.b32decode(secret) not in bytes(sealed)
    for code in codes:
        assert code not in recovery
        assert code.replace("-", "") not in recovery
    practice.sql("insert into second_factors select 'operator', sealed, 0, '[]' from second_factors")
    with practice.gateway.app.test_client() as other:
        moved = other.post("/sign-in", data={"login": "operator", "password": PASSWORD, "code": ""})
    assert moved.status_code != 302, "a sealed secret opens for its own account alone"


def test_the_page_shows_the_squares_of_the_secret_and_no_other_site_gets_it(browser: FlaskClient) -> None:
    page = browser.get("/second-factor")
    assert "<svg" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    secret = "A" * 32
    assert second_factors.address("hoai.an", secret) == (
        f"otpauth://totp/Cong%20tiep%20nhan%3Ahoai.an?secret={secret}&issuer=Cong%20tiep%20nhan"
    )


@pytest.fixture
def strict(practice: PracticeGateway, browser: FlaskClient) -> FlaskClient:
    """Return the browser of an administrator where the role needs a second factor."""
    gateway = practice.gateway.app.extensions["gateway"]
    gateway.settings = replace(gateway.settings, second_factor_roles=("approver", "administrator"))
    return browser


def test_a_role_that_needs_it_sets_it_up_before_anything_else(practice: PracticeGateway, strict: FlaskClient) -> None:
    for address in ("/", "/fleet", "/trail", "/servers"):
        assert strict.get(address).headers["Location"] == "/second-factor"
    page = strict.get("/second-factor").text
    assert "Vai trò này cần xác nhận hai bước." in page
    assert "/fleet" not in page, "no page is offered yet"
    assert strict.post("/kiosks/codes", data={"csrf": csrf(strict.get("/second-factor"))}).status_code == 302
    assert practice.sql("select count(*) from trail where act = 'gave_code'") == [(0,)]
    turn_on(practice, strict)
    assert strict.get("/fleet").status_code == 200


def test_a_role_that_needs_it_cannot_turn_it_off(practice: PracticeGateway, strict: FlaskClient) -> None:
    secret, _ = turn_on(practice, strict)
    page = strict.get("/second-factor")
    assert "Tắt xác nhận hai bước" not in page.text
    code = code_later(practice, secret)
    form = {"csrf": csrf(page), "code": code, "password": PASSWORD}
    assert strict.post("/second-factor/off", data=form).status_code == 403
    assert practice.sql("select count(*) from second_factors") == [(1,)]


def test_other_roles_work_without_it(practice: PracticeGateway, strict: FlaskClient) -> None:
    assert strict.get("/fleet").status_code == 302
    add_account(practice, "xem.mot", "viewer")
    with practice.gateway.app.test_client() as viewer:
        sign_in(viewer, login="xem.mot")
        assert viewer.get("/fleet").status_code == 200
