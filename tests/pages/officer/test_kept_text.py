"""An answer that refuses a post of the desk drops no text: it goes to the tray, and comes back into its own page."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from kiosk.acts import deciding, desk_posts
from kiosk.acts.deciding import AcceptanceInput
from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.dossiers.decision_filing import CaseRequest
from kiosk.records import submissions
from kiosk.web import bare_app
from tests.faults.submitting import submit_form
from tests.pages.officer.sitting import Desk

WHY = "thiếu giấy chứng sinh bản chính, hẹn mang lại sáng thứ hai"


@pytest.fixture
def filed(app: Flask) -> tuple[str, str]:
    """Return id and receipt number of a form that waits."""
    return submit_form(app.extensions["context"])


@pytest.fixture
def desk(app: Flask, filed: tuple[str, str]) -> Desk:
    """Return the desk of an officer who has opened the case for a reason."""
    return Desk(app).post(f"/officer/case/{filed[0]}", reason="asked", words="")


def state_of(context: Context, submission_id: str) -> str:
    with context.store.read() as db:
        submission = submissions.find(db, submission_id)
    assert submission is not None
    return submission.desk


def refuse(desk: Desk, submission_id: str, **more: str) -> Desk:
    desk.go(f"/officer/case/{submission_id}/refused")
    token = desk.token
    more = {"seen": desk.field("seen"), "reason": WHY} | more
    desk.answer = desk.browser.post(f"/officer/case/{submission_id}/refused", data={"csrf": token, **more})
    return desk


def wait(desk: Desk, clock: FixedClock, seconds: int) -> None:
    """Let time pass while the officer works elsewhere, so that the desk does not lock."""
    token = desk.token
    for _ in range(seconds // 100):
        clock.advance(100)
        desk.browser.post("/officer/awake", data={"csrf": token})
    clock.advance(1)


def kept_links(desk: Desk) -> list[str]:
    return re.findall(r'href="(/officer/unsent/[^"/]+)"', desk.go("/officer/unsent").page)


def test_a_reason_that_was_typed_when_the_opened_case_ran_out_comes_back(
    desk: Desk, filed: tuple[str, str], clock: FixedClock
) -> None:
    submission_id, receipt_no = filed
    desk.go(f"/officer/case/{submission_id}/refused")
    fields = {"csrf": desk.token, "seen": desk.field("seen"), "reason": WHY}
    wait(desk, clock, 600)
    desk.answer = desk.browser.post(f"/officer/case/{submission_id}/refused", data=fields)
    assert desk.answer.status_code == 403
    assert "máy cất ở Chỗ gõ dở" in desk.words
    (link,) = kept_links(desk)
    assert "Từ chối tiếp nhận" in desk.words
    assert WHY in desk.words
    assert receipt_no in desk.words
    assert re.search(r"Từ chối tiếp nhận: \w+ \w+.*, số [A-F]\d+", desk.words), "the person and the number"
    desk.answer = desk.browser.get(link)
    where = urlsplit(desk.answer.headers["Location"])
    assert where.path == f"/officer/case/{submission_id}", "the reason for opening is asked again"
    desk.go(desk.answer.headers["Location"])
    action = re.search(r'action="([^"]+typed=[^"]+)"', desk.page)
    assert action
    desk.post(action[1], reason="asked", words="")
    assert "data-typed-again" in desk.page
    assert state_of(desk.context, submission_id) == "waiting"
    desk.answer = desk.browser.get(link)
    where = urlsplit(desk.answer.headers["Location"])
    assert where.path == f"/officer/case/{submission_id}/refused", "opened again, it is the page with the box"
    kept = desk.browser.get(f"/officer/unsent/{parse_qs(where.query)['typed'][0]}/fields").json
    assert ["reason", WHY] in kept["fields"]
    assert {"csrf", "seen"} & {name for name, _value in kept["fields"]} == set()
    refuse(desk, submission_id, **{kept["field"]: kept["id"]})
    assert state_of(desk.context, submission_id) == "refused"
    assert kept_links(desk) == [], "what was sent leaves the tray"


def test_the_text_about_a_case_that_a_colleague_has_decided_is_kept_and_who_did_it_is_told(
    desk: Desk, filed: tuple[str, str], clock: FixedClock
) -> None:
    submission_id, _receipt_no = filed
    desk.go(f"/officer/case/{submission_id}/refused")
    state = re.search(r'data-case-state="([^"]+)"', desk.page)
    assert state
    address = state[1].replace("&amp;", "&")
    assert desk.browser.get(address).json == {"open": True, "news": "", "users": ""}
    fields = {"csrf": desk.token, "seen": desk.field("seen"), "reason": WHY}
    clock.advance(2)
    Desk(desk.browser.application, "minhtam", counter=2)
    accepted = AcceptanceInput(term=0, official_no="H57.99.01-261124-0001")
    assert deciding.accept(desk.context, CaseRequest(submission_id, 0, "CB02"), accepted)
    news = desk.browser.get(address).json["news"]
    assert "Cán bộ minhtam vừa ghi tiếp nhận cho hồ sơ này" in news
    desk.answer = desk.browser.post(f"/officer/case/{submission_id}/refused", data=fields)
    desk.go(desk.answer.headers["Location"])
    assert "Chữ vừa gõ để ở Chỗ gõ dở" in desk.words
    assert state_of(desk.context, submission_id) == "accepted"
    assert len(kept_links(desk)) == 1


@pytest.mark.parametrize("is_store_broken", [False, True], ids=["a defect", "a store that cannot be written"])
def test_the_text_of_a_post_that_meets_a_defect_is_kept_or_not_said_to_be(
    desk: Desk, filed: tuple[str, str], monkeypatch: pytest.MonkeyPatch, is_store_broken: bool
) -> None:
    def fail(*_values: object, **_names: object) -> None:
        raise ZeroDivisionError

    desk.go(f"/officer/case/{filed[0]}/refused")
    monkeypatch.setattr(deciding, "refuse", fail)
    if is_store_broken:
        monkeypatch.setattr(desk_posts, "keep_unsent", fail)
    handlers = desk.browser.application.error_handler_spec[None][None]
    monkeypatch.setitem(handlers, Exception, bare_app.unexpected_error_page)
    fields = {"csrf": desk.token, "seen": desk.field("seen"), "reason": WHY}
    desk.answer = desk.browser.post(f"/officer/case/{filed[0]}/refused", data=fields)
    assert desk.answer.status_code == 500
    assert "Vẫn hỏng thì báo kỹ thuật mã này" in desk.words
    assert ("máy cất ở Chỗ gõ dở" in desk.words) is not is_store_broken
    assert len(kept_links(desk)) == (not is_store_broken)


def test_a_second_press_of_an_act_that_was_done_keeps_nothing(desk: Desk, filed: tuple[str, str]) -> None:
    desk.go(f"/officer/case/{filed[0]}/refused")
    fields = {"csrf": desk.token, "seen": desk.field("seen"), "reason": WHY}
    for said in ("refused", "moved"):
        answer = desk.browser.post(f"/officer/case/{filed[0]}/refused", data=fields)
        assert f"said={said}" in answer.headers["Location"]
    assert kept_links(desk) == []


def test_a_note_that_is_refused_is_kept_and_a_press_without_text_keeps_nothing(desk: Desk) -> None:
    desk.go("/officer/")
    for note in (WHY, ""):
        answer = desk.browser.post("/officer/ticket/none/notes", data={"csrf": desk.token, "note": note})
        assert answer.status_code in {403, 404}
    assert len(kept_links(desk)) == 1
    assert "Ghi chú" in desk.words


def test_the_tray_shows_typed_words_and_no_code_of_the_page(desk: Desk) -> None:
    desk.go("/officer/")
    desk.browser.post(
        "/officer/assist/none/page/nguoi_me",
        data={
            "csrf": desk.token,
            "nyc_quan_he": "me",
            "con_gioi_tinh": "nu",
            "paper": "can_cuoc",
            "why.le_phi": "poor",
            "then": "finish",
            "me_noi_cap": "Công an thành phố Huế",
        },
    )
    desk.go("/officer/unsent")
    assert re.findall(r'<p class="noted">(.*?)</p>', desk.page) == ["Công an thành phố Huế"]


def test_another_officer_cannot_open_the_text(desk: Desk) -> None:
    desk.go("/officer/")
    desk.browser.post("/officer/ticket/none/notes", data={"csrf": desk.token, "note": WHY})
    (link,) = kept_links(desk)
    other = Desk(desk.browser.application, "minhtam", counter=2)
    for path in (link, f"{link}/fields"):
        answer = other.browser.get(path)
        assert answer.status_code == 404
        assert WHY not in answer.get_data(as_text=True)


def test_a_case_stays_open_while_its_officer_types_in_it(desk: Desk, filed: tuple[str, str], clock: FixedClock) -> None:
    desk.go(f"/officer/case/{filed[0]}/refused")
    awake = re.search(r'data-awake="([^"]+)"', desk.page)
    assert awake
    assert filed[0] in awake[1]
    for _ in range(12):
        clock.advance(100)
        assert desk.browser.post(awake[1], data={"csrf": desk.token}).status_code == 204
    assert desk.browser.get(f"/officer/case/{filed[0]}/refused").status_code == 200
    wait(desk, clock, 600)
    assert desk.browser.get(f"/officer/case/{filed[0]}/refused").status_code == 403
    desk.browser.post(awake[1], data={"csrf": desk.token})
    assert desk.browser.get(f"/officer/case/{filed[0]}/refused").status_code == 403, "what was over stays over"
