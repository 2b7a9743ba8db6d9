"""Upper limits of what the style sheets hold: they only go down.

A length that is not in the scales of `static/system/tokens.css`, or a selector that is written again, makes a figure
rise. A change that lowers a figure lowers its limit here.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.project.test_front_end import STATIC, STYLED, _files, _read, _rules

DESK = [STATIC / "desk"]
STAFF = [STATIC / "desk", STATIC / "system", STATIC / "pages", *STYLED[1:]]
PHONE = STYLED[1] / "phone.css"
NEED = STYLED[1] / "need.css"
TOUCHSCREEN = [STATIC / "css"]


def _values(folders: list, name: str) -> set[str]:
    """Return the different values of the declarations whose name matches."""
    declared = (pair for _, body in _all(folders) for pair in re.findall(r"([\w-]+):\s*([^;]+);", body))
    return {value for key, value in declared if re.fullmatch(name, key)}


def _all(folders: list[Path]) -> Iterator[tuple[str, str]]:
    for path in _files(folders, ".css"):
        yield from _rules(path)


def _written_again(folders: list[Path]) -> int:
    """Return how many selectors are written in several rules."""
    written = Counter(selector for selector, _ in _all(folders) if not selector.startswith("@"))
    return sum(times > 1 for times in written.values())


def _count(folders: list, text: str) -> int:
    return sum(_read(path).count(text) for path in _files(folders, ".css"))


def _phone_lines() -> int:
    return _read(PHONE).count("\n") + _read(NEED).count("\n")


def _orientations() -> int:
    """Return how often a sheet of the touchscreen names an orientation, apart from the measure that sets `--glass`."""
    return _count(TOUCHSCREEN, "(orientation:") + _read(STATIC / "keyboard.css").count("(orientation:")


FIGURES = {
    "lines, all other front ends": (lambda: _count(STYLED, "\n") - _phone_lines(), 12_950),
    "lines, citizens' phones": (lambda: _read(PHONE).count("\n"), 320),
    "lines, pages of what procedures need": (lambda: _read(NEED).count("\n"), 140),
    "lines, staff's pages": (lambda: _count(STAFF, "\n") - _phone_lines(), 7_450),
    "gaps, desk": (lambda: len(_values(DESK, "(row-|column-)?gap")), 10),
    "paddings, desk": (lambda: len(_values(DESK, "padding.*")), 28),
    "sizes of letters, desk": (lambda: len(_values(DESK, "font-size")), 9),
    "weights, desk": (lambda: len(_values(DESK, "font-weight")), 3),
    "radii, desk": (lambda: len(_values(DESK, ".*radius")), 5),
    "`display: grid` and `flex`, desk": (lambda: _count(DESK, "display: grid") + _count(DESK, "display: flex"), 228),
    "selectors written again, desk": (lambda: _written_again(DESK), 29),
    "selectors written again, touchscreen": (lambda: _written_again(TOUCHSCREEN), 91),
    "orientations named, touchscreen": (_orientations, 1),
    "`:has(` and `:not(`": (lambda: _count(STYLED, ":has(") + _count(STYLED, ":not("), 275),
    "literal multiples of a millimetre": (
        lambda: len(set(re.findall(r"([\d.]+) \* var\(--mm\)", "".join(map(_read, _files(STYLED, ".css")))))),
        80,
    ),
}
"""Figure -> how it is counted, and its limit."""


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_of_the_style_sheets_does_not_rise(figure: str) -> None:
    count, limit = FIGURES[figure]
    assert count() <= limit, figure
