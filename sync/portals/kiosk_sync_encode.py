"""Request bodies of kiosk-sync/1: the same over the connection and on a USB stick."""

import json
from collections.abc import Sequence
from typing import Any

from sync.parcel import Event, Parcel, Payload
from sync.portals.base import OpinionReport


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


def _set_aside(parcels: list[Parcel], events: list[Event]) -> list[dict[str, Any]]:
    """Return the predecessors that were set aside at the kiosk and may never arrive."""
    numbers = sorted({(payload.submission_id, seq) for payload in events for seq in payload.skipped_seqs})
    return [
        *({"submissionId": payload.supersedes} for payload in parcels if payload.is_predecessor_refused),
        *({"submissionId": subject, "seq": seq} for subject, seq in numbers),
    ]


def _envelope(parcel: Parcel) -> dict[str, str]:
    return {"submissionId": parcel.submission_id, "digest": parcel.digest, "body": parcel.body.decode()}
