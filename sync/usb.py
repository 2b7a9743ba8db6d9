"""Carrying by hand what the line does not: parcels onto a stick, and the gateway's answers back from it.

What is carried is a copy: the outbox keeps everything and goes on trying the line, which answers ``duplicate`` to what
came by hand. But from the first byte on a subject may be at the gateway, so it is ``unknown`` **before** its file is
written. An answer settles only what was carried in that very parcel and is still open; afterwards everything
delivered is asked about by line, once there is one, because nobody knows how old an answer is.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from sync import file_outbox, link, outbox
from sync.engine import Pack, Settle
from sync.errors import BadFile, Unsure
from sync.link import Store
from sync.outbox import Again, Carried
from sync.parcel import Kind, Load, Outcome, is_whole
from sync.portals import kiosk_sync_decode, kiosk_sync_encode, usb_files
from sync.portals.usb_files import Sender

log = logging.getLogger(__name__)

BATCH = 50
MOST = 500
_BYTES = 4 << 20
KINDS: tuple[Kind, ...] = ("submission", "event")
_NAMES = {"submission": ("submissions", "submissionId"), "event": ("events", "eventId")}


@dataclass(frozen=True)
class Tally:
    """What was carried out or back: forms, acts of the desk, and what could not be read (out) or was refused (back)."""

    forms: int = 0
    acts: int = 0
    bad: int = 0
    files: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.forms + other.forms, self.acts + other.acts, self.bad + other.bad, self.files + other.files)


@dataclass(frozen=True)
class Way:
    """How a kiosk carries out: who it is, what its parcels are called before a number, and who lays a file down.

    ``name`` begins with the time, so that files stand in order, and is never used again.
    """

    sender: Sender
    name: str
    lay: Callable[[str, bytes], object]


def carry_out(store: Store, pack: Pack, way: Way, now: datetime, tell: Callable[[Tally], None]) -> Tally:
    """Copy everything that is open into parcels, forms before acts; what ``way.lay`` raises ends it.

    ``tell`` hears after each file how far it has come; what was told is whole where it lies.
    """
    whole, loads, size = Tally(), list[Load](), 0
    for load in _open(store, pack):
        if load is None:
            whole += Tally(bad=1)
            continue
        if loads and (len(loads) == MOST or size + len(load.body) > _BYTES):
            whole += _write(store, way, whole.files + 1, loads, now)
            tell(whole)
            loads, size = [], 0
        loads.append(load)
        size += len(load.body)
    if loads:
        whole += _write(store, way, whole.files + 1, loads, now)
        tell(whole)
    return whole


def _open(store: Store, pack: Pack) -> Iterator[Load | None]:
    """Open one after another what may leave, forms first; None for what cannot be read."""
    for kind in KINDS:
        after = 0
        while True:
            with store.read() as db:
                rows = outbox.to_carry(db, kind, after, BATCH)
            if not rows:
                break
            for after, subject in rows:  # noqa: B007 - the place behind which the next rows lie
                load = pack(subject)
                yield load if load is not None and is_whole(load) else None


def _write(store: Store, way: Way, number: int, loads: Sequence[Load], now: datetime) -> Tally:
    parcel_id = f"{way.name}-{number:03d}"
    with store.write() as db:
        for load in loads:
            outbox.carry(db, load.subject, load.digest, parcel_id, now)
        loads = [outbox.tell_gone(db, load) for load in loads]
    groups = [[load for load in loads if load.subject.kind == kind] for kind in KINDS]
    batches = [
        kiosk_sync_encode.batch(group[start : start + BATCH])
        for group in groups
        for start in range(0, len(group), BATCH)
    ]
    content = usb_files.seal_parcel(way.sender, parcel_id, now, batches)
    way.lay(usb_files.name_of(usb_files.read_head(content, usb_files.PARCEL)), content)
    log.info("carried out", extra={"count": len(loads), "bytes": len(content)})
    return Tally(len(groups[0]), len(groups[1]), files=1)


def carry_back(store: Store, settle: Settle, content: bytes, sender: Sender, now: datetime) -> Tally:
    """Settle what an answer speaks of, in one write. Raises BadFile when it is none to this kiosk's parcels."""
    head, said = usb_files.open_answer(content, sender.answer_key)
    try:
        epoch, told = str(said["epoch"]), _outcomes(said["batches"])
    except (KeyError, TypeError, AttributeError, Unsure) as error:
        raise BadFile("not-json") from error
    tally = Tally(files=1)
    with store.write() as db:
        for carried in outbox.carried(db, head.parcel_id):
            outcome = told[carried.subject.kind].get(carried.subject.id)
            if outcome is not None:
                tally += _settled(db, settle, carried, outcome, epoch, now)
        # Acts cannot be asked about: those that were acknowledged behind the last form go by line once more.
        link.ask_audit(db, is_doubted=True)
    log.info("carried back", extra={"count": tally.forms + tally.acts, "refused": tally.bad})
    return tally


def _outcomes(batches: Sequence[dict[str, Any]]) -> dict[Kind, dict[str, Outcome]]:
    told: dict[Kind, dict[str, Outcome]] = {kind: {} for kind in KINDS}
    for one in batches:
        for kind in KINDS:
            group, name = _NAMES[kind]
            if group in one:
                told[kind] |= kiosk_sync_decode.outcomes({"results": one[group]}, name)
    return told


def _settled(db: Database, settle: Settle, carried: Carried, outcome: Outcome, epoch: str, now: datetime) -> Tally:
    subject, receipt = carried.subject, outcome.receipt
    if outcome.is_refused:
        outbox.refuse(db, subject, "record", outcome.kind, now)
        settle(db, subject, outcome)
        return Tally(bad=1)
    is_about = subject.kind == "event" or (receipt is not None and receipt.digest == carried.digest)
    if not outcome.is_taken:
        outbox.again(db, subject, Again("todo", 0, 0.0, "later", outcome.kind), now)
        return Tally()
    if not is_about:
        return Tally()
    outbox.finish(db, subject, now, is_created=outcome.kind == "created")
    file_outbox.want(db, receipt.missing_files if receipt else ())
    # Of another epoch than the line's latest word it may be older than that: then the line tells how it stands.
    is_stale = carried.epoch not in (None, epoch)
    if receipt is not None and (is_stale or not outbox.is_newer(db, receipt, epoch)):
        outcome = Outcome(outcome.kind)
    settle(db, subject, outcome)
    return Tally(1) if subject.kind == "submission" else Tally(acts=1)
