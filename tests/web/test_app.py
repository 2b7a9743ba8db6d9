"""Tests of the app as a whole: headers, refused requests, error pages, and the out-of-service page."""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from kiosk.acts import signing
from kiosk.base import codes
from kiosk.base.clock import FixedClock
from kiosk.base.errors import StoreFull
from kiosk.config import Config
from kiosk.startup.context_factory import create_store
from kiosk.web.app import create_app
from tests.journeys.people import begin_birth, mother_registers
from tests.journeys.walker import Walker


def _out_of_service_page(config: Config, clock: FixedClock) -> str:
    """Return the page that a kiosk without store or key shows on every URL."""
    browser = create_app(config, clock).test_client()
    answers = [browser.get(address) for address in ("/", "/choose", "/form/check", "/technician/")]
    assert {answer.status_code for answer in answers} == {503}
    assert len({answer.get_data() for answer in answers[:3]}) == 1, "all pages of citizens are the same"
    assert 'class="staff"' not in answers[0].text, "no fault code for citizens"
    assert 'class="staff"' in answers[3].text
    return answers[3].text


def test_outside_opening_hours_the_out_of_service_page_names_the_next_opening(
    practice: Config, clock: FixedClock
) -> None:
    practice.store_path.parent.mkdir(parents=True)
    practice.store_path.mkdir()
    browser = create_app(practice, clock).test_client()
    assert "Các quầy mở lại lúc 7:00, thứ Tư 25/11" in browser.get("/").text  # the 24th is a holiday
    clock.advance(24 * 3600)
    assert "Các quầy vẫn làm việc" in browser.get("/").text
    clock.advance(4 * 3600)
    assert "Các quầy mở lại lúc 13:30<" in browser.get("/").text


def test_every_page_says_what_a_browser_may_do(walker: Walker) -> None:
    for address in ("/", "/choose", "/status", "/no-such-page", "/technician/signin"):
        answer = walker.browser.get(address)
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_no_page_is_kept_by_the_browser(walker: Walker) -> None:
    mother_registers(begin_birth(walker))
    for address in ("/", "/choose", "/form/nguoi_cha", "/form/nguoi_khai", "/status", "/ticket", "/technician/signin"):
        assert walker.browser.get(address).headers["Cache-Control"] == "no-store", address


def test_a_browser_keeps_what_is_nobodys_and_nothing_else(walker: Walker) -> None:
    page = walker.browser.get("/").get_data(as_text=True)
    kept = re.findall(r'(?:href|src)="(/(?:static|kiosk)[^"]+)"', page)
    assert {address.partition("?")[0].rpartition(".")[2] for address in kept} == {"woff2", "css", "js"}
    for address in kept:
        with walker.browser.get(address) as answer:
            assert "max-age=31536000" in answer.headers["Cache-Control"], address
    for address in ("/alive", "/practice/paper", "/no-such-page", "/static/no-such-file"):
        assert walker.browser.get(address).headers["Cache-Control"] == "no-store", address


def test_leaving_wipes_storage_and_leaves_style_and_scripts_warm(walker: Walker) -> None:
    token = re.findall(r'name="csrf" value="([^"]+)"', walker.go("/").page)[0]
    answer = walker.browser.post("/leave", data={"csrf": token})
    assert answer.headers["Clear-Site-Data"] == '"storage"'


def test_the_cookie_is_a_random_word_that_scripts_and_other_sites_never_see(app: Flask) -> None:
    header = app.test_client().get("/").headers["Set-Cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Strict" in header
    assert re.match(r"kiosk_tap=[A-Za-z0-9_-]{22,};", header)


def test_a_form_without_its_token_is_refused_on_a_page_that_says_what_to_do(walker: Walker) -> None:
    begin_birth(walker)
    for token in ({}, {"csrf": ""}, {"csrf": "0" * 64}):
        answer = walker.browser.post("/form/nguoi_khai", data=token)
        assert answer.status_code == 403
        assert "K-24" in answer.get_data(as_text=True)
        assert 'href="/"' in answer.get_data(as_text=True)


def test_a_token_of_another_session_is_refused(app: Flask, walker: Walker) -> None:
    begin_birth(walker)
    stranger = Walker(app).go("/easier")
    answer = walker.browser.post("/form/nguoi_khai", data={"csrf": stranger.form("easier").sends["csrf"]})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "address", ["/need/9.999999", "/no-such-page", "/form/a/pick/b", "/begin/1.001193", "/need/../x"]
)
def test_an_unknown_address_has_a_plain_page(walker: Walker, address: str) -> None:
    begin_birth(walker).go(address)
    assert walker.answer.status_code in {404, 405}
    assert walker.heading
    assert "Về trang đầu" in walker.words


def test_a_begun_unknown_procedure_is_not_found(walker: Walker) -> None:
    walker.post("/begin/9.999999")
    assert walker.answer.status_code == 404


def test_an_upload_above_the_limit_is_refused(walker: Walker) -> None:
    begin_birth(walker)
    token = walker.form("by-hand").sends["csrf"]
    answer = walker.browser.post("/form/nguoi_khai", data={"csrf": token, "nyc_ho_ten": "a" * 200_000})
    assert answer.status_code == 413


def test_a_way_back_leads_nowhere_else(walker: Walker) -> None:
    hidden = ("/\t/example.org", "/\n/example.org", "/\r/example.org", "/a\r\nX-Header: 1", "/\u2028/example.org")
    for back in ("https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)", *hidden):
        answer = walker.browser.get("/easier", query_string={"back": back})
        assert "example.org" not in answer.get_data(as_text=True)
        assert "javascript:" not in answer.get_data(as_text=True)
        walker.go("/")
        token = walker.form("/set").sends["csrf"]
        answer = walker.browser.post("/set", data={"csrf": token, "name": "size", "value": "xl", "back": back})
        assert answer.headers["Location"] == "/"


@pytest.fixture
def failing_app(practice: Config, clock: FixedClock) -> Iterator[Flask]:
    """App in which a page of each kind of reader fails: /fall, /officer/fall and /technician/fall."""
    app = create_app(practice, clock)

    def fall() -> str:
        raise ZeroDivisionError("Nguyễn Thị Bí Mật")

    fall.role = "anyone"  # type: ignore[attr-defined]
    for path in ("/fall", "/officer/fall", "/technician/fall"):
        app.add_url_rule(path, path[1:].replace("/", "_"), fall)
    yield app
    app.extensions["context"].store.close()


def test_a_fault_that_nobody_foresaw_shows_a_code_and_no_cause(
    failing_app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # A token of this text may have signs that nobody reads aloud, and that the log drops.
    monkeypatch.setattr(codes, "nonce", lambda: "-_aO0l1-_aO0l1-_")
    answer = failing_app.test_client().get("/fall")
    assert answer.status_code == 500
    (logged,) = (record.__dict__["code"] for record in caplog.records if record.msg == "unexpected error")
    assert logged in answer.get_data(as_text=True)
    assert set(logged) <= set(codes.CODE_ALPHABET)
    page = answer.get_data(as_text=True)
    assert "vẫn còn" in page
    assert "Bí Mật" not in page
    assert "ZeroDivision" not in page


@pytest.mark.parametrize("address", ["127.0.0.1", "192.168.1.20"])
@pytest.mark.parametrize(
    ("home", "words", "unknown"),
    [("/officer/", "Về bàn làm việc", 405), ("/technician/", "Về tổng quan", 404)],
    ids=["officer", "technician"],
)
def test_an_error_page_of_the_staff_leads_to_their_own_first_page(
    failing_app: Flask, caplog: pytest.LogCaptureFixture, home: str, words: str, unknown: int, address: str
) -> None:
    browser = failing_app.test_client()
    failed = browser.get(f"{home}fall", environ_overrides={"REMOTE_ADDR": address})
    (logged,) = (record.__dict__["code"] for record in caplog.records if record.msg == "unexpected error")
    absent = browser.post(f"{home}khong-co", environ_overrides={"REMOTE_ADDR": address})
    for answer, status, code in ((failed, 500, logged), (absent, unknown, f"K-{unknown}")):
        page = answer.get_data(as_text=True)
        assert answer.status_code == status
        assert f'href="{home}">{words}</a>' in page
        assert f"Mã {code}" in page
        assert "Bí Mật" not in page
        assert "Mời gọi cán bộ" not in page  # words for citizens


def test_a_data_folder_that_cannot_be_made_is_said_in_one_page(practice: Config, clock: FixedClock) -> None:
    (practice.root / "data").write_text("a file stands where the folder should be")
    assert "K-10" in _out_of_service_page(practice, clock)


def test_a_store_that_is_not_a_database_is_said_and_left_as_it_is(practice: Config, clock: FixedClock) -> None:
    practice.folder.mkdir(parents=True)
    practice.store_path.write_bytes(b"no database at all " * 500)
    before = practice.store_path.read_bytes()
    assert "K-12" in _out_of_service_page(practice, clock)
    assert practice.store_path.read_bytes() == before


def test_a_key_file_that_is_missing_is_said_and_none_is_made(practice: Config, clock: FixedClock) -> None:
    create_app(practice, clock).extensions["context"].store.close()
    practice.key_path.unlink()
    assert "K-14" in _out_of_service_page(practice, clock)
    assert not practice.key_path.exists()


def test_a_key_file_of_another_kiosk_is_said(practice: Config, clock: FixedClock, tmp_path: Path) -> None:
    create_app(practice, clock).extensions["context"].store.close()
    other = replace(practice, root=tmp_path / "other")
    create_app(other, clock).extensions["context"].store.close()
    practice.key_path.chmod(0o600)
    practice.key_path.write_bytes(other.key_path.read_bytes())
    assert "K-15" in _out_of_service_page(practice, clock)


def test_the_key_is_put_back_and_everything_opens(practice: Config, clock: FixedClock) -> None:
    app = create_app(practice, clock)
    app.extensions["context"].store.close()
    kept = practice.key_path.read_bytes()
    practice.key_path.unlink()
    _out_of_service_page(practice, clock)
    practice.key_path.write_bytes(kept)
    practice.key_path.chmod(0o600)
    app = create_app(practice, clock)
    assert app.test_client().get("/").status_code == 200
    app.extensions["context"].store.close()


def test_what_is_kept_can_be_read_by_the_kiosk_alone(practice: Config, walker: Walker) -> None:
    mother_registers(begin_birth(walker))
    assert practice.folder.stat().st_mode & 0o077 == 0
    for path in practice.folder.rglob("*"):
        assert not path.stat().st_mode & 0o077, path


def test_practice_and_live_stand_beside_each_other(practice: Config, config: Config, clock: FixedClock) -> None:
    assert os.path.commonpath([practice.store_path, config.store_path]) != str(config.store_path)
    live_config = replace(config, root=practice.root)
    create_store(live_config)
    live = create_app(live_config, clock)
    assert [str(rule) for rule in live.url_map.iter_rules() if "practice" in str(rule)] == []
    assert live.test_client().get("/").headers["Set-Cookie"].startswith("kiosk=")
    assert "TẬP" not in live.test_client().get("/").get_data(as_text=True)
    live.extensions["context"].store.close()


def test_an_empty_data_folder_is_said_and_no_store_is_made_outside_practice(config: Config, clock: FixedClock) -> None:
    for _ in ("no data folder", "an empty one, as below a disk that is not mounted"):
        page = _out_of_service_page(config, clock)
        assert "K-19" in page
        assert "kiosk restore" in page
        assert not config.store_path.exists()
        assert not config.key_path.exists()
        config.folder.mkdir(exist_ok=True)


def test_practice_makes_its_own_store(practice: Config, clock: FixedClock) -> None:
    app = create_app(practice, clock)
    assert app.test_client().get("/").status_code == 200
    assert practice.store_path.exists()
    app.extensions["context"].store.close()


@pytest.mark.parametrize("address", ["/", "/choose", "/ticket", "/no-such-page"])
def test_a_store_that_fails_while_the_pages_run_is_said_on_one_plain_page(app: Flask, address: str) -> None:
    browser = app.test_client()
    browser.get("/")
    app.extensions["context"].store.close()
    answer = browser.get(address)
    assert (answer.status_code, "K-10" in answer.text) == (503, True)
    assert "mẫu giấy" in answer.text


@pytest.mark.parametrize(
    ("address", "cookie"),
    [("/technician/", "kiosk_technician"), ("/technician/signin", ""), ("/officer/", "kiosk_officer")],
)
def test_staff_read_the_code_on_that_page_which_opens_again_by_itself(app: Flask, address: str, cookie: str) -> None:
    browser = app.test_client()
    if cookie:
        browser.set_cookie(cookie, "token")
    app.extensions["context"].store.close()
    answer = browser.get(address)
    assert (answer.status_code, "K-10" in answer.text) == (503, True)
    assert f'data-home="{address}"' in answer.text


def test_staff_read_that_the_disk_is_full_on_a_page_of_their_own(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> None:
        raise StoreFull

    signing.set_technician_password(app.extensions["context"], "mật khẩu dài")
    monkeypatch.setattr(signing, "sign_in_technician", refuse)
    answer = app.test_client().post("/technician/signin", data={"password": "mật khẩu dài"})
    assert answer.status_code == 503
    assert "K-11" in answer.text
    assert "Về tổng quan" in answer.text
