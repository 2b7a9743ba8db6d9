"""Registering a household business: one person at home, a family, names and owners that cannot be."""

from kiosk.papers import declaration
from tests.journeys import submission_checks
from tests.journeys.people import home_answers, pick_ward, reach_check_page, submit
from tests.journeys.walker import Walker
from tests.papers.forms import words_of_pdf

BUSINESS = "1.001612"
MOST_SCREENS = 8
OWNER = "Nguyễn Thị Diệu Hiền"
NAME = "Bún bò O Lành"


def _begin(walker: Walker, who: str = "ca_nhan", card: str = "me") -> Walker:
    walker.follow("/choose").follow("/choose?event=lam_an").follow(f"/need/{BUSINESS}").fill(
        ai_lam=who, ai_nop="chu_ho"
    )
    return walker.scan(card).fill(home_answers(walker) | {"chu_ho_dien_thoai": "0914 123 456"})


def _at_home(walker: Walker) -> Walker:
    return walker.fill(tru_so="home:chu_ho_dia_chi", khong_kinh_doanh_tai_tru_so="khong")


def _sells(walker: Walker) -> Walker:
    assert walker.at == "/form/nganh", walker.words
    return walker.fill(add="quan_an")


def _sells_two(walker: Walker, second: bool) -> Walker:
    _sells(walker).fill(add="tap_hoa")
    return walker.fill({"nganh_nghe.0.chinh": "co", "nganh_nghe.1.chinh": "co" if second else "khong"})


def _until_check(walker: Walker) -> Walker:
    _at_home(_begin(walker)).fill(ten_hkd=NAME)
    _sells(walker).fill()
    assert walker.at == "/form/von_lao_dong", walker.words
    walker.fill({"von.quick": "50000000", "so_lao_dong": "2", "ngay_bat_dau": "today"})
    return reach_check_page(walker)


def test_one_person_registers_an_eatery_at_home(walker: Walker) -> None:
    _until_check(walker)
    screens = walker.addresses[walker.addresses.index(f"/need/{BUSINESS}") :]
    assert len(screens) <= MOST_SCREENS, screens
    for shown in (OWNER, NAME, "Quán ăn, uống", "50.000.000 đồng", "Kinh doanh tại trụ sở"):
        assert shown in walker.words
    submit(walker)
    body = submission_checks.checked_body(walker.context, "E")
    answers = body["form"]["answers"]
    assert body["applicant"]["fullName"] == answers["chu_ho_ho_ten"] == OWNER
    assert answers["chu_the"] == "ca_nhan"
    assert answers["tru_so"] == {"provinceCode": "46", "wardCode": "19753", "detail": "Tổ 5"}
    assert answers["nganh_nghe"] == [{"ten": "quan_an", "chinh": True}]
    assert (answers["von"], answers["so_lao_dong"], answers["ngay_bat_dau"]) == (50_000_000, 2, "2026-11-24")
    assert "thanh_vien" not in answers


def test_the_printed_form_has_name_capital_and_addressee(walker: Walker) -> None:
    submit(_until_check(walker))
    document = declaration.pdf(walker.context, submission_checks.only_submission(walker.context).id)
    assert document is not None
    words = words_of_pdf(document)
    for text in (
        "GIẤY ĐỀ NGHỊ ĐĂNG KÝ HỘ KINH DOANH",
        "Phòng Kinh tế, Hạ tầng và Đô thị phường Phú Xuân",
        "HỘ KINH DOANH BÚN BÒ O LÀNH",
        "50.000.000 đồng (năm mươi triệu đồng)",
        "Quán ăn, uống",
        "CHỦ HỘ KINH DOANH",
    ):
        assert text in words, text
    assert words.count("7. Thông tin về các thành viên") == 1  # the printed line stays, empty for one person


def test_a_family_has_a_row_and_a_signature_each(walker: Walker) -> None:
    _at_home(_begin(walker, "gia_dinh")).fill(ten_hkd=NAME)
    _sells(walker).fill()
    assert walker.at == "/form/thanh_vien", walker.words
    walker.press("add").scan("cha").fill()
    walker.fill().fill({"von.quick": "20000000", "so_lao_dong": "2"})
    submit(reach_check_page(walker))
    answers = submission_checks.checked_body(walker.context, "E")["form"]["answers"]
    assert [(row["ho_ten"], row["so_dinh_danh"]) for row in answers["thanh_vien"]] == [
        ("Trần Văn Phước", "046093000456")
    ]
    document = declaration.pdf(walker.context, submission_checks.only_submission(walker.context).id)
    assert document is not None
    assert "Chữ ký" in words_of_pdf(document)


def test_the_name_of_a_business_is_not_filled_in_before_it_is_asked(walker: Walker) -> None:
    _at_home(_begin(walker))
    assert walker.at == "/form/ten"
    assert walker.form().sends["ten_hkd"] == ""


def test_a_business_without_a_name_gets_the_owners_name(walker: Walker) -> None:
    _at_home(_begin(walker)).fill(unknown="ten_hkd")
    assert walker.at == "/form/nganh"
    _sells(walker).fill().fill({"von.quick": "50000000", "so_lao_dong": "1"})
    submit(reach_check_page(walker))
    assert submission_checks.checked_body(walker.context, "E")["form"]["answers"]["ten_hkd"] == OWNER


def test_words_that_the_form_has_already_are_not_typed_again(walker: Walker) -> None:
    _at_home(_begin(walker)).fill(ten_hkd="Hộ kinh doanh O Lành")
    assert walker.at == "/form/ten"
    assert "đã in sẵn" in walker.words


def test_the_name_of_a_company_is_doubted_and_not_refused(walker: Walker) -> None:
    """Nobody has read the rule in an official text, so it stops nobody."""
    _at_home(_begin(walker)).fill(ten_hkd="Cong ty Bún bò")
    assert walker.at == "/form/nganh"
    _sells(walker).fill().fill({"von.quick": "50000000", "so_lao_dong": "1"})
    while walker.at not in {"/form/missing", "/form/check"}:
        walker.fill()
    assert walker.at == "/form/missing"
    assert "thường không dùng chữ “công ty”" in walker.words


def test_two_main_activities_are_one_too_many(walker: Walker) -> None:
    _at_home(_begin(walker)).fill(ten_hkd=NAME)
    _sells_two(walker, second=True)
    assert walker.at == "/form/nganh"
    assert "đúng một ngành, nghề chính" in walker.words


def test_the_only_activity_is_the_main_one_and_is_not_asked_about(walker: Walker) -> None:
    _at_home(_begin(walker)).fill(ten_hkd=NAME)
    _sells(walker)
    assert "Có phải ngành chính?" not in walker.words
    walker.fill(add="tap_hoa")
    assert walker.words.count("Có phải ngành chính?") == 2
    walker.fill({"nganh_nghe.0.chinh": "khong", "nganh_nghe.1.chinh": "co"})
    walker.go("/form/nganh").fill(drop="1")
    assert "Có phải ngành chính?" not in walker.words
    walker.fill().fill({"von.quick": "50000000", "so_lao_dong": "1", "ngay_bat_dau": "today"})
    submit(reach_check_page(walker))
    answers = submission_checks.checked_body(walker.context, "E")["form"]["answers"]
    assert answers["nganh_nghe"] == [{"ten": "quan_an", "chinh": True}]


def _place(walker: Walker, ward: str, query: str) -> Walker:
    _begin(walker).fill(pick="tru_so", khong_kinh_doanh_tai_tru_so="khong")
    return pick_ward(walker, ward, query, "1 Lê Lợi")


def test_another_ward_of_the_city_is_taken_here(walker: Walker) -> None:
    _place(walker, "19789", "thuan hoa").fill()
    walker.fill(ten_hkd=NAME)
    _sells(walker).fill().fill({"von.quick": "50000000", "so_lao_dong": "1"})
    assert walker.at == "/form/missing"
    assert "thuộc phường, xã khác trong thành phố. Nộp ở đây được; cán bộ tiếp nhận cho." in walker.words
    submit(reach_check_page(walker))
    answers = submission_checks.checked_body(walker.context, "E")["form"]["answers"]
    assert answers["tru_so"]["wardCode"] == "19789"


def test_a_place_in_another_province_is_told_on_the_second_page(walker: Walker) -> None:
    _place(walker, "00004", "ba dinh").fill()
    assert walker.at == "/form/o_dau"
    assert "Mời nộp ở đó, hoặc nộp trên Cổng Dịch vụ công quốc gia." in walker.words
    assert {page for page in walker.addresses if page.startswith("/form/")} == {
        "/form/chu_ho",
        "/form/o_dau",
        "/form/o_dau/pick/tru_so",
    }


def test_the_fee_is_not_paid_back(walker: Walker) -> None:
    words = walker.go(f"/need/{BUSINESS}").words
    assert "Lệ phí đăng ký: theo mức Hội đồng nhân dân thành phố quy định; cán bộ báo số tiền." in words
    assert "Không được cấp đăng ký thì lệ phí không được hoàn trả." in words


CASES = {
    "Văn bản các thành viên ủy quyền cho một người làm chủ hộ": ("gia_dinh", "chu_ho"),
    "Văn bản ủy quyền cho người nộp thay": ("ca_nhan", "nguoi_khac"),
    "Bản sao hợp đồng dịch vụ và giấy giới thiệu của tổ chức": ("ca_nhan", "to_chuc"),
}
"""The authorisations, each with the situation in which it is listed, and in no other."""


def test_three_authorisations_are_listed(walker: Walker) -> None:
    for situation in (*CASES.values(), ("ca_nhan", "chu_ho")):
        words = walker.go(f"/need/{BUSINESS}?ai_lam={situation[0]}&ai_nop={situation[1]}").words
        assert [paper for paper in CASES if paper in words] == [
            paper for paper, listed in CASES.items() if listed == situation
        ]
        assert ("Bản sao căn cước của người ủy quyền" in words) == (situation[1] != "chu_ho")
    procedure = walker.context.catalogue.in_force(BUSINESS, walker.context.clock.today())
    assert procedure
    bring = {paper.id: paper.bring.vi for paper in procedure.papers}
    assert "phải có công chứng hoặc chứng thực" in bring["uy_quyen_nha"]
    assert "Không bắt buộc công chứng, chứng thực." in bring["uy_quyen_nop"]
    assert "chưa có tài khoản định danh điện tử" in bring["ban_sao_can_cuoc"]


def test_who_sends_somebody_else_hears_that_both_confirm_it_on_vneid(walker: Walker) -> None:
    both = "đều xác thực trên VNeID"
    for who, is_told in (("chu_ho", False), ("nguoi_khac", True), ("to_chuc", True)):
        words = walker.go(f"/need/{BUSINESS}?ai_lam=ca_nhan&ai_nop={who}").words
        assert (both in words) is is_told, who


def test_a_street_seller_hears_that_no_registration_is_needed(walker: Walker) -> None:
    walker.go(f"/need/{BUSINESS}")
    assert "Bán hàng rong, quà vặt" in walker.words
    assert "Dịch vụ thu nhập thấp cũng vậy. Ngành, nghề có điều kiện thì vẫn phải." in walker.words
