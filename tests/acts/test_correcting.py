"""A correction is the next revision under the same receipt number, written once, with all that belongs to the last."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlite_utils import Database

import sync.outbox
from kiosk.acts import correcting, inspecting, printing, queueing, refusals, wiping
from kiosk.acts.correcting import CorrectionInput
from kiosk.acts.inspecting import PaperTick
from kiosk.base.clock import FixedClock
from kiosk.base.errors import CorrectionClosed, NotFound, RevisionConflict
from kiosk.context import Context
from kiosk.dossiers.opened import OpenedSubmission, open_submission
from kiosk.dossiers.sealed_drafts import UnfinishedForm
from kiosk.papers import slip
from kiosk.procedures import revision
from kiosk.procedures.answers import Draft, complete
from kiosk.records import audit, inspections, sessions, submissions, tickets
from kiosk.records.submissions import Submission
from printers import spool
from sync.parcel import Subject
from tests.journeys import submission_checks
from tests.journeys.people import birth_until_check, submit
from tests.journeys.typical import CASES, Case
from tests.journeys.walker import Walker
from tests.pages.technician.sitting import refuse

NAME = "Trần Nguyễn Bảo Châu"
INPUT = CorrectionInput("CB01", "paper", read_back=True)


@pytest.fixture
def context(birth_filed: Context) -> Context:
    return birth_filed


def open_base(context: Context) -> OpenedSubmission:
    base = open_submission(context, submission_checks.only_submission(context).id)
    assert base is not None
    return base


def answer_as(context: Context, actor: str = "CB01", **answers: Any) -> OpenedSubmission:
    def change(draft: Draft) -> None:
        for key, value in answers.items():
            draft.put(key, value)

    base = open_base(context)
    correcting.update_draft(context, base, actor=actor, change=change)
    return base


def write_correction(context: Context, correction_input: CorrectionInput = INPUT, **answers: Any) -> Submission:
    base = answer_as(context, correction_input.officer, **(answers or {"con_ho_ten": NAME}))
    written = correcting.write(context, base, seen=base.submission.id, correction_input=correction_input)
    assert written is not None
    return written


def test_what_was_corrected_is_neither_withdrawn_nor_sent_again_from_an_older_page(context: Context) -> None:
    before = submission_checks.only_submission(context)
    refuse(context, before)
    after = write_correction(context)
    assert not refusals.withdraw(context, before.id, reason="paper", actor="CB02")
    assert not refusals.send_again(context, before.id, "CB02")
    with context.store.read() as db:
        statuses = [sync.outbox.status_of(db, submission.id) for submission in (before, after)]
    assert [(status.state, status.last_code) for status in statuses if status] == [
        ("refused", "invalid"),
        ("todo", None),
    ]


def test_a_correction_is_the_next_revision_under_the_same_number(context: Context, clock: FixedClock) -> None:
    before = submission_checks.only_submission(context)
    body = submission_checks.opened_body(context, before)
    clock.advance(720)
    after = write_correction(context)
    assert (after.receipt_no, after.day, after.seq) == (before.receipt_no, before.day, before.seq)
    assert (after.revision, after.supersedes, after.completed_at) == (2, before.id, before.completed_at)
    new_body = submission_checks.opened_body(context, after)
    submission_checks.body_validator().validate(new_body)
    assert (new_body["revision"], new_body["supersedes"], new_body["submissionId"]) == (2, before.id, after.id)
    assert new_body["assistance"] == {"officer": "CB01", "reason": "Giấy tờ ghi khác", "readBack": True}
    assert new_body["form"]["answers"] == body["form"]["answers"] | {"con_ho_ten": NAME}
    assert new_body["form"]["changes"] == [{"key": "con_ho_ten", "officer": "CB01", "at": "2026-11-24T01:42:00.000Z"}]
    assert new_body["form"]["sources"]["con_ho_ten"] == "officer"
    assert new_body["form"]["sources"]["nyc_ho_ten"] == "card"
    with context.store.read() as db:
        sealed = submissions.body(db, before.id)
        old = submissions.find(db, before.id)
    assert old is not None
    assert sealed is not None
    assert old.closed_at == clock.now()
    assert hashlib.sha256(context.vault.open(submissions.BODY, before.id, sealed)).hexdigest() == before.digest


def test_a_correction_of_a_correction_remembers_both(context: Context) -> None:
    first = submission_checks.only_submission(context)
    second = write_correction(context)
    third = write_correction(context, CorrectionInput("CB02", "said", read_back=False), con_gioi_tinh="nam")
    assert (third.revision, third.supersedes) == (3, second.id)
    changes = submission_checks.opened_body(context, third)["form"]["changes"]
    assert [(change["key"], change["officer"]) for change in changes] == [
        ("con_ho_ten", "CB01"),
        ("con_gioi_tinh", "CB02"),
    ]
    with context.store.read() as db:
        assert [submission.id for submission in submissions.revisions(db, first.receipt_no)] == [
            first.id,
            second.id,
            third.id,
        ]


def test_ticket_inspections_and_notes_follow_the_corrected_dossier(walker: Walker) -> None:
    submit(birth_until_check(walker))
    context = walker.context
    before = submission_checks.only_submission(context)
    inspecting.tick_papers(
        context, before.id, papers={"giay_chung_sinh": PaperTick(is_seen=True, is_copied=False)}, actor="CB01"
    )
    inspecting.add_note(context, before.id, text="hẹn chiều", actor="CB01")
    with context.store.write() as db:
        number = tickets.of_submission(db, before.id)
        submissions.set_desk(db, before.id, desk="supplement", now=context.clock.now())
    after = write_correction(context)
    assert number is not None
    with context.store.read() as db:
        moved = tickets.of_submission(db, after.id)
        assert moved is not None
        assert (moved.id, moved.label, moved.state) == (number.id, number.label, number.state)
        assert inspections.by_paper(db, after.id).keys() == {"giay_chung_sinh"}
        assert len(inspections.notes(db, after.id)) == 1
        assert inspections.by_paper(db, before.id) == {}
    assert after.desk == "supplement"
    assert number.label in walker.go("/done").words, "the citizen at the screen still sees the ticket"


def test_three_fast_presses_make_one_revision(context: Context) -> None:
    base = answer_as(context, con_ho_ten=NAME)
    written = [correcting.write(context, base, seen=base.submission.id, correction_input=INPUT) for _ in range(3)]
    assert [submission is not None for submission in written] == [True, False, False]
    assert submission_checks.only_submission(context).revision == 2


def test_the_second_of_two_officers_gets_an_error_and_keeps_the_typed_text(context: Context) -> None:
    base = answer_as(context, "CB02", con_gioi_tinh="nam")
    write_correction(context)
    other = replace(INPUT, officer="CB02")
    with pytest.raises(RevisionConflict):
        correcting.write(context, base, seen=base.submission.id, correction_input=other)
    again = open_base(context)
    correction = correcting.current_correction(context, again, "CB02")
    assert [(difference.key, difference.new) for difference in correction.differences] == [("con_gioi_tinh", "Nam")]
    third = correcting.write(context, again, seen=again.submission.id, correction_input=other)
    assert third is not None
    answers = submission_checks.opened_body(context, third)["form"]["answers"]
    assert (answers["con_ho_ten"], answers["con_gioi_tinh"]) == (NAME, "nam")


def test_what_follows_from_a_corrected_answer_follows(context: Context) -> None:
    assert (
        submission_checks.opened_body(context, submission_checks.only_submission(context))["form"]["answers"][
            "me_ho_ten"
        ]
        == "Nguyễn Thị Diệu Hiền"
    )
    base = answer_as(context, nyc_ho_ten="Nguyễn Thị Diệu Hiên", con_ngay_sinh="2026-08-01")
    differs = {
        difference.key: difference for difference in correcting.current_correction(context, base, "CB01").differences
    }
    assert differs["me_ho_ten"].follows
    assert not differs["nyc_ho_ten"].follows
    after = correcting.write(context, base, seen=base.submission.id, correction_input=INPUT)
    assert after is not None
    answers = submission_checks.opened_body(context, after)["form"]["answers"]
    assert answers["me_ho_ten"] == "Nguyễn Thị Diệu Hiên"
    assert "tháng tám" in answers["con_ngay_sinh_bang_chu"]
    assert submission_checks.opened_body(context, after)["applicant"]["fullName"] == "Nguyễn Thị Diệu Hiên"


def test_the_digits_that_were_wrong_open_nothing_any_more(context: Context) -> None:
    before = submission_checks.only_submission(context)
    paper = submission_checks.opened_body(context, before)["form"]["answers"]["nyc_giay_to_tuy_than"]
    write_correction(context, nyc_giay_to_tuy_than=paper | {"so": "046196000999"})
    assert queueing.look_up_status(context, "screen", receipt_no=before.receipt_no, digits="0123") is None
    submission = queueing.look_up_status(context, "screen", receipt_no=before.receipt_no, digits="0999")
    assert submission is not None
    assert submission.revision == 2


def test_an_opened_page_must_be_filled_in_before_it_is_written(context: Context) -> None:
    base = answer_as(context, nyc_quan_he="ong_ba")
    correction = correcting.current_correction(context, base, "CB01")
    assert [step.id for step in revision.unfinished_steps(base.procedure, correction.draft, base.submission.day)] == [
        "nguoi_me"
    ]
    with pytest.raises(UnfinishedForm):
        correcting.write(context, base, seen=base.submission.id, correction_input=INPUT)
    assert submission_checks.only_submission(context).revision == 1
    assert correcting.current_correction(context, base, "CB01").is_begun, "what was typed is kept"


@pytest.mark.parametrize("state", ["refused", "stopped", "handed_out"])
def test_a_closed_case_is_not_corrected(context: Context, state: Any) -> None:
    answer_as(context, con_ho_ten=NAME)
    with context.store.write() as db:
        submissions.set_desk(db, submission_checks.only_submission(context).id, desk=state, now=context.clock.now())
    with pytest.raises(CorrectionClosed):
        correcting.write(
            context, open_base(context), seen=submission_checks.only_submission(context).id, correction_input=INPUT
        )
    with pytest.raises(CorrectionClosed):
        answer_as(context, con_ho_ten=NAME)


def test_a_correction_needs_a_reason_and_a_change(context: Context) -> None:
    base = answer_as(context, con_ho_ten=NAME)
    with pytest.raises(NotFound, match="vì sao"):
        correcting.write(context, base, seen=base.submission.id, correction_input=replace(INPUT, reason=""))
    answer_as(context, con_ho_ten=base.answers["con_ho_ten"])
    with pytest.raises(NotFound, match="Chưa đổi"):
        correcting.write(context, base, seen=base.submission.id, correction_input=INPUT)
    assert correcting.discard(context, base.submission.receipt_no, "CB01")
    assert not correcting.discard(context, base.submission.receipt_no, "CB01")
    assert submission_checks.only_submission(context).revision == 1


def test_the_trail_has_the_keys_and_no_value(context: Context) -> None:
    after = write_correction(context, con_ho_ten=NAME, con_gioi_tinh="nam")
    with context.store.read() as db:
        ((_at, line),) = audit.of_subject(db, after.id)
        assert audit.verify(db, context.audit_key()) is None
    assert (line.act, line.actor) == ("correct", "CB01")
    assert line.facts == {
        "receipt": after.receipt_no,
        "revision": 2,
        "keys": "con_ho_ten con_gioi_tinh",
        "reason": "paper",
        "read_back": True,
    }


def test_typed_text_is_sealed_and_deleted_with_its_draft(context: Context, clock: FixedClock) -> None:
    answer_as(context, con_ho_ten="Zxqv Bảo Châu")
    content = b"".join(path.read_bytes() for path in context.config.folder.rglob("*") if path.is_file())
    assert b"Zxqv" not in content
    clock.advance(timedelta(hours=context.config.keep.draft_hours, minutes=1).total_seconds())
    wiping.wipe_expired(context)
    with context.store.read() as db:
        assert db.execute("select count(*) from corrections").fetchone() == (0,)


@pytest.mark.parametrize("state", ["todo", "refused", "done"])
def test_a_correction_is_sent_after_its_predecessor_and_gets_its_events(context: Context, state: str) -> None:
    before = submission_checks.only_submission(context)
    now = context.clock.now()
    subject = Subject(before.id, "submission")
    event = "019ab0c1-2345-7890-8123-000000000077"
    with context.store.write() as db:
        sync.outbox.enqueue(db, event, now, kind="event", parent=before.id, seq=1)
        if state == "refused":
            sync.outbox.mark_refused(db, subject, "record", "invalid", now)
        if state == "done":
            mark_confirmed(db, context, before.id)
    after = write_correction(context)
    with context.store.write() as db:
        assert db.execute("select parent from outbox where subject = ?", [event]).fetchone() == (after.id,)
        first = [row.subject.id for row in sync.outbox.next_batch(db, 1, 0.0, 9)]
        assert first == ([before.id] if state == "todo" else [after.id])
        for submission_id in (after.id,) if state == "done" else (before.id, after.id):
            mark_confirmed(db, context, submission_id)
        assert [row.subject.id for row in sync.outbox.next_batch(db, 1, 0.0, 9)] == [event]


def mark_confirmed(db: Database, context: Context, submission_id: str) -> None:
    subject = Subject(submission_id, "submission")
    sync.outbox.mark_sending(db, subject, "0" * 64, 1, context.clock.now())
    sync.outbox.mark_done(db, subject, context.clock.now(), is_created=True)


def test_what_never_left_for_a_portal_does_not_leave_as_a_correction(context: Context) -> None:
    with context.store.write() as db:
        db.execute("update submissions set delivery = null")
    after = write_correction(context)
    assert after.delivery is None
    with context.store.read() as db:
        assert sync.outbox.status_of(db, after.id) is None


def test_a_slip_is_printed_on_request_with_the_corrections(context: Context) -> None:
    before = submission_checks.only_submission(context)
    after = write_correction(context)
    with context.store.write() as db:
        assert spool.of_subject(db, after.id) == []
        (job,) = spool.of_subject(db, before.id)
        spool.mark_sending(db, job.id, context.clock.now())
        spool.record_result(db, job.id, spool.SendResult("printed", "", "Máy in phiếu"), context.clock.now())
    printing.reprint_slip(context, after.id, "CB01")
    with context.store.read() as db:
        assert len(spool.of_subject(db, before.id)) == 2
    assert NAME in str(slip.compose(context, before.id, {}))


def test_a_form_version_that_came_meanwhile_leaves_the_dossier_its_own(context: Context, clock: FixedClock) -> None:
    before = submission_checks.only_submission(context)
    base = answer_as(context, con_ho_ten=NAME)
    clock.advance(timedelta(days=120).total_seconds())
    newer = context.catalogue.in_force(before.procedure, clock.today())
    assert newer is not None
    assert newer.version != before.version
    after = correcting.write(context, base, seen=before.id, correction_input=INPUT)
    assert after is not None
    assert (after.version, after.day) == (before.version, before.day)
    assert submission_checks.opened_body(context, after)["form"]["formVersion"] == before.version


def test_a_citizen_at_the_screen_sees_the_correction(context: Context, walker: Walker) -> None:
    after = write_correction(context)
    with context.store.read() as db:
        session_ids = [row["id"] for row in db.query("select id from sessions where submission_id = ?", [after.id])]
        assert len(session_ids) == 1
        assert sessions.find(db, session_ids[0], "citizen") is not None


@pytest.mark.parametrize("code", sorted(CASES))
def test_every_form_can_be_reopened_unchanged(app: Flask, code: str) -> None:
    walker = Walker(app).go("/")
    Case(walker, code, cards=True).walk()
    base = open_base(walker.context)
    day = base.submission.day
    draft = revision.reopen(base.procedure, base.answers, base.sources, day)
    again = complete(base.procedure, draft.answers, walker.context.office, day)
    assert json.dumps(again, sort_keys=True) == json.dumps(dict(base.answers), sort_keys=True)
    assert revision.unfinished_steps(base.procedure, draft, day) == []
    assert revision.differences(base.procedure, base.answers, again, day) == []


def test_an_answer_that_a_sent_page_did_not_change_gets_no_source(context: Context) -> None:
    """A form of an older release has no sources."""
    submission = submission_checks.only_submission(context)
    body = submission_checks.opened_body(context, submission)
    del body["form"]["sources"]
    sealed = context.vault.seal(submissions.BODY, submission.id, json.dumps(body).encode())
    with context.store.write() as db:
        db.execute("update submissions set body = ? where id = ?", [sealed, submission.id])

    def send_page(draft: Draft) -> None:
        draft.put("con_ho_ten", NAME)
        draft.put("con_gioi_tinh", draft.answers["con_gioi_tinh"])

    base = open_base(context)
    correcting.update_draft(context, base, actor="CB01", change=send_page)
    written = correcting.write(context, base, seen=base.submission.id, correction_input=INPUT)
    assert written is not None
    form = submission_checks.opened_body(context, written)["form"]
    assert (form["sources"], form["givers"]) == ({"con_ho_ten": "officer"}, {"con_ho_ten": "CB01"})
