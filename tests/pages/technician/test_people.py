"""Page of the technicians: accounts, the first lead, the machine's own password; officers stay the lead's."""

import re

import pytest
from flask import Flask

from kiosk.acts import signing
from kiosk.context import Context
from kiosk.records import audit, staff
from tests.pages.technician.sitting import PASSWORD, Bench

OWN = "mật khẩu riêng"
NEW = "một mật khẩu khác hẳn"


@pytest.fixture
def bench(app: Flask) -> Bench:
    return Bench(app).go("/technician/people")


def _codes(context: Context) -> dict[str, str]:
    with context.store.read() as db:
        return {person.login: person.code for person in staff.list_all(db)}


def _given(bench: Bench) -> str:
    shown = re.search(r'<p class="print">([^<]+)</p>', bench.page)
    assert shown
    return shown[1].strip()


def test_a_technician_is_added_and_signs_in_with_the_password_that_is_shown_once(bench: Bench) -> None:
    bench.post("/technician/people", name="Đỗ Kỳ Thuật", login="KyThuat", role="technician")
    password = _given(bench)
    assert "Đỗ Kỳ Thuật" in bench.words
    other = bench.browser.application.test_client()
    answer = other.post("/signin", data={"login": "kythuat", "password": password})
    assert answer.headers["Location"].startswith("/technician/")
    assert password not in bench.go("/technician/people").page


def test_what_was_typed_stays_beside_an_error(bench: Bench) -> None:
    bench.post("/technician/people", name="Đỗ Kỳ Thuật", login="Kỹ thuật", role="technician")
    assert bench.answer.status_code == 422
    assert "chữ thường không dấu" in bench.words
    assert 'value="Kỹ thuật"' in bench.page
    assert 'value="Đỗ Kỳ Thuật"' in bench.page


def test_only_the_first_lead_is_added_here_and_no_officer(bench: Bench) -> None:
    bench.post("/technician/people", name="Hồ Thùy Trang", login="thuytrang", role="lead")
    assert "Mật khẩu của Hồ Thùy Trang" in bench.words
    for role in ("lead", "officer", "auditor"):
        bench.post("/technician/people", name="Lê Hoài An", login="hoaian", role=role)
        assert bench.answer.status_code == 422, role
        assert "do người phụ trách quản lý" in bench.words
    assert "hoaian" not in _codes(bench.context)


def test_the_accounts_of_others_are_not_touched(bench: Bench) -> None:
    signing.add_person(bench.context, "hoaian", "Lê Hoài An", role="officer", password=OWN)
    code = _codes(bench.context)["hoaian"]
    for act in ("password", "disable", "enable"):
        bench.post(f"/technician/people/{code}/{act}", sure="yes")
        assert bench.answer.status_code == 422, act
        assert "do người phụ trách quản lý" in bench.words
    signing.sign_in(bench.context, "hoaian", OWN, session="0" * 64, workstation="127.0.0.1")


def test_an_account_is_disabled_after_a_question_and_opened_again(bench: Bench) -> None:
    signing.add_person(bench.context, "kythuat", "Đỗ Kỳ Thuật", role="technician", password=OWN)
    code = _codes(bench.context)["kythuat"]
    bench.post(f"/technician/people/{code}/disable")
    assert "Khóa tài khoản của Đỗ Kỳ Thuật?" in bench.words
    assert 'href="/technician/people">Thôi' in bench.page
    bench.post(f"/technician/people/{code}/disable", sure="yes")
    assert "Đã khóa tài khoản." in bench.words
    bench.post(f"/technician/people/{code}/enable")
    assert "Đã mở lại tài khoản." in bench.words
    bench.post(f"/technician/people/{code}/password", sure="yes")
    assert _given(bench)


def test_nobody_disables_the_account_in_use(bench: Bench) -> None:
    signing.add_person(bench.context, "kythuat", "Đỗ Kỳ Thuật", role="technician", password=OWN)
    code = _codes(bench.context)["kythuat"]
    bench.browser.post("/signin", data={"login": "kythuat", "password": OWN})
    bench.go("/technician/people").post(f"/technician/people/{code}/disable", sure="yes")
    assert "Không tự khóa tài khoản đang dùng." in bench.words


def test_the_machines_password_is_changed_and_this_session_goes_on(bench: Bench) -> None:
    bench.post("/technician/people/machine-password", old="sai rồi", new=NEW, again=NEW)
    assert "Mật khẩu đang dùng chưa đúng" in bench.words
    bench.post("/technician/people/machine-password", old=PASSWORD, new=NEW, again="khác")
    assert "chưa giống nhau" in bench.words
    other = bench.browser.application.test_client()
    other.post("/technician/signin", data={"password": PASSWORD})
    bench.post("/technician/people/machine-password", old=PASSWORD, new=NEW, again=NEW)
    assert "Đã đổi mật khẩu của máy." in bench.words
    assert other.get("/technician/").status_code == 303
    signing.sign_in_technician(bench.context, NEW, "1" * 64, "127.0.0.1")
    with bench.context.store.read() as db:
        line = audit.latest(db, ["password"], 1)[0].line
    assert line.facts == {"detail": "own"}
