"""Splitting a household: alone, with a child, after a divorce, and without any adult."""

from kiosk.papers import declaration
from tests.journeys import submission_checks
from tests.journeys.people import pick_ward, reach_check_page, submit
from tests.journeys.walker import Walker
from tests.papers.forms import words_of_pdf

CODE = "1.010038"
PLACE = "noi_dung_de_nghi.dia_chi"


def _begun(walker: Walker, why: str = "ra_rieng", many: str = "mot") -> Walker:
    walker.follow("/choose").follow("/choose?event=cho_o").follow(f"/need/{CODE}")
    return walker.fill(vi_sao=why, may_nguoi=many)


def _address(walker: Walker) -> Walker:
    assert walker.at == "/form/dia_chi", walker.words
    walker.fill(pick=PLACE)
    pick_ward(walker, "19753", "phu xuan", "12 Nguyễn Trãi")
    return walker.fill()


def _printed(walker: Walker) -> str:
    pdf = declaration.pdf(walker.context, submission_checks.only_submission(walker.context).id)
    assert pdf is not None
    return words_of_pdf(pdf)


def test_one_person_becomes_the_head_of_a_household_with_one_card(walker: Walker) -> None:
    _begun(walker).scan("me").fill(dien_thoai="0905000123").press("same")
    _address(walker)
    assert walker.at == "/form/missing"
    assert "Chủ hộ và chủ sở hữu chỗ ở ký đồng ý" in walker.words
    reach_check_page(walker)
    assert "10.000 đồng" in walker.words
    submit(walker)
    answers = submission_checks.checked_body(walker.context, "C")["form"]["answers"]
    assert answers["chu_ho_ten"] == answers["ho_ten"] == "Nguyễn Thị Diệu Hiền"
    assert "thanh_vien" not in answers
    words = _printed(walker)
    assert "Tách hộ, lập hộ mới tại 12 Nguyễn Trãi, phường Phú Xuân" in words
    assert "Lý do: ở cùng chỗ, lập hộ riêng" in words


def test_several_people_join_and_none_is_forgotten(walker: Walker) -> None:
    _begun(walker, many="nhieu").scan("me").fill().press("same")
    assert walker.at == "/form/ai_cung_sang"
    walker.fill()
    assert walker.at == "/form/ai_cung_sang"
    assert "Chưa có người cùng sang" in walker.words
    walker.press("add")
    walker.scan("the_moi").fill({"thanh_vien.0.quan_he": "chong"})
    walker.fill()
    _address(walker)
    reach_check_page(walker)
    submit(walker)
    answers = submission_checks.checked_body(walker.context, "C")["form"]["answers"]
    assert [row["ho_ten"] for row in answers["thanh_vien"]] == ["Lê Văn Ví Dụ"]
    assert "LÊ VĂN VÍ DỤ" in _printed(walker)


def test_a_head_who_moves_too_is_listed_with_the_same_card(walker: Walker) -> None:
    _begun(walker, many="nhieu").scan("me").fill().scan("cha").fill(quan_he_chu_ho="vo")
    walker.press("add").scan("cha").fill({"thanh_vien.0.quan_he": "chu_ho"})
    assert walker.at == "/form/ai_cung_sang"
    walker.press("add").scan("me")
    assert "vừa quét cho người khác" in walker.words  # the declaring person is item 1, not a row
    walker.press("by-hand")


def test_a_divorced_couple_needs_other_papers_and_no_consent(walker: Walker) -> None:
    walker.go(f"/need/{CODE}?vi_sao=ly_hon&may_nguoi=mot")
    assert "Giấy tờ ly hôn" in walker.words
    assert "ký đồng ý" not in walker.words
    _begun(walker.go("/"), why="ly_hon").scan("me").fill().press("same")
    _address(walker)
    reach_check_page(walker)
    submit(walker)
    assert "vợ chồng đã ly hôn, vẫn được cùng sử dụng chỗ ở hợp pháp" in _printed(walker)


def test_a_child_alone_is_no_household(walker: Walker) -> None:
    _begun(walker).press("by-hand").fill(ho_ten="Trần Nguyễn Bảo Ngọc")
    walker.fill({"ngay_sinh.d": "12", "ngay_sinh.m": "11", "ngay_sinh.y": "2012", "gioi_tinh": "nu"})
    walker.fill(so_dinh_danh="046312000321").fill()
    assert walker.at == "/form/nguoi_tach"
    assert "ít nhất một người từ đủ 18 tuổi" in walker.words
