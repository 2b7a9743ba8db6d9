from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk import places
from kiosk.procedures import checks
from kiosk.procedures.checks import RULES, Scene
from kiosk.reference import read
from tests.procedures.texts import DAY, procedure
from tests.procedures.walking import OFFICE

SCENE = Scene(DAY, OFFICE)
HERE, THERE = {"wardCode": "19753", "detail": "Tổ 5"}, {"wardCode": "00004", "detail": "Tổ 5"}
SHE, HE = "046196000123", "046093000456"

# rule, values, arguments, whether all is well
CASES: list[tuple[str, list[Any], dict[str, Any], bool]] = [
    ("not_future", ["2026-11-24"], {}, True),
    ("not_future", ["2026-11-25"], {}, False),
    ("not_future", ["2026"], {}, True),
    ("not_future", ["2026-12"], {}, False),
    ("not_future", [None, "2027"], {}, False),
    ("not_future", [None], {}, True),
    ("not_older_than", ["2026-09-25"], {"days": 60}, True),
    ("not_older_than", ["2026-09-24"], {"days": 60}, False),
    ("not_older_than", ["1985"], {"days": 60}, True),
    ("not_older_than", [None], {"days": 60}, True),
    ("in_order", ["1984-12-30", "1985"], {}, True),
    ("in_order", ["1985-06-01", "1985"], {}, True),
    ("in_order", ["1985-06-01", "1985-05"], {}, False),
    ("in_order", ["1985", None, "1984"], {}, False),
    ("in_order", [None, "1984"], {}, True),
    ("at_least_one_of", [None, ""], {}, False),
    ("at_least_one_of", [None, "Trần An"], {}, True),
    ("never", [None], {}, False),
    ("sex_is", [{"so": SHE}], {"sex": "nu"}, True),
    ("sex_is", [{"so": HE}], {"sex": "nu"}, False),
    ("sex_is", [HE], {"sex": "nam"}, True),
    ("sex_is", [{"so": "C1234567"}], {"sex": "nu"}, True),
    ("sex_is", [None], {"sex": "nu"}, True),
    ("different", [{"so": SHE}, {"so": HE}], {}, True),
    ("different", [{"so": SHE}, SHE], {}, False),
    ("different", [{"so": SHE}, None], {}, True),
    ("different", [{}, {}], {}, True),
    ("age_between", ["1996-03-12", "2026-11-01"], {"low": 14, "high": 60}, True),
    ("age_between", ["2012-11-02", "2026-11-01"], {"low": 14, "high": 60}, False),
    ("age_between", ["2012-11-01", "2026-11-01"], {"low": 14, "high": 60}, True),
    ("age_between", ["1965-11-01", "2026-11-01"], {"low": 14, "high": 60}, False),
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
    ("any_in_ward", [THERE, HERE], {}, True),
    ("any_in_ward", [THERE, None], {}, False),
    ("any_in_ward", [None, None], {}, True),
    ("different_place", [HERE, THERE], {}, True),
    ("different_place", [HERE, {"wardCode": "19753", "detail": "tổ  5"}], {}, False),
    ("different_place", [HERE, {"wardCode": "19753", "detail": "Tổ 6"}], {}, True),
    ("different_place", [HERE, {"card": "Tổ 5, Phú Hậu"}], {}, True),
    ("different_place", [None, HERE], {}, True),
    ("own_city", ["Ủy ban nhân dân xã Lộc Sơn, huyện Phú Lộc"], {}, True),
    ("own_city", ["xã Lộc Sơn, tỉnh Thừa Thiên Huế"], {}, True),
    ("own_city", ["xã Hải Thượng, tỉnh Quảng Trị"], {}, False),
    ("own_city", ["xã Vĩnh Ninh, tỉnh Quảng Bình"], {}, False),
    ("own_city", ["UBND quận 1, TP HCM"], {}, True),
    ("own_city", [None], {}, True),
]


@pytest.mark.parametrize(("rule", "values", "args", "well"), CASES)
def test_a_rule_tells_right_from_wrong(rule: str, values: list[Any], args: dict[str, Any], well: bool) -> None:
    assert RULES[rule](values, args, SCENE) is well


def test_every_rule_is_tried_both_ways() -> None:
    tried = {(rule, well) for rule, _, _, well in CASES}
    assert {(rule, well) for rule in RULES for well in (True, False)} - tried == {("never", True)}


def wards_of_hue() -> Iterator[str]:
    yield from (one.name for one in places.wards(places.HUE))
    yield from (f"{name}, {district}" for name, district, _ in read("old_wards.json")["rows"])


@pytest.mark.parametrize("name", sorted(set(wards_of_hue())))
def test_no_ward_of_the_city_is_taken_for_another_province(name: str) -> None:
    assert checks.own_city([f"Ủy ban nhân dân {name}"], {}, SCENE)


@given(st.dates(), st.dates(), st.integers(1, 48))
def test_a_stay_within_the_months_is_well_and_a_longer_one_is_not(start: Any, end: Any, months: int) -> None:
    well = checks.max_months([start.isoformat(), end.isoformat()], {"months": months}, SCENE)
    days = (end - start).days
    if days <= 0 or days > months * 31 + 1:
        assert not well
    elif days <= months * 28:
        assert well


def test_only_the_checks_of_a_step_speak_there() -> None:
    form = procedure("2.000635")
    answers = {"dk_ngay": "2099", "so_luong": 11}
    assert [check.id for check in checks.broken(form, answers, SCENE)] == ["nam_dk", "nhieu_ban"]
    assert [check.id for check in checks.broken(form, answers, SCENE, "so_ban")] == ["nhieu_ban"]
    assert checks.broken(form, answers, SCENE, "nguoi_khai") == []
