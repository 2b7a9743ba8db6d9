"""Taking a decision back at the desk: the strip, its seconds, the lead's form; no key that closes a case."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask

from kiosk.base.clock import FixedClock
from kiosk.context import Context
from tests.journeys import submission_checks
from tests.journeys.walker import Walker
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_decide import ACCEPT, WHY, _address, _decide
from tests.pages.officer.test_queue import _tap

SECONDS = 8


@pytest.fixture
def clock() -> FixedClock:
    """Return a clock at 8:45 in the ward on Wednesday 25 November 2026."""
    return FixedClock(datetime(2026, 11, 25, 1, 45, tzinfo=UTC))


@pytest.fixture
def desk(app: Flask, birth_filed: Context) -> Desk:
    """Return an officer with a birth registration at the counter."""
    return _tap(Desk(app), "next")


def _state(desk: Desk) -> str:
    return submission_checks.only_submission(desk.context).desk


def _undo(desk: Desk) -> Desk:
    address = re.search(r'action="(/officer/decision/[^"]+/undo)"', desk.page)
    assert address, desk.words
    return desk.post(address[1])


def _press_f9(desk: Desk) -> bool:
    """Press the button that shows F9, as the page without a script has it; return whether there was one."""
    scripted = re.sub(r"<noscript>.*?</noscript>", "", desk.page, flags=re.DOTALL)
    button = re.search(r'<button[^>]*data-key="F9"[^>]*>|<button[^>]*value="(\w+)"[^>]*data-key="F9"', scripted)
    if not button:
        return False
    value = re.search(r'value="(\w+)"', button[0])
    if value:
        desk.go(_address(desk, value[1]))
    else:
        seen = re.search(r'name="seen" value="(\d+)"', desk.page)
        assert seen
        desk.post(_address(desk, "accepted"), seen=seen[1], **ACCEPT)
    return True


def test_f9_held_down_accepts_and_does_nothing_more(desk: Desk, clock: FixedClock) -> None:
    assert [_press_f9(desk) for _ in range(4)] == [True, True, False, False]
    assert _state(desk) == "accepted"
    clock.advance(SECONDS)
    desk.go("/officer/")
    assert not _press_f9(desk), "F9 never hands out a result"
    assert "Trả kết quả" in desk.words
    desk.go(_address(desk, "handed_out"))
    assert 'data-key="F9"' not in desk.page


def test_a_decision_is_undone_from_the_strip(desk: Desk) -> None:
    _decide(desk, "accepted", **ACCEPT)
    assert "Đã tiếp nhận lúc 8:45 Chưa báo lên cổng. Hết 8 giây thì phải nhờ người phụ trách mở lại." in desk.words
    assert 'data-undo="8"' in desk.page
    _undo(desk)
    assert "Đã hoàn tác. Hồ sơ như trước, chưa báo gì lên cổng." in desk.words
    assert _state(desk) == "waiting"
    assert 'data-undo="' not in desk.page
    _decide(desk, "accepted", **ACCEPT)
    assert _state(desk) == "accepted"


def test_the_strip_follows_the_officer_to_the_next_number(app: Flask, desk: Desk, walker: Walker) -> None:
    _decide(desk, "refused", reason=WHY)
    _tap(desk, "finish")
    receipt_no = submission_checks.only_submission(desk.context).receipt_no
    assert f"Đã từ chối tiếp nhận lúc 8:45 {receipt_no}" in desk.words
    _undo(desk)
    assert _state(desk) == "waiting"


def test_the_strip_ends_with_the_seconds_and_says_who_can_help(desk: Desk, clock: FixedClock) -> None:
    _decide(desk, "accepted", **ACCEPT)
    clock.advance(SECONDS)
    _undo(desk)
    assert "Không hoàn tác được: đã hết giờ, hoặc đã báo lên cổng. Nhờ người phụ trách mở lại." in desk.words
    assert _state(desk) == "accepted"
    assert 'data-undo="' not in desk.go("/officer/").page


def test_another_officer_undoes_nothing(app: Flask, desk: Desk) -> None:
    _decide(desk, "accepted", **ACCEPT)
    address = re.search(r'action="(/officer/decision/[^"]+/undo)"', desk.page)
    assert address
    other = Desk(app, "minhtam", counter=2)
    assert 'data-undo="' not in other.page
    assert other.post(address[1]).answer.status_code == 403
    assert other.go("/officer/").post(f"/officer/decision/{'0' * 36}/undo").answer.status_code == 403
    assert _state(desk) == "accepted"


def _lead_with_the_case(app: Flask, desk: Desk) -> Desk:
    """Return the lead, who has looked the case up and opened it for a reason."""
    lead = Desk(app, "thulead", counter=2, role="lead")
    submission = submission_checks.only_submission(desk.context)
    return lead.post(f"/officer/case/{submission.id}", reason="check")


def test_the_lead_reopens_a_case_with_a_reason(app: Flask, desk: Desk, clock: FixedClock) -> None:
    _decide(desk, "refused", reason=WHY)
    clock.advance(SECONDS)
    assert "Mở lại" not in desk.go("/officer/").words
    assert desk.go(_address(desk, "reopen")).answer.status_code == 403
    lead = _lead_with_the_case(app, desk)
    assert "Mở lại" in lead.words
    lead.go(_address(desk, "reopen"))
    assert "Đã từ chối tiếp nhận lúc 08:45, 25/11/2026. Mở lại thì bỏ việc này" in lead.words
    lead.post(_address(desk, "reopen"), seen="1", reason=" ")
    assert lead.answer.status_code == 422
    assert "Chưa ghi lý do mở lại." in lead.words
    lead.post(_address(desk, "reopen"), seen="1", reason="Từ chối nhầm hồ sơ")
    assert "Đã mở lại hồ sơ." in lead.words
    assert "Mở lại: bỏ lần từ chối" in lead.words
    assert "Từ chối nhầm hồ sơ" in lead.words
    assert _state(desk) == "waiting"
    lead.post(_address(desk, "reopen"), seen="1", reason="Từ chối nhầm hồ sơ")
    assert "Không đổi gì" in lead.words


def test_a_number_typed_after_the_result_was_handed_out_is_kept(desk: Desk) -> None:
    _decide(desk, "accepted", **ACCEPT)
    _decide(desk, "handed_out", what="Giấy khai sinh", relation="self")
    assert "Trả kết quả cho chính người nộp" in desk.words
    assert "Nguyễn Thị Diệu Hiền" in desk.words, "the applicant's own name is filled in"
    desk.post(_address(desk, "number"), official_no="H57.132-261125-0042")
    assert submission_checks.only_submission(desk.context).desk_official_no == "H57.132-261125-0042"


def test_a_reopened_case_is_still_work_of_the_officer_who_had_decided(
    app: Flask, desk: Desk, clock: FixedClock
) -> None:
    _decide(desk, "refused", reason=WHY)
    clock.advance(SECONDS)
    lead = _lead_with_the_case(app, desk)
    lead.go(_address(desk, "reopen")).post(_address(desk, "reopen"), seen="1", reason="Từ chối nhầm hồ sơ")
    with desk.context.store.write() as db:
        db.execute("update tickets set state = 'done'")
    assert "Chưa quyết định A001" in desk.go("/officer/work").words
    assert "Chưa quyết định A001" not in lead.go("/officer/work").words
