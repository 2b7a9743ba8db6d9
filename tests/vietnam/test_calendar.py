"""Working days, opening hours, dates from boxes, numbers and dates in words."""

import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

import pytest
from holidays import country_holidays
from hypothesis import given
from hypothesis import strategies as st

from kiosk.base.clock import WARD
from kiosk.vietnam import calendar as days

TABLE = days.calendar()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WARD)


# Computed with another package, the day of receipt not counted.
@pytest.mark.parametrize(
    ("received", "working_days", "due"),
    [
        ("2026-11-23", 1, "2026-11-25"),
        ("2026-11-23", 3, "2026-11-27"),
        ("2026-11-20", 3, "2026-11-26"),
        ("2026-12-31", 1, "2027-01-04"),
        ("2027-02-02", 3, "2027-02-12"),
        ("2027-04-15", 1, "2027-04-19"),
        ("2027-04-29", 3, "2027-05-06"),
    ],
)
def test_deadlines_leave_out_weekends_and_holidays(received: str, working_days: int, due: str) -> None:
    assert TABLE.due(at(f"{received}T09:00"), working_days) == date.fromisoformat(due)
    assert TABLE.due(at(f"{received}T16:59"), working_days) == date.fromisoformat(due)


def test_five_hundred_random_days_agree_with_another_calendar() -> None:
    """Compare with another package, which has the holidays of the law; the day of receipt never counts."""
    known = country_holidays("VN", years=(2026, 2027))
    chance = Random(20261125)
    for _ in range(500):
        received = date(2026, 1, 1) + timedelta(days=chance.randrange(700))
        working_days = chance.randrange(1, 25)
        if received + timedelta(days=60) >= date(2028, 1, 1):
            continue
        due = known.get_nth_working_day(received, working_days)
        assert TABLE.due(at(f"{received}T08:15"), working_days) == due, (received, working_days)


def test_a_ward_takes_a_worked_saturday_off() -> None:
    saturday = date(2026, 8, 22)
    assert TABLE.is_working(saturday)
    closed = days.calendar(off=[saturday])
    assert not closed.is_working(saturday)
    assert TABLE.open_hours(saturday) == days.OFFICE_HOURS[0]
    assert closed.open_hours(saturday) == ()
    mornings = {**days.OFFICE_HOURS, 5: days.OFFICE_HOURS[0][:1]}
    assert days.calendar(off=[saturday], hours=mornings).open_hours(saturday) == ()
    assert (TABLE.after(date(2026, 8, 21), 1), closed.after(date(2026, 8, 21), 1)) == (saturday, date(2026, 8, 24))


def test_a_ward_that_takes_forms_on_saturday_mornings_counts_no_saturday() -> None:
    saturday = {**days.OFFICE_HOURS, 5: ((time(7, 0), time(11, 30)),)}
    table = days.calendar(hours=saturday)
    assert table.is_open(at("2026-11-28T09:00"))
    assert table.due(at("2026-11-28T09:00"), 3) == date(2026, 12, 2)
    assert table.due(at("2026-11-28T09:00"), 0) == date(2026, 11, 30)
    assert table.due(at("2026-11-27T09:00"), 1) == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-25T14:59:59", "2026-11-25"),
        ("2026-11-25T15:00:00", "2026-11-25"),
        ("2026-11-25T15:00:01", "2026-11-26"),
        ("2026-11-23T15:30:00", "2026-11-25"),  # 24/11 is a holiday
        ("2026-11-27T16:00:00", "2026-11-30"),  # a Friday
        ("2026-11-28T09:00:00", "2026-11-30"),  # a Saturday
        ("2026-08-22T09:00:00", "2026-08-22"),  # a worked Saturday
    ],
)
def test_the_same_day_ends_at_three_in_the_afternoon(received: str, due: str) -> None:
    assert TABLE.due(at(received), 0) == date.fromisoformat(due)


def test_the_ward_s_day_counts_not_utc_s() -> None:
    late_evening_utc = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # Monday 6:30 in the ward
    assert TABLE.due(late_evening_utc, 0) == date(2026, 11, 23)


def test_a_worked_saturday_counts_and_a_ward_lays_its_own_days_over_the_table() -> None:
    assert TABLE.is_working(date(2026, 8, 22))
    swapped = days.calendar(off=[date(2026, 11, 25)], worked=[date(2026, 11, 24), date(2026, 11, 28)])
    assert swapped.is_working(date(2026, 11, 24))
    assert not swapped.is_working(date(2026, 11, 25))
    assert swapped.after(date(2026, 11, 27), 1) == date(2026, 11, 28)


def test_a_year_that_is_not_announced_is_not_certain() -> None:
    assert TABLE.is_certain(date(2026, 12, 31))
    assert not TABLE.is_certain(date(2027, 2, 4))
    assert not TABLE.is_certain(date(2028, 1, 1))


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(0, 30))
def test_counting_the_working_days_back_gives_the_number(first: date, number: int) -> None:
    last = TABLE.after(first, number)
    days_after = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    assert sum(map(TABLE.is_working, days_after)) == number
    assert number == 0 or TABLE.is_working(last)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-25T06:59:59", False),
        ("2026-11-25T07:00:00", True),
        ("2026-11-25T11:30:00", False),
        ("2026-11-25T13:30:00", True),
        ("2026-11-25T17:00:00", False),
        ("2026-11-24T09:00:00", False),
        ("2026-11-28T09:00:00", False),
        ("2026-08-22T09:00:00", True),
    ],
)
def test_the_counter_is_open_in_office_hours(moment: str, *, is_open: bool) -> None:
    assert TABLE.is_open(at(moment)) == is_open


def test_a_saturday_opening_takes_forms_but_counts_for_no_deadline() -> None:
    morning = days.calendar(hours={**days.OFFICE_HOURS, 5: ((time(7, 30), time(11, 0)),)})
    assert morning.is_open(at("2026-11-28T08:00"))
    assert morning.due(at("2026-11-28T08:00"), 1) == date(2026, 11, 30)
    assert morning.next_opening(at("2026-11-27T17:30")) == at("2026-11-28T07:30")


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-11-23T12:00", "2026-11-23T13:30"),
        ("2026-11-23T17:00", "2026-11-25T07:00"),
        ("2026-11-23T07:00", "2026-11-23T13:30"),
        ("2027-02-03T18:00", "2027-02-11T07:00"),
    ],
)
def test_the_next_opening_skips_nights_and_holidays(moment: str, opening: str) -> None:
    assert TABLE.next_opening(at(moment)) == at(opening)


def test_a_counter_that_never_opens_says_so() -> None:
    assert days.calendar(hours={}).next_opening(at("2026-11-25T08:00")) is None


# Dates from three boxes


TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("boxes", "iso"),
    [(("12", "3", "1996"), "1996-03-12"), ((" 29 ", "02", "2024"), "2024-02-29"), (("24", "11", "2026"), "2026-11-24")],
)
def test_three_boxes_are_a_date(boxes: tuple[str, str, str], iso: str) -> None:
    assert days.read_date(*boxes, today=TODAY) == iso


@pytest.mark.parametrize(
    ("boxes", "iso"), [(("", "", "1942"), "1942"), (("", "5", "1942"), "1942-05"), (("", "", "2026"), "2026")]
)
def test_where_allowed_a_year_or_a_month_and_year_will_do(boxes: tuple[str, str, str], iso: str) -> None:
    assert days.read_date(*boxes, today=TODAY, partial=True) == iso
    assert days.read_date(*boxes, today=TODAY) == days.DateError("incomplete")


@pytest.mark.parametrize(
    "boxes",
    [
        *(("", "", ""), ("1", "", "1996"), ("1", "2", ""), ("1", "2", "96"), ("a", "2", "1996"), ("-1", "2", "1996")),
        *(("１", "2", "1996"), ("1", "2", "19966"), ("²", "2", "1996")),
    ],
)
def test_boxes_that_are_not_full_are_incomplete(boxes: tuple[str, str, str]) -> None:
    assert days.read_date(*boxes, partial=True) == days.DateError("incomplete")


@pytest.mark.parametrize(
    ("boxes", "fault"),
    [
        (("31", "2", "2026"), days.DateError(kind="not_real", day=31, month=2, year=2026)),
        (("29", "2", "2025"), days.DateError(kind="not_real", day=29, month=2, year=2025)),
        (("1", "13", "2026"), days.DateError(kind="not_real", day=1, month=13, year=2026)),
        (("0", "1", "2026"), days.DateError(kind="not_real", day=0, month=1, year=2026)),
        (("25", "11", "2026"), days.DateError(kind="future", day=25, month=11, year=2026)),
        (("1", "1", "1899"), days.DateError(kind="too_old", day=1, month=1, year=1899)),
        (("1", "1", "0000"), days.DateError(kind="too_old", day=1, month=1, year=0)),
        (("", "12", "2026"), days.DateError(kind="future", day=None, month=12, year=2026)),
        (("", "", "2027"), days.DateError(kind="future", day=None, month=None, year=2027)),
        (("", "13", "1942"), days.DateError(kind="not_real", day=None, month=13, year=1942)),
    ],
)
def test_a_date_that_cannot_be_says_why(boxes: tuple[str, str, str], fault: days.DateError) -> None:
    assert days.read_date(*boxes, today=TODAY, partial=True) == fault


def test_without_today_a_date_may_lie_ahead() -> None:
    assert days.read_date("1", "1", "2030") == "2030-01-01"


@given(st.text(max_size=5), st.text(max_size=5), st.text(max_size=6), st.booleans())
def test_anything_in_the_boxes_is_a_date_or_a_fault(day: str, month: str, year: str, partial: bool) -> None:
    assert isinstance(days.read_date(day, month, year, today=TODAY, partial=partial), str | days.DateError)


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)))
def test_every_day_of_the_calendar_can_be_read(day: date) -> None:
    assert days.read_date(str(day.day), str(day.month), str(day.year)) == day.isoformat()


def test_dates_are_shown_as_people_write_them() -> None:
    assert [days.format_date(iso) for iso in ("2026-11-12", "2026-11", "1942", "")] == [
        "12/11/2026",
        "11/2026",
        "1942",
        "",
    ]


# Words, against a table made by hand

BELOW_HUNDRED = re.split(r"[|\n]", (Path(__file__).parent / "numbers_below_hundred.txt").read_text("utf-8").strip())


@pytest.mark.parametrize("number", range(100))
def test_numbers_below_a_hundred_are_as_in_the_table(number: int) -> None:
    assert days.number_in_words(number) == BELOW_HUNDRED[number]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (100, "một trăm"),
        (101, "một trăm linh một"),
        (105, "một trăm linh năm"),
        (110, "một trăm mười"),
        (115, "một trăm mười lăm"),
        (321, "ba trăm hai mươi mốt"),
        (1000, "một nghìn"),
        (1001, "một nghìn không trăm linh một"),
        (1942, "một nghìn chín trăm bốn mươi hai"),
        (1996, "một nghìn chín trăm chín mươi sáu"),
        (2000, "hai nghìn"),
        (2005, "hai nghìn không trăm linh năm"),
        (2010, "hai nghìn không trăm mười"),
        (2024, "hai nghìn không trăm hai mươi bốn"),
        (2026, "hai nghìn không trăm hai mươi sáu"),
        (8000, "tám nghìn"),
        (15_000, "mười lăm nghìn"),
        (500_000, "năm trăm nghìn"),
        (1_005_000, "một triệu không trăm linh năm nghìn"),
        (1_250_000, "một triệu hai trăm năm mươi nghìn"),
        (1_000_005, "một triệu không trăm linh năm"),
        (3_000_000_000, "ba tỷ"),
        (2_000_000_000_000, "hai nghìn tỷ"),
    ],
)
def test_greater_numbers_in_words(number: int, words: str) -> None:
    assert days.number_in_words(number) == words


def test_a_number_below_zero_has_no_words_here() -> None:
    with pytest.raises(ValueError, match="from 0"):
        days.number_in_words(-1)


def value_of(words: list[str]) -> int:
    """Parse number words, by the rules of speech and not by those of the code under test."""
    for name, size in (("tỷ", 10**9), ("triệu", 10**6), ("nghìn", 1000), ("trăm", 100)):
        if name in words:
            cut = len(words) - 1 - words[::-1].index(name) if name == "tỷ" else words.index(name)
            return value_of(words[:cut]) * size + value_of(words[cut + 1 :])
    plain = [word for word in words if word != "linh"]
    return BELOW_HUNDRED.index(" ".join(plain)) if plain else 0


@given(st.integers(0, 10**12))
def test_a_number_comes_back_from_its_words(number: int) -> None:
    assert value_of(days.number_in_words(number).split()) == number


@pytest.mark.parametrize(
    ("iso", "words"),
    [
        ("2026-11-12", "ngày mười hai, tháng mười một, năm hai nghìn không trăm hai mươi sáu"),
        ("2026-11-03", "ngày ba, tháng mười một, năm hai nghìn không trăm hai mươi sáu"),
        ("2024-04-01", "ngày một, tháng tư, năm hai nghìn không trăm hai mươi bốn"),
        ("2005-01-31", "ngày ba mươi mốt, tháng một, năm hai nghìn không trăm linh năm"),
        ("2000-12-15", "ngày mười lăm, tháng mười hai, năm hai nghìn"),
        ("1999-05-24", "ngày hai mươi bốn, tháng năm, năm một nghìn chín trăm chín mươi chín"),
        ("1942", "năm một nghìn chín trăm bốn mươi hai"),
        ("1942-04", "tháng tư, năm một nghìn chín trăm bốn mươi hai"),
    ],
)
def test_dates_in_words_as_a_form_has_them(iso: str, words: str) -> None:
    assert days.date_in_words(iso) == words


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_a_date_comes_back_from_its_words(day: date) -> None:
    of_day, of_month, of_year = days.date_in_words(day.isoformat()).split(", ")
    assert value_of(of_day.removeprefix("ngày ").split()) == day.day
    assert value_of(of_month.removeprefix("tháng ").replace("tư", "bốn").split()) == day.month
    assert value_of(of_year.removeprefix("năm ").split()) == day.year


def test_dates_as_they_are_said() -> None:
    assert days.date_aloud("2026-11-03") == "ngày ba tháng mười một năm hai nghìn không trăm hai mươi sáu"
    assert days.date_aloud("2026-12-03", with_year=False, with_weekday=True) == "thứ Năm, ngày ba tháng mười hai"
    assert days.date_aloud("1942", with_weekday=True, with_year=False) == "năm một nghìn chín trăm bốn mươi hai"
    assert days.date_aloud("1942-04") == "tháng tư năm một nghìn chín trăm bốn mươi hai"


def test_the_days_of_the_week_have_their_names() -> None:
    sunday = date(2026, 11, 29)
    assert [days.weekday(sunday + timedelta(days=n)) for n in range(3)] == ["Chủ nhật", "thứ Hai", "thứ Ba"]
