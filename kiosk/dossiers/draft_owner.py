"""Whose form a draft is: the cards that were scanned in it, and whether it has anything personal yet."""

from kiosk.procedures.answers import Draft


def scanned_numbers(draft: Draft) -> frozenset[str]:
    """Return the id numbers of the cards that were scanned in a form."""
    numbers = set()
    for key, source in draft.sources.items():
        value = draft.get(key) if source == "card" else None
        number = value.get("so") if isinstance(value, dict) else value
        if isinstance(number, str) and len(number) == 12 and number.isascii() and number.isdigit():
            numbers.add(number)
    return frozenset(numbers)


def has_personal_answers(draft: Draft) -> bool:
    """Return whether a person has answered anything, or typed it, since the situation was chosen."""
    return bool(draft.sources) or any(text.strip() for boxes in draft.typed.values() for text in boxes.values())
