"""Tests of the sign-in: each role is redirected to its own pages, and a cookie opens no others."""

from datetime import timedelta

import pytest
from flask import Flask

from kiosk.acts import signing
from kiosk.base.clock import FixedClock
from kiosk.context import Context
from tests.pages.officer.sitting import PASSWORD, Desk


@pytest.fixture
def context(app: Flask) -> Context:
    app_context: Context = app.extensions["context"]
    signing.add_person(app_context, "hoaian", name="Lê Hoài An", role="officer", password=PASSWORD)
    signing.add_person(app_context, "kythuat", name="Đỗ Kỳ Thuật", role="technician", password=PASSWORD)
    return app_context


def test_the_door_names_the_ward_and_its_counters(app: Flask, context: Context) -> None:
    page = app.test_client().get("/signin").get_data(as_text=True)
    for word in (
        "Chào buổi sáng. Mời đăng nhập",
        context.config.ward.name,
        "Thứ Ba, 24/11/2026, 08:30",
        "Quầy 1",
        "Quầy 2",
    ):
        assert word in page


def test_an_officer_sits_down_at_the_counter_that_was_chosen(app: Flask, context: Context) -> None:
    browser = app.test_client()
    answer = browser.post("/signin", data={"login": " HoaiAn ", "password": PASSWORD, "counter": "2"})
    assert answer.headers["Location"] == "/officer/"
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert "SameSite=Strict" in answer.headers["Set-Cookie"]
    page = browser.get("/officer/").get_data(as_text=True)
    assert "Lê Hoài An" in page
    assert "Quầy 2" in page


def test_a_technician_is_led_to_the_maintenance_page_and_not_to_the_desk(app: Flask, context: Context) -> None:
    browser = app.test_client()
    answer = browser.post("/signin", data={"login": "kythuat", "password": PASSWORD})
    assert answer.headers["Location"] == "/technician/"
    assert browser.get("/technician/").status_code == 200
    cookie = browser.get_cookie("kiosk_technician", path="/technician/")
    assert cookie is not None
    browser.set_cookie("kiosk_officer", cookie.value, path="/officer/")
    assert browser.get("/officer/").headers["Location"] == "/signin?said=out"


def test_an_officers_cookie_opens_no_maintenance_page(app: Flask) -> None:
    desk = Desk(app)
    cookie = desk.browser.get_cookie("kiosk_officer", path="/officer/")
    assert cookie is not None
    desk.browser.set_cookie("kiosk_technician", cookie.value, path="/technician/")
    assert desk.browser.get("/technician/").headers["Location"] == "/technician/signin"


def test_a_wrong_password_is_said_and_opens_nothing(app: Flask, context: Context) -> None:
    browser = app.test_client()
    for _ in range(5):
        answer = browser.post("/signin", data={"login": "hoaian", "password": "sai"})
        assert "chưa đúng" in answer.get_data(as_text=True)
        assert "Set-Cookie" not in answer.headers
    answer = browser.post("/signin", data={"login": "hoaian", "password": PASSWORD})
    assert answer.status_code == 429
    assert "đợi 15 giây" in answer.get_data(as_text=True)


def test_what_is_typed_as_a_name_is_shown_as_text(app: Flask, context: Context) -> None:
    page = app.test_client().post("/signin", data={"login": '"><script>x</script>', "password": "sai"})
    assert b"<script>" not in page.data
    assert b"&lt;script&gt;" in page.data


@pytest.mark.parametrize("counter", ["", "29", "-1", "²", "1" * 40])
def test_who_chose_no_counter_is_asked_before_anything_else(app: Flask, context: Context, counter: str) -> None:
    browser = app.test_client()
    browser.post("/signin", data={"login": "hoaian", "password": PASSWORD, "counter": counter})
    assert browser.get("/officer/").headers["Location"] == "/officer/counter"
    assert browser.get("/officer/counter").status_code == 200


def test_a_counter_is_changed_and_one_that_is_not_there_is_explained(app: Flask) -> None:
    desk = Desk(app).go("/officer/counter").post("/officer/counter", counter="2")
    assert "Quầy 2" in desk.words
    for number in ("29", "x", "²"):
        desk.go("/officer/counter").post("/officer/counter", counter=number)
        assert desk.answer.status_code == 404
        assert "Phường không có quầy này" in desk.words


def test_no_form_of_another_session_is_taken(app: Flask) -> None:
    desk = Desk(app)
    other = Desk(app, "minhtam")
    assert desk.browser.post("/officer/counter", data={"counter": "2", "csrf": other.token}).status_code == 403
    assert desk.browser.post("/officer/counter", data={"counter": "2"}).status_code == 403


def test_after_a_shift_the_session_is_over(app: Flask, clock: FixedClock) -> None:
    desk = Desk(app)
    clock.advance(signing.SHIFT.total_seconds() - 60)
    assert desk.go("/officer/").answer.status_code == 200
    clock.advance(timedelta(minutes=2).total_seconds())
    assert desk.go("/officer/").answer.headers["Location"] == "/signin?said=out"


def test_after_signing_out_a_copied_cookie_opens_nothing(app: Flask) -> None:
    desk = Desk(app)
    cookie = desk.browser.get_cookie("kiosk_officer", path="/officer/")
    assert cookie is not None
    desk.post("/officer/signout")
    thief = app.test_client()
    thief.set_cookie("kiosk_officer", cookie.value, path="/officer/")
    assert thief.get("/officer/").headers["Location"] == "/signin?said=out"


def test_a_lead_without_a_counter_begins_at_the_page_of_the_service_now(app: Flask) -> None:
    signing.add_person(app.extensions["context"], "thutrang", name="Hồ Thu Trang", role="lead", password=PASSWORD)
    browser = app.test_client()
    posted = {"login": "thutrang", "password": PASSWORD}
    assert browser.post("/signin", data=posted).headers["Location"] == "/officer/now"
    assert (
        app.test_client().post("/signin", data=posted | {"counter": "1"}).headers["Location"].startswith("/officer/?")
    )


def test_who_was_signed_out_is_told_why_and_who_comes_first_is_not(app: Flask) -> None:
    desk = Desk(app)
    signing.sign_out(desk.context, desk.context.store._writer.execute("select id from sessions").fetchone()[0], "CB01")
    assert "người phụ trách vừa đổi tài khoản" in desk.go(desk.go("/officer/").answer.headers["Location"]).words
    assert app.test_client().get("/officer/").headers["Location"] == "/signin"


def test_an_address_of_no_page_is_told_with_the_top_bar_of_the_desk(app: Flask) -> None:
    desk = Desk(app)
    assert desk.go("/officer/tra-cuu/x").answer.status_code == 404
    assert "Không có trang “tra-cuu/x”." in desk.words
    assert "Tra cứu" in desk.words
    assert app.test_client().get("/officer/tra-cuu/x").headers["Location"] == "/signin"
