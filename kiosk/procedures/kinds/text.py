"""Kinds that are typed: names, free text, phone, e-mail, id number."""

import re
from datetime import date
from typing import Any

from kiosk.procedures.answer_errors import AnswerError
from kiosk.procedures.kinds.base import ParsedAnswer, Posted
from kiosk.procedures.model import Field
from kiosk.vietnam import id_card, phones, viet_text

LONGEST_NAME = 80
LONGEST_TEXT = 200
# What the fonts of screen and paper hold (printers/fonts/build.py): Latin, Vietnamese, the Central Highlands' letters.
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

    def parse(self, field: Field, posted: Posted, before: Any, today: date) -> ParsedAnswer:  # noqa: ARG002 - one signature
        """Return the cleaned line; blank is None."""
        raw = posted.get(field.key, "")
        value = self.tidy(viet_text.clean(raw))
        if not value:
            return ParsedAnswer()
        error = self.validate(field, value, today)
        return ParsedAnswer(error=error) if error else ParsedAnswer(value)

    def tidy(self, text: str) -> str:
        """Return the text in the one spelling that is kept."""
        return text

    def validate(self, field: Field, value: Any, today: date) -> AnswerError | None:  # noqa: ARG002
        """Return what is wrong with a line."""
        if not isinstance(value, str) or value != viet_text.clean(value):
            return AnswerError("control")
        limit = field.high or self.longest
        return AnswerError("too_long", {"max": limit}) if len(value) > limit else self.letters(value)

    def letters(self, value: str) -> AnswerError | None:
        """What the fonts of screen and paper do not have cannot be kept: it would be printed as empty boxes."""
        return None if _PRINTABLE.fullmatch(value) else AnswerError("control")

    def on_screen(self, field: Field, value: Any, lang: str) -> str:  # noqa: ARG002
        """Return the line."""
        return str(value or "")

    def on_paper(self, field: Field, value: Any) -> str:
        """Return the line, in capitals where the form wants them."""
        return viet_text.capitals(str(value or "")) if field.capitals else str(value or "")

    def sample(self, field: Field) -> Any:
        """Return a made-up line, the field's own example where it has one."""
        return field.example.vi if field.example else self.example


class LongTextKind(TextKind):
    """Some lines of free text, kept as one."""

    template = "longtext"
    longest = 500
    example = "Cán bộ ghi nhầm lúc đăng ký, các giấy tờ khác đều ghi khác giấy này"


class PersonNameKind(TextKind):
    """A person's name: letters of Vietnam's languages; in capitals on paper."""

    keyboard = "name"
    longest = LONGEST_NAME
    example = "Nguyễn Thị Mẫu"

    def letters(self, value: str) -> AnswerError | None:
        """Digits and signs are no name."""
        return None if viet_text.is_name(value) else AnswerError("letters_only")

    def on_paper(self, field: Field, value: Any) -> str:  # noqa: ARG002
        """Return the name in capitals, as official forms have it."""
        return viet_text.capitals(str(value or ""))


class PhoneKind(TextKind):
    """A Vietnamese phone number, kept as 0905000123."""

    keyboard = "phone"
    example = "0905 000 123"

    def tidy(self, text: str) -> str:
        """Return the number without spaces and with a leading 0."""
        return viet_text.phone(text)

    def letters(self, value: str) -> AnswerError | None:
        """A mobile has 10 digits, a landline 10 or 11 from 02 (facts: citizen_id, phone)."""
        renewed = phones.renewed(value)
        if renewed:
            return AnswerError("phone_old", {"new": phones.shown(renewed)})
        return None if phones.kind(value) in {"mobile", "landline"} else AnswerError("phone")

    def on_screen(self, field: Field, value: Any, lang: str) -> str:  # noqa: ARG002
        """Return the number in groups: 0905 000 123."""
        return phones.shown(str(value or ""))

    def sample(self, field: Field) -> Any:  # noqa: ARG002
        """Return a made-up number."""
        return "0905000123"


class EmailKind(TextKind):
    """An e-mail address; checked for shape only."""

    keyboard = "email"

    def letters(self, value: str) -> AnswerError | None:
        """Something, an at sign, something with a dot."""
        return None if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", value) else AnswerError("email")

    def sample(self, field: Field) -> Any:  # noqa: ARG002
        """Return a made-up address."""
        return "mau@example.vn"


class IdNumberKind(TextKind):
    """A personal identification number of 12 digits."""

    keyboard = "id"

    def tidy(self, text: str) -> str:
        """Return the digits without the gaps people type."""
        return re.sub(r"[ .\-]", "", text)

    def letters(self, value: str) -> AnswerError | None:
        """Twelve digits (Decree 137/2015, article 13); nine are the old number, which has run out."""
        if re.fullmatch("[0-9]{12}", value):
            return None
        if re.fullmatch("[0-9]{9}", value):
            return AnswerError("id_old")
        return AnswerError("id_digits", {"n": len(re.sub("[^0-9]", "", value))})

    def on_screen(self, field: Field, value: Any, lang: str) -> str:  # noqa: ARG002
        """Return the number masked but for its last four digits."""
        return id_card.mask(str(value or ""))

    def sample(self, field: Field) -> Any:  # noqa: ARG002
        """Return a made-up number of a woman born in 1996 and registered in Hue."""
        return "046196000123"
