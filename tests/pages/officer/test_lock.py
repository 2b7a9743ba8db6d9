"""Lock of the desk: a PIN unlocks only a session of this workstation, and nothing typed is lost."""

import html
import re

import pytest
from flask import Flask

from kiosk.acts import locking, queueing
from kiosk.base.clock import FixedClock
from kiosk.config import ROOT
from kiosk.pages.officer.session.blueprint import QUIET
from kiosk.records import audit, staff
from tests.pages.officer.sitting import PASSWORD, Desk

PIN = "418302"
IDLE = 10 * 60 + 1


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def _with_pin(desk: Desk) -> Desk:
    desk.go("/officer/me").post("/officer/me/pin", password=PASSWORD, pin=PIN, again=PIN)
    assert "Đã đặt mã mở khóa" in desk.words
    return desk.go("/officer/")


def _hidden(desk: Desk, name: str) -> str:
    match = re.search(rf'name="{name}" value="([^"]*)"', desk.page)
    assert match, desk.words
    return html.unescape(match[1])


def _is_locked(desk: Desk) -> bool:
    return "Máy đang khóa" in desk.page and "dialog" not in desk.page


def test_after_some_minutes_without_a_touch_the_desk_is_locked(desk: Desk, clock: FixedClock) -> None:
    clock.advance(IDLE - 60)
    assert not _is_locked(desk.go("/officer/"))
    clock.advance(IDLE)
    assert _is_locked(desk.go("/officer/"))
    assert _is_locked(desk.go("/officer/me"))


def test_what_the_page_asks_by_itself_is_no_touch(desk: Desk, clock: FixedClock) -> None:
    for _ in range(11):
        clock.advance(60)
        desk.browser.get("/officer/queue/version")
    assert desk.browser.get("/officer/queue/version").status_code == 423
    assert _is_locked(desk.go("/officer/"))


def test_every_part_that_a_page_fetches_by_itself_is_no_touch(app: Flask) -> None:
    """A desk that somebody left would never lock while its page fetches."""
    pages = [path.read_text("utf-8") for path in (ROOT / "templates" / "officer").glob("*.html")]
    polled = [re.findall(r"data-live-part=\"{{\s*url_for\(\s*'([a-z_.]+)'", page) for page in pages]
    endpoints = {endpoint for found in polled for endpoint in found}
    assert len(endpoints) == sum("data-live-part" in page for page in pages)
    assert endpoints <= QUIET
    assert set(app.view_functions) >= QUIET


def test_typing_is_told_to_the_server_and_keeps_the_desk_open(desk: Desk, clock: FixedClock) -> None:
    token = desk.token
    for _ in range(20):
        clock.advance(60)
        assert desk.browser.post("/officer/awake", data={"csrf": token}).status_code == 204
    assert not _is_locked(desk.go("/officer/"))


@pytest.mark.parametrize("jump", [-3 * 365 * 86400, 3 * 365 * 86400])
def test_a_clock_that_jumps_locks_nobody_who_is_at_work(desk: Desk, clock: FixedClock, jump: int) -> None:
    desk.go("/officer/")
    clock.jump(jump)
    with desk.context.store.read() as db:
        (sitting,) = staff.sittings_of(db, "CB01")
    assert not locking.is_idle(desk.context, sitting.session, sitting.seen)


def test_after_a_restart_the_store_says_when_somebody_was_last_there(desk: Desk, clock: FixedClock) -> None:
    desk.go("/officer/")
    locking._last_active.clear()
    clock.advance(60)
    assert not _is_locked(desk.go("/officer/"))
    locking._last_active.clear()
    clock.advance(IDLE)
    assert _is_locked(desk.go("/officer/"))


def test_a_pin_opens_the_lock_where_one_was(desk: Desk) -> None:
    _with_pin(desk).post("/officer/lock")
    assert _is_locked(desk.go("/officer/me"))
    desk.post("/officer/unlock", pin=PIN, kept=_hidden(desk, "kept"))
    assert "Đổi mật khẩu" in desk.words


def test_without_a_pin_the_password_opens_it(desk: Desk) -> None:
    desk.post("/officer/lock")
    assert "đặt mã mở khóa" in desk.words
    desk.post("/officer/unlock", pin=PASSWORD)
    assert not _is_locked(desk.go("/officer/"))


def test_what_was_typed_and_sent_while_locked_comes_back_and_goes_on(desk: Desk, clock: FixedClock) -> None:
    _with_pin(desk)
    token = desk.token
    clock.advance(IDLE)
    typed = {"csrf": token, "counter": "2", "extra": 'giữ "nguyên" <b>'}
    desk.answer = desk.browser.post("/officer/counter", data=typed)
    assert desk.answer.status_code == 423
    assert "Phần vừa gõ được giữ nguyên" in desk.words
    assert "nguyên&#34; &lt;b&gt;" not in desk.page, "what was typed is not shown on a locked screen"
    desk.post("/officer/unlock", pin="000000", kept=_hidden(desk, "kept"))
    desk.post("/officer/unlock", pin=PIN, kept=_hidden(desk, "kept"))
    assert "Gửi tiếp" in desk.words
    assert _hidden(desk, "extra") == 'giữ "nguyên" <b>'
    assert 'action="/officer/counter"' in desk.page
    assert "Quầy 2" in desk.post("/officer/counter", counter=_hidden(desk, "counter")).words


def test_nobody_can_forge_what_the_lock_leads_to(desk: Desk) -> None:
    _with_pin(desk).post("/officer/lock")
    desk.post("/officer/unlock", pin=PIN, kept="L2V2aWw=")
    assert "Quầy trống" in desk.words


def test_five_wrong_pins_end_the_session(app: Flask, desk: Desk) -> None:
    _with_pin(desk).post("/officer/lock")
    for left in (4, 3, 2, 1):
        desk.post("/officer/unlock", pin="999999")
        assert f"Còn {left} lần" in desk.words
    desk.post("/officer/unlock", pin="999999")
    assert "phải đăng nhập lại" in desk.words
    assert desk.go("/officer/").answer.headers["Location"] == "/signin?said=out"
    with desk.context.store.read() as db:
        acts = [line.act for _at, line in audit.of_subject(db, "CB01")]
        assert audit.verify(db, desk.context.audit_key()) is None
    assert acts.count("unlock_failed") == 5


def test_a_pin_opens_no_session_of_another_workstation(app: Flask, desk: Desk) -> None:
    _with_pin(desk).post("/officer/lock")
    cookie = desk.browser.get_cookie("kiosk_officer", path="/officer/")
    assert cookie is not None
    thief = app.test_client()
    thief.set_cookie("kiosk_officer", cookie.value, path="/officer/")
    elsewhere = {"REMOTE_ADDR": "10.0.0.66"}
    fields = {"pin": PIN, "csrf": desk.go("/officer/").token}
    assert (
        thief.post("/officer/unlock", data=fields, environ_overrides=elsewhere).headers["Location"]
        == "/signin?said=out"
    )
    assert thief.get("/officer/", environ_overrides=elsewhere).headers["Location"] == "/signin?said=out"
    assert _is_locked(desk.go("/officer/")), "and the session at its own workstation is as it was"


def test_a_pin_opens_nothing_by_itself(app: Flask, desk: Desk) -> None:
    _with_pin(desk)
    page = app.test_client().post("/signin", data={"login": "hoaian", "password": PIN, "counter": "1"})
    assert "chưa đúng" in page.get_data(as_text=True)


@pytest.mark.parametrize("pin", ["", "12345", "1234567", "abcdef", "123456", "654321", "111111", "121212", "²²²²²²"])
def test_a_pin_that_is_easy_to_guess_is_refused_in_words(desk: Desk, pin: str) -> None:
    desk.go("/officer/me").post("/officer/me/pin", password=PASSWORD, pin=pin, again=pin)
    assert "6 chữ số" in desk.words or "dễ đoán" in desk.words


def test_a_pin_needs_the_password_and_is_kept_as_a_hash(desk: Desk) -> None:
    desk.go("/officer/me").post("/officer/me/pin", password="sai rồi nhé", pin=PIN, again=PIN)
    assert "Mật khẩu chưa đúng" in desk.words
    _with_pin(desk)
    content = b"".join(path.read_bytes() for path in desk.context.config.folder.rglob("*") if path.is_file())
    assert PIN.encode() not in content


def test_an_officer_signed_in_twice_is_told_and_the_newer_one_has_the_counter(app: Flask, desk: Desk) -> None:
    newer = app.test_client()
    answer = newer.post("/signin", data={"login": "hoaian", "password": PASSWORD, "counter": "1"})
    page = newer.get(answer.headers["Location"]).get_data(as_text=True)
    assert "đang mở ở máy khác" in page
    desk.go("/officer/")
    assert desk.answer.headers["Location"] == "/officer/counter"
    assert "vào ở máy khác lúc 08:30 và đang ngồi quầy 1" in desk.go("/officer/counter").words
    tap = {"csrf": desk.token, "nonce": "older", "ticket": ""}
    assert desk.browser.post("/officer/queue/next", data=tap).headers["Location"] == "/officer/counter"


def test_who_sits_down_where_another_sat_is_told(app: Flask, desk: Desk) -> None:
    other = Desk(app, "minhtam", counter=2)
    assert "Cán bộ hoaian đang ngồi" in other.go("/officer/counter").words
    assert "vừa có người khác ngồi" in other.post("/officer/counter", counter="1").words
    assert desk.go("/officer/").answer.headers["Location"] == "/officer/counter"


def test_every_sign_in_makes_a_new_session_and_takes_none_that_was_planted(app: Flask, desk: Desk) -> None:
    browser = app.test_client()
    browser.set_cookie("kiosk_officer", "planted", path="/officer/")
    browser.post("/signin", data={"login": "hoaian", "password": PASSWORD, "counter": "1"})
    cookie = browser.get_cookie("kiosk_officer", path="/officer/")
    assert cookie is not None
    assert cookie.value != "planted"
    thief = app.test_client()
    thief.set_cookie("kiosk_officer", "planted", path="/officer/")
    assert thief.get("/officer/").headers["Location"] == "/signin?said=out"


def test_a_counter_is_opened_and_closed_within_the_shift(desk: Desk) -> None:
    assert "Quầy mở từ 08:30" in desk.words
    assert "Quầy đang đóng" in desk.post("/officer/shift/close").words
    assert "Quầy mở từ" in desk.post("/officer/shift/open").words


def test_nobody_closes_a_counter_or_leaves_while_a_number_stands_there(app: Flask, desk: Desk) -> None:
    queueing.draw_ticket(desk.context, desk.context.config.series[0])
    desk.go("/officer/").post("/officer/queue/next", nonce="one", ticket="")
    for address in ("/officer/shift/close", "/officer/signout"):
        assert "Số A001 còn ở quầy" in desk.go("/officer/").post(address).words
    desk.go("/officer/").post("/officer/lock")
    assert desk.post("/officer/signout").answer.status_code == 200
    assert "Mời đăng nhập" in desk.words, "anybody can end the session of a locked desk"
