"""Posts of the desk's script: each acts once, and what was typed in an ended session waits for its officer."""

import uuid

import pytest
from flask import Flask

from kiosk.acts import staffing, wiping
from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.pages.officer.session import sent_posts
from kiosk.records import staff, unsent_posts
from tests.pages.officer.sitting import PASSWORD, Desk

NOTE = "mẹ bé quên giấy chứng sinh"


@pytest.fixture
def desk(app: Flask, birth_filed: Context) -> Desk:
    """Call a mother's form to counter 1."""
    desk = Desk(app)
    return desk.post("/officer/queue/next", nonce="n1")


def _ticket(desk: Desk) -> str:
    return desk.page.split('name="ticket" value="')[1].split('"')[0]


def _send(desk: Desk, path: str, key: str, **fields: str) -> tuple[int, str]:
    """Post like the script; return the status and the address to open."""
    data = {"csrf": desk.token, **fields}
    answer = desk.browser.post(path, data=data, headers={"Idempotency-Key": key})
    return answer.status_code, answer.headers.get("Location", "")


def _notes(context: Context) -> int:
    with context.store.read() as db:
        return sum(1 for _ in db.query("select id from desk_notes"))


def test_a_post_that_is_sent_again_acts_once_and_gets_the_same_answer(desk: Desk) -> None:
    path = f"/officer/ticket/{_ticket(desk)}/notes"
    key = str(uuid.uuid4())
    first = _send(desk, path, key, note=NOTE)
    assert first == (204, "/officer/?said=note")
    assert _send(desk, path, key, note=NOTE) == first
    assert _notes(desk.context) == 1
    _send(desk, path, str(uuid.uuid4()), note=NOTE)
    assert _notes(desk.context) == 2


def test_it_acts_once_also_when_the_process_has_forgotten_its_answer(desk: Desk) -> None:
    path = f"/officer/ticket/{_ticket(desk)}/notes"
    key = str(uuid.uuid4())
    _send(desk, path, key, note=NOTE)
    sent_posts._targets.clear()
    assert _send(desk, path, key, note=NOTE) == (204, "/officer/?said=repeated")
    assert _notes(desk.context) == 1
    assert "Đã ghi từ lần bấm trước" in desk.go("/officer/?said=repeated").words


def test_two_sendings_that_run_at_once_act_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sent_posts.desk_posts, "is_answered", lambda *_: False)
    path = f"/officer/ticket/{_ticket(desk)}/notes"
    key = str(uuid.uuid4())
    _send(desk, path, key, note=NOTE)
    status, target = _send(desk, path, key, note=NOTE)
    assert (status, target) == (204, "/officer/?said=note")
    assert _notes(desk.context) == 1


def test_a_page_with_errors_is_opened_at_an_address_of_its_own_and_only_by_its_session(desk: Desk) -> None:
    with desk.context.store.read() as db:
        ((submission_id,),) = db.execute("select id from submissions").fetchall()
    status, target = _send(desk, f"/officer/case/{submission_id}/refused", str(uuid.uuid4()), reason="", seen="0")
    assert status == 204
    assert target.startswith("/officer/answer/")
    assert "Còn 1 chỗ cần ghi lại" in desk.go(target).words
    other = Desk(desk.browser.application, login="minhtam", counter=2)
    assert other.browser.get(target).status_code == 303
    ((stored,),) = _pages(desk.context)
    assert b"c\xe1\xba\xa7n ghi l\xe1\xba\xa1i" not in stored


def _pages(context: Context) -> list[tuple[bytes]]:
    with context.store.read() as db:
        return list(db.execute("select page from answered_posts where page is not null").fetchall())


def _end_session_by_the_lead(context: Context, login: str) -> None:
    with context.store.read() as db:
        person = staff.by_login(db, login)
    assert person
    staffing.set_role(context, person.code, "lead", actor="CB99")


def test_what_was_typed_when_the_lead_ended_the_session_waits_sealed_for_its_officer(desk: Desk) -> None:
    path = f"/officer/ticket/{_ticket(desk)}/notes"
    _end_session_by_the_lead(desk.context, "hoaian")
    assert _send(desk, path, str(uuid.uuid4()), note=NOTE) == (204, "/signin?said=kept")
    assert _notes(desk.context) == 0
    assert NOTE.encode() not in desk.context.config.store_path.read_bytes()
    desk.browser.post("/signin", data={"login": "hoaian", "password": PASSWORD, "counter": "1"})
    assert "Chỗ gõ dở 1" in desk.go("/officer/").words
    assert NOTE in desk.go("/officer/unsent").words
    kept_id = desk.page.split('href="/officer/unsent/')[1].split('"')[0]
    desk.post(path, note=NOTE, kept_post=kept_id)
    assert _notes(desk.context) == 1
    assert "Chỗ gõ dở" not in desk.go("/officer/").words


def test_another_officer_or_a_forged_post_gets_and_keeps_nothing(desk: Desk, app: Flask) -> None:
    path = f"/officer/ticket/{_ticket(desk)}/notes"
    token = desk.token
    _end_session_by_the_lead(desk.context, "hoaian")
    answer = desk.browser.post(path, data={"csrf": "x" * 64, "note": NOTE})
    assert answer.headers["Location"] == "/signin?said=out"
    desk.browser.post("/officer/unlock", data={"csrf": token, "pin": "418302"})
    desk.browser.post(path, data={"csrf": token, "note": NOTE})
    with desk.context.store.read() as db:
        assert db.execute("select count(*) from unsent_posts").fetchall() == [(1,)]
    other = Desk(app, login="minhtam", counter=2)
    assert NOTE not in other.go("/officer/unsent").words


def test_kept_posts_and_answers_are_wiped_after_their_time(desk: Desk, clock: FixedClock) -> None:
    _send(desk, f"/officer/ticket/{_ticket(desk)}/notes", str(uuid.uuid4()), note=NOTE)
    clock.advance(unsent_posts.KEPT_FOR.total_seconds() + 1)
    wiping.wipe_expired(desk.context)
    with desk.context.store.read() as db:
        for table in ("answered_posts", "opened_sessions", "unsent_posts"):
            assert db.execute(f"select count(*) from {table}").fetchall() == [(0,)]
