"""The connection and time: clock jumps, and the first wait after a boot."""

from sync import link
from sync.backoff import BackoffSettings
from tests.sync.harness import Harness


def test_a_jump_of_the_wall_clock_changes_no_wait(harness: Harness) -> None:
    form = harness.submit()
    harness.portal.fault = "answer lost"
    harness.run_until_idle()
    harness.portal.heal()
    calls = len(harness.portal.calls)
    harness.time.now = harness.time.now.replace(year=2036)
    assert harness.run_until_idle() == 0
    assert len(harness.portal.calls) == calls
    harness.time.now = harness.time.now.replace(year=2016)
    harness.time.seconds += 700
    harness.run_until_idle()
    assert harness.state(form) == "done"
    offset = link.state(harness.store.db).clock_offset
    assert offset == 0


def test_a_boot_waits_for_a_random_time_and_then_tries_everything(harness: Harness) -> None:
    form = harness.submit()
    harness.portal.fault = "answer lost"
    harness.run_until_idle()
    harness.portal.heal()
    harness.pace = BackoffSettings(spread=60)
    harness.boot()
    assert harness.run_until_idle() == 0
    harness.time.advance(60)
    harness.run_until_idle()
    assert harness.state(form) == "done"
