"""Figures of this kiosk for Prometheus, on this machine only: the same numbers and codes as its report to the portal.

The format is the text of Prometheus (version 0.0.4). Labels are codes of the program: nothing that a person has typed.
"""

from collections.abc import Iterator

from flask import Blueprint, Response, abort

from kiosk.pages import access
from kiosk.pages.access import allow
from kiosk.portal import kiosk_report
from sync.portals.base import KioskReport

metrics = Blueprint("metrics", __name__)
_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_MEGABYTE = 1_000_000


@metrics.get("/metrics")
@allow("anyone")
def show() -> Response:
    """Return the figures; a request from the LAN finds no such page."""
    if access.is_lan():
        abort(404)
    report = kiosk_report.find_report(access.context())
    return Response("\n".join([*_lines(report), ""]), content_type=_TYPE)


def _lines(report: KioskReport) -> Iterator[str]:
    yield from _gauge(
        "kiosk_release", "Release and content.", f'{{release="{report.release}",content="{report.content}"}} 1'
    )
    alarms = sorted({(alarm.code, alarm.state) for alarm in report.alarms})
    rows = [f'{{code="{code}",state="{state}"}} 1' for code, state in alarms]
    yield from _gauge("kiosk_alarm", "A check that has a code.", *rows)
    figures = (
        ("kiosk_waiting", "Forms and acts that are not sent.", report.waiting),
        ("kiosk_oldest_seconds", "Age of the oldest of them.", report.oldest_seconds),
        ("kiosk_unknown_papers", "Papers of which nobody knows whether they came out.", report.unknown_papers),
        ("kiosk_copy_seconds", "Age of the last backup.", report.copy_seconds),
        ("kiosk_disk_free_bytes", "Free space of the data folder.", report.disk_free_mb * _MEGABYTE),
        ("kiosk_clock_offset_seconds", "Portal minus kiosk at the last greeting.", report.clock_offset),
    )
    for name, description, value in figures:
        if value is not None:
            yield from _gauge(name, description, f" {value}")


def _gauge(name: str, description: str, *rows: str) -> Iterator[str]:
    """Yield a family of gauges; a row is its labels and its value."""
    yield f"# HELP {name} {description}"
    yield f"# TYPE {name} gauge"
    yield from (f"{name}{row}" for row in rows)
