"""Birth, residence, insurance and ID card in one request: the head of the household, papers, age, the sheet."""

import pytest

from kiosk.papers import declaration
from tests.journeys import submission_checks
from tests.journeys.people import DAY, child, peoples, reach_check_page, submit
from tests.journeys.walker import Walker
from tests.papers.forms import words_of_pdf

CODE = "3.000722"
FORM_OF_THE_POLICE = "Tờ khai CT01"
HOME = {"thuong_tru": "home:me_noi_cu_tru"}


def _begin(walker: Walker, parents: str = "da_ket_hon", agreed: str = "vneid") -> Walker:
    walker.follow("/choose").follow("/choose?event=co_con").follow(f"/need/{CODE}")
    walker.fill(cha_me=parents, xac_nhan=agreed, noi_de="co_so_y_te")
    assert walker.at == "/form/nguoi_khai"
    walker.scan("me")
    return walker.fill({"nyc_quan_he": "me", "nyc_dien_thoai": "0905000123", "nyc_noi_cu_tru.stay": "19753"})


def _until_residence(walker: Walker, parents: str = "da_ket_hon") -> Walker:
    _begin(walker, parents)
    if parents == "da_ket_hon":
        peoples(child(walker.scan("cha").fill({"cha_noi_cu_tru.stay": "19753"})))
    else:
        child(walker).fill(one_group="Kinh", con_que_quan="own")
    assert walker.at == "/form/thuong_tru"
    return walker


def _filed(walker: Walker) -> dict[str, object]:
    walker.fill(noi_kham="Trạm Y tế phường")
    submit(reach_check_page(walker))
    answers: dict[str, object] = submission_checks.checked_body(walker.context, "A")["form"]["answers"]
    return answers


def test_a_father_who_is_the_head_is_not_asked_for_again(walker: Walker) -> None:
    answers = _filed(_until_residence(walker).fill(HOME | {"chu_ho_la": "cha"}))
    assert answers["chu_ho_ten"] == answers["cha_ho_ten"]
    assert answers["chu_ho_so"] == answers["cha_giay_to_tuy_than"]
    assert (answers["quan_he_chu_ho"], answers["xac_nhan_chu_ho"]) == ("con_de", "vneid")
    assert answers["thuong_tru"]["wardCode"] == "19753"  # type: ignore[index]


def test_a_grandparent_who_is_the_head_shows_a_card(walker: Walker) -> None:
    _until_residence(walker).fill(HOME | {"chu_ho_la": "khac"})
    assert walker.at == "/form/chu_ho"
    answers = _filed(walker.scan("ong").fill(quan_he_chu_ho="chau_noi"))
    assert answers["chu_ho_ten"] != answers["cha_ho_ten"]
    assert answers["quan_he_chu_ho"] == "chau_noi"


def test_a_mother_alone_cannot_name_the_father_as_the_head(walker: Walker) -> None:
    _until_residence(walker, "me_don_than").fill(HOME | {"chu_ho_la": "cha"})
    assert walker.at == "/form/thuong_tru"
    assert "Chưa khai người cha mà chọn cha là chủ hộ." in walker.words
    answers = _filed(walker.fill(HOME | {"chu_ho_la": "me"}))
    assert answers["chu_ho_ten"] == answers["me_ho_ten"]


@pytest.mark.parametrize(("agreed", "is_asked"), [("ct01", True), ("vneid", False)])
def test_the_form_of_the_police_is_brought_where_the_head_signs_on_paper(
    walker: Walker, agreed: str, *, is_asked: bool
) -> None:
    words = walker.go(f"/need/{CODE}?cha_me=da_ket_hon&xac_nhan={agreed}&noi_de=co_so_y_te").words
    assert (FORM_OF_THE_POLICE in words) == is_asked
    assert "3 ngày làm việc" in words


def test_from_the_sixth_birthday_it_is_another_procedure(walker: Walker) -> None:
    _begin(walker).scan("cha").fill({"cha_noi_cu_tru.stay": "19753"})
    walker.fill(con_ho_ten="Trần Gia Bảo", con_gioi_tinh="nam")
    walker.fill({"con_noi_sinh": "birth:0"} | DAY | {"con_ngay_sinh.y": "2020"})
    assert walker.at == "/form/sinh_luc_nao"
    assert "Liên thông dành cho trẻ dưới 6 tuổi." in walker.words


def test_the_sheet_says_that_it_is_no_form(walker: Walker) -> None:
    _filed(_until_residence(walker).fill(HOME | {"chu_ho_la": "me"}))
    document = declaration.pdf(walker.context, submission_checks.only_submission(walker.context).id)
    assert document is not None
    words = words_of_pdf(document)
    assert "chưa theo mẫu" in words
    assert "Tôi cam đoan" not in words


def test_recognition_goes_first(walker: Walker) -> None:
    assert "/need/1.000689" in walker.go(f"/need/{CODE}?cha_me=nhan_cha").page
