"""What is handed over, as kiosk-sync/1 writes it: the same by line and on a stick."""

import json
from collections.abc import Sequence
from typing import Any

from sync.parcel import Event, Load, Parcel


def batch(loads: Sequence[Load]) -> dict[str, Any]:
    """Write loads of one kind as the body of POST /submissions or POST /events."""
    if isinstance(loads[0], Event):
        return {"events": [json.loads(load.body) for load in loads]}
    return {"submissions": [_envelope(load) for load in loads if isinstance(load, Parcel)]}


def _envelope(parcel: Parcel) -> dict[str, str]:
    return {"submissionId": parcel.submission_id, "digest": parcel.digest, "body": parcel.body.decode()}
