"""Asking for a residence certificate: with one card, for a whole household, and with a head given twice."""

from kiosk.papers import declaration
from tests.journeys import submission_checks
from tests.journeys.people import reach_check_page, submit
from tests.journeys.walker import Walker
from tests.papers.forms import words_of_pdf

CODE = "1.010041"


def _until_check(walker: Walker, what: str) -> Walker:
    walker.follow("/choose").follow("/choose?event=all").follow(f"/need/{CODE}").fill(can_gi=what)
    walker.scan("sinh_vien").fill({"noi_dung_de_nghi": "vay_von", "dien_thoai": "0905000123"})
    return reach_check_page(walker)


def _printed(walker: Walker) -> str:
    pdf = declaration.pdf(walker.context, submission_checks.only_submission(walker.context).id)
    assert pdf is not None
    return words_of_pdf(pdf)


def test_one_card_and_two_touches_lead_to_the_check_page(walker: Walker) -> None:
    _until_check(walker, "thuong_tru")
    screens = walker.addresses[walker.addresses.index(f"/need/{CODE}") :]
    assert [screen for screen in screens if screen != "/form/missing"] == [
        f"/need/{CODE}",
        "/form/nguoi_xin",
        "/form/check",
    ]
    assert "Lê Hoàng Bảo Trân" in walker.words
    assert "vay vốn ngân hàng" in walker.words
    submit(walker)
    answers = submission_checks.checked_body(walker.context, "C")["form"]["answers"]
    assert answers["can_gi"] == "thuong_tru"
    assert answers["noi_dung_de_nghi"] == "vay_von"
    assert "chu_ho_ten" not in answers
    words = _printed(walker)
    assert "Xác nhận thông tin về cư trú: nơi thường trú hiện nay" in words
    assert "vay vốn ngân hàng" in words
    assert "cán bộ so với mẫu của phường khi nhận" in words
    assert "Ý KIẾN CỦA CHA HOẶC MẸ HOẶC NGƯỜI GIÁM HỘ" in words  # the form has all four columns, whoever signs


def test_the_head_of_the_household_is_written_once(walker: Walker) -> None:
    _until_check(walker, "ca_ho").follow("/form/chu_ho").fill(quan_he_chu_ho="chu_ho")
    assert walker.at == "/form/check"
    walker.follow("/form/cung_ho").press("add")
    walker.scan("the_moi").fill({"thanh_vien.0.quan_he": "chong"})
    assert walker.at == "/form/cung_ho"
    walker.fill()
    reach_check_page(walker)
    submit(walker)
    answers = submission_checks.checked_body(walker.context, "C")["form"]["answers"]
    assert answers["chu_ho_ten"] == answers["ho_ten"] == "Lê Hoàng Bảo Trân"
    assert answers["chu_ho_so_dinh_danh"] == answers["so_dinh_danh"]
    assert [member["ho_ten"] for member in answers["thanh_vien"]] == ["Lê Văn Ví Dụ"]


def test_a_head_with_ones_own_number_is_not_taken(walker: Walker) -> None:
    _until_check(walker, "thuong_tru").follow("/form/chu_ho")
    walker.fill(quan_he_chu_ho="vo", chu_ho_ten="Lê Văn Cha", chu_ho_so_dinh_danh="046304000789")
    assert walker.at == "/form/chu_ho"
    assert 'class="summary"' in walker.page
    assert "Số của chủ hộ trùng số người xin giấy" in walker.words


def test_a_purpose_in_own_words_is_printed(walker: Walker) -> None:
    walker.follow("/choose").follow("/choose?event=all").follow(f"/need/{CODE}").fill(can_gi="truoc_day")
    own = {"noi_dung_de_nghi": "khac", "noi_dung_de_nghi.own": "làm hồ sơ người có công"}
    walker.scan("sinh_vien").fill(own)
    reach_check_page(walker)
    submit(walker)
    assert "làm hồ sơ người có công" in _printed(walker)
