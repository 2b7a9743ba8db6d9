"""Asking for help with funeral costs: a daughter for her mother, with two cards; an organisation; an account."""

from kiosk.papers import declaration
from tests.journeys import submission_checks
from tests.journeys.people import home_answers, reach_check_page, submit
from tests.journeys.walker import Walker
from tests.papers.forms import words_of_pdf

FUNERAL = "1.001731"
MOST_SCREENS = 7
DAUGHTER = "Nguyễn Thị Diệu Hiền"
DECEASED = "Zơ Râm Thị Klŏng"
GRAVE = "Nghĩa trang phía Nam thành phố Huế"


def days(**days: str) -> dict[str, str]:
    """Return the boxes of dates given like 3/8/2026."""
    return {
        f"{key}.{box}": piece for key, day in days.items() for box, piece in zip("dmy", day.split("/"), strict=True)
    }


def _begin(walker: Walker, relation: str = "con", scan: str = "me") -> Walker:
    walker.follow("/choose").follow("/choose?event=nguoi_mat").follow(f"/need/{FUNERAL}")
    assert "Xin chia buồn cùng gia đình." in walker.words
    walker.fill(dien="bao_tro").scan(scan)
    return walker.fill(home_answers(walker) | {"nyc_quan_he": relation, "nyc_dien_thoai": "0914 123 456"})


def _until_money(walker: Walker) -> Walker:
    walker.scan("ba")
    walker.fill(home_answers(walker) | {"nc_dan_toc": "Cơ-tu"})
    answers = {"nc_nguyen_nhan": "gia_yeu", "nc_noi_mai_tang": GRAVE}
    return walker.fill(days(nc_ngay_chet="3/8/2026", nc_ngay_mai_tang="5/8/2026") | answers)


def test_a_daughter_asks_with_two_cards_for_cash(walker: Walker) -> None:
    _until_money(_begin(walker)).fill(hinh_thuc_nhan="tien_mat")
    reach_check_page(walker)
    screens = walker.addresses[walker.addresses.index(f"/need/{FUNERAL}") :]
    assert len(screens) <= MOST_SCREENS, screens
    for text in (DAUGHTER, DECEASED, GRAVE, "Nhận tiền mặt"):
        assert text in walker.words
    submit(walker)
    body = submission_checks.checked_body(walker.context, "D")
    answers = body["form"]["answers"]
    assert body["applicant"]["fullName"] == answers["nyc_ho_ten"] == DAUGHTER
    assert (answers["nc_ho_ten"], answers["nc_ngay_chet"]) == (DECEASED, "2026-08-03")
    assert answers["nyc_noi_o"] == answers["nyc_dia_chi"]
    assert "so_tai_khoan" not in answers
    assert "chu_tai_khoan" not in answers


def test_the_printed_form_has_both_people_and_no_account(walker: Walker) -> None:
    _until_money(_begin(walker)).fill(hinh_thuc_nhan="tien_mat")
    submit(reach_check_page(walker))
    document = declaration.pdf(walker.context, submission_checks.only_submission(walker.context).id)
    assert document is not None
    words = words_of_pdf(document)
    assert "TỜ KHAI ĐỀ NGHỊ HỖ TRỢ CHI PHÍ MAI TÁNG" in words
    for text in (DAUGHTER.upper(), DECEASED.upper(), "046196000123", "05/08/2026", GRAVE, "Già yếu", "Mẫu số 04"):
        assert text in words, text
    assert "Tiền mặt" not in words


def test_money_is_paid_to_the_applicants_account_unless_another_is_named(walker: Walker) -> None:
    _until_money(_begin(walker)).fill(hinh_thuc_nhan="tai_khoan", so_tai_khoan="4000205123456", ngan_hang="agribank")
    submit(reach_check_page(walker))
    answers = submission_checks.checked_body(walker.context, "D")["form"]["answers"]
    assert (answers["so_tai_khoan"], answers["chu_tai_khoan"]) == ("4000205123456", DAUGHTER)


def test_an_account_with_a_letter_in_it_is_sent_back(walker: Walker) -> None:
    _until_money(_begin(walker)).fill(hinh_thuc_nhan="tai_khoan", so_tai_khoan="40002O5123456", ngan_hang="agribank")
    assert walker.at == "/form/nhan_tien"
    assert "Số tài khoản chỉ có chữ số" in walker.words
    assert walker.form().sends["so_tai_khoan"] == "40002O5123456"


def test_a_burial_before_the_death_is_an_error(walker: Walker) -> None:
    _begin(walker).scan("ba")
    walker.fill(home_answers(walker) | {"nc_dan_toc": "Cơ-tu"})
    walker.fill(days(nc_ngay_chet="5/8/2026", nc_ngay_mai_tang="3/8/2026"))
    assert walker.at == "/form/mai_tang"
    assert "Ngày an táng đang trước ngày mất" in walker.words


def test_an_organisation_names_itself(walker: Walker) -> None:
    _begin(walker, relation="to_chuc", scan="cha")
    assert walker.at == "/form/co_quan"
    home = {"ten": "Trung tâm Bảo trợ xã hội", "dia_chi": "12 Nguyễn Trãi", "chuc_vu": "Giám đốc"}
    walker.fill({f"co_quan.{part}": words for part, words in home.items()})
    _until_money(walker).fill(hinh_thuc_nhan="tien_mat")
    submit(reach_check_page(walker))
    assert submission_checks.checked_body(walker.context, "D")["form"]["answers"]["co_quan"] == home
