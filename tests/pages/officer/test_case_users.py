"""Who has a case or a draft open is named to the others: in the rows of lists, and on the page of the case."""

import pytest
from flask import Flask

from kiosk.base.clock import FixedClock
from kiosk.records import decisions
from kiosk.records.submissions import Submission
from tests.journeys import submission_checks
from tests.journeys.people import begin_birth, mother_registers
from tests.journeys.test_keeping import keep
from tests.journeys.walker import Walker
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_queue import _tap

AT_TWO = "Cán bộ minhtam đang mở tại quầy 2"


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


@pytest.fixture
def colleague(app: Flask, desk: Desk) -> Desk:
    return Desk(app, "minhtam", counter=2)


@pytest.fixture
def case(birth_filed: object, desk: Desk) -> Submission:
    return submission_checks.only_submission(desk.context)


def _open(desk: Desk, case: Submission) -> Desk:
    return desk.go(f"/officer/case/{case.id}").post(f"/officer/case/{case.id}", reason="asked")


def _seek(desk: Desk, text: str) -> str:
    return desk.go("/officer/lookup").post("/officer/lookup", said=text).words


def _state(desk: Desk, case: Submission, since: str = "9") -> dict[str, str]:
    state: dict[str, str] = desk.browser.get(f"/officer/case/{case.id}/state?since={since}").get_json()
    return state


def test_an_opened_case_is_marked_in_look_up_and_before_it_is_opened_by_a_second_officer(
    desk: Desk, colleague: Desk, case: Submission
) -> None:
    assert AT_TWO not in _seek(desk, case.receipt_no)
    _open(colleague, case)
    assert AT_TWO in _seek(desk, case.receipt_no)
    assert AT_TWO in desk.go(f"/officer/case/{case.id}").words
    assert AT_TWO not in _seek(colleague, case.receipt_no), "nobody is told of oneself"
    _open(desk, case)
    assert "Cán bộ Cán bộ minhtam đang mở hồ sơ này tại quầy 2." in desk.words
    assert _state(colleague, case)["users"] == "Cán bộ Cán bộ hoaian đang mở hồ sơ này tại quầy 1."


@pytest.mark.parametrize("way", ["receipt", "number", "person"])
def test_a_result_of_the_field_for_everything_is_marked(
    desk: Desk, colleague: Desk, case: Submission, way: str
) -> None:
    text = {"receipt": case.receipt_no, "number": "001", "person": "nguyen thi dieu hien"}[way]

    def found(by: Desk) -> str:
        asked = {"csrf": by.go("/officer/").token, "text": text, "person": "1" if way == "person" else ""}
        by.answer = by.browser.post("/officer/command", data=asked)
        assert "Đăng ký khai sinh" in by.words
        return by.words

    assert AT_TWO not in found(desk)
    _open(colleague, case)
    assert AT_TWO in found(desk)
    assert AT_TWO not in found(colleague)


def test_a_called_case_is_marked_with_the_officer_at_the_counter(desk: Desk, colleague: Desk, case: Submission) -> None:
    _tap(colleague.go("/officer/"), "next")
    assert AT_TWO in _seek(desk, case.receipt_no)


@pytest.mark.parametrize("end", ["closed", "ten minutes", "signed out"])
def test_the_mark_ends_with_the_opening(
    desk: Desk, colleague: Desk, case: Submission, clock: FixedClock, end: str
) -> None:
    _open(colleague, case)
    if end == "closed":
        colleague.post(f"/officer/case/{case.id}/close")
    elif end == "signed out":
        colleague.post("/officer/signout")
    else:
        for _ in range(2):  # an idle desk is locked
            clock.advance(301)
            desk.go("/officer/lookup")
    users = desk.browser.get("/officer/work/count?users=1").get_json()["users"]
    assert users == {}


def test_a_list_asks_for_the_marks_of_its_rows_and_other_pages_do_not(
    desk: Desk, colleague: Desk, case: Submission
) -> None:
    _open(colleague, case)
    assert desk.browser.get("/officer/work/count").get_json()["users"] == {}
    users = desk.browser.get("/officer/work/count?users=1").get_json()["users"]
    assert users == {case.receipt_no: AT_TWO}


def test_a_decision_of_a_colleague_is_named_with_officer_and_act_and_an_undone_one_no_more(
    desk: Desk, colleague: Desk, case: Submission
) -> None:
    _open(desk, case)
    assert _state(desk, case, since="2")["news"] == ""
    _open(colleague, case)
    accept = f"/officer/case/{case.id}/accepted"
    colleague.go(accept).post(accept, seen=colleague.field("seen"), term="0", sets="1", place="counter")
    news = _state(desk, case, since="2")["news"]
    assert news.startswith("Cán bộ Cán bộ minhtam vừa ghi tiếp nhận cho hồ sơ này, lúc ")
    assert _state(colleague, case, since="2")["news"] == ""
    with desk.context.store.read() as db:
        (made,) = decisions.of_case(db, case.receipt_no)
    colleague.post(f"/officer/decision/{made.id}/undo")
    assert _state(desk, case, since="2")["news"] == ""


def test_a_kept_form_that_a_desk_has_opened_names_its_officer(desk: Desk, colleague: Desk, walker: Walker) -> None:
    mother_registers(begin_birth(walker))
    code = keep(walker)
    assert "minhtam" not in desk.go("/officer/").post("/officer/lookup", line=code).words
    colleague.go("/officer/").post("/officer/lookup/kept/open", code=code, seen="1")
    assert "Cán bộ minhtam đã nhận khai tại quầy 2" in desk.post("/officer/lookup", line=code).words
    draft = colleague.answer.request.path.split("/")[3]
    colleague.browser.get(f"/officer/assist/{draft}/turn?page=nguoi_khai")
    assert "Cán bộ minhtam đang khai tại quầy 2" in desk.post("/officer/lookup", line=code).words
    found = desk.go("/officer/assist/new").post("/officer/assist/find", name="Nguyễn Thị Diệu Hiền").words
    assert "Cán bộ minhtam đang khai tại quầy 2" in found
