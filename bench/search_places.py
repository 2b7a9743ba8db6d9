"""Ward search against the barest thing that could be done: asking each folded name if the query is in it.

Both are measured in one run, query by query as a person types them, so that a slower machine slows both.
"""

import statistics
from collections.abc import Callable
from time import perf_counter

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
    """Every beginning of what is typed, letter by letter."""
    return [text[:end] for text in TYPED for end in range(1, len(text) + 1)]


def scan(folded: list[str]) -> Callable[[str], object]:
    """Make the bare search over folded names; the query is folded once."""

    def search(query: str) -> object:
        wanted = viet_text.fold(query)
        return [name for name in folded if wanted in name]

    return search


def timed(search: Callable[[str], object], query: str, turns: int = 15) -> float:
    """Measure one query in milliseconds: the median of some turns, since other programs interrupt."""
    spent = []
    for _ in range(turns):
        start = perf_counter()
        search(query)
        spent.append((perf_counter() - start) * 1000)
    return statistics.median(spent)


def p99(spent: list[float]) -> float:
    """Return the time that one query in a hundred takes longer than."""
    return statistics.quantiles(spent, n=100, method="inclusive")[98]


def run() -> list[tuple[str, float, str]]:
    """Return name, figure and unit or target of each measure."""
    start = perf_counter()
    places.search("x")
    first = (perf_counter() - start) * 1000
    folded = [viet_text.fold(ward.name) for one in places.provinces() for ward in places.wards(one.code)]
    bare = scan(folded)
    pairs = [(timed(places.search, query), timed(bare, query)) for query in queries()]
    ours = p99([pair[0] for pair in pairs])
    bares = p99([pair[1] for pair in pairs])
    return [
        ("ward search, p99 to a bare scan's p99", ours / bares, "target <= 3"),
        ("ward search, p99", ours, "ms"),
        ("ward search, first one with the index", first, "ms, target < 60"),
    ]


if __name__ == "__main__":
    for name, figure, unit in run():
        print(f"{name}: {figure:.3f} {unit}")
