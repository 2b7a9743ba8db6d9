"""Finding a procedure: by life event, or by what people type, without marks and misspelt.

What is typed is compared as it is folded (no marks), then as it sounds (khai xinh, tam chu, dang ki). A phrase that
stands so in a file comes first; a sentence is judged by its words, of which the rare ones count (of "xin lại giấy khai
sinh bị mất" it is "mất" that tells a copy from a registration). Only when nothing fits is it compared with one letter
wrong, and by most of its words. A word of the file's `search` list is a way to be found, never shown: only names are.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from math import log
from pathlib import Path

from kiosk.procedures.file_errors import FileErrors
from kiosk.procedures.model import Procedure, Words
from kiosk.procedures.toml_records import record
from kiosk.vietnam import viet_text

FILE = Path(__file__).parent / "events.toml"
LONGEST_QUERY = 60  # letters; nobody types more on the screen, and time must not grow with a paste


@dataclass(frozen=True)
class LifeEvent:
    """What happened in somebody's life; `line` says which procedures lie behind it."""

    id: str
    name: Words
    line: Words
    words: tuple[str, ...] = ()
    """Other ways to say it, for the search."""


@dataclass(frozen=True)
class SearchResult:
    """A procedure that a search found, its plain name split around what matched ("" where the name has no match)."""

    procedure: Procedure
    before: str
    match: str
    after: str


@cache
def _events() -> tuple[LifeEvent, ...]:
    faults: FileErrors = []
    table = tomllib.loads(FILE.read_text("utf-8"))
    found = tuple(record(LifeEvent, one, f"event[{one.get('id')}]", faults) for one in table["event"])
    if faults:
        raise ValueError("\n".join([FILE.name, *map(str, faults)]))
    return found


def life_event_ids() -> tuple[str, ...]:
    """Return the ids of all life events, in the order of the tiles."""
    return tuple(event.id for event in _events())


def life_events(procedures: Iterable[Procedure]) -> list[LifeEvent]:
    """Return the life events that one of these procedures belongs to, in the order of the tiles."""
    wanted = {one.event for one in procedures}
    return [event for event in _events() if event.id in wanted]


def find(procedures: Iterable[Procedure], query: str, lang: str) -> list[SearchResult]:
    """Return the procedures that a query ("tam tru", "khai xinh") may mean, best first; none for an empty query."""
    wanted = _wanted(viet_text.fold(viet_text.clean(query, LONGEST_QUERY)))
    if not wanted.words:
        return []
    known = list(procedures)
    ranked = zip(_ranks(wanted, [_entry(one) for one in known]), known, strict=True)
    best = sorted(((rank, one) for rank, one in ranked if rank), key=lambda pair: (pair[0], pair[1].code))
    return [_marked(one, wanted, lang) for _, one in best]


# --- what is searched


@dataclass(frozen=True)
class _Texts:
    """Texts of a procedure, the shorter first, as lines of one string: a search is a few scans in C."""

    folded: str
    sounds: str
    lines: frozenset[str]
    """The lines of `sounds`."""
    said: frozenset[str]
    """The words of `sounds`."""


@lru_cache(maxsize=512)
def _texts(texts: tuple[str, ...]) -> _Texts:
    folded = sorted({viet_text.fold(text) for text in texts}, key=len)
    sounds = sorted({phonetic(text) for text in folded}, key=len)
    return _Texts(_lined(folded), _lined(sounds), frozenset(sounds), frozenset(" ".join(sounds).split()))


def _lined(texts: Iterable[str]) -> str:
    return "".join(f"\n {text} " for text in texts) + "\n"


_Entry = tuple[_Texts, _Texts, _Texts]


def _entry(one: Procedure) -> _Entry:
    """The names of a procedure, the other ways to find it, and the words of its life event, which others share."""
    shown = (one.short.vi, one.plain.vi, one.short.en, one.plain.en, one.name)
    return _texts(shown), _texts(one.search), _texts(_event_words(one.event))


@cache
def _event_words(event_id: str) -> tuple[str, ...]:
    event = next((event for event in _events() if event.id == event_id), None)
    return (event.name.vi, event.name.en, *event.words) if event else ()


# Onsets that are said alike, here or somewhere in the country; each is compared under the second spelling.
_ONSETS = (
    *(("ngh", "ng"), ("gh", "g"), ("tr", "ch"), ("gi", "d"), ("x", "s"), ("r", "d"), ("v", "d"), ("q", "c")),
    *(("kh", "kh"), ("k", "c"), ("l", "n")),
)


@lru_cache(maxsize=4096)
def _sound_of(word: str) -> str:
    """A folded syllable under the spelling of all that sound like it: tr as ch, x as s, final n as ng and t as c."""
    onset, spoken = next(((one, as_) for one, as_ in _ONSETS if word.startswith(one) and word != one), ("", ""))
    word = spoken + word.removeprefix(onset).replace("y", "i")
    if word.endswith("n"):
        return word + "g"
    return word[:-1] + "c" if word.endswith("t") else word


def phonetic(folded: str) -> str:
    """Return a folded text as it sounds, so that spellings that sound alike in Huế or elsewhere are equal."""
    return " ".join(map(_sound_of, folded.split()))


# --- how well it fits


@dataclass(frozen=True)
class _Wanted:
    """What was typed: folded, as it sounds, its words (folded, as they sound), and its runs of two words and more."""

    folded: str
    sounded: str
    words: tuple[tuple[str, str], ...]
    runs: tuple[str, ...]


def _wanted(folded: str) -> _Wanted:
    sounded = phonetic(folded)
    words, sounds = folded.split(), sounded.split()
    sizes = range(len(sounds), 1, -1)
    runs = tuple(" ".join(sounds[at : at + size]) for size in sizes for at in range(len(sounds) - size + 1))
    return _Wanted(folded, sounded, tuple(zip(words, sounds, strict=True)), runs)


_Rank = tuple[int, int, float]
"""Class of fit (best first), names before other words, how much was not typed or not meant."""


def _ranks(wanted: _Wanted, entries: list[_Entry]) -> list[_Rank | None]:
    """Rank every entry, the best least: whole phrases, else what words tell, else what was misspelt; or None."""
    told = _told(wanted, entries)
    phrases = [_phrase(wanted, entry) for entry in entries]
    says = [_says(wanted, entry) for entry in entries]
    if any(phrases):
        return [
            found or ((4, 0, told(entry)) if say else None)
            for found, say, entry in zip(phrases, says, entries, strict=True)
        ]
    most = [_has_most(wanted, entry) for entry in entries]
    if any(says):
        return [
            (4, 0, told(entry)) if say or has else None for say, has, entry in zip(says, most, entries, strict=True)
        ]
    near = [_near(wanted, entry) for entry in entries]
    return [
        (5, place, told(entry)) if place is not None else (6, 0, told(entry)) if has else None
        for place, has, entry in zip(near, most, entries, strict=True)
    ]


_WHOEVER = frozenset(
    phonetic("toi tui cha me ba ma bo ong o chau con xin cho lam man nha nguoi bi da roi thi duoc muon can").split()
)
"""Words of nearly every sentence, as they sound: who asks, for whom, and what holds a sentence together."""


def _told(wanted: _Wanted, entries: list[_Entry]) -> Callable[[_Entry], float]:
    """Return what adds up how much the words tell of an entry (less than 0).

    A word tells 1 when one file has it and less with each other one; two side by side tell half as much again, and so
    does a whole line. For whom it is ("cho mạ", "cho con") tells little.
    """
    held = [entry[0].said | entry[1].said for entry in entries]
    counts = Counter(word for words in held for word in words)
    said = [said for _, said in wanted.words]
    tells = {word: 1 - log(counts[word]) / log(len(held) + 1) for word in said if counts[word]}
    tells |= {word: tells[word] / 4 for word in tells.keys() & _WHOEVER}

    def sum_of(text: str) -> float:
        return sum(tells.get(word, 0) for word in text.split())

    def told(entry: _Entry) -> float:
        own = entry[:2]
        alone = sum(tells[word] for word in tells if any(word in texts.said for texts in own))
        pairs = (f" {one} {other} " for one, other in pairwise(said))
        beside = sum(sum_of(pair) for pair in pairs if any(pair in texts.sounds for texts in own))
        lines = (run for run in wanted.runs if any(run in texts.lines for texts in own))
        return -alone - beside / 2 - max(map(sum_of, lines), default=0) / 2

    return told


def _phrase(wanted: _Wanted, entry: _Entry) -> _Rank | None:
    """Rank what has the whole phrase, as it stands or as it sounds."""
    return min((rank for place, texts in enumerate(entry) for rank in _fits(wanted, texts, place)), default=None)


def _fits(wanted: _Wanted, texts: _Texts, place: int) -> Iterator[_Rank]:
    folded, sounded = wanted.folded, wanted.sounded
    needles = (
        (texts.folded, f"\n {folded} \n"),
        (texts.folded, f" {folded} "),
        (texts.sounds, f" {sounded} "),
        (texts.folded, f" {folded}"),
    )
    for sort, (text, needle) in enumerate(needles):
        at = text.find(needle)
        if at >= 0:
            # Who types a whole phrase means it, wherever it stands.
            yield sort, place if sort else place // 2, 1 - len(folded) / _line_length(text, at)
            return


def _says(wanted: _Wanted, entry: _Entry) -> bool:
    """A line has all the words, or a whole line stands in what was typed."""
    return any(_line_with_all(wanted, texts) or any(run in texts.lines for run in wanted.runs) for texts in entry)


def _line_length(text: str, at: int) -> int:
    """Return the length of the line in which a needle was found."""
    start = text.rindex("\n", 0, at + 1)
    return text.index("\n", start + 1) - start - 2


def _line_with_all(wanted: _Wanted, texts: _Texts) -> bool:
    """All words stand in one line, in any order; the last may be only begun."""
    if not all(said in texts.said for _, said in wanted.words[:-1]):
        return False
    *whole, last = (f" {said}" for _, said in wanted.words)
    return any(
        all(f"{word} " in line for word in whole) and last in line for line in (f" {one} " for one in texts.lines)
    )


def _has_most(wanted: _Wanted, entry: _Entry) -> bool:
    return sum(any(said in texts.said for texts in entry) for _, said in wanted.words) * 2 > len(wanted.words)


def _near(wanted: _Wanted, entry: _Entry) -> int | None:
    """Return where a line has the words one beside the other, each with a letter wrong at most: 0 is a name."""
    for place, texts in enumerate(entry):
        if any(_is_near_run(wanted, line.split()) for line in texts.folded.strip().split("\n")):
            return place
    return None


def _is_near_run(wanted: _Wanted, line: list[str]) -> bool:
    size = len(wanted.words)
    return any(all(map(_is_near_word, wanted.words, line[at : at + size])) for at in range(len(line) - size + 1))


def _is_near_word(typed: tuple[str, str], meant: str) -> bool:
    word, said = typed
    return said == _sound_of(meant) or _one_off(word, meant) or (len(said) > 3 and _one_off(said, _sound_of(meant)))


@lru_cache(maxsize=65536)
def _one_off(a: str, b: str) -> bool:
    """One letter is wrong, missing, too much, or two neighbours changed places; not in words of one or two letters."""
    if abs(len(a) - len(b)) > 1 or max(len(a), len(b)) < 3:
        return False
    start = next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest_a, rest_b = a[start:], b[start:]
    swapped = rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:]
    return swapped or rest_a[1:] == rest_b[1:] or rest_a[1:] == rest_b or rest_a == rest_b[1:]


# --- how it is shown


def _marked(one: Procedure, wanted: _Wanted, lang: str) -> SearchResult:
    """Mark the longest run of what was typed that the plain name has; what is only begun is marked so far."""
    name = one.plain.of(lang)
    span = viet_text.hit(name, wanted.folded) or _span(name, wanted)
    if span is None:
        return SearchResult(one, name, "", "")
    return SearchResult(one, name[: span[0]], name[span[0] : span[1]], name[span[1] :])


def _span(name: str, wanted: _Wanted) -> tuple[int, int] | None:
    words = list(re.finditer(r"\w+", name))
    sounds = [_sound_of(viet_text.fold(word[0])) for word in words]
    sizes = range(min(len(words), len(wanted.words)), 0, -1)
    for size in sizes:
        runs = {tuple(said for _, said in wanted.words[at : at + size]) for at in range(len(wanted.words) - size + 1)}
        for at in range(len(words) - size + 1):
            if tuple(sounds[at : at + size]) in runs:
                return words[at].start(), words[at + size - 1].end()
    return None
