"""Opinions in the store: equal ones are one count, and neither a row nor the order of rows leads to a person."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from kiosk.acts import wiping
from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.dossiers import retention
from kiosk.records import opinions
from kiosk.records.opinions import NO_ANSWER, Opinion, OpinionText
from kiosk.store.db import Store
from tests.journeys.walker import Walker

DAY = date(2026, 11, 24)
MONTH = (date(2026, 11, 1), date(2026, 11, 30))
BIRTH = "1.001193"
STAY = "1.004194"
ENDED = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


@pytest.fixture
def note(store: Store) -> Callable[..., None]:
    def note(face: int, *words: str, procedure: str = BIRTH, counter: int = 1, day: date = DAY) -> None:
        with store.write() as db:
            opinions.note(db, day, Opinion(procedure=procedure, counter=counter, face=face, words=words))

    return note


def test_equal_opinions_are_one_count_and_the_order_of_words_makes_no_other(
    store: Store, note: Callable[..., None]
) -> None:
    note(5, "easy", "fast")
    note(5, "fast", "easy")
    note(NO_ANSWER)
    with store.read() as db:
        counts = [(each.opinion.face, each.opinion.words, each.count) for each in opinions.between(db, *MONTH)]
    assert counts == [(NO_ANSWER, (), 1), (5, ("fast", "easy"), 2)]


def test_a_count_tells_no_day(store: Store, note: Callable[..., None]) -> None:
    """Check that the holder of the store cannot join a count with the tickets of one day."""
    note(1, day=DAY)
    note(1, day=DAY - timedelta(days=9))
    with store.read() as db:
        assert db.execute("select day, count from opinions").fetchall() == [("2026-11-01", 2)]


def test_a_word_that_the_face_does_not_offer_is_left_out(store: Store, note: Callable[..., None]) -> None:
    note(5, "wait", "kind")
    note(3, "fast")
    note(1, "wait", "tên tôi là")
    with store.read() as db:
        counts = {each.opinion.face: each.opinion.words for each in opinions.between(db, *MONTH)}
    assert counts == {1: ("wait",), 3: (), 5: ("kind",)}


def test_two_stores_with_the_same_opinions_in_another_order_have_the_same_rows(
    store: Store, note: Callable[..., None]
) -> None:
    given: list[tuple[int, str, int]] = [(1, BIRTH, 2), (5, STAY, 1), (4, BIRTH, 1), (1, BIRTH, 2)]

    def rows_after(order: list[tuple[int, str, int]]) -> list[tuple[object, ...]]:
        with store.write() as db:
            db.execute("delete from opinions")
        for face, procedure, counter in order:
            note(face, procedure=procedure, counter=counter)
        with store.read() as db:
            return db.execute("select * from opinions").fetchall()

    assert rows_after(given) == rows_after(given[::-1])


def test_no_table_of_opinions_has_a_row_number_that_counts_in_the_order_of_time(store: Store) -> None:
    with store.read() as db:
        for table in ("opinions", "opinion_texts", "opinion_turns"):
            schema = db.execute("select sql from sqlite_master where name = ?", [table]).fetchone()[0]
            assert "without rowid" in schema.lower(), table


def test_the_ids_of_texts_say_nothing_of_their_order(store: Store) -> None:
    ids = [opinions.new_text_id() for _ in range(20)]
    assert ids != sorted(ids)
    with store.write() as db:
        for text_id in ids:
            text = OpinionText(id=text_id, day=DAY, procedure=BIRTH, face=1, body=b"sealed")
            opinions.add_text(db, text)
    with store.read() as db:
        assert [text.id for text in opinions.texts_between(db, DAY, DAY)] == sorted(ids)


def test_a_service_is_asked_about_once_and_old_notes_of_it_go(store: Store) -> None:
    with store.write() as db:
        assert opinions.take_turn(db, 1, ENDED)
        assert not opinions.take_turn(db, 1, ENDED)
        assert opinions.take_turn(db, 2, ENDED)
        later = ENDED + timedelta(hours=2)
        assert opinions.take_turn(db, 1, later)
        assert opinions.turns_taken(db, 1) == {later}
        assert opinions.turns_taken(db, 2) == {ENDED}


def test_texts_go_after_their_days_and_counts_after_a_year(walker: Walker, clock: FixedClock) -> None:
    context: Context = walker.context
    with context.store.write() as db:
        opinions.note(db, DAY, Opinion(procedure=BIRTH, counter=1, face=1))
        opinions.add_text(db, OpinionText(id=opinions.new_text_id(), day=DAY, procedure=BIRTH, face=1, body=b"sealed"))

    def left() -> tuple[int, int]:
        wiping.wipe_expired(context)
        with context.store.read() as db:
            return len(opinions.texts_between(db, DAY, DAY)), len(opinions.between(db, *MONTH))

    assert left() == (1, 1)
    clock.advance((context.config.keep.opinion_days + 1) * 24 * 3600)
    assert left() == (0, 1)
    clock.advance(retention.MAX_RETENTION_DAYS * 24 * 3600)
    assert left() == (0, 0)
