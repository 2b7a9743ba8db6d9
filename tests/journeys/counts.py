"""Writer of the table of docs/counts.md: screens, touches and letters of each procedure (`make counts`)."""

import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from kiosk.base.clock import FixedClock
from kiosk.config import ROOT, load
from kiosk.web.app import create_app
from tests.journeys.typical import CASES, Case, Count
from tests.journeys.walker import Walker

FILE = ROOT / "docs" / "counts.md"
HEAD = """# Screens, touches, letters

`make counts` walks the typical case of each procedure in a practice kiosk and writes this page; a test compares it.
A **screen** is a distinct address from "what you need" to the check page (a picker is part of its page).
A **touch** is a tap on a box, an option, a button or a link; a card at the reader does not count. **Letters** are typed
characters, with marks. The counts end with Submit.

| code | procedure | with cards: screens, touches, letters | without: screens, touches, letters | case |
|---|---|---|---|---|
"""


def _lines(app: Flask) -> Iterator[str]:
    """Yield a line of the table for each procedure, in the order of the codes."""
    catalogue = app.extensions["context"].catalogue
    for code in sorted(CASES):
        procedure = catalogue.in_force(code, app.extensions["context"].clock.today())
        counts = (Case(Walker(app).go("/"), code, cards=cards).walk() for cards in (True, False))
        yield f"| {code} | {procedure.short.vi} | {' | '.join(map(_cell, counts))} | {CASES[code]['note']} |\n"


def _cell(count: Count) -> str:
    return f"{count.screens}, {count.touches}, {count.letters}"


def table(app: Flask) -> str:
    """Return the page without the part about certified copies."""
    return HEAD + "".join(_lines(app))


def copies_part() -> str:
    """Return the part of the page about certified copies, which `tests/browser/copy_counts.py` writes."""
    return "".join(re.findall(r"\n## Certified copies\n.*", FILE.read_text("utf-8"), re.DOTALL))


def main() -> None:
    """Walk all cases and write their table."""
    with tempfile.TemporaryDirectory() as folder:
        config = replace(load(ROOT / "kiosk.toml"), root=Path(folder)).practising()
        app = create_app(config, FixedClock(datetime(2026, 11, 24, 1, 30, tzinfo=UTC)))
        FILE.write_text(table(app) + copies_part(), "utf-8")
        app.extensions["context"].store.close()


if __name__ == "__main__":
    main()
