"""Forwarding of accepted dossiers to the forward target: which are due, the result of each attempt, the rate.

Only a dossier that the desk has accepted is forwarded, in its latest revision: officers correct most forms, and a
second dossier for each correction must not exist. The dossier is that of the accepted submission, found by its id and
never by its receipt number. `sending` is committed before the target is asked; when its lease ends the dossier is due
again, because the ledger (`forward_run`) says which steps it has done. A dossier waits up to `FILE_WAIT` for its files;
then it is forwarded without them, and again when they have arrived. One meter for all processes limits the rate; each
"later" pauses it for longer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, case, exists, func, insert, select, true, update

from sync.encoding import timestamp
from sync.gateway import (
    desk_decisions,
    documents,
    forward_steps,
    kiosks,
    receipt_numbers,
    sealing,
    status_changes,
    submissions,
)
from sync.gateway.forward_targets import DocumentFile, Dossier, ForwardAnswer
from sync.gateway.tables import attempts, forwards, meter
from sync.gateway.tables import forward_steps as forward_steps_table
from sync.gateway.tables import submissions as submissions_table
from sync.gateway.wards import ALL, Wards

HandFiling = Literal["filed", "no-number", "taken", "not-now"]
MAX_OFFICIAL_NO = 60
FINAL_EVENTS = {"withdrawn", "refused", "stopped"}
LATER_EVENTS = FINAL_EVENTS | {"supplement", "extended", "handed_out", "numbered"}
"""Kinds of desk events after an acceptance that change the steps of a dossier."""
BY_HAND = "by-hand"
"""Value of `waits_for` of a dossier that a person has filed at the other side: it is never forwarded by itself."""
FILE_WAIT = timedelta(hours=1)
"""The longest wait of an accepted dossier for missing files."""
FIRST_READ = timedelta(minutes=1)
"""Time after which the system is asked for the state of a dossier that it has taken."""


@dataclass(frozen=True)
class ForwardPace:
    """Rate, lease and back-off of forwarding, in seconds.

    Attributes:
        interval: between two dossiers of all processes together.
        lease: how long an attempt may take.
        first: before the second attempt for a dossier; doubles with each one.
        longest: the longest wait before an attempt.
        slow_first: pause for all dossiers after a "later"; doubles with each one in a row.
        slow_longest: the longest pause.
        read_interval: between two questions of one process for states.
        read_pause: without such questions after one that the system did not answer.
    """

    interval: float = 0.2
    lease: float = 120.0
    first: float = 30.0
    longest: float = 3600.0
    slow_first: float = 5.0
    slow_longest: float = 300.0
    read_interval: float = 0.5
    read_pause: float = 300.0

    def retry_delay(self, tries: int) -> float:
        """Return the wait of a dossier after so many attempts, in seconds."""
        return float(min(self.first * 2 ** min(tries - 1, 20), self.longest))

    def pause_seconds(self, times: int) -> float:
        """Return the pause for all dossiers after so many "later" in a row, in seconds."""
        return float(min(self.slow_first * 2 ** min(times - 1, 20), self.slow_longest))


@dataclass(frozen=True)
class ForwardAttempt:
    """One attempt to forward a dossier, and the target's answer."""

    dossier: Dossier
    answer: ForwardAnswer
    began: datetime
    ended: datetime


def on_desk_event(db: Connection, submission: Row[Any], kind: str, now: datetime) -> None:
    """Start, restart or drop forwarding after an event of the desk; the kiosk's row is locked."""
    row = find_forward(db, submission.kiosk_id, submission.receipt_no)
    if kind == "accepted" and row is None:
        db.execute(
            insert(forwards).values(
                kiosk_id=submission.kiosk_id,
                receipt_no=submission.receipt_no,
                state="due",
                tries=0,
                due_at=_due_at(db, kiosk_id=submission.kiosk_id, receipt_no=submission.receipt_no, now=now),
                accepted_id=submission.submission_id,
                accepted_at=timestamp(now),
            )
        )
    elif kind == "accepted" and row is not None:
        _accept_again(db, row, submission.submission_id, now)
    elif row is not None and kind in LATER_EVENTS:
        _decide_later(db, row, kind, now)


def _decide_later(db: Connection, row: Row[Any], kind: str, now: datetime) -> None:
    """Plan a dossier again that is done or waits for something, and drop one that the desk closed before its turn."""
    if row.state == "due" and kind in FINAL_EVENTS and not _has_begun(db, row):
        _update(db, row, state="dropped")
    elif row.state == "done" or (row.state == "due" and row.waits_for):
        _update(db, row, state="due", due_at=timestamp(now), tries=0, waits_for="")


def _has_begun(db: Connection, row: Row[Any]) -> bool:
    """Return whether a step of a dossier may have reached the system."""
    return bool(forward_steps.list_steps(db, row.kiosk_id, row.receipt_no))


def _is_closed_unsent(db: Connection, row: Row[Any]) -> bool:
    """Return whether the desk has closed a dossier, during an attempt that has sent nothing."""
    decisions = desk_decisions.list_decisions(db, row.kiosk_id, row.receipt_no)
    if not decisions or _has_begun(db, row):
        return False
    last = decisions[-1]
    is_reopened = last.kind == "reopened" and last.status_code != desk_decisions.STATUS_CODES["accepted"]
    return is_reopened or last.kind in FINAL_EVENTS


def _accept_again(db: Connection, row: Row[Any], accepted_id: str, now: datetime) -> None:
    if row.waits_for == BY_HAND:
        return
    if row.state == "sending":
        _update(db, row, accepted_id=accepted_id, accepted_at=timestamp(now))
    elif row.state != "done" or _is_outdated(db, accepted_id=accepted_id, forwarded_id=row.submission_id):
        due_at = _due_at(db, kiosk_id=row.kiosk_id, receipt_no=row.receipt_no, now=now)
        _update(
            db,
            row,
            state="due",
            due_at=due_at,
            accepted_id=accepted_id,
            accepted_at=timestamp(now),
            tries=0,
            waits_for="",
        )


def _due_at(db: Connection, kiosk_id: str, receipt_no: str, now: datetime) -> str:
    """Return when a dossier is due: now, or after `FILE_WAIT` while files of it are missing."""
    is_incomplete = documents.missing_files(db, kiosk_id, [receipt_no])
    return timestamp(now + FILE_WAIT if is_incomplete else now)


def on_files_complete(db: Connection, kiosk_id: str, receipts: Iterable[str], now: datetime) -> None:
    """Make dossiers due that waited for their last file or whose files changed; the kiosk's row is locked."""
    missing = documents.missing_files(db, kiosk_id, list(receipts))
    for receipt_no in receipts:
        row = find_forward(db, kiosk_id, receipt_no)
        if row is None or receipt_no in missing:
            continue
        if row.state == "done" or (row.state == "due" and row.tries == 0):
            _update(db, row, state="due", due_at=timestamp(now), tries=0)


def ensure_meter(db: Connection, now: datetime) -> None:
    """Add the row of the meter if it is missing."""
    if db.execute(select(meter.c.id)).first() is None:
        db.execute(insert(meter).values(id=1, next_at=timestamp(now), slow_tries=0))


def claim_due(db: Connection, now: datetime, pace: ForwardPace) -> Dossier | None:
    """Claim the next due dossier for this process; None when none is due or the meter allows none now."""
    row = lock_due(db, now)
    if row is None or not _pass_meter(db, now, pace):
        return None
    submission = submissions.find_latest(db, row.accepted_id)
    if submission is None or submission.body == sealing.DELETED:
        _update(db, row, state="dropped")
        return None
    tries = row.tries + 1
    lease_ends = timestamp(now + timedelta(seconds=pace.lease))
    lease_no = row.lease_no + 1
    _update(db, row, state="sending", due_at=lease_ends, tries=tries, lease_no=lease_no, waits_for="")
    return Dossier(
        kiosk_id=row.kiosk_id,
        receipt_no=row.receipt_no,
        submission_id=submission.submission_id,
        form_revision=submission.form_revision,
        unit_code=submission.unit_code,
        procedure_code=submission.procedure_code,
        digest=submission.digest,
        body=sealing.sealer(db).open(sealing.BODY, submission.submission_id, submission.body),
        accepted_at=row.accepted_at,
        tries=tries,
        lease_no=lease_no,
        status_code=submission.status_code,
        official_no=submission.official_no,
        is_number_taken=bool(submission.official_no)
        and is_number_of_other(db, submission.official_no, submission.dossier_id),
        due_at=submission.due_at,
        documents=_complete_documents(db, row.kiosk_id, row.receipt_no),
        removed=documents.removed_items(db, row.kiosk_id, row.receipt_no),
        decisions=desk_decisions.list_decisions(db, row.kiosk_id, row.receipt_no),
    )


def _complete_documents(db: Connection, kiosk_id: str, receipt_no: str) -> tuple[DocumentFile, ...]:
    return tuple(
        DocumentFile(
            item_id=document.item_id,
            document_code=document.document_code,
            name=document.name,
            sha256=document.sha256,
            size=document.size,
            media_type=document.media_type,
        )
        for document in documents.list_documents(db, kiosk_id, receipt_no)
        if document.is_here
    )


def lock_due(db: Connection, now: datetime) -> Row[Any] | None:
    """Return the next due dossier and lock it; dossiers that another process has locked are skipped.

    One that waited for what is missing comes after all others: thousands of them are asked again each hour.
    """
    is_due = forwards.c.state.in_(("due", "sending")) & (forwards.c.due_at <= timestamp(now))
    has_waited = case((forwards.c.waits_for == "", 0), else_=1)
    first_due = select(forwards).where(is_due).order_by(has_waited, forwards.c.due_at, forwards.c.receipt_no)
    return db.execute(first_due.limit(1).with_for_update(skip_locked=True)).one_or_none()


def record_attempt(db: Connection, attempt: ForwardAttempt, pace: ForwardPace) -> None:
    """Store an attempt, and update the dossier, the meter and the official number by its answer.

    An answer that arrives after the lease ended counts only when it is `taken`: another attempt has begun since.
    """
    dossier = attempt.dossier
    answer = attempt.answer
    kiosks.lock_kiosk(db, dossier.kiosk_id)
    _insert_attempt(db, attempt)
    receipt_numbers.touch(db, dossier.kiosk_id, [dossier.receipt_no], attempt.ended)
    row = find_forward(db, dossier.kiosk_id, dossier.receipt_no)
    is_current = row is not None and row.state == "sending" and row.lease_no == dossier.lease_no
    if row is None or not (is_current or answer.outcome == "taken"):
        return
    if answer.outcome == "taken":
        _record_taken(db, row, attempt)
    elif _is_closed_unsent(db, row):
        _update(db, row, state="dropped")
    elif answer.outcome == "refused" and (row.accepted_at != dossier.accepted_at or _has_changed(db, row, dossier)):
        _update(db, row, state="due", due_at=timestamp(attempt.ended), tries=0)  # what is new has not been tried
    elif answer.outcome == "refused":
        _update(db, row, state="refused", submission_id=dossier.submission_id, form_revision=dossier.form_revision)
    else:
        seconds = max(answer.retry_after or 0.0, pace.retry_delay(dossier.tries))
        _update(db, row, state="due", due_at=timestamp(attempt.ended + timedelta(seconds=seconds)))
    _update_meter(db, answer=answer, now=attempt.ended, pace=pace)


def record_wait(db: Connection, dossier: Dossier, waits_for: str, now: datetime, pace: ForwardPace) -> None:
    """Let a dossier wait for what is missing; it delays no other one and is asked again after the longest wait."""
    row = find_forward(db, dossier.kiosk_id, dossier.receipt_no)
    if row is not None and row.state == "sending" and row.lease_no == dossier.lease_no:
        if _is_closed_unsent(db, row):
            _update(db, row, state="dropped")
        else:
            # What the desk decided meanwhile may be what it waits for.
            seconds = 0.0 if _has_changed(db, row, dossier) else pace.longest
            due_at = timestamp(now + timedelta(seconds=seconds))
            _update(db, row, state="due", due_at=due_at, tries=row.tries - 1, waits_for=waits_for)
        # Nothing was sent, so the next one has its turn; a pause after a slow answer stays.
        own_turn = meter.c.next_at <= timestamp(now + timedelta(seconds=pace.interval))
        db.execute(update(meter).where(own_turn).values(next_at=timestamp(now)))


def redeliver(db: Connection, kiosk_id: str, receipt_no: str, now: datetime) -> bool:
    """Make a dossier due at once, and let each of its steps be verified.

    Returns:
        False when it was never accepted, is being sent, was filed by hand, or has lost its content.
    """
    row = find_forward(db, kiosk_id, receipt_no)
    if row is None or row.state == "sending" or row.waits_for == BY_HAND:
        return False
    latest = submissions.find_latest(db, row.accepted_id)
    if latest is None or latest.body == sealing.DELETED:
        return False
    forward_steps.reopen(db, kiosk_id, receipt_no)
    _update(db, row, state="due", due_at=timestamp(now), tries=0, waits_for="")
    return True


def file_by_hand(db: Connection, submission: Row[Any], official_no: str, now: datetime) -> HandFiling:
    """Record that a person has filed a dossier at the other side; the machine forwards it no more.

    Args:
        db: the store, inside a transaction.
        submission: any submission of the dossier.
        official_no: the number that the other side gave, at most 60 characters without blanks.
        now: the time.
    """
    if not official_no or len(official_no) > MAX_OFFICIAL_NO or official_no != "".join(official_no.split()):
        return "no-number"
    if is_number_of_other(db, official_no, submission.dossier_id):
        return "taken"
    row = find_forward(db, submission.kiosk_id, submission.receipt_no)
    if row is None or row.state == "sending":
        return "not-now"
    _update(db, row, state="dropped", waits_for=BY_HAND, states_due_at=timestamp(now))
    latest = submissions.find_latest(db, row.accepted_id)
    if latest is not None and latest.official_no != official_no:
        status_changes.set_status(db, latest, now, official_no=official_no)
    return "filed"


def is_number_of_other(db: Connection, official_no: str, dossier_id: str) -> bool:
    """Return whether another dossier has an official number."""
    columns = submissions_table.c
    is_other = (columns.official_no == official_no) & (columns.dossier_id != dossier_id)
    return db.execute(select(columns.submission_id).where(is_other).limit(1)).first() is not None


def find_forward(db: Connection, kiosk_id: str, receipt_no: str) -> Row[Any] | None:
    """Return and lock the forwarding state of a receipt number; None when it was never accepted."""
    return db.execute(select(forwards).where(_is_receipt(kiosk_id, receipt_no)).with_for_update()).one_or_none()


def list_attempts(db: Connection, kiosk_id: str, receipt_no: str) -> list[Row[Any]]:
    """Return all attempts for a receipt number, oldest first."""
    of_receipt = (attempts.c.kiosk_id == kiosk_id) & (attempts.c.receipt_no == receipt_no)
    return list(db.execute(select(attempts).where(of_receipt).order_by(attempts.c.no)))


def count_by_state(db: Connection, wards: Wards = ALL) -> dict[str, int]:
    """Return the number of dossiers of some wards in each state."""
    counts = dict.fromkeys(("due", "sending", "done", "refused", "dropped"), 0)
    counting = select(forwards.c.state, func.count()).where(_is_seen(wards))
    for state, count in db.execute(counting.group_by(forwards.c.state)):
        counts[state] = count
    return counts


def count_unmapped(db: Connection, wards: Wards = ALL) -> list[Row[Any]]:
    """Return units and procedures that the mapping lacks, with the number of dossiers that wait: most first."""
    code = case(
        (forwards.c.waits_for == "unit", submissions_table.c.unit_code), else_=submissions_table.c.procedure_code
    ).label("code")
    count = func.count().label("dossiers")
    joined = forwards.join(submissions_table, submissions_table.c.submission_id == forwards.c.accepted_id)
    lacks_row = forwards.c.waits_for.in_(("unit", "procedure")) & (forwards.c.state == "due")
    rows = select(forwards.c.waits_for, code, count).select_from(joined).where(lacks_row & _is_seen(wards))
    return list(db.execute(rows.group_by(forwards.c.waits_for, code).order_by(count.desc(), code)))


def oldest_open(db: Connection, wards: Wards = ALL) -> str | None:
    """Return when the oldest dossier of some wards that is still to be sent was accepted, UTC text; None without one.

    One that lacks a number or a row of the mapping is not late by a fault: it is listed with what it waits for.
    """
    is_open = forwards.c.state.in_(("due", "sending")) & (forwards.c.waits_for == "")
    is_seen = _is_seen(wards)
    accepted_at: str | None = db.execute(select(func.min(forwards.c.accepted_at)).where(is_open & is_seen)).scalar()
    return accepted_at


def _is_seen(wards: Wards) -> ColumnElement[bool]:
    """Return the condition that a dossier is of some wards: of the unit of its form, wherever its kiosk is now."""
    if not wards.is_limited:
        return true()
    of_form = submissions_table.c.submission_id == forwards.c.accepted_id
    return exists().where(of_form & wards.of_units(submissions_table.c.unit_code))


def list_open(db: Connection, limit: int, wards: Wards = ALL) -> list[Row[Any]]:
    """Return what is not done of some wards, with latest attempt and step: refused ones first, then the oldest."""
    attempt = attempts.alias()
    of_dossier = (attempt.c.kiosk_id == forwards.c.kiosk_id) & (attempt.c.receipt_no == forwards.c.receipt_no)
    latest = select(func.max(attempt.c.no)).where(of_dossier).correlate(forwards).scalar_subquery()
    step = forward_steps_table.alias()
    of_receipt = (step.c.kiosk_id == forwards.c.kiosk_id) & (step.c.receipt_no == forwards.c.receipt_no)
    latest_step = select(func.max(step.c.no)).where(of_receipt).correlate(forwards).scalar_subquery()
    columns = select(
        forwards,
        attempts.c.outcome,
        attempts.c.code,
        attempts.c.began_at,
        forward_steps_table.c.kind,
        forward_steps_table.c.words,
    )
    with_attempt = columns.select_from(forwards).outerjoin(attempts, attempts.c.no == latest)
    joined = with_attempt.outerjoin(forward_steps_table, forward_steps_table.c.no == latest_step)
    is_open = forwards.c.state.in_(("due", "sending", "refused"))
    is_seen = _is_seen(wards)
    order = joined.where(is_open & is_seen).order_by(forwards.c.state.desc(), forwards.c.accepted_at)
    return list(db.execute(order.limit(limit)))


def _record_taken(db: Connection, row: Row[Any], attempt: ForwardAttempt) -> None:
    """Mark a dossier as done, or due again when a newer revision or other files were accepted meanwhile."""
    dossier = attempt.dossier
    was_accepted_again = row.accepted_at != dossier.accepted_at
    is_outdated = was_accepted_again and _is_outdated(
        db, accepted_id=row.accepted_id, forwarded_id=dossier.submission_id
    )
    is_outdated = is_outdated or _has_changed(db, row, dossier)
    _update(
        db,
        row,
        state="due" if is_outdated else "done",
        due_at=timestamp(attempt.ended) if is_outdated else row.due_at,
        states_due_at=timestamp(attempt.ended + FIRST_READ),
        submission_id=dossier.submission_id,
        form_revision=dossier.form_revision,
    )
    is_submission = submissions_table.c.submission_id == dossier.submission_id
    submission = db.execute(select(submissions_table).where(is_submission)).one()
    official_no = attempt.answer.official_no
    if official_no and submission.official_no != official_no:
        status_changes.set_status(db, submission, attempt.ended, official_no=official_no)


def _has_changed(db: Connection, row: Row[Any], dossier: Dossier) -> bool:
    """Return whether files, number, due day or decisions have changed since a dossier was claimed."""
    submission = submissions.find_latest(db, row.accepted_id)
    return (
        _complete_documents(db, row.kiosk_id, row.receipt_no) != dossier.documents
        or desk_decisions.list_decisions(db, row.kiosk_id, row.receipt_no) != dossier.decisions
        or submission is None
        or (submission.official_no, submission.due_at) != (dossier.official_no, dossier.due_at)
    )


def _insert_attempt(db: Connection, attempt: ForwardAttempt) -> None:
    db.execute(
        insert(attempts).values(
            kiosk_id=attempt.dossier.kiosk_id,
            receipt_no=attempt.dossier.receipt_no,
            submission_id=attempt.dossier.submission_id,
            began_at=timestamp(attempt.began),
            seconds=(attempt.ended - attempt.began).total_seconds(),
            outcome=attempt.answer.outcome,
            code=attempt.answer.code[:60],
        )
    )


def _update_meter(db: Connection, answer: ForwardAnswer, now: datetime, pace: ForwardPace) -> None:
    """Pause the meter after a "later", and reset its back-off after any other answer."""
    if answer.outcome != "later":
        db.execute(update(meter).where(meter.c.slow_tries > 0).values(slow_tries=0))
        return
    times = db.execute(select(meter.c.slow_tries).with_for_update()).scalar_one() + 1
    seconds = max(answer.retry_after or 0.0, pace.pause_seconds(times))
    db.execute(update(meter).values(slow_tries=times, next_at=timestamp(now + timedelta(seconds=seconds))))


def _pass_meter(db: Connection, now: datetime, pace: ForwardPace) -> bool:
    """Return whether the meter allows a dossier now, and close it for the interval."""
    next_at = timestamp(now + timedelta(seconds=pace.interval))
    return db.execute(update(meter).where(meter.c.next_at <= timestamp(now)).values(next_at=next_at)).rowcount == 1


def _is_outdated(db: Connection, accepted_id: str, forwarded_id: str | None) -> bool:
    """Return whether another submission than the forwarded one is the latest of the accepted dossier."""
    latest = submissions.find_latest(db, accepted_id)
    return latest is not None and latest.submission_id != forwarded_id


def _is_receipt(kiosk_id: str, receipt_no: str) -> Any:
    return (forwards.c.kiosk_id == kiosk_id) & (forwards.c.receipt_no == receipt_no)


def _update(db: Connection, row: Row[Any], **values: object) -> None:
    db.execute(update(forwards).where(_is_receipt(row.kiosk_id, row.receipt_no)).values(**values))
