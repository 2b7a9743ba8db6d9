"""Photographed papers: offered at a screen with a camera, sealed with the draft, filed with the form, seen there."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from urllib3 import encode_multipart_formdata

from kiosk.acts import draft_pages, kept_forms, wiping
from kiosk.acts.kept_forms import ChosenDigits
from kiosk.base.clock import FixedClock
from kiosk.base.errors import StoreFull
from kiosk.context import Context
from kiosk.pages.access import csrf_token_of, hash_token
from kiosk.records import decisions, scans, sessions
from kiosk.store import files
from tests.faults.submitting import fill_in_form
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_queue import _tap
from tests.pages.officer.test_scans import _papers
from tests.uploads.files import pdf
from tests.uploads.paper_pictures import jpeg, page

OFFER = "Chụp giấy tờ ngay tại đây (không bắt buộc)"
SIZE = (620, 877)


class Citizen:
    """A browser with a filled-in birth form, at a screen with a camera."""

    def __init__(self, app: Flask, *, has_camera: bool = True) -> None:
        self.context: Context = app.extensions["context"]
        config = self.context.config
        cameras = (config.screen.name,) if has_camera else ()
        self.context.config = replace(config, screen=replace(config.screen, cameras=cameras))
        self.browser: FlaskClient = app.test_client()
        self.browser.get("/")
        cookie = self.browser.get_cookie("kiosk_tap")
        assert cookie is not None
        self.session = hash_token(cookie.value)
        self.draft_id = fill_in_form(self.context).draft_id
        with self.context.store.write() as db:
            sessions.set_current(db, self.session, draft_id=self.draft_id)
        self.number = 0

    @property
    def papers(self) -> list[str]:
        """Return the addresses of the cameras that the list of papers offers."""
        found = self.browser.get("/form/papers").text.split('href="/form/papers/')[1:]
        return ["/form/papers/" + part.split('"')[0] for part in found]

    def send(self, address: str, content: bytes | None = None, **fields: str) -> Any:
        """Send a picture as the page's script does; without `content` a new page."""
        self.number += 1
        self.context.clock.advance(2)  # type: ignore[attr-defined]
        content = jpeg(page(self.number, SIZE)) if content is None else content
        token = csrf_token_of(self.context, self.session)
        sent = {"csrf": token, "file": ("page.jpg", content), **fields}
        body, media = encode_multipart_formdata(sent)
        return self.browser.post(address, data=body, content_type=media)

    def post(self, address: str, **fields: str) -> Any:
        token = csrf_token_of(self.context, self.session)
        return self.browser.post(address, data={"csrf": token, **fields})

    @property
    def pages(self) -> list[scans.DraftPage]:
        with self.context.store.read() as db:
            return scans.pages_of_draft(db, self.draft_id)

    def submit(self) -> str:
        """Submit the form and return its receipt number."""
        assert self.post("/form/submit", oath="1").headers["Location"] == "/done"
        with self.context.store.read() as db:
            return str(db.execute("select receipt_no from submissions").fetchone()[0])


@pytest.fixture
def citizen(app: Flask) -> Citizen:
    return Citizen(app)


def test_a_screen_without_a_camera_never_sees_the_offer(app: Flask) -> None:
    citizen = Citizen(app, has_camera=False)
    for address in ("/form/check", "/form/missing?bring=1"):
        assert OFFER not in citizen.browser.get(address).text
    for address in ("/form/papers", "/form/papers/giay_chung_sinh"):
        assert citizen.browser.get(address).status_code == 404
    assert citizen.send("/form/papers/giay_chung_sinh").status_code == 404
    assert citizen.pages == []


def test_the_offer_is_after_the_list_of_papers_and_can_be_left_out(citizen: Citizen) -> None:
    for address in ("/form/check", "/form/missing?bring=1"):
        assert OFFER in citizen.browser.get(address).text
    listed = citizen.browser.get("/form/papers").text
    assert "Bỏ qua, cán bộ sẽ quét" in listed
    assert "Nhiều nhất 20 trang" in listed
    assert citizen.submit()


def test_only_the_page_of_the_camera_may_ask_for_it(citizen: Citizen) -> None:
    policy = "Permissions-Policy"
    assert citizen.browser.get("/form/papers").headers[policy].startswith("camera=(),")
    assert citizen.browser.get(citizen.papers[0]).headers[policy].startswith("camera=(self),")
    assert citizen.browser.get("/form/check").headers[policy].startswith("camera=(),")


def test_only_papers_that_are_handed_in_are_photographed(citizen: Citizen) -> None:
    procedure = citizen.context.catalogue.in_force("1.001193", citizen.context.clock.today())
    assert procedure is not None
    kinds = {paper.id: paper.kind for paper in procedure.papers}
    assert {kinds[address.rsplit("/", 1)[1]] for address in citizen.papers} == {"nop"}
    shown = next(paper.id for paper in procedure.papers if paper.kind != "nop")
    assert citizen.send(f"/form/papers/{shown}").status_code == 404


def test_a_page_is_kept_sealed_shown_and_can_be_taken_again(citizen: Citizen) -> None:
    address = citizen.papers[0]
    go = citizen.send(address).json["go"]
    shown = citizen.browser.get(go).text
    assert "Trang này đọc rõ không?" in shown
    assert "Dùng trang này" in shown
    assert "Thêm mặt sau" in shown
    picture = citizen.browser.get(f"{go}/picture")
    assert picture.data.startswith(b"\xff\xd8\xff")
    assert picture.headers["Cache-Control"] == "no-store"
    (taken,) = citizen.pages
    sealed = files.read(citizen.context.config.scans_folder, taken.name)
    assert sealed is not None
    assert picture.data[:500] not in sealed
    assert citizen.post(f"{go}/remove").headers["Location"] == f"{address}?again=1"
    assert citizen.pages == []
    assert files.read(citizen.context.config.scans_folder, taken.name) is None
    assert citizen.browser.get(f"{go}/picture").status_code == 404


def test_what_the_server_measured_is_said_in_one_sentence(citizen: Citizen) -> None:
    go = citizen.send(citizen.papers[0], jpeg(page(1, (420, 594)))).json["go"]
    assert citizen.pages[0].flaw == "small"
    shown = citizen.browser.get(go).text
    assert "Chữ nhỏ, khó đọc." in shown
    assert "Chữ rõ" not in shown


def test_the_pages_are_filed_with_the_form_and_announced_as_the_citizens(citizen: Citizen) -> None:
    address = citizen.papers[0]
    citizen.send(address)
    citizen.send(address)
    receipt_no = citizen.submit()
    with citizen.context.store.read() as db:
        filed = scans.of_receipt(db, receipt_no)
        announced = db.execute("select id, event from decisions where kind = 'document'").fetchall()
        assert scans.pages_of_draft(db, citizen.draft_id) == []
    assert [scan.actor for scan in filed] == ["citizen", "citizen"]
    assert {scan.paper for scan in filed} == {address.rsplit("/", 1)[1]}
    for scan in filed:
        content = files.read(citizen.context.config.scans_folder, scan.name)
        assert content is not None
        assert citizen.context.vault.open(scans.FILE, scan.id, scan.key + content).startswith(b"\xff\xd8\xff")
    assert len(announced) == 2
    vault = citizen.context.vault
    events = [json.loads(vault.open(decisions.EVENT, event_id, event)) for event_id, event in announced]
    assert [event["document"]["by"] for event in events] == ["citizen", "citizen"]


def test_the_desk_sees_who_took_a_page_and_asks_for_it_again(app: Flask, citizen: Citizen) -> None:
    citizen.send(citizen.papers[0])
    receipt_no = citizen.submit()
    desk = _tap(Desk(app), "next")
    assert "1 bản chụp, người dân tự chụp" in desk.words
    assert "đã xem bản chính, đúng" in desk.words
    with citizen.context.store.read() as db:
        (scan,) = scans.of_receipt(db, receipt_no)
    desk.go(next(address for address in _papers(desk) if address.endswith(f"/{scan.paper}")))
    assert "người dân tự chụp" in desk.words
    assert "Chụp lại" in desk.words


def test_a_page_of_a_paper_that_is_no_longer_asked_for_is_filed_as_another_paper(citizen: Citizen) -> None:
    citizen.send(citizen.papers[0])
    with citizen.context.store.write() as db:
        db.execute("update draft_pages set paper = 'giay_cu'")
    receipt_no = citizen.submit()
    with citizen.context.store.read() as db:
        assert [scan.paper for scan in scans.of_receipt(db, receipt_no)] == ["khac"]


@pytest.mark.parametrize("has_camera", [True, False])
def test_a_page_of_a_paper_that_is_no_longer_asked_for_is_seen_and_removed(citizen: Citizen, has_camera: bool) -> None:
    citizen.send(citizen.papers[0])
    with citizen.context.store.write() as db:
        db.execute("update draft_pages set paper = 'giay_cu'")
    config = citizen.context.config
    cameras = (config.screen.name,) if has_camera else ()
    citizen.context.config = replace(config, screen=replace(config.screen, cameras=cameras))
    assert "Đã có 1 trang giấy tờ" in citizen.browser.get("/form/check").text
    shown = next(address for address in citizen.papers if address.startswith("/form/papers/khac/"))
    page = citizen.browser.get(shown).text
    assert "Bỏ trang này" in page
    assert "Thêm mặt sau" not in page
    assert citizen.browser.get(f"{shown}/picture").status_code == 200
    assert citizen.browser.get("/form/papers/khac").status_code == 404
    assert citizen.send("/form/papers/khac").status_code == 404
    assert citizen.post(f"{shown}/remove").headers["Location"] == "/form/check"
    assert citizen.pages == []


def test_a_disk_without_space_is_said_in_one_sentence(citizen: Citizen, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page of the camera would fetch itself again and take the paper that lies there, without end."""

    def refuse(*_args: object) -> None:
        raise StoreFull

    address = citizen.papers[0]
    monkeypatch.setattr(files, "save", refuse)
    answer = citizen.send(address)
    assert answer.status_code == StoreFull.status
    assert answer.json["say"] == "Máy không giữ thêm ảnh được. Cán bộ sẽ quét tại quầy."


def test_a_power_cut_between_picture_and_page_leaves_no_page_and_the_next_picture_is_taken(
    citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    class PowerCut(BaseException):
        """The machine stops: nothing after it runs."""

    def cut(*_args: object) -> None:
        raise PowerCut

    address = citizen.papers[0]
    with monkeypatch.context() as patch:
        patch.setattr(scans, "insert_page", cut)
        patch.setattr(files, "delete", lambda *_args: None)
        with pytest.raises(PowerCut):
            citizen.send(address)
    folder = citizen.context.config.scans_folder
    (left,) = folder.iterdir()
    assert citizen.pages == []
    assert citizen.send(address).status_code == 200
    (kept,) = citizen.pages
    os.utime(left, (0, 0))
    wiping.wipe_expired(citizen.context)
    assert [path.name for path in folder.iterdir()] == [kept.name]


def _refused(citizen: Citizen, answer: Any) -> None:
    assert answer.status_code >= 400
    assert answer.json["say"]
    assert citizen.pages == []
    assert not list(citizen.context.config.scans_folder.glob("*"))


def test_a_post_of_something_else_is_refused(citizen: Citizen) -> None:
    address = citizen.papers[0]
    for content in (b"", pdf(1), b"\xff\xd8\xff" + b"x" * 900, b"<html>"):
        _refused(citizen, citizen.send(address, content))
    assert citizen.send(address, b"\xff\xd8\xff" + bytes(11 * 1024 * 1024)).status_code == 413
    assert citizen.pages == []


def test_a_post_without_the_token_or_without_a_form_is_refused(app: Flask, citizen: Citizen) -> None:
    address = citizen.papers[0]
    assert citizen.send(address, csrf="x").status_code == 403
    stranger = app.test_client()
    stranger.get("/")
    body, media = encode_multipart_formdata({"csrf": "x", "file": ("page.jpg", jpeg(page(1, SIZE)))})
    assert stranger.post(address, data=body, content_type=media).status_code == 413
    assert citizen.pages == []


def test_another_session_sees_no_page(app: Flask, citizen: Citizen) -> None:
    go = citizen.send(citizen.papers[0]).json["go"]
    other = Citizen(app)
    for address in (go, f"{go}/picture"):
        assert other.browser.get(address).status_code == 404
    other.post(f"{go}/remove")
    assert len(citizen.pages) == 1


def test_pictures_of_one_screen_are_spaced_out(citizen: Citizen) -> None:
    address = citizen.papers[0]
    assert citizen.send(address).status_code == 200
    citizen.context.clock.advance(-2)  # type: ignore[attr-defined]
    answer = citizen.send(address)
    assert answer.status_code == 429
    assert answer.json["say"] == "Xin chờ một chút rồi chụp lại."
    assert len(citizen.pages) == 1


def test_a_form_has_its_most_pages(citizen: Citizen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft_pages, "MAX_PAGES", 3)
    address = citizen.papers[0]
    for _ in range(2):
        go = citizen.send(address).json["go"]
    assert "Còn 1 trang nữa; nhiều hơn thì cán bộ quét." in citizen.browser.get(go).text
    citizen.send(address)
    assert citizen.browser.get(address).headers["Location"] == "/form/papers"
    answer = citizen.send(address)
    assert answer.status_code == 422
    assert "Giấy còn lại cán bộ quét ở quầy." in answer.json["say"]
    assert len(citizen.pages) == 3
    assert "Đã đủ ảnh." in citizen.browser.get(f"{address}/{citizen.pages[-1].id}").text


def test_a_form_has_its_most_bytes(citizen: Citizen, monkeypatch: pytest.MonkeyPatch) -> None:
    address = citizen.papers[0]
    citizen.send(address)
    monkeypatch.setattr(draft_pages, "MAX_BYTES", citizen.pages[0].bytes + 100)
    answer = citizen.send(address)
    assert answer.status_code == 422
    assert answer.json["say"] == "Đã đủ ảnh. Giấy còn lại cán bộ quét ở quầy."
    assert len(citizen.pages) == 1
    assert len(list(citizen.context.config.scans_folder.glob("*"))) == 1


@pytest.mark.parametrize("end", ["leave", "delete"])
def test_the_pages_go_with_the_draft(citizen: Citizen, clock: FixedClock, end: str) -> None:
    citizen.send(citizen.papers[0])
    ends: dict[str, Callable[[], object]] = {
        "leave": lambda: citizen.post("/leave"),
        "delete": lambda: kept_forms.delete(citizen.context, citizen.session),
    }
    ends[end]()
    assert citizen.pages == []
    written = clock.now().timestamp() - 2 * files.STRAY_SECONDS
    for path in citizen.context.config.scans_folder.iterdir():
        os.utime(path, (written, written))
    wiping.wipe_expired(citizen.context)
    assert list(citizen.context.config.scans_folder.iterdir()) == []


def test_a_kept_form_keeps_its_pages(citizen: Citizen) -> None:
    citizen.send(citizen.papers[0])
    kept_forms.keep(citizen.context, citizen.session, "Máy 1", ChosenDigits("3185", "3185"))
    citizen.post("/leave")
    wiping.wipe_expired(citizen.context)
    (taken,) = citizen.pages
    assert files.read(citizen.context.config.scans_folder, taken.name) is not None
