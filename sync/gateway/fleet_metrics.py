"""Prometheus figures of each kiosk, from its last report; labels are the kiosk, its unit, and codes, never a person.

A silent kiosk keeps `gateway_kiosk_seen_seconds` only: its other figures are old news.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import Connection

from sync.gateway import fleet, rollouts
from sync.gateway.fleet import FleetRow
from sync.gateway.kiosk_reports import StoredKioskReport

_KIOSK = ["kiosk", "unit"]
_MEGABYTE = 1_000_000
_FIGURES: tuple[tuple[str, str], ...] = (
    ("gateway_kiosk_waiting", "Forms and acts that the kiosk has not sent."),
    ("gateway_kiosk_oldest_seconds", "Age of the oldest of them."),
    ("gateway_kiosk_unknown_papers", "Papers of which nobody knows whether they came out."),
    ("gateway_kiosk_copy_seconds", "Age of the last backup."),
    ("gateway_kiosk_disk_free_bytes", "Free space of the data folder."),
    ("gateway_kiosk_clock_offset_seconds", "Gateway minus kiosk."),
)


def gauges(db: Connection, now: datetime) -> list[GaugeMetricFamily]:
    """Return the figures of all kiosks and of the roll-outs."""
    rows = fleet.load_rows(db, now)
    return [_seen(rows, now), _alarms(rows), _releases(rows), _voices(rows), *_figures(rows), _rollouts(db)]


def _seen(rows: Iterable[FleetRow], now: datetime) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily("gateway_kiosk_seen_seconds", "Time since the last request.", labels=_KIOSK)
    for row in rows:
        if row.seen_at is not None:
            age = (now - datetime.fromisoformat(row.seen_at)).total_seconds()
            gauge.add_metric([row.kiosk_id, row.unit_code], max(age, 0.0))
    return gauge


def _alarms(rows: Iterable[FleetRow]) -> GaugeMetricFamily:
    labels = [*_KIOSK, "code", "state"]
    gauge = GaugeMetricFamily("gateway_kiosk_alarm", "A warning or fault of the kiosk.", labels=labels)
    for row in rows:
        for code, state in sorted({(alarm.code, alarm.state) for alarm in row.alarms}):
            gauge.add_metric([row.kiosk_id, row.unit_code, code, state], 1)
    return gauge


def _releases(rows: Iterable[FleetRow]) -> GaugeMetricFamily:
    labels = [*_KIOSK, "release", "content"]
    gauge = GaugeMetricFamily("gateway_kiosk_release", "Release and content of the kiosk.", labels=labels)
    for row, report in _reporting(rows):
        gauge.add_metric([row.kiosk_id, row.unit_code, report.release, report.content], 1)
    return gauge


def _voices(rows: Iterable[FleetRow]) -> GaugeMetricFamily:
    labels = [*_KIOSK, "voice", "version"]
    gauge = GaugeMetricFamily("gateway_kiosk_voice", "A voice of the province that the kiosk uses.", labels=labels)
    for row, report in _reporting(rows):
        for voice, version in sorted({(used.voice, used.version) for used in report.voices or ()}):
            gauge.add_metric([row.kiosk_id, row.unit_code, voice, version], 1)
    return gauge


def _figures(rows: Iterable[FleetRow]) -> list[GaugeMetricFamily]:
    families = [GaugeMetricFamily(name, description, labels=_KIOSK) for name, description in _FIGURES]
    for row, report in _reporting(rows):
        disk_free = None if report.disk_free_mb is None else report.disk_free_mb * _MEGABYTE
        values = [report.waiting, report.oldest_seconds, report.unknown_papers, report.copy_seconds]
        for family, value in zip(families, [*values, disk_free, report.clock_offset], strict=True):
            if value is not None:
                family.add_metric([row.kiosk_id, row.unit_code], value)
    return families


def _reporting(rows: Iterable[FleetRow]) -> Iterator[tuple[FleetRow, StoredKioskReport]]:
    for row in rows:
        if row.report is not None and not row.is_silent:
            yield row, row.report


def _rollouts(db: Connection) -> GaugeMetricFamily:
    labels = ["kind", "version", "stage", "state"]
    gauge = GaugeMetricFamily("gateway_rollout", "The roll-out in force of each kind.", labels=labels)
    for kind in rollouts.KINDS:
        rollout = rollouts.newest(db, kind)
        if rollout is not None:
            gauge.add_metric([kind, rollout.version, rollout.stage, rollout.state], 1)
    return gauge
