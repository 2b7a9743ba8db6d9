"""Ward search against a bare scan: is the query part of a folded name?

Both are measured in one run, query by query as a person types, so that a slower machine slows both.
"""

from collections.abc import Callable
from time import perf_counter

from bench._figures import Figures, p99, query_ms
from kiosk.vietnam import places, viet_text

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


def run() -> Figures:
    """Measure; return name, value, and unit or target of each figure."""
    start = perf_counter()
    places.search("x")
    first = (perf_counter() - start) * 1000
    folded = [viet_text.fold(ward.name) for province in places.provinces() for ward in places.wards(province.code)]
    bare = bare_scan(folded)
    pairs = [(query_ms(places.search, query), query_ms(bare, query)) for query in queries()]
    ours_p99 = p99([ours_ms for ours_ms, _ in pairs])
    bare_p99 = p99([bare_ms for _, bare_ms in pairs])
    return [
        ("ward search, p99 to a bare scan's p99", ours_p99 / bare_p99, "target <= 3"),
        ("ward search, p99", ours_p99, "ms"),
        ("ward search, first one with the index", first, "ms, target < 60"),
    ]


if __name__ == "__main__":
    for name, figure, unit in run():
        print(f"{name}: {figure:.3f} {unit}")
