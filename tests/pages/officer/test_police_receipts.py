"""Residence cases: the police give their own receipts; the kiosk prints its slip, no form of the one-stop office."""

import re

import pytest
from flask import Flask

from kiosk.papers import decision_papers, slip
from kiosk.records import decisions
from printers.document import Text
from tests.journeys import submission_checks
from tests.journeys.people import reach_check_page, submit
from tests.journeys.test_stay import _until_who_else
from tests.journeys.walker import Walker
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_queue import _tap

OFFICIAL = "H57.132-261124-0583"


@pytest.fixture
def desk(app: Flask, walker: Walker) -> Desk:
    """Return an officer with a temporary stay at the counter."""
    submit(reach_check_page(_until_who_else(walker).fill()))
    return _tap(Desk(app), "next")


def _decide(desk: Desk, act: str, **fields: str) -> Desk:
    submission = submission_checks.only_submission(desk.context)
    desk.go(f"/officer/case/{submission.id}/{act}")
    seen = re.search(r'name="seen" value="(\d+)"', desk.page)
    assert seen, desk.words
    return desk.post(f"/officer/case/{submission.id}/{act}", seen=seen[1], **fields)


def _last_paper(desk: Desk) -> str:
    submission = submission_checks.only_submission(desk.context)
    with desk.context.store.read() as db:
        (*_, last) = decisions.of_case(db, submission.receipt_no)
    assert decision_papers.pdf(desk.context, last.id) is None
    return f"/officer/case/{submission.id}/paper/{last.id}.pdf"


def test_an_accepted_stay_has_no_form_01(desk: Desk) -> None:
    _decide(desk, "accepted", term="0", sets="1", place="counter", official_no=OFFICIAL)
    assert "Phiếu tiếp nhận do Công an cấp." in desk.words
    assert "Xem, in tờ khai F10" in desk.words, "and nothing else"
    assert desk.browser.get(_last_paper(desk)).status_code == 404


def test_a_refused_stay_has_no_form_03(desk: Desk) -> None:
    desk.go(f"/officer/case/{submission_checks.only_submission(desk.context).id}/refused")
    assert "Ghi, Công an cấp phiếu" in desk.words
    assert "phiếu từ chối" not in desk.words
    _decide(desk, "refused", reason="Chỗ ở này thuộc phường khác.")
    assert "Xem, in" not in desk.page
    assert desk.browser.get(_last_paper(desk)).status_code == 404


def test_the_slip_says_who_gives_the_receipt(desk: Desk) -> None:
    document = slip.compose(desk.context, submission_checks.only_submission(desk.context).id, {})
    assert document is not None
    assert Text("Phiếu tiếp nhận do Công an cấp.") in document.blocks
