"""Long work: one of a kind at a time, watched, and told in words."""

from datetime import UTC, datetime
from threading import Event

import pytest

from kiosk.base.errors import BackupFull
from kiosk.context.long_work import UNEXPECTED, LongWork, Report, WorkState

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
PATIENCE = 60


def now() -> datetime:
    return NOW


def ended(work: LongWork) -> WorkState:
    """Wait for the end of the copy; only a hang takes long."""
    tick = Event()
    for _ in range(PATIENCE * 100):
        state = work.state("copy")
        if state is not None and not state.is_running:
            return state
        tick.wait(0.01)
    raise TimeoutError


def test_a_second_start_of_a_kind_begins_nothing_while_the_first_goes_on() -> None:
    work = LongWork()
    go_on = Event()
    runs: list[int] = []

    def action(report: Report) -> object:
        runs.append(1)
        report("Đang chép", 3, 4)
        seen.set()
        go_on.wait(PATIENCE)
        return "xong"

    seen = Event()
    assert work.begin("copy", now, action)
    assert seen.wait(PATIENCE)
    assert not work.begin("copy", now, action)
    state = work.state("copy")
    assert state is not None
    assert (state.words, state.percent, work.running()) == ("Đang chép", 75, ["copy"])
    go_on.set()
    assert ended(work).result == "xong"
    assert (runs, work.running()) == ([1], [])
    assert work.begin("copy", now, lambda _report: None)


def test_the_other_kinds_do_not_wait() -> None:
    work = LongWork()
    go_on = Event()
    assert work.begin("copy", now, lambda _report: go_on.wait(PATIENCE))
    assert work.begin("drill", now, lambda _report: None)
    go_on.set()
    ended(work)


@pytest.mark.parametrize(
    ("error", "words"), [(BackupFull(), f"{BackupFull.vi} ({BackupFull.code})"), (ZeroDivisionError(), UNEXPECTED)]
)
def test_work_that_fails_ends_with_its_words(error: Exception, words: str) -> None:
    work = LongWork()

    def fail(_report: Report) -> object:
        raise error

    work.begin("copy", now, fail)
    assert ended(work).fault == words


def test_a_step_without_a_known_whole_has_no_percent() -> None:
    assert WorkState(begun=NOW).percent is None
    assert WorkState(begun=NOW, done=7, total=7).percent == 100
    assert WorkState(begun=NOW, done=9, total=7).percent == 100
