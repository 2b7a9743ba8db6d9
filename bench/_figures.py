"""Type of the figures that a module measures, and the statistics that several modules use."""

import re
import statistics
from collections.abc import Callable
from time import perf_counter

Figures = list[tuple[str, float, str]]
"""Name, value, and target or unit of each figure.

A target is a ratio within one run, a count or a size, never a time: a slow machine, or a busy one, must not miss it.
"""
BOUND = re.compile(r"(<=|>=|<|at most|at least) *([0-9.]+)")
"""The bound in a target."""


def p99(values: list[float]) -> float:
    """Return the 99th percentile."""
    return statistics.quantiles(values, n=100, method="inclusive")[98]


def p95(values: list[float]) -> float:
    """Return the 95th percentile."""
    return statistics.quantiles(values, n=20, method="inclusive")[18]


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
