from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.procedures import conditions
from kiosk.procedures.answers import Draft, complete, derived_situations, field_at, is_answered, sex_of
from kiosk.procedures.base import Condition
from kiosk.procedures.conditions import holds, value_at
from tests.procedures.form_walk import OFFICE
from tests.procedures.texts import DAY, procedure

KEYS = st.text("abc_", min_size=1, max_size=4)


def draft(**answers: Any) -> Draft:
    return Draft("1.001193", "2026-11", answers=answers)


# --- paths


def test_an_answer_is_kept_with_how_it_came() -> None:
    form = draft()
    form.put("me_ho_ten", "Nguyễn Thị Mẫu", "card")
    form.put("con_ho_ten", "Trần An")
    assert form.answers == {"me_ho_ten": "Nguyễn Thị Mẫu", "con_ho_ten": "Trần An"}
    assert form.sources == {"me_ho_ten": "card", "con_ho_ten": "hand"}


def test_none_removes_an_answer() -> None:
    form = draft()
    form.put("me_ho_ten", "Nguyễn Thị Mẫu")
    form.put("me_ho_ten", None)
    form.put("cha_ho_ten", None)
    assert (form.answers, form.sources) == ({}, {})


def test_parts_of_a_group_are_kept_apart() -> None:
    form = draft()
    form.put("noi_dung_de_nghi.tu_ngay", "2026-12-01")
    form.put("noi_dung_de_nghi.dia_chi", {"wardCode": "19753"})
    form.put("noi_dung_de_nghi.tu_ngay", None)
    assert form.answers == {"noi_dung_de_nghi": {"dia_chi": {"wardCode": "19753"}}}
    assert form.get("noi_dung_de_nghi.dia_chi.wardCode") == "19753"


def test_rows_grow_as_they_are_filled() -> None:
    form = draft()
    form.put("thanh_vien.0.ho_ten", "Hồ Văn Lão")
    form.put("thanh_vien.2.ho_ten", "Trần Văn Thử")
    form.put("thanh_vien.0.quan_he", "ong")
    assert form.answers["thanh_vien"] == [
        {"ho_ten": "Hồ Văn Lão", "quan_he": "ong"},
        {},
        {"ho_ten": "Trần Văn Thử"},
    ]
    form.put("thanh_vien.1", {"ho_ten": "Lê Văn Ví Dụ"})
    assert form.get("thanh_vien.1.ho_ten") == "Lê Văn Ví Dụ"


@pytest.mark.parametrize("path", ["thieu", "nhom.thieu", "nhom.phan.sau", "hang.5.ten", "hang.x", "hang.0.thieu", ""])
def test_an_unknown_path_has_no_answer(path: str) -> None:
    assert value_at({"nhom": {"phan": "chữ"}, "hang": [{"ten": "An"}]}, path) is None


@given(st.lists(KEYS, min_size=1, max_size=4), st.integers(), st.dictionaries(KEYS, st.text()))
def test_an_answer_can_be_read_at_its_path(path: list[str], value: int, before: dict[str, Any]) -> None:
    form = draft(**{key: {} for key in before})
    form.put(".".join(path), value)
    assert form.get(".".join(path)) == value


def test_putting_an_answer_leaves_a_copy_of_the_old_one_alone() -> None:
    form = draft(nhom={"phan": 1}, hang=[{"ten": "An"}])
    before = dict(form.answers)
    form.put("nhom.phan", 2)
    form.put("hang.0.ten", "Bình")
    assert before == {"nhom": {"phan": 1}, "hang": [{"ten": "An"}]}


def test_a_draft_survives_being_kept_as_json() -> None:
    form = draft(con_ho_ten="Trần An")
    form.done = ["ten_be"]
    form.typed = {"sinh_luc_nao": {"con_ngay_sinh.d": "31"}}
    assert Draft(**form.as_json()) == form


def test_fields_are_found_in_groups_and_rows() -> None:
    form = procedure("1.004194")
    day = field_at(form, "noi_dung_de_nghi.tu_ngay")
    name = field_at(form, "thanh_vien.3.ho_ten")
    assert day is not None
    assert (day.key, day.kind) == ("noi_dung_de_nghi.tu_ngay", "date")
    assert name is not None
    assert (name.key, name.kind) == ("thanh_vien.3.ho_ten", "person_name")
    for path in ("khong_co", "ho_ten.phan", "thanh_vien.0.khong_co", "noi_dung_de_nghi.khong_co", "_nha_tren_the"):
        assert field_at(form, path) is None


# --- conditions

WHEN: list[tuple[Condition, dict[str, Any], bool]] = [
    (Condition("a", is_="x"), {"a": "x"}, True),
    (Condition("a", is_="x"), {}, False),
    (Condition("a", is_=True), {"a": True}, True),
    (Condition("a", is_=False), {"a": False}, True),
    (Condition("a", is_=False), {}, False),
    (Condition("a", in_=("x", "y")), {"a": "y"}, True),
    (Condition("a", in_=("x", "y")), {}, False),
    (Condition("a", not_="x"), {"a": "x"}, False),
    (Condition("a", not_="x"), {}, True),
    (Condition("a", not_in=("x", "y")), {"a": "y"}, False),
    (Condition("a", not_in=("x", "y")), {}, True),
    (Condition("a"), {}, True),
    (Condition("a"), {"a": "x"}, False),
    (Condition("a", age_under=18), {"a": "2008-11-25"}, True),
    (Condition("a", age_under=18), {"a": "2008-11-24"}, False),
    (Condition("a", age_under=18), {}, False),
    (Condition("a", age_at_least=18), {"a": "2008-11-24"}, True),
    (Condition("a", age_at_least=18), {"a": "2008-11-25"}, False),
    (Condition("a", age_at_least=18), {}, False),
    (Condition("a", age_at_least=9, age_under=18), {"a": "2017-11-24"}, True),
    (Condition("a", age_at_least=9, age_under=18), {"a": "2017-11-25"}, False),
    (Condition("a", has="x"), {"a": ["x", "y"]}, True),
    (Condition("a", has="x"), {"a": ["y"]}, False),
    (Condition("a", has="x"), {"a": "x"}, False),
    (Condition("a", has="x"), {}, False),
    (Condition("a.b", is_="x"), {"a": {"b": "x"}}, True),
    (Condition("a.b", is_="x"), {"a": {}}, False),
    (Condition("a.b", not_="x"), {}, True),
    (Condition(any_=(Condition("a", is_="x"), Condition("b", is_="y"))), {"b": "y"}, True),
    (Condition(any_=(Condition("a", is_="x"), Condition("b", is_="y"))), {"a": "y"}, False),
]


@pytest.mark.parametrize(("condition", "answers", "wanted"), WHEN)
def test_a_condition_is_true_or_false(condition: Condition, answers: dict[str, Any], wanted: bool) -> None:
    assert holds((condition,), answers, DAY) is wanted


def test_all_conditions_of_a_list_must_be_true() -> None:
    both = (Condition("a", is_="x"), Condition("b", not_="y"))
    assert holds((), {}, DAY)
    assert holds(both, {"a": "x"}, DAY)
    assert not holds(both, {"a": "x", "b": "y"}, DAY)


@pytest.mark.parametrize(
    ("born", "years"),
    [
        ("2008-11-24", 18),
        ("2008-11-25", 17),
        ("2008-11", 18),
        ("2008", 18),
        ("", None),
        (None, None),
        ("2004-02-29", 22),
    ],
)
def test_years_are_full_years(born: str | None, years: int | None) -> None:
    assert conditions.years_old(born, DAY) == years


def test_days_are_counted_from_a_whole_date_only() -> None:
    assert conditions.days_old("2026-11-01", DAY) == 23
    assert conditions.days_old("2026-11", DAY) is None
    assert conditions.days_old(None, DAY) is None


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 240))
def test_months_later_is_the_same_day_or_the_months_last(start: date, count: int) -> None:
    later = conditions.months_later(start, count)
    assert (later.year * 12 + later.month) - (start.year * 12 + start.month) == count
    if later.day != start.day:
        following = conditions.months_later(later.replace(day=1), 1)
        assert (following - later).days == 1


# --- derived answers

MOTHER = {
    "cha_me": "me_don_than",
    "nyc_quan_he": "me",
    "nyc_ho_ten": "Nguyễn Thị Mẫu",
    "nyc_ngay_sinh": "1996-03-12",
    "nyc_giay_to_tuy_than": {"loai": "can_cuoc", "so": "046196000123"},
    "con_ngay_sinh": "2026-11-12",
}


def completed(code: str = "1.001193", **answers: Any) -> dict[str, Any]:
    return complete(procedure(code), answers, OFFICE, DAY)


def test_the_mother_is_never_asked_twice() -> None:
    full = completed(**MOTHER)
    assert full["me_ho_ten"] == "Nguyễn Thị Mẫu"
    assert full["me_giay_to_tuy_than"] == MOTHER["nyc_giay_to_tuy_than"]


def test_what_is_no_longer_copied_is_not_kept() -> None:
    full = completed(**MOTHER | {"me_noi_cu_tru": {"wardCode": "00004"}})
    assert "me_noi_cu_tru" not in full


def test_what_does_not_apply_is_left_out() -> None:
    full = completed(**MOTHER | {"cha_ho_ten": "Trần Văn Thử", "so_luong_ban_sao": 3, "gcnkh_so": "25"})
    assert not {"cha_ho_ten", "cha_quoc_tich", "so_luong_ban_sao", "gcnkh_so"} & full.keys()


def test_defaults_apply_until_there_is_an_answer() -> None:
    assert "con_quoc_tich" not in completed()
    assert completed(con_quoc_tich="LA")["con_quoc_tich"] == "LA"
    assert "de_nghi_cap_ban_sao" not in completed()
    assert "so_luong" not in completed("2.000635")


def test_the_office_the_day_and_the_oath_are_filled_in() -> None:
    full = completed()
    assert full["kinh_gui"] == "Ủy ban nhân dân phường Phú Xuân"
    assert full["lam_tai"] == "phường Phú Xuân"
    assert full["lam_ngay"] == "2026-11-24"
    assert full["cam_doan"] is True
    assert completed("1.004194")["kinh_gui"] == "Công an phường Phú Xuân"


def test_a_birth_date_is_written_in_words() -> None:
    words = completed(**MOTHER)["con_ngay_sinh_bang_chu"]
    assert words == "ngày mười hai, tháng mười một, năm hai nghìn không trăm hai mươi sáu"
    assert completed()["con_ngay_sinh_bang_chu"] == ""


def test_what_only_helped_to_ask_is_dropped() -> None:
    assert "_nha_tren_the" not in completed("1.004194", _nha_tren_the={"card": "Tổ 5, Phú Hậu"})


def test_what_the_card_answers_is_dropped() -> None:
    """The ward of the card decides; a typed answer from before the scan is left out."""
    typed = {"thuong_tru_o_day": True}
    assert completed("1.004194", **typed)["thuong_tru_o_day"] is True
    home = {"card": "Tổ 5, Vỹ Dạ", "wardCode": "19803"}
    assert "thuong_tru_o_day" not in completed("1.004194", _nha_tren_the=home, **typed)


def test_completing_twice_changes_nothing() -> None:
    full = completed(**MOTHER)
    assert completed(**full) == full


def test_completing_leaves_the_answers_alone() -> None:
    given_answers = dict(MOTHER)
    completed(**given_answers)
    assert given_answers == MOTHER


def test_situations_are_derived_once_they_can_be_known() -> None:
    birth = procedure("1.001193")
    stay = procedure("1.004194")
    copy = procedure("2.000635")
    assert derived_situations(birth, {}, DAY) == {}
    assert derived_situations(birth, {"con_ngay_sinh": "2026-09-25"}, DAY) == {"qua_han": "dung_han"}
    assert derived_situations(birth, {"con_ngay_sinh": "2026-09-24"}, DAY) == {"qua_han": "tre"}
    assert derived_situations(stay, {"ngay_sinh": "2008-11-25"}, DAY) == {"chua_thanh_nien": "tre"}
    assert derived_situations(stay, {"ngay_sinh": "2008-11-24"}, DAY) == {"chua_thanh_nien": "lon"}
    paper: dict[str, Any] = {"so": "046196000123"}
    assert derived_situations(copy, {"nyc_giay_to_tuy_than": paper}, DAY) == {"so_cho_biet_gioi_tinh": "co"}
    assert derived_situations(copy, {"nyc_giay_to_tuy_than": {"so": "C123"}}, DAY) == {"so_cho_biet_gioi_tinh": "khong"}


def test_a_copy_of_ones_own_record_copies_all_answers() -> None:
    full = completed(
        "2.000635",
        giay_nao="khai_sinh",
        nyc_quan_he="ban_than",
        nyc_ho_ten="Trần Văn Thử",
        nyc_ngay_sinh="1993-09-02",
        nyc_giay_to_tuy_than={"loai": "can_cuoc", "so": "046093000456"},
        nyc_noi_cu_tru={"card": "Thôn 2, Lộc Sơn"},
        nd_ho_ten="Hồ Văn Lão",
    )
    assert full["nd_ho_ten"] == "Trần Văn Thử"
    assert full["nd_ngay_sinh"] == "1993-09-02"
    assert full["nd_gioi_tinh"] == "nam"
    assert full["nd_giay_to_tuy_than"]["so"] == "046093000456"
    assert full["nd_noi_cu_tru"] == {"card": "Thôn 2, Lộc Sơn"}
    assert full["loai_viec"] == "khai_sinh"


def test_the_record_may_be_changed_on_the_check_page() -> None:
    assert completed("2.000635", giay_nao="khai_sinh", loai_viec="ket_hon")["loai_viec"] == "ket_hon"
    assert "loai_viec" not in completed("2.000635", giay_nao="khac")


@pytest.mark.parametrize(
    ("paper", "sex"),
    [
        ({"so": "046196000123"}, "nu"),
        ("046093000456", "nam"),
        ("046204000002", "nam"),
        ("046304000002", "nu"),
        ({"so": "190000001"}, None),
        ({}, None),
        (None, None),
        ("04619600012x", None),
    ],
)
def test_the_fourth_digit_contains_the_sex(paper: Any, sex: str | None) -> None:
    assert sex_of(paper) == sex


@pytest.mark.parametrize(
    ("path", "answers", "answered"),
    [
        ("ho_ten", {"ho_ten": "Hồ Văn Lão"}, True),
        ("ho_ten", {"ho_ten": ""}, False),
        ("ho_ten", {}, False),
        ("thanh_vien", {"thanh_vien": []}, False),
        ("thanh_vien", {"thanh_vien": [{"ho_ten": "Hồ Văn Lão"}]}, True),
        ("noi_dung_de_nghi", {"noi_dung_de_nghi": {"tu_ngay": "2026-12-01"}}, False),
        ("noi_dung_de_nghi.tu_ngay", {"noi_dung_de_nghi": {"tu_ngay": "2026-12-01"}}, True),
        ("noi_dung_de_nghi.dia_chi", {"noi_dung_de_nghi": {"dia_chi": {"detail": "Tổ 5"}}}, False),
        ("noi_dung_de_nghi.dia_chi", {"noi_dung_de_nghi": {"dia_chi": {"wardCode": "19753"}}}, True),
        ("noi_dung_de_nghi.dia_chi", {"noi_dung_de_nghi": {"dia_chi": {"card": "Tổ 5"}}}, True),
    ],
)
def test_a_field_is_answered_once_it_is_whole(path: str, answers: dict[str, Any], answered: bool) -> None:
    assert is_answered(procedure("1.004194"), path, answers) is answered


def test_a_group_is_answered_with_all_its_parts() -> None:
    parts = {"dia_chi": {"wardCode": "19753", "detail": "Tổ 5"}, "tu_ngay": "2026-12-01", "den_ngay": "2027-12-01"}
    assert is_answered(procedure("1.004194"), "noi_dung_de_nghi", {"noi_dung_de_nghi": parts})
