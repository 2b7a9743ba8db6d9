"""A household business pauses or goes on: questions by request, twelve months, papers of a group, the sheet."""

import pytest

from kiosk.papers import declaration
from tests.journeys import submission_checks
from tests.journeys.people import reach_check_page, submit
from tests.journeys.walker import Walker
from tests.papers.forms import words_of_pdf

CODE = "1.001570"
FIRST = {"tu_ngay.d": "1", "tu_ngay.m": "12", "tu_ngay.y": "2026"}
LAST = {"den_ngay.d": "30", "den_ngay.m": "11", "den_ngay.y": "2027"}


def _begin(walker: Walker, matter: str, who: str = "chu_ho") -> Walker:
    walker.follow("/choose").follow("/choose?event=lam_an").follow(f"/need/{CODE}")
    walker.fill(can_gi=matter, ai_lap="mot_nha", ai_nop=who)
    return walker.scan("me").fill()


def _filed(walker: Walker) -> dict[str, object]:
    submit(reach_check_page(walker))
    answers: dict[str, object] = submission_checks.checked_body(walker.context, "E")["form"]["answers"]
    return answers


def test_a_pause_has_two_days_and_a_sheet_that_is_no_form(walker: Walker) -> None:
    _begin(walker, "tam_ngung").fill(ten_hkd="Bún bò O Lành").fill(FIRST | LAST)
    answers = _filed(walker.fill(ly_do="suc_khoe"))
    assert (answers["tu_ngay"], answers["den_ngay"], answers["nguoi_nop"]) == ("2026-12-01", "2027-11-30", "chu_ho")
    assert "ngay_tiep_tuc" not in answers
    document = declaration.pdf(walker.context, submission_checks.only_submission(walker.context).id)
    assert document is not None
    assert "chưa theo mẫu" in words_of_pdf(document)


def test_a_pause_of_more_than_twelve_months_is_refused(walker: Walker) -> None:
    _begin(walker, "tam_ngung").fill(ten_hkd="Bún bò O Lành").fill(FIRST | LAST | {"den_ngay.y": "2028"})
    assert walker.at == "/form/tam_ngung"
    assert "không quá 12 tháng. Mời xem lại." in walker.words


def test_going_on_asks_one_day(walker: Walker) -> None:
    _begin(walker, "tiep_tuc").fill(ten_hkd="Bún bò O Lành")
    assert walker.at == "/form/tiep_tuc"
    walker.fill({"ngay_tiep_tuc.d": "1", "ngay_tiep_tuc.m": "12", "ngay_tiep_tuc.y": "2026"})
    assert walker.at == "/form/ly_do_tiep_tuc"
    assert "Ít khách" not in walker.words
    answers = _filed(walker.fill(ly_do_tiep_tuc="khoe_lai"))
    assert answers["ngay_tiep_tuc"] == "2026-12-01"
    assert not {"tu_ngay", "ly_do"} & set(answers)


def test_somebody_else_hands_it_in_with_a_card(walker: Walker) -> None:
    _begin(walker, "tiep_tuc", "nguoi_khac")
    assert walker.at == "/form/nguoi_nop"
    assert walker.scan("cha").fill().at == "/form/ho_kinh_doanh"


@pytest.mark.parametrize(
    ("founders", "who", "papers"),
    [
        ("mot_nha", "chu_ho", set()),
        ("nhom", "chu_ho", {"Biên bản họp nhóm"}),
        ("mot_nha", "nguoi_khac", {"Giấy ủy quyền nộp thay"}),
        ("mot_nha", "to_chuc", {"Hợp đồng, giấy giới thiệu"}),
    ],
)
def test_papers_depend_on_founders_and_on_who_comes(walker: Walker, founders: str, who: str, papers: set[str]) -> None:
    words = walker.go(f"/need/{CODE}?can_gi=tam_ngung&ai_lap={founders}&ai_nop={who}").words
    listed = {"Biên bản họp nhóm", "Giấy ủy quyền nộp thay", "Hợp đồng, giấy giới thiệu"}
    assert {paper for paper in listed if paper in words} == papers
    assert "1 ngày làm việc" in words
