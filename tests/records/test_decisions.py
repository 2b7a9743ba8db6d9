"""The decisions table: a number for each receipt number, check clauses, details apart from facts."""

import sqlite3
from datetime import UTC, datetime

import pytest

from kiosk.base import clock as clocks
from kiosk.records import decisions
from kiosk.records.decisions import Decision
from kiosk.store.db import Store

AT = datetime(2026, 11, 25, 1, 45, tzinfo=UTC)
SUBMISSION = "019ab0c1-2345-7890-8123-123456789012"
RECEIPT = "PK03-261125-0001-A"


def _decision(seq: int = 1, **changes: object) -> Decision:
    values = {
        "id": f"{seq:036}",
        "submission_id": SUBMISSION,
        "receipt_no": RECEIPT,
        "seq": seq,
        "kind": "accepted",
        "actor": "CB01",
        "at": AT,
        "digest": "a" * 64,
        "delivery": "queued",
        "facts": {"due": None, "lines": 2},
    }
    return Decision(**(values | changes))  # type: ignore[arg-type]


@pytest.fixture
def store_with_case(store: Store) -> Store:
    with store.write() as db:
        sql = """insert into submissions (id, receipt_no, revision, procedure, version, unit, day, seq, completed_at,
                   clock_trusted, digest, body, touched_at)
                 values (?, ?, 1, '1.001193', '2026-11', 'H57', '2026-11-25', 1, ?, 1, ?, x'00', ?)"""
        db.execute(sql, [SUBMISSION, RECEIPT, clocks.timestamp(AT), "b" * 64, clocks.timestamp(AT)])
    return store


def test_what_is_kept_comes_back_without_its_words(store_with_case: Store) -> None:
    with store_with_case.write() as db:
        for seq in (1, 2):
            decisions.insert(db, _decision(seq), b"words", b"event")
        assert decisions.of_case(db, RECEIPT) == [_decision(1), _decision(2)]
        assert decisions.find(db, f"{2:036}") == _decision(2)
        assert decisions.last_seq(db, RECEIPT) == 2
        assert (decisions.detail(db, f"{1:036}"), decisions.event(db, f"{1:036}")) == (b"words", b"event")
        assert decisions.find(db, "none") is None
        assert decisions.detail(db, "none") is None
        assert decisions.last_seq(db, "PK03-261125-0002-B") == 0


@pytest.mark.parametrize(
    "second",
    [
        _decision(1),
        _decision(0),
        _decision(2, delivery=None),
        _decision(2, digest=None),
        _decision(2, digest="short"),
        _decision(2, delivery="lost"),
    ],
)
def test_the_store_refuses_what_cannot_be(store_with_case: Store, second: Decision) -> None:
    with store_with_case.write() as db:
        decisions.insert(db, _decision(1), b"words", b"event")
    with pytest.raises(sqlite3.IntegrityError), store_with_case.write() as db:
        decisions.insert(db, second, b"words", b"event")


def test_an_event_changes_its_delivery_and_one_without_a_portal_does_not(store_with_case: Store) -> None:
    with store_with_case.write() as db:
        decisions.insert(db, _decision(1), b"words", b"event")
        decisions.insert(db, _decision(2, digest=None, delivery=None), b"words")
        assert decisions.set_delivery(db, f"{1:036}", "quarantined")
        assert not decisions.set_delivery(db, f"{2:036}", "confirmed")
        assert not decisions.set_delivery(db, "none", "confirmed")
        assert decisions.count_quarantined(db) == 1


def test_words_are_deleted_once_the_case_has_no_body_and_nothing_waits(store_with_case: Store) -> None:
    with store_with_case.write() as db:
        decisions.insert(db, _decision(1), b"words", b"event")
        assert decisions.without_body().wipe_all(db) == 0
        db.execute("update submissions set body = null")
        assert decisions.without_body().wipe_all(db) == 0
        decisions.set_delivery(db, f"{1:036}", "confirmed")
        assert decisions.without_body().wipe_all(db) == 1
        assert decisions.without_body().wipe_all(db) == 0
        assert decisions.detail(db, f"{1:036}") is None
        assert decisions.find(db, f"{1:036}") == _decision(1, delivery="confirmed")


def test_every_act_that_may_follow_leaves_a_state() -> None:
    assert decisions.MAY_FOLLOW.keys() == decisions.STATE_AFTER.keys()
    closed = {"refused", "stopped", "handed_out"}
    assert all(not closed & set(states) for states in decisions.MAY_FOLLOW.values())
