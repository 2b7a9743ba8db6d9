"""An identity paper: its type, number, day and place of issue.

The parts keep the keys of the official e-form (loai, so, ngay_cap, noi_cap). The place of issue is not in the card's QR
code: it is derived from the day of issue and may be corrected.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from kiosk.procedures.answer_errors import AnswerError
from kiosk.procedures.base import Words
from kiosk.procedures.kinds.base import ParsedAnswer, Posted
from kiosk.procedures.kinds.dates import DateKind
from kiosk.procedures.kinds.text import ID_DIGITS, IdNumberKind
from kiosk.procedures.model import AnswerOption, Field
from kiosk.vietnam import id_card, viet_text

ID_DOCUMENT_TYPES = (
    AnswerOption("can_cuoc", Words("Thẻ căn cước", "ID card"), "Căn cước công dân"),
    AnswerOption("can_cuoc_dien_tu", Words("Căn cước điện tử", "Electronic ID"), "Căn cước điện tử"),
    AnswerOption("giay_chung_nhan", Words("Giấy chứng nhận căn cước", "ID certificate"), "Giấy chứng nhận căn cước"),
    AnswerOption("ho_chieu", Words("Hộ chiếu", "Passport"), "Hộ chiếu"),
    AnswerOption("cmnd", Words("Chứng minh nhân dân cũ", "Old 9-digit card"), "Chứng minh nhân dân"),
    AnswerOption("khac", Words("Giấy tờ khác", "Another paper"), "Giấy tờ"),
)
NUMBERS = {"ho_chieu": r"[A-Z0-9]{5,15}", "cmnd": r"\d{9}", "khac": r"[A-Z0-9/.\-]{3,20}"}
OTHER_NUMBER = NUMBERS["khac"]
LONGEST_PLACE = 120
NEW_CARD = "Thẻ căn cước"
NEW_CARD_FROM = "2024-07-01"
"""Cards issued from this day on are no Căn cước công dân any more."""
NATIONAL_PAPERS = ("can_cuoc", "can_cuoc_dien_tu", "cmnd")
"""Papers that only Vietnamese citizens get (Identification Law 26/2023/QH15, article 19)."""
TWELVE_DIGIT_TYPES = ("can_cuoc", "can_cuoc_dien_tu", "giay_chung_nhan")
DIGITS = dict.fromkeys(TWELVE_DIGIT_TYPES, ID_DIGITS) | {"cmnd": 9}
"""Length of the number of a type of paper, where it has digits only."""


def types_of(field: Field) -> tuple[AnswerOption, ...]:
    """Return the types of paper of a field: the usual ones, then those that its file adds (a birth certificate)."""
    return (*ID_DOCUMENT_TYPES, *field.options)


class IdDocumentKind:
    """An identity paper of a person."""

    template = "document"
    keyboard = "id"

    def parse(self, field: Field, posted: Posted, before: Any, today: date) -> ParsedAnswer:
        """Return the paper, or None without a number; the day of issue from a scanned card is kept."""
        number = re.sub(r"[ .]", "", posted.get(f"{field.key}.so", "")).upper()
        if not number:
            return ParsedAnswer()
        value = {"loai": posted.get(f"{field.key}.loai") or "can_cuoc", "so": number}
        issued = DateKind().parse(Field(f"{field.key}.ngay_cap", "date", field.label, high=0), posted, None, today)
        if issued.error:
            return ParsedAnswer(error=replace(issued.error, box=f"ngay_cap.{issued.error.box}".rstrip(".")))
        known = before if isinstance(before, dict) and before.get("so") == number else {}
        value |= _issue(value["loai"], issued.value, known) | _place(field, posted, before)
        error = self.validate(field, value, today)
        return ParsedAnswer(error=error) if error else ParsedAnswer(value)

    def validate(self, field: Field, value: Any, today: date) -> AnswerError | None:
        """Return an error for a number that does not have the form of its type of paper."""
        if not isinstance(value, dict) or not value.get("so"):
            return AnswerError("required")
        paper_type = value.get("loai")
        number = str(value["so"])
        if paper_type in TWELVE_DIGIT_TYPES:
            return IdNumberKind().validate(field, number, today)
        if all(option.id != paper_type for option in types_of(field)):
            return AnswerError("not_listed")
        pattern = NUMBERS.get(str(paper_type), OTHER_NUMBER)
        return None if re.fullmatch(pattern, number) else AnswerError("document_number")

    def on_screen(self, field: Field, value: Any, lang: str) -> str:
        """Return the masked number."""
        return id_card.mask(str((value or {}).get("so", "")))

    def on_paper(self, field: Field, value: Any) -> str:
        """Return "Căn cước công dân số ... do ... cấp ngày ...", by note 3 of the civil-status forms."""
        if not value:
            return ""
        name = next((option.value for option in types_of(field) if option.id == value.get("loai")), "Giấy tờ")
        if value.get("loai") == "can_cuoc" and _is_new_card(value):
            name = NEW_CARD
        by = f" do {value['noi_cap']}" if value.get("noi_cap") else ""
        on = f" cấp ngày {'/'.join(reversed(value['ngay_cap'].split('-')))}" if value.get("ngay_cap") else ""
        return f"{name} số {value.get('so', '')}{by}{',' if on and not by else ''}{on}"

    def sample(self, field: Field) -> Any:
        """Return a sample card."""
        return {"loai": "can_cuoc", "so": "046196000123"} | _issue("can_cuoc", "2021-05-10", {})


def _is_new_card(value: Mapping[str, str]) -> bool:
    """Return whether a card has the name of the Identification Law 26/2023/QH15: by its day, or else its issuer."""
    day = value.get("ngay_cap", "")
    return day >= NEW_CARD_FROM if day else value.get("noi_cap") == id_card.issuer(NEW_CARD_FROM)


def _place(field: Field, posted: Posted, before: Any) -> dict[str, str]:
    """Return the place of issue if it was changed by hand; else it stays derived from the day."""
    place = viet_text.clean(posted.get(f"{field.key}.noi_cap", ""))[:LONGEST_PLACE]
    place_before = before.get("noi_cap") if isinstance(before, dict) else None
    return {"noi_cap": place} if place and place != place_before else {}


def _issue(paper_type: str, day: str | None, known: Mapping[str, str]) -> dict[str, str]:
    """Return day and place of issue; a card's place is derived from its day unless it is known for that day."""
    if not day or day == known.get("ngay_cap"):
        return {key: known[key] for key in ("ngay_cap", "noi_cap") if key in known}
    return {"ngay_cap": day} | ({"noi_cap": id_card.issuer(day)} if paper_type in TWELVE_DIGIT_TYPES else {})
