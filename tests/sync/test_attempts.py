"""The log of attempts: results of a form and of the connection, in order, without texts of the portal."""

from datetime import timedelta

import pytest

from sync import attempts, outbox
from sync.encoding import timestamp
from tests.sync.harness import Harness, PowerCut


def _subject_log(harness: Harness, subject: str) -> list[tuple[str, str | None, str | None]]:
    return [(row.became, row.reason, row.code) for row in attempts.of_subject(harness.store.db, subject)]


def _link_log(harness: Harness) -> list[tuple[str, str | None, str | None]]:
    return [(row.became, row.reason, row.code) for row in attempts.of_link(harness.store.db)]


def test_a_form_that_went_at_once_was_tried_once(harness: Harness) -> None:
    form = harness.submit()
    harness.drain()
    assert _subject_log(harness, form) == [("done", None, "created")]
    assert _link_log(harness) == []


def test_a_lost_answer_and_the_duplicate_behind_it_are_two_attempts(harness: Harness) -> None:
    form = harness.submit()
    harness.portal.fault = "answer lost"
    harness.run_until_idle()
    harness.portal.heal()
    harness.drain()
    assert _subject_log(harness, form) == [("unknown", "unknown", "answer lost"), ("done", None, "duplicate")]


@pytest.mark.parametrize(
    ("fault", "became", "reason", "code"),
    [
        ("down", "down", "link", "refused"),
        ("captive", "down", "link", "foreign"),
        ("401", "paused", "auth", "401"),
        ("403", "paused", "auth", "403"),
        ("429", "paused", "rate", "429"),
        ("clock", "paused", "clock", "clock"),
        ("426", "paused", "version", "426"),
        ("maintenance", "paused", "maintenance", "hello"),
    ],
)
def test_a_state_of_the_connection_is_logged_without_a_subject(
    harness: Harness, fault: str, became: str, reason: str, code: str
) -> None:
    harness.submit()
    harness.portal.fault = fault
    harness.run_until_idle()
    assert _link_log(harness) == [(became, reason, code)]


def test_a_connection_that_comes_up_again_is_logged_once(harness: Harness) -> None:
    harness.submit()
    harness.portal.fault = "down"
    harness.run_until_idle()
    harness.portal.heal()
    harness.time.advance(700)
    harness.drain()
    harness.pull()
    assert [became for became, _, _ in _link_log(harness)] == ["down", "up"]


def test_a_refused_form_is_noted_by_class_and_code_and_again_when_released(harness: Harness) -> None:
    form = harness.submit("invalid")
    harness.run_until_idle()
    with harness.store.write() as db:
        assert outbox.release(db, form, harness.time.now)
        assert not outbox.release(db, form, harness.time.now)
    harness.run_until_idle()
    refused = ("refused", "record", "invalid")
    assert _subject_log(harness, form) == [refused, ("todo", None, "released"), refused]


def test_a_batch_that_is_split_logs_it_for_each_and_refuses_the_bad_one(harness: Harness) -> None:
    forms = [harness.submit("poison" if n == 2 else "") for n in range(4)]
    harness.drain()
    assert _subject_log(harness, forms[2])[-1] == ("refused", "poison", "not-read")
    assert {_subject_log(harness, form)[-1] for n, form in enumerate(forms) if n != 2} == {("done", None, "created")}
    assert _subject_log(harness, forms[0])[0] == ("todo", "poison", "422")


def test_a_row_that_a_power_cut_left_sending_is_logged_at_the_start(harness: Harness) -> None:
    form = harness.submit()
    harness.portal.fault = "cut before"
    with pytest.raises(PowerCut):
        harness.run_until_idle()
    harness.portal.heal()
    harness.boot()
    harness.drain()
    assert _subject_log(harness, form) == [("unknown", "unknown", "interrupted"), ("done", None, "created")]


def test_a_form_that_the_portal_lost_is_logged_as_lost(harness: Harness) -> None:
    form = harness.submit()
    harness.drain()
    harness.portal.restore(0, "e2")
    harness.time.advance(3600)
    harness.submit()
    harness.drain()
    assert [code for _, _, code in _subject_log(harness, form)] == ["created", "lost", "created"]


def test_tries_of_the_connection_count_for_a_form_that_waits(harness: Harness) -> None:
    since = timestamp(harness.time.now)
    form = harness.submit()
    harness.portal.fault = "down"
    for _ in range(3):
        harness.run_until_idle()
        harness.time.advance(700)
    assert attempts.count_since(harness.store.db, form, since) == 3
    assert attempts.count_since(harness.store.db, form, timestamp(harness.time.now)) == 0


def test_the_log_is_in_order_although_the_clock_went_back(harness: Harness) -> None:
    form = harness.submit("invalid")
    harness.run_until_idle()
    harness.time.now -= timedelta(days=400)
    with harness.store.write() as db:
        outbox.release(db, form, harness.time.now)
    assert [became for became, _, _ in _subject_log(harness, form)] == ["refused", "todo"]
    assert attempts.last_no(harness.store.db, form) == attempts.of_subject(harness.store.db, form)[-1].no


def test_old_attempts_are_deleted_and_nothing_else(harness: Harness) -> None:
    form = harness.submit()
    harness.drain()
    harness.time.advance(10)
    late = harness.submit()
    harness.drain()
    with harness.store.write() as db:
        assert attempts.delete(db, attempts.find_before(db, harness.time.now, 10)) == 1
    assert _subject_log(harness, form) == []
    assert len(_subject_log(harness, late)) == 1
    assert harness.state(form) == "done"
