"""Reports of kiosks about themselves: release, alarms by code, queue, copy, disk and clock.

A report replaces the one before. Only the members of the contract are stored, because other ones may hold anything.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from sync.encoding import timestamp
from sync.gateway import kiosks
from sync.gateway.kiosks import Kiosk
from sync.gateway.tables import kiosk_reports

JsonObject = dict[str, Any]
_NUMBERS = ("unknownPapers", "copySeconds", "diskFreeMb", "clockOffsetSeconds")
_TEXTS = ("release", "content", "wardName")


@dataclass(frozen=True)
class ReportAlarm:
    """An alarm of a kiosk: its code, its state (note, warning, fault), and what its printers report."""

    code: str
    state: str
    causes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class UpdateOutcome:
    """The last update of a kiosk: a version, in which attempt, how far it is or how it ended, and why it failed."""

    state: str
    target: str
    attempt: int
    code: str


@dataclass(frozen=True, kw_only=True)
class UsedVoice:
    """A voice of the province that a kiosk uses, and its version."""

    voice: str
    version: str


@dataclass(frozen=True, kw_only=True)
class Office:
    """The counter of a kiosk's ward: telephone number, and the opening hours by day, such as `07:00-11:30`."""

    hotline: str
    days: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class StoredKioskReport:
    """The last report of a kiosk; a number, `voices` and `office` are None where the kiosk named none."""

    received_at: str
    release: str
    content: str
    voices: tuple[UsedVoice, ...] | None
    ward_name: str
    alarms: tuple[ReportAlarm, ...]
    waiting: int
    oldest_seconds: int
    unknown_papers: int | None
    copy_seconds: int | None
    disk_free_mb: int | None
    clock_offset: int | None
    update: UpdateOutcome | None
    office: Office | None


def record_report(db: Connection, kiosk: Kiosk, report: JsonObject, now: datetime) -> StoredKioskReport:
    """Store the report of a kiosk, which the contract allows, and return it; it replaces the one before."""
    kiosks.lock_kiosk(db, kiosk.kiosk_id)
    known = _known_members(report)
    db.execute(delete(kiosk_reports).where(kiosk_reports.c.kiosk_id == kiosk.kiosk_id))
    content = json.dumps(known, ensure_ascii=False)
    db.execute(insert(kiosk_reports).values(kiosk_id=kiosk.kiosk_id, content=content, received_at=timestamp(now)))
    return _stored(known, timestamp(now))


def load_reports(db: Connection) -> dict[str, StoredKioskReport]:
    """Return the last report of each kiosk that has sent one, by kiosk id."""
    rows = db.execute(select(kiosk_reports))
    return {row.kiosk_id: read_report(row.content, row.received_at) for row in rows}


def find_report(db: Connection, kiosk_id: str) -> StoredKioskReport | None:
    """Return the last report of a kiosk; None where it has sent none."""
    row = db.execute(select(kiosk_reports).where(kiosk_reports.c.kiosk_id == kiosk_id)).one_or_none()
    return read_report(row.content, row.received_at) if row else None


def read_report(text: str, received_at: str) -> StoredKioskReport:
    """Return a stored report from its row."""
    return _stored(json.loads(text), received_at)


def _known_members(report: JsonObject) -> JsonObject:
    known = {name: report[name] for name in (*_TEXTS, *_NUMBERS) if name in report}
    waiting = report["waiting"]
    known["waiting"] = {"count": waiting["count"], "oldestSeconds": waiting["oldestSeconds"]}
    known["alarms"] = [
        {"code": alarm["code"], "state": alarm["state"], "causes": alarm.get("causes", [])}
        for alarm in report["alarms"]
    ]
    if "voices" in report:
        known["voices"] = [{"voice": each["voice"], "version": each["version"]} for each in report["voices"]]
    if "update" in report:
        update = report["update"]
        known["update"] = {name: update[name] for name in ("state", "target", "attempt", "code") if name in update}
    if "office" in report:
        office = report["office"]
        days = [{"day": each["day"], "spans": each["spans"]} for each in office["days"]]
        known["office"] = {"hotline": office["hotline"], "days": days}
    return known


def _stored(content: Mapping[str, Any], received_at: str) -> StoredKioskReport:
    alarms = [ReportAlarm(alarm["code"], alarm["state"], tuple(alarm["causes"])) for alarm in content["alarms"]]
    return StoredKioskReport(
        received_at=received_at,
        release=content["release"],
        content=content.get("content", ""),
        voices=tuple(UsedVoice(**each) for each in content["voices"]) if "voices" in content else None,
        ward_name=content.get("wardName", ""),
        alarms=tuple(alarms),
        waiting=content["waiting"]["count"],
        oldest_seconds=content["waiting"]["oldestSeconds"],
        unknown_papers=content.get("unknownPapers"),
        copy_seconds=content.get("copySeconds"),
        disk_free_mb=content.get("diskFreeMb"),
        clock_offset=content.get("clockOffsetSeconds"),
        update=_update(content["update"]) if "update" in content else None,
        office=_office(content["office"]) if "office" in content else None,
    )


def _office(office: Mapping[str, Any]) -> Office:
    return Office(hotline=office["hotline"], days={each["day"]: tuple(each["spans"]) for each in office["days"]})


def _update(update: Mapping[str, Any]) -> UpdateOutcome:
    return UpdateOutcome(
        state=update["state"],
        target=update["target"],
        attempt=update.get("attempt", 1),
        code=update.get("code", ""),
    )
