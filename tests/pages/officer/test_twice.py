"""The same matter twice at the desk: the hint, two forms side by side, what an officer may say."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from kiosk.acts import telling_apart, wiping
from kiosk.base import codes
from kiosk.base.clock import FixedClock
from kiosk.base.errors import NotAllowed
from kiosk.context import Context
from kiosk.dossiers import filing, matters
from kiosk.procedures.answers import complete
from kiosk.records import submissions
from kiosk.records.submissions import Submission
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_queue import _tap
from tests.papers.forms import made_up_answers

DEATH = "1.000656"
NUMBER = "046144000123"
File = Callable[..., Submission]


@pytest.fixture
def file(app: Flask) -> File:
    """File a form about a death."""
    context: Context = app.extensions["context"]

    def file_death(**answers: Any) -> Submission:
        today = context.clock.today()
        procedure = context.catalogue.in_force(DEATH, today)
        assert procedure is not None
        paper = {"loai": "can_cuoc", "so": NUMBER}
        given = made_up_answers(procedure) | {"nc_giay_to_tuy_than": paper, "nc_ho_ten": "Trần Văn Phước"} | answers
        filed = complete(procedure, given, office=context.office, today=today)
        with context.store.write() as db:
            return filing.file_submission(
                db, context, submission_id=codes.new_id(), procedure=procedure, answers=filed
            ).submission

    return file_death


def _pages(submission: Submission, other: Submission) -> str:
    return f"/officer/case/{submission.id}/twice/{other.receipt_no}"


def _found(app: Flask, submission: Submission) -> list[str]:
    with app.extensions["context"].store.read() as db:
        return [other.receipt_no for other in matters.same_matter(db, submission)]


def test_the_desk_hints_at_a_second_form_and_shows_both(app: Flask, file: File) -> None:
    first = file()
    second = file(nc_ho_ten="Trần Văn Phước Em")
    desk = _tap(Desk(app).go("/officer/"), "next")
    assert f"Hình như việc này còn tờ khai nộp {first.completed_at:%d/%m}" in desk.words
    assert "Máy chỉ nhắc, không chặn" in desk.words
    desk.go(_pages(first, second))
    assert "TRẦN VĂN PHƯỚC EM" in desk.words
    assert NUMBER not in desk.page
    assert desk.words.index("TRẦN VĂN PHƯỚC EM") < desk.words.index("•••• •••• 0123")


def test_a_look_at_the_other_form_is_a_line_of_the_trail(app: Flask, file: File) -> None:
    first = file()
    second = file()
    desk = _tap(Desk(app).go("/officer/"), "next")
    desk.go(_pages(first, second))
    with desk.context.store.read() as db:
        acts = db.execute("select act from audit where subject = ?", [second.id]).fetchall()
    assert ("see_beside",) in acts


@pytest.mark.parametrize("answer", list(telling_apart.ANSWERS))
def test_told_apart_the_two_are_hinted_at_no_more(app: Flask, file: File, answer: str) -> None:
    first = file()
    second = file()
    desk = _tap(Desk(app).go("/officer/"), "next").go(_pages(first, second))
    desk.post(_pages(first, second), answer=answer)
    assert "Máy thôi nhắc hai tờ này" in desk.words
    assert _found(app, first) == _found(app, second) == []
    assert desk.go(_pages(first, second)).answer.status_code == 404


def test_an_answer_is_one_of_two(app: Flask, file: File) -> None:
    first = file()
    second = file()
    with pytest.raises(NotAllowed):
        telling_apart.tell_apart(app.extensions["context"], first, second.receipt_no, answer="x", actor="cb-1")
    assert _found(app, first) == [second.receipt_no]


def test_a_form_about_another_person_is_not_shown(app: Flask, file: File) -> None:
    first = file()
    other = file(
        nc_giay_to_tuy_than={"loai": "can_cuoc", "so": "046144000124"},
        nc_ho_ten="Lê Văn Sơn",
        nc_ngay_chet="2026-11-20",
    )
    desk = _tap(Desk(app).go("/officer/"), "next")
    assert "Hình như" not in desk.words
    answer = desk.go(_pages(first, other))
    assert answer.answer.status_code == 404
    assert "LÊ VĂN SƠN" not in answer.page


def test_a_case_that_is_not_at_the_counter_shows_nothing(app: Flask, file: File) -> None:
    first = file()
    second = file()
    desk = Desk(app).go(_pages(first, second))
    assert desk.answer.status_code == 403
    assert "TRẦN VĂN PHƯỚC" not in desk.page


def test_closed_and_old_forms_are_left_out(app: Flask, file: File, clock: FixedClock) -> None:
    context: Context = app.extensions["context"]
    closed = file()
    with context.store.write() as db:
        submissions.set_desk(db, closed.id, "refused", context.clock.now())
    second = file()
    assert _found(app, second) == []
    clock.advance(timedelta(days=61).total_seconds())
    third = file()
    assert _found(app, third) == []


def test_the_rows_go_with_the_body(app: Flask, file: File) -> None:
    context: Context = app.extensions["context"]
    first = file()
    second = file()
    telling_apart.tell_apart(context, first, second.receipt_no, answer="different", actor="cb-1")
    with context.store.write() as db:
        db.execute("update submissions set body = null, delivery = null where id = ?", [second.id])
    wiping.wipe_expired(context)
    with context.store.read() as db:
        left = db.execute("select distinct submission_id from submission_matters").fetchall()
        answers = db.execute("select count(*) from matter_answers").fetchone()
    assert left == [(first.id,)]
    assert answers == (0,)
