"""A new machine: its first visitor on the machine itself sets its password; nobody else, and only once."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kiosk.acts import signing
from kiosk.base.errors import NotAllowed
from kiosk.context import Context
from kiosk.pages.access import LAN, LISTENER

PASSWORD = "mật khẩu dài"


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def context(app: Flask) -> Context:
    context: Context = app.extensions["context"]
    return context


def test_the_first_visitor_sets_the_password_and_is_in(browser: FlaskClient, context: Context) -> None:
    assert "Máy mới: đặt mật khẩu của máy" in browser.get("/technician/signin").get_data(as_text=True)
    answer = browser.post("/technician/signin", data={"password": PASSWORD, "again": PASSWORD})
    assert answer.status_code == 303
    assert browser.get("/technician/").status_code == 200
    signing.sign_in_technician(context, PASSWORD, "0" * 64, "127.0.0.1")


def test_a_second_visitor_is_asked_for_it(app: Flask, browser: FlaskClient, context: Context) -> None:
    signing.set_technician_password(context, PASSWORD)
    page = app.test_client().get("/technician/signin").get_data(as_text=True)
    assert "Mật khẩu của máy" in page
    assert "Máy mới" not in page
    with pytest.raises(NotAllowed):
        signing.claim_machine(context, session="0" * 64, password=PASSWORD, again=PASSWORD)


def test_a_machine_with_people_is_not_new(browser: FlaskClient, context: Context) -> None:
    signing.add_person(context, "thuytrang", "Hồ Thùy Trang", role="lead", password=PASSWORD)
    assert "Máy mới" not in browser.get("/technician/signin").get_data(as_text=True)


@pytest.mark.parametrize(("password", "again", "words"), [("ngắn", "ngắn", "mật khẩu"), (PASSWORD, "x", "giống nhau")])
def test_a_password_that_will_not_do_sets_nothing(
    browser: FlaskClient, context: Context, password: str, again: str, words: str
) -> None:
    answer = browser.post("/technician/signin", data={"password": password, "again": again})
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True).lower()
    assert signing.may_claim(context)


def test_nobody_on_the_lan_claims_a_machine(browser: FlaskClient, context: Context) -> None:
    by_lan = {LISTENER: LAN, "HTTP_HOST": "127.0.0.1"}
    form = {"password": PASSWORD, "again": PASSWORD}
    browser.post("/technician/signin", data=form, environ_overrides=by_lan)
    assert signing.may_claim(context)
