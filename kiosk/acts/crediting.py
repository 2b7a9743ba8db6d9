"""Payments that the bank told of: matched by key and sum, and the answers of a person where they do not match.

A notice is recorded in the write that moves the cursor of the feed, and matched here afterwards, in a write of its own:
a process that dies between the two matches it at its next start. Nothing is ever matched by a name.
"""

from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

import printers.spool
from kiosk.base import codes
from kiosk.context import Context
from kiosk.dossiers import awaited_transfers, payment_keys, seen_transfers
from kiosk.dossiers.open_fees import OpenFee, open_fees, open_sum
from kiosk.dossiers.payment_balance import find_balance
from kiosk.records import audit, fees, payment_notices, payment_refunds, submissions, tickets
from kiosk.records.fees import BANK, FeeRow, VoidReason
from kiosk.records.payment_notices import NoticeChoice, NoticeRow
from kiosk.records.payment_refunds import PaymentRefund

REFUND_PAPER = "refund"
"""Kind of the refund slip in the print spool."""
BATCH = 50
"""Notices that one write matches."""


def await_transfer(context: Context) -> None:
    """Note that a page waits for a transfer, so that the feed is read more often for some minutes."""
    with context.store.write() as db:
        awaited_transfers.note(context, db)


def match_notices(context: Context) -> int:
    """Match notices that were recorded; return how many."""
    with context.store.write() as db:
        notices = payment_notices.unsettled(db, BATCH)
        for notice in notices:
            subject = _find_subject(context, db, notice)
            payment_notices.settle(db, notice, subject, context.clock.now())
            if subject:
                seen_transfers.apply(context, db, subject)
        return len(notices)


def choose_subject(context: Context, notice: NoticeRow, receipt_no: str, reason: str, actor: str) -> bool:
    """Write the case that a lead chose for a payment without a key; return False where it is too late."""
    with context.store.write() as db:
        known = submissions.by_receipt(db, receipt_no)
        choice = NoticeChoice(subject=receipt_no, reason=reason, actor=actor, at=context.clock.now())
        if known is None or not payment_notices.choose(db, notice, choice):
            return False
        facts: dict[str, audit.AuditFact] = {"receipt": receipt_no, "amount": notice.amount, "reason": reason}
        _audit(context, db, act="payment chosen", actor=actor, subject=known.id, facts=facts)
        seen_transfers.apply(context, db, receipt_no)
        return True


def undo_choice(context: Context, notice: NoticeRow, actor: str) -> bool:
    """Take back one's own choice of a case, and what followed from it.

    Fees that the bank has paid since then are asked for again, and refunds that were promised since then are undone.
    Return False where the seconds are over, or the choice was taken back before.
    """
    with context.store.write() as db:
        chosen = payment_notices.find(db, notice.account, notice.reference)
        known = submissions.by_receipt(db, chosen.subject or "") if chosen else None
        at = chosen.chosen_at if chosen and chosen.chosen_by == actor else None
        if chosen is None or known is None or at is None or not seen_transfers.seconds_to_undo(context, at):
            return False
        receipt_no = known.receipt_no
        payment_notices.take_back_choice(db, chosen)
        fees.unconfirm(db, receipt_no)
        by_bank = [row for row in fees.of_case(db, receipt_no) if (row.state, row.actor) == ("paid", BANK)]
        _ask_for_paid(context, db, [row for row in by_bank if row.at >= at], actor)
        for refund in payment_refunds.of_subject(db, receipt_no):
            if refund.at >= at:
                _undo_refund(context, db, refund, actor)
        facts: dict[str, audit.AuditFact] = {"receipt": receipt_no, "amount": chosen.amount}
        _audit(context, db, act="payment choice undone", actor=actor, subject=known.id, facts=facts)
        seen_transfers.apply(context, db, receipt_no)
        return True


def credit(context: Context, subject: str, seen: int, actor: str) -> str:
    """Write down as paid what the bank told of, and what is too much as to pay back.

    Return the id of the last fee, by which all of it can be undone; empty where sums have changed.

    Args:
        context: the kiosk.
        subject: receipt number.
        seen: the surplus that the page showed.
        actor: the officer.
    """
    with context.store.write() as db:
        balance = find_balance(context, db, subject)
        if balance.surplus != seen or not balance.due or seen < balance.due:
            return ""
        payment = seen_transfers.payment_of(db, subject, balance.due, actor=actor)
        last = seen_transfers.pay(context, db, open_fees(context, subject), payment)
        if balance.too_much:
            _promise(context, db, subject, balance.too_much, actor, last.at)
        return last.id


def collect_rest(context: Context, subject: str, seen: int, actor: str) -> str:
    """Write down a part by transfer and the missing rest in cash.

    Return the id of the last fee, by which it can be undone; empty where sums have changed.
    """
    with context.store.write() as db:
        balance = find_balance(context, db, subject)
        if balance.state != "short" or balance.missing != seen or not balance.is_case:
            return ""
        open_list = open_fees(context, subject) if balance.surplus > 0 else _reopen(context, db, subject, actor)
        transferred = (open_sum(open_list) or 0) - balance.missing
        payment = seen_transfers.payment_of(db, subject, transferred, actor=actor)
        return seen_transfers.pay(context, db, open_list, payment).id


def undo_payment(context: Context, fee_id: str, actor: str) -> bool:
    """Void what one press of this officer has written as paid and as to pay back, and ask for the fees again.

    Return False where the seconds are over, or the fee is void already.
    """
    with context.store.write() as db:
        last = fees.find(db, fee_id)
        if (
            last is None
            or last.state != "paid"
            or last.actor != actor
            or not seen_transfers.seconds_to_undo(context, last.at)
        ):
            return False
        written = ("paid", actor, last.at)
        paid = [row for row in fees.of_case(db, last.receipt_no) if (row.state, row.actor, row.at) == written]
        _ask_for_paid(context, db, paid, actor)
        for refund in payment_refunds.of_subject(db, last.receipt_no):
            if (refund.actor, refund.at) == (actor, last.at):
                _undo_refund(context, db, refund, actor)
        return True


def promise_refund(context: Context, subject: str, seen: int, actor: str) -> str:
    """Write down that money has to be paid back; return the refund's id, empty where sums have changed."""
    with context.store.write() as db:
        if find_balance(context, db, subject).surplus != seen or seen <= 0:
            return ""
        return _promise(context, db, subject, seen, actor, context.clock.now())


def return_unknown(context: Context, notice: NoticeRow, actor: str) -> str:
    """Write down that a payment whose subject nobody knows has to be paid back.

    Return the id of the refund; empty where it is too late.
    """
    with context.store.write() as db:
        subject = _unknown_subject(notice)
        choice = NoticeChoice(subject=subject, reason="trả lại", actor=actor, at=context.clock.now())
        if not payment_notices.choose(db, notice, choice):
            return ""
        return _promise(context, db, subject, notice.amount, actor, context.clock.now())


def undo_refund(context: Context, refund_id: str, actor: str) -> bool:
    """Take back that money has to be paid back; return False where it was undone before, or is paid."""
    with context.store.write() as db:
        refund = payment_refunds.find(db, refund_id)
        return refund is not None and _undo_refund(context, db, refund, actor)


def void_returned(context: Context, subject: str, seen: int, actor: str) -> str:
    """Void the transfers of a case whose money the bank has paid back.

    Return the id of the last fee, by which all of it can be undone; empty where sums have changed.
    """
    with context.store.write() as db:
        balance = find_balance(context, db, subject)
        if balance.state != "returned" or balance.surplus != -seen or not balance.is_case:
            return ""
        rows = _transfers(db, subject)
        for row in rows:
            _void(context, db, row, "returned", actor)
        return rows[-1].id


def undo_void(context: Context, fee_id: str, actor: str) -> bool:
    """Write the transfers that one press of this officer has voided as paid again.

    Return False where the seconds are over, or the case has such a fee again.
    """
    with context.store.write() as db:
        last = fees.find(db, fee_id)
        if last is None or last.void_reason != "returned" or last.void_actor != actor or last.void_at is None:
            return False
        rows = fees.voided_with(db, last)
        again = {row.fee for row in fees.of_case(db, last.receipt_no)}
        if not seen_transfers.seconds_to_undo(context, last.void_at) or again & {row.fee for row in rows}:
            return False
        payment = seen_transfers.payment_of(db, last.receipt_no, sum(row.amount for row in rows), actor=actor)
        seen_transfers.pay(context, db, [_open_fee(row) for row in rows], payment)
        return True


def _unknown_subject(notice: NoticeRow) -> str:
    """Return the subject of a payment that nobody knows."""
    return f"{notice.account}/{notice.reference}"


def _find_subject(context: Context, db: Database, notice: NoticeRow) -> str | None:
    """Return the subject of the key, if this kiosk has it; a key of another store leads to none, or to a past day."""
    found = payment_keys.find_subject(context, notice.payment_key) if notice.payment_key else None
    if found is None:
        return None
    if found.receipt_no:
        is_known = submissions.by_receipt(db, found.receipt_no) is not None
    else:
        is_known = tickets.by_label(db, found.day, found.label) is not None
    return found.code if is_known else None


def _reopen(context: Context, db: Database, receipt_no: str, actor: str) -> list[OpenFee]:
    """Void the transfers that an officer had confirmed and of which the bank told a part; return them as open."""
    rows = _transfers(db, receipt_no)
    for row in rows:
        _void(context, db, row, "mistaken", actor)
    return [_open_fee(row) for row in rows]


def _open_fee(row: FeeRow) -> OpenFee:
    return OpenFee(fee=row.fee, listed=row.listed, amount=row.amount, reason=row.reason)


def _transfers(db: Database, receipt_no: str) -> list[FeeRow]:
    return [row for row in fees.of_case(db, receipt_no) if row.method == "transfer"]


def _void(context: Context, db: Database, row: FeeRow, reason: VoidReason, actor: str) -> None:
    fees.void(db, row.id, reason=reason, day=context.clock.today(), now=context.clock.now(), actor=actor)
    facts: dict[str, audit.AuditFact] = {"fee": row.fee, "amount": row.amount, "was": row.state, "reason": reason}
    _audit(context, db, act="fee void", actor=actor, subject=row.submission_id, facts=facts)


def _ask_for_paid(context: Context, db: Database, paid: list[FeeRow], actor: str) -> None:
    """Void fees that were written as paid by mistake, and ask for them again; a fee of two parts is one again."""
    open_again = dict[str, FeeRow]()
    for row in paid:
        _void(context, db, row, "mistaken", actor)
        former = open_again.get(row.listed_fee)
        open_again[row.listed_fee] = replace(row, amount=row.amount + (former.amount if former else 0))
    for fee, row in open_again.items():
        again = replace(row, id=codes.new_id(), fee=fee, state="due", method=None, actor=actor, bank_at=None)
        _ask_again(context, db, again)


def _ask_again(context: Context, db: Database, row: FeeRow) -> None:
    fees.insert(db, row)
    facts: dict[str, audit.AuditFact] = {"fee": row.fee, "listed": row.listed, "amount": row.amount}
    facts |= {"reason": row.reason, "exemption": row.exemption, "method": None}
    _audit(context, db, act="fee asked", actor=row.actor, subject=row.submission_id, facts=facts)


def _slip_key(refund_id: str) -> str:
    """Return the key of a refund's slip in the print spool."""
    return f"{REFUND_PAPER}:{refund_id}"


def _promise(context: Context, db: Database, subject: str, amount: int, actor: str, at: datetime) -> str:
    """Write down money to pay back and print its slip; money of nobody's has no slip. Return the refund's id."""
    refund = PaymentRefund(
        id=codes.new_id(),
        subject=subject,
        amount=amount,
        day=context.clock.today(),
        actor=actor,
        at=at,
    )
    payment_refunds.insert(db, refund)
    _audit(context, db, act="refund due", actor=actor, subject=subject, facts={"amount": amount})
    if "/" not in subject:
        key = _slip_key(refund.id)
        printers.spool.enqueue(db, key=key, kind=REFUND_PAPER, subject=refund.id, facts={}, now=refund.at)
    return refund.id


def _undo_refund(context: Context, db: Database, refund: PaymentRefund, actor: str) -> bool:
    """Take back money to pay back, and its slip where that waits; return False where it was undone before."""
    if not payment_refunds.undo(db, refund.id, context.clock.now()):
        return False
    slip = printers.spool.find(db, _slip_key(refund.id))
    if slip is not None and slip.state in ("queued", "waiting"):
        printers.spool.cancel(db, slip.id, by=actor, now=context.clock.now())
    _audit(context, db, act="refund undone", actor=actor, subject=refund.subject, facts={"amount": refund.amount})
    return True


def _audit(
    context: Context, db: Database, *, act: str, actor: str, subject: str, facts: dict[str, audit.AuditFact]
) -> None:
    line = audit.AuditLine(act=act, actor=actor, subject=subject, facts=facts)
    audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)
