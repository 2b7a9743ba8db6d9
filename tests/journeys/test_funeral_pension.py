"""Funeral support for somebody on the social pension: the right form by the first question, and who arranges."""

from kiosk.papers import declaration
from tests.journeys import submission_checks
from tests.journeys.people import home_answers, reach_check_page, submit
from tests.journeys.test_funeral import DAUGHTER, DECEASED, FUNERAL, days
from tests.journeys.walker import Walker
from tests.papers.forms import words_of_pdf

CODE = "1.014028"
MOST_SCREENS = 8


def _begin(walker: Walker, who: str = "nguoi_khai") -> Walker:
    walker.follow("/choose").follow("/choose?event=nguoi_mat").follow(f"/need/{CODE}")
    assert "Xin chia buồn cùng gia đình." in walker.words
    return walker.fill(dien="huu_tri", ai_lo=who)


def _daughter(walker: Walker) -> Walker:
    walker.scan("me")
    return walker.fill(home_answers(walker) | {"nyc_quan_he": "con", "lo_dien_thoai": "0914 123 456"})


def _until_money(walker: Walker) -> Walker:
    walker.scan("ba")
    walker.fill(home_answers(walker) | {"nc_dan_toc": "Cơ-tu", "nc_quoc_tich": "VN"})
    assert walker.at == "/form/mat"
    walker.fill(
        days(nc_ngay_chet="3/8/2026") | {"nc_gio_chet.h": "9", "nc_gio_chet.min": "40", "nc_nguyen_nhan": "gia_yeu"}
    )
    assert walker.at == "/form/giay_bao_tu"
    return walker.press("unknown")


def _printed(walker: Walker) -> str:
    pdf = declaration.pdf(walker.context, submission_checks.only_submission(walker.context).id)
    assert pdf is not None
    return words_of_pdf(pdf)


def test_the_other_form_is_opened_by_the_first_question(walker: Walker) -> None:
    walker.follow("/choose").follow("/choose?event=nguoi_mat").follow(f"/need/{FUNERAL}")
    walker.fill(dien="huu_tri")
    assert walker.at == f"/need/{CODE}"
    assert walker.form().sends["dien"] == "huu_tri"
    walker.fill(dien="bao_tro", ai_lo="nguoi_khai")
    assert walker.at == f"/need/{FUNERAL}"
    assert walker.form().sends["dien"] == "bao_tro"


def test_the_other_form_is_named_before_anything_is_sent(walker: Walker) -> None:
    walker.go(f"/need/{FUNERAL}?dien=huu_tri")
    assert "có tờ khai riêng" in walker.words
    assert f"/need/{CODE}?dien=huu_tri" in walker.page
    assert "Sang thủ tục đó" in walker.words
    walker.go(f"/need/{FUNERAL}?dien=khong_ro")
    assert "Lấy số" in walker.words


def test_without_the_other_form_an_officer_is_asked(walker: Walker) -> None:
    catalogue = walker.context.catalogue
    object.__setattr__(walker.context, "catalogue", type(catalogue)(
        [form for form in catalogue.every_version() if form.code != CODE]
    ))  # fmt: skip
    walker.go(f"/need/{FUNERAL}").fill(dien="huu_tri")
    assert walker.at == "/ticket"


def test_one_card_fills_who_asks_and_who_arranges(walker: Walker) -> None:
    _until_money(_daughter(_begin(walker))).fill(hinh_thuc_nhan="tien_mat")
    reach_check_page(walker)
    screens = walker.addresses[walker.addresses.index(f"/need/{CODE}") :]
    assert len(screens) <= MOST_SCREENS, screens
    for text in (DAUGHTER, DECEASED, "Đề nghị hỗ trợ chi phí mai táng", "Việt Nam", "Nhận tiền mặt"):
        assert text in walker.words
    submit(walker)
    answers = submission_checks.checked_body(walker.context, "D")["form"]["answers"]
    assert answers["nyc_ho_ten"] == answers["lo_ho_ten"] == DAUGHTER
    assert answers["lo_ngay_sinh"] == "1996-03-12"
    assert answers["lo_so_dinh_danh"] == answers["nyc_so_dinh_danh"] == "046196000123"
    assert answers["lo_quan_he"] == "con"
    assert not answers.get("gbt")
    words = _printed(walker)
    for text in ("Mẫu số 02", "TỜ KHAI ĐỀ NGHỊ HỖ TRỢ CHI PHÍ MAI TÁNG", "9 giờ 40 phút", "Già yếu", DECEASED.upper()):
        assert text in words, text
    assert words.count(DAUGHTER.upper()) == 2
    assert words.count("Ngày 24 tháng 11 năm 2026") == 1
    assert "NGƯỜI TIẾP NHẬN TỜ KHAI" in words


def test_another_relative_arranges_with_a_card_of_their_own(walker: Walker) -> None:
    _begin(walker, "nguoi_khac").scan("me")
    walker.fill(home_answers(walker) | {"nyc_quan_he": "con"})
    assert walker.at == "/form/nguoi_lo"
    walker.scan("me")
    assert "Thẻ này vừa quét cho người khác" in walker.words
    walker.go("/form/nguoi_lo").scan("cha")
    walker.fill(home_answers(walker) | {"lo_quan_he": "con", "lo_dien_thoai": "0914 123 456"})
    _until_money(walker).fill(hinh_thuc_nhan="tai_khoan", so_tai_khoan="4000205123456", ngan_hang="agribank")
    submit(reach_check_page(walker))
    answers = submission_checks.checked_body(walker.context, "D")["form"]["answers"]
    assert answers["lo_ho_ten"] == answers["chu_tai_khoan"] != answers["nyc_ho_ten"]
    assert "to_chuc" not in answers


def test_an_organisation_names_itself_and_nobody_else(walker: Walker) -> None:
    _begin(walker, "to_chuc").scan("me")
    walker.fill(home_answers(walker) | {"nyc_quan_he": "to_chuc"})
    assert walker.at == "/form/to_chuc"
    home = {"ten": "Hội Người cao tuổi", "dia_chi": "12 Nguyễn Trãi", "dai_dien": "Trần Văn Phước",
            "chuc_vu": "Chủ tịch Hội", "dien_thoai": "0914123456"}  # fmt: skip
    walker.fill({f"to_chuc.{part}": words for part, words in home.items()})
    _until_money(walker).fill(hinh_thuc_nhan="tien_mat")
    submit(reach_check_page(walker))
    answers = submission_checks.checked_body(walker.context, "D")["form"]["answers"]
    assert answers["to_chuc"] == home
    assert not [key for key in answers if key.startswith("lo_")]
    assert "Hội Người cao tuổi" in _printed(walker)


def test_a_death_before_the_birth_is_an_error(walker: Walker) -> None:
    _daughter(_begin(walker)).scan("ba")
    walker.fill(home_answers(walker) | {"nc_dan_toc": "Cơ-tu", "nc_quoc_tich": "VN"})
    walker.fill(days(nc_ngay_chet="3/8/1926"))
    assert walker.at == "/form/mat"
    assert "Ngày mất đang trước ngày sinh" in walker.words
