"""Official records of procedures, read from a file: name, times, fees, papers, legal bases, conditions, source.

The shipped file is kiosk/procedures/records/2026-11.json; a province may hand its wards a newer one of the same form.
"""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kiosk.base.errors import KioskError

SHIPPED = Path(__file__).parent / "records" / "2026-11.json"
REFERRED = {"281/2016/TT-BTC": 8000}
"""Number of a circular that records name instead of an amount -> its amount (a copy of an extract)."""
COUNTER = frozenset({"truc_tiep", "moi_hinh_thuc"})
"""Channels of a fee that is paid at the counter."""


class BadRecords(KioskError):  # noqa: N818 - read in a sentence
    """A file of official records cannot be used; the message says where."""

    code = "K-02"

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}", f"{name} is no file of official records (reason above in Vietnamese).")


@dataclass(frozen=True)
class OfficialRecord:
    """The record of one procedure; texts are verbatim."""

    code: str
    name: str
    day: date | None
    """Day of its last update, or of the copy."""
    decision: str
    days: tuple[int, ...]
    """Processing times; empty: the record gives none."""
    amounts: tuple[int, ...]
    """Fees at the counter in dong, as far as the record has figures."""
    has_open_fee: bool
    """A fee whose amount is left to the council of the province."""
    papers: tuple[str, ...]
    notes: tuple[str, ...]
    legal_basis: tuple[str, ...]
    conditions: tuple[str, ...]
    source: str
    address: str

    @property
    def all_text(self) -> str:
        """Papers, notes and conditions in one text."""
        return "\n".join((*self.papers, *self.notes, *self.conditions))


def read_records(path: Path = SHIPPED) -> dict[str, OfficialRecord]:
    """Return the records of a file by code.

    Raises:
        BadRecords: the file cannot be read, or a record lacks something.
    """
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as cause:
        raise BadRecords(path.name, f"không đọc được tệp: {cause}") from cause
    except json.JSONDecodeError as cause:
        raise BadRecords(path.name, f"viết sai quy cách JSON ở dòng {cause.lineno}, cột {cause.colno}") from cause
    if not isinstance(content, dict) or not isinstance(content.get("procedures"), dict):
        raise BadRecords(path.name, "thiếu 'procedures': tệp phải có dạng của kiosk/procedures/records/2026-11.json")
    texts = content.get("texts", {})
    records: dict[str, OfficialRecord] = {}
    for code, entry in content["procedures"].items():
        try:
            records[code] = _record(code, entry, texts)
        except (AttributeError, KeyError, TypeError, ValueError) as cause:
            raise BadRecords(path.name, f"thủ tục {code}: thiếu hoặc sai {cause}") from cause
    return records


def _record(code: str, entry: dict[str, Any], texts: dict[str, str]) -> OfficialRecord:
    fees = [fee for fee in entry["fees"] if fee["channel"] in COUNTER]
    words = " ".join(fee.get("text", "") for fee in fees)
    referred = {amount for number, amount in REFERRED.items() if number in words}
    return OfficialRecord(
        code=code,
        name=entry["name"],
        day=date.fromisoformat(entry["day"]) if entry["day"] else None,
        decision=entry["decision"] or "",
        days=tuple(sorted({int(time["days"]) for time in entry["times"]})),
        amounts=tuple(sorted({int(fee["dong"]) for fee in fees if fee["dong"]} | referred)),
        has_open_fee=any(fee["dong"] is None for fee in fees),
        papers=tuple(texts.get(paper["paper"], paper["paper"]) for paper in entry["papers"]),
        notes=tuple(texts.get(note, note) for note in entry["paper_notes"]),
        legal_basis=tuple(entry["legal_basis"]),
        conditions=tuple(texts.get(text, text) for text in entry["conditions"]),
        source=entry["source"]["title"],
        address=entry["source"]["address"],
    )
