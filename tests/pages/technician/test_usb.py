"""Page of the USB export: a sealed file for download, receipts uploaded."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy
from flask import Flask
from flask.testing import FlaskClient

from kiosk.acts import signing
from kiosk.base import codes
from kiosk.base.clock import SYSTEM
from kiosk.base.errors import BadSettings
from kiosk.config import Config
from kiosk.context import Context
from kiosk.portal.signing_key import portal_key
from kiosk.portal.usb import NOTHING_SETTLED, parcel_sender
from sync import signature, usb
from sync.gateway import Enrolment, kiosks, sealing
from sync.gateway import usb as desk
from sync.gateway.database import open_engine
from tests.faults.submitting import submit_form
from tests.journeys import submission_checks
from tests.journeys.walker import Walker
from tests.sync.practice_gateway import CODE, UNIT

PASSWORD = "mật khẩu dài"
CLERK = desk.ImportContext("operator", "practice", codes.token)


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[sqlalchemy.Engine]:
    engine = open_engine(str(tmp_path / "province.db"))
    with engine.begin() as db:
        sealing.prepare(db)
    yield engine
    engine.dispose()


@pytest.fixture
def practice(practice: Config, gateway: sqlalchemy.Engine) -> Config:
    with gateway.begin() as db:
        key = desk.stick_public_key(db, SYSTEM.now())
    return replace(practice, portal=replace(practice.portal, stick_key=key))


@pytest.fixture
def browser(app: Flask, walker: Walker, gateway: sqlalchemy.Engine) -> FlaskClient:
    """Return the browser of a signed-in technician; the gateway knows the kiosk."""
    context: Context = app.extensions["context"]
    public = signature.public_key(portal_key(context.config.portal_key_path))
    with gateway.begin() as db:
        kiosks.add_code(db, Enrolment(CODE, "PK03", UNIT), SYSTEM.now(), may_replace=False)
        kiosks.enrol(db, Enrolment(CODE, "PK03", UNIT), public, SYSTEM.now())
    signing.set_technician_password(context, PASSWORD)
    browser = app.test_client()
    browser.post("/technician/signin", data={"password": PASSWORD})
    return browser


def page(browser: FlaskClient) -> str:
    answer = browser.get("/technician/stick")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def token(browser: FlaskClient) -> str:
    match = re.search(r'name="csrf" value="([^"]+)"', page(browser))
    assert match
    return match[1]


def take_out(browser: FlaskClient) -> tuple[str, bytes]:
    answer = browser.post("/technician/stick/out", data={"csrf": token(browser)})
    assert answer.status_code == 200
    name = re.search(r'filename="([\w.-]+)"', answer.headers["Content-Disposition"])
    assert name
    return name[1], answer.data


def bring_back(browser: FlaskClient, *files: tuple[str, bytes]) -> str:
    files_sent = [(io.BytesIO(content), name) for name, content in files]
    answer = browser.post("/technician/stick/back", data={"csrf": token(browser), "answers": files_sent})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_a_form_leaves_by_the_browser_and_its_answer_comes_back(
    walker: Walker, browser: FlaskClient, gateway: sqlalchemy.Engine
) -> None:
    assert "Không có gì chờ gửi" in page(browser)
    submit_form(walker.context)
    assert "1 tờ khai và 0 việc của quầy chờ gửi" in page(browser)
    name, content = take_out(browser)
    assert re.fullmatch(r"PK03-20261124T013000Z-[\w-]+-001\.parcel", name)
    assert "1 tờ đã chép từ 8:30, chưa có biên nhận" in page(browser)

    brought = desk.import_parcel(gateway, content, CLERK, SYSTEM.now())
    reply = bring_back(browser, (brought.name, brought.answer), ("anh.answer", b"\xff\xd8"))
    assert "Cổng đã nhận 1 tờ khai và 0 việc của quầy." in reply
    assert "anh.answer: không phải biên nhận của cổng." in reply
    assert "Không chờ biên nhận nào" in page(browser)
    assert submission_checks.only_submission(walker.context).delivery == "confirmed"


def test_an_answer_to_an_earlier_trip_says_why_it_settles_nothing(
    walker: Walker, browser: FlaskClient, gateway: sqlalchemy.Engine
) -> None:
    submit_form(walker.context)
    _name, first = take_out(browser)
    take_out(browser)
    brought = desk.import_parcel(gateway, first, CLERK, SYSTEM.now())
    reply = bring_back(browser, (brought.name, brought.answer))
    assert NOTHING_SETTLED in reply
    assert "Cổng đã nhận 0" not in reply
    assert "1 tờ đã chép" in page(browser)


def test_many_forms_leave_as_a_zip(walker: Walker, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usb, "MAX_PAYLOADS", 1)
    for _ in range(2):
        submit_form(walker.context)
        walker.go("/")
    name, content = take_out(browser)
    assert name.endswith(".zip")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert [name.rpartition("-")[2] for name in archive.namelist()] == ["001.parcel", "002.parcel"]


def test_nothing_leaves_where_nothing_waits(browser: FlaskClient) -> None:
    answer = browser.post("/technician/stick/out", data={"csrf": token(browser)})
    assert answer.status_code == 404
    assert "Không có biên nhận nào" in bring_back(browser)


def test_what_cannot_be_opened_is_not_called_nothing(walker: Walker, browser: FlaskClient) -> None:
    submit_form(walker.context)
    with walker.context.store.write() as db:
        db.execute("update submissions set body = substr(body, 1, 40)")
    answer = browser.post("/technician/stick/out", data={"csrf": token(browser)})
    assert answer.status_code == 404
    assert "1 tờ đang chờ không mở được" in answer.get_data(as_text=True)


def test_in_practice_the_key_of_the_gateway_beside_it_is_used(browser: FlaskClient, app: Flask) -> None:
    context: Context = app.extensions["context"]
    key = context.config.portal.stick_key
    bare = replace(context.config, portal=replace(context.config.portal, stick_key=""))
    app.extensions["context"] = replace(context, config=bare)
    bare.practice_stick_path.write_text(f"{key}\n", encoding="ascii")
    assert "Chép ra tệp" in page(browser)
    live = replace(bare, kiosk=replace(bare.kiosk, practice=False))
    live.practice_stick_path.write_text(f"{key}\n", encoding="ascii")
    with pytest.raises(BadSettings):
        parcel_sender(replace(context, config=live))


def test_without_the_gateways_key_the_page_says_what_to_ask_for(browser: FlaskClient, app: Flask) -> None:
    context: Context = app.extensions["context"]
    bare = replace(context.config, portal=replace(context.config.portal, stick_key=""))
    app.extensions["context"] = replace(context, config=bare)
    reply = page(browser)
    assert "stick1-" in reply
    assert "Chép ra tệp" not in reply


def test_without_a_portal_the_page_says_what_is_missing(app: Flask, practice: Config) -> None:
    context: Context = app.extensions["context"]
    portal = replace(context.config.portal, kind="none", stick_key="")
    app.extensions["context"] = replace(context, config=replace(context.config, portal=portal))
    signing.set_technician_password(context, PASSWORD)
    browser = app.test_client()
    browser.post("/technician/signin", data={"password": PASSWORD})
    page = browser.get("/technician/stick")
    assert page.status_code == 200
    token = re.search(r'name="csrf" value="([^"]+)"', page.text) or re.search(
        r'name="csrf" value="([^"]+)"', browser.get("/technician/").text
    )
    assert token
    for address in ("/technician/stick/out", "/technician/stick/back"):
        answer = browser.post(address, data={"csrf": token[1], "answers": (io.BytesIO(b"x"), "a.bn")})
        assert answer.status_code == 404
        assert "khóa USB của cổng" in answer.text
