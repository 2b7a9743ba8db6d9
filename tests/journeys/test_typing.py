"""Typed text, hostile text included: nothing is lost, run, or printed unescaped."""

import re
import unicodedata
from datetime import date, timedelta

import pytest

from kiosk.pages.forms.typed_dates import LONGEST_DAY
from kiosk.vietnam import calendar
from tests.journeys import submission_checks
from tests.journeys.people import begin_birth, father, mother_registers, peoples, reach_check_page, submit
from tests.journeys.walker import Walker

WHERE = {"con_noi_sinh": "birth:0"}


def _to_the_name(walker: Walker) -> Walker:
    begin_birth(walker)
    mother_registers(walker)
    return father(walker)


def _to_the_day(walker: Walker) -> Walker:
    return _to_the_name(walker).fill(con_ho_ten="Trần Bảo Ngọc", con_gioi_tinh="nu")


def _method(walker: Walker) -> str:
    """Return the typing method that the keyboard of a page starts with."""
    found = re.search(r'data-method="(\w+)"', walker.page)
    assert found, walker.at
    return found[1]


def test_the_typing_method_is_kept_until_the_visit_ends(walker: Walker) -> None:
    _to_the_name(walker)
    here = walker.at
    assert _method(walker) == "easy"
    walker.post("/set", name="typing", value="telex", back=here)
    assert _method(walker) == "telex"
    walker.post("/set", name="typing", value="hack", back=here)
    assert _method(walker) == "telex"
    walker.go("/leave").press("/leave")
    _to_the_name(walker.go("/"))
    assert _method(walker) == "easy"


def _born(day: str, month: str, year: str) -> dict[str, str]:
    return {"con_ngay_sinh.d": day, "con_ngay_sinh.m": month, "con_ngay_sinh.y": year} | WHERE


@pytest.mark.parametrize(
    ("day", "month", "year", "words"),
    [
        ("31", "2", "2026", "Tháng 2 năm 2026 không có ngày 31"),
        ("31", "11", "2026", "Tháng 11 năm 2026 không có ngày 31"),
        ("29", "2", "2026", "Tháng 2 năm 2026 không có ngày 29"),
        ("12", "13", "2026", "12 tháng"),
        ("25", "11", "2026", "sau hôm nay"),
        ("12", "11", "2062", "sau hôm nay"),
        ("", "", "2026", "Còn thiếu ngày"),
        ("12", "", "2026", "Còn thiếu ngày"),
        ("12", "11", "26", "Năm ghi đủ bốn chữ số, như 2026"),
        ("12", "11", "66", "Năm ghi đủ bốn chữ số, như 1966"),
        ("mười", "11", "2026", "chỉ ghi bằng số"),
        ("١٢", "11", "2026", "chỉ ghi bằng số"),
        ("12", "11", "1026", "xa quá"),
        ("0", "11", "2026", "không có ngày 0"),
        ("-1", "11", "2026", "chỉ ghi bằng số"),
    ],
)
def test_an_impossible_date_is_an_error_and_stays_in_its_boxes(
    walker: Walker, day: str, month: str, year: str, words: str
) -> None:
    _to_the_day(walker).fill(_born(day, month, year))
    assert walker.at == "/form/sinh_luc_nao"
    assert words in walker.words
    sends = walker.form().sends
    assert [sends[f"con_ngay_sinh.{box}"] for box in "dmy"] == [day, month, year]
    walker.go("/form/sinh_luc_nao")
    assert walker.form().sends["con_ngay_sinh.d"] == day, "a reload keeps it too"


@pytest.mark.parametrize(("year", "words"), [("1922", "Sinh năm 1922, đến nay 104 năm."), ("1942", "")])
def test_a_birth_date_of_a_hundred_years_ago_is_asked_about_and_taken(walker: Walker, year: str, words: str) -> None:
    begin_birth(walker).press("by-hand").fill(nyc_ho_ten="Lê Thị Bưởi")
    born = {"nyc_ngay_sinh.d": "12", "nyc_ngay_sinh.m": "3", "nyc_ngay_sinh.y": year}
    here = walker.html, walker.at
    walker.post(f"{walker.at}/say", **born)
    assert ("Có đúng không?" in walker.words) == bool(words)
    assert words in walker.words
    walker.html, walker.at = here
    walker.fill(born)
    assert walker.at == "/form/nguoi_khai.paper"


def test_today_is_a_birthday(walker: Walker) -> None:
    _to_the_day(walker).fill(_born("24", "11", "2026"))
    assert walker.at == "/form/dan_toc_que_quan"


STRANGE = {
    "markup": "<script>alert(1)</script>",
    "picture": "<img src=x onerror=alert(1)>",
    "quotes": '" onfocus="alert(1)',
    "template": "{{ 7 * 7 }}",
    "printer bytes": "An\x1b@\x1dV\x00 Bình",
    "right to left": "An \u202eBình",
    "zero width": "An\u200b Bình",
    "line feed": "An\r\nX-Injected: 1",
    "300 letters": "Nguyễn " * 43,
    "digits": "An 123",
    "sql": "An'); drop table drafts;--",
}


@pytest.mark.parametrize("typed", STRANGE.values(), ids=STRANGE)
def test_a_strange_name_is_never_lost_and_never_run(walker: Walker, typed: str) -> None:
    _to_the_name(walker).fill(con_ho_ten=typed, con_gioi_tinh="nu")
    for raw in ("<script>alert", "<img src=x", '" onfocus="', "\x1b", "\u202e"):
        assert raw not in walker.page
    assert "49" not in walker.form_or_none("answer").sends.get("con_ho_ten", "")
    if walker.at == "/form/ten_be":
        assert 'class="summary"' in walker.page
    walker.go("/form/ten_be")
    sent_name = walker.form().sends["con_ho_ten"]
    readable = " ".join("".join(ch for ch in typed if unicodedata.category(ch)[0] != "C" or ch in "\r\n").split())
    assert " ".join(sent_name.split()) in {" ".join(typed.split()), readable}


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKD"])
def test_a_name_is_normalised_however_it_was_typed(walker: Walker, form: str) -> None:
    _to_the_name(walker).fill(con_ho_ten=unicodedata.normalize(form, "Trần Thị Thuỷ Ễnh"), con_gioi_tinh="nu")
    walker.fill(_born("12", "11", "2026"))
    peoples(walker)
    submit(reach_check_page(walker))
    assert submission_checks.checked_body(walker.context, "A")["form"]["answers"]["con_ho_ten"] == "Trần Thị Thuỷ Ễnh"


@pytest.mark.parametrize("name", ["Zơ Râm Thị Klŏng", "H'Wiên Mlô", "Y-Kôp Niê", "Kpă Blúp", "Lê Ô"])
def test_names_of_the_mountains_are_kept_letter_for_letter(walker: Walker, name: str) -> None:
    _to_the_name(walker).fill(con_ho_ten=name, con_gioi_tinh="nu")
    assert walker.at == "/form/sinh_luc_nao", walker.words
    assert walker.go("/form/ten_be").form().sends["con_ho_ten"] == name


def test_an_empty_page_names_what_is_absent_and_keeps_what_is_there(walker: Walker) -> None:
    _to_the_name(walker).fill(con_gioi_tinh="nu")
    assert walker.at == "/form/ten_be"
    assert "Chưa" in walker.words
    assert walker.form().sends["con_gioi_tinh"] == "nu"


def test_an_answer_that_no_page_offers_is_refused(walker: Walker) -> None:
    _to_the_name(walker).post("/form/ten_be", con_ho_ten="Trần Bảo Ngọc", con_gioi_tinh="khac")
    assert walker.at == "/form/ten_be"
    assert 'class="summary"' in walker.page


def test_what_is_typed_in_the_search_is_shown_as_text(walker: Walker) -> None:
    walker.go("/choose?q=<script>alert(1)</script>")
    assert "<script>alert" not in walker.page
    assert walker.answer.status_code == 200
    walker.go("/choose?q=" + "a" * 9000)
    assert walker.answer.status_code == 200


def test_the_place_of_issue_that_was_typed_is_kept(walker: Walker) -> None:
    begin_birth(walker).press("by-hand")
    walker.fill(nyc_ho_ten="Nguyễn Thị Diệu Hiền")
    walker.fill({"nyc_ngay_sinh.d": "12", "nyc_ngay_sinh.m": "3", "nyc_ngay_sinh.y": "1996"})
    paper = "nyc_giay_to_tuy_than"
    walker.fill({f"{paper}.loai": "ho_chieu", f"{paper}.so": "?", f"{paper}.noi_cap": "Cục Quản lý xuất nhập cảnh"})
    assert 'class="summary"' in walker.page
    assert walker.form().sends[f"{paper}.noi_cap"] == "Cục Quản lý xuất nhập cảnh"
    walker.fill({f"{paper}.loai": "ho_chieu", f"{paper}.so": "C1234567"})
    walker.go("/form/nguoi_khai.paper")
    assert walker.form().sends[f"{paper}.noi_cap"] == "Cục Quản lý xuất nhập cảnh"


def test_the_room_below_a_date_is_kept_for_the_longest_words_of_any_date() -> None:
    days = (date(1900, 1, 1) + timedelta(days=day) for day in range(150 * 365))
    longest = max(len(calendar.date_aloud(str(day), with_weekday=True)) for day in days)
    assert len(calendar.date_aloud(LONGEST_DAY, with_weekday=True)) == longest
