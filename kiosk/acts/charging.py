"""What an officer does about a case's fees: asks for them, waives them, takes the money, takes a mistake back.

A touch tells how often the case's fees had changed when its page was shown. Where they have changed since (a double
touch, another window) nothing happens, so that no fee is asked for, or taken, twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlite_utils import Database

import printers.spool
from kiosk import codes
from kiosk.context import Context
from kiosk.records import audit, fees
from kiosk.records.fees import Fee, Method, Reason, State, VoidReason

PAPER = "fee"


@dataclass(frozen=True)
class Case:
    """Whose fees: the submission, its receipt number, and how often they had changed when the page was shown."""

    submission_id: str
    receipt_no: str
    seen: int


@dataclass(frozen=True)
class Ask:
    """One fee as an officer asks for it; `listed` is what the data say, `exemption` spares the person all of it."""

    fee: str
    listed: int | None
    amount: int
    reason: Reason | None = None
    exemption: str | None = None


def ask(context: Context, case: Case, asked: Sequence[Ask], actor: str) -> bool:
    """Write down what is due and what is waived; False for a stale page."""
    with context.store.write() as db:
        if fees.changes(db, case.receipt_no) != case.seen:
            return False
        _write(db, context, case, asked, _Hand(actor))
        return True


def take(context: Context, case: Case, asked: Sequence[Ask], method: Method, actor: str) -> bool:
    """Write down that the money is there; what was waived or paid before stays; False for a stale page."""
    with context.store.write() as db:
        if fees.changes(db, case.receipt_no) != case.seen:
            return False
        _write(db, context, case, asked, _Hand(actor, method))
        return True


def slip(context: Context, case: Case, asked: Sequence[Ask], actor: str) -> bool:
    """Write down what is due and print the fee slip; printed again unchanged it is a copy; False for a stale page."""
    now = context.clock.now()
    with context.store.write() as db:
        if fees.changes(db, case.receipt_no) != case.seen:
            return False
        _write(db, context, case, asked, _Hand(actor))
        key = f"{PAPER}:{case.submission_id}:{fees.changes(db, case.receipt_no)}"
        before = printers.spool.find(db, key)
        if before is None:
            printers.spool.put(db, key, PAPER, case.submission_id, {}, now)
        else:
            printers.spool.reprint(db, before.id, actor, "asked at the counter", now)
        audit.note(db, context.audit_key(), now, audit.AuditLine("fee slip", actor, case.submission_id))
        return True


def settle(context: Context, fee_id: str, method: Method, actor: str) -> bool:
    """Write down that a fee that was due is paid; False when it is due no more."""
    with context.store.write() as db:
        found = fees.find(db, fee_id)
        if found is None or found.state != "due":
            return False
        now, day = context.clock.now(), context.clock.today()
        paid = replace(found, method=method, state="paid", day=day, actor=actor, at=now)
        fees.change(db, paid)
        _audit(db, context, "fee paid", paid)
        return True


def void(context: Context, fee_id: str, reason: VoidReason, actor: str) -> bool:
    """Take a mistake back, or give money back; the row stays and says why; False when it counts no more already."""
    now = context.clock.now()
    with context.store.write() as db:
        found = fees.find(db, fee_id)
        if found is None or not fees.void(db, fee_id, reason, context.clock.today(), now, actor):
            return False
        facts: dict[str, audit.Fact] = {"fee": found.fee, "amount": found.amount, "was": found.state, "reason": reason}
        audit.note(db, context.audit_key(), now, audit.AuditLine("fee void", actor, found.submission_id, facts))
        return True


@dataclass(frozen=True)
class _Hand:
    """Who writes, and how the money came, if it did."""

    actor: str
    method: Method | None = None


def _write(db: Database, context: Context, case: Case, asked: Sequence[Ask], hand: _Hand) -> None:
    held = {one.fee: one for one in fees.of_case(db, case.receipt_no)}
    for one in asked:
        before = held.get(one.fee)
        if before is not None and before.state != "due":
            continue
        then = _row(context, case, one, hand, before.id if before else codes.new_id())
        if before is None:
            fees.put(db, then)
        elif _is_other(before, then):
            fees.change(db, then)
        else:
            continue
        _audit(db, context, {"due": "fee asked", "paid": "fee paid", "waived": "fee waived"}[then.state], then)


def _row(context: Context, case: Case, one: Ask, hand: _Hand, row_id: str) -> Fee:
    state: State = "waived" if one.exemption else "paid" if hand.method else "due"
    return Fee(
        id=row_id,
        submission_id=case.submission_id,
        receipt_no=case.receipt_no,
        fee=one.fee,
        listed=one.listed,
        amount=one.amount,
        reason=one.reason,
        exemption=one.exemption,
        method=hand.method if state == "paid" else None,
        state=state,
        day=context.clock.today(),
        actor=hand.actor,
        at=context.clock.now(),
    )


def _is_other(before: Fee, then: Fee) -> bool:
    return (before.amount, before.reason, before.state) != (then.amount, then.reason, then.state)


def _audit(db: Database, context: Context, act: str, one: Fee) -> None:
    facts: dict[str, audit.Fact] = {
        "fee": one.fee,
        "listed": one.listed,
        "amount": one.amount,
        "reason": one.reason,
        "exemption": one.exemption,
        "method": one.method,
    }
    audit.note(db, context.audit_key(), context.clock.now(), audit.AuditLine(act, one.actor, one.submission_id, facts))
