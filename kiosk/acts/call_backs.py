"""A lead calls the people who asked for it when a class is near: reached nobody, invited, declined, put back."""

from sqlite_utils import Database

from kiosk.base.errors import NotAllowed, NotFound
from kiosk.context import Context
from kiosk.dossiers import class_seats
from kiosk.records import audit, call_backs, seats, submissions


def record_view(context: Context, rows: int, actor: str) -> None:
    """Record that a lead looked at the list: it shows names and telephone numbers."""
    with context.store.write() as db:
        line = audit.AuditLine(act="class_calls_seen", actor=actor, subject=actor, facts={"rows": rows})
        audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)


def note_try(context: Context, submission_id: str, actor: str) -> None:
    """Note a call that reached nobody.

    Raises:
        NotAllowed: the request is settled.
    """
    with context.store.write() as db:
        if not call_backs.note_try(db, submission_id, context.clock.now()):
            raise _settled()
        _audit(db, context, act="class_call_missed", submission_id=submission_id, actor=actor)


def invite(context: Context, submission_id: str, session: str, actor: str) -> None:
    """Assign a seat in a session to a person who was reached and wants to come.

    Raises:
        NotAllowed: the session has no seat left or has begun, or the request is settled.
    """
    with context.store.write() as db:
        if class_seats.count_left(db, context).get(session, 0) < 1:
            raise NotAllowed(
                "Buổi này vừa hết chỗ hoặc đã bắt đầu. Chọn buổi khác rồi bấm lại.",
                "This session is full or has begun. Choose another one.",
            )
        if not call_backs.settle(db, submission_id, "invited", context.clock.now()):
            raise _settled()
        seats.assign(db, submission_id, session)
        _audit(db, context, act="class_invited", submission_id=submission_id, actor=actor, session=session)


def decline(context: Context, submission_id: str, actor: str) -> None:
    """Settle a request whose person does not want to come any more.

    Raises:
        NotAllowed: the request is settled.
    """
    with context.store.write() as db:
        if not call_backs.settle(db, submission_id, "declined", context.clock.now()):
            raise _settled()
        _audit(db, context, act="class_declined", submission_id=submission_id, actor=actor)


def put_back(context: Context, submission_id: str, actor: str) -> None:
    """Put a settled request back on the list, and release its seat.

    Raises:
        NotAllowed: the request waits already, or is not kept any more.
    """
    with context.store.write() as db:
        if not call_backs.reopen(db, submission_id):
            raise _settled()
        seats.release(db, submission_id)
        submissions.set_desk(db, submission_id, "waiting", context.clock.now())  # a declined form may be closed
        _audit(db, context, act="class_put_back", submission_id=submission_id, actor=actor)


def _settled() -> NotAllowed:
    return NotAllowed(
        "Người này đã xếp buổi hoặc đã thôi, có thể do người khác vừa ghi. Xem lại danh sách.",
        "This request is settled already. Please look at the list again.",
    )


def _audit(
    db: Database, context: Context, *, act: str, submission_id: str, actor: str, **facts: audit.AuditFact
) -> None:
    submission = submissions.find(db, submission_id)
    if submission is None:
        raise NotFound
    line = audit.AuditLine(
        act=act, actor=actor, subject=submission_id, facts={"receipt": submission.receipt_no, **facts}
    )
    audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)
