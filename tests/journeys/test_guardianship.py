"""Guardianship: papers by who becomes the guardian, who files, the sheet with the lines of the electronic form."""

import pytest

from kiosk.papers import declaration
from tests.journeys import submission_checks
from tests.journeys.people import home_answers, reach_check_page, submit
from tests.journeys.walker import Walker
from tests.papers.forms import words_of_pdf

NEED = "/need/1.004837"


def _person(walker: Walker, card: str, **said: str) -> Walker:
    page = walker.at
    walker.scan(card)
    answers = home_answers(walker) | said
    if walker.fill(answers).at == page:  # another ward is competent: the page says so once
        walker.fill(answers)
    return walker


def test_a_guardian_who_files_is_scanned_once(walker: Walker) -> None:
    walker.follow("/choose").follow("/choose?event=gia_yeu").follow(NEED).fill(ai_giam_ho="mot", ai_khai="giam_ho")
    _person(walker, "me", nyc_dien_thoai="0905000123")
    assert walker.at == "/form/nguoi_duoc_giam_ho"
    _person(walker, "sinh_vien").fill(ly_do="mat_nang_luc")
    submit(reach_check_page(walker))
    answers = submission_checks.checked_body(walker.context, "A")["form"]["answers"]
    assert answers["gh_ho_ten"] == answers["nyc_ho_ten"]
    assert answers["gh_giay_to"]["so"] == answers["nyc_giay_to_tuy_than"]["so"]
    document = declaration.pdf(walker.context, submission_checks.only_submission(walker.context).id)
    assert document is not None
    words = words_of_pdf(document)
    assert "chưa theo mẫu giấy" in words
    assert "Lý do đăng ký giám hộ: Mất năng lực hành vi dân sự" in words
    assert "chịu hoàn toàn trách nhiệm trước pháp luật" in words


def test_a_relative_who_files_names_the_guardian_apart(walker: Walker) -> None:
    walker.go(NEED).fill(ai_giam_ho="cu", ai_khai="nguoi_khac")
    _person(walker, "cha", nyc_dien_thoai="0905000123")
    assert walker.at == "/form/nguoi_giam_ho"
    _person(walker, "me")
    assert walker.at == "/form/nguoi_duoc_giam_ho"
    _person(walker, "sinh_vien").fill(ly_do="mo_coi")
    submit(reach_check_page(walker))
    answers = submission_checks.checked_body(walker.context, "A")["form"]["answers"]
    assert answers["gh_ho_ten"] != answers["nyc_ho_ten"]


def test_nobody_is_the_guardian_of_himself(walker: Walker) -> None:
    walker.go(NEED).fill(ai_giam_ho="mot", ai_khai="giam_ho")
    _person(walker, "me", nyc_dien_thoai="0905000123").scan("me")
    assert walker.at == "/form/nguoi_duoc_giam_ho"
    assert "Thẻ này vừa quét cho người khác trong tờ khai." in walker.words


@pytest.mark.parametrize(
    ("guardian", "papers"),
    [
        ("mot", {"Giấy chứng minh điều kiện"}),
        ("nhieu", {"Giấy chứng minh điều kiện", "Văn bản thỏa thuận"}),
        ("cu", {"Văn bản cử người giám hộ"}),
    ],
)
def test_papers_and_both_times_of_the_record(walker: Walker, guardian: str, papers: set[str]) -> None:
    words = walker.go(f"{NEED}?ai_giam_ho={guardian}&ai_khai=giam_ho").words
    listed = {"Giấy chứng minh điều kiện", "Văn bản thỏa thuận", "Văn bản cử người giám hộ"}
    assert {paper for paper in listed if paper in words} == papers
    assert "3 ngày làm việc." in words
    assert "5 ngày làm việc. Cán bộ báo ngày trả." in words
