"""Request bodies of kiosk-sync/1: the same over the connection and on a USB stick."""

import json
from collections.abc import Sequence
from typing import Any

from sync.parcel import Event, Parcel, Payload
from sync.portals.base import (
    KioskReport,
    OpinionReport,
    PostedQueue,
    PostedTicket,
    ReportedAlarm,
    ReportedOffice,
    ReportedUpdate,
)


def batch(payloads: Sequence[Payload]) -> dict[str, Any]:
    """Return payloads of one kind as the body of POST /submissions or POST /events."""
    events = [payload for payload in payloads if isinstance(payload, Event)]
    parcels = [payload for payload in payloads if isinstance(payload, Parcel)]
    set_aside = _set_aside(parcels, events)
    extra = {"setAside": set_aside} if set_aside else {}
    if events:
        return {"events": [json.loads(payload.body) for payload in events], **extra}
    return {"submissions": [_envelope(payload) for payload in parcels], **extra}


def opinions(report: OpinionReport) -> dict[str, Any]:
    """Return the member of a batch that reports a month's opinions."""
    groups = [
        {
            **({"procedureCode": group.procedure} if group.procedure else {}),
            "faces": list(group.faces),
            "unanswered": group.unanswered,
        }
        for group in report.groups
    ]
    return {"month": report.month, "groups": groups, "words": dict(report.words)}


def kiosk_report(report: KioskReport) -> dict[str, Any]:
    """Return a kiosk's report as the body of POST /report."""
    members: dict[str, Any] = {
        "release": report.release,
        "content": report.content,
        "voices": [{"voice": voice.voice, "version": voice.version} for voice in report.voices],
        "wardName": report.ward_name or None,
        "alarms": [_alarm(alarm) for alarm in report.alarms],
        "waiting": {"count": report.waiting, "oldestSeconds": report.oldest_seconds},
        "unknownPapers": report.unknown_papers,
        "copySeconds": report.copy_seconds,
        "diskFreeMb": report.disk_free_mb,
        "clockOffsetSeconds": report.clock_offset,
        "update": _update(report.update) if report.update else None,
        "office": _office(report.office) if report.office else None,
        "needList": {"digest": report.need_list} if report.need_list else None,
        "trailHeld": None if report.trail_held is None else {"line": report.trail_held},
    }
    return {name: member for name, member in members.items() if member is not None}


def queue(queue: PostedQueue) -> dict[str, Any]:
    """Return a kiosk's queue as the body of PUT /queue."""
    calls = [{"label": call.label, "counter": call.counter} for call in queue.calls]
    return {"calls": calls, "tickets": [_ticket(ticket) for ticket in queue.tickets]}


def _ticket(ticket: PostedTicket) -> dict[str, Any]:
    minutes = {"minutes": list(ticket.minutes)} if ticket.minutes else {}
    return {
        "label": ticket.label,
        "receiptNo": ticket.receipt_no,
        "state": ticket.state,
        "ahead": ticket.ahead,
        "counters": list(ticket.counters),
        **minutes,
    }


def _alarm(alarm: ReportedAlarm) -> dict[str, Any]:
    causes = {"causes": list(alarm.causes)} if alarm.causes else {}
    return {"code": alarm.code, "state": alarm.state, **causes}


def _update(update: ReportedUpdate) -> dict[str, Any]:
    return {"state": update.state, "target": update.target, "attempt": update.attempt, "code": update.code}


def _office(office: ReportedOffice) -> dict[str, Any]:
    days = [{"day": each.day.isoformat(), "spans": list(each.spans)} for each in office.days]
    return {"hotline": office.hotline, "days": days}


def _set_aside(parcels: list[Parcel], events: list[Event]) -> list[dict[str, Any]]:
    """Return the predecessors that were set aside at the kiosk and may never arrive."""
    numbers = sorted({(payload.submission_id, seq) for payload in events for seq in payload.skipped_seqs})
    return [
        *({"submissionId": payload.supersedes} for payload in parcels if payload.is_predecessor_refused),
        *({"submissionId": subject, "seq": seq} for subject, seq in numbers),
    ]


def _envelope(parcel: Parcel) -> dict[str, str]:
    return {"submissionId": parcel.submission_id, "digest": parcel.digest, "body": parcel.body.decode()}
