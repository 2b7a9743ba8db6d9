"""Wards are found by present and former names; the old address of a card leads to wards of today."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.vietnam import places, reference_data, viet_text
from kiosk.vietnam.places import Resolution, resolve_card, search


def search_rows(query: str, limit: int = 30) -> list[tuple[str, str, str]]:
    """Return ward, province and note of each row."""
    return [(row.ward.name, row.province.short, row.note) for row in search(query, limit=limit)]


def offered(resolution: Resolution) -> list[tuple[str, str]]:
    """Return ward and former name of each candidate."""
    return [(candidate.ward.name, candidate.old) for candidate in resolution.candidates]


def test_there_are_all_provinces_and_wards_of_today() -> None:
    everywhere = places.provinces()
    assert len(everywhere) == 34
    assert sum(len(places.wards(province.code)) for province in everywhere) == 3321
    assert [province.short for province in everywhere[:3]] == ["Huế", "An Giang", "Bắc Ninh"]
    assert places.provinces(first="01")[0].short == "Hà Nội"


def test_the_wards_of_hue_stand_in_natural_order() -> None:
    hue = [ward.name for ward in places.wards("46")]
    assert len(hue) == 40
    assert hue[:7] == [*(f"Xã A Lưới {n}" for n in range(1, 6)), "Phường An Cựu", "Xã Bình Điền"]
    assert hue[-2:] == ["Xã Vinh Lộc", "Phường Vỹ Dạ"]


def test_codes_lead_to_places_and_unknown_ones_to_none() -> None:
    ward = places.ward("19753")
    province = places.province("46")
    assert ward is not None
    assert province is not None
    assert (ward.name, ward.short, ward.province_code) == ("Phường Phú Xuân", "Phú Xuân", "46")
    assert province.name == "Thành phố Huế"
    assert places.ward("99999") is None
    assert places.province("") is None
    assert places.wards("99") == ()


def test_a_name_of_three_places_shows_all_three_with_the_reason() -> None:
    assert search_rows("phu xuan") == [
        ("Phường Phú Xuân", "Huế", ""),
        ("Xã Phú Hồ", "Huế", "gồm xã Phú Xuân cũ"),
        ("Xã Phú Xuân", "Thanh Hóa", ""),
        ("Xã Phú Xuân", "Đắk Lắk", ""),
    ]


@pytest.mark.parametrize("query", ["phú xuân", "PHÚ XUÂN", " phu  xuan ", "Phu\u0301 Xua\u0302n"])
def test_a_name_is_found_however_it_is_typed(query: str) -> None:
    assert search_rows(query) == search_rows("phu xuan")


def test_with_marks_the_name_that_has_them_stands_first() -> None:
    hoa = ("Phường Thuận Hóa", "Huế", "")
    old_hoa = ("Phường Phú Xuân", "Huế", "gồm phường Thuận Hòa cũ")
    assert search_rows("thuận hóa", limit=2) == [hoa, old_hoa]
    assert search_rows("thuận hòa", limit=2) == [old_hoa, hoa]
    assert search_rows("thuan hoa", limit=2) == [hoa, old_hoa]


def test_two_former_wards_of_one_name_lead_to_two_wards() -> None:
    assert search_rows("hương phong") == [
        ("Phường Hóa Châu", "Huế", "gồm phường Hương Phong cũ"),
        ("Xã A Lưới 4", "Huế", "gồm xã Hương Phong cũ"),
    ]


def test_the_kind_of_a_ward_may_be_typed() -> None:
    assert search_rows("xã phú xuân")[0] == ("Xã Phú Hồ", "Huế", "gồm xã Phú Xuân cũ")
    assert search_rows("P. Phú Xuân") == [("Phường Phú Xuân", "Huế", "")]
    assert search_rows("phuong phu x", limit=1) == [("Phường Phú Xuân", "Huế", "")]


def test_the_province_may_be_typed_behind_the_ward_or_alone() -> None:
    assert [row[:2] for row in search_rows("tan thanh dong thap")] == [
        ("Xã Tân Thành", "Đồng Tháp"),
        ("Xã Tân Thạnh", "Đồng Tháp"),
    ]
    assert [row[0] for row in search_rows("hue", limit=40)] == [ward.name for ward in places.wards("46")]


def test_numbered_wards_come_in_order() -> None:
    assert [row[0] for row in search_rows("a luoi")] == [f"Xã A Lưới {n}" for n in range(1, 6)]


def test_the_own_province_stands_first_and_may_be_another() -> None:
    assert search_rows("phu", limit=60)[0][1] == "Huế"
    inside = [row[1] == "Huế" for row in search_rows("phu", limit=60)]
    assert inside == sorted(inside, reverse=True)
    assert search("phu xuan", "66")[0].province.short == "Đắk Lắk"


def test_the_beginning_of_a_later_word_finds_too_but_not_its_middle() -> None:
    assert ("Xã Chân Mây - Lăng Cô", "Huế", "") in search_rows("lang co")
    assert not any(row[0] == "Phường Phú Xuân" for row in search_rows("uan"))


def test_each_ward_stands_once_and_no_more_than_asked_for() -> None:
    rows = search("t", limit=500)
    assert len(rows) == 500
    assert len({row.ward.code for row in rows}) == 500
    assert len(search("t", limit=7)) == 7


def test_nothing_typed_shows_the_own_wards() -> None:
    assert [row.ward for row in search("  ", limit=50)] == list(places.wards("46"))


@pytest.mark.parametrize("query", ["vĩ dạ", "vi da", "Vĩ Dạ", "P. Vĩ Dạ"])
def test_a_name_is_found_by_its_sound(query: str) -> None:
    assert [row[0] for row in search_rows(query)] == ["Phường Vỹ Dạ"]


@pytest.mark.parametrize(
    ("query", "ward", "note"),
    [
        ("bao vinh", "Phường Hóa Châu", "có Bao Vinh, phường Hương Vinh cũ"),
        ("bãi dâu", "Phường Phú Xuân", "có Bãi Dâu, phường Phú Hậu cũ"),
        ("đập đá", "Phường Vỹ Dạ", "có Đập Đá, phường Vỹ Dạ cũ"),
        ("chợ mai", "Phường Mỹ Thượng", "có Chợ Mai, phường Phú Thượng cũ"),
        ("thanh toàn", "Phường Thanh Thủy", "có Thanh Toàn, xã Thủy Thanh cũ"),
        ("phò trạch", "Phường Phong Điền", "có Phò Trạch, phường Phong Thu cũ"),
        ("cầu hai", "Xã Phú Lộc", "có Cầu Hai, thị trấn Phú Lộc cũ"),
        ("la sơn", "Xã Hưng Lộc", "có La Sơn, thị trấn Lộc Sơn cũ"),
        ("truoi", "Xã Lộc An", "có Truồi, xã Lộc Điền cũ"),
    ],
)
def test_a_place_that_people_name_leads_to_its_ward(query: str, ward: str, note: str) -> None:
    assert search_rows(query)[0] == (ward, "Huế", note)


@pytest.mark.parametrize("query", ["xyz", "!!", "phu xuan q", "\n", "日本"])
def test_what_is_nowhere_finds_nothing_or_the_own_wards(query: str) -> None:
    assert search(query) == (() if viet_text.fold(query) else search(""))


def test_every_former_ward_is_found_by_its_name() -> None:
    for name, _, code in reference_data.read("old_wards.json")["rows"]:
        short = places.split_kind(name)[1]
        assert code in {row.ward.code for row in search(short)}, name


@given(st.sampled_from([ward.name for province in places.provinces() for ward in places.wards(province.code)]))
def test_every_ward_is_found_by_its_folded_name(name: str) -> None:
    assert name in {row.ward.name for row in search(viet_text.fold(name))}


@given(st.text(max_size=20))
def test_any_query_is_answered(query: str) -> None:
    assert len(search(query, limit=10)) <= 10


# Addresses on cards


@pytest.mark.parametrize(
    ("text", "detail", "ward", "old"),
    [
        ("Tổ 5, Phú Hậu, Thành phố Huế, Thừa Thiên Huế", "Tổ 5", "Phường Phú Xuân", "phường Phú Hậu"),
        ("Tổ 5, phường Phú Hậu, TP. Huế, tỉnh Thừa Thiên Huế", "Tổ 5", "Phường Phú Xuân", "phường Phú Hậu"),
        ("Thôn 2, Lộc Sơn, Phú Lộc, Thừa Thiên Huế", "Thôn 2", "Xã Hưng Lộc", "thị trấn Lộc Sơn"),
        ("Thôn 2, Xã Lộc Sơn, Huyện Phú Lộc, Tỉnh Thừa Thiên Huế", "Thôn 2", "Xã Hưng Lộc", "thị trấn Lộc Sơn"),
        ("Hồng Hạ, A Lưới, Thừa Thiên Huế", "", "Xã A Lưới 5", "xã Hồng Hạ"),
        ("12 Nguyễn Trãi, Tây Lộc, Phú Xuân, Thành phố Huế", "12 Nguyễn Trãi", "Phường Phú Xuân", "phường Tây Lộc"),
        ("3, Kiệt 5, Lê Lợi, Vĩnh Ninh, Huế, TTH", "3, Kiệt 5, Lê Lợi", "Phường Thuận Hóa", "phường Vĩnh Ninh"),
        # An old name that is a present name elsewhere.
        ("Thôn A, Phú Xuân, Phú Vang, Thừa Thiên Huế", "Thôn A", "Xã Phú Hồ", "xã Phú Xuân"),
        ("Phú Vinh, A Lưới, Thừa Thiên Huế", "", "Xã A Lưới 3", "xã Phú Vinh"),
        # Old names that were used twice.
        ("Hương Phong, Thành phố Huế, Thừa Thiên Huế", "", "Phường Hóa Châu", "phường Hương Phong"),
        ("Hương Phong, A Lưới, Thừa Thiên Huế", "", "Xã A Lưới 4", "xã Hương Phong"),
        ("Hương Xuân, Nam Đông, Thừa Thiên Huế", "", "Xã Nam Đông", "xã Hương Xuân"),
        ("Hương Xuân, TX. Hương Trà, T. Thừa Thiên - Huế", "", "Phường Kim Trà", "phường Hương Xuân"),
        # Names that differ by a mark only, and marks put elsewhere.
        ("Thuận Hoà, TP Huế, Thừa Thiên Huế", "", "Phường Phú Xuân", "phường Thuận Hòa"),
        ("Thuỷ Biều, Huế, THỪA THIÊN HUẾ", "", "Phường Thủy Xuân", "phường Thủy Biều"),
        ("Phường Đúc, Thành phố Huế, Thừa Thiên Huế", "", "Phường Thuận Hóa", "phường Phường Đúc"),
        ("P. Phường Đúc, TP. Huế, Thừa Thiên Huế", "", "Phường Thuận Hóa", "phường Phường Đúc"),
        ("Lăng Cô, Phú Lộc, Thừa Thiên Huế", "", "Xã Chân Mây - Lăng Cô", "thị trấn Lăng Cô"),
        # Names that stayed, and cards of today.
        ("An Cựu, Thành phố Huế, Thừa Thiên Huế", "", "Phường An Cựu", ""),
        ("Tổ 1, Phường Phú Xuân, Thành phố Huế", "Tổ 1", "Phường Phú Xuân", ""),
        ("Phú Vinh, Thành phố Huế", "", "Xã Phú Vinh", ""),
        ("Thuận Hóa, Thành phố Huế", "", "Phường Thuận Hóa", ""),
        ("Xã A Lưới 3, Thành phố Huế", "", "Xã A Lưới 3", ""),
        ("Phường Liên Chiểu, Thành phố Đà Nẵng", "", "Phường Liên Chiểu", ""),
        ("Phường Bến Thành, TP. Hồ Chí Minh", "", "Phường Bến Thành", ""),
    ],
)
def test_an_address_that_means_one_ward(text: str, detail: str, ward: str, old: str) -> None:
    resolution = resolve_card(text)
    assert offered(resolution) == [(ward, old)]
    assert (resolution.detail, resolution.exact) == (detail, True)
    assert resolution.candidates[0].since == "2025-07-01"


@pytest.mark.parametrize(
    ("text", "detail", "wards"),
    [
        ("Hương Phong, Thừa Thiên Huế", "", ["Phường Hóa Châu", "Xã A Lưới 4"]),
        ("Tổ 5, Phú Xuân, Thừa Thiên Huế", "Tổ 5", ["Xã Phú Hồ", "Phường Phú Xuân"]),
        ("xã Phú Xuân, thành phố Huế", "", ["Xã Phú Hồ", "Phường Phú Xuân"]),
        ("Phú Vinh, Phú Vang, Thừa Thiên Huế", "", ["Xã A Lưới 3", "Xã Phú Vinh"]),
        # A ward that had changed its district, or was gone before 2025.
        ("Hương Vinh, Hương Trà, Thừa Thiên Huế", "", ["Phường Hóa Châu"]),
        ("Phú Hiệp, Thành phố Huế, Thừa Thiên Huế", "", ["Phường Phú Xuân"]),
        ("Phú Thuận, Thành phố Huế, Thừa Thiên Huế", "", ["Phường Thuận An", "Phường Phú Xuân"]),
        # Only the district is known: all of its wards.
        (
            "Thôn 1, Điền Hải, Phong Điền, Thừa Thiên Huế",
            "Thôn 1, Điền Hải",
            [f"Phường {short}" for short in ("Phong Dinh", "Phong Điền", "Phong Phú", "Phong Quảng", "Phong Thái")],
        ),
        ("Tổ 5, A Lưới, Thừa Thiên Huế", "Tổ 5", [f"Xã A Lưới {n}" for n in range(1, 6)]),
        ("A Lưới, Thừa Thiên Huế", "", ["Xã A Lưới 2"]),
        # Elsewhere no former names are known.
        ("Hòa Khánh Bắc, Liên Chiểu, Đà Nẵng", "Hòa Khánh Bắc", ["Phường Liên Chiểu"]),
        ("Tam Kỳ, Quảng Nam", "", ["Phường Tam Kỳ"]),
        ("Số 1, Bến Thành, Quận 1, TP.HCM", "Số 1", ["Phường Bến Thành"]),
    ],
)
def test_an_address_with_a_doubt_is_offered_and_not_decided(text: str, detail: str, wards: list[str]) -> None:
    resolution = resolve_card(text)
    assert [candidate.ward.name for candidate in resolution.candidates] == wards
    assert (resolution.detail, resolution.exact) == (detail, False)


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("", ""),
        (" ,;, ", ""),
        ("xyz", "xyz"),
        ("Tổ 5, Nơi Nào Đó", "Tổ 5, Nơi Nào Đó"),
        ("Thành phố Huế", ""),
        ("Thôn Xa, Không Có, Sơn La", "Thôn Xa, Không Có"),
        ("Hoa Kỳ", "Hoa Kỳ"),
    ],
)
def test_an_address_that_means_nothing_known_offers_nothing(text: str, detail: str) -> None:
    assert resolve_card(text) == Resolution(detail, (), exact=False)


def test_every_former_ward_with_its_district_means_one_ward() -> None:
    for name, district, code in reference_data.read("old_wards.json")["rows"]:
        for text in (
            f"{name}, {district}, Thành phố Huế",
            f"Tổ 1, {places.split_kind(name)[1]}, {district}, Thừa Thiên Huế",
        ):
            resolution = resolve_card(text)
            assert [candidate.ward.code for candidate in resolution.candidates] == [code], text
            assert resolution.exact, text


@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from(["Huế", "Phú Xuân", "TP.", "xã", "", "Thừa Thiên Huế", "A Lưới", ",", "Quận"])).map(
        ", ".join
    )
)
def test_any_address_is_answered_and_each_ward_offered_once(text: str) -> None:
    resolution = resolve_card(text)
    codes = [candidate.ward.code for candidate in resolution.candidates]
    assert len(codes) == len(set(codes))
    assert not resolution.exact or len(codes) == 1


# Showing an answer


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        ({"provinceCode": "46", "wardCode": "19753", "detail": "Tổ 5"}, "Tổ 5, phường Phú Xuân, thành phố Huế"),
        ({"provinceCode": "46", "wardCode": "19753"}, "phường Phú Xuân, thành phố Huế"),
        ({"provinceCode": "46", "detail": "Tổ 5"}, "Tổ 5, thành phố Huế"),
        ({"card": "Tổ 5, Phú Hậu, Huế", "detail": ""}, "Tổ 5, Phú Hậu, Huế"),
        ({"provinceCode": "46", "wardCode": "19753", "detail": None, "card": "x"}, "phường Phú Xuân, thành phố Huế"),
        ({"provinceCode": "99", "wardCode": "99999", "detail": "Tổ 5"}, "Tổ 5"),
        ({}, ""),
    ],
)
def test_an_answer_stands_on_one_line(answer: dict[str, str], line: str) -> None:
    assert places.display(answer) == line


@pytest.mark.parametrize(
    ("text", "kind", "rest"),
    [
        *(("Phường Phú Xuân", "phường", "Phú Xuân"), ("P.5", "phường", "5"), ("TT. Sịa", "thị trấn", "Sịa")),
        *(("Đặc khu Côn Đảo", "đặc khu", "Côn Đảo"), ("TP Huế", "thành phố", "Huế"), ("T. Huế", "tỉnh", "Huế")),
        *(("Tây Lộc", "", "Tây Lộc"), ("Xuân Phú", "", "Xuân Phú"), ("Xã", "", "Xã"), ("", "", "")),
    ],
)
def test_a_unit_s_kind_is_told_from_its_name(text: str, kind: str, rest: str) -> None:
    assert places.split_kind(text) == (kind, rest)


def test_the_former_wards_are_all_there_and_lead_into_the_forty_of_today() -> None:
    rows = json.loads((Path(reference_data.FOLDER) / "old_wards.json").read_text("utf-8"))["rows"]
    assert len(rows) == len({(name, district) for name, district, _ in rows}) == 133
    assert {code for *_, code in rows} == {ward.code for ward in places.wards("46")}
