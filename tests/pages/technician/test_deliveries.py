"""Deliveries to the portal: every reason to wait in words, every attempt, and the technician's buttons."""

import random
from datetime import timedelta

import pytest
from flask import Flask

import sync.attempts
import sync.file_outbox
import sync.link
import sync.outbox
from kiosk.acts import deciding, refusals
from kiosk.base import codes
from kiosk.base.clock import FixedClock
from kiosk.dossiers.decision_filing import CaseRequest
from kiosk.health.connection import PAUSES
from kiosk.pages.technician import deliveries
from kiosk.records import audit, scans
from kiosk.records.scans import Scan
from kiosk.records.submissions import Submission
from sync import errors
from sync.backoff import BackoffSettings
from sync.encoding import sha256_hex
from sync.link import Link
from sync.outbox import OutboxRetry
from sync.parcel import Subject
from tests.faults.submitting import submit_form
from tests.journeys import submission_checks
from tests.journeys.walker import Walker
from tests.pages.technician.sitting import QUOTED, Bench, refuse

LIST = "/technician/deliveries"


@pytest.fixture
def submission(walker: Walker) -> Submission:
    submit_form(walker.context)
    return submission_checks.only_submission(walker.context)


@pytest.fixture
def bench(app: Flask, submission: Submission) -> Bench:
    return Bench(app)


@pytest.fixture
def line(bench: Bench) -> Link:
    """Return the link of a worker that has begun its run."""
    line = Link(random.Random(1), BackoffSettings(spread=0), bench.context.clock.monotonic)
    with bench.context.store.write() as db:
        line.begin_run(db)
        line.record_success(db, "e1", bench.context.clock.now())
    return line


def _fail(bench: Bench, line: Link, error: errors.SyncError) -> None:
    with bench.context.store.write() as db:
        line.record_failure(db, error, bench.context.clock.now())


def _open(bench: Bench, line: Link) -> bool:
    with bench.context.store.read() as db:
        return line.is_open(db)


def test_a_form_that_waits_is_named_by_its_number_and_matter(bench: Bench, submission: Submission) -> None:
    page = bench.go(LIST).words
    assert "1 tờ khai và việc của quầy chờ gửi" in page
    assert f"{submission.receipt_no} Đăng ký khai sinh" in page
    assert "0 lần Chờ đến lượt" in page


def test_while_the_line_is_down_every_try_of_it_counts(bench: Bench, line: Link, clock: FixedClock) -> None:
    for _ in range(3):
        _fail(bench, line, errors.NotSent("refused"))
        clock.advance(60)
    page = bench.go(LIST).words
    assert "3 lần Đang chờ đường truyền" in page
    assert "LINK-01" in page
    assert "Máy tự thử lúc" in page


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (errors.NotKnown("unknown-key"), "auth"),
        (errors.NotAllowed("revoked"), "auth"),
        (errors.TooFast("429", 120.0), "rate"),
        (errors.Maintenance("hello"), "maintenance"),
        (errors.WrongClock("clock"), "clock"),
        (errors.WrongVersion("426"), "version"),
    ],
)
def test_a_pause_says_why_until_when_and_what_to_do(bench: Bench, line: Link, error: errors.Pause, reason: str) -> None:
    _fail(bench, line, error)
    page = bench.go(LIST).words
    alarm = PAUSES[reason]
    assert f"Tạm dừng: {alarm.why}" in page
    assert alarm.code in page
    assert all(step in page for step in alarm.steps)
    assert ("Máy tự thử lúc" in page) == (not error.is_held)


def test_somebody_elses_answer_is_told_apart_from_a_dead_line(bench: Bench, line: Link) -> None:
    _fail(bench, line, errors.NotSent("foreign answer"))
    assert "có máy khác trả lời thay cổng" in bench.go(LIST).words
    assert "LINK-09" in bench.words


def test_what_is_refused_is_told_by_class_code_and_field_and_never_in_words(
    bench: Bench, submission: Submission
) -> None:
    refuse(bench.context, submission)
    for address in (LIST, f"{LIST}/{submission.id}"):
        page = bench.go(address).words
        assert "Cổng không nhận: có mục chưa đúng" in page
        assert "record: invalid" in page
        assert "(max-length)" in page
        assert "Cần xem lại" in page
        assert QUOTED not in page
        assert "Bảo Ngọc" not in page
        assert f"{LIST}/{submission.id}/retry" not in bench.page, "only the desk may send it again"


def test_an_act_that_waits_for_its_form_says_so(bench: Bench, submission: Submission) -> None:
    made = deciding.refuse(bench.context, CaseRequest(submission.id, 0, "CB01"), "Chưa đủ điều kiện")
    assert made is not None
    page = bench.go(LIST).words
    assert f"{submission.receipt_no}, việc thứ 1 của quầy từ chối" in page
    assert "Chờ tờ khai của hồ sơ này gửi xong" in page
    assert "Từ chối" in bench.go(f"{LIST}/{submission.id}").words
    assert "việc thứ 1 của quầy" in bench.go(f"{LIST}/{made.id}").words


def test_a_timeline_tells_every_attempt_and_folds_what_the_line_did_again_and_again(
    bench: Bench, submission: Submission, line: Link, clock: FixedClock
) -> None:
    now = bench.context.clock.now
    subject = Subject(submission.id, "submission")
    for _ in range(4):
        clock.advance(60)
        _fail(bench, line, errors.NotSent("refused"))
    with bench.context.store.write() as db:
        line.record_success(db, "e1", now())
        sync.outbox.mark_sending(db, subject, sha256_hex(b""), line.run, now())
        sync.outbox.put_back(db, subject, OutboxRetry("unknown", "unknown", "answer lost", run=line.run), now())
        sync.outbox.mark_sending(db, subject, sha256_hex(b""), line.run, now())
        sync.outbox.mark_done(db, subject, now(), is_created=False)
        line.record_failure(db, errors.NotSent("of tomorrow"), now() + timedelta(days=1))
    page = bench.go(f"{LIST}/{submission.id}").words
    entries = ["Cổng đã có sẵn tờ này", "không nghe trả lời", "Có đường truyền lại", "Không tới được cổng, 4 lần"]
    places = [page.index(words) for words in [*entries, "Vào hàng gửi"]]
    assert places == sorted(places), "the latest stands first"
    assert "8:31 đến 8:34" in page
    assert "unknown: answer lost" in page
    assert "of tomorrow" not in page, "what the line did later is not this form's"


def test_a_timeline_asks_nobody_to_look_at_what_was_withdrawn(bench: Bench, submission: Submission) -> None:
    refuse(bench.context, submission)
    assert "Việc tiếp: cán bộ ở quầy" in bench.go(f"{LIST}/{submission.id}").words
    refusals.withdraw(bench.context, submission.id, "paper", "CB01")
    page = bench.go(f"{LIST}/{submission.id}").words
    assert "Đã rút khỏi hàng gửi" in page
    assert "Việc tiếp" not in page


def test_a_timeline_of_nothing_is_not_found(bench: Bench) -> None:
    answer = bench.browser.get(f"{LIST}/019ab0c1-0000-7000-8000-000000000000")
    assert answer.status_code == 404
    page = answer.get_data(as_text=True)
    assert "Không có tờ khai này trong hàng gửi" in page
    assert 'href="/technician/"' in page, "a technician is not led to the citizens' start"


def test_a_form_is_found_by_its_number_as_a_hand_types_it(bench: Bench, submission: Submission) -> None:
    typed = submission.receipt_no.lower().replace("-", " ")
    assert "Từng lần thử" in bench.go(f"{LIST}/find?no={typed}").words
    assert "Không có mã đó" in bench.go(f"{LIST}/find?no=PK03").words


@pytest.mark.parametrize(("long", "ends"), [("hour", "Máy tự gửi tiếp lúc 9:30"), ("", "")])
def test_sending_is_stopped_and_goes_on(bench: Bench, line: Link, long: str, ends: str) -> None:
    bench.go(LIST).post(f"{LIST}/stop", long=long)
    assert not _open(bench, line)
    assert "Đã tạm dừng gửi" in bench.words
    assert "kỹ thuật bấm dừng từ 8:30" in bench.words
    assert ("Máy tự gửi tiếp" in bench.words, ends in bench.words) == (bool(ends), True)
    assert "Đang gửi, còn" not in bench.words
    bench.post(f"{LIST}/go-on")
    assert _open(bench, line)
    assert "bấm dừng" not in bench.words


def test_one_form_is_tried_now_and_a_pause_is_not_ended_by_it(bench: Bench, submission: Submission, line: Link) -> None:
    _fail(bench, line, errors.NotSent("refused"))
    bench.go(LIST).post(f"{LIST}/{submission.id}/retry")
    assert "Máy thử tờ đó ngay" in bench.words
    assert _open(bench, line)
    _fail(bench, line, errors.NotKnown("401"))
    bench.post(f"{LIST}/{submission.id}/retry")
    assert not _open(bench, line)
    bench.post("/technician/send-now")
    assert _open(bench, line)
    refuse(bench.context, submission)
    assert "không còn chờ" in bench.post(f"{LIST}/{submission.id}/retry").words


def test_the_city_is_asked_again_and_the_page_tells_how_far(bench: Bench, submission: Submission, line: Link) -> None:
    with bench.context.store.write() as db:
        sync.outbox.mark_sending(
            db, Subject(submission.id, "submission"), "a" * 64, line.run, bench.context.clock.now()
        )
        sync.outbox.mark_done(db, Subject(submission.id, "submission"), bench.context.clock.now(), is_created=True)
    assert "Đang hỏi lại thành phố: 0%" in bench.go(LIST).post(f"{LIST}/audit").words
    with bench.context.store.write() as db:
        sync.link.save_audit_progress(db, after=1, kept=1, lost=None, is_doubted=False)
    assert "Đang hỏi lại thành phố: 100%" in bench.go(LIST).words


def test_a_long_drain_shows_how_much_has_gone(bench: Bench, line: Link) -> None:
    now = bench.context.clock.now
    _fail(bench, line, errors.NotSent("refused"))
    with bench.context.store.write() as db:
        line.record_success(db, "e1", now())
        for number in range(30):
            sync.outbox.enqueue(db, f"s{number}", now())
        for number in range(10):
            sync.outbox.mark_sending(db, Subject(f"s{number}", "submission"), "a" * 64, line.run, now())
            sync.outbox.mark_done(db, Subject(f"s{number}", "submission"), now(), is_created=True)
    page = bench.go(LIST)
    assert "Đang gửi, còn 21 tờ khai và việc của quầy" in page.words
    assert 'max="31" value="10"' in page.page


def test_a_thousand_that_wait_are_shown_page_by_page(bench: Bench) -> None:
    with bench.context.store.write() as db:
        for number in range(60):
            sync.outbox.enqueue(db, f"s{number:02}", bench.context.clock.now())
    first = bench.go(LIST).words
    last = bench.go(f"{LIST}?page=3").words
    assert "trang 1 trên 3" in first
    assert "s23" in first
    assert "s24" not in first
    assert "s59" in last
    assert "Trang sau" not in last
    assert "trang 1 trên 3" in bench.go(f"{LIST}?page=0x").words


def test_every_verb_is_in_the_trail_by_who_did_it(bench: Bench, submission: Submission) -> None:
    verbs = ["/technician/send-now", f"{LIST}/stop", f"{LIST}/go-on", f"{LIST}/audit", f"{LIST}/{submission.id}/retry"]
    for address in verbs:
        bench.go(LIST).post(address)
    with bench.context.store.read() as db:
        acts = [entry.line.act for entry in reversed(audit.latest(db, ["send_now", "stop_sending", "go_on", "ask_audit",
                                                                   "retry"], 10))]  # fmt: skip
        assert audit.verify(db, bench.context.audit_key()) is None
    assert acts == ["send_now", "stop_sending", "go_on", "ask_audit", "retry"]
    page = bench.go("/technician/journal").words
    assert all(words in page for words in ("Gửi ngay", "Tạm dừng gửi", "Gửi tiếp", "Hỏi lại thành phố"))


def test_every_word_that_a_page_says_after_a_touch_is_said_somewhere(bench: Bench) -> None:
    for key, words in deliveries.MESSAGES.items():
        assert words in bench.go(f"{LIST}?said={key}").words
    assert "<script>" not in bench.go(f"{LIST}?said=<script>").words


def test_the_log_of_the_line_stands_in_the_journal(bench: Bench, line: Link) -> None:
    assert "chưa trục trặc lần nào" in bench.go("/technician/journal").words
    _fail(bench, line, errors.NotSent("refused"))
    _fail(bench, line, errors.Unsure("500"))
    page = bench.go("/technician/journal").words
    assert page.index("Cổng trả lời không rõ") < page.index("Không tới được cổng")
    assert "unknown: 500" in page


def test_scans_behind_a_form_say_how_far_they_came(bench: Bench, submission: Submission, line: Link) -> None:
    now = bench.context.clock.now()
    scan_id = codes.new_id()
    scan = Scan(
        id=scan_id,
        receipt_no=submission.receipt_no,
        paper="chung_sinh",
        name="a" * 64,
        key=b"key",
        sha256="b" * 64,
        media="image/jpeg",
        pages=1,
        bytes=4096,
        actor="CB01",
        at=now,
    )
    with bench.context.store.write() as db:
        scans.insert(db, scan)
        sync.file_outbox.enqueue(db, scan_id, submission.id, "b" * 64, 4096, now)
        sync.file_outbox.set_progress(db, scan_id, 1024, now)
    assert "Bản chụp 1: đang chờ gửi, đã tới 1 trong 4 kB" in bench.go(f"{LIST}/{submission.id}").words
    assert "Bản chụp giấy tờ: còn 1 bản, 3 kB" in bench.go(LIST).words
    assert 'max="4096" value="1024"' in bench.page
    with bench.context.store.write() as db:
        sync.file_outbox.mark_refused(db, scan_id, "record", "changed", now)
    page = bench.go(f"{LIST}/{submission.id}").words
    assert "không gửi được, cán bộ xem lại bản chụp này record: changed" in page
    assert "Bản chụp giấy tờ: còn" not in bench.go(LIST).words


def test_a_failure_of_a_form_and_of_its_line_is_told_once(
    bench: Bench, submission: Submission, line: Link, clock: FixedClock
) -> None:
    now = bench.context.clock.now
    subject = Subject(submission.id, "submission")
    for _ in range(5):
        clock.advance(60)
        with bench.context.store.write() as db:
            sync.outbox.mark_sending(db, subject, sha256_hex(b""), line.run, now())
            sync.outbox.put_back(db, subject, OutboxRetry("todo", "link", "reset"), now())
            line.record_failure(db, errors.NotSent("reset"), now())
    page = bench.go(f"{LIST}/{submission.id}").words
    assert "8:31 đến 8:35 Chưa gửi được vì đường truyền, chưa có gì rời máy, 5 lần link: reset" in page
    assert "Không tới được cổng" not in page
