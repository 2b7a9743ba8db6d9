"""The machines of the wards: each kiosk with its last report, and what an operator has to look at first.

    silent      no request for an hour: nothing else is known about it
    alarms      a warning or fault in its last report, or an audit trail that lost lines
    the rest    by ward and machine

A kiosk of an older release sends no report: it is not silent, and its columns say that nothing is known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, Select, select

from sync.gateway import kiosk_reports
from sync.gateway.kiosk_reports import ReportAlarm, StoredKioskReport
from sync.gateway.tables import audit_heads, kiosks

SILENT_AFTER = timedelta(hours=1)
"""A kiosk reads its feed every few minutes, so an hour is no pause between two requests."""
SLOW_SECONDS = 15 * 60
"""Age of the oldest form that is not sent, from which a kiosk is slow."""

TRAIL_ALARM_FOR = timedelta(days=7)
"""So long an alarm about the audit trail puts a machine among those to look at; its own page shows it always."""

Filter = Literal["silent", "printer", "copy", "clock", "disk", "other", "old", "slow", "withdrawn"]
_CLOCK_CODES = frozenset({"TIME-01", "TIME-03", "TIME-04"})
_FILTER_BY_PREFIX: Mapping[str, Filter] = {"PRINT": "printer", "COPY": "copy", "DISK": "disk", "LOGS": "disk"}
_ALARM_STATES = ("fault", "warning")


@dataclass(frozen=True, kw_only=True)
class FleetRow:
    """A machine of a ward; `report` is None where it never sent one."""

    kiosk_id: str
    unit_code: str
    label: str
    enrolled_at: str
    revoked_at: str | None
    seen_at: str | None
    behind: int
    report: StoredKioskReport | None
    trail_alarm: str | None
    trail_alarmed_at: str | None
    is_silent: bool
    is_old: bool
    has_new_trail_alarm: bool

    @property
    def is_withdrawn(self) -> bool:
        """Whether its key was revoked."""
        return self.revoked_at is not None

    @property
    def ward(self) -> str:
        """The name of the ward; its unit code where the kiosk has not reported the name."""
        return (self.report.ward_name if self.report else "") or self.unit_code

    @property
    def alarms(self) -> tuple[ReportAlarm, ...]:
        """The warnings and faults of the last report, faults first; none of a silent machine, which are old news."""
        if self.report is None or self.is_silent or self.is_withdrawn:
            return ()
        alarms = [alarm for alarm in self.report.alarms if alarm.state in _ALARM_STATES]
        return tuple(sorted(alarms, key=lambda alarm: _ALARM_STATES.index(alarm.state)))

    @property
    def needs_look(self) -> bool:
        """Whether a machine that is not silent has an alarm."""
        return not self.is_silent and (bool(self.alarms) or self.has_new_trail_alarm)

    @property
    def is_slow(self) -> bool:
        """Whether forms wait too long; False where that is not known."""
        return self.report is not None and not self.is_silent and self.report.oldest_seconds > SLOW_SECONDS

    @property
    def filters(self) -> frozenset[Filter]:
        """The filters of the page that show this row."""
        if self.is_withdrawn:
            return frozenset({"withdrawn"})
        filters: set[Filter] = {_filter_of(alarm.code) for alarm in self.alarms}
        if self.has_new_trail_alarm:
            filters.add("other")
        if self.is_silent:
            filters.add("silent")
        if self.is_old:
            filters.add("old")
        if self.is_slow:
            filters.add("slow")
        return frozenset(filters)

    def matches(self, query: str) -> bool:
        """Return whether the ward, the unit or the machine contains a text."""
        text = query.casefold()
        return any(text in value.casefold() for value in (self.ward, self.unit_code, self.kiosk_id, self.label))


def load_rows(db: Connection, now: datetime, *, newest: str = "") -> list[FleetRow]:
    """Return the machines with a valid key: silent ones first, then those with alarms, then the rest by name.

    Args:
        db: the store, inside a transaction.
        now: the time.
        newest: the release that all machines should have; without it the newest one that a kiosk reports.
    """
    enrolled = db.execute(_select().where(kiosks.c.revoked_at.is_(None))).all()
    reports = kiosk_reports.load_reports(db)
    reported = [reports[row.kiosk_id].release for row in enrolled if row.kiosk_id in reports]
    target = newest or max(reported, key=version_key, default="")
    rows = [_row(row, reports.get(row.kiosk_id), now, target) for row in enrolled]
    return sorted(rows, key=_order)


def load_withdrawn(db: Connection, now: datetime) -> list[FleetRow]:
    """Return the machines whose key was revoked, the latest first."""
    revoked = _select().where(kiosks.c.revoked_at.is_not(None)).order_by(kiosks.c.revoked_at.desc())
    reports = kiosk_reports.load_reports(db)
    return [_row(row, reports.get(row.kiosk_id), now) for row in db.execute(revoked)]


def find_row(db: Connection, now: datetime, kiosk_id: str) -> FleetRow | None:
    """Return a machine, also one whose key was revoked; None for an unknown name."""
    row = db.execute(_select().where(kiosks.c.kiosk_id == kiosk_id)).one_or_none()
    return None if row is None else _row(row, kiosk_reports.load_reports(db).get(kiosk_id), now)


def version_key(version: str) -> tuple[int, ...]:
    """Return the numbers of a version, to compare it; a part that is no number counts as 0."""
    parts = version.partition("+")[0].split(".")
    return tuple(int(part) if part.isascii() and part.isdigit() else 0 for part in parts)


def _order(row: FleetRow) -> tuple[bool, bool, str, str]:
    return (not row.is_silent, not row.needs_look, row.ward.casefold(), row.kiosk_id)


def _select() -> Select[Any]:
    columns = select(
        kiosks.c.kiosk_id,
        kiosks.c.unit_code,
        kiosks.c.label,
        kiosks.c.enrolled_at,
        kiosks.c.revoked_at,
        kiosks.c.seen_at,
        (kiosks.c.last_seq - kiosks.c.read_seq).label("behind"),
        audit_heads.c.alarm,
        audit_heads.c.alarmed_at,
    )
    return columns.outerjoin(audit_heads, audit_heads.c.kiosk_id == kiosks.c.kiosk_id)


def _row(row: Row[Any], report: StoredKioskReport | None, now: datetime, target: str = "") -> FleetRow:
    return FleetRow(
        kiosk_id=row.kiosk_id,
        unit_code=row.unit_code,
        label=row.label,
        enrolled_at=row.enrolled_at,
        revoked_at=row.revoked_at,
        seen_at=row.seen_at,
        behind=row.behind,
        report=report,
        trail_alarm=row.alarm,
        trail_alarmed_at=row.alarmed_at,
        is_silent=row.revoked_at is None and _is_silent(row.seen_at, now),
        is_old=_is_old(report, target),
        has_new_trail_alarm=row.alarm is not None and now - datetime.fromisoformat(row.alarmed_at) < TRAIL_ALARM_FOR,
    )


def _is_silent(seen_at: str | None, now: datetime) -> bool:
    return seen_at is None or now - datetime.fromisoformat(seen_at) > SILENT_AFTER


def _is_old(report: StoredKioskReport | None, target: str) -> bool:
    """Return whether a kiosk has an older release than the target; one that sends no report is older than reports."""
    if not target:
        return False
    return report is None or version_key(report.release) < version_key(target)


def _filter_of(code: str) -> Filter:
    if code in _CLOCK_CODES:
        return "clock"
    return _FILTER_BY_PREFIX.get(code.partition("-")[0], "other")
