"""A change of a household business: pages by what changes, papers of each case, the sheet that is no form."""

import pytest

from kiosk.papers import declaration
from tests.journeys import submission_checks
from tests.journeys.people import reach_check_page, submit
from tests.journeys.walker import Walker
from tests.papers.forms import words_of_pdf

CODE = "2.000720"
NAME = "Bún bò O Lành"


def _begin(walker: Walker, change: str) -> Walker:
    walker.follow("/choose").follow("/choose?event=lam_an").follow(f"/need/{CODE}")
    return walker.fill(doi_gi=change, ai_nop="chu_ho")


def _filed(walker: Walker) -> dict[str, object]:
    submit(reach_check_page(walker))
    answers: dict[str, object] = submission_checks.checked_body(walker.context, "E")["form"]["answers"]
    return answers


def test_a_new_seat_is_written_on_a_sheet_that_is_no_form(walker: Walker) -> None:
    _begin(walker, "noi_dung").scan("me").fill().fill(ten_hkd=NAME)
    assert walker.at == "/form/noi_dung"
    walker.fill({"noi_dung.tru_so": "tru_so", "noi_dung.nganh": "nganh"}).fill(doi_thanh="12 Nguyễn Trãi, bán thêm cơm")
    answers = _filed(walker)
    assert (answers["viec"], answers["noi_dung"], answers["nguoi_nop"]) == ("noi_dung", ["tru_so", "nganh"], "chu_ho")
    assert "moi_ho_ten" not in answers
    document = declaration.pdf(walker.context, submission_checks.only_submission(walker.context).id)
    assert document is not None
    words = words_of_pdf(document)
    assert "chưa theo mẫu" in words
    assert "12 Nguyễn Trãi" in words


def test_a_new_owner_shows_a_card_of_his_own(walker: Walker) -> None:
    _begin(walker, "chu_ho").scan("me").fill()
    assert walker.at == "/form/chu_ho_moi"
    walker.scan("cha").fill().fill(ten_hkd=NAME)
    answers = _filed(walker)
    assert answers["moi_ho_ten"] != answers["chu_ho_ho_ten"]
    assert "doi_thanh" not in answers


def test_the_same_card_is_no_new_owner(walker: Walker) -> None:
    _begin(walker, "chu_ho").scan("me").fill().scan("me")
    assert walker.at == "/form/chu_ho_moi"
    assert "Thẻ này vừa quét cho người khác trong tờ khai." in walker.words


def test_an_owner_who_died_is_named_and_shows_no_card(walker: Walker) -> None:
    _begin(walker, "chu_ho_mat")
    assert walker.at == "/form/chu_ho_cu"
    walker.fill(chu_ho_ho_ten="Trần Văn Ba")
    assert walker.at == "/form/chu_ho_moi"
    answers = _filed(walker.scan("me").fill().fill(ten_hkd=NAME))
    assert answers["chu_ho_ho_ten"] == "Trần Văn Ba"
    assert "chu_ho_so_dinh_danh" not in answers


@pytest.mark.parametrize(
    ("change", "papers"),
    [
        ("noi_dung", {"Biên bản họp nhóm"}),
        ("chu_ho", {"Ủy quyền làm chủ hộ"}),
        ("chu_ho_mat", {"Giấy chứng tử hoặc quyết định"}),
        ("thanh_vien", {"Ủy quyền của thành viên mới"}),
    ],
)
def test_papers_depend_on_what_changes(walker: Walker, change: str, papers: set[str]) -> None:
    words = walker.go(f"/need/{CODE}?doi_gi={change}&ai_nop=chu_ho").words
    listed = {
        *("Biên bản họp nhóm", "Ủy quyền làm chủ hộ"),
        *("Giấy chứng tử hoặc quyết định", "Ủy quyền của thành viên mới"),
    }
    assert {paper for paper in listed if paper in words} == papers
    assert "3 ngày làm việc" in words
