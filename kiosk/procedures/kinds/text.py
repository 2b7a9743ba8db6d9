"""Kinds that are typed: names, free text, phone, e-mail, id number."""

import re
from datetime import date
from typing import Any

from kiosk.procedures.answer_errors import Fault
from kiosk.procedures.kinds.base import Posted, Reading
from kiosk.procedures.model import Field
from kiosk.vietnam import id_card, phones, viet_text

LONGEST_NAME = 80
LONGEST_TEXT = 200
# What the fonts of screen and paper hold (printers/fonts/build.py): Latin, Vietnamese, the Central Highlands' letters.
_PRINTABLE = re.compile(
    "[ -~\u00a0-\u0180\u01a0\u01a1\u01af\u01b0\u0243\u0300-\u0303\u0306\u0309\u031b\u0323\u1ea0-\u1ef9"
    "\u2010\u2013-\u2015\u2018-\u201a\u201c-\u201e\u2022\u2026\u2032\u2033\u2039\u203a\u20ab\u20ac\u2212]*"
)


class Text:
    """One line of free text."""

    part = "text"
    keyboard = "text"
    longest = LONGEST_TEXT
    example = "Thôn Hạ, cạnh nhà sinh hoạt cộng đồng"

    def read(self, field: Field, posted: Posted, before: Any, today: date) -> Reading:  # noqa: ARG002 - one signature
        """Return the cleaned line; blank is None."""
        raw = posted.get(field.key, "")
        value = self.tidy(viet_text.clean(raw))
        if not value:
            return Reading()
        fault = self.judge(field, value, today)
        return Reading(fault=fault) if fault else Reading(value)

    def tidy(self, text: str) -> str:
        """Return the text in the one spelling that is kept."""
        return text

    def judge(self, field: Field, value: Any, today: date) -> Fault | None:  # noqa: ARG002
        """Return what is wrong with a line."""
        if not isinstance(value, str) or value != viet_text.clean(value):
            return Fault("control")
        limit = field.high or self.longest
        return Fault("too_long", {"max": limit}) if len(value) > limit else self.letters(value)

    def letters(self, value: str) -> Fault | None:
        """What the fonts of screen and paper do not have cannot be kept: it would be printed as empty boxes."""
        return None if _PRINTABLE.fullmatch(value) else Fault("control")

    def say(self, field: Field, value: Any, lang: str) -> str:  # noqa: ARG002
        """Return the line."""
        return str(value or "")

    def write(self, field: Field, value: Any) -> str:
        """Return the line, in capitals where the form wants them."""
        return viet_text.capitals(str(value or "")) if field.capitals else str(value or "")

    def sample(self, field: Field) -> Any:
        """Return a made-up line, the field's own example where it has one."""
        return field.example.vi if field.example else self.example


class LongText(Text):
    """Some lines of free text, kept as one."""

    part = "longtext"
    longest = 500
    example = "Cán bộ ghi nhầm lúc đăng ký, các giấy tờ khác đều ghi khác giấy này"


class PersonName(Text):
    """A person's name: letters of Vietnam's languages; in capitals on paper."""

    keyboard = "name"
    longest = LONGEST_NAME
    example = "Nguyễn Thị Mẫu"

    def letters(self, value: str) -> Fault | None:
        """Digits and signs are no name."""
        return None if viet_text.is_name(value) else Fault("letters_only")

    def write(self, field: Field, value: Any) -> str:  # noqa: ARG002
        """Return the name in capitals, as official forms have it."""
        return viet_text.capitals(str(value or ""))


class Phone(Text):
    """A Vietnamese phone number, kept as 0905000123."""

    keyboard = "phone"
    example = "0905 000 123"

    def tidy(self, text: str) -> str:
        """Return the number without spaces and with a leading 0."""
        return viet_text.phone(text)

    def letters(self, value: str) -> Fault | None:
        """A mobile has 10 digits, a landline 10 or 11 from 02 (facts: citizen_id, phone)."""
        renewed = phones.renewed(value)
        if renewed:
            return Fault("phone_old", {"new": phones.shown(renewed)})
        return None if phones.kind(value) in {"mobile", "landline"} else Fault("phone")

    def say(self, field: Field, value: Any, lang: str) -> str:  # noqa: ARG002
        """Return the number in groups: 0905 000 123."""
        return phones.shown(str(value or ""))

    def sample(self, field: Field) -> Any:  # noqa: ARG002
        """Return a made-up number."""
        return "0905000123"


class Email(Text):
    """An e-mail address; checked for shape only."""

    keyboard = "email"

    def letters(self, value: str) -> Fault | None:
        """Something, an at sign, something with a dot."""
        return None if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", value) else Fault("email")

    def sample(self, field: Field) -> Any:  # noqa: ARG002
        """Return a made-up address."""
        return "mau@example.vn"


class IdNumber(Text):
    """A personal identification number of 12 digits."""

    keyboard = "id"

    def tidy(self, text: str) -> str:
        """Return the digits without the gaps people type."""
        return re.sub(r"[ .\-]", "", text)

    def letters(self, value: str) -> Fault | None:
        """Twelve digits (Decree 137/2015, article 13); nine are the old number, which has run out."""
        if re.fullmatch("[0-9]{12}", value):
            return None
        if re.fullmatch("[0-9]{9}", value):
            return Fault("id_old")
        return Fault("id_digits", {"n": len(re.sub("[^0-9]", "", value))})

    def say(self, field: Field, value: Any, lang: str) -> str:  # noqa: ARG002
        """Return the number masked but for its last four digits."""
        return id_card.mask(str(value or ""))

    def sample(self, field: Field) -> Any:  # noqa: ARG002
        """Return a made-up number of a woman born in 1996 and registered in Hue."""
        return "046196000123"
