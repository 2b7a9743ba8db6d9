"""Kinds that are typed: names, free text, phone, email, id number."""

import re
from datetime import date
from typing import Any

from kiosk.procedures.answer_errors import AnswerError
from kiosk.procedures.kinds.base import ParsedAnswer, Posted
from kiosk.procedures.model import Field
from kiosk.vietnam import id_card, phones, viet_text

ID_DIGITS = 12
LONGEST_NAME = 80
LONGEST_TEXT = 200
# Characters of the fonts on screen and paper (printers/fonts/build.py): Latin, Vietnamese, Central Highlands languages.
_PRINTABLE = re.compile(
    "[ -~\u00a0-\u0180\u01a0\u01a1\u01af\u01b0\u0243\u0300-\u0303\u0306\u0309\u031b\u0323\u1ea0-\u1ef9"
    "\u2010\u2013-\u2015\u2018-\u201a\u201c-\u201e\u2022\u2026\u2032\u2033\u2039\u203a\u20ab\u20ac\u2212]*"
)


class TextKind:
    """One line of free text."""

    template = "text"
    keyboard = "text"
    longest = LONGEST_TEXT
    example = "Thôn Hạ, cạnh nhà sinh hoạt cộng đồng"

    def parse(self, field: Field, posted: Posted, before: Any, today: date) -> ParsedAnswer:
        """Return the cleaned text; blank is None."""
        raw = posted.get(field.key, "")
        value = self.tidy(viet_text.clean(raw))
        if not value:
            return ParsedAnswer()
        error = self.validate(field, value, today)
        return ParsedAnswer(error=error) if error else ParsedAnswer(value)

    def tidy(self, text: str) -> str:
        """Return the text in the spelling that is stored."""
        return text

    def validate(self, field: Field, value: Any, today: date) -> AnswerError | None:
        """Return the error of a text: a control character, too long, or wrong letters."""
        if not isinstance(value, str) or value != viet_text.clean(value):
            return AnswerError("control")
        limit = field.high or self.longest
        return AnswerError("too_long", {"max": limit}) if len(value) > limit else self.validate_letters(value)

    def validate_letters(self, value: str) -> AnswerError | None:
        """Return an error for a character that the fonts lack: it would be printed as an empty box."""
        return None if _PRINTABLE.fullmatch(value) else AnswerError("control")

    def on_screen(self, field: Field, value: Any, lang: str) -> str:
        """Return the text."""
        return str(value or "")

    def on_paper(self, field: Field, value: Any) -> str:
        """Return the text, in capitals where the form has them."""
        return viet_text.upper_case(str(value or "")) if field.capitals else str(value or "")

    def sample(self, field: Field) -> Any:
        """Return the example of the field, or a sample text."""
        return field.example.vi if field.example else self.example


class LongTextKind(TextKind):
    """Several lines of free text, stored as one."""

    template = "longtext"
    longest = 500
    example = "Cán bộ ghi nhầm lúc đăng ký, các giấy tờ khác đều ghi khác giấy này"


class PersonNameKind(TextKind):
    """A person's name: letters of Vietnam's languages; in capitals on paper."""

    keyboard = "name"
    longest = LONGEST_NAME
    example = "Nguyễn Thị Mẫu"

    def validate_letters(self, value: str) -> AnswerError | None:
        """Return an error for digits and signs in a name."""
        return None if viet_text.is_name(value) else AnswerError("letters_only")

    def on_paper(self, field: Field, value: Any) -> str:
        """Return the name in capitals, as official forms have it."""
        return viet_text.upper_case(str(value or ""))


class PhoneKind(TextKind):
    """A Vietnamese phone number, stored as 0905000123."""

    keyboard = "phone"
    example = "0905 000 123"

    def tidy(self, text: str) -> str:
        """Return the number without spaces and with a leading 0."""
        return viet_text.normalize_phone(text)

    def validate_letters(self, value: str) -> AnswerError | None:
        """Return an error unless it is a mobile (10 digits) or a landline (10 or 11 digits from 02)."""
        renewed = phones.current_number(value)
        if renewed:
            return AnswerError("phone_old", {"new": phones.grouped(renewed)})
        return None if phones.kind(value) in {"mobile", "landline"} else AnswerError("phone")

    def on_screen(self, field: Field, value: Any, lang: str) -> str:
        """Return the number in groups: 0905 000 123."""
        return phones.grouped(str(value or ""))

    def sample(self, field: Field) -> Any:
        """Return a sample number."""
        return "0905000123"


class EmailKind(TextKind):
    """An email address; only its form is checked."""

    keyboard = "email"

    def validate_letters(self, value: str) -> AnswerError | None:
        """Return an error unless it has the form name@place.domain."""
        return None if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", value) else AnswerError("email")

    def sample(self, field: Field) -> Any:
        """Return a sample address."""
        return "mau@example.vn"


class IdNumberKind(TextKind):
    """A personal identification number of 12 digits."""

    keyboard = "id"

    def tidy(self, text: str) -> str:
        """Return the number without typed spaces, dots and hyphens."""
        return re.sub(r"[ .\-]", "", text)

    def validate_letters(self, value: str) -> AnswerError | None:
        """Return an error unless it has twelve digits; nine digits are the old number, which has expired.

        Source: NĐ 137/2015/NĐ-CP art. 13.
        """
        if re.fullmatch("[0-9]{12}", value):
            return None
        if re.fullmatch("[0-9]{9}", value):
            return AnswerError("id_old")
        return AnswerError("id_digits", {"n": len(re.sub("[^0-9]", "", value))})

    def on_screen(self, field: Field, value: Any, lang: str) -> str:
        """Return the number with all but its last four digits masked."""
        return id_card.mask(str(value or ""))

    def sample(self, field: Field) -> Any:
        """Return a sample number: a woman born in 1996 and registered in Huế."""
        return "046196000123"
