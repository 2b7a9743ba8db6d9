"""Rules about typed text: names, numbers, words."""

import re

from kiosk.procedures.checks.base import NUMBER, NUMBERS, ROWS, TEXTS, Arg, Args, CheckContext, Values, takes
from kiosk.vietnam import viet_text


@takes(TEXTS, keys=(2, None))
def surname_in(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether the surname of the first name is the surname of one of the others."""
    child, *parents = values
    surnames = [viet_text.surname(parent) for parent in parents if parent]
    return (
        not child
        or not surnames
        or any(viet_text.is_same_name(viet_text.surname(child), surname) for surname in surnames)
    )


@takes(TEXTS, keys=(1, 1), letters=NUMBER)
def shorter_than(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether the text has at most `letters` letters."""
    return len(str(values[0] or "")) <= int(args["letters"])


@takes(TEXTS, keys=(1, 1), letters=NUMBER)
def longer_than(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether the text has more than `letters` letters; a missing one has its own message."""
    return not values[0] or len(str(values[0])) > int(args["letters"])


@takes(TEXTS | ROWS, column=Arg("column", is_optional=True))
def no_telex_left(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether no Telex keys are left ("Nguyeenx"), in a text or in `column` of rows.

    A Vietnamese syllable never ends in one of s f r x j.
    """
    rows = [row.get(args["column"]) for rows in values if isinstance(rows, list) for row in rows]
    texts = [*(value for value in values if isinstance(value, str)), *rows]
    return not any(_telex_like(word) for text in texts for word in str(text or "").split())


@takes(TEXTS, keys=(1, 1), words=Arg("words"))
def without_words(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether the text has none of `words`, with or without tone marks."""
    text = f" {viet_text.fold(str(values[0] or ''))} "
    return not any(f" {viet_text.fold(str(word))} " in text for word in args["words"])


@takes(TEXTS)
def only_digits(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether the texts have digits and spaces only."""
    return all(re.fullmatch("[0-9 ]*", str(value or "")) for value in values)


@takes(NUMBERS, keys=(1, 1), most=NUMBER)
def at_most(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether the number is not larger than `most`."""
    return values[0] is None or int(values[0]) <= int(args["most"])


@takes(NUMBERS, keys=(1, 1), amount=Arg("amount"))
def below_amount(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether the number is below the ward's `amount`; True while the ward has not entered that amount."""
    amount = context.office.amounts.get(args["amount"])
    return values[0] is None or amount is None or int(values[0]) < amount


@takes(NUMBERS)
def positive(values: Values, args: Args, context: CheckContext) -> bool:
    """Return whether the numbers are larger than 0."""
    return all(value > 0 for value in values if value is not None)


_ONSETS = ("ch", "dd", "gh", "gi", "kh", "ng", "ngh", "nh", "ph", "qu", "th", "tr")


def _telex_like(word: str) -> bool:
    low = word.lower()
    onset = re.match("[^aeiouy]*", low)
    if onset and len(onset[0]) > 1 and onset[0] not in _ONSETS:
        return False  # Ksor, Kpor: a name of the Central Highlands
    if re.search("aa|ee|oo(?!ng)|dd|aw|ow|uw", low):  # Loong is a surname of the Cơ Tu
        return True
    return len(low) > 2 and low[-1] in "sfrxj" and low.isascii() and low[-2] in "aeiouynmghtpc"
