"""Transfers that the bank told of, written down: open fees as paid, and an officer's word as confirmed.

Each function runs inside the write of an act. Only the payment key and the sum decide.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil

from sqlite_utils import Database

from kiosk.base import codes
from kiosk.context import Context
from kiosk.dossiers import payment_balance
from kiosk.dossiers.open_fees import OpenFee, open_fees
from kiosk.dossiers.payment_balance import find_balance
from kiosk.records import audit, fees, payment_notices, services, submissions, tickets
from kiosk.records.fees import BANK, PART, FeeRow, PaymentMethod


@dataclass(frozen=True, kw_only=True)
class CasePayment:
    """Payment of a case: `transferred` dong by transfers that the bank has reported, the rest in cash."""

    submission_id: str
    receipt_no: str
    transferred: int
    actor: str
    bank_at: datetime | None


def apply(context: Context, db: Database, subject: str) -> None:
    """Pay what is open where it equals what the bank told of, and confirm what an officer had confirmed alone."""
    received_at = _last_received(db, subject)
    if received_at is None:
        return
    balance = find_balance(context, db, subject)
    if balance.state == "credit" and payment_balance.is_receipt_no(subject):
        pay(context, db, open_fees(context, subject), payment_of(db, subject, balance.surplus, actor=BANK))
    elif balance.surplus < 0 or not balance.transferred:
        return
    if payment_balance.is_receipt_no(subject):
        fees.confirm(db, subject, received_at)
        return
    label, day = payment_balance.parse_label(subject)
    ticket = tickets.by_label(db, day, label)
    if ticket is not None:
        services.confirm(db, ticket.id, received_at)


def payment_of(db: Database, receipt_no: str, transferred: int, *, actor: str) -> CasePayment:
    """Return the payment of a case by what the bank told of."""
    submission = submissions.by_receipt(db, receipt_no)
    assert submission is not None  # noqa: S101  # nosec B101 # a subject is one of this store
    return CasePayment(
        submission_id=submission.id,
        receipt_no=receipt_no,
        transferred=transferred,
        actor=actor,
        bank_at=_last_received(db, receipt_no),
    )


def pay(context: Context, db: Database, open_list: list[OpenFee], payment: CasePayment) -> FeeRow:
    """Write the open fees as paid; the fee in which the transfer ends gets a second row for its rest in cash.

    All rows of a payment have one time, by which they are found again when it is undone. Return the last row.
    """
    now = context.clock.now()
    left = payment.transferred
    rows = list[FeeRow]()
    for fee in open_list:
        amount = fee.amount or 0
        by_transfer = min(amount, left)
        left -= by_transfer
        part = replace(fee, amount=by_transfer or amount)
        rows.append(_insert(context, db, part, payment, "transfer" if by_transfer else "cash", now))
        if 0 < by_transfer < amount:
            rest = replace(fee, fee=fee.fee + PART, amount=amount - by_transfer, row_id="")
            rows.append(_insert(context, db, rest, payment, "cash", now))
    return rows[-1]


def seconds_to_undo(context: Context, at: datetime) -> int:
    """Return the seconds in which a press can still be undone; 0 where they are over, or the clock was set back."""
    passed = (context.clock.now() - at).total_seconds()
    return ceil(max(0.0, context.config.desk.undo_seconds - passed)) if passed >= 0 else 0


def _insert(
    context: Context, db: Database, fee: OpenFee, payment: CasePayment, method: PaymentMethod, now: datetime
) -> FeeRow:
    """Write an open fee as paid, in its row if it has one; return the row."""
    row = FeeRow(
        id=fee.row_id or codes.new_id(),
        submission_id=payment.submission_id,
        receipt_no=payment.receipt_no,
        fee=fee.fee,
        listed=fee.listed,
        amount=fee.amount or 0,
        reason=fee.reason,
        exemption=None,
        method=method,
        state="paid",
        day=context.clock.today(),
        actor=payment.actor,
        at=now,
        bank_at=payment.bank_at if method == "transfer" else None,
    )
    if fee.row_id:
        fees.update(db, row)
    else:
        fees.insert(db, row)
    facts: dict[str, audit.AuditFact] = {
        "fee": row.fee,
        "listed": row.listed,
        "amount": row.amount,
        "reason": row.reason,
        "exemption": None,
        "method": row.method,
    }
    line = audit.AuditLine(act="fee paid", actor=row.actor, subject=row.submission_id, facts=facts)
    audit.append(db, key=context.audit_key(), now=now, line=line)
    return row


def _last_received(db: Database, subject: str) -> datetime | None:
    return max((notice.received_at for notice in payment_notices.of_subject(db, subject)), default=None)
