"""Provinces and wards of today, the old names of Huế's wards, and what a card's address may be now.

A card's address is never replaced: `resolve_card` only offers, and a person confirms. Names are searched without
marks but read off a card with them: phường Thuận Hóa of today is not the old phường Thuận Hòa.
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
    """A ward of before July 2025 and the code of the one that it now belongs to; `certain` if a resolution says so."""

    name: str
    district: str
    ward_code: str
    certain: bool


@dataclass(frozen=True)
class Row:
    """A ward as a search shows it; `old` is the former name by which it was found, or ""."""

    ward: Ward
    province: Province
    old: str

    @property
    def kind(self) -> str:
        """The kind of unit in the name by which it was found, or ""."""
        return split_kind(self.old or self.ward.name)[0]

    @property
    def short(self) -> str:
        """The name by which it was found, without its kind."""
        return split_kind(self.old or self.ward.name)[1]

    @property
    def note(self) -> str:
        """Say in Vietnamese why this ward answers to a name that it does not have."""
        return f"gồm {self.old} cũ" if self.old else ""


@dataclass(frozen=True)
class Candidate:
    """A ward that a card's address may mean; `old` is the name that the card used, "" if it is still the name."""

    ward: Ward
    old: str
    since: str  # the ISO date from which the ward is called so


@dataclass(frozen=True)
class Resolution:
    """What a card's address may mean; `exact` if there is one candidate and no doubt, still to be confirmed."""

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
    """The wards of June 2025, then those that were gone before."""
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
    """Return all provinces by the alphabet, one's own before them."""
    return tuple(sorted(_provinces().values(), key=lambda one: (one.code != first, viet_text.sort_key(one.short))))


@cache
def wards(province_code: str) -> tuple[Ward, ...]:
    """Return the wards of a province by the alphabet and their numbers; none for an unknown code."""
    found = (one for one in _wards().values() if one.province_code == province_code)
    return tuple(sorted(found, key=lambda one: viet_text.sort_key(one.short)))


def display(answer: Mapping[str, Any]) -> str:
    """Write an address answer on one line: Tổ 5, phường Phú Xuân, thành phố Huế; without a ward, as the card has it."""
    there = ward(str(answer.get("wardCode", "")))
    around = province(str(answer.get("provinceCode", "")))
    detail = str(answer.get("detail") or "")
    if there is None and answer.get("card"):
        return str(answer["card"])
    return ", ".join(filter(None, (detail, _small(there.name) if there else "", _small(around.name) if around else "")))


def _small(name: str) -> str:
    return name[:1].lower() + name[1:]


# Kinds of units, as cards abbreviate them. A kind is a ward's, a district's or a province's.
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
    """Split a unit's name into its kind and the rest: "P. Phú Hậu" is ("phường", "Phú Hậu"); no kind is ""."""
    found = _KIND.match(text)
    if not found or not found.lastgroup or found.end() == len(text):
        return "", text
    return _KINDS[int(found.lastgroup[1:])][0], text[found.end() :]


class _Shelf:
    """Rows in their order, with their folded names in a few long texts, so that a search is a few scans in C."""

    def __init__(self, rows: Iterable[Row]) -> None:
        # Present names stand before former ones, so that a ward is shown by its own name where both would do.
        self.rows = sorted(rows, key=lambda row: (bool(row.old), viet_text.sort_key(row.short), row.province.code))
        folded = [
            (viet_text.fold(row.kind), viet_text.fold(row.short), _fold_province(row.province.code))
            for row in self.rows
        ]
        self.shorts = _Lines([short for _, short, _ in folded])
        self.fulls = _Lines([f"{kind} {short}" for kind, short, _ in folded])
        self.shorts_there = _Lines([f"{short} {there}" for _, short, there in folded])
        self.fulls_there = _Lines([f"{kind} {short} {there}" for kind, short, there in folded])
        self.there = _Lines([there for _, _, there in folded])

    def find(self, query: str) -> Iterator[Row]:
        """Yield rows, best first: the whole name, its beginning, a later word's beginning, all of a province."""
        kind, rest = split_kind(query)
        wanted = viet_text.fold(query)
        full = viet_text.fold(f"{kind} {rest}")
        exact = chain(self.shorts.find(f"\n{wanted}\n"), self.fulls.find(f"\n{full}\n"))
        for place in sorted(exact, key=lambda place: not viet_text.same(self.rows[place].short, rest)):
            yield self.rows[place]
        begins = chain(self.shorts_there.find(f"\n{wanted}"), self.fulls_there.find(f"\n{full}"))
        for place in chain(begins, self.shorts.find(f" {wanted}"), self.there.find(f"\n{wanted}\n")):
            yield self.rows[place]


@cache
def _fold_province(code: str) -> str:
    return viet_text.fold(_provinces()[code].short)


class _Lines:
    """Lines of text to be searched at once."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.text = "\n" + "\n".join(lines) + "\n"
        self.starts = [0]
        for line in lines:
            self.starts.append(self.starts[-1] + len(line) + 1)

    def find(self, needle: str) -> Iterator[int]:
        """Yield the places of the lines in which the needle stands, each once."""
        at = self.text.find(needle)
        while at >= 0:
            place = bisect_right(self.starts, at) - 1
            yield place
            at = self.text.find(needle, self.starts[place + 1])


@cache
def _catalogue(province_code: str) -> _Shelf:
    """The rows of one province, or with "" of all."""
    present = (Row(one, _provinces()[one.province_code], "") for one in _wards().values())
    former = (Row(_wards()[one.ward_code], _provinces()[HUE], _small_kind(one.name)) for one in _old_wards())
    renamed = (row for row in former if not _is_within(row.short, row.ward.short))
    return _Shelf(row for row in chain(present, renamed) if province_code in ("", row.ward.province_code))


def _is_within(former: str, present: str) -> bool:
    """Tell if a former name lives on in the present one, as Lăng Cô and A Lưới do; it needs no row of its own."""
    return f" {viet_text.canon(former)} " in f" {viet_text.canon(present)} "


def _small_kind(name: str) -> str:
    return _small(name) if split_kind(name)[0] else name


def search(query: str, province_code: str = HUE, limit: int = 30) -> tuple[Row, ...]:
    """Find wards by name, present or former, marks or none; the own province first, each ward once."""
    if not viet_text.fold(query):
        return tuple(Row(one, _provinces()[province_code], "") for one in wards(province_code)[:limit])
    found: dict[str, Row] = {}
    for row in chain(_catalogue(province_code).find(query), _catalogue("").find(query)):
        found.setdefault(row.ward.code, row)
        if len(found) >= limit:
            break
    return tuple(found.values())


def resolve_card(residence_text: str) -> Resolution:
    """Offer the wards of today that an address on a card may mean, read from the right; nothing is replaced."""
    parts = [part for part in (viet_text.clean(part) for part in re.split("[,;]", residence_text)) if part]
    known = _province_of(parts[-1]) if parts else None
    if not known:
        return Resolution(", ".join(parts), (), exact=False)
    code, is_old = known
    rest = parts[:-1]
    readings = _readings_in_hue(rest, is_old=is_old) if code == HUE else _readings_elsewhere(rest, code)
    for used, candidates, is_sure in readings:
        if candidates:
            first = {one.ward.code: place for place, one in reversed(list(enumerate(candidates)))}
            chosen = tuple(candidates[place] for place in sorted(first.values()))
            return Resolution(", ".join(rest[: len(rest) - used]), chosen, exact=is_sure and len(chosen) == 1)
    return Resolution(", ".join(rest), (), exact=False)


_Reading = tuple[int, list[Candidate], bool]  # how many parts it explains, what it offers, whether it is sure


def _readings_in_hue(rest: list[str], *, is_old: bool) -> Iterator[_Reading]:
    """Read an address in Huế, the reading that explains most first; `is_old` if it names the former province."""
    last, before = (*reversed(rest), "", "")[:2]
    yield 2, _former(before, _districts(last)), True
    districts = _districts(last, before_2025=is_old)
    if districts and (is_old or split_kind(last)[0] in _DISTRICT_KINDS):
        # A ward that changed hands or was gone before 2025; the district's chief town; any ward of the district.
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
    """Elsewhere no former names are known: only a ward of today by the very name, sure if its kind is said too."""
    last, before = (*reversed(rest), "", "")[:2]
    if split_kind(last)[0] in _WARD_KINDS:
        yield 1, _present(last, code), True
    nearer = _present(before, code)
    yield 2 if nearer else 1, nearer + _present(last, code), False


def _key(text: str) -> str:
    return viet_text.canon(re.sub(r"[\s\-–]+", " ", text))


def _keys(text: str) -> set[str]:
    """The keys under which a unit may be found: with its kind and without (a ward was called Phường Đúc)."""
    return {_key(text), _key(split_kind(text)[1])}


def _province_of(text: str) -> tuple[str, bool] | None:
    known = _province_keys()
    return next((known[key] for key in _keys(text) if key in known), None)


@cache
def _province_keys() -> dict[str, tuple[str, bool]]:
    """Keys of province names: the present code, and whether the name is a former one."""
    former = [(name, code) for _, name, code in read("id_provinces.json")["rows"]]
    former += [(name, HUE) for name in ("TTH", *read("old_wards.json")["meta"]["old_province_names"])]
    keys = {_key(split_kind(name)[1]): (code, True) for name, code in former}
    keys |= {_key(abbreviation): ("79", False) for abbreviation in ("HCM", "TPHCM", "TP.HCM")}
    return keys | {_key(one.short): (one.code, False) for one in _provinces().values()}


@cache
def _present_by_key(province_code: str) -> dict[str, list[Ward]]:
    found: dict[str, list[Ward]] = {}
    for one in wards(province_code):
        found.setdefault(_key(one.short), []).append(one)
    return found


def _present(text: str, province_code: str, *, any_kind: bool = False) -> list[Candidate]:
    kind = split_kind(text)[0]
    found = [one for key in _keys(text) for one in _present_by_key(province_code).get(key, [])]
    kept = [one for one in found if any_kind or kind in ("", split_kind(one.name)[0])]
    return [Candidate(one, "", _since()) for one in kept]


def _since() -> str:
    since: str = read("old_wards.json")["meta"]["since"]
    return since


@cache
def _old_by_key() -> dict[str, list[OldWard]]:
    found: dict[str, list[OldWard]] = {}
    for one in _old_wards():
        found.setdefault(_key(split_kind(one.name)[1]), []).append(one)
    return found


def _old_named(text: str) -> list[OldWard]:
    """The former wards of a name; where its kind is said and one is of that kind, only those."""
    kind = split_kind(text)[0]
    found = [one for key in sorted(_keys(text)) for one in _old_by_key().get(key, [])]
    return [one for one in found if kind and kind == split_kind(one.name)[0]] or found


def _is_certain(text: str) -> bool:
    return all(one.certain for one in _old_named(text))


def _former(text: str, districts: frozenset[str] | None = None) -> list[Candidate]:
    found = [one for one in _old_named(text) if districts is None or one.district in districts]
    return [_from_old(one) for one in found]


def _from_old(one: OldWard) -> Candidate:
    now = _wards()[one.ward_code]
    return Candidate(now, "" if viet_text.same(one.name, now.name) else _small_kind(one.name), _since())


def _districts(text: str, *, before_2025: bool = False) -> frozenset[str]:
    """The districts of June 2025 that a district's name may mean; the two of the city itself were new that year."""
    earlier: dict[str, list[str]] = read("old_wards.json")["meta"]["earlier_districts"]
    kind = split_kind(text)[0]
    names_now = {one.district for one in _old_wards() if one.district}
    if before_2025 and kind != "quận":
        names_now = {name for name in names_now if not name.startswith("Quận")}
    known = [(name, [name]) for name in names_now] + list(earlier.items())
    return frozenset(chain(*(meant for name, meant in known if _key(split_kind(name)[1]) in _keys(text))))


def _of_districts(text: str, districts: frozenset[str]) -> list[Candidate]:
    codes = {one.ward_code for one in _old_wards() if one.district in districts}
    return [Candidate(one, _small_kind(text), _since()) for one in wards(HUE) if one.code in codes]
