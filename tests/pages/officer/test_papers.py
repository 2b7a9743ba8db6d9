"""Papers and notes of the counter: each tick has officer and time, notes are sealed and shown as text."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from kiosk.acts import wiping
from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.records import audit, inspections, submissions
from tests.journeys import submission_checks
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_queue import _tap

NOTE = "Mẹ bé hẹn chiều mang giấy chứng sinh"


@pytest.fixture
def desk(app: Flask, birth_filed: Context) -> Desk:
    """Return an officer with a birth registration at the counter."""
    desk = Desk(app)
    return _tap(desk, "next")


def _address(desk: Desk, what: str) -> str:
    match = re.search(rf'action="(/officer/ticket/[^"]+/{what})"', desk.page)
    assert match
    return match[1]


def _papers(desk: Desk) -> list[str]:
    return re.findall(r'name="seen" value="([^"]+)"', desk.page)


def test_a_tick_says_who_saw_the_paper_and_when(desk: Desk) -> None:
    first, *others = _papers(desk)
    lacking = re.search(r"còn (\d+) giấy", desk.words)
    assert lacking
    desk.post(_address(desk, "papers"), seen=first, copied=first)
    assert f'name="seen" value="{first}" checked' in desk.page
    assert f'name="copied" value="{first}" checked' in desk.page
    assert all(f'value="{paper}" checked' not in desk.page for paper in others)
    assert "Cán bộ hoaian, 08:30 24/11" in desk.words
    assert f"còn {int(lacking[1]) - 1} giấy" in desk.words


def _may_copy(desk: Desk) -> set[str]:
    return set(re.findall(r'name="copied"\s+value="([^"]+)"', desk.page))


def test_only_a_paper_that_is_submitted_can_be_kept_as_a_copy(desk: Desk) -> None:
    submission = submission_checks.only_submission(desk.context)
    procedure = desk.context.catalogue.version(submission.procedure, submission.version)
    assert procedure is not None
    kinds = {paper.id: paper.kind for paper in procedure.papers}
    offered = _papers(desk)
    shown = [paper for paper in offered if kinds[paper] == "xuat_trinh"]
    assert shown
    assert _may_copy(desk) == {paper for paper in offered if kinds[paper] == "nop"}
    assert "đã xem, ghi lại thông tin" in desk.words
    desk.post(_address(desk, "papers"), seen=shown[0], copied=shown[0])
    with desk.context.store.read() as db:
        inspection = inspections.by_paper(db, submission.id)[shown[0]]
    assert (inspection.is_seen, inspection.is_copied) == (True, False)


@pytest.mark.parametrize(("typed", "kept"), [("3", 3), ("0", 1), ("x", 1), ("", 1), ("100", 99)])
def test_the_number_of_sheets_is_kept_with_the_tick(desk: Desk, typed: str, kept: int) -> None:
    first = _papers(desk)[0]
    desk.post(_address(desk, "papers"), **{f"sheets-{first}": typed, "seen": first})
    with desk.context.store.read() as db:
        inspection = inspections.by_paper(db, submission_checks.only_submission(desk.context).id)[first]
    assert (inspection.is_seen, inspection.count) == (True, kept)
    assert re.search(rf'name="sheets-{first}"[^>]*value="{kept}"', desk.page)


def test_a_tick_is_taken_back_and_the_trail_knows_both(desk: Desk) -> None:
    first = _papers(desk)[0]
    for ticks in ({"seen": first}, {"seen": first}, {}):
        desk.post(_address(desk, "papers"), **ticks)
    assert 'name="seen" value="' + first + '" checked' not in desk.page
    with desk.context.store.read() as db:
        lines = [
            line
            for _at, line in audit.of_subject(db, submission_checks.only_submission(desk.context).id)
            if line.act == "tick"
        ]
        assert audit.verify(db, desk.context.audit_key()) is None
    assert [(line.actor, line.facts["paper"], line.facts["seen"]) for line in lines] == [
        ("CB01", first, True), ("CB01", first, False)
    ]  # fmt: skip


def test_a_paper_that_the_form_does_not_want_is_not_kept(desk: Desk) -> None:
    desk.post(_address(desk, "papers"), seen="giay_khong_co")
    with desk.context.store.read() as db:
        assert inspections.by_paper(db, submission_checks.only_submission(desk.context).id) == {}


def test_a_note_is_sealed_and_shown_as_text(desk: Desk) -> None:
    desk.post(_address(desk, "notes"), note=f" {NOTE} \n\n<script>x</script>")
    assert NOTE in desk.words
    assert "<script>x" not in desk.page
    assert "&lt;script&gt;x" in desk.page
    content = b"".join(path.read_bytes() for path in desk.context.config.folder.rglob("*") if path.is_file())
    assert NOTE.encode() not in content


@pytest.mark.parametrize("note", ["", "  \n ", "a" * 501])
def test_a_note_has_one_to_500_letters(desk: Desk, note: str) -> None:
    desk.post(_address(desk, "notes"), note=note)
    assert desk.answer.status_code == 404
    assert "1 đến 500" in desk.words
    with desk.context.store.read() as db:
        assert inspections.notes(db, submission_checks.only_submission(desk.context).id) == []


@pytest.mark.parametrize("what", ["papers", "notes"])
def test_nobody_ticks_or_notes_at_another_counter(app: Flask, desk: Desk, what: str) -> None:
    other = Desk(app, "minhtam", counter=2)
    assert other.post(_address(desk, what), seen=_papers(desk)[0], note=NOTE).answer.status_code == 403
    with desk.context.store.read() as db:
        assert inspections.by_paper(db, submission_checks.only_submission(desk.context).id) == {}
        assert inspections.notes(db, submission_checks.only_submission(desk.context).id) == []


def test_a_note_goes_when_the_body_goes(desk: Desk, clock: FixedClock) -> None:
    desk.post(_address(desk, "notes"), note=NOTE)
    submission = submission_checks.only_submission(desk.context)
    wiping.wipe_expired(desk.context)
    with desk.context.store.write() as db:
        assert len(inspections.notes(db, submission.id)) == 1
        submissions.set_delivery(db, submission.id, "confirmed", clock.now())
        submissions.set_desk(db, submission.id, "handed_out", clock.now())
    clock.advance(timedelta(days=desk.context.config.keep.body_days + 1).total_seconds())
    wiping.wipe_expired(desk.context)
    with desk.context.store.read() as db:
        assert submissions.body(db, submission.id) is None
        assert inspections.notes(db, submission.id) == []
