"""What is handed over, as kiosk-sync/1 writes it: the same by line and on a stick."""

import json
from collections.abc import Sequence
from typing import Any

from sync.parcel import Event, Load, Parcel


def batch(loads: Sequence[Load]) -> dict[str, Any]:
    """Write loads of one kind as the body of POST /submissions or POST /events."""
    events = [load for load in loads if isinstance(load, Event)]
    parcels = [load for load in loads if isinstance(load, Parcel)]
    gone: list[dict[str, Any]] = [{"submissionId": load.supersedes} for load in parcels if load.is_heir]
    acts = sorted({(load.submission_id, seq) for load in events for seq in load.gone})
    gone += [{"submissionId": subject, "seq": seq} for subject, seq in acts]
    aside = {"setAside": gone} if gone else {}
    if events:
        return {"events": [json.loads(load.body) for load in events], **aside}
    return {"submissions": [_envelope(load) for load in parcels], **aside}


def _envelope(parcel: Parcel) -> dict[str, str]:
    return {"submissionId": parcel.submission_id, "digest": parcel.digest, "body": parcel.body.decode()}
