"""Papers of a case that are certified: a counted list, or the one paper of its form, and their numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kiosk.dossiers.opened import OpenedSubmission
from kiosk.procedures import fees, kinds
from kiosk.procedures.fees import AppliedFee
from kiosk.procedures.model import Certifies
from kiosk.records.certified_copies import CancelReason, CertifiedCopy, CertifiedRegister

CANCEL_REASONS: Mapping[CancelReason, str] = {
    "misprinted": "in sai",
    "not_wanted": "người dân không lấy nữa",
    "mistaken": "bấm nhầm",
    "other": "như ghi chú của quầy",
}


TRANSLATED = "Bản dịch {language}"
CHANGEABLE = frozenset({"waiting", "supplement", "accepted"})
"""Desk states of a case in which numbers are taken and papers handed out."""


@dataclass(frozen=True)
class ListedPaper:
    """A paper to be certified, as the citizen counted it; `copies` are papers, translations or originals too.

    `is_counted` is False where the citizen left the pages to the officer.
    """

    place: int
    name: str
    pages: int
    copies: int
    is_counted: bool = True


def register_of(opened: OpenedSubmission) -> CertifiedRegister | None:
    """Return the register whose numbers a form takes; None for a form that certifies nothing."""
    certifies = opened.procedure.certifies
    return certifies.register if certifies else None


def _fee(opened: OpenedSubmission) -> AppliedFee | None:
    """Return the fee of a certification: by pages for copies, else the first one of the form."""
    register = register_of(opened)
    due = fees.due(opened.procedure, opened.answers, opened.submission.day) if register else []
    return next((fee for fee in due if fee.pages or register != "copies"), None)


def listed_papers(opened: OpenedSubmission) -> list[ListedPaper]:
    """Return the papers of a form to be certified; none for a form that certifies nothing."""
    certifies = opened.procedure.certifies
    fee = _fee(opened)
    if certifies is None:
        return []
    if certifies.register != "copies":
        return [_only_paper(opened, certifies, fee)]
    if fee is None or fee.pages is None:
        return []
    first = opened.procedure.by_key[certifies.paper].fields[0]
    return [
        ListedPaper(
            place=place,
            name=kinds.of(first).on_paper(first, row.get(first.key)),
            pages=int(row.get(fee.pages["column"]) or 1),
            copies=int(row.get(fee.pages["copies"]) or 1),
        )
        for place, row in enumerate(opened.answers.get(certifies.paper) or ())
    ]


def _only_paper(opened: OpenedSubmission, certifies: Certifies, fee: AppliedFee | None) -> ListedPaper:
    """Return the paper of a form without a list, with its number from the fee."""
    item = opened.procedure.by_key[certifies.paper]
    name = kinds.of(item).on_paper(item, opened.answers.get(item.key))
    pages = opened.answers.get(certifies.pages) if certifies.pages else 1
    return ListedPaper(
        place=0,
        name=TRANSLATED.format(language=name[:1].lower() + name[1:]) if certifies.register == "translation" else name,
        pages=int(pages or 1),
        copies=int(opened.answers.get(fee.per) or 1) if fee and fee.per else 1,
        is_counted=bool(pages),
    )


def moved_places(before: OpenedSubmission, after: OpenedSubmission, lines: Sequence[CertifiedCopy]) -> list[int]:
    """Return the places of papers with a number that a correction would take away or rename.

    A paper whose numbers are all cancelled may be renamed (its name was wrong), not taken away: the register names it.
    """
    old = {paper.place: paper.name for paper in listed_papers(before)}
    new = {paper.place: paper.name for paper in listed_papers(after)}
    kept = {line.place for line in lines if line.cancelled_at is None or len(new) < len(old)}
    return sorted(place for place in kept if old.get(place) != new.get(place))


def amount_of(opened: OpenedSubmission, pages: int, copies: int) -> int | None:
    """Return the fee of one paper in dong."""
    fee = _fee(opened)
    if fee is None:
        return None
    if fee.pages is None:
        return fees.total(fee, {fee.per: copies})
    return fees.total(fee, {fee.per: [{fee.pages["column"]: pages, fee.pages["copies"]: copies}]})


def as_counted(opened: OpenedSubmission, lines: Sequence[CertifiedCopy]) -> OpenedSubmission:
    """Return a form with the pages and copies of its numbers in force in place of the citizen's; as it is without."""
    fee = _fee(opened)
    counted = [line for line in lines if line.cancelled_at is None]
    if fee is None or not fee.per or not counted:
        return opened
    if fee.pages is None:
        return replace(opened, answers={**opened.answers, fee.per: sum(line.copies for line in counted)})
    rows = [
        {**opened.answers[fee.per][line.place], fee.pages["column"]: line.pages, fee.pages["copies"]: line.copies}
        for line in counted
        if line.place < len(opened.answers[fee.per])
    ]
    return replace(opened, answers={**opened.answers, fee.per: rows})
