from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import printers.schema
import sync.encoding
from kiosk.base import clock

TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31)).map(
    lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000, tzinfo=UTC)
)


def test_the_wards_day_begins_at_its_own_midnight() -> None:
    at = clock.FixedClock(datetime(2026, 11, 23, 16, 59, 59, tzinfo=UTC))
    assert at.today() == date(2026, 11, 23)
    at.advance(1)
    assert at.today() == date(2026, 11, 24)
    assert clock.local(at.now()).hour == 0


def test_the_systems_clock_is_aware_and_agrees_with_itself() -> None:
    before = clock.monotonic()
    assert clock.now().utcoffset() == timedelta(0)
    assert clock.today() in {clock.local(clock.now()).date(), clock.local(clock.now() - timedelta(seconds=5)).date()}
    assert clock.monotonic() >= before


def test_a_jump_of_the_wall_clock_leaves_durations_alone() -> None:
    at = clock.FixedClock(datetime(2026, 11, 24, tzinfo=UTC))
    seconds = at.monotonic()
    at.jump(-3 * 365 * 86400)
    assert (at.monotonic(), at.now().year) == (seconds, 2023)
    at.advance(2.5)
    assert at.monotonic() == seconds + 2.5


@given(TIMES, TIMES)
def test_stored_times_sort_as_times_do_and_come_back_whole(first: datetime, second: datetime) -> None:
    assert (clock.timestamp(first) < clock.timestamp(second)) == (first < second)
    assert clock.parse_timestamp(clock.timestamp(first)) == first
    assert len(clock.timestamp(first)) == 24


@given(TIMES)
def test_kiosk_sync_and_printers_store_times_in_one_format(at: datetime) -> None:
    assert clock.timestamp(at) == sync.encoding.timestamp(at) == printers.schema.timestamp(at)


def test_a_stored_time_is_utc_in_any_zone() -> None:
    assert clock.timestamp(datetime(2026, 11, 24, 8, 5, tzinfo=clock.WARD)) == "2026-11-24T01:05:00.000Z"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        clock.timestamp(datetime(2026, 11, 24))
