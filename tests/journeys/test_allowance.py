"""Asking for the monthly social allowance: for a disabled child, for an old man whom nobody supports, in private."""

from kiosk.papers import declaration
from tests.journeys import submission_checks
from tests.journeys.people import home_answers, reach_check_page, submit
from tests.journeys.walker import Walker
from tests.papers.forms import words_of_pdf

CODE = "1.001776"
POOR = {"co_bhyt": "co", "ho_ngheo": "ngheo", "dang_huong": "khong"}


def _begin(walker: Walker, group: str, who: str = "tu_khai") -> Walker:
    walker.follow("/choose").follow("/choose?event=all").follow(f"/need/{CODE}")
    return walker.fill(nhom_doi_tuong=group, nkt_co=who)


def _printed(walker: Walker) -> str:
    pdf = declaration.pdf(walker.context, submission_checks.only_submission(walker.context).id)
    assert pdf is not None
    return words_of_pdf(pdf)


def _until_circumstances(walker: Walker, what: str = "moi") -> Walker:
    _begin(walker, "khuyet_tat", "thay").fill(loai_de_nghi=what)
    walker.scan("sinh_vien").fill(home_answers(walker) | {"dt_dan_toc": "Kinh"})
    assert walker.at == "/form/khai_thay"
    return walker.scan("me").fill(home_answers(walker) | {"nkt_quan_he": "me"})


def test_a_mother_asks_for_her_disabled_child(walker: Walker) -> None:
    _until_circumstances(walker).fill(POOR)
    assert walker.at == "/form/khuyet_tat"
    walker.fill({"khuyet_tat.dang_tat.van_dong": "van_dong", "khuyet_tat.muc_do": "nang", "khuyet_tat.so": "12"})
    walker.fill(hinh_thuc_nhan="tai_khoan")
    walker.fill(ngan_hang="agribank", so_tai_khoan="4000 2051 23456", chu_tai_khoan="Nguyễn Thị Diệu Hiền")
    reach_check_page(walker)
    screens = walker.addresses[walker.addresses.index(f"/need/{CODE}") :]
    assert len([screen for screen in screens if screen != "/form/missing"]) == 9
    submit(walker)
    answers = submission_checks.checked_body(walker.context, "D")["form"]["answers"]
    assert answers["khuyet_tat"] == {"dang_tat": ["van_dong"], "muc_do": "nang", "so": "12"}
    assert answers["nkt_ho_ten"] == "Nguyễn Thị Diệu Hiền"
    assert answers["dt_hien_o"] == answers["dt_thuong_tru"]
    words = _printed(walker)
    assert "chưa theo mẫu" in words
    assert "Diện: người khuyết tật nặng, đặc biệt nặng" in words
    assert "vận động" in words
    assert "NGUYỄN THỊ DIỆU HIỀN" in words


def test_without_a_certificate_the_form_continues_and_names_what_is_missing(walker: Walker) -> None:
    _until_circumstances(walker).fill(POOR).press("unknown")
    assert walker.at == "/form/nhan_tien"
    walker.fill(hinh_thuc_nhan="tien_mat")
    assert walker.at == "/form/missing"
    assert "Chưa có thì làm giấy này trước" in walker.words
    submit(reach_check_page(walker))
    assert not submission_checks.checked_body(walker.context, "D")["form"]["answers"].get("khuyet_tat")


def test_who_stops_is_not_asked_how_to_be_paid(walker: Walker) -> None:
    _until_circumstances(walker, "thoi")
    reach_check_page(walker)
    submit(walker)
    answers = submission_checks.checked_body(walker.context, "D")["form"]["answers"]
    assert answers["loai_de_nghi"] == "thoi"
    assert not {"hinh_thuc_nhan", "co_bhyt", "dang_huong"} & answers.keys()


def test_what_is_private_leads_to_an_officer_and_is_named_nowhere(walker: Walker) -> None:
    walker.follow("/choose").follow("/choose?event=all").follow(f"/need/{CODE}")
    assert "Tôi muốn nói riêng với cán bộ" in walker.words
    assert "hiv" not in walker.page.lower()
    walker.fill(nhom_doi_tuong="noi_rieng", nkt_co="tu_khai")
    assert walker.at == "/ticket"


def test_an_old_man_of_84_is_referred_to_the_social_pension(walker: Walker) -> None:
    _begin(walker, "nguoi_gia").fill(loai_de_nghi="moi")
    walker.scan("ong").fill(home_answers(walker) | {"dt_dan_toc": "Ta-ôi"})
    walker.fill(POOR | {"hon_nhan": "goa"})
    assert walker.at == "/form/phung_duong"
    walker.press("unknown")
    walker.fill(hinh_thuc_nhan="tien_mat")
    assert walker.at == "/form/missing"
    assert "Từ đủ 75 tuổi thì thường hưởng trợ cấp hưu trí xã hội" in walker.words
    reach_check_page(walker)
    assert "Không có ai" in walker.words
    submit(walker)
    assert "Góa" in _printed(walker)


def test_who_must_support_is_named_without_a_card(walker: Walker) -> None:
    _begin(walker, "nguoi_gia").fill(loai_de_nghi="moi")
    walker.scan("ba").fill(home_answers(walker) | {"dt_dan_toc": "Cơ-tu"})
    walker.fill(POOR | {"hon_nhan": "goa"})
    walker.press("add")
    assert walker.at == "/form/phung_duong.0"
    row = "nguoi_phung_duong.0."
    walker.fill({f"{row}ho_ten": "Trần Văn Ba", f"{row}tuoi": "45", f"{row}thu_nhap": "4.000.000"})
    assert walker.at == "/form/phung_duong"
    assert "Trần Văn Ba" in walker.words
    walker.fill()
    walker.fill(hinh_thuc_nhan="tien_mat")
    submit(reach_check_page(walker))
    assert "TRẦN VĂN BA" in _printed(walker)
