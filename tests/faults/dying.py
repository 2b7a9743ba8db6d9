"""Labelled points at which a process of the kiosk dies (SIGKILL to itself): ``WARD_DIES`` names one."""

import os
import signal
from collections.abc import Callable
from typing import Any

import printers.spool
import sync.outbox
import sync.status_feed
import sync.usb
from kiosk.acts import applying
from kiosk.records import audit, drafts
from sync.engine import Engine
from sync.portals import usb_files
from sync.portals.kiosk_sync import KioskSync

BEFORE = "before"
AFTER = "after"
POINTS: dict[str, tuple[str, Any, str]] = {
    # Submit, inside its write and behind it
    "the draft is taken": (AFTER, drafts, "pop"),
    "the form is in line": (AFTER, sync.outbox, "put"),
    "the slip is in line": (AFTER, printers.spool, "enqueue"),
    "the trail is written": (AFTER, audit, "append"),
    "Submit is committed": (AFTER, applying, "submit"),
    # a delivery
    "sending is noted, not committed": (AFTER, sync.outbox, "begin"),
    "sending is committed": (BEFORE, KioskSync, "send"),
    "the answer is there": (AFTER, KioskSync, "send"),
    "one is settled, not committed": (AFTER, Engine, "_settle_one"),
    "all are settled": (AFTER, Engine, "_settle_all"),
    # the portal's word
    "the feed is read, not committed": (AFTER, sync.status_feed, "_take"),
}

CARRYING: dict[str, tuple[str, Any, str]] = {
    "a parcel is noted, not written": (BEFORE, usb_files, "lay_down"),
    "a parcel is half written": (BEFORE, usb_files, "_compare"),
    "a parcel is there": (AFTER, usb_files, "lay_down"),
    "an answer is half settled": (AFTER, sync.usb, "_settled"),
    "an answer is settled, not in the trail": (AFTER, sync.usb, "carry_back"),
}


def at(label: str) -> None:
    """Let this process die when it comes to a point for the first time."""
    when, place, name = (POINTS | CARRYING)[label]
    true: Callable[..., Any] = getattr(place, name)

    def dying(*told: Any, **named: Any) -> Any:
        if when == AFTER:
            true(*told, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(place, name, dying)
