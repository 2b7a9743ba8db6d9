"""Papers of a case that are certified: the counted list of its form, and the numbers that it has in the register."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kiosk.dossiers.opened import OpenedSubmission
from kiosk.procedures import fees, kinds
from kiosk.procedures.fees import AppliedFee
from kiosk.records.certified_copies import CancelReason, CertifiedCopy

CANCEL_REASONS: Mapping[CancelReason, str] = {
    "misprinted": "in sai",
    "not_wanted": "người dân không lấy nữa",
    "mistaken": "bấm nhầm",
    "other": "như ghi chú của quầy",
}


@dataclass(frozen=True)
class ListedPaper:
    """A paper of the form's list, as the citizen counted it."""

    place: int
    name: str
    pages: int
    copies: int


def page_fee(opened: OpenedSubmission) -> AppliedFee | None:
    """Return the fee by pages of a form whose papers are certified; None for any other form."""
    if not opened.procedure.by_card:
        return None
    due = fees.due(opened.procedure, opened.answers, opened.submission.day)
    return next((fee for fee in due if fee.pages), None)


def listed_papers(opened: OpenedSubmission) -> list[ListedPaper]:
    """Return the papers of the form's list; none for a form whose papers are not certified."""
    fee = page_fee(opened)
    if fee is None or fee.pages is None:
        return []
    first = opened.procedure.by_key[fee.per].fields[0]
    return [
        ListedPaper(
            place=place,
            name=kinds.of(first).on_paper(first, row.get(first.key)),
            pages=int(row.get(fee.pages["column"]) or 1),
            copies=int(row.get(fee.pages["copies"]) or 1),
        )
        for place, row in enumerate(opened.answers.get(fee.per) or ())
    ]


def amount_of(opened: OpenedSubmission, pages: int, copies: int) -> int | None:
    """Return the fee of one paper in dong."""
    fee = page_fee(opened)
    if fee is None or fee.pages is None:
        return None
    return fees.total(fee, {fee.per: [{fee.pages["column"]: pages, fee.pages["copies"]: copies}]})


def as_counted(opened: OpenedSubmission, lines: Sequence[CertifiedCopy]) -> OpenedSubmission:
    """Return a form with the pages and copies of its numbers in force in place of the citizen's; as it is without."""
    fee = page_fee(opened)
    counted = [line for line in lines if line.cancelled_at is None]
    if fee is None or fee.pages is None or not counted:
        return opened
    rows = [
        {**opened.answers[fee.per][line.place], fee.pages["column"]: line.pages, fee.pages["copies"]: line.copies}
        for line in counted
        if line.place < len(opened.answers[fee.per])
    ]
    return replace(opened, answers={**opened.answers, fee.per: rows})
