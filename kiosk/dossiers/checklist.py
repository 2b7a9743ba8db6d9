"""Papers to bring and fees to pay in a citizen's situation, as plain values.

`known` are the answers together with the situations, chosen and derived: what the conditions of a procedure read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from kiosk.procedures import fees as amounts
from kiosk.procedures.base import Words
from kiosk.procedures.conditions import holds
from kiosk.procedures.fees import AppliedFee
from kiosk.procedures.model import Fee, PaperToBring, Procedure
from kiosk.vietnam.money import money

COUNCIL_DECIDES = "theo mức Hội đồng nhân dân thành phố quy định, "
OFFICER_STATES = "cán bộ báo số tiền"
"""Words in place of an amount that the ward has not entered."""

HANDED_IN = "nop"
"""Kind of a paper that stays with the dossier."""
OTHER_PAPER = "khac"
OTHER_NAME = "Giấy khác"
"""Id and name under which a scan is kept that is of no paper of the form's list."""
ORIGINAL_NAME = "Bản chính"
"""Name of a scan of an original that is certified."""
CARD = "card"
"""Source of an answer that was read from a card."""
CardScan = Literal["", "some", "all"]
SCANNED: dict[CardScan, Words] = {
    "all": Words("Máy đã quét. Đưa cán bộ xem ở quầy.", "Scanned here. Show it to the officer at the counter."),
    "some": Words(
        "Máy mới quét một thẻ. Mang đủ thẻ để cán bộ xem.", "One card is scanned. Bring all of them to show."
    ),
}
"""Words in place of `bring` for a card that was scanned. By law it is shown at the counter all the same."""
SCANNED_NAME: dict[CardScan, str] = {"all": ": máy đã quét, đưa cán bộ xem", "some": ": mới quét một thẻ, mang đủ"}
"""The same behind the name of the paper, where it has no line of its own."""


@dataclass(frozen=True)
class FeeLine:
    """A fee in words: label and amount in dong; the amount is empty where an officer states it."""

    label: str
    amount: str


def papers_needed(procedure: Procedure, known: Mapping[str, Any], today: date) -> list[PaperToBring]:
    """Return the papers of a situation, the optional ones last."""
    needed = [paper for paper in procedure.papers if holds(paper.when, known, today)]
    return sorted(needed, key=lambda paper: paper.optional)


def card_scan(paper: PaperToBring, sources: Mapping[str, str]) -> CardScan:
    """Return whether the cards of a paper were scanned, by the sources of the answers."""
    scanned = [key for key in paper.cards if sources.get(key) == CARD]
    if not scanned:
        return ""
    return "all" if len(scanned) == len(paper.cards) else "some"


def without_scanned(papers: list[PaperToBring], sources: Mapping[str, str]) -> list[PaperToBring]:
    """Return the papers that still have to be brought: without the cards that were scanned."""
    return [paper for paper in papers if card_scan(paper, sources) != "all"]


def papers_to_photograph(procedure: Procedure, known: Mapping[str, Any], today: date) -> list[PaperToBring]:
    """Return the papers of a situation that a citizen may photograph: those that are handed in.

    No copy is kept of a paper that is only shown, and a form that is signed is printed here. A form that a card files
    has no page before Submit; its originals are not handed in (`original_pictures`).
    """
    if procedure.by_card:
        return []
    return [paper for paper in papers_needed(procedure, known, today) if paper.kind == HANDED_IN]


def paper_name(paper: PaperToBring) -> str:
    """Return a paper's name, marked when it is optional."""
    return f"{paper.name.vi}, nếu có" if paper.optional else paper.name.vi


def fees_due(procedure: Procedure, known: Mapping[str, Any], today: date) -> list[AppliedFee]:
    """Return the fees that apply in a situation."""
    return amounts.due(procedure, known, today)


def resolution_words(fee: Fee) -> str:
    """Return "Nghị quyết 39/2025/NQ-HĐND ngày 08/12/2025"; empty where the city council sets no amount."""
    resolution = fee.resolution
    return f"Nghị quyết {resolution.number} ngày {resolution.date_:%d/%m/%Y}" if resolution else ""


def fee_title(fee: AppliedFee, known: Mapping[str, Any], *, space: str = " ") -> str:
    """Return the name of a fee with the reason of its rate and what multiplies it: "Bản sao ..., 2 bản"."""
    reason = (f"{fee.reason.vi[:1].lower()}{fee.reason.vi[1:]}",) if fee.reason else ()
    return ", ".join((fee.name.vi, *reason, *_counted(fee, known, space)))


def _counted(fee: Fee, known: Mapping[str, Any], space: str) -> list[str]:
    units = ([fee.unit.vi if fee.unit else "bản"] if fee.per else []) + (["ngày"] if fee.days else [])
    return [f"{number}{space}{unit}" for number, unit in zip(amounts.factors(fee, known), units, strict=True)]


def stated_by_officer(fee: Fee) -> str:
    """Return that an officer states the amount of a fee, and by which level where the city council sets it."""
    return OFFICER_STATES if amounts.is_unread(fee) else f"{COUNCIL_DECIDES}{OFFICER_STATES}"


def fee_line(fee: AppliedFee, known: Mapping[str, Any]) -> FeeLine:
    """Return a fee as "label, 2 bản, " and "16.000 đồng"; the label ends where the amount follows."""
    total = amounts.total(fee, known)
    title = fee_title(fee, known) if total is not None else fee.name.vi
    label = title[:1].lower() + title[1:]
    if total is None:
        separator = ": " if amounts.is_unread(fee) else " "
        return FeeLine(label=f"{label}{separator}{stated_by_officer(fee)}", amount="")
    return FeeLine(label=f"{label}, " if title != fee.name.vi else f"{label} ", amount=money(total))
