"""The text of a declaration's line, "Nơi sinh (4): {con_noi_sinh}", as parts: what the form says, what somebody said.

`{key}` and `{group.part}` become answers on dots, empty where nothing was answered; "(4)" becomes a raised note;
"Có / Không {key}" becomes two boxes. The words themselves are the law's and are never changed here.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kiosk.procedures import kinds
from kiosk.procedures.filling import at, field_at
from kiosk.procedures.model import Field, Procedure
from printers.sheet import Answer, Box, Part, Said
from printers.words import NO_BREAK

PLACES = ("address", "place")
"""They begin with a small letter in a sentence, and stand alone on a form."""
YES_NO = "Có / Không "
_TOKEN = re.compile(rf"(?:(?P<choice>{YES_NO}))?\{{(?P<key>[\w.]+)\}}|\s*(?P<note>\(\d+\))")
_KEY = re.compile(r"\{([\w.]+)\}")
_COUNT_MM = 14


def keys(text: str) -> list[str]:
    """Return the keys that a text names, in order."""
    return _KEY.findall(text)


def written(procedure: Procedure, answers: Mapping[str, Any], path: str) -> str:
    """Return an answer as the paper has it; nothing where there is none."""
    item, value = field_at(procedure, path), at(answers, path)
    if item is None or value in (None, "", [], {}):
        return ""
    words = kinds.of(item).write(item, value)
    return words[:1].upper() + words[1:] if item.kind in PLACES else words


def filled(procedure: Procedure, answers: Mapping[str, Any], text: str) -> str:
    """Return a text with its answers in their places, as plain words."""
    return _KEY.sub(lambda found: written(procedure, answers, found.group(1)), text)


def parts(procedure: Procedure, answers: Mapping[str, Any], text: str, *, bold: bool = False) -> tuple[Part, ...]:
    """Return a line's text in parts."""
    return tuple(_joined(_parts(procedure, answers, text, bold=bold)))


def _parts(procedure: Procedure, answers: Mapping[str, Any], text: str, *, bold: bool) -> Iterator[Part]:
    start = 0
    for found in _TOKEN.finditer(text):
        said = text[start : found.start()]
        start = found.end()
        if found["note"]:
            yield Said(said, bold=bold, note=found["note"])
            continue
        yield Said(said, bold=bold)
        if found["choice"]:
            yield from _boxes(at(answers, found["key"]))
        else:
            yield _answer(field_at(procedure, found["key"]), written(procedure, answers, found["key"]))
    yield Said(text[start:], bold=bold)


def _boxes(value: Any) -> Iterator[Part]:
    yes, no = YES_NO.strip().split(" / ")
    yield Said(f" {yes}")
    yield Box(ticked=value is True)
    yield Said(f"{NO_BREAK}{no}")
    yield Box(ticked=value is False)


def _answer(item: Field | None, words: str) -> Answer:
    """A count stands on a short line of its own, all else shares the room."""
    if item is not None and item.kind == "number":
        return Answer(words, grow=0, width=_COUNT_MM, align="centre")
    return Answer(words)


def _joined(found: Iterator[Part]) -> Iterator[Part]:
    """The parts without empty words; only between two pieces of the form's own words does a space count."""
    before: Part | None = None
    for part in found:
        if isinstance(part, Said):
            follows_words = isinstance(before, Said)
            text = part.text.rstrip() if follows_words else part.text.strip(" ")
            if isinstance(before, Box) and part.text.startswith(" "):
                text = 2 * NO_BREAK + text
            if not text and not part.note:
                continue
            before = Said(text, bold=part.bold, note=part.note)
        else:
            before = part
        yield before
