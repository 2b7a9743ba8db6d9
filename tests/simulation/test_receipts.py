"""I1: a receipt that is shown has a row on the kiosk, also when the write fails at its last step."""

import sqlite3

import pytest

from kiosk.acts import applying
from kiosk.records import submissions
from tests.journeys.people import birth_until_check, submit
from tests.journeys.walker import Walker


def test_no_receipt_is_shown_for_what_was_not_written(walker: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    birth_until_check(walker)
    writer = walker.context.store._writer
    execute = writer.execute

    def full(sql: str, *told: object) -> object:
        if sql == "commit":
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error
        return execute(sql, *told)

    given: list[object] = []
    submit = applying.submit
    at = walker.at
    monkeypatch.setattr(writer, "execute", full)
    monkeypatch.setattr(applying, "submit", lambda *told, **more: given.append(submit(*told, **more)) or given[-1])
    submit(walker)
    monkeypatch.undo()
    assert given == []
    assert "-261124-" not in walker.words
    with walker.context.store.read() as db:
        assert submissions.of_day(db, walker.context.clock.today()) == []
    submit(walker.go(at))
    with walker.context.store.read() as db:
        (found,) = submissions.of_day(db, walker.context.clock.today())
    assert found.receipt_no in walker.words
