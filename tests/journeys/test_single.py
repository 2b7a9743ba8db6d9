"""A certificate of marital status: one's own for land, a past period, a purpose in own words, for somebody else."""

from kiosk.papers import declaration, slip
from tests.journeys import submission_checks
from tests.journeys.people import home_answers, pick_ward, reach_check_page, submit
from tests.journeys.walker import Walker
from tests.papers.forms import words_of_pdf

SINGLE = "1.004873"
NEED = f"/need/{SINGLE}"
MOST_SCREENS = 5
SHE = "Nguyễn Thị Diệu Hiền"
SON = "Trần Văn Phước"


def _begin(walker: Walker, purpose: str = "nha_dat", when: str = "hien_tai") -> Walker:
    walker.follow("/choose").follow("/choose?event=ket_hon").follow(NEED)
    return walker.fill(muc_dich=purpose, khoang_nao=when, lan_cap="lan_dau")


def _myself(walker: Walker) -> Walker:
    walker.scan("me")
    return walker.fill(home_answers(walker) | {"nyc_quan_he": "ban_than", "nyc_dien_thoai": "0905000123"})


def _printed(walker: Walker) -> str:
    document = declaration.pdf(walker.context, submission_checks.only_submission(walker.context).id)
    assert document is not None
    return words_of_pdf(document)


def _home(walker: Walker, query: str, code: str) -> Walker:
    walker.fill(pick="nyc_noi_cu_tru")
    return pick_ward(walker, code, query, detail="Tổ 5").fill()


def test_who_types_is_asked_for_the_home_and_told_that_another_ward_is_competent(walker: Walker) -> None:
    _begin(walker).press("by-hand")
    walker.fill(nyc_ho_ten="Nguyễn Thị Thử")
    walker.fill({"nyc_ngay_sinh.d": "12", "nyc_ngay_sinh.m": "3", "nyc_ngay_sinh.y": "1996"})
    walker.fill({"nyc_giay_to_tuy_than.loai": "can_cuoc", "nyc_giay_to_tuy_than.so": "046196000123"})
    assert walker.at == "/form/nguoi_khai.home"
    _home(walker, "ba dinh", "00004")
    walker.fill(nyc_quan_he="ban_than")
    assert "Nơi ở của người cần giấy không thuộc phường này." in walker.words


def test_a_card_that_lost_its_marks_leads_to_the_question_about_the_ward(walker: Walker) -> None:
    _begin(walker).scan("mat_dau")
    walker.fill(nyc_ho_ten="Nguyễn Thị Hoa")
    pages = [walker.at]
    while walker.at.startswith("/form/nguoi_khai.") and walker.at != "/form/nguoi_khai.home" and len(pages) < 4:
        pages.append(walker.fill().at)
    assert walker.at == "/form/nguoi_khai.home", pages


def test_one_card_and_two_touches_ask_for_ones_own_certificate(walker: Walker) -> None:
    _myself(_begin(walker)).fill(tinh_trang_hon_nhan="chua")
    reach_check_page(walker)
    assert "Mua bán nhà đất" in walker.words
    submit(walker)
    assert walker.at == "/done"
    assert len(walker.addresses[walker.addresses.index(NEED) : -1]) <= MOST_SCREENS
    body = submission_checks.checked_body(walker.context, "A")
    answers = body["form"]["answers"]
    assert answers["nd_ho_ten"] == answers["nyc_ho_ten"] == body["applicant"]["fullName"] == SHE
    assert (answers["nd_gioi_tinh"], answers["muc_dich"]) == ("nu", "nha_dat")
    printed = _printed(walker)
    assert "Hiện tại chưa đăng ký kết hôn với ai" in printed
    assert "Để mua bán, chuyển nhượng nhà đất" in printed
    assert "Từ ngày" not in printed


def test_a_past_period_that_ends_before_it_begins_is_not_taken(walker: Walker) -> None:
    _myself(_begin(walker, when="truoc_day")).fill(tinh_trang_hon_nhan="chua")
    walker.fill({"cu_tru_tu.y": "2015", "cu_tru_den.y": "2010"})
    assert walker.at == "/form/khoang_thoi_gian"
    assert "Ngày kết thúc đang trước ngày bắt đầu." in walker.words
    walker.fill({"cu_tru_tu.y": "2005", "cu_tru_den.y": "2010"})
    reach_check_page(walker)
    submit(walker)
    assert submission_checks.checked_body(walker.context, "A")["form"]["answers"]["cu_tru_tu"] == "2005"
    assert "Từ ngày 2005 đến ngày 2010" in _printed(walker)


def test_a_divorce_may_be_left_to_the_officer(walker: Walker) -> None:
    _myself(_begin(walker)).fill(tinh_trang_hon_nhan="ly_hon")
    assert walker.at == "/form/giay_chung_minh"
    walker.press("unknown")
    reach_check_page(walker)
    submit(walker)
    assert not submission_checks.checked_body(walker.context, "A")["form"]["answers"].get("giay_chung_minh_so_noi_ngay")
    assert "theo Bản án, quyết định ly hôn số" in _printed(walker)


def test_a_purpose_in_own_words_is_printed_as_it_was_typed(walker: Walker) -> None:
    _begin(walker, "khac")
    assert walker.at == "/form/muc_dich_khac"
    walker.fill(muc_dich="khac")
    assert walker.at == "/form/muc_dich_khac"
    assert 'class="summary"' in walker.page
    walker.fill({"muc_dich": "khac", "muc_dich.own": "Để nhận con nuôi"})
    _myself(walker).fill(tinh_trang_hon_nhan="chua")
    reach_check_page(walker)
    submit(walker)
    assert "Để nhận con nuôi" in _printed(walker)


def test_a_marriage_shows_that_the_certificate_may_not_be_needed(walker: Walker) -> None:
    _myself(_begin(walker, "ket_hon")).fill(tinh_trang_hon_nhan="chua")
    walker.fill(ket_hon_voi="Anna Mẫu, sinh 1990, quốc tịch Đức, hộ chiếu C01X00T47, tại Đức")
    assert walker.at == "/form/missing"
    assert "kết hôn ở trong nước thì không cần giấy này" in walker.words
    reach_check_page(walker)
    submit(walker)
    assert "Để đăng ký kết hôn với Anna Mẫu, sinh 1990" in _printed(walker)


def test_for_somebody_else_both_are_named_and_an_authorisation_is_required(walker: Walker) -> None:
    _begin(walker).scan("me")
    walker.fill(home_answers(walker) | {"nyc_quan_he": "vo"})
    assert walker.at == "/form/nguoi_duoc_cap"
    walker.scan("cha")
    walker.fill(home_answers(walker)).fill(tinh_trang_hon_nhan="dang_co")
    walker.fill(vo_chong_ho_ten=SHE)
    reach_check_page(walker)
    submit(walker)
    body = submission_checks.checked_body(walker.context, "A")
    assert body["applicant"]["fullName"] == SHE
    assert body["form"]["answers"]["nd_ho_ten"] == SON
    assert body["form"]["answers"]["nd_gioi_tinh"] == "nam"
    slip_text = str(slip.compose(walker.context, submission_checks.only_submission(walker.context).id, {}))
    assert "Giấy ủy quyền" in slip_text
    assert "Trích lục khai tử" not in slip_text
