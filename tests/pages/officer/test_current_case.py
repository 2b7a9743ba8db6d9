"""Form of the case at the counter: all answers to copy, no other officer's case, typed text never as HTML."""

import io
import json

import pypdfium2
import pytest
from flask import Flask

from kiosk.acts import queueing
from kiosk.context import Context
from kiosk.procedures import kinds
from kiosk.records import audit, submissions, tickets
from printers import spool
from tests.journeys import submission_checks
from tests.journeys.people import BIRTH
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_queue import _tap


def _called(app: Flask, context: Context) -> tuple[Desk, str]:
    """Return an officer who called the ticket of the only form, and the ticket's id."""
    desk = Desk(app)
    _tap(desk, "next")
    with desk.context.store.read() as db:
        ticket = tickets.of_submission(db, submission_checks.only_submission(context).id)
    assert ticket is not None
    return desk, ticket.id


@pytest.fixture
def called(app: Flask, birth_filed: Context) -> tuple[Desk, str]:
    return _called(app, birth_filed)


def test_every_answer_of_the_form_is_shown_and_can_be_copied(called: tuple[Desk, str]) -> None:
    desk, _ticket = called
    submission = submission_checks.only_submission(desk.context)
    answers = submission_checks.opened_body(desk.context, submission)["form"]["answers"]
    procedure = desk.context.catalogue.version(BIRTH, submission.version)
    assert procedure is not None
    shown = [item for item in procedure.fields if item.asked and not item.derive and answers.get(item.key)]
    assert len(shown) > 12
    assert submission.receipt_no in desk.words
    for item in shown:
        assert (item.official or item.label.vi) in desk.words
        assert kinds.of(item).on_paper(item, answers[item.key]) in desk.words
    assert desk.page.count("data-copy=") >= len(shown)
    for title in ("Mẹ", "Cha", "Bé"):
        assert f"<h2>{title}</h2>" in desk.page


def test_the_whole_form_is_given_for_another_system(called: tuple[Desk, str]) -> None:
    desk, ticket = called
    given = desk.browser.get(f"/officer/ticket/{ticket}/answers.json").json
    body = submission_checks.opened_body(desk.context, submission_checks.only_submission(desk.context))
    assert given["answers"] == body["form"]["answers"]
    assert given["readable"] == body["form"]["readable"]
    assert given["receiptNo"] == body["receiptNo"]


def test_the_declaration_is_shown_as_it_is_printed(called: tuple[Desk, str]) -> None:
    desk, ticket = called
    answer = desk.browser.get(f"/officer/ticket/{ticket}/declaration.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    text = pypdfium2.PdfDocument(io.BytesIO(answer.data))[0].get_textpage().get_text_range()
    assert "BẢO NGỌC" in text.upper()


def test_the_slip_is_printed_once_more_as_a_copy(called: tuple[Desk, str]) -> None:
    desk, ticket = called
    submission = submission_checks.only_submission(desk.context)
    with desk.context.store.write() as db:
        (job,) = spool.of_subject(db, submission.id)
        spool.mark_sending(db, job.id, desk.context.clock.now())
        spool.record_result(db, job.id, spool.SendResult("printed", "", "Máy in phiếu"), desk.context.clock.now())
    for _ in range(2):
        assert "đang in lại" in desk.post(f"/officer/ticket/{ticket}/slip").words
    with desk.context.store.read() as db:
        assert [job.copy for job in spool.of_subject(db, submission.id)] == [1, 2]
        assert ("reprint", "CB01") in [(line.act, line.actor) for _at, line in audit.of_subject(db, submission.id)]


@pytest.mark.parametrize("page", ["answers.json", "declaration.pdf"])
def test_a_form_that_is_not_at_ones_counter_is_not_shown(app: Flask, called: tuple[Desk, str], page: str) -> None:
    desk, ticket = called
    other = Desk(app, "minhtam", counter=2)
    for officer in (other, _tap(desk, "finish")):
        answer = officer.browser.get(f"/officer/ticket/{ticket}/{page}")
        assert answer.status_code == 403
        assert b"046196000123" not in answer.data
    assert desk.browser.get(f"/officer/ticket/nothing/{page}").status_code == 403
    assert other.post(f"/officer/ticket/{ticket}/slip").answer.status_code == 403


def test_a_number_without_a_form_says_so(app: Flask) -> None:
    desk = Desk(app)
    ticket = queueing.draw_ticket(desk.context, desk.context.config.series[0])
    assert "không kèm tờ khai" in _tap(desk.go("/officer/"), "next").words
    for page in ("answers.json", "declaration.pdf"):
        assert desk.browser.get(f"/officer/ticket/{ticket.id}/{page}").status_code == 404


def _rewrite(context: Context, **answers: object) -> None:
    """Put answers into the sealed body that no page would accept."""
    submission = submission_checks.only_submission(context)
    body = submission_checks.opened_body(context, submission)
    body["form"]["answers"] |= answers
    sealed = context.vault.seal(submissions.BODY, submission.id, json.dumps(body).encode())
    with context.store.write() as db:
        db.execute("update submissions set body = ? where id = ?", [sealed, submission.id])


def test_what_is_left_empty_is_marked(app: Flask, birth_filed: Context) -> None:
    _rewrite(birth_filed, con_dan_toc="")
    desk, _ticket = _called(app, birth_filed)
    assert "1 chỗ nên hỏi lại" in desk.words
    assert desk.page.count('class="doubt"') == 1
    assert "Còn trống" in desk.words


def test_what_the_rules_doubt_is_marked_with_the_question(app: Flask, birth_filed: Context) -> None:
    _rewrite(birth_filed, con_ngay_sinh="2026-01-05")
    desk, _ticket = _called(app, birth_filed)
    assert "Bé sinh đã quá 60 ngày. Vẫn khai được" in desk.words
    assert desk.page.count('class="doubt"') == 1


def test_what_a_person_typed_is_never_a_tag(app: Flask, birth_filed: Context) -> None:
    _rewrite(birth_filed, con_ho_ten='"><script>alert(1)</script>')
    desk, _ticket = _called(app, birth_filed)
    assert "<script>alert" not in desk.page.lower()
    assert "&lt;script&gt;alert" in desk.page.lower()
