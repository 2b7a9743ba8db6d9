"""Parser of a declaration's lines, such as "Nơi sinh (4): {con_noi_sinh}", into words of the form and answers.

`{key}` and `{group.part}` become answers on dots, empty without an answer; `{key?option}` becomes a box that is ticked
when the answer is or has that option; "(4)" becomes a raised footnote number, "……" a dotted line; "Có / Không {key}"
two boxes, "☐" a box to tick by hand; "ngày {key} tháng {key} năm {key}" the three gaps of one date. `{key.ward}` is a
part of a place: `detail`, `ward` or `province`. The words themselves come from the law and are never changed here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from kiosk.procedures import kinds
from kiosk.procedures.answers import field_at, is_empty, place_of_part
from kiosk.procedures.conditions import value_at
from kiosk.procedures.kinds.places import part_on_paper
from kiosk.procedures.model import Field, Procedure
from printers.printable_text import NO_BREAK
from printers.sheet import Answer, Box, FormText, Part

PLACES = ("address", "place", "ward")
"""They begin with a small letter in a sentence, and with a capital alone on a form."""
YES_NO = "Có / Không "
_TOKEN = re.compile(
    rf"(?:(?P<choice>{YES_NO}))?(?P<quote>“)?\{{(?P<key>[\w.]+)(?:\?(?P<option>[\w-]+))?\}}(?(quote)”)"
    r"|\s*(?P<note>\(\d+\))|(?P<dots>…{2,})|(?P<box>☐)"
)
_KEY = re.compile(r"\{([\w.]+)(?:\?[\w-]+)?\}")
_TICK = re.compile(r"\{([\w.]+)\?([\w-]+)\}")
_LEADING = re.compile(r"(?:^|[:;?]|\s{2})\s*(?:\{[\w.]+\?[\w-]+\}|☐)\s*\w")
_MONEY = "đồng"
_CAPITALS = "in hoa"
_DATE_GAPS = ("ngày", "tháng", "năm")
_DAY_MM = 34
_COUNT_MM = 14
_CLOCK_MM = 10
_DOT_MM = 2
_MAX_LABEL = 42
"""Letters of the longest option that is kept on one line with its box."""


def named_keys(text: str) -> list[str]:
    """Return the keys in a text, in order."""
    return _KEY.findall(text)


def answer_text(procedure: Procedure, answers: Mapping[str, Any], path: str) -> str:
    """Return an answer as text for the paper; empty without an answer."""
    if place := place_of_part(procedure, path):
        return part_on_paper(path.rpartition(".")[2], value_at(answers, place))
    item = field_at(procedure, path)
    value = value_at(answers, path)
    if item is None or is_empty(value):
        return ""
    words = kinds.of(item).on_paper(item, value)
    return words[:1].upper() + words[1:] if item.kind in PLACES else words


def for_row(text: str, key: str, row: int) -> str:
    """Return a text about columns of a list, "{list.column}", as one about a row of it, counted from 0."""
    return text.replace(f"{{{key}.", f"{{{key}.{row}.")


def box_options(text: str) -> list[tuple[str, str]]:
    """Return the (key, option) of the boxes in a text."""
    return _TICK.findall(text)


def is_ticked(value: Any, option: str) -> bool:
    """Return whether an answer is an option or has it among several; a boolean is "true" or "false"."""
    if isinstance(value, list):
        return option in value
    return option == (str(value).lower() if isinstance(value, bool) else str(value))


def fill_text(procedure: Procedure, answers: Mapping[str, Any], text: str) -> str:
    """Return a text with its answers filled in, as plain text."""
    return _KEY.sub(lambda match: answer_text(procedure, answers, match.group(1)), text)


def line_parts(
    procedure: Procedure, answers: Mapping[str, Any], text: str, *, bold: bool = False, keep_options: bool = True
) -> tuple[Part, ...]:
    """Return a line's text in parts; `keep_options` keeps an option on one row with its box where possible."""
    leads = bool(_LEADING.search(text))
    parts = list(_parts(procedure, answers, text, bold=bold, leads=leads))
    return tuple(_drop_empty(iter(_bind_options(parts) if keep_options else parts)))


def _parts(procedure: Procedure, answers: Mapping[str, Any], text: str, *, bold: bool, leads: bool) -> Iterator[Part]:
    start = 0
    for token in _TOKEN.finditer(text):
        before = text[start : token.start()]
        start = token.end()
        if token["note"]:
            yield FormText(before, bold=bold, note=token["note"])
            continue
        yield FormText(before, bold=bold)
        if token["box"]:
            yield Box(leads=leads)
        elif token["dots"]:
            yield Answer("", width=_DOT_MM * len(token["dots"]))
        elif token["option"]:
            yield Box(ticked=is_ticked(value_at(answers, token["key"]), token["option"]), leads=leads)
        elif token["choice"]:
            yield from _boxes(value_at(answers, token["key"]))
        elif _is_date_gap(token["key"], before, text):
            yield _date_gap(answer_text(procedure, answers, token["key"]), before)
        else:
            words = _fitting_text(
                token["key"], answers, words=answer_text(procedure, answers, token["key"]), text=text, end=start
            )
            words = words.upper() if _CAPITALS in before else words
            words = f"“{words}”" if words and token["quote"] else words
            yield from _answer_parts(field_at(procedure, token["key"]), words, text[start:])
    yield FormText(text[start:], bold=bold)


def _gap_word(before: str) -> str:
    return before.rstrip().rpartition(" ")[2].lower()


def _is_date_gap(key: str, before: str, text: str) -> bool:
    """Return whether an answer is one of three gaps of a date."""
    return _gap_word(before) in _DATE_GAPS and text.count(f"{{{key}}}") == len(_DATE_GAPS)


def _date_gap(words: str, before: str) -> Answer:
    """Return the day, month or year of a date; a gap without its piece stays empty."""
    pieces = words.split("/")
    piece = ["", "", *pieces][-3:][_DATE_GAPS.index(_gap_word(before))]
    is_year = _gap_word(before) == _DATE_GAPS[-1]
    return Answer(piece, grow=0, width=_COUNT_MM if is_year else _CLOCK_MM, align="centre")


def _fitting_text(key: str, answers: Mapping[str, Any], *, words: str, text: str, end: int) -> str:
    """Return an answer for its line: empty beside its ticked box, without a unit that the form prints after `end`."""
    if any(other == key and is_ticked(value_at(answers, key), option) for other, option in box_options(text)):
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


def _answer_parts(item: Field | None, words: str, rest: str) -> Iterator[Part]:
    """Yield an answer: a count or a time of day on a short line, all others share the free width.

    A date that has only words after it (`rest`) is short too, "3. Ngày {day} chết": the words follow it directly.
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


def _bind_options(parts: list[Part]) -> Iterator[Part]:
    """Bind the words of an option by no-break spaces: those after a box that leads, or before one that does not."""
    for number, part in enumerate(parts):
        before = parts[number - 1] if number else None
        after = parts[number + 1] if number + 1 < len(parts) else None
        if isinstance(part, FormText) and isinstance(before, Box) and before.leads:
            yield replace(part, text=_bind_phrase(part.text, at_end=False))
        elif isinstance(part, FormText) and isinstance(after, Box) and not after.leads:
            yield replace(part, text=_bind_phrase(part.text, at_end=True))
        else:
            yield part


def _bind_phrase(text: str, *, at_end: bool) -> str:
    """Bind the first or the last phrase by no-break spaces, if it is short."""
    phrases = re.split(r"( {2,}|(?<=[:;,]) )" if at_end else r"( {2,}|(?<=[:;]) )", text)
    at = len(phrases) - 1 if at_end else 0
    if len(phrases[at].strip()) <= _MAX_LABEL:
        phrase = phrases[at].strip()
        phrases[at] = phrases[at].replace(phrase, phrase.replace(" ", NO_BREAK))
    return "".join(phrases)


def _drop_empty(parts: Iterator[Part]) -> Iterator[Part]:
    """Drop empty words; a space counts only between two parts of the form's own words."""
    before: Part | None = None
    for part in parts:
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
