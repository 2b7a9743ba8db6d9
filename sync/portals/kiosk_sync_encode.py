"""Request bodies of kiosk-sync/1: the same over the connection and on a USB stick."""

import json
from collections.abc import Sequence
from typing import Any

from sync.parcel import Event, Load, Parcel


def batch(loads: Sequence[Load]) -> dict[str, Any]:
    """Return loads of one kind as the body of POST /submissions or POST /events."""
    events = [load for load in loads if isinstance(load, Event)]
    parcels = [load for load in loads if isinstance(load, Parcel)]
    set_aside = _set_aside(parcels, events)
    extra = {"setAside": set_aside} if set_aside else {}
    if events:
        return {"events": [json.loads(load.body) for load in events], **extra}
    return {"submissions": [_envelope(load) for load in parcels], **extra}


def _set_aside(parcels: list[Parcel], events: list[Event]) -> list[dict[str, Any]]:
    """Return the predecessors that were set aside at the kiosk and may never arrive."""
    numbers = sorted({(load.submission_id, seq) for load in events for seq in load.gone})
    return [
        *({"submissionId": load.supersedes} for load in parcels if load.is_heir),
        *({"submissionId": subject, "seq": seq} for subject, seq in numbers),
    ]


def _envelope(parcel: Parcel) -> dict[str, str]:
    return {"submissionId": parcel.submission_id, "digest": parcel.digest, "body": parcel.body.decode()}
