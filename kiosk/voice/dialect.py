"""Words of numbers as the ward says them: lẻ for linh, ngàn for nghìn, bẩy for bảy, tư for bốn after mươi.

Names of clips are made of the standard words, so a recording is found whatever the ward says; these words are what an
engine speaks and what a person reads aloud.
"""

import re
from collections.abc import Collection

_REPLACED = {
    "lẻ": (re.compile(r"(?<=\btrăm )linh\b|^linh\b"), "lẻ"),
    "ngàn": (re.compile(r"\bnghìn\b"), "ngàn"),
    "bẩy": (re.compile(r"\b([Bb])ảy\b"), r"\1ẩy"),
    "tư": (re.compile(r"\b(mươi|linh|lẻ) bốn\b"), r"\1 tư"),
}
"""Word of `[voice] number_words` -> the standard word, and what takes its place; linh alone is a clip of the board."""


def in_number_words(words: str, chosen: Collection[str]) -> str:
    """Return spoken Vietnamese words with the ward's own words for numbers."""
    for word, (standard, replacement) in _REPLACED.items():
        if word in chosen:
            words = standard.sub(replacement, words)
    return words
