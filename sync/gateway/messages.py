"""Ledger of messages: one row for each occasion of a dossier, sent at most once.

`sending` is committed before the provider is asked. A message whose answer was lost, or whose process was killed, is
asked for by its tracking id. Where the provider cannot tell, it ends as `unsure`: rather untold than told twice. A
newer message of a dossier replaces those that still wait. What the desk did before this store began (`epochs`) is told
to nobody: a restored store does not know what was sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from sync.encoding import sha256_hex, timestamp
from sync.gateway import kiosk_reports, kiosks, message_consents
from sync.gateway.message_hours import next_open, words_of_day
from sync.gateway.message_port import WITH_DAY, MessagePresence, Occasion, OutgoingMessage, SendResult
from sync.gateway.message_tables import messages
from sync.gateway.tables import epochs

LEASE = timedelta(minutes=2)
SEND_MARGIN = timedelta(minutes=1)
"""A process sends only while so much of its lease is left: more than a message's requests take."""
MAX_AGE = timedelta(days=7)
"""Older news are told to nobody."""
FIRST_PAUSE = 60.0
LONGEST_PAUSE = 3600.0
STATES = ("due", "sending", "sent", "refused", "unsure", "dropped")
_BY_KIND: Mapping[str, Occasion] = {"accepted": "received", "supplement": "paper-missing", "extended": "new-day"}
_REPEATED = ("paper-missing", "new-day")
"""Occasions that a dossier can have again; the others are told once, also after a decision was taken back."""
_CLOSING = ("refused", "stopped", "withdrawn", "handed_out", "reopened")
"""Kinds of events after which what waits is not true any more."""
_CLOSED_CODES = (3, 7, 8, 10)
_READY_CODE = 9


@dataclass(frozen=True, kw_only=True)
class PlannedMessage:
    """An occasion of a dossier.

    Attributes:
        occasion: why a message is sent.
        at: time of what it tells.
        due_at: the day of the result; RFC 3339.
        event_seq: the number of the event, which tells two requests for papers apart; 0 for what is told once.
    """

    occasion: Occasion
    at: datetime
    due_at: str | None
    event_seq: int


@dataclass(frozen=True, kw_only=True)
class ClaimedMessage:
    """A message that this process has claimed.

    Attributes:
        message: what is sent.
        sender: name of the sender.
        no: its number in the ledger.
        tries: attempts, this one included.
        lease_no: number of the claim.
        lease_ends: when another process may claim it.
        has_begun: an attempt was begun before, whose result is not known: the provider is asked first.
    """

    message: OutgoingMessage
    sender: str
    no: int
    tries: int
    lease_no: int
    lease_ends: datetime
    has_begun: bool


def on_desk_event(db: Connection, submission: Row[Any], event: Mapping[str, Any], now: datetime) -> None:
    """Plan or drop messages after an event of the desk."""
    kind = event["kind"]
    if kind == "messages" and message_consents.apply_event(db, submission.kiosk_id, submission.receipt_no, event):
        _drop_due(db, submission, "ended", now)
    if kind in _CLOSING:
        _drop_due(db, submission, "closed", now)
    occasion = _BY_KIND.get(kind)
    if occasion is not None:
        due_at = event.get("dueAt") or submission.due_at
        seq = event["seq"] if occasion in _REPEATED else 0
        at = datetime.fromisoformat(event["at"])
        _plan(db, submission, PlannedMessage(occasion=occasion, at=at, due_at=due_at, event_seq=seq), now)


def on_status(db: Connection, submission: Row[Any], status_code: int, now: datetime) -> None:
    """Plan the message that the result is ready, or drop what waits for a closed dossier."""
    if status_code in _CLOSED_CODES:
        _drop_due(db, submission, "closed", now)
    if status_code == _READY_CODE:
        _plan(db, submission, PlannedMessage(occasion="result-ready", at=now, due_at=None, event_seq=0), now)


def _plan(db: Connection, submission: Row[Any], planned: PlannedMessage, now: datetime) -> None:
    """Plan a message if its dossier agreed to the occasion and has no such message; the kiosk's row is locked."""
    consent = message_consents.find_consent(db, submission.kiosk_id, submission.receipt_no)
    if consent is None or planned.occasion not in consent.occasions:
        return
    is_occasion = (messages.c.occasion == planned.occasion) & (messages.c.event_seq == planned.event_seq)
    same = _is_of(submission) & is_occasion
    if db.execute(select(messages.c.no).where(same)).first() is not None:
        return
    is_restored = timestamp(planned.at) < db.execute(select(epochs.c.begun_at)).scalar_one()
    day = planned.due_at if planned.occasion in WITH_DAY else None
    _drop_due(db, submission, "replaced", now)
    db.execute(
        insert(messages).values(
            kiosk_id=submission.kiosk_id,
            receipt_no=submission.receipt_no,
            occasion=planned.occasion,
            event_seq=planned.event_seq,
            day=words_of_day(datetime.fromisoformat(day)) if day else "",
            state="unsure" if is_restored else "due",
            code="restored" if is_restored else "",
            tries=0,
            lease_no=0,
            planned_at=timestamp(planned.at),
            due_at=timestamp(now),
            sender="",
            changed_at=timestamp(now),
        )
    )


def end_messages(db: Connection, dossier: Row[Any], now: datetime) -> None:
    """End the messages of a dossier (a row with `kiosk_id` and `receipt_no`), as its citizen asks on the status page.

    The kiosk's row is locked, so that no event plans a message meanwhile.
    """
    kiosks.lock_kiosk(db, dossier.kiosk_id)
    message_consents.end_consent(db, dossier.kiosk_id, dossier.receipt_no, now)
    _drop_due(db, dossier, "ended", now)


def claim_due(db: Connection, senders: Sequence[str], now: datetime) -> ClaimedMessage | None:
    """Claim the next due message for this process; None when none is due in the hours of its ward.

    The first sender has it, or the one that it was handed to because the one before never reaches its phone.
    """
    while (row := _lock_due(db, now)) is not None:
        claimed = _claim(db, row, row.sender if row.sender in senders else senders[0], now)
        if claimed is not None:
            return claimed
    return None


def _lock_due(db: Connection, now: datetime) -> Row[Any] | None:
    is_due = messages.c.state.in_(("due", "sending")) & (messages.c.due_at <= timestamp(now))
    first = select(messages).where(is_due).order_by(messages.c.due_at, messages.c.no).limit(1)
    return db.execute(first.with_for_update(skip_locked=True)).one_or_none()


def _claim(db: Connection, row: Row[Any], sender: str, now: datetime) -> ClaimedMessage | None:
    """Claim a locked message; end or delay one that may not be sent now."""
    has_begun = row.state == "sending"
    consent = message_consents.find_consent(db, row.kiosk_id, row.receipt_no)
    planned_at = datetime.fromisoformat(row.planned_at)
    is_restored = row.planned_at < db.execute(select(epochs.c.begun_at)).scalar_one()
    if is_restored or (has_begun and (row.sender != sender or consent is None)):
        _update(db, row.no, now, state="unsure", code="restored" if is_restored else "sender")
        return None
    if consent is None or now - planned_at > MAX_AGE:
        _update(db, row.no, now, state="unsure" if has_begun else "dropped", code="late" if consent else "consent")
        return None
    report = kiosk_reports.find_report(db, row.kiosk_id)
    opening = next_open(report.office if report else None, now)
    if opening > now and not has_begun:
        _update(db, row.no, now, due_at=timestamp(opening))
        return None
    lease_ends = now + LEASE
    tries = row.tries + 1
    lease_no = row.lease_no + 1
    _update(
        db, row.no, now, state="sending", due_at=timestamp(lease_ends), tries=tries, lease_no=lease_no, sender=sender
    )
    return ClaimedMessage(
        message=OutgoingMessage(
            tracking_id=_tracking_id(row),
            phone=consent.phone,
            occasion=row.occasion,
            receipt_no=row.receipt_no,
            day=row.day,
        ),
        sender=sender,
        no=row.no,
        tries=tries,
        lease_no=lease_no,
        lease_ends=lease_ends,
        has_begun=has_begun,
    )


def record_result(db: Connection, claimed: ClaimedMessage, result: SendResult, next_sender: str, now: datetime) -> None:
    """Store the result of sending; an unknown one is asked for at once, and `next_sender` gets what does not reach.

    An answer that comes after the lease has ended counts only when it is `accepted`.
    """
    if not _is_current(db, claimed) and result.outcome != "accepted":
        return
    if result.outcome == "accepted":
        _update(db, claimed.no, now, state="sent", code=result.code)
    elif result.outcome == "refused" and result.is_unreachable and next_sender:
        _update(db, claimed.no, now, state="due", due_at=timestamp(now), sender=next_sender, tries=0, code=result.code)
    elif result.outcome == "refused":
        _update(db, claimed.no, now, state="refused", code=result.code)
    elif result.outcome == "unknown":
        _update(db, claimed.no, now, due_at=timestamp(now), code=result.code)
    else:
        seconds = max(result.retry_after or 0.0, _pause(claimed.tries))
        _update(db, claimed.no, now, state="due", due_at=timestamp(now + timedelta(seconds=seconds)), code=result.code)


def record_presence(db: Connection, claimed: ClaimedMessage, presence: MessagePresence, now: datetime) -> None:
    """Store whether the provider has a message that was begun before; an absent one is due again."""
    if not _is_current(db, claimed):
        return
    if presence == "present":
        _update(db, claimed.no, now, state="sent", code="found")
    elif presence == "absent":
        _update(db, claimed.no, now, state="due", due_at=timestamp(now), code="absent")
    elif presence == "untraceable":
        _update(db, claimed.no, now, state="unsure", code="untraceable")
    else:
        due_at = timestamp(now + timedelta(seconds=_pause(claimed.tries)))
        _update(db, claimed.no, now, due_at=due_at, code=presence)


def drop_old(db: Connection, now: datetime) -> None:
    """End messages that are older than `MAX_AGE`; without a sender nobody claims them."""
    is_old = (messages.c.state == "due") & (messages.c.planned_at < timestamp(now - MAX_AGE))
    db.execute(update(messages).where(is_old).values(state="dropped", code="late", changed_at=timestamp(now)))


def delete_messages_content(db: Connection, kiosk_id: str, receipt_no: str) -> None:
    """Delete the number of a dossier and the days that were told; its messages stay, so that none is sent again."""
    message_consents.delete_number(db, kiosk_id, receipt_no)
    is_of = (messages.c.kiosk_id == kiosk_id) & (messages.c.receipt_no == receipt_no)
    db.execute(update(messages).where(is_of).values(day=""))


def count_by_state(db: Connection) -> dict[str, int]:
    """Return the number of messages in each state."""
    rows = db.execute(select(messages.c.state, func.count()).group_by(messages.c.state)).all()
    return dict.fromkeys(STATES, 0) | dict(map(tuple, rows))


def _drop_due(db: Connection, submission: Row[Any], code: str, now: datetime) -> None:
    is_waiting = _is_of(submission) & (messages.c.state == "due")
    db.execute(update(messages).where(is_waiting).values(state="dropped", code=code, changed_at=timestamp(now)))


def _is_current(db: Connection, claimed: ClaimedMessage) -> bool:
    """Return whether the claim still counts; the row is locked."""
    row = db.execute(select(messages).where(messages.c.no == claimed.no).with_for_update()).one()
    return bool(row.state == "sending" and row.lease_no == claimed.lease_no)


def _tracking_id(row: Row[Any]) -> str:
    """Return the same id at each attempt, also after a restore."""
    return sha256_hex(f"{row.kiosk_id} {row.receipt_no} {row.occasion} {row.event_seq}".encode())[:32]


def _pause(tries: int) -> float:
    return float(min(FIRST_PAUSE * 2 ** min(tries - 1, 20), LONGEST_PAUSE))


def _update(db: Connection, no: int, now: datetime, **values: object) -> None:
    db.execute(update(messages).where(messages.c.no == no).values(changed_at=timestamp(now), **values))


def _is_of(submission: Row[Any]) -> Any:
    return (messages.c.kiosk_id == submission.kiosk_id) & (messages.c.receipt_no == submission.receipt_no)
