"""Pickers: an ethnic group by any of its names, a country, a place with its house; found without tone marks."""

import re

import pytest

from kiosk.procedures import kinds
from kiosk.vietnam import countries, ethnic_groups, viet_text
from tests.journeys.people import begin_birth, child, father, mother_registers, reach_check_page
from tests.journeys.people import peoples as kinh
from tests.journeys.test_homes_without_a_card import begin, type_man, type_woman
from tests.journeys.walker import Walker


def _at_peoples(walker: Walker) -> Walker:
    child(father(mother_registers(begin_birth(walker))))
    return walker.fill(pick="con_dan_toc", me_dan_toc="Kinh")


def _found(walker: Walker) -> list[str]:
    return re.findall(r'name="choice" value="([^"]+)"', walker.page)


def test_a_people_is_found_by_any_of_its_names_and_comes_back_chosen(walker: Walker) -> None:
    _at_peoples(walker)
    walker.go(f"{walker.at}?q=pa co").fill(form="pick", choice="Ta-ôi")
    assert walker.at == "/form/dan_toc_que_quan"
    sends = walker.form().sends
    assert (sends["con_dan_toc"], sends["me_dan_toc"]) == ("Ta-ôi", "Kinh")


def test_a_rare_ethnic_group_is_listed_with_the_common_ones(walker: Walker) -> None:
    _at_peoples(walker)
    walker.go(f"{walker.at}?q=hmong").fill(form="pick", choice="Mông")
    assert walker.form().sends["con_dan_toc"] == "Mông"
    assert walker.form().choices["me_dan_toc"] == {"Kinh", "Ta-ôi", "Cơ-tu"}


def test_who_types_nothing_sees_the_wards_own_peoples(walker: Walker) -> None:
    _at_peoples(walker)
    assert _found(walker) == ["Kinh", "Ta-ôi", "Cơ-tu", "Bru-Vân Kiều"]
    walker.go(f"{walker.at}?q=zzz")
    assert _found(walker) == []
    assert "Không tìm thấy" in walker.words


def test_what_is_no_people_is_not_kept(walker: Walker) -> None:
    _at_peoples(walker)
    walker.post(walker.at, choice="Atlantis")
    assert walker.at == "/form/dan_toc_que_quan"
    assert "con_dan_toc" not in walker.form().sends


@pytest.mark.parametrize(("typed", "code"), [("duc", "DE"), ("han quoc", "KR"), ("germany", "DE"), ("lao", "LA")])
def test_any_country_is_found_without_marks(walker: Walker, typed: str, code: str) -> None:
    reach_check_page(kinh(child(father(mother_registers(begin_birth(walker))))))
    walker.follow("/form/quoc_tich_theo_the").fill(pick="me_quoc_tich")
    walker.go(f"{walker.at}?q={typed}")
    assert code in _found(walker)
    walker.fill(form="pick", choice=code)
    assert walker.form().sends["me_quoc_tich"] == code


def _typed_home(walker: Walker) -> Walker:
    return type_man(type_woman(begin(walker)).fill())


def test_one_touch_chooses_this_ward_and_asks_for_the_house(walker: Walker) -> None:
    _typed_home(walker)
    assert walker.at == "/form/ben_nam.home"
    assert "Ở phường Phú Xuân, thành phố Huế" in walker.words
    assert "Tìm nơi khác" in walker.words
    walker.fill(here="nam_noi_cu_tru")
    assert walker.form().sends["choice"] == "19753"
    assert "Số nhà, đường, tổ, thôn" in walker.words
    walker.fill(detail="Tổ 5")
    assert walker.at == "/form/ben_nam.home"
    assert 'aria-label="Sửa: ' in walker.page
    assert "Tổ 5, " in walker.words
    assert "here" not in walker.form().names, "a chosen home is mended with its own button"
    walker.fill()
    assert walker.at == "/form/da_tung"


def test_this_ward_is_not_chosen_before_the_house_is_given(walker: Walker) -> None:
    _typed_home(walker).fill(here="nam_noi_cu_tru")
    walker.follow("/form/ben_nam.home")
    assert "here" in walker.form().names
    walker.fill(here="nam_noi_cu_tru").fill(again="1")
    assert walker.form_or_none("pick"), "another ward can be searched from there"


def test_a_ward_that_the_picker_suggests_has_no_button_of_its_own(walker: Walker) -> None:
    walker.go("/need/1.004194").fill(o_dau="thue").scan("sinh_vien").fill().press("same")
    assert "here" not in walker.form().names
    walker.fill(pick="noi_dung_de_nghi.dia_chi")
    assert walker.form().sends["choice"] == "19753"


def test_a_place_of_birth_that_is_not_listed_has_a_line_before_its_ward(walker: Walker) -> None:
    father(mother_registers(begin_birth(walker))).fill(con_ho_ten="Trần An", con_gioi_tinh="nu")
    walker.fill(pick="con_noi_sinh").go(f"{walker.at}?q=phu xuan").fill(form="pick", choice="19753")
    walker.fill(detail="Trạm y tế phường")
    assert walker.at == "/form/sinh_luc_nao"
    assert "Trạm y tế phường, phường Phú Xuân" in walker.words


def test_lists_are_in_the_order_of_the_vietnamese_alphabet() -> None:
    vietnam, *others = countries.countries()
    assert vietnam.code == "VN"
    assert [country.name for country in others] == sorted((country.name for country in others), key=viet_text.sort_key)
    assert len(others) > 190
    listed = [group.name for group in ethnic_groups.ethnic_groups()][:-1]
    assert listed == sorted(listed, key=viet_text.sort_key)
    assert len(listed) == 54


def test_a_country_is_shown_in_both_languages() -> None:
    kind = kinds.by_name("nationality")
    assert {lang: kind.on_screen(None, "DE", lang) for lang in ("vi", "en")} == {"vi": "Đức", "en": "Germany"}  # type: ignore[arg-type]
