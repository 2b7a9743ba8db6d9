"""The text of a declaration's line, "Nơi sinh (4): {con_noi_sinh}", as parts: what the form says, what somebody said.

`{key}` and `{group.part}` become answers on dots, empty where nothing was answered; `{key?option}` becomes a box that
is ticked where the answer is that option or has it; "(4)" becomes a raised note, "……" a dotted line; "Có / Không
{key}" two boxes. The words themselves are the law's and are never changed here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from kiosk.procedures import kinds
from kiosk.procedures.answers import field_at, is_empty
from kiosk.procedures.conditions import value_at
from kiosk.procedures.model import Field, Procedure
from printers.printable_text import NO_BREAK
from printers.sheet import Answer, Box, Part, FormText

PLACES = ("address", "place", "ward")
"""They begin with a small letter in a sentence, and stand alone on a form."""
YES_NO = "Có / Không "
_TOKEN = re.compile(
    rf"(?:(?P<choice>{YES_NO}))?(?P<quote>“)?\{{(?P<key>[\w.]+)(?:\?(?P<option>[\w-]+))?\}}(?(quote)”)"
    r"|\s*(?P<note>\(\d+\))|(?P<dots>…{2,})"
)
_KEY = re.compile(r"\{([\w.]+)(?:\?[\w-]+)?\}")
_TICK = re.compile(r"\{([\w.]+)\?([\w-]+)\}")
_LEADING = re.compile(r"(?:^|[:;?]|\s{2})\s*\{[\w.]+\?[\w-]+\}\s*\w")
_MONEY = "đồng"
_CAPITALS = "in hoa"
_DAY_MM = 34
_COUNT_MM = 14
_CLOCK_MM = 10
_DOT_MM = 2
_LABEL = 42
"""Letters of an option that are still kept on one line with its box."""


def keys(text: str) -> list[str]:
    """Return the keys that a text names, in order."""
    return _KEY.findall(text)


def written(procedure: Procedure, answers: Mapping[str, Any], path: str) -> str:
    """Return an answer as the paper has it; nothing where there is none."""
    item = field_at(procedure, path)
    value = value_at(answers, path)
    if item is None or is_empty(value):
        return ""
    words = kinds.of(item).on_paper(item, value)
    return words[:1].upper() + words[1:] if item.kind in PLACES else words


def of_row(text: str, key: str, row: int) -> str:
    """Return a text about a list's columns, "{list.column}", as one about a row of it, counted from 0."""
    return text.replace(f"{{{key}.", f"{{{key}.{row}.")


def ticks(text: str) -> list[tuple[str, str]]:
    """Return the (key, option) of the boxes that a text has."""
    return _TICK.findall(text)


def is_ticked(value: Any, option: str) -> bool:
    """Return whether an answer is an option, or has it among several; a boolean is "true" or "false"."""
    if isinstance(value, list):
        return option in value
    return option == (str(value).lower() if isinstance(value, bool) else str(value))


def filled(procedure: Procedure, answers: Mapping[str, Any], text: str) -> str:
    """Return a text with its answers in their places, as plain words."""
    return _KEY.sub(lambda found: written(procedure, answers, found.group(1)), text)


def parts(
    procedure: Procedure, answers: Mapping[str, Any], text: str, *, bold: bool = False, bound: bool = True
) -> tuple[Part, ...]:
    """Return a line's text in parts; `bound`: an option stays on one line with its box, if there is room for it."""
    leads = bool(_LEADING.search(text))
    found = list(_parts(procedure, answers, text, bold=bold, leads=leads))
    return tuple(_joined(iter(_bound(found) if bound else found)))


def _parts(procedure: Procedure, answers: Mapping[str, Any], text: str, *, bold: bool, leads: bool) -> Iterator[Part]:
    start = 0
    for found in _TOKEN.finditer(text):
        said = text[start : found.start()]
        start = found.end()
        if found["note"]:
            yield FormText(said, bold=bold, note=found["note"])
            continue
        yield FormText(said, bold=bold)
        if found["dots"]:
            yield Answer("", width=_DOT_MM * len(found["dots"]))
        elif found["option"]:
            yield Box(ticked=is_ticked(value_at(answers, found["key"]), found["option"]), leads=leads)
        elif found["choice"]:
            yield from _boxes(value_at(answers, found["key"]))
        else:
            words = _suited(found["key"], answers, written(procedure, answers, found["key"]), text, start)
            words = words.upper() if _CAPITALS in said else words
            words = f"“{words}”" if words and found["quote"] else words
            yield from _answered(field_at(procedure, found["key"]), words, text[start:])
    yield FormText(text[start:], bold=bold)


def _suited(key: str, answers: Mapping[str, Any], words: str, text: str, end: int) -> str:
    """An answer as its line wants it: not again beside its box, without a unit that the form prints."""
    if any(other == key and is_ticked(value_at(answers, key), option) for other, option in ticks(text)):
        return ""
    if text[end:].lstrip().startswith(_MONEY):
        return words.partition(f" {_MONEY}")[0]
    return words


def _boxes(value: Any) -> Iterator[Part]:
    yes, no = YES_NO.strip().split(" / ")
    yield FormText(f" {yes}")
    yield Box(ticked=value is True)
    yield FormText(f"{NO_BREAK}{no}")
    yield Box(ticked=value is False)


def _answered(item: Field | None, words: str, rest: str) -> Iterator[Part]:
    """A count and a time of day stand on short lines of their own, all else shares the room.

    So does a day with only words behind it (`rest`), "3. Ngày {day} chết": they do not stand at the far end.
    """
    kind = item.kind if item else ""
    if kind == "time":
        hour, _, minute = words.removesuffix(" phút").partition(" giờ ")
        yield Answer(hour, grow=0, width=_CLOCK_MM, align="centre")
        yield FormText("giờ")
        yield Answer(minute, grow=0, width=_CLOCK_MM, align="centre")
        yield FormText("phút")
    elif kind == "number":
        yield Answer(words, grow=0, width=_COUNT_MM, align="centre")
    elif kind == "date" and rest.strip() and "{" not in rest:
        yield Answer(words, grow=0, width=_DAY_MM, align="centre")
    else:
        yield Answer(words)


def _bound(found: list[Part]) -> Iterator[Part]:
    """The words of an option held together: those after a box that leads, those before one that does not."""
    for number, part in enumerate(found):
        before = found[number - 1] if number else None
        after = found[number + 1] if number + 1 < len(found) else None
        if isinstance(part, FormText) and isinstance(before, Box) and before.leads:
            yield replace(part, text=_held(part.text, at_end=False))
        elif isinstance(part, FormText) and isinstance(after, Box) and not after.leads:
            yield replace(part, text=_held(part.text, at_end=True))
        else:
            yield part


def _held(text: str, *, at_end: bool) -> str:
    """The first or the last phrase of some words without a place to break, if it is short."""
    phrases = re.split(r"( {2,}|(?<=[:;,]) )" if at_end else r"( {2,}|(?<=[:;]) )", text)
    at = len(phrases) - 1 if at_end else 0
    if len(phrases[at].strip()) <= _LABEL:
        inside = phrases[at].strip()
        phrases[at] = phrases[at].replace(inside, inside.replace(" ", NO_BREAK))
    return "".join(phrases)


def _joined(found: Iterator[Part]) -> Iterator[Part]:
    """The parts without empty words; only between two pieces of the form's own words does a space count."""
    before: Part | None = None
    for part in found:
        if isinstance(part, FormText):
            follows_words = isinstance(before, FormText)
            text = part.text.rstrip() if follows_words else part.text.strip(" ")
            if isinstance(before, Box) and not before.leads and part.text.startswith(" "):
                text = 2 * NO_BREAK + text
            if not text and not part.note:
                continue
            before = FormText(text, bold=part.bold, note=part.note)
        else:
            before = part
        yield before
