"""A ticket drawn while the counter is closed: the page says when it opens again."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kiosk.base.clock import FixedClock
from kiosk.config import Config
from kiosk.config.ward_sections import HoursSettings
from kiosk.web.app import create_app
from tests.journeys.people import birth_until_check, submit
from tests.journeys.walker import Walker

SATURDAY = HoursSettings(saturday=("07:30-11:00",), off=("2026-11-30",))


@pytest.mark.parametrize(
    ("hours", "now", "message"),
    [
        (HoursSettings(), datetime(2026, 11, 25, 1, 30, tzinfo=UTC), "Sắp đến lượt"),
        (HoursSettings(), datetime(2026, 11, 25, 5, 0, tzinfo=UTC), "Quầy đang nghỉ, mở lại lúc 13:30"),
        (HoursSettings(), datetime(2026, 11, 27, 11, 0, tzinfo=UTC), "Quầy đang nghỉ, mở lại lúc 7:00 ngày 30/11/2026"),
        (SATURDAY, datetime(2026, 11, 27, 11, 0, tzinfo=UTC), "Quầy đang nghỉ, mở lại lúc 7:30 ngày 28/11/2026"),
        (SATURDAY, datetime(2026, 11, 28, 5, 0, tzinfo=UTC), "Quầy đang nghỉ, mở lại lúc 7:00 ngày 01/12/2026"),
    ],
)
def test_the_done_page_says_when_the_counter_opens(
    practice: Config, hours: HoursSettings, now: datetime, message: str
) -> None:
    walker = Walker(create_app(replace(practice, hours=hours), FixedClock(now))).go("/")
    try:
        birth_until_check(walker)
        submit(walker)
        assert message in walker.words
    finally:
        walker.context.store.close()
