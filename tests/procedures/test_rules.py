from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.procedures import checks
from kiosk.procedures.checks import RULES, CheckContext, times
from kiosk.procedures.checks import places as place_rules
from kiosk.vietnam import places
from kiosk.vietnam.reference_data import read
from tests.procedures.form_walk import OFFICE
from tests.procedures.texts import ASK_FOR_AN_ANSWER, DAY, procedure

CHECK_CONTEXT = CheckContext(DAY, replace(OFFICE, seats={"2026-11-24T14:00": 3, "2026-12-03T14:00": 0}))
HERE = {"wardCode": "19753", "detail": "Tổ 5"}
THERE = {"wardCode": "00004", "detail": "Tổ 5"}
NEXT_WARD = {"provinceCode": "46", "wardCode": "19789", "detail": "1 Lê Lợi"}
OTHER_CITY = {"provinceCode": "01", "wardCode": "00004", "detail": "Số 1"}
SHE = "046196000123"
HE = "046093000456"

# rule, values, arguments, whether the rule accepts them
CASES: list[tuple[str, list[Any], dict[str, Any], bool]] = [
    ("not_future", ["2026-11-24"], {}, True),
    ("not_future", ["2026-11-25"], {}, False),
    ("not_future", ["2026"], {}, True),
    ("not_future", ["2026-12"], {}, False),
    ("not_future", [None, "2027"], {}, False),
    ("not_future", [None], {}, True),
    ("whole_date", ["2026-09-25"], {}, True),
    ("whole_date", ["2026-09"], {}, False),
    ("whole_date", [None], {}, True),
    ("not_older_than", ["2026-09-25"], {"days": 60}, True),
    ("not_older_than", ["2026-09-24"], {"days": 60}, False),
    ("not_older_than", ["1985"], {"days": 60}, True),
    ("not_older_than", [None], {"days": 60}, True),
    ("before_day", ["2015-12-31"], {"day": "2016-01-01"}, True),
    ("before_day", ["2016-01-01"], {"day": "2016-01-01"}, False),
    ("before_day", ["2015"], {"day": "2016-01-01"}, True),
    ("before_day", ["2016"], {"day": "2016-01-01"}, False),
    ("before_day", [None], {"day": "2016-01-01"}, True),
    ("not_past", ["2026-11-24"], {}, True),
    ("not_past", ["2026-11-23"], {}, False),
    ("not_past", [None], {}, True),
    ("within_days", ["2026-12-09"], {"days": 15}, True),
    ("within_days", ["2026-12-10"], {"days": 15}, False),
    ("within_days", ["2026-11-01"], {"days": 15}, True),
    ("within_days", [None], {"days": 15}, True),
    ("earliest_day", ["2026-11-24"], {"days": 1}, False),
    ("earliest_day", ["2026-11-25"], {"days": 1}, True),
    ("earliest_day", ["2026-11-25", "2026-11-25"], {"days": 0}, True),
    ("earliest_day", ["2026-12-24", "2026-11-25"], {"days": 30}, False),
    ("earliest_day", ["2026-12-25", "2026-11-25"], {"days": 30}, True),
    ("earliest_day", ["2026-11-01", None], {"days": 30}, True),
    ("earliest_day", ["2026", "2026-11-25"], {"days": 30}, True),
    ("earliest_day", [None], {"days": 1}, True),
    ("in_order", ["1984-12-30", "1985"], {}, True),
    ("in_order", ["1985-06-01", "1985"], {}, True),
    ("in_order", ["1985-06-01", "1985-05"], {}, False),
    ("in_order", ["1985", None, "1984"], {}, False),
    ("in_order", [None, "1984"], {}, True),
    ("below_amount", [499_999], {"amount": "social_pension"}, True),
    ("below_amount", [500_000], {"amount": "social_pension"}, False),
    ("below_amount", [None], {"amount": "social_pension"}, True),
    ("longer_than", ["Hai tên"], {"letters": 7}, False),
    ("longer_than", ["Hai tên là một người"], {"letters": 7}, True),
    ("longer_than", [None], {"letters": 7}, True),
    ("at_least_one_of", [None, ""], {}, False),
    ("at_least_one_of", [None, "Trần An"], {}, True),
    ("never", [None], {}, False),
    ("sex_is", [{"so": SHE}], {"sex": "nu"}, True),
    ("sex_is", [{"so": HE}], {"sex": "nu"}, False),
    ("sex_is", [HE], {"sex": "nam"}, True),
    ("sex_is", [{"so": "C1234567"}], {"sex": "nu"}, True),
    ("sex_is", [None], {"sex": "nu"}, True),
    ("all_citizens", ["VN", None], {}, True),
    ("all_citizens", ["VN", "US"], {}, False),
    ("different", [{"so": SHE}, {"so": HE}], {}, True),
    ("different", [{"so": SHE}, SHE], {}, False),
    ("different", [{"so": SHE}, None], {}, True),
    ("different", [{}, {}], {}, True),
    ("age_between", ["1996-03-12", "2026-11-01"], {"low": 14, "high": 60}, True),
    ("age_between", ["2012-11-02", "2026-11-01"], {"low": 14, "high": 60}, False),
    ("age_between", ["2012-11-01", "2026-11-01"], {"low": 14, "high": 60}, True),
    ("age_between", ["1965-11-01", "2026-11-01"], {"low": 14, "high": 60}, False),
    ("age_between", ["1965-11-02", "2026-11-01"], {"low": 14, "high": 60}, True),
    ("age_between", ["1966-11-01"], {"high": 60}, True),
    ("age_between", ["1996", "2026-11-01"], {"low": 14, "high": 60}, True),
    ("age_between", ["1996", None], {"low": 14, "high": 60}, True),
    ("surname_in", ["Trần An", "Trần Văn Thử", None], {}, True),
    ("surname_in", ["TRẦN An", "Trần Văn Thử", None], {}, True),
    ("surname_in", ["Lê An", "Trần Văn Thử", "Nguyễn Thị Mẫu"], {}, False),
    ("surname_in", ["Tôn Thất An", "Tôn Thất Thử", None], {}, True),
    ("surname_in", ["Lê An", None, None], {}, True),
    ("surname_in", [None, "Trần Văn Thử"], {}, True),
    ("shorter_than", ["Trần An"], {"letters": 7}, True),
    ("shorter_than", ["Trần Ann"], {"letters": 7}, False),
    ("shorter_than", [None], {"letters": 7}, True),
    ("no_telex_left", ["Nguyễn An"], {}, True),
    ("no_telex_left", ["Nguyeenx An"], {}, False),
    ("no_telex_left", ["Trần Thuwr"], {}, False),
    ("no_telex_left", ["Nguyễn Hoaf"], {}, False),
    ("no_telex_left", ["Hienj An"], {}, False),
    ("no_telex_left", ["Lee Thị Ddieepj"], {}, False),
    ("no_telex_left", ["Pơ Loong Tâm"], {}, True),
    ("no_telex_left", ["Ksor H'Wiên"], {}, True),
    ("no_telex_left", ["Zơ Râm Mlô"], {}, True),
    ("no_telex_left", [None], {}, True),
    ("at_most", [10], {"most": 10}, True),
    ("at_most", [11], {"most": 10}, False),
    ("at_most", [None], {"most": 10}, True),
    ("max_months", ["2026-12-01", "2028-12-01"], {"months": 24}, True),
    ("max_months", ["2026-12-01", "2028-12-02"], {"months": 24}, False),
    ("max_months", ["2026-12-01", "2026-12-01"], {"months": 24}, False),
    ("max_months", ["2026-12-02", "2026-12-01"], {"months": 24}, False),
    ("max_months", ["2028-02-29", "2029-02-28"], {"months": 12}, True),
    ("max_months", ["2026-12-01", None], {"months": 24}, True),
    ("in_ward", [HERE], {}, True),
    ("in_ward", [THERE], {}, False),
    ("in_ward", [{"card": "Tổ 5, Phú Hậu"}], {}, True),
    ("in_ward", [None], {}, True),
    ("in_city", [NEXT_WARD], {}, True),
    ("in_city", [None], {}, True),
    ("in_city", [OTHER_CITY], {}, False),
    ("in_own_ward_or_other_city", [HERE], {}, True),
    ("in_own_ward_or_other_city", [OTHER_CITY], {}, True),
    ("in_own_ward_or_other_city", [NEXT_WARD], {}, False),
    ("any_in_ward", [THERE, HERE], {}, True),
    ("any_in_ward", [THERE, None], {}, False),
    ("any_in_ward", [None, None], {}, True),
    ("different_place", [HERE, THERE], {}, True),
    ("different_place", [HERE, {"wardCode": "19753", "detail": "tổ  5"}], {}, False),
    ("different_place", [HERE, {"wardCode": "19753", "detail": "Tổ 6"}], {}, True),
    ("different_place", [HERE, {"card": "Tổ 5, Phú Hậu"}], {}, True),
    ("different_place", [None, HERE], {}, True),
    ("other_ward", [HERE, THERE], {}, True),
    ("other_ward", [HERE, HERE | {"detail": "Tổ 6"}], {}, False),
    ("other_ward", [THERE], {}, True),
    ("other_ward", [HERE], {}, False),
    ("other_ward", [{"card": "Tổ 5, Phú Hậu"}], {}, True),
    ("other_ward", [None, None], {}, True),
    ("age_between", ["2008-11-24"], {"low": 18, "high": 110}, True),
    ("age_between", ["2008-11-25"], {"low": 18}, False),
    ("age_between", ["1951-11-24"], {"high": 74}, False),
    ("age_between", [None], {"low": 18}, True),
    # born 1986-11-24: 40 years old today
    ("card_expired", [{"so": HE, "ngay_cap": "2021-05-10"}, "1986-11-24"], {}, False),
    ("card_expired", [{"so": HE, "ngay_cap": "2021-05-10"}, "1986-11-25"], {}, True),
    ("card_expired", [{"so": HE, "ngay_cap": "2024-11-24"}, "1986-11-24"], {}, True),
    ("card_expired", [{"so": HE, "ngay_cap": "2024-11-23"}, "1986-11-24"], {}, False),
    ("card_expired", [{"so": HE, "ngay_cap": "2022-01-01"}, "1960-01-01"], {}, True),
    ("card_expired", ["046186000123"], {}, False),
    ("card_expired", ["046196000123"], {}, True),
    ("card_expired", ["046301000123"], {}, False),
    ("card_expired", ["046202000123"], {}, True),
    ("card_expired", ["046196000123", "1966-02-01"], {}, False),
    ("card_expired", ["046196000123", "1965-02-01"], {}, True),
    ("card_expired", [{"so": "C1234567"}, None], {}, True),
    ("card_expired", [None], {}, True),
    ("seats_left", ["2026-11-24T14:00"], {}, True),
    ("seats_left", ["2026-11-23T14:00"], {}, False),
    ("seats_left", ["2026-12-03T14:00"], {}, False),
    ("seats_left", ["cho"], {}, True),
    ("seats_left", [None], {}, True),
    ("only_digits", ["4000 2051 23456", None], {}, True),
    ("only_digits", ["4000-2051"], {}, False),
    ("positive", [50_000_000, 2], {}, True),
    ("positive", [50_000_000, 0], {}, False),
    ("positive", [None, None], {}, True),
    ("without_words", ["Hộ kinh doanh Bún bò O Lành"], {"words": ["công ty"]}, True),
    ("without_words", ["CÔNG TY bún bò"], {"words": ["công ty", "doanh nghiệp"]}, False),
    ("without_words", ["Công tỵ"], {"words": ["doanh nghiệp"]}, True),
    ("without_words", [None], {"words": ["công ty"]}, True),
    ("no_telex_left", [[{"muc": "Tên", "thanh": "Nguyeenx"}]], {"column": "thanh"}, False),
    ("no_telex_left", [[{"muc": "Teen", "thanh": "Nguyễn"}, {}]], {"column": "thanh"}, True),
    ("at_least_rows", [None], {"least": 1}, False),
    ("at_least_rows", [[{"a": 1}]], {"least": 1}, True),
    ("at_least_rows", [[{"a": 1}]], {"least": 2}, False),
    ("rows_at_most", [[{"a": 200}, {}]], {"column": "a", "most": 200}, True),
    ("rows_at_most", [[{"a": 1}, {"a": 201}]], {"column": "a", "most": 200}, False),
    ("rows_at_most", [None], {"column": "a", "most": 200}, True),
    ("rows_unique", [[{"a": SHE}, {"a": HE}, {}, {}]], {"column": "a"}, True),
    ("rows_unique", [[{"a": SHE}, {"a": {"so": SHE}}]], {"column": "a"}, False),
    ("rows_unique", [[{"a": "Học bạ"}, {"a": "hoc  ba"}]], {"column": "a"}, False),
    ("rows_unique", [[{"a": "Học bạ"}, {"a": "Học bổng"}]], {"column": "a"}, True),
    ("rows_unique", [None], {"column": "a"}, True),
    ("rows_differ", [[{"a": "1943", "b": "1942"}, {"b": "Huế"}, {}]], {"column": "a", "other": "b"}, True),
    ("rows_differ", [[{"a": "Thùy", "b": "Thuỳ"}]], {"column": "a", "other": "b"}, True),
    ("rows_differ", [[{"a": "1943", "b": "1943"}]], {"column": "a", "other": "b"}, False),
    ("rows_differ", [None], {"column": "a", "other": "b"}, True),
    ("rows_exactly_one", [[{"a": True}, {"a": False}, {}]], {"column": "a"}, True),
    ("rows_exactly_one", [[{"a": True}, {"a": True}]], {"column": "a", "value": True}, False),
    ("rows_exactly_one", [[{"a": False}]], {"column": "a", "value": True}, False),
    ("rows_exactly_one", [[{"a": "chinh"}, {"a": "phu"}]], {"column": "a", "value": "chinh"}, True),
    ("rows_exactly_one", [None], {"column": "a"}, True),
    ("any_age_at_least", ["2015-03-12", [{"a": "1993-09-02"}, {}]], {"years": 18, "column": "a"}, True),
    ("any_age_at_least", ["2008-11-24", None], {"years": 18, "column": "a"}, True),
    ("any_age_at_least", ["2008-11-25", [{"a": "2012"}]], {"years": 18, "column": "a"}, False),
    ("any_age_at_least", [None, None], {"years": 18, "column": "a"}, True),
    ("own_city", ["Ủy ban nhân dân xã Lộc Sơn, huyện Phú Lộc"], {}, True),
    ("own_city", ["xã Lộc Sơn, tỉnh Thừa Thiên Huế"], {}, True),
    ("own_city", ["xã Hải Thượng, tỉnh Quảng Trị"], {}, False),
    ("own_city", ["xã Vĩnh Ninh, tỉnh Quảng Bình"], {}, False),
    ("own_city", ["UBND quận 1, TP HCM"], {}, True),
    ("own_city", [None], {}, True),
]


@pytest.mark.parametrize(("rule", "values", "args", "is_valid"), CASES)
def test_a_rule_accepts_and_refuses(rule: str, values: list[Any], args: dict[str, Any], is_valid: bool) -> None:
    assert RULES[rule](values, args, CHECK_CONTEXT) is is_valid


def test_every_rule_is_tried_both_ways() -> None:
    tried = {(rule, is_valid) for rule, _, _, is_valid in CASES}
    assert {(rule, is_valid) for rule in RULES for is_valid in (True, False)} - tried == {("never", True)}


def test_only_what_asks_for_an_answer_speaks_while_there_is_none() -> None:
    asking = {rule for rule, values, _, is_valid in CASES if not is_valid and values == [None]}
    assert asking == ASK_FOR_AN_ANSWER - {"at_least_one_of"} | {"never"}


def wards_of_hue() -> Iterator[str]:
    yield from (ward.name for ward in places.wards(places.HUE))
    yield from (f"{name}, {district}" for name, district, _ in read("old_wards.json")["rows"])


@pytest.mark.parametrize("name", sorted(set(wards_of_hue())))
def test_no_ward_of_the_city_is_taken_for_another_province(name: str) -> None:
    assert place_rules.own_city([f"Ủy ban nhân dân {name}"], {}, CHECK_CONTEXT)


@given(st.dates(), st.dates(), st.integers(1, 48))
def test_a_stay_within_the_months_is_well_and_a_longer_one_is_not(start: Any, end: Any, months: int) -> None:
    is_valid = times.max_months([start.isoformat(), end.isoformat()], {"months": months}, CHECK_CONTEXT)
    days = (end - start).days
    if days <= 0 or days > months * 31 + 1:
        assert not is_valid
    elif days <= months * 28:
        assert is_valid


def test_only_the_checks_of_a_step_speak_there() -> None:
    form = procedure("2.000635")
    answers = {"dk_ngay": "2099", "so_luong": 11}
    assert [check.id for check in checks.failed_checks(form, answers, CHECK_CONTEXT)] == ["nam_dk", "nhieu_ban"]
    assert [check.id for check in checks.failed_checks(form, answers, CHECK_CONTEXT, "so_ban")] == ["nhieu_ban"]
    assert checks.failed_checks(form, answers, CHECK_CONTEXT, "nguoi_khai") == []
