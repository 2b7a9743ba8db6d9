"""Answers that nobody gave are asked, derived in sight or left empty; and people hear early where they must file."""

from kiosk.papers import declaration
from kiosk.procedures.model import Procedure
from kiosk.vietnam import id_card
from tests.journeys import submission_checks
from tests.journeys.people import (
    begin_birth,
    child,
    father,
    home_answers,
    mother_registers,
    peoples,
    reach_check_page,
    submit,
)
from tests.journeys.walker import Walker
from tests.papers.forms import words_of_pdf

FOREIGNER = "chọn “Khai sinh có yếu tố nước ngoài” (mã 2.000528)."
PARENTS = ("con_quoc_tich", "me_quoc_tich", "cha_quoc_tich")


WORDS_OF_A_REQUEST = {("1.014027", "noi_nhan"), ("1.014028", "noi_dung_de_nghi")}
"""Words that a form needs and nobody answers: shown on the check page with "Sửa"."""
OFFICERS_SWITCH = {("1.001612", "mat_ket_noi")}
"""Set at the desk only; it prints nothing while it is off."""


def _printed(walker: Walker) -> str:
    document = declaration.pdf(walker.context, submission_checks.only_submission(walker.context).id)
    assert document is not None
    return words_of_pdf(document)


def _procedures(walker: Walker) -> list[Procedure]:
    return walker.context.catalogue.all(walker.context.clock.today())


# --- copies, nationality, marriage certificate


def test_copies_are_asked_and_nothing_is_ticked_before(walker: Walker) -> None:
    peoples(child(father(mother_registers(begin_birth(walker)))))
    assert walker.at == "/form/ban_sao"
    assert "de_nghi_cap_ban_sao" not in walker.form().sends
    walker.fill()
    assert walker.at == "/form/ban_sao"
    assert "Chưa chọn có lấy thêm bản sao không." in walker.words
    assert walker.form().sends["so_luong_ban_sao"] == "1"
    walker.fill(de_nghi_cap_ban_sao="co", so_luong_ban_sao="2")
    assert walker.at == "/form/check"
    assert "Bản sao 2 bản" in walker.words
    assert "Lấy thêm bản sao?" not in walker.words


def test_a_nationality_follows_from_the_cards_in_sight_and_can_be_changed(walker: Walker) -> None:
    peoples(child(father(mother_registers(begin_birth(walker))))).fill(de_nghi_cap_ban_sao="khong")
    assert walker.at == "/form/check"
    assert "Việt Nam (theo căn cước của cha, mẹ)" in walker.words
    walker.follow("/form/quoc_tich_theo_the")
    assert [walker.form().sends[key] for key in PARENTS] == ["VN", "VN", "VN"]
    walker.fill(pick="cha_quoc_tich").go(f"{walker.at}?q=lao").fill(form="pick", choice="LA").fill()
    assert walker.at == "/form/quoc_tich_theo_the"
    assert FOREIGNER in walker.words
    assert "Lấy số" in walker.words


def test_without_a_parents_card_the_nationality_is_asked(walker: Walker) -> None:
    mother_registers(begin_birth(walker)).press("by-hand")
    walker.fill(cha_ho_ten="Trần Văn Phước").fill({"cha_ngay_sinh.y": "1993"})
    walker.fill({"cha_giay_to_tuy_than.loai": "ho_chieu", "cha_giay_to_tuy_than.so": "C1234567"})
    assert walker.at == "/form/quoc_tich"
    assert [walker.form().sends.get(key) for key in PARENTS] == [None, "VN", None]
    walker.fill()
    assert walker.at == "/form/quoc_tich"
    walker.fill(con_quoc_tich="VN", cha_quoc_tich="VN")
    peoples(child(walker)).fill(de_nghi_cap_ban_sao="khong")
    assert walker.at == "/form/check"
    assert "Sinh năm 1993" in walker.words


def test_a_foreign_father_leads_to_an_officer_before_the_child_is_asked_about(walker: Walker) -> None:
    mother_registers(begin_birth(walker)).press("by-hand")
    walker.fill(cha_ho_ten="John Smith").fill({"cha_ngay_sinh.y": "1990"})
    walker.fill({"cha_giay_to_tuy_than.loai": "ho_chieu", "cha_giay_to_tuy_than.so": "C1234567"})
    walker.fill(pick="cha_quoc_tich").go(f"{walker.at}?q=hoa ky").fill(form="pick", choice="US")
    walker.fill(con_quoc_tich="VN")
    assert walker.at == "/form/quoc_tich"
    assert FOREIGNER in walker.words
    assert "#cha_quoc_tich" in walker.page, "the link leads to the father, not to the first of the three"
    assert "#me_quoc_tich" not in walker.page
    assert "Lấy số" in walker.words


def test_a_marriage_certificate_that_nobody_was_asked_about_is_not_forgotten_by_them(walker: Walker) -> None:
    peoples(child(father(mother_registers(begin_birth(walker))))).fill(de_nghi_cap_ban_sao="khong")
    assert "Giấy kết hôn Chưa ghi" in walker.words
    assert "Không nhớ" not in walker.words
    walker.follow("/form/giay_ket_hon").press("unknown")
    assert "Giấy kết hôn Không nhớ" in walker.words


def test_a_divorced_man_is_not_counted_before_he_counts(walker: Walker) -> None:
    walker.go("/need/1.000894").fill(ai_co_mat="hai_nguoi")
    walker.scan("me").fill(home_answers(walker) | {"nu_dan_toc": "Kinh"})
    walker.scan("cha").fill(home_answers(walker) | {"nam_dan_toc": "Kinh"})
    walker.fill(nu_tinh_trang_hon_nhan="chua", nam_tinh_trang_hon_nhan="ly_hon")
    assert walker.at == "/form/lan_thu_nam"
    assert walker.form().sends["nam_ket_hon_lan_thu"] == ""


def test_no_default_is_printed_that_no_page_showed_before(walker: Walker) -> None:
    hidden = []
    for procedure in (procedure for procedure in _procedures(walker) if procedure.declaration):
        shown = {key for step in procedure.steps if step.place == "page" for key in (*step.fields, step.rows)}
        hidden += [
            (procedure.code, field.key)
            for field in procedure.fields
            if field.default is not None and field.key not in shown
        ]
    assert set(hidden) - WORDS_OF_A_REQUEST - OFFICERS_SWITCH == set()


def test_the_check_page_tells_what_the_machine_filled_in_until_the_person_answers(walker: Walker) -> None:
    walker.go("/need/1.004873").fill(muc_dich="nha_dat", khoang_nao="hien_tai", lan_cap="lan_dau").scan("me")
    walker.fill(home_answers(walker) | {"nyc_quan_he": "ban_than", "nyc_dien_thoai": "0905000123"})
    reach_check_page(walker.fill(tinh_trang_hon_nhan="chua"))
    assert "Chữ ký Ký tên (máy ghi sẵn)" in walker.words
    walker.follow("/form/chu_ky").fill(cach_ky="ky")
    assert walker.at == "/form/check"
    assert "Chữ ký Ký tên" in walker.words
    assert "máy ghi sẵn" not in walker.words


# --- home town and place of birth


def test_a_home_town_is_never_offered_from_a_home(walker: Walker) -> None:
    child(father(mother_registers(begin_birth(walker))))
    assert walker.at == "/form/dan_toc_que_quan"
    assert walker.form().choices["con_que_quan"] == {"own"}, "the ward of the machine, and no home"
    offered = [
        (procedure.code, field.key)
        for procedure in _procedures(walker)
        for field in procedure.fields
        if "quê" in (field.official or field.label.vi).lower() and (field.suggest or {}).get("home_of")
    ]
    assert offered == []


def _at_birth_place(walker: Walker, where: str) -> Walker:
    walker.go("/").go("/need/1.001193").fill(cha_me="me_don_than", noi_de=where)
    return mother_registers(walker).fill(con_ho_ten="Nguyễn Bảo Ngọc", con_gioi_tinh="nu")


def test_a_birth_in_a_hospital_of_another_city_has_the_hospitals_name(walker: Walker) -> None:
    _at_birth_place(walker, "co_so_y_te").fill(pick="con_noi_sinh")
    walker.go(f"{walker.at}?q=hai chau").fill(form="pick", choice="20242")
    assert "Tên bệnh viện, trạm y tế" in walker.words
    walker.fill(detail="")
    assert "Chưa có tên bệnh viện, trạm y tế. Mời ghi tên." in walker.words
    walker.fill(detail="Bệnh viện Đà Nẵng")
    assert walker.at == "/form/sinh_luc_nao"
    assert "Bệnh viện Đà Nẵng, phường Hải Châu, thành phố Đà Nẵng" in walker.words


def test_a_birth_place_that_no_list_has_is_written(walker: Walker) -> None:
    _at_birth_place(walker, "co_so_y_te").fill(pick="con_noi_sinh")
    walker.go(f"{walker.at}?q=benh vien da nang")
    assert "chạm “Không thấy tên, tự ghi”" in walker.words
    walker.go(f"{walker.at}?q=benh vien da nang&write=1").fill(own="Bệnh viện Đà Nẵng, 124 Hải Phòng, Đà Nẵng")
    assert walker.at == "/form/sinh_luc_nao"
    walker.fill({"con_ngay_sinh.d": "12", "con_ngay_sinh.m": "11", "con_ngay_sinh.y": "2026"})
    walker.fill(con_dan_toc="Kinh", me_dan_toc="Kinh", pick="con_que_quan")
    walker.go(f"{walker.at}?q=phu xuan").fill(form="pick", choice="19753").fill()
    walker.fill(de_nghi_cap_ban_sao="khong")
    assert walker.at == "/form/check"
    assert "Bệnh viện Đà Nẵng, 124 Hải Phòng, Đà Nẵng" in walker.words
    submit(walker)
    answers = submission_checks.checked_body(walker.context, "A")["form"]["answers"]
    assert answers["con_noi_sinh"]["detail"] == "Bệnh viện Đà Nẵng, 124 Hải Phòng, Đà Nẵng"
    assert "Bệnh viện Đà Nẵng, 124 Hải Phòng, Đà Nẵng" in _printed(walker)


def test_a_birth_at_home_is_one_touch_and_no_hospital_comes_before_it(walker: Walker) -> None:
    _at_birth_place(walker, "noi_khac")
    assert walker.form().choices["con_noi_sinh"] == {"home:me_noi_cu_tru"}
    assert "Tại nhà: phường Phú Xuân, thành phố Huế" in walker.words
    hospital = _at_birth_place(walker, "co_so_y_te")
    assert all(place.startswith("birth:") for place in hospital.form().choices["con_noi_sinh"])


# --- a year of birth alone


def test_a_year_of_birth_alone_is_accepted_wherever_a_card_may_say_no_more(walker: Walker) -> None:
    strict = []
    for procedure in _procedures(walker):
        births = {step.person.fills.get("date_of_birth") for step in procedure.steps if step.person}
        strict += [
            (procedure.code, field.key)
            for field in procedure.fields
            if field.key in births and field.kind == "date" and not field.partial
        ]
        rows = [field for field in procedure.fields if {"person_name", "date"} <= {part.kind for part in field.fields}]
        strict += [
            (procedure.code, part.key)
            for field in rows
            for part in field.fields
            if part.kind == "date" and "sinh" in part.key and not part.partial
        ]
    assert strict == []


def test_an_old_declarer_without_a_card_types_the_year(walker: Walker) -> None:
    begin_birth(walker).press("by-hand")
    walker.fill(nyc_ho_ten="Hồ Văn Lão")
    assert "Không nhớ ngày, chỉ nhớ năm" in walker.words
    walker.fill({"nyc_ngay_sinh.y": "1942"})
    assert walker.at == "/form/nguoi_khai.paper"


# --- the place of filing


def _card_from_elsewhere(key: str) -> str:
    """Return the line of a practice card whose residence is a ward of today, but not this one."""
    line = next(code.line for code in id_card.practice_cards() if code.key == key)
    fields = line.split("|")
    fields[5] = "Tổ 2, Phường Hải Châu, Thành phố Đà Nẵng"
    return "|".join(fields)


def test_where_to_file_stands_on_the_first_page(walker: Walker) -> None:
    silent = []
    for procedure in _procedures(walker):
        if procedure.series != "A-HOTICH" or not any(check.ticket for check in procedure.checks):
            continue
        walker.go(f"/need/{procedure.code}")
        if "phường giúp nộp trực tuyến" not in walker.words:
            silent.append(procedure.code)
    assert silent == []


def test_a_death_of_another_ward_is_told_on_the_page_of_the_person_with_a_ticket_to_draw(walker: Walker) -> None:
    walker.go("/need/1.000656").fill(mat_o_dau="benh_vien")
    walker.scan("cha").fill(home_answers(walker) | {"nyc_quan_he": "con"})
    walker.scan_line(_card_from_elsewhere("ong"))
    assert walker.at == "/form/nguoi_mat"
    assert "Nơi ở cuối cùng của người đã mất không thuộc phường này. Phường vẫn giúp nộp trực tuyến" in walker.words
    assert 'href="/ticket"' in walker.page
    walker.fill(nc_dan_toc="Kinh")
    assert walker.at == "/form/mat_luc_nao"  # nobody is refused


def test_a_birth_is_judged_by_both_parents(walker: Walker) -> None:
    begin_birth(walker).scan_line(_card_from_elsewhere("me"))
    assert "không thuộc phường này" not in walker.words
    walker.fill(nyc_quan_he="me")
    assert walker.at == "/form/nguoi_cha"
    walker.scan_line(_card_from_elsewhere("cha"))
    assert "Nơi ở của cha và mẹ không thuộc phường này." in walker.words
    walker.fill()
    assert walker.at == "/form/ten_be"


def test_a_mother_alone_from_elsewhere_hears_it_on_the_second_page(walker: Walker) -> None:
    begin_birth(walker, parents="me_don_than").scan_line(_card_from_elsewhere("me"))
    assert walker.at == "/form/nguoi_khai"
    walker.fill(nyc_quan_he="me")
    assert walker.at == "/form/nguoi_khai"
    assert "không thuộc phường này" in walker.words
    walker.fill()
    assert walker.at == "/form/ten_be"


# --- papers of rare situations


def test_papers_of_rare_situations_are_listed_only_there(walker: Walker) -> None:
    walker.go("/need/1.001193?cha_me=da_ket_hon&noi_de=co_so_y_te")
    assert "mang thai hộ của cơ sở y tế" not in walker.words
    assert "Giấy chứng sinh, bản chính" in walker.words
    walker.go("/need/1.001193?cha_me=mang_thai_ho&noi_de=co_so_y_te")
    assert "Xác nhận mang thai hộ của cơ sở y tế" in walker.words
    walker.go("/need/1.004873?muc_dich=nha_dat&khoang_nao=hien_tai&lan_cap=lan_dau")
    assert "Giấy xác nhận đã cấp lần trước" not in walker.words
    walker.go("/need/1.004873?muc_dich=nha_dat&khoang_nao=hien_tai&lan_cap=cap_lai")
    assert "Giấy xác nhận đã cấp lần trước" in walker.words


def test_a_surrogate_birth_is_registered_with_both_parents(walker: Walker) -> None:
    begin_birth(walker, parents="mang_thai_ho")
    peoples(child(father(mother_registers(walker)))).fill(de_nghi_cap_ban_sao="khong")
    submit(walker)
    answers = submission_checks.checked_body(walker.context, "A")["form"]["answers"]
    assert answers["cha_ho_ten"] == "Trần Văn Phước"
