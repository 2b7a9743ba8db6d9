"""Search of procedures: by life event, or by a typed query, without tone marks and with misspellings.

A query is compared folded (without marks), then in phonetic spelling (khai xinh, tam chu, dang ki). A whole phrase of a
file ranks first. A sentence is scored by its words with IDF weights: in "xin lại giấy khai sinh bị mất" the rare word
"mất" separates a copy from a registration. Only when nothing matches, words with one wrong letter match, and sentences
of which most words match. The words of a file's `search` list are never shown: results show names only.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from math import log

from kiosk.procedures.life_events import LifeEvent, shipped_events
from kiosk.procedures.model import Procedure
from kiosk.vietnam import viet_text

LONGEST_QUERY = 60  # letters; nobody types more on the screen, and time must not grow with a paste
LONGEST_NAME = 24
"""Words of the longest official name that is searched."""


@dataclass(frozen=True)
class SearchResult:
    """A procedure, with its plain name split around the match ("" where nothing of the name matches)."""

    procedure: Procedure
    before: str
    match: str
    after: str


def life_events(procedures: Iterable[Procedure], events: Iterable[LifeEvent] | None = None) -> list[LifeEvent]:
    """Return the life events of these procedures, in the order of `events`; without them, of the shipped ones."""
    wanted = {procedure.event for procedure in procedures}
    return [event for event in (shipped_events() if events is None else events) if event.id in wanted]


def find(
    procedures: Iterable[Procedure], query: str, lang: str, events: Iterable[LifeEvent] | None = None
) -> list[SearchResult]:
    """Return the procedures that match a query ("tam tru", "khai xinh"), best first; none for an empty query."""
    event_texts = {event.id: _event_texts(event) for event in (shipped_events() if events is None else events)}
    parsed = _parse_query(viet_text.fold(viet_text.clean(query, LONGEST_QUERY)))
    if not parsed.words:
        return []
    candidates = list(procedures)
    ranks = _ranks(parsed, [_entry(procedure, event_texts) for procedure in candidates])
    ranked = [(rank, procedure) for rank, procedure in zip(ranks, candidates, strict=True) if rank]
    ranked.sort(key=lambda pair: (pair[0], len(pair[1].short.vi), pair[1].code))
    return [_result(procedure, parsed, lang) for _, procedure in ranked]


# --- searched texts


@dataclass(frozen=True)
class _Texts:
    """Texts of a procedure, the shortest first, as lines of one string: a search is a few scans in C."""

    folded: str
    phonetic: str
    lines: frozenset[str]
    """The lines of `phonetic`."""
    words: frozenset[str]
    """The words of `phonetic`."""


@lru_cache(maxsize=512)
def _texts(texts: tuple[str, ...]) -> _Texts:
    folded_texts = sorted({viet_text.fold(text) for text in texts}, key=len)
    phonetic_texts = sorted({phonetic(text) for text in folded_texts}, key=len)
    return _Texts(
        folded=_joined(folded_texts),
        phonetic=_joined(phonetic_texts),
        lines=frozenset(phonetic_texts),
        words=frozenset(" ".join(phonetic_texts).split()),
    )


def _joined(texts: Iterable[str]) -> str:
    return "".join(f"\n {text} " for text in texts) + "\n"


_Entry = tuple[_Texts, _Texts, _Texts]


def _entry(procedure: Procedure, event_texts: Mapping[str, tuple[str, ...]]) -> _Entry:
    """Return the texts of a procedure: its names, its search words, and those of its life event (shared by others)."""
    names = [procedure.short.vi, procedure.plain.vi, procedure.short.en, procedure.plain.en]
    # A name of forty words would match most questions by words that say nothing ("giấy", "của", "quyền").
    if len(procedure.name.split()) <= LONGEST_NAME:
        names.append(procedure.name)
    return _texts(tuple(names)), _texts(procedure.search), _texts(event_texts.get(procedure.event, ()))


def _event_texts(event: LifeEvent) -> tuple[str, ...]:
    return event.name.vi, event.name.en, *event.words


# Onsets that sound alike, in Huế or elsewhere in the country; each is compared under the second spelling.
_ONSETS = (
    *(("ngh", "ng"), ("gh", "g"), ("tr", "ch"), ("gi", "d"), ("x", "s"), ("r", "d"), ("v", "d"), ("q", "c")),
    *(("kh", "kh"), ("k", "c"), ("l", "n")),
)


@lru_cache(maxsize=4096)
def _phonetic_word(word: str) -> str:
    """Return a folded syllable in phonetic spelling: tr as ch, x as s, final n as ng and t as c."""
    onset, spelling = next((pair for pair in _ONSETS if word.startswith(pair[0]) and word != pair[0]), ("", ""))
    word = spelling + word.removeprefix(onset).replace("y", "i")
    if word.endswith("n"):
        return word + "g"
    return word[:-1] + "c" if word.endswith("t") else word


def phonetic(folded: str) -> str:
    """Return a folded text in phonetic spelling: spellings that sound alike in Huế or elsewhere are equal."""
    return " ".join(map(_phonetic_word, folded.split()))


# --- ranking


@dataclass(frozen=True)
class _Query:
    """A parsed query."""

    folded: str
    phonetic: str
    words: tuple[tuple[str, str], ...]
    """(folded, phonetic) spelling of each word."""
    runs: tuple[str, ...]
    """Phonetic runs of two words and more, the longest first."""

    @cached_property
    def phonetic_words(self) -> list[str]:
        """The words in phonetic spelling."""
        return [sound for _, sound in self.words]


def _parse_query(folded: str) -> _Query:
    sounded = phonetic(folded)
    sounds = sounded.split()
    runs: list[str] = []
    for size in range(len(sounds), 1, -1):
        runs += [" ".join(sounds[start : start + size]) for start in range(len(sounds) - size + 1)]
    return _Query(
        folded=folded,
        phonetic=sounded,
        words=tuple(zip(folded.split(), sounds, strict=True)),
        runs=tuple(runs),
    )


_Rank = tuple[int, int, float]
"""(class of match, place of the match: names first, score inside the class); the least is best."""


def _ranks(query: _Query, entries: list[_Entry]) -> list[_Rank | None]:
    """Return the rank of every entry, or None where it does not match.

    Classes 0 to 3 are whole phrases, 4 is a match by words, 5 by words with a wrong letter, 6 by most of the words.
    A later class is tried only when the earlier ones match nothing.
    """
    score = _idf_scorer(query, entries)
    phrases = [_phrase_rank(query, entry) for entry in entries]
    by_words = [_has_all_words(query, entry) for entry in entries]
    if any(phrases):
        return [
            phrase or ((4, 0, score(entry)) if has_all else None)
            for phrase, has_all, entry in zip(phrases, by_words, entries, strict=True)
        ]
    by_most = [_has_most_words(query, entry) for entry in entries]
    if any(by_words):
        return [
            (4, 0, score(entry)) if has_all or has_most else None
            for has_all, has_most, entry in zip(by_words, by_most, entries, strict=True)
        ]
    misspelt = [_misspelt_place(query, entry) for entry in entries]
    return [
        (5, place, score(entry)) if place is not None else (6, 0, score(entry)) if has_most else None
        for place, has_most, entry in zip(misspelt, by_most, entries, strict=True)
    ]


_COMMON_WORDS = frozenset(
    phonetic("toi tui cha me ba ma bo ong o chau con xin cho lam man nha nguoi bi da roi thi duoc muon can").split()
)
"""Phonetic words of nearly every sentence: pronouns, relatives, auxiliaries."""


def _idf_scorer(query: _Query, entries: list[_Entry]) -> Callable[[_Entry], float]:
    """Return a function that scores an entry by the IDF weights of the query words (negated: lower is better).

    The weight of a word is 1 where one entry has it, and falls with each other entry that has it; common words ("cho
    mạ", "cho con") have a quarter of their weight. Two neighbouring words that are neighbours in the entry count half
    as much again, and so does a whole line of the entry.
    """
    entry_words = [entry[0].words | entry[1].words for entry in entries]
    counts = Counter(word for words in entry_words for word in words)
    query_words = query.phonetic_words
    weights = {word: 1 - log(counts[word]) / log(len(entries) + 1) for word in query_words if counts[word]}
    weights |= {word: weights[word] / 4 for word in weights.keys() & _COMMON_WORDS}
    pairs = [f" {first} {second} " for first, second in pairwise(query_words)]

    def weight_of(text: str) -> float:
        return sum(weights.get(word, 0) for word in text.split())

    def score(entry: _Entry) -> float:
        own_texts = entry[:2]
        single = sum(weights[word] for word in weights if any(word in texts.words for texts in own_texts))
        adjacent = sum(weight_of(pair) for pair in pairs if any(pair in texts.phonetic for texts in own_texts))
        lines = [run for run in query.runs if any(run in texts.lines for texts in own_texts)]
        return -single - adjacent / 2 - max(map(weight_of, lines), default=0) / 2

    return score


def _phrase_rank(query: _Query, entry: _Entry) -> _Rank | None:
    """Return the best rank of an entry that has the whole query as a phrase, or None."""
    ranks = (rank for place, texts in enumerate(entry) for rank in _phrase_ranks(query, texts, place))
    return min(ranks, default=None)


def _phrase_ranks(query: _Query, texts: _Texts, place: int) -> Iterator[_Rank]:
    needles = (
        (texts.folded, f"\n {query.folded} \n"),
        (texts.folded, f" {query.folded} "),
        (texts.phonetic, f" {query.phonetic} "),
        (texts.folded, f" {query.folded}"),
    )
    for match_class, (text, needle) in enumerate(needles):
        position = text.find(needle)
        if position >= 0:
            # A whole line of the search words ranks like a whole name.
            line_place = place if match_class else place // 2
            yield match_class, line_place, 1 - len(query.folded) / _line_length(text, position)
            return


def _has_all_words(query: _Query, entry: _Entry) -> bool:
    """Return whether a line has all words of the query, or the query has a whole line."""
    return any(_has_line_with_all(query, texts) or any(run in texts.lines for run in query.runs) for texts in entry)


def _line_length(text: str, position: int) -> int:
    """Return the length of the line at a position."""
    start = text.rindex("\n", 0, position + 1)
    return text.index("\n", start + 1) - start - 2


def _has_line_with_all(query: _Query, texts: _Texts) -> bool:
    """Return whether one line has all words, in any order; the last word may be incomplete."""
    *whole, last = query.phonetic_words
    if not texts.words.issuperset(whole):
        return False
    return any(
        all(f" {word} " in line for word in whole) and f" {last}" in line
        for line in (f" {text} " for text in texts.lines)
    )


def _has_most_words(query: _Query, entry: _Entry) -> bool:
    """Return whether the entry has more than half of the words."""
    matches = sum(any(word in texts.words for texts in entry) for word in query.phonetic_words)
    return matches * 2 > len(query.words)


def _misspelt_place(query: _Query, entry: _Entry) -> int | None:
    """Return the place of a line with the words in a row, each with one wrong letter at most, or None.

    A whole line has the place 0, a line of the names 1, of the search words 2, of the life event 3.
    """
    lines = [[line.split() for line in texts.folded.strip().split("\n")] for texts in entry]
    places = [place for place, group in enumerate(lines, 1) if any(_has_similar_run(query, line) for line in group)]
    whole = (line for group in lines[:2] for line in group if len(line) == len(query.words))
    return 0 if places and any(_has_similar_run(query, line) for line in whole) else min(places, default=None)


def _has_similar_run(query: _Query, line: list[str]) -> bool:
    size = len(query.words)
    starts = range(len(line) - size + 1)
    return any(all(map(_is_similar, query.words, line[start : start + size])) for start in starts)


def _is_similar(typed: tuple[str, str], meant: str) -> bool:
    word, sound = typed
    if sound == _phonetic_word(meant) or _is_one_off(word, meant):
        return True
    return len(sound) > 3 and _is_one_off(sound, _phonetic_word(meant))


@lru_cache(maxsize=65536)
def _is_one_off(a: str, b: str) -> bool:
    """Return whether words of three letters or more differ by one wrong, missing or extra letter, or by one swap."""
    if abs(len(a) - len(b)) > 1 or max(len(a), len(b)) < 3:
        return False
    start = next((index for index, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest_a = a[start:]
    rest_b = b[start:]
    swapped = rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:]
    return swapped or rest_a[1:] == rest_b[1:] or rest_a[1:] == rest_b or rest_a == rest_b[1:]


# --- display


def _result(procedure: Procedure, query: _Query, lang: str) -> SearchResult:
    """Return a result with the longest match of the query in the plain name; a word typed in part matches in part."""
    name = procedure.plain.of(lang)
    start, end = viet_text.find_span(name, query.folded) or _matching_span(name, query) or (len(name), len(name))
    return SearchResult(procedure=procedure, before=name[:start], match=name[start:end], after=name[end:])


def _matching_span(name: str, query: _Query) -> tuple[int, int] | None:
    words = list(re.finditer(r"\w+", name))
    sounds = [_phonetic_word(viet_text.fold(word[0])) for word in words]
    query_words = query.phonetic_words
    for size in range(min(len(words), len(query_words)), 0, -1):
        runs = {tuple(query_words[start : start + size]) for start in range(len(query_words) - size + 1)}
        for start in range(len(words) - size + 1):
            if tuple(sounds[start : start + size]) in runs:
                return words[start].start(), words[start + size - 1].end()
    return None
