"""A technician stops delivery: nothing is sent or lost, and it resumes at the given hour."""

import pytest

from sync import link, outbox
from sync.engine import send_now
from tests.sync.harness import Harness


def _stop(harness: Harness, seconds: float | None) -> None:
    with harness.store.write() as db:
        link.stop(db, harness.time.now, harness.time.seconds, seconds)


def _current_stop(harness: Harness) -> link.Stop | None:
    return link.current_stop(harness.store.db, harness.time.seconds)


@pytest.fixture
def form(harness: Harness) -> str:
    harness.drain()
    return harness.submit()


@pytest.mark.parametrize("seconds", [3600.0, None])
def test_no_request_is_sent_while_delivery_is_stopped(harness: Harness, form: str, seconds: float | None) -> None:
    calls = len(harness.portal.calls)
    _stop(harness, seconds)
    harness.time.advance(1800)
    harness.run_until_idle()
    harness.pull()
    assert harness.state(form) == "todo"
    assert harness.portal.calls[calls:] == []
    assert _current_stop(harness) == link.Stop(
        "2026-11-24T01:30:00.000Z", "2026-11-24T02:30:00.000Z" if seconds else None
    )


def test_a_stop_with_an_end_ends_by_itself_on_the_monotonic_clock(harness: Harness, form: str) -> None:
    _stop(harness, 3600)
    harness.time.now = harness.time.now.replace(year=2036)
    harness.run_until_idle()
    assert harness.state(form) == "todo"
    harness.time.advance(3601)
    assert _current_stop(harness) is None
    harness.run_until_idle()
    assert harness.state(form) == "done"


def test_a_stop_without_an_end_outlives_time_and_boots(harness: Harness, form: str) -> None:
    _stop(harness, None)
    harness.time.advance(90_000)
    harness.boot()
    harness.run_until_idle()
    assert harness.state(form) == "todo"
    with harness.store.write() as db:
        link.end_stop(db)
    harness.drain()
    assert harness.state(form) == "done"


def test_a_stop_with_an_end_is_over_after_a_boot(harness: Harness, form: str) -> None:
    _stop(harness, 3600)
    harness.boot()
    harness.drain()
    assert harness.state(form) == "done"
    assert _current_stop(harness) is None


def test_send_now_ends_a_stop(harness: Harness, form: str) -> None:
    _stop(harness, None)
    with harness.store.write() as db:
        send_now(db)
    harness.drain()
    assert harness.state(form) == "done"


def test_one_form_is_tried_soon_and_the_others_wait(harness: Harness) -> None:
    first = harness.submit()
    second = harness.submit()
    harness.portal.fault = "answer lost"
    harness.run_until_idle()
    harness.portal.heal()
    with harness.store.write() as db:
        assert outbox.make_one_due(db, second)
        link.end_wait(db)
    harness.run_until_idle()
    assert (harness.state(first), harness.state(second)) == ("unknown", "done")
    assert not outbox.make_one_due(harness.store.db, second)


def test_to_try_soon_ends_no_pause(harness: Harness) -> None:
    form = harness.submit()
    harness.portal.fault = "401"
    harness.run_until_idle()
    harness.portal.heal()
    with harness.store.write() as db:
        link.end_wait(db)
    harness.run_until_idle()
    assert harness.state(form) == "todo"
    assert link.state(harness.store.db).paused == "auth"
