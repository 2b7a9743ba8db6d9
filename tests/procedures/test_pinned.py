"""Fees and terms against a second source, so that a changed digit in a procedure file is noticed."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kiosk.procedures import fees
from kiosk.procedures.official_records import read_records
from tests.procedures.texts import FILES, procedure

PINNED: dict[str, Any] = tomllib.loads((Path(__file__).parent / "pinned.toml").read_text("utf-8"))
RECORDS = read_records()
CODES = sorted({form.code for form in FILES.values()})


def test_every_procedure_is_pinned_and_nothing_else_is() -> None:
    assert sorted(PINNED) == CODES


@pytest.mark.parametrize("name", FILES)
def test_each_fee_has_the_amount_of_the_second_source(name: str) -> None:
    form = procedure(name)
    assert {fee.id: fee.amount for fee in form.fees if fee.amount is not None} == PINNED[form.code]["amounts"]


@pytest.mark.parametrize("name", FILES)
def test_each_term_has_the_days_of_the_second_source(name: str) -> None:
    form = procedure(name)
    assert [time.days for time in form.times] == PINNED[form.code]["days"]


@pytest.mark.parametrize("code", PINNED)
def test_a_pinned_figure_is_in_the_official_record_or_says_where_it_is_from(code: str) -> None:
    pin = PINNED[code]
    record = RECORDS.get(code)
    amounts = {amount for amount in pin["amounts"].values() if amount} - set(record.amounts if record else ())
    days = set(pin["days"]) - set(record.days if record else ())
    if amounts or days or not record:
        assert pin["beside"], f"{amounts} dong, {days} days"


FIGURES = {
    "2.000815": {"column": "so_trang", "copies": "so_ban", "first": 2, "then": 1000, "most": 200000},
}
"""Source: Thông tư 226/2016/TT-BTC."""


@pytest.mark.parametrize("code", FIGURES)
def test_a_fee_by_pages_has_the_figures_of_its_circular(code: str) -> None:
    (fee,) = procedure(code).fees
    assert fee.pages == FIGURES[code]


ONLINE = {
    ("1.004194", "truc_tiep"): 7000,
    ("1.004194", "danh_sach"): 5000,
    ("1.004222", "truc_tiep"): 10000,
    ("1.002755", "truc_tiep"): 7000,
    ("1.002755", "danh_sach"): 5000,
    ("1.010038", "truc_tiep"): 5000,
}
"""Source: the records of the portal, 2026-04; Thông tư 75/2022/TT-BTC."""


@pytest.mark.parametrize(("code", "fee_id"), ONLINE)
def test_a_fee_online_has_the_amount_of_the_record(code: str, fee_id: str) -> None:
    (fee,) = (fee for fee in procedure(code).fees if fee.id == fee_id)
    assert fee.online == ONLINE[code, fee_id]


WAIVED_DAYS = {date(2026, 8, 14): False, date(2026, 8, 15): True, date(2027, 2, 27): True, date(2027, 2, 28): True}
WAIVED_DAYS |= {date(2027, 3, 1): False}
WAIVERS = [(name, fee.id) for name, form in FILES.items() for fee in form.fees if fee.waivers and "@" not in name]


@pytest.mark.parametrize(("name", "fee_id"), WAIVERS)
def test_a_waiver_of_resolution_66_22_is_given_from_its_first_to_its_last_day(name: str, fee_id: str) -> None:
    (fee,) = (fee for fee in procedure(name).fees if fee.id == fee_id)
    assert {day: bool(fees.waivers(fee, day)) for day in WAIVED_DAYS} == WAIVED_DAYS


def test_the_waivers_of_resolution_66_22_are_there() -> None:
    codes = {name for name, _ in WAIVERS}
    assert {"1.004194", "1.004222", "1.004873", "2.000635"} <= codes
