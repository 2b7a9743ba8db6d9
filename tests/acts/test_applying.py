"""Submit is one write: also the visit learns of its submission in it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlite_utils import Database

from tests.journeys import submission_checks
from tests.journeys.people import birth_until_check, submit
from tests.journeys.walker import Walker


class PowerCut(BaseException):
    """The machine loses its power at this line."""


def test_a_visit_whose_power_fails_after_the_first_write_of_submit_shows_its_number(
    walker: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    birth_until_check(walker)
    store = walker.context.store
    write = store.write

    @contextmanager
    def write_until_filed() -> Iterator[Database]:
        with write() as db:
            yield db
        with store.read() as db:
            is_filed = db.execute("select count(*) from submissions").fetchone()[0]
        if is_filed:
            raise PowerCut

    with monkeypatch.context() as patch:
        patch.setattr(store, "write", write_until_filed)
        with pytest.raises(PowerCut):
            submit(walker)
    submission = submission_checks.only_submission(walker.context)
    walker.go("/done")
    assert walker.at == "/done"
    assert submission.receipt_no in walker.page
