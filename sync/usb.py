"""Delivery by USB stick: sealed parcels to the gateway, and the gateway's answers back.

A parcel is a copy: the outbox keeps everything and continues over the connection, where the portal answers `duplicate`
to a subject that came by USB stick. But from the first byte on a subject may be at the gateway, so it is `unknown`
**before** its file is written. An answer settles only subjects of its own parcel that are still open. Afterwards an
audit asks over the connection about everything delivered, because the age of an answer is unknown.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from sync import file_outbox, link, outbox
from sync.engine import ApplyOutcome, OpenSubject
from sync.errors import BadFile, Unsure
from sync.link import Store
from sync.outbox import CarriedSubject, OutboxRetry
from sync.parcel import Outcome, Payload, SubjectKind, is_whole
from sync.portals import kiosk_sync_decode, kiosk_sync_encode, usb_files
from sync.portals.usb_files import ParcelSender

log = logging.getLogger(__name__)

BATCH_SIZE = 50
MAX_PAYLOADS = 500
"""Submissions and events in one parcel."""
_MAX_BYTES = 4 << 20
KINDS: tuple[SubjectKind, ...] = ("submission", "event")
_MEMBERS = {"submission": ("submissions", "submissionId"), "event": ("events", "eventId")}


@dataclass(frozen=True)
class UsbCounts:
    """Counts of an export or import: forms, events, files, and bad ones (unreadable here, or refused by the portal)."""

    forms: int = 0
    events: int = 0
    bad: int = 0
    files: int = 0

    def __add__(self, other: "UsbCounts") -> "UsbCounts":
        return UsbCounts(
            forms=self.forms + other.forms,
            events=self.events + other.events,
            bad=self.bad + other.bad,
            files=self.files + other.files,
        )


@dataclass(frozen=True)
class ParcelWriter:
    """Sender, name prefix of the parcels, and a function that writes a file of a name.

    `name` begins with the time, so that files sort in order, and is never used again.
    """

    sender: ParcelSender
    name: str
    write_file: Callable[[str, bytes], object]


def write_parcels(
    store: Store,
    open_subject: OpenSubject,
    writer: ParcelWriter,
    now: datetime,
    on_progress: Callable[[UsbCounts], None],
) -> UsbCounts:
    """Copy every open subject into parcels, submissions before events.

    Args:
        store: the store.
        open_subject: opens the frozen bytes of a subject.
        writer: writes the files; its errors end the export, and the files written before stay valid.
        now: the time.
        on_progress: called after each file with the counts so far.

    Returns:
        The counts of all parcels.
    """
    total = UsbCounts()
    payloads: list[Payload] = []
    size = 0
    for payload in _open_all(store, open_subject):
        if payload is None:
            total += UsbCounts(bad=1)
            continue
        if payloads and (len(payloads) == MAX_PAYLOADS or size + len(payload.body) > _MAX_BYTES):
            total += _write_parcel(store, writer, total.files + 1, payloads=payloads, now=now)
            on_progress(total)
            payloads = []
            size = 0
        payloads.append(payload)
        size += len(payload.body)
    if payloads:
        total += _write_parcel(store, writer, total.files + 1, payloads=payloads, now=now)
        on_progress(total)
    return total


def _open_all(store: Store, open_subject: OpenSubject) -> Iterator[Payload | None]:
    """Open every open subject, submissions first; None for an unreadable one."""
    for kind in KINDS:
        after = 0
        while True:
            with store.read() as db:
                rows = outbox.list_to_carry(db, kind, after, limit=BATCH_SIZE)
            if not rows:
                break
            for after, subject in rows:  # noqa: B007 - the row number after which the next rows are read
                payload = open_subject(subject)
                yield payload if payload is not None and is_whole(payload) else None


def _write_parcel(
    store: Store, writer: ParcelWriter, number: int, *, payloads: Sequence[Payload], now: datetime
) -> UsbCounts:
    parcel_id = f"{writer.name}-{number:03d}"
    with store.write() as db:
        for payload in payloads:
            outbox.mark_carried(db, payload.subject, payload.digest, parcel=parcel_id, now=now)
        payloads = [outbox.with_set_aside(db, payload) for payload in payloads]
    forms = [payload for payload in payloads if payload.subject.kind == "submission"]
    events = [payload for payload in payloads if payload.subject.kind == "event"]
    batches = [*_batches(forms), *_batches(events)]
    content = usb_files.seal_parcel(writer.sender, parcel_id, now, batches=batches)
    writer.write_file(usb_files.file_name(usb_files.read_head(content, usb_files.PARCEL)), content)
    log.info("usb parcel written", extra={"count": len(payloads), "bytes": len(content)})
    return UsbCounts(forms=len(forms), events=len(events), files=1)


def _batches(payloads: Sequence[Payload]) -> list[dict[str, Any]]:
    starts = range(0, len(payloads), BATCH_SIZE)
    return [kiosk_sync_encode.batch(payloads[start : start + BATCH_SIZE]) for start in starts]


def apply_answer(
    store: Store, apply_outcome: ApplyOutcome, content: bytes, sender: ParcelSender, now: datetime
) -> UsbCounts:
    """Settle the subjects of an answer file, in one write.

    Raises:
        BadFile: it is not an answer to a parcel of this kiosk.
    """
    head, answer = usb_files.open_answer(content, sender.answer_key)
    try:
        epoch = str(answer["epoch"])
        outcomes = _outcomes(answer["batches"])
    except (KeyError, TypeError, AttributeError, Unsure) as error:
        raise BadFile("not-json") from error
    counts = UsbCounts(files=1)
    with store.write() as db:
        for carried in outbox.list_carried(db, head.parcel_id):
            outcome = outcomes[carried.subject.kind].get(carried.subject.id)
            if outcome is not None:
                counts += _settle(db, apply_outcome, carried, outcome=outcome, epoch=epoch, now=now)
        # An audit does not cover events: those acknowledged after the last submission are sent again.
        link.request_audit(db, is_doubted=True)
    log.info("usb answer applied", extra={"count": counts.forms + counts.events, "refused": counts.bad})
    return counts


def _outcomes(batches: Sequence[dict[str, Any]]) -> dict[SubjectKind, dict[str, Outcome]]:
    outcomes: dict[SubjectKind, dict[str, Outcome]] = {kind: {} for kind in KINDS}
    for batch in batches:
        for kind in KINDS:
            group, id_name = _MEMBERS[kind]
            if group in batch:
                outcomes[kind] |= kiosk_sync_decode.outcomes({"results": batch[group]}, id_name)
    return outcomes


def _settle(
    db: Database,
    apply_outcome: ApplyOutcome,
    carried: CarriedSubject,
    *,
    outcome: Outcome,
    epoch: str,
    now: datetime,
) -> UsbCounts:
    subject = carried.subject
    receipt = outcome.receipt
    if outcome.is_refused:
        outbox.mark_refused(db, subject, "record", code=outcome.kind, now=now)
        apply_outcome(db, subject, outcome)
        return UsbCounts(bad=1)
    is_about = subject.kind == "event" or (receipt is not None and receipt.digest == carried.digest)
    if not outcome.is_taken:
        outbox.put_back(db, subject, OutboxRetry(state="todo", reason="later", code=outcome.kind), now=now)
        return UsbCounts()
    if not is_about:
        return UsbCounts()
    outbox.mark_done(db, subject, now, is_created=outcome.kind == "created")
    file_outbox.resend_missing(db, receipt.missing_files if receipt else ())
    # A receipt of another epoch may be older than the one that came over the connection: then that one stays.
    is_stale = carried.epoch not in (None, epoch)
    if receipt is not None and (is_stale or not outbox.record_revision(db, receipt, epoch)):
        outcome = Outcome(outcome.kind)
    apply_outcome(db, subject, outcome)
    return UsbCounts(forms=1) if subject.kind == "submission" else UsbCounts(events=1)
