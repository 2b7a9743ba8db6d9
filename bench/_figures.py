"""Type of the figures that a module measures, and the statistics that several modules use."""

import statistics
from collections.abc import Callable
from time import perf_counter

Figures = list[tuple[str, float, str]]
"""Name, value, and target or unit of each figure."""


def p99(values: list[float]) -> float:
    """Return the 99th percentile."""
    return statistics.quantiles(values, n=100, method="inclusive")[98]


def range_words(values: list[float]) -> str:
    """Return the least and the greatest value, as they are printed after a target."""
    return f"(range {min(values):.2f} to {max(values):.2f})"


def query_ms(search: Callable[[str], object], query: str, turns: int = 15) -> float:
    """Measure one query in milliseconds: the median of some turns, since other programs interrupt."""
    times = []
    for _ in range(turns):
        start = perf_counter()
        search(query)
        times.append((perf_counter() - start) * 1000)
    return statistics.median(times)
