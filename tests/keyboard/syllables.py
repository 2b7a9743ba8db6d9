"""Vietnamese syllables, made from their parts, and the key sequences for each.

The spelling is written by hand and never read from the engine. In a rhyme, `.` follows the vowel that has the tone; if
old and new style differ, the new one follows `|`.
"""

import unicodedata
from collections.abc import Iterator
from itertools import product

OPEN = """
a. e. ê. i. o. ô. ơ. u. ư. a.i a.o a.u a.y â.u â.y e.o ê.u i.a i.u iê.u o.a|oa. o.e|oe. oa.i oa.o oa.y oe.o o.i ô.i
ơ.i u.a uâ.y uê. u.i uô.i uơ. u.y|uy. uy.a uy.u ư.a ư.i ư.u ươ.i ươ.u
"""
NASAL = """
a.m a.n a.ng a.nh ă.m ă.n ă.ng â.m â.n â.ng e.m e.n e.ng ê.m ê.n ê.nh i.m i.n i.nh iê.m iê.n iê.ng o.m o.n o.ng
oa.n oa.ng oa.nh oă.n oă.ng oe.n ô.m ô.n ô.ng ơ.m ơ.n u.m u.n u.ng uâ.n uâ.ng uô.m uô.n uô.ng uyê.n uy.n uy.nh ư.ng
ươ.m ươ.n ươ.ng
"""
STOPPED = """
a.c a.ch a.p a.t ă.c ă.p ă.t â.c â.p â.t e.c e.p e.t ê.ch ê.p ê.t i.ch i.p i.t iê.c iê.p iê.t o.c o.p o.t oa.c oa.ch
oa.t oă.c oă.t oe.t ô.c ô.p ô.t ơ.p ơ.t u.c u.p u.t uâ.t uô.c uô.t uyê.t uy.t uy.ch ư.c ư.t ươ.c ươ.p ươ.t
"""
ONSETS = ("", "b", "ch", "d", "đ", "h", "kh", "l", "m", "n", "nh", "ph", "r", "s", "t", "th", "tr", "v", "x")
ONLY = {
    "qu": "a. e. ê. y. ơ. a.i a.n a.ng a.nh a.t a.ch a.y e.n e.t ê.n ă.n ă.ng ă.c ă.t â.n â.y yê.n yê.t y.nh y.t",
    "gi": "a. a.i a.n a.ng a.nh a.o a.u a.p ă.c ă.ng ă.t â.c â.m â.y e.o ê.ng ê.t o. o.i o.ng ô.ng ô.i ơ. u.a u.c ư."
    " ư.a ươ.ng",
    "c": "a. a.c a.n a.nh ă.n â.y â.u o. o.n ô.ng ơ.m u.a u.c uô.n uô.c ư.a ư.u ươ.i ươ.p",
    "k": "e. e.m e.p ê. ê.nh i.a iê.n iê.m iê.u y. i.ch",
    "g": "a. a.i ă.n ă.p â.m o. o.c ô.c ơ.i u.i uô.c ư.i ươ.ng",
    "gh": "e. e.p ê. ê.nh i. iê.n",
    "ng": "a.i a.n ă.n â.m o.c oa.i oe.o ô.i ơ. u. u.y|uy. uyê.n uyê.t ư.a ươ.i ươ.c",
    "ngh": "e. e.o ê. i. i.a iê.m iê.ng iê.n",
}
TONES = {"": "", "s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
TELEX = {"ă": "aw", "â": "aa", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw", "đ": "dd"}
VNI = {"ă": "a8", "â": "a6", "ê": "e6", "ô": "o6", "ơ": "o7", "ư": "u7", "đ": "d9"}
VNI_TONES = {"": "", "s": "1", "f": "2", "r": "3", "x": "4", "j": "5"}


def _parts() -> Iterator[tuple[str, str, str]]:
    for onset, rhyme in product(ONSETS, (OPEN + NASAL).split()):
        if onset or not rhyme.startswith("i"):
            yield from ((onset, rhyme, tone) for tone in TONES)
    for onset, rhyme in product(ONSETS, STOPPED.split()):
        if onset or not rhyme.startswith("i"):
            yield from ((onset, rhyme, tone) for tone in "sj")
    for onset, rhymes in ONLY.items():
        for rhyme in rhymes.split():
            stopped = rhyme.endswith(("c", "ch", "p", "t"))
            yield from ((onset, rhyme, tone) for tone in ("sj" if stopped else TONES))


def _keys(onset: str, rhyme: str, tone: str, marks: dict[str, str], tones: dict[str, str]) -> Iterator[str]:
    """Yield four sequences: as written; tone last; all marks and the tone last; the tone before the mark."""
    before, _, after = rhyme.partition(".")
    key = tones[tone]
    spelled = "".join(marks.get(letter, letter) for letter in onset + before + "." + after)
    yield spelled.replace(".", key)
    yield spelled.replace(".", "") + key
    late = "".join(dict.fromkeys(marks[letter][1] for letter in onset + before + after if letter in marks))
    yield "".join(marks.get(letter, letter)[0] for letter in onset + before + after) + late + key
    mark = marks.get(before[-1], before[-1])
    first = "".join(marks.get(letter, letter) for letter in onset + before[:-1])
    yield first + mark[0] + key + mark[1:] + after


def _spelled(onset: str, rhyme: str, tone: str) -> str:
    return unicodedata.normalize("NFC", onset + rhyme.replace(".", TONES[tone]))


def typed(method: str, style: str) -> Iterator[tuple[str, str]]:
    """Yield (keys, word) for every syllable in every order."""
    marks = TELEX if method == "telex" else VNI
    tones = {tone: tone for tone in TONES} if method == "telex" else VNI_TONES
    for onset, both, tone in _parts():
        old, _, new = both.partition("|")
        rhyme = new if style == "new" and new else old
        for keys in dict.fromkeys(_keys(onset, rhyme, tone=tone, marks=marks, tones=tones)):
            yield keys, _spelled(onset, rhyme, tone)
