"""Carrying by hand what the line does not: parcels onto a stick, and the gateway's answers back from it.

What is carried is a copy: the outbox keeps everything and goes on trying the line, which answers ``duplicate`` to what
came by hand. But from the first byte on a subject may be at the gateway, so it is ``unknown`` **before** its file is
written. An answer settles only what was carried in that very parcel and is still open; afterwards everything
delivered is asked about by line, once there is one, because nobody knows how old an answer is.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from sync import files, link, outbox
from sync.engine import Pack, Settle
from sync.errors import BadFile, Unsure
from sync.link import Store
from sync.outbox import Again, Carried
from sync.parcel import Kind, Load, Outcome, is_whole
from sync.portals import folder, reading, writing
from sync.portals.folder import Sender

log = logging.getLogger(__name__)

BATCH = 50
BATCHES = 10
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
    """How a kiosk writes onto a stick: who it is, where to, and what its parcels are called, before a number.

    ``name`` begins with the time, so that files stand in order, and is never used again.
    """

    sender: Sender
    place: Path
    name: str


def carry_out(store: Store, pack: Pack, way: Way, now: datetime, tell: Callable[[Tally], None]) -> Tally:
    """Copy everything that is open onto the stick, forms before acts; OSError when the stick fails.

    ``tell`` hears after each file how far it has come; what was told is whole on the stick.
    """
    whole = Tally()
    for kind in KINDS:
        after = 0
        while True:
            after, loads, bad = _gathered(store, pack, kind, after)
            if loads:
                _write(store, way, f"{way.name}-{whole.files + 1:03d}", loads, now)
                whole += Tally(len(loads), files=1) if kind == "submission" else Tally(acts=len(loads), files=1)
            whole += Tally(bad=bad)
            if not loads and not bad:
                break
            tell(whole)
    return whole


def _gathered(store: Store, pack: Pack, kind: Kind, after: int) -> tuple[int, list[Load], int]:
    """Open what goes into one file, behind a place in the outbox; what cannot be read is counted and left out."""
    loads: list[Load] = []
    bad = size = 0
    with store.read() as db:
        rows = outbox.to_carry(db, kind, after, BATCH * BATCHES)
    for no, subject in rows:
        load = pack(subject)
        after = no
        if load is None or not is_whole(load):
            bad += 1
            continue
        loads.append(load)
        size += len(load.body)
        if size > _BYTES:
            break
    return after, loads, bad


def _write(store: Store, way: Way, parcel_id: str, loads: Sequence[Load], now: datetime) -> None:
    with store.write() as db:
        for load in loads:
            outbox.carry(db, load.subject, load.digest, parcel_id, now)
    batches = [writing.batch(loads[start : start + BATCH]) for start in range(0, len(loads), BATCH)]
    content = folder.seal_parcel(way.sender, parcel_id, now, batches)
    name = folder.name_of(folder.read_head(content, folder.PARCEL))
    folder.lay_down(way.place, name, content)
    log.info("carried out", extra={"count": len(loads), "bytes": len(content)})


def carry_back(store: Store, settle: Settle, content: bytes, sender: Sender, now: datetime) -> Tally:
    """Settle what an answer speaks of, in one write. Raises BadFile when it is none to this kiosk's parcels."""
    head, said = folder.open_answer(content, sender.answer_key)
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
        link.ask_audit(db)
    log.info("carried back", extra={"count": tally.forms + tally.acts, "refused": tally.bad})
    return tally


def _outcomes(batches: Sequence[dict[str, Any]]) -> dict[Kind, dict[str, Outcome]]:
    told: dict[Kind, dict[str, Outcome]] = {kind: {} for kind in KINDS}
    for one in batches:
        for kind in KINDS:
            group, name = _NAMES[kind]
            if group in one:
                told[kind] |= reading.outcomes({"results": one[group]}, name)
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
    files.want(db, receipt.missing_files if receipt else ())
    if receipt is not None and not outbox.is_newer(db, receipt, epoch):
        outcome = Outcome(outcome.kind)
    settle(db, subject, outcome)
    return Tally(1) if subject.kind == "submission" else Tally(acts=1)
