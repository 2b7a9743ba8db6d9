"""Places and addresses: a ward of today, and the detail (house, street, village) before it.

The text of a scanned card is stored beside the ward (`card`), so that the officer sees it; it is never replaced
silently. The ward is chosen on its own page and posted only there. Where the field lets people write a place that no
list has (`suggest.write`), the place may be a detail without a ward.
"""

from datetime import date
from typing import Any

from kiosk.procedures.answer_errors import AnswerError
from kiosk.procedures.kinds.base import ParsedAnswer, Posted
from kiosk.procedures.model import Field
from kiosk.vietnam import places, viet_text

LONGEST_DETAIL = 120
PLACE_KINDS = frozenset({"place", "address", "ward"})
"""Kinds whose answer is a table {provinceCode, wardCode, detail, card}."""

ADDRESS_PARTS = ("detail", "ward", "province")


def may_write(field: Field) -> bool:
    """Return whether a place of the field may be written in own words, without a ward."""
    return bool((field.suggest or {}).get("write"))


def written(text: str) -> dict[str, str]:
    """Return a place in own words as an answer."""
    return {"provinceCode": "", "wardCode": "", "detail": text}


def is_place(field: Field, value: Any) -> bool:
    """Return whether a place is complete: a ward, the text of a card, or own words where they are allowed."""
    known = value.get("wardCode") or value.get("card")
    return bool(known or (may_write(field) and value.get("detail")))


class PlaceKind:
    """A ward and a detail, which may be empty (home town, place of birth)."""

    template = "place"
    keyboard = "text"
    wants_detail = False

    def parse(self, field: Field, posted: Posted, before: Any, today: date) -> ParsedAnswer:
        """Return the ward chosen before, with the posted detail."""
        detail = viet_text.clean(posted.get(f"{field.key}.detail", ""))
        place = dict(before) if isinstance(before, dict) else {}
        if f"{field.key}.detail" not in posted:
            detail = str(place.get("detail", ""))
        if not detail and not place.get("wardCode"):
            return ParsedAnswer(place if place.get("card") else None)
        value = {**place, "detail": detail}
        error = self.validate(field, value, today)
        return ParsedAnswer(error=error) if error else ParsedAnswer(value)

    def validate(self, field: Field, value: Any, today: date) -> AnswerError | None:
        """Return an error for a place with neither an existing ward nor the text of a card."""
        if not isinstance(value, dict):
            return AnswerError("place_not_chosen")
        detail = str(value.get("detail", ""))
        if len(detail) > LONGEST_DETAIL:
            return AnswerError("too_long", {"max": LONGEST_DETAIL})
        if not value.get("wardCode"):
            return None if is_place(field, value) else AnswerError("place_not_chosen")
        if places.ward(str(value["wardCode"])) is None:
            return AnswerError("place_not_chosen")
        return AnswerError("place_detail") if self.wants_detail and not detail else None

    def on_screen(self, field: Field, value: Any, lang: str) -> str:
        """Return "Tổ 5, phường Phú Xuân, thành phố Huế"."""
        return place_text(value)

    def on_paper(self, field: Field, value: Any) -> str:
        """Return "Tổ 5, phường Phú Xuân, thành phố Huế"."""
        return place_text(value)

    def sample(self, field: Field) -> Any:
        """Return a sample address in Huế."""
        return {"provinceCode": "46", "wardCode": "19753", "detail": "Tổ 5"}


class AddressKind(PlaceKind):
    """A home: the detail is required."""

    wants_detail = True


class WardKind(PlaceKind):
    """A ward without a detail."""

    def parse(self, field: Field, posted: Posted, before: Any, today: date) -> ParsedAnswer:
        """Return the ward chosen before."""
        return super().parse(field, {}, before, today)

    def sample(self, field: Field) -> Any:
        """Return a ward of Huế."""
        return super().sample(field) | {"detail": ""}


def part_on_paper(name: str, value: Any) -> str:
    """Return the "detail", "ward" or "province" of a place: "Tổ 5", "Phường Phú Xuân", "Thành phố Huế".

    A card's text that has no ward yet is the detail.
    """
    if not value:
        return ""
    if name == "detail":
        return str(value.get("detail", "") if value.get("wardCode") else value.get("card", ""))
    if name == "ward":
        ward = places.ward(str(value.get("wardCode", "")))
        return ward.name if ward else ""
    province = places.province(str(value.get("provinceCode", "")))
    return province.name if province else ""


def place_text(value: Any) -> str:
    """Return a place in words; the text of the card while it is not split into its parts."""
    if not value:
        return ""
    return places.display(value) if value.get("wardCode") or value.get("detail") else str(value.get("card", ""))
