"""Having a signature certified: three screens, no form to print, and the warnings."""

import pytest

from kiosk.dossiers.opened import open_submission
from kiosk.papers import declaration, slip, wording
from printers.render import text
from tests.journeys import submission_checks
from tests.journeys.people import reach_check_page, submit
from tests.journeys.walker import Walker

CODE = "2.000884"


def _signer(walker: Walker, paper: str) -> Walker:
    walker.follow("/choose").follow("/choose?event=giay_to").follow(f"/need/{CODE}")
    assert "ĐỪNG KÝ TRƯỚC" in walker.words
    return walker.fill(ky_giay_gi=paper)


def test_three_screens_and_a_slip(walker: Walker) -> None:
    _signer(walker, "ly_lich").scan("me").fill(nyc_dien_thoai="0905000123")
    reach_check_page(walker)
    screens = walker.addresses[walker.addresses.index(f"/need/{CODE}") :]
    assert [screen for screen in screens if screen != "/form/missing"] == [
        f"/need/{CODE}",
        "/form/nguoi_ky",
        "/form/check",
    ]
    assert "Sơ yếu lý lịch" in walker.words
    assert "10.000 đồng" in walker.words
    submit(walker)
    answers = submission_checks.checked_body(walker.context, "B")["form"]["answers"]
    assert answers["ten_van_ban"] == "ly_lich"
    assert (answers["so_luong"], answers["cach_ky"]) == (1, "ky")
    submission = submission_checks.only_submission(walker.context)
    assert declaration.declaration(walker.context, submission.id) is None
    paper = slip.compose(walker.context, submission.id, {})
    assert paper is not None
    words = " ".join(text.render(paper).split())
    assert "ĐỪNG KÝ TRƯỚC" in words
    assert "10.000 đồng" in words


def test_another_paper_is_called_by_its_name(walker: Walker) -> None:
    _signer(walker, "khac")
    assert walker.at == "/form/giay_khac"
    walker.fill({"ten_van_ban": "khac", "ten_van_ban.own": "Giấy xác nhận làm thêm giờ"})
    walker.scan("me").fill()
    reach_check_page(walker)
    walker.follow("/form/may_giay").fill(so_luong="3")
    assert "3 giấy" in walker.words
    assert "30.000 đồng" in walker.words
    submit(walker)
    body = submission_checks.checked_body(walker.context, "B")
    assert body["form"]["answers"]["ten_van_ban"] == "Giấy xác nhận làm thêm giờ"


def test_a_person_who_cannot_sign_needs_two_witnesses(walker: Walker) -> None:
    _signer(walker, "uq_luong").scan("me").fill()
    reach_check_page(walker).follow("/form/cach_ky").fill(cach_ky="khong_duoc")
    walker.go("/form/missing")
    assert "hai người làm chứng" in walker.words


def test_an_id_number_is_required_for_a_certification(walker: Walker) -> None:
    _signer(walker, "don").press("by-hand").fill(nyc_ho_ten="Hồ Văn Lão")
    walker.fill({"nyc_ngay_sinh.y": "1966", "nyc_ngay_sinh.m": "6", "nyc_ngay_sinh.d": "1"})
    walker.fill(nyc_so_dinh_danh="19000")
    assert walker.at == "/form/nguoi_ky.paper"
    assert "12 chữ số" in walker.words
    walker.fill(nyc_so_dinh_danh="046066000128").fill()
    assert walker.at == "/form/missing"
    assert "hết hạn" in walker.words


FOUR = {
    "uq_ho_so": "Giấy ủy quyền nộp hộ, nhận hộ hồ sơ, giấy tờ",
    "uq_luong": "Giấy ủy quyền nhận hộ lương hưu, bưu phẩm, trợ cấp, phụ cấp",
    "uq_nha": "Giấy ủy quyền nhờ trông nom nhà cửa",
    "uq_vay": "Giấy ủy quyền của thành viên hộ gia đình để vay vốn tại Ngân hàng chính sách xã hội",
}
"""The only authorisations whose signature may be certified (conditions of procedure 2.000884)."""


@pytest.mark.parametrize("paper", FOUR)
def test_four_kinds_of_authorisation_are_certified(walker: Walker, paper: str) -> None:
    _signer(walker, paper).scan("me").fill()
    submit(reach_check_page(walker))
    body = submission_checks.checked_body(walker.context, "B")
    assert body["form"]["answers"]["ten_van_ban"] == paper
    opened = open_submission(walker.context, submission_checks.only_submission(walker.context).id)
    assert opened
    assert wording.answer_text(opened.procedure, opened.answers, "ten_van_ban") == FOUR[paper]


def test_another_authorisation_is_a_contract(walker: Walker) -> None:
    _signer(walker, "uq_khac")
    assert walker.at == "/need/2.001035"
    walker.go(f"/need/{CODE}?ky_giay_gi=uq_khac")
    assert "phải chứng thực hợp đồng ủy quyền." in walker.words
    assert "Sang thủ tục đó" in walker.words
    assert "/begin/" not in walker.page or 'form="answer">' not in walker.page


def test_an_authorisation_under_another_name_is_doubted(walker: Walker) -> None:
    _signer(walker, "khac")
    walker.fill({"ten_van_ban": "khac", "ten_van_ban.own": "Giấy uỷ quyền bán nhà"})
    walker.scan("me").fill()
    assert walker.at == "/form/missing"
    assert "chỉ có bốn việc chứng thực được chữ ký" in walker.words
