"""Vietnamese text: clean, fold for search, sort, compare, format as a name.

Text becomes NFC here, on input, and nowhere else; the result of `clean` is safe to show, store and print. Search uses
our own `fold` on both sides, because SQLite's remove_diacritics does not change đ.
"""

import re
import unicodedata
from functools import cache, lru_cache

_SPACES = str.maketrans(dict.fromkeys("\t\n\r\v\f\x85\u2028\u2029", " "))
_REMOVED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})  # control, format, surrogate, private, unassigned

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
# The order of a Vietnamese dictionary: ngang, huyền, hỏi, ngã, sắc, nặng.
_TONES = {"\u0300": 2, "\u0309": 3, "\u0303": 4, "\u0301": 5, "\u0323": 6}
_RANKS = {letter: chr(0x41 + place) for place, letter in enumerate(_ALPHABET)}
_SHAPES = "\u0306\u0302\u031b"  # breve, circumflex, horn: with them a letter is another letter
_PHONE_SIGNS = re.compile(r"[\s.\-()\u2010-\u2015]+")
_APOSTROPHES = "'’‘ʼ`´"

# Vowels take up to three marks (ơ̆́ exists); ƀ, č, ñ and b̆ are of the Central Highlands' languages.
# The alternatives share no letter, so that a long text cannot make the search run away.
_LETTER = (
    r"(?:[aeiouy][\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323]{0,3}|[bcn][\u0303\u0306\u030c]?|[dfghj-mp-tvwxzđƀ])"
)
_NAME = re.compile(rf"{_LETTER}+(?:(?:[ \-]|['’]-?){_LETTER}+)*")

# Surnames of two syllables that are met in Huế; the imperial clan's men are Tôn Thất, its women Tôn Nữ.
_LONG_SURNAMES = (
    *("công tằng tôn nữ", "công huyền tôn nữ", "tôn nữ", "tôn thất"),
    *("zơ râm", "a lăng", "pơ loong", "a viết", "a rất"),
)


def clean(text: str, limit: int = 1000) -> str:
    """Return text as NFC with single spaces, without control and format characters, cut at `limit` characters.

    The limit stops floods of input; the kind of a question checks before whether an answer is too long for its field.
    """
    kept = "".join(ch for ch in text.translate(_SPACES) if unicodedata.category(ch) not in _REMOVED)
    tidy = " ".join(unicodedata.normalize("NFC", kept).split())
    return _cut(tidy, limit).rstrip()


def _cut(text: str, limit: int) -> str:
    """Cut text, never between a letter and its combining marks."""
    end = max(limit, 0)
    while 0 < end < len(text) and unicodedata.combining(text[end]):
        end -= 1
    return text[:end]


@lru_cache(maxsize=4096)
def _fold_letter(ch: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFD", ch.casefold()) if unicodedata.category(c) != "Mn")
    bare = bare.replace("đ", "d").replace("ƀ", "b")
    return "".join(c if c.isalnum() else "" if c in _APOSTROPHES else " " for c in bare)


def fold(text: str) -> str:
    """Fold text for search: no marks, đ as d, lower case, signs as a space, apostrophes removed (H'Mông)."""
    return " ".join("".join(map(_fold_letter, text)).split())


def find_span(text: str, query: str) -> tuple[int, int] | None:
    """Return start and end in text where a folded query matches the beginning of a word; None for no match."""
    folded, places = _folded_places(text)
    wanted = fold(query)
    at = (" " + folded).find(" " + wanted) if wanted else -1
    if at < 0:
        return None
    end = places[at + len(wanted) - 1] + 1
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return places[at], end


def _folded_places(text: str) -> tuple[str, list[int]]:
    letters: list[str] = []
    places: list[int] = []
    for place, ch in enumerate(text):
        for letter in _fold_letter(ch):
            if letter != " " or (letters and letters[-1] != " "):
                letters.append(letter)
                places.append(place)
    return "".join(letters), places


def spelling_key(text: str) -> str:
    """Return a key that is equal for two spellings of one name: hòa and hoà, capitals, spaces, apostrophes."""
    words = []
    for word in unicodedata.normalize("NFD", text.casefold()).split():
        out = [""]
        tones = ""
        for ch in (*word, "-"):
            if ch in _TONES:
                tones += str(_TONES[ch])
            elif (ch.isalpha() and ch not in _APOSTROPHES) or unicodedata.combining(ch):
                out.append(ch)
            else:
                out.append(tones + ("'" if ch in _APOSTROPHES else ch))
                tones = ""
        words.append("".join(out)[:-1])
    return " ".join(words)


def is_same_name(a: str, b: str) -> bool:
    """Return whether two names are equal apart from the place of the tone mark, capitals and spaces."""
    return spelling_key(a) == spelling_key(b)


def sort_key(text: str) -> tuple[str, str]:
    """Return a sort key: the Vietnamese alphabet by syllable, tones in dictionary order, numbers by value."""
    return "".join(map(_syllable_key, _SYLLABLES.findall(unicodedata.normalize("NFD", text.casefold())))), text


_SYLLABLES = re.compile(r"[0-9]+|(?:[^\W\d_][\u0300-\u036f]*)+")


@lru_cache(maxsize=8192)
def _syllable_key(syllable: str) -> str:
    if syllable[0] in "0123456789":
        digits = syllable.lstrip("0")
        return f"\x10{len(digits):06d}{digits}"
    tone = 1
    letters = [""]
    for ch in syllable:
        if ch in _TONES:
            tone = _TONES[ch]
        elif ch in _SHAPES:
            letters[-1:] = [_RANKS.get(unicodedata.normalize("NFC", letters[-1] + ch), letters[-1])]
        elif not unicodedata.combining(ch):
            letters.append("b" if ch == "ƀ" else ch)
    return "".join(_RANKS.get(letter, letter) for letter in letters) + chr(tone)


def is_name(text: str) -> bool:
    """Return whether text has only letters of the languages of Viet Nam, single spaces, hyphens, apostrophes."""
    return _NAME.fullmatch(unicodedata.normalize("NFD", text.lower())) is not None


def upper_case(name: str) -> str:
    """Return a name in capital letters, as forms print it."""
    return unicodedata.normalize("NFC", name.upper())


def title_case(name: str) -> str:
    """Return a name of one case with a capital at each part: H'WIÊN becomes H'Wiên; a mixed name is unchanged."""
    if name not in (name.upper(), name.lower()):
        return name
    parts = re.split(r"([\s\-'’])", name.lower())
    return unicodedata.normalize("NFC", "".join(part[:1].upper() + part[1:] for part in parts))


def surname(name: str) -> str:
    """Return the surname: the first word, or a known longer surname ("" for no name)."""
    words = name.split()
    spelt = spelling_key(name).split()
    for count in (4, 3, 2):
        if " ".join(spelt[:count]) in _long_surnames():
            return " ".join(words[:count])
    return words[0] if words else ""


@cache
def _long_surnames() -> frozenset[str]:
    return frozenset(spelling_key(name) for name in _LONG_SURNAMES)


def normalize_phone(text: str) -> str:
    """Return a telephone number as digits from 0, without signs; +84, 0084 and 84 become 0. It is not validated."""
    return re.sub(r"^(?:\+|00)?840?(?=[1-9][0-9]{8,9}$)", "0", _PHONE_SIGNS.sub("", text))


def repair_encoding(text: str) -> str:
    """Repair UTF-8 that was decoded as Latin-1 or Windows-1252 ("Nguyá»…n"), only if the result is Vietnamese."""
    try:
        repaired = bytes(map(_byte, text)).decode("utf-8")
    except ValueError:  # a character that is no byte, or bytes that are no UTF-8
        return text
    foreign = [ch for ch in repaired if ord(ch) > 0x7F and ch not in _APOSTROPHES + "\ufeff–"]
    return repaired if all(is_name(ch) or unicodedata.combining(ch) for ch in foreign) else text


def _byte(ch: str) -> int:
    return ord(ch) if ord(ch) < 0x100 else ch.encode("cp1252")[0]
