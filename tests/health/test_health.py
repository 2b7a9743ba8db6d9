"""Health checks: each returns a state, words, and for a warning or fault what to do."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.base import clock as clocks
from kiosk.base.clock import FixedClock
from kiosk.health import checks, clock_check, connection, heartbeat, printing_state
from kiosk.health.heartbeat import Beat
from kiosk.records import marks
from printers import spool
from printers.errors import ADVICE
from tests.faults.submitting import submit_form
from tests.heartbeats import beat
from tests.journeys import submission_checks
from tests.journeys.walker import Walker

ABOUT_A_JOB = {"no_printer", "gone", "error", "not_out"}
"""Reasons of a print job, never reported by a printer."""


@pytest.fixture(autouse=True)
def running(walker: Walker) -> None:
    """Let the worker run."""
    beat(walker.context)


def _state(walker: Walker, name: str) -> tuple[str, str]:
    results = {result.name: result for result in checks.look(walker.context)}
    assert all(result.do for result in results.values() if result.state in {"warning", "fault"})
    return results[name].state, results[name].words


def _link(walker: Walker, change: str) -> None:
    with walker.context.store.write() as db:
        db.execute(f"update link set {change} where id = 1")


def test_a_fresh_kiosk_has_no_warning(walker: Walker) -> None:
    assert {result.state for result in checks.look(walker.context)} <= {"ok", "note"}


@pytest.mark.parametrize(
    ("change", "state", "words"),
    [
        ("is_down = 1", "warning", "Đang mất"),
        ("is_down = 1, last_code = 'gaierror'", "warning", "Đang mất: không tìm thấy địa chỉ"),
        ("is_down = 1, last_code = 'SSLCertVerificationError'", "warning", "Đang mất: chứng thư"),
        ("is_down = 1, last_code = 'foreign answer'", "warning", "Đang mất: có máy khác"),
        ("is_down = 1, last_code = '421'", "warning", "Đang mất: máy chủ của cổng không nhận địa chỉ"),
        ("is_down = 1, last_code = '502'", "warning", "Đang mất: cổng của thành phố đang tắt"),
        ("paused = 'auth'", "warning", "không nhận khóa"),
        ("paused = 'clock'", "warning", "đồng hồ"),
        ("is_down = 0, last_success = '2026-11-24T01:30:00.000Z'", "ok", "Tốt"),
    ],
)
def test_the_line(walker: Walker, change: str, state: str, words: str) -> None:
    _link(walker, change)
    found_state, found_words = _state(walker, "Đường truyền")
    assert found_state == state
    assert words in found_words


@pytest.mark.parametrize("reason", connection.PAUSES)
def test_a_pause_says_what_to_do_or_ends_by_itself(walker: Walker, reason: str) -> None:
    _link(walker, f"paused = '{reason}'")
    result = connection.link(walker.context)
    assert result.words.startswith("Tạm dừng: ")
    ends_by_itself = reason in {"rate", "maintenance"}
    assert (result.state, bool(result.do)) == (("note", False) if ends_by_itself else ("warning", True))


def test_forms_that_wait_for_more_than_four_hours_are_a_warning(walker: Walker, clock: FixedClock) -> None:
    clock.advance(24 * 3600)  # the 24th is a holiday
    submit_form(walker.context)
    assert _state(walker, "Hàng chờ gửi") == ("ok", "1 tờ khai chờ gửi")
    clock.advance(4 * 3600 + 60)
    assert _state(walker, "Hàng chờ gửi")[0] == "ok", "nobody works from 11:30 to 13:30"
    clock.advance(2 * 3600)
    assert _state(walker, "Hàng chờ gửi")[0] == "warning"


def test_a_paper_that_waits_and_one_nobody_knows_of(walker: Walker) -> None:
    submit_form(walker.context)
    now = walker.context.clock.now()
    with walker.context.store.write() as db:
        job = spool.of_subject(db, submission_checks.only_submission(walker.context).id)[0]
        spool.mark_sending(db, job.id, now)
        spool.record_result(db, job.id, spool.SendResult("waiting", "paper_out", "x"), now)
    assert "chờ máy in" in _state(walker, "Giấy in")[1]
    with walker.context.store.write() as db:
        spool.mark_sending(db, job.id, now)
        spool.record_result(db, job.id, spool.SendResult("unknown", "cut_off", "x"), now)
    assert "chưa rõ" in _state(walker, "Giấy in")[1]


def test_a_worker_that_does_not_run_is_an_alarm_and_nobody_says_that_the_printer_is_well(walker: Walker) -> None:
    name = walker.context.config.printers[0].name
    with walker.context.store.write() as db:
        marks.put(db, heartbeat.PRINTER + name, "ok")
    assert _state(walker, "Máy in") == ("ok", "Sẵn sàng")
    assert _state(walker, "Phần chạy nền") == ("ok", "Đang chạy")
    beat(walker.context, "worker")
    assert heartbeat.worker(walker.context).code == "WORK-01"
    assert _state(walker, "Phần chạy nền")[0] == "fault"
    assert _state(walker, "Máy in")[0] == "note"
    assert "Không biết" in _state(walker, "Máy in")[1]
    _link(walker, "is_down = 0, last_success = '2026-11-24T01:30:00.000Z'")
    assert _state(walker, "Đường truyền") == ("note", "Không biết: phần gửi không chạy")
    _link(walker, "is_down = 1, until = '2026-11-24T01:30:00.000Z'")
    assert not any(result.ends for result in checks.look(walker.context)), "it does not try again by itself"


def test_a_thread_that_hangs_is_an_alarm_with_its_task(walker: Walker, clock: FixedClock) -> None:
    now = clock.monotonic()
    name = walker.context.config.printers[0].name
    clock.advance(61)
    beats = [Beat("worker", at=now + 60, limit=60), Beat("delivery", at=now + 60, limit=60)]
    with walker.context.store.write() as db:
        heartbeat.save(db, [*beats, Beat(f"printer:{name}", at=now, limit=60), Beat("backup", at=now, limit=3600)])
    assert heartbeat.worker(walker.context).code == "WORK-02"
    assert _state(walker, "Phần chạy nền") == ("fault", f"Đứng yên: in ở {name}")


def test_a_beat_of_an_earlier_boot_is_none(walker: Walker) -> None:
    with walker.context.store.write() as db:
        heartbeat.save(db, [Beat("worker", at=walker.context.clock.monotonic() + 500, limit=60)])
    assert heartbeat.worker(walker.context).code == "WORK-01"


def test_a_clock_that_is_set_stops_no_heart(walker: Walker, clock: FixedClock) -> None:
    clock.jump(10 * 365 * 86400)
    assert heartbeat.worker(walker.context).state == "ok"


def test_a_printer_that_cannot_tell_its_state_is_not_called_ready(walker: Walker) -> None:
    name = walker.context.config.printers[0].name
    with walker.context.store.write() as db:
        marks.put(db, heartbeat.PRINTER + name, "no_status")
    state, words = _state(walker, "Máy in")
    assert state == "note"
    assert "không biết báo hết giấy" in words


@pytest.mark.parametrize("advice", sorted(set(ADVICE) - ABOUT_A_JOB - {"no_status"}))
def test_what_a_printer_said_is_told_with_what_to_do(walker: Walker, advice: str) -> None:
    name = walker.context.config.printers[0].name
    with walker.context.store.write() as db:
        marks.put(db, heartbeat.PRINTER + name, advice)
    result = printing_state.printers(walker.context)
    assert result.state in {"warning", "note"}
    assert result.do, f"{advice} does not say what to do"


def test_a_clock_before_the_day_of_the_forms_is_a_fault(walker: Walker) -> None:
    early = replace(walker.context, clock=clocks.FixedClock(datetime(2025, 7, 2, 1, 0, tzinfo=UTC)))
    assert clock_check.time(early).state == "fault"
    assert clock_check.time(walker.context).state == "ok"


@pytest.mark.parametrize(
    ("today", "state", "words"),
    [
        (datetime(2026, 10, 1, tzinfo=UTC), "ok", "Đủ đến 30/11/2026"),
        (datetime(2026, 11, 24, tzinfo=UTC), "note", "Năm 2027 tính theo luật"),
        (datetime(2027, 11, 24, tzinfo=UTC), "warning", "Chưa có ngày nghỉ năm 2028"),
    ],
)
def test_a_holiday_table_that_does_not_reach_as_far_as_deadlines_says_so(
    walker: Walker, clock: FixedClock, today: datetime, state: str, words: str
) -> None:
    clock.jump((today - clock.now()).total_seconds())
    found_state, found_words = _state(walker, "Lịch nghỉ")
    assert found_state == state
    assert found_words.startswith(words)


def test_a_clock_of_2016_asks_nobody_for_the_holidays_of_2016(walker: Walker, clock: FixedClock) -> None:
    clock.jump((datetime(2016, 1, 1, tzinfo=UTC) - clock.now()).total_seconds())
    assert _state(walker, "Lịch nghỉ") == ("note", "Chưa biết: đồng hồ của máy sai ngày")
    assert _state(walker, "Đồng hồ")[0] == "fault"


def test_a_backup_folder_that_was_never_there_is_an_alarm_at_once(walker: Walker, tmp_path: Path) -> None:
    context = walker.context
    context.config = replace(context.config, backup=replace(context.config.backup, path=str(tmp_path / "usb")))
    result = next(one for one in checks.look(context) if one.name == "Bản sao")
    assert (result.state, result.code) == ("warning", "COPY-03")
    assert "không thấy thư mục sao lưu" in result.words
    (tmp_path / "usb").mkdir()
    assert _state(walker, "Bản sao")[0] == "note"


def test_a_weekend_is_no_alarm(walker: Walker, clock: FixedClock) -> None:
    clock.advance(3 * 24 * 3600 + 8 * 3600)  # Friday, half past four
    submit_form(walker.context)
    clock.advance(2 * 24 * 3600 + 16 * 3600)  # Monday, half past eight
    assert _state(walker, "Hàng chờ gửi")[0] == "ok"
    clock.advance(3600)
    assert _state(walker, "Hàng chờ gửi")[0] == "ok"
    clock.advance(2 * 3600)
    assert _state(walker, "Hàng chờ gửi")[0] == "warning"


def test_the_alarm_says_both_releases_and_that_the_forms_are_kept(walker: Walker) -> None:
    with walker.context.store.write() as db:
        db.execute("update link set paused = 'version', last_code = 'release 9.10.0' where id = 1")
    result = next(one for one in checks.look(walker.context) if one.code == "LINK-04")
    assert result.state == "warning"
    assert "9.10.0" in result.words
    assert "Tờ khai đã nộp vẫn giữ trong máy" in result.do
