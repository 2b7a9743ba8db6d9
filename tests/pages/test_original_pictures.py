"""Originals under the camera in the lane for certified copies: counted, never sent, deleted at the end of the day."""

import os
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from urllib3 import encode_multipart_formdata

from kiosk.acts import wiping
from kiosk.base.clock import FixedClock
from kiosk.dossiers.opened import open_submission
from kiosk.pages.access import csrf_token_of, hash_token
from kiosk.records import decisions, scans
from kiosk.records.scans import DraftPage, Scan
from kiosk.store import files
from tests.journeys.walker import Walker
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_queue import _tap
from tests.uploads.paper_pictures import jpeg, page

CODE = "2.000815"
SIZE = (620, 877)
DIPLOMA = "/form/papers/original:bang"
BIRTH = "/form/papers/original:khai_sinh"
SUM = "/form/nguoi_yeu_cau"
TOLD = "Máy chỉ giữ phần trong khung. Ảnh xóa cuối ngày."
TOLD_KEPT = "Máy chỉ giữ phần trong khung. Phường giữ một bản theo luật."


class Lane(Walker):
    """A citizen with two papers, two copies each, at a screen with a camera."""

    def __init__(self, app: Flask, *, has_camera: bool = True, keeps: bool = False) -> None:
        super().__init__(app)
        config = self.context.config
        cameras = (config.screen.name,) if has_camera else ()
        self.context.config = replace(
            config, screen=replace(config.screen, cameras=cameras), keep=replace(config.keep, originals=keeps)
        )
        self.go(f"/need/{CODE}").fill()
        for paper in ("bang", "khai_sinh"):
            self.fill(add=paper)
        self.fill({"giay_to.0.so_ban": "2", "giay_to.1.so_ban": "2"})
        cookie = self.browser.get_cookie("kiosk_tap")
        assert cookie is not None
        self.session = hash_token(cookie.value)
        self.number = 0

    def take(self, address: str) -> str:
        """Send a new page as the camera's script does; return the address that shows it."""
        self.number += 1
        self.context.clock.advance(2)  # type: ignore[attr-defined]
        sent: dict[str, Any] = {
            "csrf": csrf_token_of(self.context, self.session),
            "file": ("page.jpg", jpeg(page(self.number, SIZE))),
        }
        body, media = encode_multipart_formdata(sent)
        go = str(self.browser.post(address, data=body, content_type=media).json["go"])  # type: ignore[index]
        self.go(go)
        return go

    @property
    def pages(self) -> list[DraftPage]:
        with self.context.store.read() as db:
            draft_id = str(db.execute("select id from drafts").fetchone()[0])
            return scans.pages_of_draft(db, draft_id)

    @property
    def filed_pages(self) -> list[int]:
        """Return the pages of each paper in the form that was filed."""
        with self.context.store.read() as db:
            submission_id = str(db.execute("select id from submissions").fetchone()[0])
        opened = open_submission(self.context, submission_id)
        assert opened is not None
        return [row["so_trang"] for row in opened.answers["giay_to"]]

    @property
    def scans(self) -> list[Scan]:
        with self.context.store.read() as db:
            receipts = [str(row[0]) for row in db.execute("select receipt_no from submissions").fetchall()]
            return [scan for receipt_no in receipts for scan in scans.of_receipt(db, receipt_no)]


@pytest.fixture
def lane(app: Flask) -> Lane:
    return Lane(app)


def test_the_camera_comes_between_the_papers_and_the_sum(lane: Lane) -> None:
    assert lane.at == DIPLOMA
    assert TOLD in lane.words
    assert "Giấy 1 trên 2." in lane.words
    lane.take(DIPLOMA)
    assert "1 trang, 2 bản: 4.000 đồng. Cán bộ đếm lại." in lane.words
    lane.follow(BIRTH)
    lane.take(BIRTH)
    lane.follow(SUM)
    assert "2 giấy, 4 bản: 8.000 đồng" in lane.words
    assert "Xem lại 2 trang" in lane.words
    lane.scan("me")
    assert lane.at == "/done"


def test_a_screen_without_a_camera_goes_on_to_the_sum(app: Flask) -> None:
    lane = Lane(app, has_camera=False)
    assert lane.at == SUM
    assert "Chụp giấy" not in lane.words
    assert lane.browser.get(DIPLOMA).status_code == 404


def test_one_touch_leaves_all_papers_out(app: Flask, lane: Lane) -> None:
    assert f'href="{SUM}">Bỏ qua, cán bộ sẽ quét' in lane.page
    lane.follow(SUM)
    assert "Chụp giấy tờ ngay tại đây" in lane.words
    lane.scan("me")
    assert lane.at == "/done"
    assert lane.scans == []
    assert "Ảnh bản chính" not in _tap(Desk(app), "next").words


def test_the_machine_counts_the_pages_and_says_what_one_more_costs(lane: Lane) -> None:
    lane.take(DIPLOMA)
    assert "Thêm mặt sau, thêm 4.000 đồng" in lane.words
    lane.take(DIPLOMA)
    assert "Thêm mặt sau, thêm 2.000 đồng" in lane.words
    go = lane.take(DIPLOMA)
    assert "3 trang, 2 bản: 10.000 đồng." in lane.words
    lane.follow(BIRTH).follow(SUM)
    assert "2 giấy, 4 bản: 14.000 đồng" in lane.words
    token = csrf_token_of(lane.context, lane.session)
    assert lane.browser.post(f"{go}/remove", data={"csrf": token}).headers["Location"] == f"{DIPLOMA}?again=1"
    assert "2 giấy, 4 bản: 12.000 đồng" in lane.go(SUM).words
    lane.scan("me")
    assert lane.filed_pages == [2, 1]


def test_the_pages_are_seen_at_the_paper_and_never_announced(app: Flask, lane: Lane) -> None:
    lane.take(DIPLOMA)
    lane.take(DIPLOMA)
    lane.go(SUM).scan("me")
    assert [scan.paper for scan in lane.scans] == ["original:bang", "original:bang"]
    with lane.context.store.read() as db:
        assert db.execute("select count(*) from decisions").fetchone()[0] == 0
        assert db.execute("select count(*) from files").fetchone()[0] == 0
    desk = _tap(Desk(app), "next")
    assert "Bằng tốt nghiệp, chứng chỉ , máy đếm 2 trang ( 2 ảnh )" in desk.words
    assert "Ảnh bản chính Ảnh người dân tự chụp. Máy xóa cuối ngày." in desk.words
    assert "1. Bằng tốt nghiệp, chứng chỉ, ảnh 2 trên 2" in desk.words
    pictures = [part.split('"')[0] for part in desk.page.split('<img src="')[1:]]
    assert [desk.browser.get(picture).mimetype for picture in pictures if "/scan/" in picture] == ["image/jpeg"] * 2
    address = next(part.split('"')[0] for part in desk.page.split('href="') if "original:bang" in part.split('"')[0])
    desk.go(address)
    assert "Bản chính: Bằng tốt nghiệp, chứng chỉ" in desk.words
    assert "người dân tự chụp" in desk.words
    desk.post(f"{address}/remove", scan=lane.scans[0].id)
    assert len(lane.scans) == 1
    with lane.context.store.read() as db:
        assert decisions.last_seq(db, lane.scans[0].receipt_no) == 0


def _tomorrow(lane: Lane, clock: FixedClock) -> None:
    clock.advance(timedelta(days=1).total_seconds())
    wiping.wipe_expired(lane.context)


def test_pictures_of_originals_are_deleted_at_the_end_of_the_day(lane: Lane, clock: FixedClock) -> None:
    lane.take(DIPLOMA)
    lane.go(SUM).scan("me")
    (scan,) = lane.scans
    wiping.wipe_expired(lane.context)
    assert lane.scans == [scan]
    _tomorrow(lane, clock)
    assert lane.scans == []
    path = lane.context.config.scans_folder / scan.name
    written = clock.now().timestamp() - 2 * files.STRAY_SECONDS
    os.utime(path, (written, written))
    wiping.wipe_expired(lane.context)
    assert not path.exists()


def test_pictures_in_an_unfinished_form_go_with_the_day_also(lane: Lane, clock: FixedClock) -> None:
    lane.context.config = replace(lane.context.config, keep=replace(lane.context.config.keep, draft_hours=72))
    lane.take(DIPLOMA)
    assert [taken.paper for taken in lane.pages] == ["original:bang"]
    _tomorrow(lane, clock)
    assert lane.pages == []


def test_a_ward_that_keeps_a_copy_by_law_says_so_first(app: Flask, clock: FixedClock) -> None:
    lane = Lane(app, keeps=True)
    assert TOLD_KEPT in lane.words
    lane.take("/form/papers/original-kept:bang")
    lane.go(SUM).scan("me")
    assert "Ảnh bản chính Ảnh người dân tự chụp. Phường giữ một bản theo luật." in _tap(Desk(app), "next").words
    _tomorrow(lane, clock)
    assert [scan.paper for scan in lane.scans] == ["original-kept:bang"]


def test_a_picture_keeps_the_term_that_was_told_when_the_setting_changes(lane: Lane, clock: FixedClock) -> None:
    lane.take(DIPLOMA)
    config = lane.context.config
    lane.context.config = replace(config, keep=replace(config.keep, originals=True))
    assert "Đã có 1 trang" in lane.go("/form/papers").words
    lane.take("/form/papers/original-kept:bang")
    assert "2 trang, 2 bản" in lane.words
    lane.go(SUM).scan("me")
    _tomorrow(lane, clock)
    assert [scan.paper for scan in lane.scans] == ["original-kept:bang"]


def test_pages_of_a_paper_that_was_taken_out_are_not_filed(lane: Lane) -> None:
    lane.take(DIPLOMA)
    lane.take(BIRTH)
    lane.go("/form/giay_to").fill({"giay_to.0.so_ban": "2", "giay_to.1.so_ban": "2"}, drop="0")
    lane.fill({"giay_to.0.so_ban": "2"})
    assert lane.at == SUM
    assert "Giấy khác" in lane.go("/form/papers").words
    lane.go(SUM)
    assert "1 giấy, 2 bản" in lane.words
    lane.scan("me")
    assert [scan.paper for scan in lane.scans] == ["original:khai_sinh"]


def test_a_typed_name_is_in_no_address(lane: Lane) -> None:
    lane.go("/form/giay_to.2").fill(
        {"giay_to.2.ten": "khac", "giay_to.2.ten.own": "Giấy của bà Lê Mẫu", "giay_to.2.so_ban": "1"}
    )
    listed = lane.go("/form/papers").page
    assert "Giấy của bà Lê Mẫu" in listed
    addresses = [part.split('"')[0] for part in listed.split('href="')]
    assert not any("Mẫu" in address or "%" in address for address in addresses)


@pytest.mark.parametrize(
    ("has_camera", "keeps", "said"),
    [
        (True, False, "Ảnh giấy cần chứng thực: xóa cuối ngày."),
        (True, True, "Ảnh giấy cần chứng thực: phường giữ một bản theo luật."),
        (False, False, ""),
    ],
)
def test_the_privacy_notice_says_how_long_the_pictures_stay(
    app: Flask, has_camera: bool, keeps: bool, said: str
) -> None:
    lane = Lane(app, has_camera=has_camera, keeps=keeps)
    words = lane.go("/privacy").words
    assert said in words
    assert words.count("Ảnh giấy") == bool(said)
