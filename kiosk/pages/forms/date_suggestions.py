"""Suggested dates of a date question: today, or some months after another date of the form."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kiosk.procedures.answers import Draft
from kiosk.procedures.conditions import months_later
from kiosk.procedures.model import Field

ISO_LENGTH = len("2026-01-01")


@dataclass(frozen=True)
class SuggestedDay:
    """A suggested date: its id in the posted form, its label, and its value (empty while the start is unknown)."""

    id: str
    label: str
    value: str


def suggested_days(draft: Draft, field: Field, today: date, lang: str) -> tuple[SuggestedDay, ...]:
    """Return the dates that a procedure suggests for a date question."""
    suggest = field.suggest or {}
    if "today" in suggest:
        vi, en = suggest["today"]
        return (SuggestedDay(id="today", label=en if lang == "en" else vi, value=today.isoformat()),)
    if "months" not in suggest:
        return ()
    start_text = str(draft.get(suggest["after"]) or "")
    start = date.fromisoformat(start_text) if len(start_text) == ISO_LENGTH else None
    return tuple(
        SuggestedDay(
            id=f"m{count}",
            label=en if lang == "en" else vi,
            value=months_later(start, count).isoformat() if start else "",
        )
        for vi, en, count in suggest["months"]
    )


def fill_boxes(posted: Mapping[str, str], field: Field, draft: Draft, today: date) -> Mapping[str, str]:
    """Return the posted form with a touched suggestion in the date boxes, unless another date was typed."""
    days = suggested_days(draft, field, today, lang="vi")
    chosen = next((day for day in days if day.id == posted.get(field.key)), None)
    typed = [posted.get(f"{field.key}.{box}", "").strip() for box in "dmy"]
    stored = str(draft.get(field.key) or "").split("-")
    is_untouched = not any(typed) or [part.zfill(2) for part in typed] == list(reversed(stored))
    if chosen is None or not chosen.value or not is_untouched:
        return posted
    year, month, day_of_month = chosen.value.split("-")
    return {**posted, f"{field.key}.d": day_of_month, f"{field.key}.m": month, f"{field.key}.y": year}
