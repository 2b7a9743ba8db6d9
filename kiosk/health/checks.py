"""All checks of the machine, in the order of the maintenance page."""

from collections.abc import Callable
from dataclasses import replace

from kiosk.context import Context
from kiosk.health import (
    backup_copies,
    certificate_dates,
    clock_check,
    connection,
    differing_facts,
    disk_space,
    heartbeat,
    holidays,
    key_safety,
    lan,
    legal_documents,
    log_file,
    minute_copies,
    printing_state,
    procedure_files,
    scans,
    service_plan,
    settings_file,
    trail_check,
    updates,
)
from kiosk.health.check_result import CheckResult
from kiosk.health.connection import LINK

CHECKS: tuple[Callable[[Context], CheckResult], ...] = (
    heartbeat.worker,
    connection.link,
    connection.queue,
    scans.check,
    printing_state.printers,
    printing_state.paper,
    disk_space.check,
    backup_copies.check,
    minute_copies.check,
    key_safety.key,
    trail_check.trail,
    log_file.check,
    clock_check.time,
    procedure_files.check,
    legal_documents.check,
    differing_facts.check,
    settings_file.check,
    service_plan.check,
    holidays.check,
    certificate_dates.check,
    lan.check,
    updates.check,
)


def look(context: Context) -> list[CheckResult]:
    """Return the results of all checks, in the order of the maintenance page."""
    results = [check(context) for check in CHECKS]
    if any(result.code == heartbeat.NOT_RUNNING for result in results):
        return [_without_worker(result) for result in results]
    return results


def _without_worker(result: CheckResult) -> CheckResult:
    """Take back what only a running worker makes true: that the connection is up, and that it is tried again."""
    if result.name == LINK and result.state == "ok":
        return CheckResult(LINK, "note", "Không biết: phần gửi không chạy")
    return replace(result, ends="")
