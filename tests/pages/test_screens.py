"""Tests of touchscreens: a one-time code enrols a browser on the LAN, until it is revoked."""

import html
import re
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kiosk.acts import screens, signing
from kiosk.base import codes
from kiosk.base.clock import FixedClock
from kiosk.base.codes import parse_enrol_code
from kiosk.base.errors import NotAllowed, NotFound
from kiosk.base.screen_size import ScreenSize
from kiosk.context import Context
from kiosk.pages.access import LAN, LISTENER
from kiosk.records import touchscreens
from tests.journeys.walker import Walker

HOST = "mot-cua.lan"
BY_LAN = {LISTENER: LAN, "HTTP_HOST": f"{HOST}:8443", "wsgi.url_scheme": "https", "REMOTE_ADDR": "192.168.1.20"}
PASSWORD = "mật khẩu dài"


@pytest.fixture
def context(app: Flask) -> Context:
    local: Context = app.extensions["context"]
    lan = replace(local.config.lan, host="0.0.0.0", names=(HOST,))
    context = replace(local, config=replace(local.config, lan=lan))
    app.extensions["context"] = context
    return context


def _on_lan(app: Flask) -> FlaskClient:
    browser = app.test_client()
    browser.environ_base |= BY_LAN
    return browser


def _enrol(browser: FlaskClient, code: str, address: str = "192.168.1.20") -> TestResponse:
    return browser.post("/signin/touchscreen", data={"code": code}, base_url=f"https://{HOST}:8443",
                        environ_overrides={**BY_LAN, "REMOTE_ADDR": address})  # fmt: skip


def _start(browser: FlaskClient) -> TestResponse:
    return browser.get("/", base_url=f"https://{HOST}:8443", environ_overrides=BY_LAN)


def test_the_code_opens_the_citizens_pages_of_one_browser(app: Flask, context: Context) -> None:
    browser = _on_lan(app)
    assert _start(browser).status_code == 403
    code = screens.create_code(context, "Máy cạnh cửa", "CB03")
    answer = _enrol(browser, f" {code.lower().replace('-', ' ')} ")
    assert answer.status_code == 303
    set_cookie = answer.headers["Set-Cookie"]
    assert all(word in set_cookie for word in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"))
    page = _start(browser)
    assert page.status_code == 200
    assert all("Secure" in cookie for cookie in page.headers.getlist("Set-Cookie"))
    assert len(page.headers.getlist("Set-Cookie")) == 2, "the visit's own cookie, and the screen's once more"
    assert _start(_on_lan(app)).status_code == 403


def test_each_enrolled_touchscreen_is_measured_by_its_own_glass(app: Flask, context: Context) -> None:
    sizes = {"Máy cửa trước": ScreenSize(1366, 768, 396), "Máy cửa sau": ScreenSize(1280, 800, 257), "Máy mới": None}
    millimetres = {}
    for name, size in sizes.items():
        browser = _on_lan(app)
        _enrol(browser, screens.create_code(context, name, "CB03"))
        if size:
            with context.store.read() as db:
                screen_id = touchscreens.list_all(db, context.clock.now())[0].id
            screens.resize(context, screen_id, size, "CB03")
        page = _start(browser).get_data(as_text=True)
        address = re.search(r'href="(/kiosk\.css[^"]+)"', page)
        assert address
        link = html.unescape(address[1])
        css = browser.get(link, base_url=f"https://{HOST}:8443", environ_overrides=BY_LAN).get_data(as_text=True)
        measure = re.search(r"--mm: ([\d.]+)px", css)
        assert measure
        millimetres[name] = (float(measure[1]), link.rpartition("mm=")[2])
    assert millimetres == {
        "Máy cửa trước": (3.957, "3.957"),
        "Máy cửa sau": (5.873, "5.873"),
        "Máy mới": (5.563, "5.563"),
    }


def test_practice_beside_the_live_kiosk_is_measured_by_the_same_glass(app: Flask, context: Context) -> None:
    browser = _on_lan(app)
    _enrol(browser, screens.create_code(context, "Máy cửa sau", "CB03"))
    with context.store.read() as db:
        screen_id = touchscreens.list_all(db, context.clock.now())[0].id
    screens.resize(context, screen_id, ScreenSize(1280, 800, 257), "CB03")
    css = browser.get("/tap/kiosk.css", base_url=f"https://{HOST}:8443", environ_overrides=BY_LAN)
    assert "--mm: 5.873px" in css.get_data(as_text=True)


def test_an_enrolled_touchscreen_has_limits_of_its_own(app: Flask, context: Context) -> None:
    browser = _on_lan(app)
    _enrol(browser, screens.create_code(context, "Máy cạnh cửa", "CB03"))
    statuses = []
    for number in range(11):
        page = browser.get("/status", base_url=f"https://{HOST}:8443", environ_overrides=BY_LAN)
        token = re.search(r'name="csrf" value="([^"]+)"', page.get_data(as_text=True))
        assert token
        data = {"csrf": token[1], "last4": "0000", "code": codes.receipt_no("PK03", date(2026, 11, 24), number + 1)}
        answer = browser.post("/status", data=data, base_url=f"https://{HOST}:8443", environ_overrides=BY_LAN)
        statuses.append(answer.status_code)
        browser.delete_cookie("kiosk_tap", domain=HOST)
    assert statuses == [200] * 10 + [429]
    own = Walker(app).go("/status").fill(code=codes.receipt_no("PK03", date(2026, 11, 24), 40), last4="0000")
    assert own.answer.status_code == 200


def test_a_code_is_used_once(app: Flask, context: Context) -> None:
    code = screens.create_code(context, "Máy cạnh cửa", "CB03")
    assert _enrol(_on_lan(app), code).status_code == 303
    second = _enrol(_on_lan(app), code)
    assert "chưa đúng hoặc đã hết hạn" in second.get_data(as_text=True)


def test_a_code_is_good_for_a_day(app: Flask, context: Context, clock: FixedClock) -> None:
    code = screens.create_code(context, "Máy cạnh cửa", "CB03")
    clock.advance(24 * 3600 - 1)
    assert _enrol(_on_lan(app), code).status_code == 303
    late = screens.create_code(context, "Máy thứ hai", "CB03")
    clock.advance(24 * 3600)
    assert "Set-Cookie" not in _enrol(_on_lan(app), late).headers


def test_two_screens_in_use_never_have_one_name(app: Flask, context: Context) -> None:
    _enrol(_on_lan(app), screens.create_code(context, "Máy cạnh cửa", "CB03"))
    for name in ("Máy cạnh cửa", "  máy  CẠNH cửa ", context.config.screen.name):
        with pytest.raises(NotAllowed, match="Đã có màn hình tên"):
            screens.create_code(context, name, "CB03")
    with context.store.read() as db:
        (screen,) = touchscreens.list_all(db, context.clock.now())
    screens.revoke(context, screen.id, "CB03")
    assert screens.create_code(context, "Máy cạnh cửa", "CB03")


def test_a_second_code_of_a_name_replaces_the_one_that_nobody_typed(app: Flask, context: Context) -> None:
    first = screens.create_code(context, "Máy cạnh cửa", "CB03")
    second = screens.create_code(context, "Máy cạnh cửa", "CB03")
    assert "chưa đúng hoặc đã hết hạn" in _enrol(_on_lan(app), first).get_data(as_text=True)
    assert _enrol(_on_lan(app), second).status_code == 303
    with context.store.read() as db:
        names = [screen.name for screen in touchscreens.list_all(db, context.clock.now()) if screen.is_open]
    assert names == ["Máy cạnh cửa"]


def test_a_copied_cookie_opens_nothing_at_another_address(app: Flask, context: Context) -> None:
    browser = _on_lan(app)
    _enrol(browser, screens.create_code(context, "Máy cạnh cửa", "CB03"))
    elsewhere = BY_LAN | {"REMOTE_ADDR": "192.168.1.66"}
    for _ in range(2):
        refused = browser.get("/", base_url=f"https://{HOST}:8443", environ_overrides=elsewhere)
        assert refused.status_code == 403
        assert "Màn hình này tạm chưa mở được" in refused.get_data(as_text=True)
    assert _start(browser).status_code == 200, "the screen itself goes on"
    with context.store.read() as db:
        (screen,) = touchscreens.list_all(db, context.clock.now())
        acts = [row["act"] for row in db.query("select act from audit")]
    assert (screen.address, screen.refused) == ("192.168.1.20", "192.168.1.66")
    assert acts.count("screen_refused") == 1


def test_a_screen_that_moved_gets_another_code_and_keeps_its_name_and_size(app: Flask, context: Context) -> None:
    browser = _on_lan(app)
    _enrol(browser, screens.create_code(context, "Máy cạnh cửa", "CB03"))
    with context.store.read() as db:
        (screen,) = touchscreens.list_all(db, context.clock.now())
    screens.resize(context, screen.id, ScreenSize(1280, 800, 257), "CB03")
    code = screens.renew_code(context, screen.id, "CB03")
    assert _start(browser).status_code == 403, "the cookie of the old place has ended"
    assert _enrol(browser, code, address="192.168.1.77").status_code == 303
    moved = BY_LAN | {"REMOTE_ADDR": "192.168.1.77"}
    assert browser.get("/", base_url=f"https://{HOST}:8443", environ_overrides=moved).status_code == 200
    assert _start(browser).status_code == 403
    with context.store.read() as db:
        (screen,) = touchscreens.list_all(db, context.clock.now())
    assert (screen.name, screen.size, screen.address) == ("Máy cạnh cửa", ScreenSize(1280, 800, 257), "192.168.1.77")
    screens.revoke(context, screen.id, "CB03")
    with pytest.raises(NotFound):
        screens.renew_code(context, screen.id, "CB03")


def test_a_screen_of_an_earlier_release_gets_the_address_of_its_next_request(app: Flask, context: Context) -> None:
    browser = _on_lan(app)
    _enrol(browser, screens.create_code(context, "Máy cạnh cửa", "CB03"))
    with context.store.write() as db:
        db.execute("update touchscreens set address = null")
    assert _start(browser).status_code == 200
    other = BY_LAN | {"REMOTE_ADDR": "192.168.1.66"}
    assert browser.get("/", base_url=f"https://{HOST}:8443", environ_overrides=other).status_code == 403
    assert _start(browser).status_code == 200


def test_a_clock_that_went_back_makes_no_code_live_longer(context: Context, clock: FixedClock) -> None:
    code = screens.create_code(context, "Máy cạnh cửa", "CB03")
    clock.jump(-3600)
    with pytest.raises(NotAllowed):
        screens.enrol(context, code, "t" * 64, "192.168.1.20")


def test_a_stranger_who_guesses_spends_no_code_of_another_screen(app: Flask, context: Context) -> None:
    code = screens.create_code(context, "Máy cạnh cửa", "CB03")
    stranger = _on_lan(app)
    for _ in range(7):
        _enrol(stranger, "3333-4444-6666", address="192.168.1.66")
    assert _enrol(stranger, code, address="192.168.1.66").status_code == 429
    assert _enrol(_on_lan(app), code, address="192.168.1.20").status_code == 303


def test_whoever_guesses_from_one_place_has_to_wait(app: Flask, context: Context) -> None:
    browser = _on_lan(app)
    for _ in range(5):
        assert _enrol(browser, "3333-4444-6666").status_code == 200
    answer = _enrol(browser, "3333-4444-6666")
    assert answer.status_code == 429
    assert "đợi 15 giây" in answer.get_data(as_text=True)


def test_a_revoked_touchscreen_opens_nothing(app: Flask, context: Context) -> None:
    browser = _on_lan(app)
    _enrol(browser, screens.create_code(context, "Máy cạnh cửa", "CB03"))
    assert _start(browser).status_code == 200
    with context.store.read() as db:
        (screen,) = touchscreens.list_all(db, context.clock.now())
    screens.revoke(context, screen.id, "CB03")
    assert _start(browser).status_code == 403


def test_the_store_knows_neither_code_nor_cookie(app: Flask, context: Context) -> None:
    browser = _on_lan(app)
    code = screens.create_code(context, "Máy cạnh cửa", "CB03")
    set_cookie = _enrol(browser, code).headers["Set-Cookie"]
    cookie = set_cookie.partition("=")[2].partition(";")[0]
    content = b"".join(path.read_bytes() for path in context.config.folder.rglob("*") if path.is_file())
    for secret in (code, code.replace("-", ""), cookie):
        assert secret.encode() not in content


def test_a_code_has_more_than_50_bits() -> None:
    assert 23**12 > 2**50
    assert parse_enrol_code("3467-9acd-efgh") == "3467-9ACD-EFGH"
    assert parse_enrol_code("3467-9acd-efg0") is None
    assert parse_enrol_code("34679acdefg") is None


def test_a_header_does_not_make_a_browser_stand_at_the_machine(app: Flask, context: Context) -> None:
    browser = _on_lan(app)
    for name in ("X-Forwarded-For", "X-Real-Ip", "Kiosk.Listener", "Kiosk-Listener"):
        answer = browser.get("/", base_url=f"https://{HOST}:8443", headers={name: "127.0.0.1"},
                             environ_overrides=BY_LAN)  # fmt: skip
        assert answer.status_code == 403, name


def test_the_technician_makes_a_code_sees_the_screens_and_takes_one_back(app: Flask, context: Context) -> None:
    signing.set_technician_password(context, PASSWORD)
    desk = app.test_client()
    desk.post("/technician/signin", data={"password": PASSWORD})

    def post(address: str, **fields: str) -> str:
        token = re.search(r'name="csrf" value="([^"]+)"', desk.get("/technician/screens").get_data(as_text=True))
        assert token
        answer = desk.post(address, data={"csrf": token[1], **fields}, follow_redirects=True)
        return answer.get_data(as_text=True)

    assert "Mời gõ tên màn hình" in post("/technician/screens", name=" ")
    page = post("/technician/screens", name="Máy cạnh cửa")
    code = re.search(r'class="print">([^<]+)<', page)
    assert code
    assert f"https://{HOST}:8443/signin/touchscreen" in page
    listed = desk.get("/technician/screens").get_data(as_text=True)
    assert code[1] not in listed
    assert "chờ gõ mã" in listed
    assert _enrol(_on_lan(app), code[1]).status_code == 303
    with context.store.read() as db:
        (screen,) = touchscreens.list_all(db, context.clock.now())
    assert "đã thôi dùng" in post(f"/technician/screens/{screen.id}/revoke")


def test_staff_sign_in_by_the_lan_with_secure_cookies(app: Flask, context: Context) -> None:
    signing.add_person(context, "hoaian", name="Lê Hoài An", role="officer", password=PASSWORD)
    answer = _on_lan(app).post("/signin", data={"login": "hoaian", "password": PASSWORD, "counter": "1"},
                               base_url=f"https://{HOST}:8443", environ_overrides=BY_LAN)  # fmt: skip
    assert "Secure" in answer.headers["Set-Cookie"]


def test_a_strangers_fault_on_the_lan_begins_no_visit(app: Flask, context: Context) -> None:
    with context.store.read() as db:
        before = db.execute("select count(*) from sessions").fetchone()
    browser = _on_lan(app)
    for address in ("/", "/nowhere", "/signin/ca.crt", "/form/x", "/kiosk.css"):
        browser.get(address, base_url=f"https://{HOST}:8443", environ_overrides=BY_LAN)
    with context.store.read() as db:
        assert db.execute("select count(*) from sessions").fetchone() == before
