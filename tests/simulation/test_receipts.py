"""I1: a receipt that is shown has a row on the kiosk, also when the commit fails."""

import sqlite3

import pytest

from kiosk.acts import applying
from kiosk.records import submissions
from tests.journeys.people import birth_until_check, submit
from tests.journeys.walker import Walker


def test_no_receipt_is_shown_for_a_submission_that_was_not_stored(
    walker: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    birth_until_check(walker)
    writer = walker.context.store._writer
    execute = writer.execute

    def execute_on_full_disk(sql: str, *parameters: object) -> object:
        if sql == "commit":
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error
        return execute(sql, *parameters)

    returned: list[object] = []
    real_submit = applying.submit

    def record_submit(*args: object, **options: object) -> object:
        returned.append(real_submit(*args, **options))
        return returned[-1]

    at = walker.at
    monkeypatch.setattr(writer, "execute", execute_on_full_disk)
    monkeypatch.setattr(applying, "submit", record_submit)
    submit(walker)
    monkeypatch.undo()
    assert returned == []
    assert "-261124-" not in walker.words
    with walker.context.store.read() as db:
        assert submissions.of_day(db, walker.context.clock.today()) == []
    submit(walker.go(at))
    with walker.context.store.read() as db:
        (row,) = submissions.of_day(db, walker.context.clock.today())
    assert row.receipt_no in walker.words
