"""The legal deadline for declaring a birth or a death, which goes to the outbox with the form."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask

from kiosk.dossiers import deadlines
from tests.faults.submitting import BIRTH, COPY, submit_form
from tests.journeys.walker import Walker

DAY = date(2026, 11, 24)
DEATH = "1.000656"


@pytest.mark.parametrize(
    ("code", "key", "days", "left"),
    [
        (BIRTH, "con_ngay_sinh", 13, 47),
        (BIRTH, "con_ngay_sinh", 60, 0),
        (BIRTH, "con_ngay_sinh", 61, None),
        (DEATH, "nc_ngay_chet", 1, 14),
        (DEATH, "nc_ngay_chet", 16, None),
        (COPY, "nd_ngay_sinh", 5, None),
    ],
)
def test_the_last_day_is_counted_from_the_date_that_the_procedure_names(
    app: Flask, code: str, key: str, days: int, left: int | None
) -> None:
    procedure = app.extensions["context"].catalogue.in_force(code, DAY)
    deadline = deadlines.declaration_deadline(procedure, {key: (DAY - timedelta(days=days)).isoformat()}, DAY)
    assert deadline == (None if left is None else DAY + timedelta(days=left))


def test_a_date_of_which_only_the_year_is_known_has_no_last_day(app: Flask) -> None:
    procedure = app.extensions["context"].catalogue.in_force(DEATH, DAY)
    assert deadlines.declaration_deadline(procedure, {"nc_ngay_chet": "2026"}, DAY) is None
    assert deadlines.declaration_deadline(procedure, {}, DAY) is None


def test_of_two_days_the_earlier_is_the_deadline(app: Flask) -> None:
    procedure = app.extensions["context"].catalogue.in_force(DEATH, DAY)
    (rule,) = [item for item in procedure.situations if item.older_than]
    other = replace(rule, key="som_hon", older_than={**rule.older_than, "key": "ngay_khac", "days": 30})
    both = replace(procedure, situations=(rule, other))
    answers = {"nc_ngay_chet": "2026-11-20", "ngay_khac": "2026-11-20"}
    assert deadlines.declaration_deadline(both, answers, DAY) == date(2026, 12, 5)
    assert deadlines.declaration_deadline(both, answers | {"ngay_khac": "2026-11-01"}, DAY) == date(2026, 12, 1)


def test_a_birth_is_sent_before_a_copy_that_was_submitted_earlier(walker: Walker) -> None:
    copy = submit_form(walker.context, COPY)[0]
    birth = submit_form(walker.context, BIRTH)[0]
    with walker.context.store.read() as db:
        rows = dict(db.execute("select subject, due from outbox"))
    assert rows == {copy: None, birth: (DAY + timedelta(days=47)).isoformat()}
