"""Lead's page of the service now: four figures, counters in words, plots with their tables; only for a lead."""

import re
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from kiosk.acts import calling
from kiosk.base.clock import FixedClock
from kiosk.config.list_sections import Counter
from kiosk.context import Context
from kiosk.dossiers import message_months
from kiosk.papers import plots
from kiosk.papers.plots import HourContext
from kiosk.records import figures
from sync.portals.base import MessageMonth
from tests.journeys.people import birth_until_check, submit
from tests.journeys.queue_harness import draw, press
from tests.journeys.walker import Walker
from tests.pages.officer.sitting import PASSWORD, Desk


@pytest.fixture
def lead(app: Flask, walker: Walker, clock: FixedClock) -> Desk:
    """Return a lead of a ward with four counters: one serves a birth, one calls, one is idle, one is closed."""
    clock.advance(24 * 3600)
    context: Context = app.extensions["context"]
    counters = (Counter(1), Counter(2), Counter(3, "Trả kết quả"), Counter(4))
    context = replace(context, config=replace(context.config, counters=counters))
    app.extensions["context"] = context
    lead = Desk(app, "thutrang", counter=4, role="lead")
    calling.close_counter(context, 4, "CB01")
    submit(birth_until_check(walker))
    draw(context, "BBBB")
    calling.open_counter(context, 3, "CB01")
    press(context, 3)
    clock.advance(300)
    press(context, 3, calling.finish)
    press(context, 1)
    press(context, 1, calling.start_serving)
    clock.advance(125)
    press(context, 2)
    clock.advance(60)
    lead.browser.post("/signin", data={"login": "thutrang", "password": PASSWORD})
    return lead


def test_the_lead_sees_who_waits_and_what_each_counter_does(lead: Desk) -> None:
    words = lead.go("/officer/now").words
    assert "2 người đang chờ, 2 quầy đang làm" in words
    assert "2 người" in words
    assert re.search(r"Chờ lâu nhất: B003, Chứng thực 8 phút", words)
    assert re.search(r"đã xong, 0 lượt ngày trước giờ này 1 lượt", words)
    assert re.search(r"Quầy 1 đang làm [^–]*B001 Chứng thực, 3 phút 05", words)
    assert re.search(r"Quầy 2 đang gọi [^–]*B002 Chứng thực, 1 phút 00", words)
    assert "Quầy 3, Trả kết quả nghỉ 3 phút" in words
    assert "Lượt trước xong 08:35" in words
    assert "Quầy 4 đóng" in words
    assert [name for name in ("DIỆU HIỀN", "046196000123") if name in lead.page] == []


def test_the_longest_wait_turns_gold_over_the_setting(lead: Desk, clock: FixedClock) -> None:
    assert 'class="urgent"' not in lead.go("/officer/now/live").page
    clock.advance(60 * 40)
    lead.browser.post("/signin", data={"login": "thutrang", "password": PASSWORD})
    assert 'class="urgent"' in lead.go("/officer/now/live").page


def test_each_plot_has_its_numbers_as_a_table(lead: Desk) -> None:
    page = lead.go("/officer/now").page
    assert page.count('<table class="away">') == page.count('class="panel plot"') == 3
    words = lead.words
    assert "8 đến 9 giờ 5 5" in words, "five drawn, half of them waited five minutes at most"
    assert "Đăng ký khai sinh 1" in words


def test_a_counter_opens_its_day(lead: Desk) -> None:
    words = lead.go("/officer/now/counter/3").words
    assert "Quầy 3, Trả kết quả, ngày 25/11/2026" in words
    assert re.search(r"08:30:00 A001 gọi .* 08:35:00 A001 xong", words)
    assert lead.browser.get("/officer/now/counter/9").status_code == 404


def test_the_page_is_for_a_lead(app: Flask, lead: Desk) -> None:
    other = Desk(app, "minhtam", counter=2)
    assert [other.browser.get(f"/officer/now{part}").status_code for part in ("", "/live", "/counter/1")] == [403] * 3


def test_the_usual_day_is_the_mean_of_the_weekdays_that_had_tickets(lead: Desk) -> None:
    day = date(2026, 11, 25)
    with lead.context.store.write() as db:
        assert figures.usual_by_hour(db, plots.usual_days(date(2026, 12, 2))) == {8: 5.0}
        visits = figures.visits(db, day)
    plot = plots.hours(visits, HourContext(now=8, usual={8: 4.0, 9: 6.0}))
    assert [(bar.label, bar.value, bar.state) for bar in plot.bars] == [("8 giờ", 5, "now"), ("9 giờ", 6, "usual")]
    assert plot.steps == [0, 2, 4, 6]


def test_what_is_late_is_a_part_of_its_bar(lead: Desk) -> None:
    plot = plots.timely(lead.context, {"1.001193": (3, 1), "": (2, 0)}, "Đúng hẹn")
    assert [(bar.label, bar.words, bar.late) for bar in plot.bars] == [
        ("Đăng ký khai sinh", "3 trên 4", 0.25),
        ("Không kèm tờ khai", "2 trên 2", 0.0),
    ]


def test_the_lead_sees_what_was_told_to_phones_this_month(lead: Desk) -> None:
    assert "Tin nhắn tháng" not in lead.go("/officer/now").words
    for cost, words in ((0, "không chắc tới 12. Chỉ"), (90_300, "không chắc tới 12, chừng 90.300 đồng. Chỉ")):
        with lead.context.store.write() as db:
            message_months.record(db, MessageMonth(month="2026-11", sent=243, unsent=12, cost=cost))
        assert f"Tin nhắn tháng 11/2026: đã gửi 243, {words}" in lead.go("/officer/now").words
