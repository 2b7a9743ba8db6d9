"""Days that one touch answers: today, or so many months after another day of the form."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kiosk.procedures.answers import Draft
from kiosk.procedures.conditions import months_later
from kiosk.procedures.model import Field

ISO_LENGTH = len("2026-01-01")


@dataclass(frozen=True)
class SuggestedDay:
    """One offer: its id in the posted form, its label, and the date it stands for ("" while that is not known)."""

    id: str
    label: str
    value: str


def suggested_days(draft: Draft, item: Field, today: date, lang: str) -> tuple[SuggestedDay, ...]:
    """Return the days that a date question offers, as its procedure says."""
    suggest = item.suggest or {}
    if "today" in suggest:
        vi, en = suggest["today"]
        return (SuggestedDay("today", en if lang == "en" else vi, today.isoformat()),)
    if "months" not in suggest:
        return ()
    start = str(draft.get(suggest["after"]) or "")
    known = date.fromisoformat(start) if len(start) == ISO_LENGTH else None
    return tuple(
        SuggestedDay(f"m{count}", en if lang == "en" else vi, months_later(known, count).isoformat() if known else "")
        for vi, en, count in suggest["months"]
    )


def fill_boxes(posted: Mapping[str, str], item: Field, draft: Draft, today: date) -> Mapping[str, str]:
    """Return the posted form with a touched day in the boxes, unless other figures were typed into them."""
    chosen = next((one for one in suggested_days(draft, item, today, "vi") if one.id == posted.get(item.key)), None)
    typed = [posted.get(f"{item.key}.{box}", "").strip() for box in "dmy"]
    held = str(draft.get(item.key) or "").split("-")
    is_untouched = not any(typed) or [piece.zfill(2) for piece in typed] == list(reversed(held))
    if chosen is None or not chosen.value or not is_untouched:
        return posted
    year, month, day = chosen.value.split("-")
    return {**posted, f"{item.key}.d": day, f"{item.key}.m": month, f"{item.key}.y": year}
