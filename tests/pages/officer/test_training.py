"""Trainer's page of a lead: screens that practise, where they are stuck, reset of all, and the papers of a class."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.pages.beside.gate import PRACTICE_APPS
from kiosk.papers.workbook import read_xlsx
from tests.journeys import beside
from tests.journeys.people import reach_check_page, submit
from tests.journeys.walker import Walker
from tests.pages.officer.sitting import Desk
from tests.papers.forms import words_of_pdf

CLASS = "LOCAL-TAPHUAN"


@pytest.fixture
def learner(app: Flask) -> Iterator[Walker]:
    """Return a browser at the start page of a kiosk with practice beside it."""
    beside.practice_app(app, app.extensions["context"])
    yield Walker(app).go("/")
    app.extensions[PRACTICE_APPS].close()


@pytest.fixture
def lead(app: Flask, learner: Walker) -> Desk:
    return Desk(app, "thutrang", counter=1, role="lead")


def _sign_up(walker: Walker, card: str = "ba") -> str:
    """Sign up for the next class; return its session."""
    walker.follow("/choose").follow(f"/need/{CLASS}").fill()
    walker.scan(card)
    session = min(walker.form().choices["buoi"] - {"cho"})
    walker.fill(buoi=session, dien_thoai="0914 123 456")
    submit(reach_check_page(walker))
    return session


def test_the_lead_sees_the_step_of_each_screen_by_its_code(lead: Desk, learner: Walker) -> None:
    beside.open_task(learner, "birth")
    other = beside.open_task(Walker(learner.app), "stay")
    assert "Máy số 1" in learner.words
    assert "Máy số 2" in other.words
    words = lead.go("/officer/training").words
    assert "1 Máy 1 Khai sinh cho bé Phần 2 trên" in words
    assert "2 Máy 1 Đăng ký tạm trú Phần 2 trên" in words


def test_a_screen_that_is_wrong_twice_or_stays_long_is_shown_as_stuck(
    lead: Desk, learner: Walker, clock: FixedClock
) -> None:
    beside.open_task(learner, "birth")
    beside.touch_card(learner, "me")
    assert "sai" not in lead.go("/officer/training").words
    learner.fill({})
    learner.fill({})
    assert "sai 2 lần ở bước này" in lead.go("/officer/training").words
    beside.open_task(learner, "birth")
    clock.advance(timedelta(minutes=4).total_seconds())
    assert "ở bước này đã lâu" in lead.go("/officer/training").words


def test_nothing_that_was_typed_is_on_the_page(lead: Desk, learner: Walker) -> None:
    beside.fill_birth(learner, child="Chữ Riêng Của Tôi")
    page = lead.go("/officer/training").page
    assert "Chữ Riêng" not in page
    assert "Diệu Hiền" not in page


def test_all_screens_go_back_to_the_menu_at_once(lead: Desk, learner: Walker) -> None:
    beside.open_task(learner, "birth")
    visit = learner.page.partition('data-visit="')[2].partition('"')[0].replace("&amp;", "&")
    assert learner.browser.get(visit).json == {"open": True}
    lead.go("/officer/training").post("/officer/training/reset")
    assert learner.browser.get(visit).json == {"open": False}
    practice: Context = beside.practice_app(learner.app, learner.context).extensions["context"]
    assert beside.rows_of(practice.store)["drafts"] == 0
    learner.go("/tap/form/nguoi_khai")
    assert "Mời làm lại từ đầu" in learner.words


def test_a_near_class_with_free_seats_is_on_the_start_page(learner: Walker) -> None:
    assert "Lớp tập huấn" in learner.words
    assert re.search(r"Còn \d+ chỗ. Chiều thứ Năm, 26/11", learner.words)
    learner.follow(f"/need/{CLASS}")


def test_without_a_class_the_tile_of_practice_is_alone(learner: Walker) -> None:
    learner.context.config = replace(learner.context.config, classes=())
    learner.go("/")
    assert "Lớp tập huấn" not in learner.words
    assert "Tập khai thử" in learner.words


def test_the_participants_of_a_class_are_a_workbook(lead: Desk, learner: Walker, tmp_path: Path) -> None:
    session = _sign_up(learner)
    page = lead.go("/officer/training")
    assert "1 người" in page.words
    answer = lead.browser.get("/officer/training/list.xlsx", query_string={"session": session})
    assert answer.status_code == 200
    path = tmp_path / "list.xlsx"
    path.write_bytes(answer.data)
    (head, row) = read_xlsx(path)["Người học"]
    assert dict(zip(head, row, strict=True)) | {"Mã tờ khai": ""} == {
        "TT": 1,
        "Họ và tên": "Zơ Râm Thị Klŏng",
        "Năm sinh": "1954",
        "Số điện thoại": row[3],
        "Đối tượng": "Người dân",
        "Muốn học, cần giúp": None,
        "Mã tờ khai": "",
        "Có mặt (ký)": None,
    }


def test_each_participant_gets_a_certificate_slip(lead: Desk, learner: Walker) -> None:
    session = _sign_up(learner)
    answer = lead.browser.get("/officer/training/certificates.pdf", query_string={"session": session})
    assert answer.status_code == 200
    words = words_of_pdf(answer.data)
    assert "ĐÃ HỌC LỚP TẬP HUẤN" in words
    assert "ZƠ RÂM THỊ KLŎNG" in words


@pytest.mark.parametrize("paper", ["list.xlsx", "certificates.pdf"])
def test_a_session_that_is_none_has_no_papers(lead: Desk, paper: str) -> None:
    answer = lead.browser.get(f"/officer/training/{paper}", query_string={"session": "2020-01-01T08:00 X"})
    assert answer.status_code == 404
