"""Labelled points at which a process of the kiosk kills itself (SIGKILL); `WARD_KILL_AT` names one."""

import itertools
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import printers.spool
import sync.outbox
import sync.status_feed
import sync.usb
from kiosk.acts import applying, desk_posts, kept_forms, queueing
from kiosk.records import audit, decisions, drafts, kept_drafts, tickets
from printers.devices.connection import PrinterConnection
from printers.devices.receipt_printer import ReceiptPrinter
from sync.engine import Engine
from sync.portals import usb_files
from sync.portals.kiosk_sync import KioskSync


@dataclass(frozen=True)
class KillPoint:
    """A function of a module or class; the process dies before a call of it, or after it: the first, or a later one."""

    owner: Any
    function: str
    is_before: bool = False
    call: int = 1


SUBMIT_POINTS = {
    "the draft is deleted": KillPoint(drafts, "pop"),
    "the submission is queued": KillPoint(sync.outbox, "enqueue"),
    "the receipt is queued for printing": KillPoint(printers.spool, "enqueue"),
    "the audit line is written": KillPoint(audit, "append"),
    "Submit is committed": KillPoint(applying, "submit"),
}
DELIVERY_POINTS = {
    "sending is written, not committed": KillPoint(sync.outbox, "mark_sending"),
    "sending is committed": KillPoint(KioskSync, "send", is_before=True),
    "the answer is received": KillPoint(KioskSync, "send"),
    "one submission is settled, not committed": KillPoint(Engine, "_settle_one"),
    "all submissions are settled": KillPoint(Engine, "_settle_all"),
    "a page of the feed is applied, not committed": KillPoint(sync.status_feed, "_apply_page"),
}
EXPORT_POINTS = {
    "a parcel is recorded, not written": KillPoint(usb_files, "write_file", is_before=True),
    "a parcel is written without its name": KillPoint(usb_files, "_compare", is_before=True),
    "a parcel is written": KillPoint(usb_files, "write_file"),
}
ANSWER_POINTS = {
    "one subject of an answer is settled": KillPoint(sync.usb, "_settle"),
    "an answer is settled, without its audit line": KillPoint(sync.usb, "apply_answer"),
}
# A start sends 14 kB of recovery bytes, and then a slip of 54 kB, in pieces of 1 kB.
PRINT_POINTS = {
    "the job is marked as sending, not committed": KillPoint(printers.spool, "mark_sending"),
    "the job is marked as sending": KillPoint(printers.spool, "_send", is_before=True),
    "the printer has answered that it is ready": KillPoint(ReceiptPrinter, "_require_no_fault"),
    "1 kB is sent": KillPoint(PrinterConnection, "_send_chunk"),
    "a third is sent": KillPoint(PrinterConnection, "_send_chunk", call=32),
    "two thirds are sent": KillPoint(PrinterConnection, "_send_chunk", call=50),
    "all is sent": KillPoint(PrinterConnection, "wait_for_barrier", is_before=True),
    "the printer has confirmed": KillPoint(PrinterConnection, "wait_for_barrier"),
    "the result is written, not committed": KillPoint(printers.spool, "record_result"),
    "the result is committed": KillPoint(printers.spool, "print_next"),
}
DESK_POST_IS_DONE = "a post of the desk is done, not answered"
NUMBER_POINTS = {
    "a number has its event, not committed": KillPoint(tickets, "add_event"),
    DESK_POST_IS_DONE: KillPoint(desk_posts, "end", is_before=True),
}
DECISION_POINTS = {
    "a decision is written, not committed": KillPoint(decisions, "insert"),
    DESK_POST_IS_DONE: NUMBER_POINTS[DESK_POST_IS_DONE],
}
DRAW_POINTS = {
    "a drawn number is written, not committed": KillPoint(tickets, "draw"),
    "a number is drawn": KillPoint(queueing, "draw_ticket"),
}
KEEP_POINTS = {
    "a form is kept, not committed": KillPoint(kept_drafts, "save"),
    "a form is kept": KillPoint(kept_forms, "keep"),
}
OPEN_POINTS = {
    "a kept form is opened, not committed": KillPoint(kept_drafts, "clear_misses"),
    "a kept form is opened": KillPoint(kept_forms, "resume_at_screen"),
}
POINTS = (
    SUBMIT_POINTS
    | PRINT_POINTS
    | DELIVERY_POINTS
    | EXPORT_POINTS
    | ANSWER_POINTS
    | NUMBER_POINTS
    | DECISION_POINTS
    | DRAW_POINTS
    | KEEP_POINTS
    | OPEN_POINTS
)


def install(label: str) -> None:
    """Make this process kill itself when it comes to a point."""
    point = POINTS[label]
    function: Callable[..., Any] = getattr(point.owner, point.function)
    calls = itertools.count(1)

    def kill(*args: Any, **options: Any) -> Any:
        if next(calls) < point.call:
            return function(*args, **options)
        if not point.is_before:
            function(*args, **options)
        return os.kill(os.getpid(), signal.SIGKILL)

    setattr(point.owner, point.function, kill)
