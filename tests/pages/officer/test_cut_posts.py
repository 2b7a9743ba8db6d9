"""A post of the desk that is cut between two writes is done when it is sent again, and is never called done before.

A rule finds the posts with more than one write: each has a case here.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from kiosk.acts import kept_forms
from kiosk.acts.kept_forms import ChosenDigits
from kiosk.context import Context
from kiosk.records import draft_turns, tickets
from tests.faults.submitting import fill_in_form, submit_form
from tests.journeys.people import CHILD, begin_birth, father, mother_registers
from tests.journeys.walker import Walker
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_assist import _begin, _call, _fill_birth, _form, _sent
from tests.pages.officer.test_assist_turn import at_desk, draft_id, screen
from tests.pages.officer.view_writes import ViewWrites

NOTE = "mẹ bé quên giấy chứng sinh"


def send(desk: Desk, path: str, key: str, **fields: str) -> TestResponse:
    data = {"csrf": desk.token, **fields}
    return desk.browser.post(path, data=data, headers={"Idempotency-Key": key})


def filed(context: Context) -> int:
    with context.store.read() as db:
        return int(db.execute("select count(*) from submissions").fetchone()[0])


def called(app: Flask) -> Desk:
    submit_form(app.extensions["context"])
    return Desk(app).post("/officer/queue/next", nonce="n1")


@dataclass(frozen=True)
class Case:
    """A post with two writes: how to prepare it, its path and fields, and whether all of it is done."""

    path: str
    fields: dict[str, str]
    is_done: Callable[[Context], bool]


def note_and_hold(app: Flask) -> tuple[Desk, Case]:
    desk = called(app)
    context = desk.context
    submit_form(context)
    fields = {"note": NOTE, "nonce": "n2", "ticket": desk.field("ticket"), "sure": "1"}

    def is_done(context: Context) -> bool:
        with context.store.read() as db:
            notes = db.execute("select count(*) from desk_notes").fetchone()[0]
            ticket = tickets.at_counter(db, context.clock.today(), 1)
        return notes == 1 and ticket is None

    return desk, Case("/officer/queue/hold", fields, is_done)


def filed_form(app: Flask) -> tuple[Desk, Case]:
    desk = Desk(app)
    _fill_birth(_begin(desk, _call(desk)))
    form = _form(desk)
    fields = {**_sent(form), "signature": "fingerprint", "read_back": "1"}
    return desk, Case(form.action or desk.answer.request.path, fields, lambda context: filed(context) == 1)


def given_turn(app: Flask) -> tuple[Desk, Case]:
    citizen = father(mother_registers(begin_birth(Walker(app).go("/"))))
    screen(citizen)
    desk = at_desk(Desk(app), citizen)
    form = _form(desk)
    fields = {**_sent(form), "con_ho_ten": CHILD, "then": "give"}

    def is_done(context: Context) -> bool:
        with context.store.read() as db:
            turn = draft_turns.find(db, draft_id(citizen))
        return turn is not None and turn.holder == "screen"

    return desk, Case(form.action or desk.answer.request.path, fields, is_done)


def kept_slip(app: Flask) -> tuple[Desk, Case]:
    desk = Desk(app)
    finished = fill_in_form(desk.context)
    kept_forms.keep(desk.context, finished.session, "Máy 1", ChosenDigits("2468", "2468"))
    code = kept_forms.code_of(desk.context, finished.draft_id)
    assert code

    def is_done(context: Context) -> bool:
        with context.store.read() as db:
            turn = draft_turns.find(db, finished.draft_id)
        return turn is not None and turn.holder == "desk"

    return desk, Case("/officer/assist/open", {"slip": code}, is_done)


CASES = [note_and_hold, filed_form, given_turn, kept_slip]


@pytest.mark.parametrize("prepare", CASES)
def test_a_post_that_was_cut_before_its_last_write_is_done_when_it_is_sent_again(
    app: Flask, view_writes: ViewWrites, prepare: Callable[[Flask], tuple[Desk, Case]]
) -> None:
    desk, case = prepare(app)
    key = str(uuid.uuid4())
    view_writes.cut = 2
    answer = send(desk, case.path, key, **case.fields)
    assert answer.status_code >= 400, desk.go(answer.headers["Location"]).words
    assert not case.is_done(desk.context)
    view_writes.cut = 0
    answer = send(desk, case.path, key, **case.fields)
    assert answer.status_code == 204
    assert "said=repeated" not in answer.headers["Location"]
    assert case.is_done(desk.context)
    again = send(desk, case.path, key, **case.fields)
    assert (again.status_code, again.headers["Location"]) == (204, answer.headers["Location"])
    assert case.is_done(desk.context)
