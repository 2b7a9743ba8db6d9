"""Reception at the door: a number for somebody with group and priority, papers of a procedure, slips."""

import re

import pytest
from flask import Flask

from kiosk import papers
from kiosk.records import tickets
from printers.render import text
from tests.journeys import submission_checks
from tests.journeys.people import BIRTH, birth_until_check, submit
from tests.journeys.walker import Walker, _Reader
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_queue import _tap
from tests.papers.register_pictures import record_copies

COPY = "2.000815"


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def _draw(desk: Desk, **boxes: str) -> Desk:
    form = next(form for form in _Reader().read(desk.page) if form.id == "number")
    sends = {key: value for key, value in form.sends.items() if key != "csrf"}
    return desk.post(form.action, **sends | boxes)


def _first_ticket(desk: Desk) -> tickets.Ticket:
    with desk.context.store.read() as db:
        ticket = tickets.by_label(db, desk.context.clock.today(), "A001")
    assert ticket is not None
    return ticket


def test_a_number_is_given_with_group_and_priority_that_counts_as_checked(desk: Desk) -> None:
    desk.go("/officer/reception?q=khai sinh").go(f"/officer/reception?code={BIRTH}")
    assert "Giấy chứng sinh" in desk.words
    _draw(desk, priority="elderly")
    assert "A001" in desk.words
    ticket = _first_ticket(desk)
    assert (ticket.priority, ticket.is_confirmed) == ("elderly", True)
    slip = papers.compose(desk.context, "ticket", ticket.id, {})
    assert slip
    assert "cán bộ đã ghi" in text.render(slip, columns=60), "nobody has to look at it again"


def test_a_second_press_of_one_page_gives_the_same_number(desk: Desk) -> None:
    desk.go(f"/officer/reception?code={BIRTH}")
    page = desk.answer
    _draw(desk)
    desk.answer = page
    _draw(desk)
    with desk.context.store.read() as db:
        assert tickets.last_number(db, desk.context.clock.today(), "A") == 1


def test_an_officer_without_a_counter_stands_at_the_door(app: Flask, desk: Desk) -> None:
    lead = Desk(app, "truongbp", role="lead")
    lead.browser.post("/signin", data={"login": "truongbp", "password": "mật khẩu riêng"})
    assert lead.go("/officer/reception").answer.status_code == 200
    assert desk.go("/officer/reception").answer.status_code == 200


def test_without_a_series_the_page_says_what_to_choose(desk: Desk) -> None:
    desk.go("/officer/reception")
    assert "Chưa chọn dãy số" in _draw(desk).words


def test_a_number_that_was_drawn_is_found_by_its_label(desk: Desk) -> None:
    desk.go(f"/officer/reception?code={BIRTH}")
    _draw(desk)
    assert "sắp đến lượt" in desk.post("/officer/reception/slip", slip="a1").words
    assert "Hôm nay không có số này" in desk.post("/officer/reception/slip", slip="A099").words
    assert "Không đọc được phiếu này" in desk.post("/officer/reception/slip", slip="???").words


def test_the_holder_of_a_slip_is_put_back_into_line(desk: Desk, walker: Walker) -> None:
    submit(birth_until_check(walker))
    submission = submission_checks.only_submission(desk.context)
    _tap(desk.go("/officer/"), "next")
    _tap(desk, "hold")
    desk.go("/officer/reception").post("/officer/reception/slip", slip=submission.receipt_no)
    assert "A001" in desk.words
    assert _first_ticket(desk).state == "waiting"


def test_a_form_is_begun_for_the_number_that_was_given(desk: Desk) -> None:
    desk.go(f"/officer/reception?code={BIRTH}")
    _draw(desk)
    link = re.search(r'href="(/officer/assist/new/[^"]+)"', desk.page)
    assert link
    assert "A001" in desk.go(link[1].replace("&amp;", "&")).words


def test_the_procedures_that_the_ward_does_most_come_first(desk: Desk) -> None:
    assert _matters(desk)[0] != COPY
    record_copies(desk.context)
    assert _matters(desk)[0] != COPY, "no row moves in the course of a day"
    record_copies(desk.context, days_ago=1)
    assert _matters(desk)[0] == COPY


def _matters(desk: Desk) -> list[str]:
    """Return the codes of the listed procedures."""
    return re.findall(r"/officer/reception\?code=([^\"&]+)", desk.go("/officer/reception").page)
