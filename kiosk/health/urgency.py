"""Order of tasks: what keeps citizens from being served comes first, however the checks are listed.

A technician does the first task first. A portal that does not answer keeps nobody from filing a form;
a wrong date does.
"""

from collections.abc import Iterable

from kiosk.health.check_result import CheckResult, CheckState, Stops

_STOPS: tuple[Stops, ...] = ("all", "some", "")
_STATES: tuple[CheckState, ...] = ("fault", "warning", "note", "ok")


def tasks(results: Iterable[CheckResult]) -> list[CheckResult]:
    """Return the results with something to do, the most urgent first; equal ones in the order of the checks."""
    return sorted((result for result in results if result.todo), key=_rank)


def _rank(result: CheckResult) -> tuple[int, int]:
    return _STOPS.index(result.stops), _STATES.index(result.state)
