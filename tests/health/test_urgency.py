"""Order of the tasks on the technician's pages: what keeps citizens from being served comes first."""

from dataclasses import replace

import pytest
from flask import Flask

from kiosk.context import Context
from kiosk.health import heartbeat, printing_state, urgency
from kiosk.health.check_result import CheckResult, CheckState, Stops
from kiosk.health.heartbeat import Beat
from kiosk.records import marks


@pytest.fixture
def context(app: Flask) -> Context:
    return app.extensions["context"]  # type: ignore[no-any-return]


def _result(state: CheckState, stops: Stops = "") -> CheckResult:
    return CheckResult(name="Ổ đĩa", state=state, words="", do="Làm", stops=stops)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("fault", "all"), ("fault", "some")),
        (("fault", "all"), ("fault", "")),
        (("warning", "some"), ("fault", "")),
        (("fault", "some"), ("warning", "some")),
        (("fault", ""), ("warning", "")),
        (("warning", ""), ("note", "")),
    ],
)
def test_the_more_urgent_task_is_first_in_any_order(
    first: tuple[CheckState, Stops], second: tuple[CheckState, Stops]
) -> None:
    pair = [_result(*first), _result(*second)]
    assert urgency.tasks(pair) == pair
    assert urgency.tasks(pair[::-1]) == pair


def test_equal_tasks_stay_in_the_order_of_the_checks_and_what_is_well_is_left_out() -> None:
    results = [_result("warning"), CheckResult("Ổ đĩa", "ok", "Tốt"), replace(_result("warning"), name="Bản sao")]
    assert urgency.tasks(results) == [results[0], results[2]]


def test_a_thread_that_hangs_keeps_citizens_from_paper_only_when_it_prints(context: Context) -> None:
    now = context.clock.monotonic()
    for hanging, stops in (("cleanup", ""), ("printer:Quầy 1", "some")):
        with context.store.write() as db:
            heartbeat.save(db, [Beat(heartbeat.WORKER, now, 60), Beat(hanging, now - 90, 60)])
        result = heartbeat.worker(context)
        assert (result.code, result.stops) == ("WORK-02", stops)


@pytest.mark.parametrize(("advice", "stops"), [("paper_near_end", ""), ("paper_out", "some")])
def test_a_roll_that_ends_soon_keeps_nobody_waiting(context: Context, advice: str, stops: str) -> None:
    name = context.config.printers[0].name
    with context.store.write() as db:
        marks.put(db, heartbeat.PRINTER + name, advice)
        heartbeat.save(db, [Beat(each, context.clock.monotonic(), 60) for each in ("worker", heartbeat.PRINTER + name)])
    result = printing_state.printers(context)
    assert (result.code, result.stops) == ("PRINT-01", stops)
