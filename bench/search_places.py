"""Ward search against a bare scan: is the query part of a folded name?

Both are measured in one run, query by query as a person types, so that a slower machine slows both. The first search
after a start also reads the files and builds the index. It is compared with reading the same files and folding each
name once, five times in turns. Ten times is the most: the bare part takes 6 to 8 ms, and a person sees an answer within
100 ms as immediate. It happens once in a start.
"""

import json
import statistics
from collections.abc import Callable
from time import perf_counter

from bench._figures import Figures, p99, query_ms
from kiosk.vietnam import places, reference_data, viet_text

TURNS = 5

TYPED = (
    "phú xuân",
    "thuan hoa",
    "hương",
    "a luoi 3",
    "xã tân thành",
    "chân mây lăng cô",
    "dong nai",
    "xyz",
    "p. phu",
    "đ",
)


def queries() -> list[str]:
    """Return every prefix of the typed texts, letter by letter."""
    return [text[:end] for text in TYPED for end in range(1, len(text) + 1)]


def bare_scan(folded: list[str]) -> Callable[[str], object]:
    """Return a bare search over folded names; it folds the query once."""

    def search(query: str) -> object:
        wanted = viet_text.fold(query)
        return [name for name in folded if wanted in name]

    return search


def first_search_ms() -> float:
    """Search with empty caches, as after a start; return the milliseconds."""
    reference_data.read.cache_clear()
    for function in vars(places).values():
        if hasattr(function, "cache_clear"):
            function.cache_clear()
    begun = perf_counter()
    places.search("x")
    return (perf_counter() - begun) * 1000


def bare_first_ms() -> float:
    """Read the files of places and fold each name; return the milliseconds."""
    begun = perf_counter()
    units = json.loads((reference_data.FOLDER / "units.json").read_text("utf-8"))
    old_wards = json.loads((reference_data.FOLDER / "old_wards.json").read_text("utf-8"))
    for province in units["provinces"]:
        for _, name in province["wards"]:
            viet_text.fold(name)
    for name, *_ in (*old_wards["rows"], *old_wards["older"]):
        viet_text.fold(name)
    return (perf_counter() - begun) * 1000


def run() -> Figures:
    """Measure; return name, value, and unit or target of each figure."""
    firsts = [(first_search_ms(), bare_first_ms()) for _ in range(TURNS)]
    folded = [viet_text.fold(ward.name) for province in places.provinces() for ward in places.wards(province.code)]
    bare = bare_scan(folded)
    pairs = [(query_ms(places.search, query), query_ms(bare, query)) for query in queries()]
    ours_p99 = p99([ours_ms for ours_ms, _ in pairs])
    bare_p99 = p99([bare_ms for _, bare_ms in pairs])
    return [
        ("ward search, p99 to a bare scan's p99", ours_p99 / bare_p99, "target <= 3"),
        ("ward search, p99", ours_p99, "ms"),
        ("first ward search / reading and folding", statistics.median(ours / bare for ours, bare in firsts), "<= 10"),
        ("  first ward search, least of five, ms", min(ours for ours, _ in firsts), ""),
    ]


if __name__ == "__main__":
    for name, figure, unit in run():
        print(f"{name}: {figure:.3f} {unit}")
