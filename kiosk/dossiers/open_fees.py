"""Open fees of a case: those that the desk has asked for, and those of its form that no row has yet."""

from dataclasses import dataclass

from kiosk.context import Context
from kiosk.dossiers.certified_copies import as_counted
from kiosk.dossiers.opened import open_submission
from kiosk.procedures import fees as amounts
from kiosk.records import certified_copies, fees, submissions
from kiosk.records.fees import FeeReason, FeeRow


@dataclass(frozen=True, kw_only=True)
class OpenFee:
    """A fee that is neither paid nor waived; `amount` is None where an officer has to state it.

    `row_id` is empty where the desk has not asked for it.
    """

    fee: str
    listed: int | None
    amount: int | None
    reason: FeeReason | None = None
    row_id: str = ""


def open_fees(context: Context, receipt_no: str) -> list[OpenFee]:
    """Return the open fees of a case; of one whose form is wiped, those that the desk has asked for."""
    with context.store.read() as db:
        rows = fees.of_case(db, receipt_no)
        copies = certified_copies.of_case(db, receipt_no)
        latest = submissions.by_receipt(db, receipt_no)
        opened = open_submission(context, latest.id) if latest else None
    asked = [_asked(row) for row in rows if row.state == "due"]
    if opened is None:
        return asked
    opened = as_counted(opened, copies)
    known = {row.fee for row in rows}
    for fee in amounts.due(opened.procedure, opened.answers, opened.submission.day):
        listed = amounts.total(fee, opened.answers)
        if fee.id in known or listed == 0:
            continue
        rest = sum(row.amount for row in rows if row.listed_fee == fee.id)
        amount = None if listed is None else max(0, listed - rest)
        if amount != 0:
            asked.append(OpenFee(fee=fee.id, listed=listed, amount=amount))
    return asked


def open_sum(open_list: list[OpenFee]) -> int | None:
    """Return the sum of open fees; None where an officer has to state an amount."""
    known = [fee.amount for fee in open_list if fee.amount is not None]
    return sum(known) if len(known) == len(open_list) else None


def _asked(row: FeeRow) -> OpenFee:
    return OpenFee(fee=row.fee, listed=row.listed, amount=row.amount, reason=row.reason, row_id=row.id)
