"""Handing accepted dossiers on to the far side: which are due, what became of each attempt, how fast.

Only what the desk has accepted goes on, in its latest revision: officers correct most forms, and a second dossier for
each correction must not exist. ``sending`` is committed before the far side is asked; when its lease ends it is simply
due again, because ``deliver`` may be repeated. A dossier waits a while for its files; then it goes without them, and
again when they have come. One meter for all processes keeps a slow portal from being flooded, and each "later" closes
it for longer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from sync.encoding import timestamp
from sync.gateway import documents, kiosks, submissions
from sync.gateway.forward_targets import Answer, Dossier, Paper
from sync.gateway.tables import attempts, forwards, meter
from sync.gateway.tables import submissions as held

ENDS = {"withdrawn", "refused", "stopped"}
FOR_FILES = timedelta(hours=1)
"""So long an accepted dossier waits for files that are not here yet."""


@dataclass(frozen=True)
class ForwardPace:
    """How fast at most, how long an attempt may take, and how the waiting grows, in seconds."""

    interval: float = 0.2
    lease: float = 120.0
    first: float = 30.0
    longest: float = 3600.0
    slow_first: float = 5.0
    slow_longest: float = 300.0

    def again_in(self, tries: int) -> float:
        """Tell how long a dossier waits after so many attempts."""
        return float(min(self.first * 2 ** min(tries - 1, 20), self.longest))

    def slow_for(self, times: int) -> float:
        """Tell how long the far side is left in peace after so many "later" in a row."""
        return float(min(self.slow_first * 2 ** min(times - 1, 20), self.slow_longest))


def heard(db: Connection, submission: Row[Any], kind: str, now: datetime) -> None:
    """Note what the desk's act means for forwarding; the kiosk's row is held."""
    row = find(db, submission.kiosk_id, submission.receipt_no)
    if kind == "accepted" and row is None:
        facts = {"kiosk_id": submission.kiosk_id, "receipt_no": submission.receipt_no, "state": "due", "tries": 0}
        due_at = _when(db, submission.kiosk_id, submission.receipt_no, now)
        db.execute(insert(forwards).values(**facts, due_at=due_at, accepted_at=timestamp(now)))
    elif kind == "accepted" and row is not None:
        _accept_again(db, row, now)
    elif kind in ENDS and row is not None and row.state == "due":
        _set(db, row, state="dropped")


def _accept_again(db: Connection, row: Row[Any], now: datetime) -> None:
    if row.state == "sending":
        _set(db, row, accepted_at=timestamp(now))
    elif row.state != "done" or _is_outdated(db, row.kiosk_id, row.receipt_no, row.form_revision):
        due_at = _when(db, row.kiosk_id, row.receipt_no, now)
        _set(db, row, state="due", due_at=due_at, accepted_at=timestamp(now), tries=0)


def _when(db: Connection, kiosk_id: str, receipt_no: str, now: datetime) -> str:
    """Tell when a dossier may go: at once, or after a while where files of it are still on their way."""
    lacks = documents.missing_files(db, kiosk_id, [receipt_no])
    return timestamp(now + FOR_FILES if lacks else now)


def has_come(db: Connection, kiosk_id: str, receipts: Iterable[str], now: datetime) -> None:
    """Let dossiers go whose last file has come, or that have other files now; the kiosk's row is held."""
    lacking = documents.missing_files(db, kiosk_id, list(receipts))
    for receipt_no in receipts:
        row = find(db, kiosk_id, receipt_no)
        if row is None or receipt_no in lacking:
            continue
        if row.state == "done" or (row.state == "due" and row.tries == 0):
            _set(db, row, state="due", due_at=timestamp(now), tries=0)


def begin(db: Connection, now: datetime) -> None:
    """Set the meter up."""
    if db.execute(select(meter.c.id)).first() is None:
        db.execute(insert(meter).values(id=1, next_at=timestamp(now), slow_tries=0))


def claim(db: Connection, now: datetime, pace: ForwardPace) -> Dossier | None:
    """Take the next due dossier for this process, if there is one and the meter lets it through."""
    row = due_row(db, now)
    if row is None or not _is_let_through(db, now, pace):
        return None
    latest = submissions.latest(db, row.kiosk_id, row.receipt_no)
    if latest is None:
        _set(db, row, state="dropped")
        return None
    _set(db, row, state="sending", due_at=timestamp(now + timedelta(seconds=pace.lease)), tries=row.tries + 1)
    return Dossier(
        kiosk_id=row.kiosk_id,
        receipt_no=row.receipt_no,
        submission_id=latest.submission_id,
        form_revision=latest.form_revision,
        unit_code=latest.unit_code,
        procedure_code=latest.procedure_code,
        digest=latest.digest,
        body=latest.body,
        accepted_at=row.accepted_at,
        tries=row.tries + 1,
        papers=_papers(db, row.kiosk_id, row.receipt_no),
    )


def _papers(db: Connection, kiosk_id: str, receipt_no: str) -> tuple[Paper, ...]:
    return tuple(
        Paper(
            item_id=one.item_id,
            document_code=one.document_code,
            name=one.name,
            sha256=one.sha256,
            size=one.size,
            media_type=one.media_type,
        )
        for one in documents.list_documents(db, kiosk_id, receipt_no)
        if one.is_here
    )


def due_row(db: Connection, now: datetime) -> Row[Any] | None:
    """Find the next due dossier and lock it; what another process has locked is passed over."""
    is_due = forwards.c.state.in_(("due", "sending")) & (forwards.c.due_at <= timestamp(now))
    next_one = select(forwards).where(is_due).order_by(forwards.c.due_at, forwards.c.receipt_no).limit(1)
    return db.execute(next_one.with_for_update(skip_locked=True)).one_or_none()


def settle(db: Connection, dossier: Dossier, answer: Answer, began: datetime, now: datetime, pace: ForwardPace) -> None:
    """Keep an attempt, and what it means for the dossier, the meter and the kiosk."""
    kiosks.hold(db, dossier.kiosk_id)
    _keep_attempt(db, dossier, answer, began, now)
    row = find(db, dossier.kiosk_id, dossier.receipt_no)
    is_ours = row is not None and row.state == "sending" and row.tries == dossier.tries
    if row is None or not (is_ours or answer.word == "taken"):
        return
    if answer.word == "taken":
        _taken(db, row, dossier, answer, now)
    elif answer.word == "refused":
        _set(db, row, state="refused", submission_id=dossier.submission_id, form_revision=dossier.form_revision)
    else:
        wait = max(answer.retry_after or 0.0, pace.again_in(dossier.tries))
        _set(db, row, state="due", due_at=timestamp(now + timedelta(seconds=wait)))
    _turn_meter(db, answer, now, pace)


def redeliver(db: Connection, kiosk_id: str, receipt_no: str, now: datetime) -> bool:
    """Hand a dossier over again at once; False when it was never accepted or is on its way right now."""
    row = find(db, kiosk_id, receipt_no)
    if row is None or row.state == "sending":
        return False
    _set(db, row, state="due", due_at=timestamp(now), tries=0)
    return True


def find(db: Connection, kiosk_id: str, receipt_no: str) -> Row[Any] | None:
    """Find what is known about forwarding a receipt number."""
    return db.execute(select(forwards).where(_named(kiosk_id, receipt_no)).with_for_update()).one_or_none()


def attempts_of(db: Connection, kiosk_id: str, receipt_no: str) -> list[Row[Any]]:
    """List every attempt with a receipt number, the first at the top."""
    mine = (attempts.c.kiosk_id == kiosk_id) & (attempts.c.receipt_no == receipt_no)
    return list(db.execute(select(attempts).where(mine).order_by(attempts.c.no)))


def counts(db: Connection) -> dict[str, int]:
    """Count the dossiers by state."""
    found = dict.fromkeys(("due", "sending", "done", "refused", "dropped"), 0)
    for state, count in db.execute(select(forwards.c.state, func.count()).group_by(forwards.c.state)):
        found[state] = count
    return found


def oldest_waiting(db: Connection) -> str | None:
    """Tell since when the longest waiting dossier has been accepted."""
    waits = forwards.c.state.in_(("due", "sending"))
    found: str | None = db.execute(select(func.min(forwards.c.accepted_at)).where(waits)).scalar()
    return found


def waiting(db: Connection, most: int) -> list[Row[Any]]:
    """List what is not done: refused first, then what waits longest."""
    any_one = attempts.alias()
    mine = (any_one.c.kiosk_id == forwards.c.kiosk_id) & (any_one.c.receipt_no == forwards.c.receipt_no)
    latest = select(func.max(any_one.c.no)).where(mine).correlate(forwards).scalar_subquery()
    columns = select(forwards, attempts.c.outcome, attempts.c.code, attempts.c.began_at)
    joined = columns.select_from(forwards).outerjoin(attempts, attempts.c.no == latest)
    is_open = forwards.c.state.in_(("due", "sending", "refused"))
    return list(db.execute(joined.where(is_open).order_by(forwards.c.state.desc(), forwards.c.accepted_at).limit(most)))


def _taken(db: Connection, row: Row[Any], dossier: Dossier, answer: Answer, now: datetime) -> None:
    was_accepted_since = row.accepted_at != dossier.accepted_at
    again = was_accepted_since and _is_outdated(db, row.kiosk_id, row.receipt_no, dossier.form_revision)
    again = again or _papers(db, row.kiosk_id, row.receipt_no) != dossier.papers
    state, due_at = ("due", timestamp(now)) if again else ("done", row.due_at)
    facts = {"submission_id": dossier.submission_id, "form_revision": dossier.form_revision}
    _set(db, row, state=state, due_at=due_at, **facts)
    told = db.execute(select(held).where(held.c.submission_id == dossier.submission_id)).one()
    if answer.official_no and told.official_no != answer.official_no:
        submissions.set_status(db, told, now, official_no=answer.official_no)


def _keep_attempt(db: Connection, dossier: Dossier, answer: Answer, began: datetime, now: datetime) -> None:
    db.execute(
        insert(attempts).values(
            kiosk_id=dossier.kiosk_id,
            receipt_no=dossier.receipt_no,
            submission_id=dossier.submission_id,
            began_at=timestamp(began),
            seconds=(now - began).total_seconds(),
            outcome=answer.word,
            code=answer.code[:60],
        )
    )


def _turn_meter(db: Connection, answer: Answer, now: datetime, pace: ForwardPace) -> None:
    if answer.word != "later":
        db.execute(update(meter).where(meter.c.slow_tries > 0).values(slow_tries=0))
        return
    times = db.execute(select(meter.c.slow_tries).with_for_update()).scalar_one() + 1
    wait = max(answer.retry_after or 0.0, pace.slow_for(times))
    db.execute(update(meter).values(slow_tries=times, next_at=timestamp(now + timedelta(seconds=wait))))


def _is_let_through(db: Connection, now: datetime, pace: ForwardPace) -> bool:
    turned = update(meter).where(meter.c.next_at <= timestamp(now))
    return db.execute(turned.values(next_at=timestamp(now + timedelta(seconds=pace.interval)))).rowcount == 1


def _is_outdated(db: Connection, kiosk_id: str, receipt_no: str, form_revision: int | None) -> bool:
    latest = submissions.latest(db, kiosk_id, receipt_no)
    return latest is not None and latest.form_revision > (form_revision or 0)


def _named(kiosk_id: str, receipt_no: str) -> Any:
    return (forwards.c.kiosk_id == kiosk_id) & (forwards.c.receipt_no == receipt_no)


def _set(db: Connection, row: Row[Any], **facts: object) -> None:
    db.execute(update(forwards).where(_named(row.kiosk_id, row.receipt_no)).values(**facts))
