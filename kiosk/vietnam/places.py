"""Provinces and wards of today, former names of Huế's wards, and the present wards of a card's address.

A card's address is never replaced: `resolve_card` offers candidates, and a person confirms. Search ignores marks,
but names on a card are compared with them: phường Thuận Hóa of today is not the former phường Thuận Hòa.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

from kiosk.vietnam import viet_text
from kiosk.vietnam.reference_data import read

HUE = "46"


@dataclass(frozen=True)
class Province:
    """A province or central city."""

    code: str
    name: str  # "Thành phố Huế"
    short: str  # "Huế"


@dataclass(frozen=True)
class Ward:
    """A phường, xã or đặc khu of today."""

    code: str
    name: str  # "Phường Phú Xuân"
    province_code: str

    @property
    def short(self) -> str:
        """The name without its kind."""
        return split_kind(self.name)[1]


@dataclass(frozen=True)
class OldWard:
    """A former ward (before July 2025) and the code of its present ward; `certain` if a resolution says so."""

    name: str
    district: str
    ward_code: str
    certain: bool


@dataclass(frozen=True)
class WardMatch:
    """A ward found by a search; `old` is the former name that matched, or "".

    `place` is the name that people say for a place in the former ward, where that matched instead.
    """

    ward: Ward
    province: Province
    old: str
    place: str = ""

    @property
    def kind(self) -> str:
        """The kind of unit in the name that matched, or ""."""
        return "" if self.place else split_kind(self.old or self.ward.name)[0]

    @property
    def short(self) -> str:
        """The name that matched, without its kind."""
        return self.place or split_kind(self.old or self.ward.name)[1]

    @property
    def note(self) -> str:
        """In Vietnamese, why this ward is a result for a name that it does not have."""
        if self.place:
            return f"có {self.place}, {self.old} cũ"
        return f"gồm {self.old} cũ" if self.old else ""


@dataclass(frozen=True)
class Candidate:
    """A present ward for a card's address; `old` is the former name on the card, "" if the name is the same."""

    ward: Ward
    old: str
    since: str  # ISO date since which the ward has its name


@dataclass(frozen=True)
class Resolution:
    """The candidates for a card's address; `exact` for one certain candidate, which a person still confirms."""

    detail: str
    candidates: tuple[Candidate, ...]
    exact: bool


@cache
def _provinces() -> dict[str, Province]:
    rows = read("units.json")["provinces"]
    return {row["code"]: Province(row["code"], row["name"], row["short"]) for row in rows}


@cache
def _wards() -> dict[str, Ward]:
    rows = read("units.json")["provinces"]
    return {code: Ward(code, name, row["code"]) for row in rows for code, name in row["wards"]}


@cache
def _old_wards() -> tuple[OldWard, ...]:
    """Return the wards of June 2025, then those that ended before."""
    data = read("old_wards.json")
    last = (OldWard(name, district, code, certain=True) for name, district, code in data["rows"])
    return (*last, *(OldWard(name, "", code, certain=False) for name, code, _ in data["older"]))


def province(code: str) -> Province | None:
    """Return a province of today by its code of two digits."""
    return _provinces().get(code)


def ward(code: str) -> Ward | None:
    """Return a ward of today by its code of five digits."""
    return _wards().get(code)


def provinces(first: str = HUE) -> tuple[Province, ...]:
    """Return all provinces by the alphabet, the ward's own province first."""
    return tuple(sorted(_provinces().values(), key=lambda unit: (unit.code != first, viet_text.sort_key(unit.short))))


@cache
def wards(province_code: str) -> tuple[Ward, ...]:
    """Return the wards of a province by the alphabet and their numbers; none for an unknown code."""
    within = (unit for unit in _wards().values() if unit.province_code == province_code)
    return tuple(sorted(within, key=lambda unit: viet_text.sort_key(unit.short)))


def display(answer: Mapping[str, Any]) -> str:
    """Return an address on one line: Tổ 5, phường Phú Xuân, thành phố Huế; without a ward, the card's own text."""
    ward_unit = ward(str(answer.get("wardCode", "")))
    province_unit = province(str(answer.get("provinceCode", "")))
    detail = str(answer.get("detail") or "")
    if ward_unit is None and answer.get("card"):
        return str(answer["card"])
    parts = (detail, *(_small(unit.name) for unit in (ward_unit, province_unit) if unit))
    return ", ".join(filter(None, parts))


def _small(name: str) -> str:
    return name[:1].lower() + name[1:]


# Kinds of units (of wards, districts, provinces) with the abbreviations on cards.
_KINDS = (
    *(("phường", r"phường|p"), ("xã", r"xã|x"), ("thị trấn", r"thị trấn|tt"), ("đặc khu", r"đặc khu")),
    *(("quận", r"quận|q"), ("huyện", r"huyện|h"), ("thị xã", r"thị xã|tx"), ("thành phố", r"thành phố|tp")),
    ("tỉnh", r"tỉnh|t(?=\.)"),
)
_KIND = re.compile(
    "|".join(rf"(?P<k{n}>(?:{shape})(?:\.\s*|\s+))" for n, (_, shape) in enumerate(_KINDS)), re.IGNORECASE
)
_WARD_KINDS = ("phường", "xã", "thị trấn", "đặc khu")
_DISTRICT_KINDS = ("quận", "huyện", "thị xã", "thành phố")


def split_kind(text: str) -> tuple[str, str]:
    """Split a unit's name into kind and rest: "P. Phú Hậu" is ("phường", "Phú Hậu"); the kind may be ""."""
    match = _KIND.match(text)
    if not match or not match.lastgroup or match.end() == len(text):
        return "", text
    return _KINDS[int(match.lastgroup[1:])][0], text[match.end() :]


class _WardIndex:
    """Wards in order, with their folded names joined into a few long texts: a search is a few scans in C."""

    def __init__(self, rows: Iterable[WardMatch]) -> None:
        # Present names come before former ones, so a ward is shown by its own name where both match.
        self.rows = sorted(rows, key=lambda row: (bool(row.old), viet_text.sort_key(row.short), row.province.code))
        self.sounds = _Lines([_sound(row.short) for row in self.rows])
        folded = [
            (viet_text.fold(row.kind), viet_text.fold(row.short), _fold_province(row.province.code))
            for row in self.rows
        ]
        self.shorts = _Lines([short for _, short, _ in folded])
        self.fulls = _Lines([f"{kind} {short}" for kind, short, _ in folded])
        self.shorts_there = _Lines([f"{short} {there}" for _, short, there in folded])
        self.fulls_there = _Lines([f"{kind} {short} {there}" for kind, short, there in folded])
        self.there = _Lines([there for _, _, there in folded])

    def find(self, query: str) -> Iterator[WardMatch]:
        """Yield matches, best first: whole name, its beginning, a later word's beginning, a province's name.

        Last come names that sound like the query: Vỹ Dạ is mostly written Vĩ Dạ.
        """
        kind, rest = split_kind(query)
        wanted = viet_text.fold(query)
        full = viet_text.fold(f"{kind} {rest}")
        exact = chain(self.shorts.find(f"\n{wanted}\n"), self.fulls.find(f"\n{full}\n"))
        for place in sorted(exact, key=lambda place: not viet_text.is_same_name(self.rows[place].short, rest)):
            yield self.rows[place]
        begins = chain(self.shorts_there.find(f"\n{wanted}"), self.fulls_there.find(f"\n{full}"))
        for place in chain(begins, self.shorts.find(f" {wanted}"), self.there.find(f"\n{wanted}\n")):
            yield self.rows[place]
        for place in self.sounds.find(f"\n{_sound(rest)}"):
            if kind in ("", self.rows[place].kind):
                yield self.rows[place]


def _sound(name: str) -> str:
    """Return a folded name in which y and i, which sound alike, are equal."""
    return viet_text.fold(name).replace("y", "i")


@cache
def _fold_province(code: str) -> str:
    return viet_text.fold(_provinces()[code].short)


class _Lines:
    """Lines of text that are searched at once."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.text = "\n" + "\n".join(lines) + "\n"
        self.starts = [0]
        for line in lines:
            self.starts.append(self.starts[-1] + len(line) + 1)

    def find(self, needle: str) -> Iterator[int]:
        """Yield the index of each line that contains the needle, once."""
        at = self.text.find(needle)
        while at >= 0:
            place = bisect_right(self.starts, at) - 1
            yield place
            at = self.text.find(needle, self.starts[place + 1])


@cache
def _ward_index(province_code: str) -> _WardIndex:
    """Return the index of one province, or with "" of all."""
    present = (WardMatch(unit, _provinces()[unit.province_code], "") for unit in _wards().values())
    former = (WardMatch(_wards()[old.ward_code], _provinces()[HUE], _small_kind(old.name)) for old in _old_wards())
    renamed = (row for row in former if not _is_within(row.short, row.ward.short))
    rows = chain(present, renamed, _local_places())
    return _WardIndex(row for row in rows if province_code in ("", row.ward.province_code))


def _local_places() -> Iterator[WardMatch]:
    """Yield the wards of the places in Huế that people name instead of a ward."""
    old_wards = {old.name: old for old in _old_wards() if old.certain}
    for row in read("local_places.toml")["place"]:
        for name in row["within"]:
            ward_now = _wards()[old_wards[name].ward_code]
            yield WardMatch(ward_now, _provinces()[HUE], _small_kind(name), place=row["name"])


def _is_within(former: str, present: str) -> bool:
    """Return whether the present name contains the former one (Lăng Cô, A Lưới), which then needs no entry."""
    return f" {viet_text.spelling_key(former)} " in f" {viet_text.spelling_key(present)} "


def _small_kind(name: str) -> str:
    return _small(name) if split_kind(name)[0] else name


def search(query: str, province_code: str = HUE, limit: int = 30) -> tuple[WardMatch, ...]:
    """Search wards by present or former name, with or without marks; the own province first, each ward once."""
    if not viet_text.fold(query):
        return tuple(WardMatch(unit, _provinces()[province_code], "") for unit in wards(province_code)[:limit])
    matches: dict[str, WardMatch] = {}
    for row in chain(_ward_index(province_code).find(query), _ward_index("").find(query)):
        matches.setdefault(row.ward.code, row)
        if len(matches) >= limit:
            break
    return tuple(matches.values())


def resolve_card(residence_text: str) -> Resolution:
    """Return the present wards that an address on a card may mean, parsed from the right."""
    parts = [part for part in (viet_text.clean(part) for part in re.split("[,;]", residence_text)) if part]
    known = _province_of(parts[-1]) if parts else None
    if not known:
        return Resolution(", ".join(parts), (), exact=False)
    code, is_old = known
    rest = parts[:-1]
    readings = _readings_in_hue(rest, is_old=is_old) if code == HUE else _readings_elsewhere(rest, code)
    for used, candidates, is_sure in readings:
        if candidates:
            first = {candidate.ward.code: place for place, candidate in reversed(list(enumerate(candidates)))}
            chosen = tuple(candidates[place] for place in sorted(first.values()))
            return Resolution(", ".join(rest[: len(rest) - used]), chosen, exact=is_sure and len(chosen) == 1)
    return Resolution(", ".join(rest), (), exact=False)


_Reading = tuple[int, list[Candidate], bool]  # number of parts explained, candidates, whether they are certain


def _readings_in_hue(rest: list[str], *, is_old: bool) -> Iterator[_Reading]:
    """Yield readings of an address in Huế, most parts explained first; `is_old`: it names the former province."""
    last, before = (*reversed(rest), "", "")[:2]
    yield 2, _former(before, _districts(last)), True
    districts = _districts(last, before_2025=is_old)
    if districts and (is_old or split_kind(last)[0] in _DISTRICT_KINDS):
        # A ward that was moved or ended before 2025; the district's chief town; any ward of the district.
        yield 2, _former(before) + _present(before, HUE), False
        yield 1, [] if before else _former(last), False
        yield 1, _of_districts(last, districts), False
    elif is_old:
        yield 1, _former(last) + _present(last, HUE), _is_certain(last)
    else:  # a card of today names no district, and then the ward of today is meant
        yield 1, _present(last, HUE), True
        yield 1, _former(last) + _present(last, HUE, any_kind=True), _is_certain(last)
    yield 2, _former(before), False


def _readings_elsewhere(rest: list[str], code: str) -> Iterator[_Reading]:
    """Yield readings outside Huế: only present wards by their exact name, certain if the kind is given too."""
    last, before = (*reversed(rest), "", "")[:2]
    if split_kind(last)[0] in _WARD_KINDS:
        yield 1, _present(last, code), True
    nearer = _present(before, code)
    yield 2 if nearer else 1, nearer + _present(last, code), False


def _key(text: str) -> str:
    return viet_text.spelling_key(re.sub(r"[\s\-–]+", " ", text))


def _keys(text: str) -> set[str]:
    """Return the keys of a unit: with its kind and without (a ward was called Phường Đúc)."""
    return {_key(text), _key(split_kind(text)[1])}


def _province_of(text: str) -> tuple[str, bool] | None:
    known = _province_keys()
    return next((known[key] for key in _keys(text) if key in known), None)


@cache
def _province_keys() -> dict[str, tuple[str, bool]]:
    """Return the present code of each province name, and whether the name is a former one."""
    former = [(name, code) for _, name, code in read("id_provinces.json")["rows"]]
    former += [(name, HUE) for name in ("TTH", *read("old_wards.json")["meta"]["old_province_names"])]
    keys = {_key(split_kind(name)[1]): (code, True) for name, code in former}
    keys |= {_key(abbreviation): ("79", False) for abbreviation in ("HCM", "TPHCM", "TP.HCM")}
    return keys | {_key(unit.short): (unit.code, False) for unit in _provinces().values()}


@cache
def _present_by_key(province_code: str) -> dict[str, list[Ward]]:
    by_key: dict[str, list[Ward]] = {}
    for unit in wards(province_code):
        by_key.setdefault(_key(unit.short), []).append(unit)
    return by_key


def _present(text: str, province_code: str, *, any_kind: bool = False) -> list[Candidate]:
    kind = split_kind(text)[0]
    units = [unit for key in _keys(text) for unit in _present_by_key(province_code).get(key, [])]
    same_kind = [unit for unit in units if any_kind or kind in ("", split_kind(unit.name)[0])]
    return [Candidate(unit, "", _since()) for unit in same_kind]


def _since() -> str:
    since: str = read("old_wards.json")["meta"]["since"]
    return since


@cache
def _old_by_key() -> dict[str, list[OldWard]]:
    by_key: dict[str, list[OldWard]] = {}
    for old in _old_wards():
        by_key.setdefault(_key(split_kind(old.name)[1]), []).append(old)
    return by_key


def _old_named(text: str) -> list[OldWard]:
    """Return the former wards of a name; if the text names a kind and some match it, only those."""
    kind = split_kind(text)[0]
    named = [old for key in sorted(_keys(text)) for old in _old_by_key().get(key, [])]
    return [old for old in named if kind and kind == split_kind(old.name)[0]] or named


def _is_certain(text: str) -> bool:
    return all(old.certain for old in _old_named(text))


def _former(text: str, districts: frozenset[str] | None = None) -> list[Candidate]:
    return [_from_old(old) for old in _old_named(text) if districts is None or old.district in districts]


def _from_old(old: OldWard) -> Candidate:
    present = _wards()[old.ward_code]
    former_name = "" if viet_text.is_same_name(old.name, present.name) else _small_kind(old.name)
    return Candidate(present, former_name, _since())


def _districts(text: str, *, before_2025: bool = False) -> frozenset[str]:
    """Return the districts of June 2025 that a name may mean; the two of the city were new that year."""
    earlier: dict[str, list[str]] = read("old_wards.json")["meta"]["earlier_districts"]
    kind = split_kind(text)[0]
    names_now = {old.district for old in _old_wards() if old.district}
    if before_2025 and kind != "quận":
        names_now = {name for name in names_now if not name.startswith("Quận")}
    known = [(name, [name]) for name in names_now] + list(earlier.items())
    return frozenset(chain(*(meant for name, meant in known if _key(split_kind(name)[1]) in _keys(text))))


def _of_districts(text: str, districts: frozenset[str]) -> list[Candidate]:
    codes = {old.ward_code for old in _old_wards() if old.district in districts}
    return [Candidate(unit, _small_kind(text), _since()) for unit in wards(HUE) if unit.code in codes]
