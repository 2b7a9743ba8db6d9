"""The report of this kiosk's state to the portal: release, alarms by code, queue, copy, disk and clock.

It holds codes and numbers only, and nothing that a person has typed about another one: the words of an alarm may name a
printer, a file or a receipt number, so they stay here. Times are sent as ages, because this machine's clock may be
wrong.
"""

import json
import shutil
from datetime import date, datetime, timedelta

from sqlite_utils import Database

import sync.link
import sync.outbox
from kiosk.backup import create
from kiosk.base import clock, release
from kiosk.context import Context, clock_trust
from kiosk.dossiers import status_page
from kiosk.health import checks, portal_lines
from kiosk.health.check_result import CheckResult
from kiosk.health.heartbeat import PRINTER
from kiosk.health.printing_state import CANNOT_TELL
from kiosk.papers.letterhead import hotline_number
from kiosk.records import marks
from kiosk.updates import status
from kiosk.voice import published
from kiosk.voice.call_clips import clips_folder
from printers import spool
from printers.errors import ADVICE
from sync.portals.base import KioskReport, ReportedAlarm, ReportedDay, ReportedOffice, ReportedUpdate, ReportedVoice

_MAX_ALARMS = 60
_MAX_CAUSES = 8
_MAX_VOICES = 20
MAX_NAME = 80
MAX_HOTLINE = 40
"""Letters of the ward's name and hotline in the contract."""
_MAX_SPANS = 6
_OFFICE_DAYS = 14
"""Longer than the longest row of holidays."""
_LONGEST = 2_000_000_000
"""The largest number of the contract, in seconds (63 years) and megabytes."""
_PRINTER_ALARM = "PRINT-01"


def find_report(context: Context, need_list: str = "") -> KioskReport:
    """Return the state of this kiosk now.

    Args:
        context: the context.
        need_list: digest of the ward's list of what procedures need; empty for none.
    """
    results = [result for result in checks.look(context) if result.code]
    now = context.clock.now()
    update = status.read(context.config.updates_folder)
    with context.store.read() as db:
        causes = _printer_causes(context, db)
        oldest = sync.outbox.oldest_open(db)
        waiting = sync.outbox.count_open(db)
        unknown_papers = spool.count_jobs(db, ["unknown"])
        copied_at = _last_copy(db)
        offset = sync.link.state(db).clock_offset
        kept_line = portal_lines.find(db)
    return KioskReport(
        release=release.current().version,
        content=content_version(context),
        ward_name=context.config.ward.name[:MAX_NAME],
        alarms=tuple(_alarm(result, causes) for result in results[:_MAX_ALARMS]),
        waiting=waiting,
        oldest_seconds=_age(clock.parse_timestamp(oldest), now) if oldest else 0,
        unknown_papers=unknown_papers,
        copy_seconds=_age(copied_at, now) if copied_at else None,
        disk_free_mb=shutil.disk_usage(context.config.folder).free // 1_000_000,
        clock_offset=None if offset is None else max(-_LONGEST, min(round(offset), _LONGEST)),
        update=_last_update(update),
        voices=_voices(context),
        office=_office(context) if status_page.is_offered(context.config) else None,
        need_list=need_list,
        trail_held=kept_line.no,
    )


def content_version(context: Context) -> str:
    """Return the version of procedures, fees, wards and holidays; of the shipped ones, their day."""
    return status.read(context.config.updates_folder).content or f"{clock_trust.RELEASED:%Y.%m.%d}"


def _office(context: Context) -> ReportedOffice:
    """Return what the status page says about the counter: hotline, and the hours of today and the next days."""
    today = context.clock.today()
    days = [today + timedelta(days=number) for number in range(_OFFICE_DAYS)]
    return ReportedOffice(
        hotline=hotline_number(context.config)[:MAX_HOTLINE],
        days=tuple(ReportedDay(day=day, spans=_spans(context, day)) for day in days),
    )


def _spans(context: Context, day: date) -> tuple[str, ...]:
    hours = context.calendar.open_hours(day)[:_MAX_SPANS]
    return tuple(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in hours)


def _voices(context: Context) -> tuple[ReportedVoice, ...]:
    """Return the voices of the province in use."""
    used = list(published.versions(clips_folder(context.config)).items())[:_MAX_VOICES]
    return tuple(ReportedVoice(voice=voice, version=version) for voice, version in used)


def _last_update(update: status.UpdateStatus) -> ReportedUpdate | None:
    """Return how the last update ended; None where there was none, or only a list that could not be read."""
    if update.state == "none" or not update.target:
        return None
    return ReportedUpdate(state=update.state, target=update.target, attempt=update.attempt, code=update.code)


def _alarm(result: CheckResult, causes: tuple[str, ...]) -> ReportedAlarm:
    return ReportedAlarm(result.code, result.state, causes if result.code == _PRINTER_ALARM else ())


def _printer_causes(context: Context, db: Database) -> tuple[str, ...]:
    """Return what the printers reported last, without their names."""
    names = [printer.name for printer in context.config.printers]
    names += [printer.name for printer in context.config.office_printers]
    reported = {marks.get(db, PRINTER + name) for name in names}
    causes = {cause for cause in reported if cause in ADVICE and cause != CANNOT_TELL}
    return tuple(sorted(str(cause) for cause in causes)[:_MAX_CAUSES])


def _last_copy(db: Database) -> datetime | None:
    stored = marks.get(db, create.LAST)
    return clock.parse_timestamp(json.loads(stored)["at"]) if stored else None


def _age(since: datetime, now: datetime) -> int:
    """Return an age in seconds; 0 where a clock that was set back makes it negative."""
    return max(0, min(round((now - since).total_seconds()), _LONGEST))
