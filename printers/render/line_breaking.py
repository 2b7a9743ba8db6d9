"""Words broken into lines, for any renderer that can measure them.

A line breaks at plain spaces only: never at a hyphen, so that ids stay whole, and never at a no-break space. Only what
is wider than the whole line is broken at those, and at last letter by letter, never before a loose mark.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from printers.printable_text import NO_BREAK

S = TypeVar("S")  # a style: whatever the measure understands
Measure = Callable[[str, S], float]


@dataclass(frozen=True)
class Segment(Generic[S]):
    """Words of one style on one line."""

    text: str
    style: S
    width: float


@dataclass(frozen=True)
class TextLine(Generic[S]):
    """One line: its segments and its whole width."""

    segments: tuple[Segment[S], ...]
    width: float


Word = list[tuple[str, S]]  # a word may change its style midway: "16.000 đồng" strong, its full stop not


def split_words(runs: Iterable[tuple[str, S]]) -> list[tuple[Word[S], S]]:
    """The words of some runs, each with the style of the space before it."""
    found: list[tuple[Word[S], S]] = []
    glued = False
    for text, style in runs:
        for number, part in enumerate(text.split(" ")):
            if number or not glued:
                found.append(([], style))
            if part:
                found[-1][0].append((part, style))
            glued = True
    return [(word, space) for word, space in found if word]


def _cut(word: Word[S], width: float, measure: Measure[S]) -> list[Word[S]]:
    """A word wider than the line, in pieces that fit."""
    pieces: list[Word[S]] = [[]]
    room = width
    for text, style in word:
        for letter in _clusters(text):
            wide = measure(letter, style)
            if wide > room and pieces[-1]:
                pieces.append([])
                room = width
            room -= wide
            if pieces[-1] and pieces[-1][-1][1] == style:
                pieces[-1][-1] = (pieces[-1][-1][0] + letter, style)
            else:
                pieces[-1].append((letter, style))
    return pieces


def _clusters(text: str) -> list[str]:
    """Letters with their loose marks."""
    out: list[str] = []
    for letter in text:
        if out and unicodedata.category(letter) in ("Mn", "Me"):
            out[-1] += letter
        else:
            out.append(letter)
    return out


def widest_word(runs: Iterable[tuple[str, S]], measure: Measure[S]) -> float:
    """The width of the widest unbreakable word."""
    return max((_width(word, measure) for word, _ in split_words(runs)), default=0.0)


def _width(word: Word[S], measure: Measure[S]) -> float:
    return sum(measure(text, style) for text, style in word)


def wrap(runs: Iterable[tuple[str, S]], width: float, measure: Measure[S]) -> list[TextLine[S]]:
    """Lines of at most `width`, each as full as it can be."""
    lines: list[list[tuple[str, S]]] = []
    room = 0.0
    measure = _remembering(measure)
    for word, space in _loosened(split_words(runs), width, measure):
        wide = _width(word, measure)
        gap = measure(" ", space)
        if lines and gap + wide <= room:
            lines[-1] += [(" ", space), *word]
            room -= gap + wide
            continue
        for piece in [word] if wide <= width else _cut(word, width, measure):
            lines.append(list(piece))
            room = width - _width(piece, measure)
    return [_line(parts, measure) for parts in lines]


def _loosened(found: list[tuple[Word[S], S]], width: float, measure: Measure[S]) -> Iterator[tuple[Word[S], S]]:
    """The words, but those wider than a line broken at their no-break spaces."""
    for word, space in found:
        if _width(word, measure) <= width:
            yield word, space
        else:
            yield from split_words((text.replace(NO_BREAK, " "), style) for text, style in word)


def wrap_balanced(runs: Iterable[tuple[str, S]], width: float, measure: Measure[S]) -> list[TextLine[S]]:
    """As few lines as `wrap` makes, but of even length: for headings."""
    runs = tuple(runs)
    measure = _remembering(measure)
    best = wrap(runs, width, measure)
    low, high = (0.5 * width, width) if len(best) > 1 else (width, width)
    while high - low > width / 50:
        middle = (low + high) / 2
        tried = wrap(runs, middle, measure)
        if len(tried) > len(best) or widest_word(runs, measure) > middle:
            low = middle
        else:
            high = middle
            best = tried
    return best


def _remembering(measure: Measure[S]) -> Measure[S]:
    """A measure that asks once for each word; it is forgotten with its paragraph, as words are people's names."""
    known: dict[tuple[str, S], float] = {}

    def remembered(text: str, style: S) -> float:
        if (text, style) not in known:
            known[text, style] = measure(text, style)
        return known[text, style]

    return remembered


def _line(parts: list[tuple[str, S]], measure: Measure[S]) -> TextLine[S]:
    """Join neighbours of one style, so that they are drawn and kerned as one."""
    joined: list[tuple[str, S]] = []
    for text, style in parts:
        if joined and joined[-1][1] == style:
            joined[-1] = (joined[-1][0] + text, style)
        else:
            joined.append((text, style))
    segments = tuple(Segment(text, style, measure(text, style)) for text, style in joined)
    return TextLine(segments, sum(segment.width for segment in segments))
