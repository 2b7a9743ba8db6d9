"""Sessions of the maintenance pages: the machine's password on the machine only, people with accounts anywhere.

Each locks or ends when it is idle, stays at its address, and ends when a citizen's start page opens in its browser.
"""

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kiosk.acts import signing, staffing
from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.pages.access import LAN, LISTENER
from kiosk.records import audit, sessions
from kiosk.vietnam import id_card
from tests.markup import compact

PASSWORD = "mật khẩu riêng"
MACHINE_PASSWORD = "mật khẩu dài"
HOST = "mot-cua.lan"
BY_LAN = {LISTENER: LAN, "HTTP_HOST": f"{HOST}:8443", "wsgi.url_scheme": "https"}


@pytest.fixture
def context(app: Flask) -> Context:
    local: Context = app.extensions["context"]
    lan = replace(local.config.lan, host="0.0.0.0", names=(HOST,))
    app_context = replace(local, config=replace(local.config, lan=lan))
    app.extensions["context"] = app_context
    signing.set_technician_password(app_context, MACHINE_PASSWORD)
    signing.add_person(app_context, "kythuat", name="Đỗ Kỳ Thuật", role="technician", password=PASSWORD)
    return app_context


class Browser:
    """One browser: on the machine, or on the LAN at an address."""

    def __init__(self, app: Flask, lan_address: str = "") -> None:
        self.client: FlaskClient = app.test_client()
        self.environ = {**BY_LAN, "REMOTE_ADDR": lan_address} if lan_address else {"REMOTE_ADDR": "127.0.0.1"}
        self.base = f"https://{HOST}:8443" if lan_address else "http://127.0.0.1"

    def get(self, address: str) -> TestResponse:
        return self.client.get(address, base_url=self.base, environ_overrides=self.environ)

    def post(self, address: str, **fields: str) -> TestResponse:
        return self.client.post(address, data=fields, base_url=self.base, environ_overrides=self.environ)

    def submit(self, page: str, address: str, **fields: str) -> TestResponse:
        """Post a form of a page, with the page's CSRF token."""
        token = re.search(r'name="csrf" value="([^"]+)"', self.get(page).get_data(as_text=True))
        assert token
        return self.post(address, csrf=token[1], **fields)

    def enter_machine(self) -> "Browser":
        assert self.post("/technician/signin", password=MACHINE_PASSWORD).status_code == 303
        return self

    def enter_by_name(self) -> "Browser":
        assert self.post("/signin", login="kythuat", password=PASSWORD).headers["Location"] == "/technician/"
        return self

    def is_in(self) -> bool:
        return self.get("/technician/").status_code == 200

    def session_cookie(self) -> str:
        domain = HOST if LISTENER in self.environ else "127.0.0.1"
        cookie = self.client.get_cookie("kiosk_technician", domain, "/technician/")
        assert cookie is not None
        return cookie.value


def steal(app: Flask, cookie: str, lan_address: str) -> Browser:
    thief = Browser(app, lan_address)
    thief.client.set_cookie("kiosk_technician", cookie, domain=HOST, path="/technician/")
    return thief


def test_strangers_on_the_lan_do_not_lock_the_machines_password_out(app: Flask, context: Context) -> None:
    stranger = Browser(app, "192.168.1.66")
    for _ in range(8):
        answer = stranger.post("/technician/signin", password="sai rồi nhé")
        assert answer.headers["Location"] == "/signin?said=technician"
    assert Browser(app).enter_machine().is_in()


def test_the_machines_password_opens_nothing_on_the_lan(app: Flask, context: Context) -> None:
    browser = Browser(app, "192.168.1.20")
    answer = browser.post("/technician/signin", password=MACHINE_PASSWORD)
    assert answer.headers["Location"] == "/signin?said=technician"
    assert "Set-Cookie" not in answer.headers
    assert "bằng tên và mật khẩu của mình" in browser.get(answer.headers["Location"]).get_data(as_text=True)
    assert not browser.is_in()


def test_wrong_passwords_of_the_machine_count_by_address(app: Flask, context: Context) -> None:
    browser = Browser(app)
    for _ in range(5):
        assert "chưa đúng" in browser.post("/technician/signin", password="sai").get_data(as_text=True)
    answer = browser.post("/technician/signin", password=MACHINE_PASSWORD)
    assert answer.status_code == 429
    assert "đợi 15 giây" in answer.get_data(as_text=True)
    browser.environ["REMOTE_ADDR"] = "127.0.0.2"
    browser.enter_machine()


def test_a_stolen_cookie_of_the_machines_password_opens_nothing_on_the_lan(app: Flask, context: Context) -> None:
    browser = Browser(app).enter_machine()
    assert not steal(app, browser.session_cookie(), "192.168.1.66").is_in()
    assert browser.is_in()


def test_a_stolen_cookie_of_a_technician_opens_nothing_at_another_address(app: Flask, context: Context) -> None:
    browser = Browser(app, "192.168.1.20").enter_by_name()
    assert browser.is_in()
    assert not steal(app, browser.session_cookie(), "192.168.1.66").is_in()


def test_a_new_machine_password_ends_its_open_sessions(app: Flask, context: Context) -> None:
    browser = Browser(app).enter_machine()
    signing.set_technician_password(context, "mật khẩu khác hẳn")
    assert browser.get("/technician/").headers["Location"] == "/technician/signin"


def test_an_idle_session_of_the_machines_password_ends(app: Flask, context: Context, clock: FixedClock) -> None:
    browser = Browser(app).enter_machine()
    clock.advance(context.config.lock.minutes * 60 - 1)
    assert browser.is_in()
    clock.advance(context.config.lock.minutes * 60)
    answer = browser.get("/technician/screens")
    assert answer.headers["Location"] == "/technician/signin?said=idle"
    assert "không ai dùng một lúc" in browser.get(answer.headers["Location"]).get_data(as_text=True)
    assert not browser.is_in()
    with context.store.read() as db:
        (_at, line) = audit.of_subject(db, "technician")[-1]
    assert (line.act, line.facts) == ("sign_out", {"detail": "idle"})


def test_an_idle_technician_finds_a_locked_page_and_goes_on_after_the_password(
    app: Flask, context: Context, clock: FixedClock
) -> None:
    browser = Browser(app, "192.168.1.20").enter_by_name()
    page = browser.get("/technician/screens").get_data(as_text=True)
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    assert token
    clock.advance(context.config.lock.minutes * 60)
    locked = browser.post("/technician/screens", csrf=token[1], name="Máy cạnh cửa")
    assert locked.status_code == 423
    text = compact(locked.get_data(as_text=True))
    assert "Phần vừa gõ được giữ nguyên" in text
    assert "Máy cạnh cửa" not in text
    kept = re.search(r'name="kept" value="([^"]+)"', text)
    assert kept
    wrong = browser.post("/technician/unlock", csrf=token[1], pin="sai", kept=kept[1])
    assert "Còn 4 lần gõ" in wrong.get_data(as_text=True)
    resumed = browser.post("/technician/unlock", csrf=token[1], pin=PASSWORD, kept=kept[1]).get_data(as_text=True)
    assert 'action="/technician/screens"' in resumed
    assert 'value="Máy cạnh cửa"' in resumed
    assert browser.is_in()


def test_a_page_that_refreshes_itself_keeps_no_session_open(app: Flask, context: Context, clock: FixedClock) -> None:
    browsers = [Browser(app).enter_by_name(), Browser(app).enter_machine()]
    for browser in browsers:
        assert browser.is_in()
        browser.environ["HTTP_KIOSK_QUIET"] = "1"
    for _ in range(context.config.lock.minutes - 1):
        clock.advance(60)
        assert [browser.get("/technician/").status_code for browser in browsers] == [200, 200]
    clock.advance(60)
    assert [browser.get("/technician/").status_code for browser in browsers] == [423, 303]


def test_a_locked_page_shows_nothing_of_the_page_behind_it(app: Flask, context: Context, clock: FixedClock) -> None:
    browser = Browser(app).enter_by_name()
    clock.advance(context.config.lock.minutes * 60)
    page = browser.get("/technician/").get_data(as_text=True)
    assert "Máy đang khóa" in page
    assert "Nhật ký" not in page


def test_five_wrong_pins_end_a_technicians_session(app: Flask, context: Context, clock: FixedClock) -> None:
    browser = Browser(app).enter_by_name()
    clock.advance(context.config.lock.minutes * 60)
    for _ in range(4):
        assert browser.submit("/technician/", "/technician/unlock", pin="000000").status_code == 423
    answer = browser.submit("/technician/", "/technician/unlock", pin="000000")
    assert answer.headers["Location"] == "/signin?said=ended"
    assert not browser.is_in()


@pytest.mark.parametrize("by_name", [False, True])
def test_a_citizens_start_page_ends_the_technicians_session_of_its_browser(
    app: Flask, context: Context, *, by_name: bool
) -> None:
    browser = Browser(app)
    other = Browser(app).enter_machine()
    (browser.enter_by_name if by_name else browser.enter_machine)()
    cookie = browser.session_cookie()
    assert browser.get("/").status_code == 200
    assert not browser.is_in()
    browser.client.set_cookie("kiosk_technician", cookie, domain="127.0.0.1", path="/technician/")
    assert not browser.is_in()
    assert other.is_in()


def test_a_forged_naming_cookie_ends_no_session_of_others(app: Flask, context: Context) -> None:
    browser = Browser(app).enter_machine()
    citizen = Browser(app)
    citizen.client.set_cookie("kiosk_technician_here", "0" * 64, domain="127.0.0.1")
    assert citizen.get("/").status_code == 200
    assert browser.is_in()
    with context.store.read() as db:
        assert sessions.find(db, "0" * 64, "technician") is None


def test_the_naming_cookie_opens_no_page(app: Flask, context: Context) -> None:
    browser = Browser(app).enter_machine()
    naming = browser.client.get_cookie("kiosk_technician_here", "127.0.0.1")
    assert naming is not None
    thief = Browser(app)
    thief.client.set_cookie("kiosk_technician", naming.value, domain="127.0.0.1", path="/technician/")
    assert not thief.is_in()


def test_a_technician_changes_a_temporary_password_before_anything_else(app: Flask, context: Context) -> None:
    _person, given = staffing.add_person(context, login="moi", name="Lê Mới", role="technician", actor="CB01")
    browser = Browser(app, "192.168.1.20")
    browser.post("/signin", login="moi", password=given)
    assert browser.get("/technician/deliveries").headers["Location"] == "/technician/me"
    answer = browser.submit("/technician/me", "/technician/me/password", old=given, new="12345678", again="12345678")
    assert "dễ đoán" in answer.get_data(as_text=True)
    words = {"old": given, "new": "bút cam hỏi gió", "again": "bút cam hỏi gió"}
    assert browser.submit("/technician/me", "/technician/me/password", **words).status_code == 303
    assert browser.get("/technician/deliveries").status_code == 200


def test_a_technician_sets_a_pin_and_unlocks_by_it(app: Flask, context: Context, clock: FixedClock) -> None:
    browser = Browser(app).enter_by_name()
    words = {"pin": "482915", "again": "482915", "password": PASSWORD}
    assert browser.submit("/technician/me", "/technician/me/pin", **words).headers["Location"].endswith("said=pin")
    clock.advance(context.config.lock.minutes * 60)
    assert browser.submit("/technician/", "/technician/unlock", pin="482915").status_code == 303
    assert browser.is_in()


def test_the_machines_password_has_no_page_of_its_own(app: Flask, context: Context) -> None:
    answer = Browser(app).enter_machine().get("/technician/me")
    assert answer.status_code == 403
    assert "Bảo trì, Cán bộ kỹ thuật" in answer.get_data(as_text=True)


def test_on_the_lan_the_first_run_takes_no_card_of_the_machine(app: Flask, context: Context) -> None:
    context.config = replace(context.config, scanner=replace(context.config.scanner, port="/dev/ttyACM0"))
    browser = Browser(app, "192.168.1.20").enter_by_name()
    page = browser.get("/technician/first-run").get_data(as_text=True)
    assert "data-poll" not in page
    assert "mở trang này tại đó rồi quét" in page
    assert browser.get("/technician/first-run/scan").get_json() == {"version": 0}
    assert not context.card_inbox.put(id_card.practice_cards()[0].line)
