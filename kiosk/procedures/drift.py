"""Drift between the catalogue and official records: name, days, amounts, papers, legal bases, conditions.

Texts of papers differ in words by intent: the kiosk says them shorter. A paper has a counterpart where most words of
its name are in one paper of the other side. So this finds papers that came or went, not changed words.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from kiosk.procedures import fees
from kiosk.procedures.documents import Documents
from kiosk.procedures.facts import documents_in_use, facts_of
from kiosk.procedures.model import Procedure
from kiosk.procedures.official_records import OfficialRecord
from kiosk.vietnam.viet_text import fold

ASPECTS = {
    "name": "tên",
    "days": "thời hạn",
    "amounts": "phí",
    "papers": "giấy tờ",
    "law": "căn cứ",
    "conditions": "điều kiện",
}
"""Id of an aspect -> its word."""
PLACES = {"days": "time[", "amounts": "fee[", "papers": "paper["}
"""Aspect -> beginning of the places of its facts; the others rest on the law line."""
LIKENESS = 0.7
"""Share of the words of a paper's name that its counterpart has."""
SMALL_WORDS = frozenset(
    {"cua", "cho", "va", "hoac", "hay", "co", "la", "tai", "theo", "duoc", "cac", "mot", "nguoi", "de"}
)
NUMBER = re.compile(r"\d+(?:\.\d+)?/\d{4}/[A-ZĐ]+(?:-[A-ZĐ]+)?\d*|\d+/QĐ-[A-ZĐ]+")
FIGURE = re.compile(r"(\d+) (?:tuổi|ngày|tháng|năm|m2|mét)")


@dataclass(frozen=True)
class RecordDifference:
    """One aspect in which a procedure and its record differ; a side that has nothing is empty."""

    code: str
    aspect: str
    catalogue: str
    record: str
    newer: str = ""
    """`catalogue` or `record`; empty where a day is not known."""

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Identity, without the side that is newer."""
        return self.code, self.aspect, self.catalogue, self.record


def compare(
    procedures: Iterable[Procedure],
    records: Mapping[str, OfficialRecord],
    documents: Documents,
    *,
    today: date,
    earlier: Mapping[str, OfficialRecord] | None = None,
) -> list[RecordDifference]:
    """Return the differences of procedures that have a record, in their order.

    Args:
        procedures: the versions to compare.
        records: records by code.
        documents: the register of documents.
        today: the day whose fees count.
        earlier: records that the catalogue was written against; changed conditions are reported.
    """
    found: list[RecordDifference] = []
    for procedure in procedures:
        record = records.get(procedure.code)
        if record is None:
            continue
        sides = {
            "name": _names(procedure, record),
            "days": _days(procedure, record),
            "amounts": _amounts(procedure, record, today),
            "papers": _papers(procedure, record),
            "law": _law(procedure, record, documents, today),
            "conditions": _conditions(procedure, record, (earlier or {}).get(procedure.code)),
        }
        for aspect, (catalogue, other) in sides.items():
            if catalogue or other:
                newer = _newer(procedure, record, documents, aspect)
                found.append(
                    RecordDifference(code=procedure.code, aspect=aspect, catalogue=catalogue, record=other, newer=newer)
                )
    return found


def _only(catalogue: Iterable[str], record: Iterable[str]) -> tuple[str, str]:
    """Return what each side has alone, each joined by semicolons."""
    catalogue = list(dict.fromkeys(catalogue))
    record = list(dict.fromkeys(record))
    return (
        "; ".join(item for item in catalogue if item not in record),
        "; ".join(item for item in record if item not in catalogue),
    )


def _names(procedure: Procedure, record: OfficialRecord) -> tuple[str, str]:
    is_same = " ".join(procedure.name.split()).casefold() == " ".join(record.name.split()).casefold()
    return ("", "") if is_same else (procedure.name, record.name)


def _days(procedure: Procedure, record: OfficialRecord) -> tuple[str, str]:
    """Return the days that each side has alone; a record without a time is not compared."""
    if not record.days:
        return "", ""
    return _only((str(time.days) for time in procedure.times), map(str, record.days))


def _amounts(procedure: Procedure, record: OfficialRecord, today: date) -> tuple[str, str]:
    """Return the amounts that each side has alone; no amount and nothing to pay are told apart."""
    read = [fee for fee in fees.in_force(procedure, today) if not fees.is_unread(fee)]
    due = [rated.amount for fee in read for rated in fees.variants(fee)]
    catalogue = [str(amount) for amount in due if amount]
    official = [str(amount) for amount in record.amounts]
    has_open_fee = None in due
    if has_open_fee and not record.has_open_fee:
        catalogue.append("theo hội đồng nhân dân")
    if record.has_open_fee and not has_open_fee:
        official.append("theo hội đồng nhân dân")
    return _only(catalogue, official)


def _papers(procedure: Procedure, record: OfficialRecord) -> tuple[str, str]:
    """Return the papers of each side without a counterpart; the declaration is printed by the kiosk."""
    official = [text for text in record.papers if not _is_declaration(text)]
    known = fold(record.all_text)
    catalogue = [paper.name.vi for paper in procedure.papers if _likeness(paper.name.vi, known) < LIKENESS]
    asked = [fold(f"{paper.name.vi} {paper.bring.vi}") for paper in procedure.papers]
    alone = [text for text in official if max((_likeness(text, words) for words in asked), default=0) < LIKENESS / 2]
    return "; ".join(catalogue), "; ".join(_short(text) for text in alone)


def _is_declaration(text: str) -> bool:
    return fold(text).startswith(
        ("to khai", "giay de nghi", "van ban de nghi", "don de nghi", "phieu yeu cau", "mau ho tich")
    )


def _likeness(name: str, folded: str) -> float:
    """Return the share of the words of a name that are in a folded text."""
    words = set(fold(name).split()) - SMALL_WORDS
    there = set(folded.split())
    return len(words & there) / len(words) if words else 1


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:80].rsplit(' ', 1)[0]} …"


def _law(procedure: Procedure, record: OfficialRecord, documents: Documents, today: date) -> tuple[str, str]:
    """Return document numbers: those of the law line that the record lacks, and those of it that no fact names."""
    line = _numbers(procedure.law, documents)
    in_use = _numbers(documents_in_use(procedure, documents, today), documents)
    return (
        "; ".join(number for number in line if number not in record.legal_basis),
        "; ".join(number for number in record.legal_basis if number not in in_use),
    )


def _numbers(ids: Iterable[str], documents: Documents) -> list[str]:
    texts = (documents[name].number for name in ids if name in documents)
    return sorted({number for text in texts for number in NUMBER.findall(text)})


def _conditions(procedure: Procedure, record: OfficialRecord, earlier: OfficialRecord | None) -> tuple[str, str]:
    """Return figures of the record's conditions that the procedure never names, or conditions that changed."""
    if earlier is not None and earlier.conditions != record.conditions:
        return _short(" ".join(earlier.conditions)), _short(" ".join(record.conditions))
    said = repr((procedure.checks, procedure.notes, procedure.situations, procedure.papers))
    missing = [
        match[0] for match in FIGURE.finditer(" ".join(record.conditions)) if not re.search(rf"\b{match[1]}\b", said)
    ]
    return "", "; ".join(dict.fromkeys(missing))


def _newer(procedure: Procedure, record: OfficialRecord, documents: Documents, aspect: str) -> str:
    """Return the side whose text is newer: the documents of the procedure's facts, or the record."""
    begin = PLACES.get(aspect)
    ids = [
        name for stated in facts_of(procedure) if begin and stated.place.startswith(begin) for name in stated.sources
    ]
    known = [documents[name] for name in ids or procedure.law if name in documents]
    days = [day for document in known if (day := document.from_ or document.date)]
    if not days or record.day is None or max(days) == record.day:
        return ""
    return "catalogue" if max(days) > record.day else "record"
