"""The touchscreen's page of faces after Submit: what is kept of a touch, once a visit, and nothing of the person."""

import sqlite3
from contextlib import closing

import pytest

from kiosk.acts import applying, help_calls
from kiosk.records import help_calls as help_call_records
from kiosk.records import opinions
from kiosk.records.help_calls import CallPlace
from kiosk.records.opinions import NO_ANSWER, TEXT, TOUCHSCREEN
from tests.journeys.people import BIRTH, birth_until_check, submit
from tests.journeys.walker import Walker

TODAY = "2026-11-24"
MONTH = "2026-11-01"
GONE = "Mời làm lại từ đầu"
SECRET = "Chị Lan ở quầy 2 rất nhanh"


@pytest.fixture
def done(walker: Walker) -> Walker:
    """Return a citizen whose form was submitted, at the page of faces."""
    submit(birth_until_check(walker))
    return walker.follow("/opinion")


def _counts(walker: Walker) -> list[tuple[str, int, int, tuple[str, ...], int]]:
    day = walker.context.clock.today()
    with walker.context.store.read() as db:
        return [
            (count.opinion.procedure, count.opinion.counter, count.opinion.face, count.opinion.words, count.count)
            for count in opinions.between(db, day.replace(day=1), day)
        ]


def test_nothing_is_chosen_before_a_touch(done: Walker) -> None:
    form = done.form()
    assert form.choices["face"] == {"1", "2", "3", "4", "5"}
    assert "face" not in form.sends
    assert "word" not in form.sends


def test_a_face_and_a_word_are_counted_for_the_procedure_at_the_touchscreen(done: Walker) -> None:
    done.fill(face="4", word="fast")
    assert done.heading == "Cảm ơn ông/bà"
    assert _counts(done) == [(BIRTH, TOUCHSCREEN, 4, ("fast",), 1)]


def test_without_a_face_the_page_asks_for_one_and_counts_nothing(done: Walker) -> None:
    done.fill()
    assert "Xin chạm một mặt, hoặc Bỏ qua." in done.words
    assert _counts(done) == []


def test_a_skipped_page_and_one_that_nobody_touches_count_as_no_answer_and_end_the_visit(done: Walker) -> None:
    done.press("skip")
    assert done.at == "/"
    assert _counts(done) == [(BIRTH, TOUCHSCREEN, NO_ANSWER, (), 1)]
    assert done.go("/done").heading == GONE


def test_a_page_that_nobody_touches_leaves_an_open_call_to_the_desk(done: Walker) -> None:
    with done.context.store.read() as db:
        session = str(db.execute("select id from sessions where audience = 'citizen'").fetchone()[0])
    help_calls.call_officer(done.context, session, CallPlace(screen="Máy 1", page="/done"))
    done.press("idle")
    assert done.at == "/"
    with done.context.store.read() as db:
        assert len(help_call_records.open_calls(db)) == 1
    assert _counts(done) == [(BIRTH, TOUCHSCREEN, NO_ANSWER, (), 1)]


def test_a_visit_counts_once_and_its_done_page_asks_no_more(done: Walker) -> None:
    token = done.form().sends["csrf"]
    for _ in range(3):
        done.browser.post("/opinion", data={"csrf": token, "face": "5"})
    assert _counts(done) == [(BIRTH, TOUCHSCREEN, 5, (), 1)]
    assert "/opinion" not in done.go("/done").page


def test_there_are_no_faces_before_a_form_is_submitted(walker: Walker) -> None:
    assert walker.go("/opinion").heading == GONE


def test_a_text_is_sealed_and_its_face_kept_without_a_time(done: Walker) -> None:
    done.fill(face="5", text=f"  {SECRET}  ")
    context = done.context
    with context.store.read() as db:
        (text,) = opinions.texts_between(db, context.clock.today(), context.clock.today())
    assert context.vault.open(TEXT, text.id, text.body).decode() == SECRET
    with closing(sqlite3.connect(context.config.store_path)) as raw:
        row = raw.execute("select * from opinion_texts").fetchone()
    assert row[1:4] == (TODAY, BIRTH, 5)
    assert SECRET.encode() not in row[4]


def test_the_counts_hold_no_person_number_or_time(done: Walker) -> None:
    done.fill(face="1", word="wait")
    context = done.context
    with context.store.read() as db:
        receipt = db.execute("select receipt_no from submissions").fetchone()[0]
        rows = db.execute("select * from opinions").fetchall()
    assert rows == [(MONTH, BIRTH, 0, 1, "wait", 1)]
    assert receipt not in str(rows)
    with context.store.read() as db:
        acts = [act for (act,) in db.execute("select act from audit").fetchall()]
    assert not [act for act in acts if "opinion" in act or "rate" in act], "an audit line would keep the time"


def test_the_thanks_end_the_visit(done: Walker) -> None:
    done.fill(face="3")
    assert 'data-seconds="3"' in done.page
    done.press("idle")
    assert done.at == "/"
    with done.context.store.read() as db:
        assert db.execute("select count(*) from sessions where submission_id is not null").fetchone()[0] == 0


def test_an_opinion_after_the_visit_ended_is_not_counted(done: Walker) -> None:
    with done.context.store.read() as db:
        session = str(db.execute("select id from sessions where audience = 'citizen'").fetchone()[0])
    applying.end_session(done.context, session)
    assert done.go("/opinion").heading == GONE
    assert _counts(done) == []
