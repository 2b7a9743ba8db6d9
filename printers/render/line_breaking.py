"""Line breaking of words, for any renderer that can measure them.

A line breaks only at plain spaces: never at a hyphen, so that ids stay whole, and never at a no-break space. Only a
word that is wider than the line is broken at its no-break spaces, and then between letters, never before a combining
mark.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from printers.printable_text import NO_BREAK

S = TypeVar("S")  # a style: a value that the measure function understands
Measure = Callable[[str, S], float]


@dataclass(frozen=True)
class Segment(Generic[S]):
    """Words of one style on one line."""

    text: str
    style: S
    width: float


@dataclass(frozen=True)
class TextLine(Generic[S]):
    """A line: its segments and its whole width."""

    segments: tuple[Segment[S], ...]
    width: float


Word = list[tuple[str, S]]  # a word may change its style inside: "16.000 đồng" is strong, the full stop after it is not


def split_words(runs: Iterable[tuple[str, S]]) -> list[tuple[Word[S], S]]:
    """Return the words of some runs, each with the style of the space before it."""
    words: list[tuple[Word[S], S]] = []
    continues_word = False
    for text, style in runs:
        for number, part in enumerate(text.split(" ")):
            if number or not continues_word:
                words.append(([], style))
            if part:
                words[-1][0].append((part, style))
            continues_word = True
    return [(word, space) for word, space in words if word]


def _cut(word: Word[S], width: float, measure: Measure[S]) -> list[Word[S]]:
    """Cut a word that is wider than the line into pieces that are not."""
    pieces: list[Word[S]] = [[]]
    free = width
    for text, style in word:
        for letter in _clusters(text):
            letter_width = measure(letter, style)
            if letter_width > free and pieces[-1]:
                pieces.append([])
                free = width
            free -= letter_width
            if pieces[-1] and pieces[-1][-1][1] == style:
                pieces[-1][-1] = (pieces[-1][-1][0] + letter, style)
            else:
                pieces[-1].append((letter, style))
    return pieces


def _clusters(text: str) -> list[str]:
    """Return letters with their combining marks."""
    clusters: list[str] = []
    for letter in text:
        if clusters and unicodedata.category(letter) in ("Mn", "Me"):
            clusters[-1] += letter
        else:
            clusters.append(letter)
    return clusters


def widest_word(runs: Iterable[tuple[str, S]], measure: Measure[S]) -> float:
    """Return the width of the widest unbreakable word."""
    return max((_word_width(word, measure) for word, _ in split_words(runs)), default=0.0)


def _word_width(word: Word[S], measure: Measure[S]) -> float:
    return sum(measure(text, style) for text, style in word)


def wrap(runs: Iterable[tuple[str, S]], width: float, measure: Measure[S]) -> list[TextLine[S]]:
    """Break runs into lines of at most `width`, each as full as possible."""
    lines: list[list[tuple[str, S]]] = []
    free = 0.0
    measure = _cached(measure)
    for word, space in _breakable(split_words(runs), width, measure):
        word_width = _word_width(word, measure)
        gap = measure(" ", space)
        if lines and gap + word_width <= free:
            lines[-1] += [(" ", space), *word]
            free -= gap + word_width
            continue
        for piece in [word] if word_width <= width else _cut(word, width, measure):
            lines.append(list(piece))
            free = width - _word_width(piece, measure)
    return [_join_line(parts, measure) for parts in lines]


def _breakable(words: list[tuple[Word[S], S]], width: float, measure: Measure[S]) -> Iterator[tuple[Word[S], S]]:
    """Yield the words; those wider than a line are split at their no-break spaces."""
    for word, space in words:
        if _word_width(word, measure) <= width:
            yield word, space
        else:
            yield from split_words((text.replace(NO_BREAK, " "), style) for text, style in word)


def wrap_balanced(runs: Iterable[tuple[str, S]], width: float, measure: Measure[S]) -> list[TextLine[S]]:
    """Break runs into as few lines as `wrap`, but of about equal length: for headings."""
    runs = tuple(runs)
    measure = _cached(measure)
    best = wrap(runs, width, measure)
    low, high = (0.5 * width, width) if len(best) > 1 else (width, width)
    while high - low > width / 50:
        middle = (low + high) / 2
        lines = wrap(runs, middle, measure)
        if len(lines) > len(best) or widest_word(runs, measure) > middle:
            low = middle
        else:
            high = middle
            best = lines
    return best


def _cached(measure: Measure[S]) -> Measure[S]:
    """Return a measure function with a cache for one paragraph: words are people's names, so no cache outlives it."""
    widths: dict[tuple[str, S], float] = {}

    def cached_measure(text: str, style: S) -> float:
        if (text, style) not in widths:
            widths[text, style] = measure(text, style)
        return widths[text, style]

    return cached_measure


def _join_line(parts: list[tuple[str, S]], measure: Measure[S]) -> TextLine[S]:
    """Join neighbours of one style, so that they are drawn and kerned as one."""
    joined: list[tuple[str, S]] = []
    for text, style in parts:
        if joined and joined[-1][1] == style:
            joined[-1] = (joined[-1][0] + text, style)
        else:
            joined.append((text, style))
    segments = tuple(Segment(text, style, measure(text, style)) for text, style in joined)
    return TextLine(segments, sum(segment.width for segment in segments))
