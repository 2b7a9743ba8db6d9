"""Sitting down at a counter shows no form of another officer's citizen, and the trail names the number and the case."""

import pytest
from flask import Flask

from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.records import audit, tickets
from tests.journeys import submission_checks
from tests.pages.officer.sitting import PASSWORD, Desk
from tests.pages.officer.test_queue import _tap

NAME = "Trần"


@pytest.fixture
def busy(app: Flask, birth_filed: Context) -> Desk:
    """Return an officer at counter 1 who has called the only form."""
    desk = Desk(app)
    _tap(desk, "next")
    assert _receipt(desk.context) in desk.words
    return desk


def _receipt(context: Context) -> str:
    return submission_checks.only_submission(context).receipt_no


def _lines(context: Context, act: str) -> list[audit.AuditLine]:
    with context.store.read() as db:
        assert audit.verify(db, context.audit_key()) is None
        return [entry.line for entry in audit.latest(db, [act], 10)]


def _ticket_at(context: Context, counter: int) -> tickets.Ticket | None:
    with context.store.read() as db:
        return tickets.at_counter(db, context.clock.today(), counter)


def test_an_officer_who_signs_in_at_a_busy_counter_is_refused_and_sees_no_form(app: Flask, busy: Desk) -> None:
    curious = Desk(app, "minhtam", counter=1)
    assert curious.answer.headers["Location"] == "/officer/counter"
    page = curious.go("/officer/counter?busy=1")
    assert "Quầy 1 đang làm việc với số" in page.words
    assert "Mời chọn quầy khác" in page.words
    assert "về hàng, ngồi quầy" not in page.words
    ticket = _ticket_at(busy.context, 1)
    assert ticket is not None
    for address in ("answers.json", "codes", "declaration.pdf"):
        assert curious.go(f"/officer/ticket/{ticket.id}/{address}").answer.headers["Location"] == "/officer/counter"
    assert _receipt(busy.context) in busy.go("/officer/").words


def test_changing_to_a_busy_counter_is_refused_and_the_own_counter_stays_open(app: Flask, busy: Desk) -> None:
    curious = Desk(app, "minhtam", counter=2)
    curious.go("/officer/counter").post("/officer/counter", counter="1")
    assert curious.answer.status_code == 403
    assert "Quầy 1 đang làm việc với số" in curious.words
    assert "Quầy 2" in curious.go("/officer/").words
    assert _receipt(busy.context) not in curious.words
    curious.go("/officer/counter").post("/officer/counter", put_back="1")
    assert curious.answer.status_code == 403
    assert _ticket_at(busy.context, 1) is not None


def test_the_refusal_names_counter_number_and_case_in_the_trail(app: Flask, busy: Desk) -> None:
    Desk(app, "minhtam", counter=1)
    (line,) = _lines(busy.context, "take_counter_refused")
    assert (line.actor, line.subject) == ("CB02", "1")
    assert line.facts["receipt"] == _receipt(busy.context)


def test_a_number_whose_officer_is_gone_is_put_back_into_its_line(app: Flask, busy: Desk, clock: FixedClock) -> None:
    ticket = _ticket_at(busy.context, 1)
    assert ticket is not None
    clock.advance(busy.context.config.lock.minutes * 60)
    other = Desk(app, "minhtam", counter=1).go("/officer/counter?busy=1")
    assert f"Đưa số {ticket.label} về hàng, ngồi quầy 1" in other.words
    other.post("/officer/counter", put_back="1")
    assert "Quầy 1" in other.words
    assert _receipt(busy.context) not in other.words
    assert _ticket_at(busy.context, 1) is None
    with busy.context.store.read() as db:
        waiting = tickets.find(db, ticket.id)
    assert waiting is not None
    assert (waiting.state, waiting.turn) == ("waiting", ticket.turn)
    (line,) = _lines(busy.context, "put_back")
    assert line.facts == {"number": ticket.label, "receipt": _receipt(busy.context), "counter": 1}
    _tap(other, "next")
    assert _receipt(busy.context) in other.words, "called again, it is the first one"


def test_a_locked_officer_counts_as_gone(app: Flask, busy: Desk) -> None:
    busy.go("/officer/").post("/officer/lock")
    other = Desk(app, "minhtam", counter=1).go("/officer/counter?busy=1")
    assert "về hàng, ngồi quầy 1" in other.words


def test_the_officer_of_the_number_goes_on_in_another_browser(app: Flask, busy: Desk) -> None:
    browser = app.test_client()
    browser.post("/signin", data={"login": "hoaian", "password": PASSWORD, "counter": "1"})
    page = browser.get("/officer/").get_data(as_text=True)
    assert _receipt(busy.context) in page
    line = _lines(busy.context, "take_counter")[0]
    assert line.facts["receipt"] == _receipt(busy.context)
    assert line.facts["displaced"] == 1
