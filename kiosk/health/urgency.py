"""Order of tasks: what keeps citizens from being served comes first, however the checks are listed.

A technician does the first task first. A portal that does not answer keeps nobody from filing a form;
a wrong date does.
"""

from collections.abc import Iterable

from kiosk.health.check_result import CheckResult, CheckState

NOBODY_IS_SERVED = frozenset({"TIME-01", "DISK-02"})
"""No form can be begun: no procedure is in force on the day of the clock, or the disk has no room for a form."""
SOME_ARE_NOT_SERVED = frozenset({"WORK-01", "WORK-02", "FORM-01", "PRINT-01", "PRINT-03"})
"""Papers do not come out, or a procedure is left out."""
_STATES: tuple[CheckState, ...] = ("fault", "warning", "note", "ok")


def tasks(results: Iterable[CheckResult]) -> list[CheckResult]:
    """Return the results with something to do, the most urgent first; equal ones in the order of the checks."""
    return sorted((result for result in results if result.todo), key=_rank)


def _rank(result: CheckResult) -> tuple[bool, bool, int]:
    is_alarm = result.state in ("fault", "warning")
    return (
        not (is_alarm and result.code in NOBODY_IS_SERVED),
        not (is_alarm and result.code in SOME_ARE_NOT_SERVED),
        _STATES.index(result.state),
    )
