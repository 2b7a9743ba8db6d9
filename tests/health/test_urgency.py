"""Order of the tasks on the technician's pages: what keeps citizens from being served comes first."""

import pytest

from kiosk.health import CheckResult, urgency
from kiosk.health.check_result import CheckState


def _result(code: str, state: CheckState) -> CheckResult:
    return CheckResult(name=code, state=state, words="", do="Làm", code=code)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("TIME-01", "fault"), ("CERT-01", "fault")),
        (("TIME-01", "fault"), ("WORK-01", "fault")),
        (("DISK-02", "fault"), ("PRINT-01", "warning")),
        (("PRINT-01", "warning"), ("CERT-01", "fault")),
        (("CERT-01", "fault"), ("PRINT-01", "note")),
        (("CERT-01", "fault"), ("COPY-01", "warning")),
        (("COPY-01", "warning"), ("LINK-01", "note")),
    ],
)
def test_the_more_urgent_task_is_first_in_any_order(
    first: tuple[str, CheckState], second: tuple[str, CheckState]
) -> None:
    pair = [_result(*first), _result(*second)]
    assert urgency.tasks(pair) == pair
    assert urgency.tasks(pair[::-1]) == pair


def test_equal_tasks_stay_in_the_order_of_the_checks_and_what_is_well_is_left_out() -> None:
    results = [_result("COPY-01", "warning"), CheckResult("Ổ đĩa", "ok", "Tốt"), _result("CERT-02", "warning")]
    assert urgency.tasks(results) == [results[0], results[2]]
