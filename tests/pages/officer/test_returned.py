"""Forms and desk events that the portal refused: its words on the opened case, sent again or withdrawn there."""

import pytest
from flask import Flask

import sync.file_outbox
import sync.outbox
from kiosk.acts import attaching, deciding, refusals
from kiosk.acts.attaching import PaperFile
from kiosk.context import Context
from kiosk.dossiers.decision_filing import CaseRequest
from kiosk.dossiers.scan_events import ScannedPaper
from kiosk.portal import delivery
from kiosk.records import audit, decisions, scans, submissions
from kiosk.records.submissions import Submission
from sync.parcel import Outcome, Receipt, Subject
from tests.journeys import submission_checks
from tests.journeys.people import birth_until_check, submit
from tests.journeys.walker import Walker
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_queue import _tap
from tests.pages.technician.sitting import QUOTED, refuse
from tests.uploads.files import photo

LIST = "/officer/returned"


@pytest.fixture
def submission(birth_filed: Context) -> Submission:
    return submission_checks.only_submission(birth_filed)


@pytest.fixture
def desk(app: Flask, submission: Submission) -> Desk:
    desk = Desk(app)
    refuse(desk.context, submission)
    return desk


def _case(desk: Desk, submission: Submission) -> Desk:
    desk.go(f"/officer/case/{submission.id}")
    return desk.post(f"/officer/case/{submission.id}", reason="check")


def _standing(desk: Desk, subject: str) -> tuple[str, str | None]:
    with desk.context.store.read() as db:
        standing = sync.outbox.status_of(db, subject)
    assert standing is not None
    return standing.state, standing.last_code


def test_the_desk_is_told_that_something_is_to_be_looked_at(desk: Desk, submission: Submission) -> None:
    assert "Cần xem lại 1" in desk.go("/officer/").words
    page = desk.go(LIST).words
    assert f"{submission.receipt_no} Đăng ký khai sinh Tờ khai nội dung gửi, có mục chưa đúng" in page
    assert "(max-length)" in page
    assert QUOTED not in page, "words are read on an opened case alone"


def test_a_quiet_desk_has_no_such_place(app: Flask, submission: Submission) -> None:
    desk = Desk(app)
    assert "Cần xem lại" not in desk.go("/officer/").words
    assert "Không có tờ nào phải xem lại" in desk.go(LIST).words


def test_the_words_of_the_portal_are_read_on_the_opened_case(desk: Desk, submission: Submission) -> None:
    page = _case(desk, submission).words
    assert "Cổng không nhận tờ khai này" in page
    assert QUOTED in page
    assert "Lịch sử gửi lên cổng" in page


def test_at_the_counter_they_are_read_too(desk: Desk) -> None:
    _tap(desk, "next")
    assert QUOTED in desk.go("/officer/").words


def test_it_is_sent_again_when_the_cause_is_gone(desk: Desk, submission: Submission) -> None:
    _case(desk, submission).post(f"/officer/case/{submission.id}/returned/again", subject=submission.id)
    assert "Máy gửi lại lên cổng" in desk.words
    assert _standing(desk, submission.id)[0] == "todo"
    assert submission_checks.only_submission(desk.context).delivery == "queued"
    desk.post(f"/officer/case/{submission.id}/returned/again", subject=submission.id)
    assert "Không đổi gì" in desk.words
    with desk.context.store.read() as db:
        acts = [(line.act, line.actor) for _at, line in audit.of_subject(db, submission.id)]
    assert acts[-1] == ("release", "CB01")


def test_it_is_withdrawn_with_a_reason_and_takes_its_acts_along(desk: Desk, submission: Submission) -> None:
    made = deciding.refuse(desk.context, CaseRequest(submission.id, 0, "CB01"), "Chưa đủ điều kiện")
    assert made is not None
    _case(desk, submission).post(
        f"/officer/case/{submission.id}/returned/withdraw", subject=submission.id, reason="paper"
    )
    assert "Đã rút khỏi hàng gửi" in desk.words
    assert _standing(desk, submission.id) == ("refused", "withdrawn")
    assert _standing(desk, made.id) == ("refused", "withdrawn")
    assert submission_checks.only_submission(desk.context).delivery == "withdrawn"
    with desk.context.store.read() as db:
        acts = [(line.act, dict(line.facts)) for _at, line in audit.of_subject(db, submission.id)]
        assert (sync.outbox.count_open(db), sync.outbox.list_refused(db, 9), submissions.count_returned(db)) == (
            0,
            [],
            0,
        )
        assert decisions.count_quarantined(db) == 0
    assert ("withdraw", {"reason": "paper"}) in acts
    assert not refusals.send_again(desk.context, submission.id, "CB01"), "what is withdrawn is so for good"
    assert "Cần xem lại" not in desk.go("/officer/").words


@pytest.mark.parametrize("reason", ["", "because"])
def test_without_a_reason_nothing_is_withdrawn(desk: Desk, submission: Submission, reason: str) -> None:
    _case(desk, submission).post(
        f"/officer/case/{submission.id}/returned/withdraw", subject=submission.id, reason=reason
    )
    assert desk.answer.status_code == 403
    assert "vì sao rút" in desk.words
    assert submission_checks.only_submission(desk.context).delivery == "quarantined"


def test_nothing_is_done_with_a_case_that_is_not_open_here(app: Flask, desk: Desk, submission: Submission) -> None:
    desk.go(LIST).post(f"/officer/case/{submission.id}/returned/again", subject=submission.id)
    assert desk.answer.status_code == 403
    assert submission_checks.only_submission(desk.context).delivery == "quarantined"


def test_an_address_does_nothing_with_another_case(desk: Desk, walker: Walker, submission: Submission) -> None:
    other = Walker(walker.app).go("/")
    submit(birth_until_check(other))
    with desk.context.store.read() as db:
        second = next(
            other for other in submissions.of_day(db, desk.context.clock.today()) if other.id != submission.id
        )
    refuse(desk.context, second)
    _case(desk, submission).post(f"/officer/case/{submission.id}/returned/again", subject=second.id)
    assert desk.answer.status_code == 403
    assert _standing(desk, second.id)[0] == "refused"


def test_an_act_that_the_portal_refused_is_sent_again_or_withdrawn_by_itself(
    desk: Desk, submission: Submission
) -> None:
    made = deciding.refuse(desk.context, CaseRequest(submission.id, 0, "CB01"), "Chưa đủ điều kiện")
    assert made is not None
    refusals.send_again(desk.context, submission.id, "CB01")
    with desk.context.store.write() as db:
        sync.outbox.mark_refused(db, Subject(made.id, "event"), "record", "conflict", desk.context.clock.now())
        delivery.apply_outcome(desk.context, db, Subject(made.id, "event"), Outcome("conflict"))
    assert (
        f"{submission.receipt_no} Đăng ký khai sinh Từ chối nội dung gửi, mã này ở cổng có nội dung khác"
        in desk.go(LIST).words
    )
    assert "Cổng không nhận việc “Từ chối”" in _case(desk, submission).words
    desk.post(f"/officer/case/{submission.id}/returned/withdraw", subject=made.id, reason="other_system")
    with desk.context.store.read() as db:
        after = decisions.find(db, made.id)
    assert after is not None
    assert after.delivery is None
    assert submission_checks.only_submission(desk.context).delivery == "queued", "its form goes on"


@pytest.fixture
def scan(desk: Desk, submission: Submission) -> str:
    """Return the event of a scan that the portal refused, of a dossier that it has."""
    refusals.send_again(desk.context, submission.id, "CB01")
    with desk.context.store.write() as db:
        sync.outbox.mark_sending(
            db, Subject(submission.id, "submission"), submission.digest, 1, desk.context.clock.now()
        )
        sync.outbox.mark_done(db, Subject(submission.id, "submission"), desk.context.clock.now(), is_created=True)
        submissions.set_delivery(db, submission.id, "confirmed", desk.context.clock.now())
    scanned = PaperFile(paper=ScannedPaper("khac", "Giấy khác"), content=photo())
    attaching.attach(desk.context, submission, [scanned], actor="CB01")
    with desk.context.store.write() as db:
        event = str(db.execute("select id from decisions where kind = 'document'").fetchone()[0])
        sync.outbox.mark_refused(db, Subject(event, "event"), "poison", "not-read", desk.context.clock.now())
        delivery.apply_outcome(desk.context, db, Subject(event, "event"), Outcome("invalid"))
    return event


def test_the_word_of_a_scan_that_was_refused_is_shown_and_sent_again(
    desk: Desk, submission: Submission, scan: str
) -> None:
    listed = f"{submission.receipt_no} Đăng ký khai sinh Bản chụp giấy tờ nội dung gửi, cổng không đọc được"
    assert listed in desk.go(LIST).words
    assert "Cổng không nhận việc “Bản chụp giấy tờ”" in _case(desk, submission).words
    desk.post(f"/officer/case/{submission.id}/returned/again", subject=scan)
    assert _standing(desk, scan)[0] == "todo"


def test_with_the_word_of_a_scan_its_file_is_withdrawn_and_the_dossier_waits_no_longer(
    desk: Desk, submission: Submission, scan: str
) -> None:
    assert submission_checks.only_submission(desk.context).delivery == "sent"
    _case(desk, submission).post(f"/officer/case/{submission.id}/returned/withdraw", subject=scan, reason="paper")
    assert submission_checks.only_submission(desk.context).delivery == "confirmed"
    with desk.context.store.read() as db:
        assert sync.file_outbox.backlog(db).count == 0
        assert decisions.count_quarantined(db) == 0
        assert len(scans.of_receipt(db, submission.receipt_no)) == 1, "the desk keeps its scan"


def test_every_reason_of_the_page_is_one_of_the_act(desk: Desk, submission: Submission) -> None:
    page = _case(desk, submission).page
    assert all(f'<option value="{reason}">' in page for reason in refusals.REASONS)


def test_a_form_that_cannot_be_opened_any_more_can_still_be_sent_again_or_withdrawn(
    desk: Desk, submission: Submission
) -> None:
    with desk.context.store.write() as db:
        db.execute("update submissions set body = substr(body, 1, 40) where id = ?", [submission.id])
    page = _case(desk, submission).words
    assert "Máy không mở được nội dung tờ khai này" in page
    assert "xóa theo hạn giữ" not in page
    desk.post(f"/officer/case/{submission.id}/returned/withdraw", subject=submission.id, reason="paper")
    assert submission_checks.only_submission(desk.context).delivery == "withdrawn"


def test_the_way_of_a_form_is_told_with_the_words_of_each_refusal(desk: Desk, submission: Submission) -> None:
    refusals.send_again(desk.context, submission.id, "CB01")
    with desk.context.store.write() as db:
        sync.outbox.mark_sending(
            db, Subject(submission.id, "submission"), submission.digest, 1, desk.context.clock.now()
        )
        sync.outbox.mark_done(db, Subject(submission.id, "submission"), desk.context.clock.now(), is_created=True)
        submissions.set_delivery(db, submission.id, "confirmed", desk.context.clock.now())
    page = _case(desk, submission).words
    places = [page.index(words) for words in ("Cổng đã nhận", "Cán bộ cho gửi lại", "có mục chưa đúng", QUOTED)]
    assert places == sorted(places)
    assert "Cổng không nhận tờ khai này" not in page


def test_what_the_portal_says_with_a_status_is_read_on_the_case_and_stays_text(
    desk: Desk, submission: Submission
) -> None:
    receipt = Receipt(
        submission_id=submission.id,
        digest=submission.digest,
        received_at="2026-11-24T01:31:00.000Z",
        revision=2,
        status_code=5,
        note="Thiếu <b>giấy</b> chứng sinh",
    )
    with desk.context.store.write() as db:
        delivery.apply_receipt(desk.context, db, receipt)
    page = _case(desk, submission)
    assert "Cổng ghi: Thiếu <b>giấy</b> chứng sinh" in page.words
    assert "<b>giấy</b>" not in page.page
    with desk.context.store.write() as db:
        db.execute("update submissions set portal_note = x'00' where id = ?", [submission.id])
    assert "Cổng ghi" not in desk.go(f"/officer/case/{submission.id}").words


def test_no_two_answers_under_one_heading_look_alike(desk: Desk, submission: Submission) -> None:
    page = _case(desk, submission).words
    for whose in ("bé", "mẹ", "cha"):
        assert f"Dân tộc của {whose} Kinh" in page
        assert f"Quốc tịch của {whose} Việt Nam" in page
    assert "Nơi cư trú Tổ 5" in page, "under a heading that says whose it is, the paper's own words"
