"""Places and addresses: a ward of today, and what stands before it.

A card's old words stay beside the ward (`card`), so that the officer sees what was read; they are never replaced
silently. The ward is picked on a page of its own and posted nowhere else.
"""

from datetime import date
from typing import Any

from kiosk.procedures.answer_errors import AnswerError
from kiosk.procedures.kinds.base import ParsedAnswer, Posted
from kiosk.procedures.model import Field
from kiosk.vietnam import places, viet_text

LONGEST_DETAIL = 120
PLACE_KINDS = frozenset({"place", "address", "ward"})
"""The kinds whose answer is a table {provinceCode, wardCode, detail, card}."""


class PlaceKind:
    """A ward and a line before it; the line may be empty (home town, place of birth)."""

    template = "place"
    keyboard = "text"
    wants_detail = False

    def parse(self, field: Field, posted: Posted, before: Any, today: date) -> ParsedAnswer:
        """Return the ward picked before, with the line posted now."""
        detail = viet_text.clean(posted.get(f"{field.key}.detail", ""))
        held = dict(before) if isinstance(before, dict) else {}
        if f"{field.key}.detail" not in posted:
            detail = str(held.get("detail", ""))
        if not detail and not held.get("wardCode"):
            return ParsedAnswer(held if held.get("card") else None)
        value = {**held, "detail": detail}
        error = self.validate(field, value, today)
        return ParsedAnswer(error=error) if error else ParsedAnswer(value)

    def validate(self, field: Field, value: Any, today: date) -> AnswerError | None:  # noqa: ARG002
        """A place has a ward that exists, or the words of a card."""
        if not isinstance(value, dict):
            return AnswerError("place_not_chosen")
        detail = str(value.get("detail", ""))
        if len(detail) > LONGEST_DETAIL:
            return AnswerError("too_long", {"max": LONGEST_DETAIL})
        if not value.get("wardCode"):
            return None if value.get("card") else AnswerError("place_not_chosen")
        if places.ward(str(value["wardCode"])) is None:
            return AnswerError("place_not_chosen")
        return AnswerError("place_detail") if self.wants_detail and not detail else None

    def on_screen(self, field: Field, value: Any, lang: str) -> str:  # noqa: ARG002
        """Return "Tổ 5, phường Phú Xuân, thành phố Huế"."""
        return _words(value)

    def on_paper(self, field: Field, value: Any) -> str:  # noqa: ARG002
        """Return "Tổ 5, phường Phú Xuân, thành phố Huế"."""
        return _words(value)

    def sample(self, field: Field) -> Any:  # noqa: ARG002
        """Return a made-up address in Hue."""
        return {"provinceCode": "46", "wardCode": "19753", "detail": "Tổ 5"}


class AddressKind(PlaceKind):
    """Where somebody lives: the line before the ward is wanted."""

    wants_detail = True


class WardKind(PlaceKind):
    """A ward alone, without a line before it."""

    def parse(self, field: Field, posted: Posted, before: Any, today: date) -> ParsedAnswer:  # noqa: ARG002
        """Return the ward picked before."""
        return super().parse(field, {}, before, today)

    def sample(self, field: Field) -> Any:
        """Return a ward of Hue."""
        return super().sample(field) | {"detail": ""}


def _words(value: Any) -> str:
    if not value:
        return ""
    return places.display(value) if value.get("wardCode") else str(value.get("card", ""))
