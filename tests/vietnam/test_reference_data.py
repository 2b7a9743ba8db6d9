"""Reference data: complete, with source, date and licence; searches in its short lists."""

import json
import tomllib
import unicodedata
from datetime import date

import pytest

from kiosk.vietnam import countries, ethnic_groups, phones, reference_data

FILES = sorted(path.name for path in reference_data.FOLDER.iterdir() if path.suffix in (".json", ".toml"))


@pytest.mark.parametrize("name", FILES)
def test_every_file_says_what_it_is_where_from_when_and_under_which_licence(name: str) -> None:
    meta = reference_data.read(name)["meta"]
    assert all(meta[key] for key in ("what", "source", "as_of", "licence"))
    assert name in (reference_data.FOLDER / "NOTICE.md").read_text("utf-8")


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_composed_vietnamese(name: str) -> None:
    assert unicodedata.is_normalized("NFC", (reference_data.FOLDER / name).read_text("utf-8"))


def test_a_file_is_read_once_and_as_it_stands() -> None:
    assert reference_data.read("ethnic_groups.toml") is reference_data.read("ethnic_groups.toml")
    assert reference_data.read("units.json") == json.loads((reference_data.FOLDER / "units.json").read_bytes())
    assert reference_data.read("holidays.toml") == tomllib.loads(
        (reference_data.FOLDER / "holidays.toml").read_text("utf-8")
    )


def test_codes_of_places_are_unique_and_of_their_length() -> None:
    rows = reference_data.read("units.json")["provinces"]
    wards = [code for row in rows for code, _ in row["wards"]]
    assert len(wards) == len(set(wards)) == 3321
    assert {len(code) for code in wards} == {5}
    assert {len(row["code"]) for row in rows} == {2}
    kinds = [name.split(" ")[0] for row in rows for _, name in row["wards"]]
    assert [kinds.count(kind) for kind in ("Phường", "Xã", "Đặc")] == [709, 2599, 13]


def test_the_63_codes_of_birth_lead_to_provinces_of_today() -> None:
    rows = reference_data.read("id_provinces.json")["rows"]
    present = {row["code"] for row in reference_data.read("units.json")["provinces"]}
    assert len({code for code, *_ in rows}) == 63
    assert {now for *_, now in rows} == present


def test_holidays_lie_in_their_year_and_are_never_also_worked() -> None:
    for year in reference_data.read("holidays.toml")["year"]:
        assert {day.year for day in (*year["off"], *year["worked"])} == {year["year"]}
        assert not set(year["off"]) & set(year["worked"])
    off = reference_data.read("holidays.toml")["year"][0]["off"]
    assert date(2026, 11, 24) in off


# Ethnic groups


def test_the_peoples_are_fifty_four_and_foreigners() -> None:
    groups = ethnic_groups.ethnic_groups()
    assert len({group.code for group in groups}) == len({group.name for group in groups}) == 55
    assert [group.name for group in groups[:4]] == ["Ba-na", "Bố Y", "Brâu", "Bru-Vân Kiều"]
    assert groups[-1].name == "Người nước ngoài"
    assert set(reference_data.ethnic_names()) == {group.name for group in groups}


def test_what_is_met_in_hue_stands_first() -> None:
    assert [group.name for group in ethnic_groups.search("")[:5]] == ["Kinh", "Ta-ôi", "Cơ-tu", "Bru-Vân Kiều", "Ba-na"]
    assert [group.name for group in ethnic_groups.search("", first=["Tày"])[:2]] == ["Tày", "Ba-na"]
    assert len(ethnic_groups.search("")) == 55


@pytest.mark.parametrize(
    ("query", "name"),
    [
        *(
            ("ta oi", "Ta-ôi"),
            ("Tà Ôi", "Ta-ôi"),
            ("taoi", "Ta-ôi"),
            ("pa co", "Ta-ôi"),
            ("co tu", "Cơ-tu"),
            ("katu", "Cơ-tu"),
        ),
        *(
            ("van kieu", "Bru-Vân Kiều"),
            ("hmong", "Mông"),
            ("h'mông", "Mông"),
            ("khmer", "Khơ-me"),
            ("m’nông", "Mnông"),
        ),
        *(("viet", "Kinh"), ("ede", "Ê-đê"), ("nuoc ngoai", "Người nước ngoài")),
    ],
)
def test_a_people_is_found_by_any_of_its_names(query: str, name: str) -> None:
    assert ethnic_groups.search(query)[0].name == name


def test_a_whole_name_stands_before_the_beginning_of_another() -> None:
    assert ethnic_groups.search("co")[0].name == "Co"
    assert ethnic_groups.search("tho")[0].name == "Thổ"
    assert ethnic_groups.search("xyz") == ()
    assert len(ethnic_groups.search("", limit=3)) == 3


# Countries


def test_the_countries_are_those_of_the_iso_list_with_ours_first() -> None:
    all_countries = countries.countries()
    assert len(all_countries) == 249
    assert [country.name for country in all_countries[:4]] == ["Việt Nam", "Ả Rập Xê-út", "Afghanistan", "Ai Cập"]
    assert list(reference_data.countries()) == sorted(country.code for country in all_countries)
    assert reference_data.countries()["LA"] == "Lào"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        *(("lao", "LA"), ("my", "US"), ("hoa ky", "US"), ("united states", "US"), ("uc", "AU"), ("han quoc", "KR")),
        *(
            ("trung quoc", "CN"),
            ("duc", "DE"),
            ("germany", "DE"),
            ("campuchia", "KH"),
            ("mien dien", "MM"),
            ("viet", "VN"),
        ),
    ],
)
def test_a_country_is_found_in_either_language(query: str, code: str) -> None:
    assert countries.search(query)[0].code == code


def test_a_country_has_both_names_by_its_code() -> None:
    (country,) = [country for country in countries.countries() if country.code == "US"]
    assert (country.name, country.name_en) == ("Hoa Kỳ", "United States")


# Telephones


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        *(("0905000123", "mobile"), ("0371234567", "mobile"), ("02343822222", "landline"), ("0234382222", "landline")),
        *(
            ("01629876543", "old"),
            ("0405000123", ""),
            ("090500012", ""),
            ("09050001234", ""),
            ("", ""),
            ("０905000123", ""),
        ),
    ],
)
def test_numbers_are_of_a_kind(number: str, kind: str) -> None:
    assert phones.kind(number) == kind


@pytest.mark.parametrize(
    ("number", "new"),
    [
        ("01629876543", "0329876543"),
        ("01201234567", "0701234567"),
        ("01990000001", "0590000001"),
        ("01100000000", ""),
        ("0905000123", ""),
    ],
)
def test_an_old_mobile_number_has_a_successor(number: str, new: str) -> None:
    assert phones.current_number(number) == new
    assert phones.kind(new) == ("mobile" if new else "")


def test_numbers_are_shown_in_groups() -> None:
    assert phones.grouped("0905000123") == "0905 000 123"
    assert phones.grouped("02343822222") == "02343822222"
