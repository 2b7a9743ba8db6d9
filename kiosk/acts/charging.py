"""Fees of a case: request, waive, take payment, void.

A request says how often the case's fees had changed when its page was shown. Where they have changed since (a double
touch, another window) nothing happens, so that no fee is requested or paid twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlite_utils import Database

import printers.spool
from kiosk.base import codes
from kiosk.context import Context
from kiosk.dossiers import awaited_transfers, seen_transfers
from kiosk.records import audit, fees, services
from kiosk.records.fees import FeeReason, FeeRow, FeeState, PaymentMethod, VoidReason

PAPER = "fee"
"""Kind of the fee slip in the print spool."""
AUDIT_WORDS = {"due": "fee asked", "paid": "fee paid", "waived": "fee waived"}


@dataclass(frozen=True)
class FeeRequest:
    """The case whose fees change, and how often they had changed when the page was shown."""

    submission_id: str
    receipt_no: str
    seen_count: int


@dataclass(frozen=True)
class FeeInput:
    """One fee as an officer requests it: `listed` is the amount of the tariff, `exemption` waives the whole amount."""

    fee: str
    listed: int | None
    amount: int
    reason: FeeReason | None = None
    exemption: str | None = None


def request_fees(context: Context, request: FeeRequest, fees_input: Sequence[FeeInput], actor: str) -> bool:
    """Store which fees are due and which are waived; False for a stale page."""
    with context.store.write() as db:
        if _is_stale(db, request):
            return False
        _save_fees(db, context, request=request, fees_input=fees_input, actor=actor)
        seen_transfers.apply(context, db, request.receipt_no)
        return True


def show_transfer(context: Context, request: FeeRequest, fees_input: Sequence[FeeInput], actor: str) -> bool:
    """Store which fees are due, for a page that waits for a transfer; False for a stale page."""
    with context.store.write() as db:
        if _is_stale(db, request):
            return False
        _save_fees(db, context, request=request, fees_input=fees_input, actor=actor)
        seen_transfers.apply(context, db, request.receipt_no)
        awaited_transfers.note(context, db)
        return True


def record_payment(
    context: Context, request: FeeRequest, fees_input: Sequence[FeeInput], method: PaymentMethod, actor: str
) -> bool:
    """Store all fees as paid, except those that are waived or were paid before; False for a stale page."""
    with context.store.write() as db:
        if _is_stale(db, request):
            return False
        _save_fees(db, context, request=request, fees_input=fees_input, actor=actor, method=method)
        seen_transfers.apply(context, db, request.receipt_no)
        return True


def print_fee_slip(context: Context, request: FeeRequest, fees_input: Sequence[FeeInput], actor: str) -> bool:
    """Store which fees are due and print the fee slip; a second print without changes is a copy; False if stale."""
    now = context.clock.now()
    with context.store.write() as db:
        if _is_stale(db, request):
            return False
        _save_fees(db, context, request=request, fees_input=fees_input, actor=actor)
        seen_transfers.apply(context, db, request.receipt_no)
        key = fees.slip_key(db, request.submission_id, request.receipt_no)
        printed = printers.spool.find(db, key)
        if printed is None:
            printers.spool.enqueue(db, key=key, kind=PAPER, subject=request.submission_id, facts={}, now=now)
        else:
            printers.spool.reprint(db, job_id=printed.id, by=actor, why="asked at the counter", now=now)
        line = audit.AuditLine(act="fee slip", actor=actor, subject=request.submission_id)
        audit.append(db, key=context.audit_key(), now=now, line=line)
        return True


def mark_paid(context: Context, fee_id: str, method: PaymentMethod, actor: str) -> bool:
    """Store the payment of a fee that was due; False when it is no longer due."""
    with context.store.write() as db:
        fee = fees.find(db, fee_id)
        if fee is None or fee.state != "due":
            return False
        paid = replace(fee, method=method, state="paid", day=context.clock.today(), actor=actor, at=context.clock.now())
        fees.update(db, paid)
        _audit(db, context, act="fee paid", fee=paid)
        seen_transfers.apply(context, db, fee.receipt_no)
        return True


def void_fee(context: Context, fee_id: str, reason: VoidReason, actor: str) -> bool:
    """Void a fee that was entered by mistake or given back; the row stays. False when it is void already."""
    now = context.clock.now()
    with context.store.write() as db:
        fee = fees.find(db, fee_id)
        if fee is None or not fees.void(db, fee_id, reason=reason, day=context.clock.today(), now=now, actor=actor):
            return False
        facts: dict[str, audit.AuditFact] = {
            "fee": fee.fee,
            "amount": fee.amount,
            "was": fee.state,
            "reason": reason,
        }
        line = audit.AuditLine(act="fee void", actor=actor, subject=fee.submission_id, facts=facts)
        audit.append(db, key=context.audit_key(), now=now, line=line)
        return True


def void_service(context: Context, service_id: str, reason: VoidReason, actor: str) -> bool:
    """Void services that were recorded by mistake, or whose money was given back; False when they are void already."""
    now = context.clock.now()
    with context.store.write() as db:
        service = services.find(db, service_id)
        day = context.clock.today()
        if service is None or not services.void(db, service_id, reason=reason, day=day, now=now, actor=actor):
            return False
        facts: dict[str, audit.AuditFact] = {
            "number": service.label,
            "register": service.register_no,
            "amount": service.amount,
            "reason": reason,
        }
        line = audit.AuditLine(act="service void", actor=actor, subject=service.ticket_id, facts=facts)
        audit.append(db, key=context.audit_key(), now=now, line=line)
        return True


def _is_stale(db: Database, request: FeeRequest) -> bool:
    return fees.count_changes(db, request.receipt_no) != request.seen_count


def _save_fees(
    db: Database,
    context: Context,
    *,
    request: FeeRequest,
    fees_input: Sequence[FeeInput],
    actor: str,
    method: PaymentMethod | None = None,
) -> None:
    """Insert or update the row of each fee that is new or still due; without a method nothing is paid."""
    rows = {row.fee: row for row in fees.of_case(db, request.receipt_no)}
    for fee_input in fees_input:
        before = rows.get(fee_input.fee)
        if before is not None and before.state != "due":
            continue
        row = _row(
            context,
            request=request,
            fee_input=fee_input,
            actor=actor,
            method=method,
            row_id=before.id if before else codes.new_id(),
        )
        if before is None:
            fees.insert(db, row)
        elif _is_changed(before, row):
            fees.update(db, row)
        else:
            continue
        _audit(db, context, act=AUDIT_WORDS[row.state], fee=row)


def _row(
    context: Context,
    *,
    request: FeeRequest,
    fee_input: FeeInput,
    actor: str,
    method: PaymentMethod | None,
    row_id: str,
) -> FeeRow:
    state: FeeState = "waived" if fee_input.exemption else "paid" if method else "due"
    return FeeRow(
        id=row_id,
        submission_id=request.submission_id,
        receipt_no=request.receipt_no,
        fee=fee_input.fee,
        listed=fee_input.listed,
        amount=fee_input.amount,
        reason=fee_input.reason,
        exemption=fee_input.exemption,
        method=method if state == "paid" else None,
        state=state,
        day=context.clock.today(),
        actor=actor,
        at=context.clock.now(),
    )


def _is_changed(before: FeeRow, after: FeeRow) -> bool:
    return (before.amount, before.reason, before.state) != (after.amount, after.reason, after.state)


def _audit(db: Database, context: Context, act: str, fee: FeeRow) -> None:
    facts: dict[str, audit.AuditFact] = {
        "fee": fee.fee,
        "listed": fee.listed,
        "amount": fee.amount,
        "reason": fee.reason,
        "exemption": fee.exemption,
        "method": fee.method,
    }
    line = audit.AuditLine(act=act, actor=fee.actor, subject=fee.submission_id, facts=facts)
    audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)
