from dataclasses import replace
from datetime import date

import pytest

from kiosk.procedures import fees
from kiosk.procedures.base import Words
from kiosk.procedures.model import AnswerOption, CouncilResolution, Fee
from tests.procedures.texts import DAY, procedure


def copies_fee(pages: int, copies: int = 1) -> int | None:
    (fee,) = procedure("2.000815").fees
    return fees.total(fee, {"giay_to": [{"ten": "hoc_ba", "so_trang": pages, "so_ban": copies}]})


@pytest.mark.parametrize(
    ("pages", "copies", "dong"),
    [(1, 1, 2000), (2, 1, 4000), (3, 1, 5000), (12, 2, 28000), (198, 1, 200000), (199, 1, 200000), (500, 3, 600000)],
)
def test_copies_are_paid_by_their_pages(pages: int, copies: int, dong: int) -> None:
    """Circular 226/2016/TT-BTC: 2,000 for each of the first two pages, then 1,000; at most 200,000 a copy."""
    assert copies_fee(pages, copies) == dong


def test_papers_are_added_up() -> None:
    (fee,) = procedure("2.000815").fees
    rows = [{"so_trang": 1, "so_ban": 2}, {"so_trang": 3, "so_ban": 1}]
    assert fees.total(fee, {"giay_to": rows}) == 9000
    assert fees.count(fee, {"giay_to": rows}) == 3


def test_what_is_multiplied_by_nothing_is_not_due() -> None:
    form = procedure("2.000884")
    assert fees.due(form, {}, DAY) == []
    assert [fees.total(fee, {"so_luong": 3}) for fee in fees.due(form, {"so_luong": 3}, DAY)] == [30000]


def test_a_level_that_is_not_known_has_no_total() -> None:
    assert fees.total(Fee("x", Words("a", "b")), {}) is None


def test_a_fee_is_in_force_on_its_days() -> None:
    form = procedure("2.000884")
    dated = Fee("x", Words("a", "b"), 1000, from_=date(2026, 8, 15), to=date(2027, 2, 28))
    form = replace(form, fees=(dated,))
    days = {(2026, 8, 14): False, (2026, 8, 15): True, (2027, 2, 28): True, (2027, 3, 1): False}
    assert {day: bool(fees.in_force(form, date(*day))) for day in days} == days


def test_a_resolution_without_a_first_day_holds_from_its_own_day() -> None:
    resolution = CouncilResolution("7/2026/NQ-HĐND", date(2026, 12, 8))
    form = replace(procedure("2.000884"), fees=(Fee("x", Words("a", "b"), 1000, resolution=resolution),))
    known = {date(2026, 12, 7): None, date(2026, 12, 8): 1000, date(2030, 1, 1): 1000}
    assert {day: fees.in_force(form, day)[0].amount for day in known} == known


def test_the_exemptions_of_a_resolution_end_with_it() -> None:
    law = AnswerOption("ngheo", Words("Hộ nghèo", "Poor"))
    city = AnswerOption("can_ngheo", Words("Hộ cận nghèo", "Near poor"))
    resolution = CouncilResolution("7/2026/NQ-HĐND", date(2026, 7, 9), from_=date(2026, 8, 1), to=date(2026, 12, 31))
    fee = Fee("x", Words("a", "b"), 1000, resolution=resolution, options=(law,), local_options=(city,))
    form = replace(procedure("2.000884"), fees=(fee,))
    for day, wanted in {
        date(2026, 7, 31): ["ngheo"],
        date(2026, 8, 1): ["ngheo", "can_ngheo"],
        date(2026, 12, 31): ["ngheo", "can_ngheo"],
        date(2027, 1, 1): ["ngheo"],
    }.items():
        (present,) = fees.in_force(form, day)
        assert [option.id for option in fees.exemptions(present)] == wanted, day
