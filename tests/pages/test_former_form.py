"""The hint at a former form on the check page: for the same scanned card alone, without an answer, and no block."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from kiosk.base.clock import FixedClock
from kiosk.records import submissions
from tests.journeys.people import DAY, begin_birth, birth_after_mother, birth_until_check, submit
from tests.journeys.test_kept import FORGED
from tests.journeys.walker import Walker, card_line

HINT = "Đã có tờ khai hôm 24/11/2026."


@pytest.fixture
def filed(app: Flask, walker: Walker) -> Flask:
    """File a birth with the mother's card."""
    submit(birth_until_check(walker))
    return app


def again(app: Flask, scan: Callable[[Walker], Walker]) -> Walker:
    """Fill in a second birth, up to the check page."""
    walker = scan(begin_birth(Walker(app).go("/")))
    walker.fill({"nyc_quan_he": "me", "nyc_dien_thoai": "0905 777 333", "nyc_noi_cu_tru.stay": "19753"})
    return birth_after_mother(walker)


def same_card(walker: Walker) -> Walker:
    return walker.scan("me")


def test_the_same_card_is_told_of_its_former_form_and_files_all_the_same(filed: Flask) -> None:
    later = again(filed, same_card)
    assert HINT in later.words
    assert "08:30" in later.words
    with later.context.store.read() as db:
        assert submissions.count(db) == 1
    submit(later)
    with later.context.store.read() as db:
        assert submissions.count(db) == 2


def test_another_child_of_the_same_mother_is_another_matter(filed: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DAY, "con_ngay_sinh.d", "10")
    assert "Đã có tờ khai" not in again(filed, same_card).words


def test_a_first_form_has_no_hint(walker: Walker) -> None:
    assert "Đã có tờ khai" not in birth_until_check(walker).words


@pytest.mark.parametrize("name", sorted(FORGED.keys() - {"marks lost"}))
def test_a_card_that_somebody_made_is_told_nothing(filed: Flask, name: str) -> None:
    later = again(filed, lambda walker: walker.scan_line(FORGED[name]))
    assert "Đã có tờ khai" not in later.words


def test_a_card_that_was_typed_is_told_nothing(filed: Flask) -> None:
    later = again(filed, lambda walker: walker.fill(form="card", line=card_line("me")))
    assert "Đã có tờ khai" not in later.words


@pytest.mark.parametrize(("days", "is_hinted"), [(60, True), (61, False)])
def test_the_hint_ends_after_60_days(filed: Flask, clock: FixedClock, days: int, is_hinted: bool) -> None:
    clock.jump(timedelta(days=days).total_seconds())
    assert (HINT in again(filed, same_card).words) == is_hinted


def test_a_withdrawn_form_is_not_hinted_at(filed: Flask, clock: FixedClock) -> None:
    context = filed.extensions["context"]
    with context.store.write() as db:
        row = submissions.of_day(db, clock.now().date())[0]
        submissions.set_delivery(db, row.id, "withdrawn", clock.now())
    assert "Đã có tờ khai" not in again(filed, same_card).words
