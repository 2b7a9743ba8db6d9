"""The fault matrix as a table: docs/faults.md says what each row comes to, the tests say what was seen.

The page is the promise: words that a test reads on the technician's page have to stand in its row of the page, too.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.config import ROOT

PAGE = ROOT / "docs" / "faults.md"
COLUMNS = ("row", "fault", "kiosk", "portal", "reads")


@dataclass(frozen=True)
class Promise:
    """A row of the page."""

    row: int
    fault: str
    kiosk: str
    portal: str
    reads: str


@dataclass
class Seen:
    """What one test of a row saw; ``case`` is the test's name."""

    row: int
    case: str
    kiosk: str = ""
    portal: str = ""
    reads: list[str] = field(default_factory=list)
    passed: bool = False

    def saw(self, *, kiosk: str, portal: str) -> None:
        """Note what stood on the kiosk and at the portal when it was over."""
        self.kiosk = kiosk
        self.portal = portal

    def read(self, page: str, words: str) -> None:
        """Find the words on the technician's page, as docs/faults.md promises them in this row."""
        assert words in page, f"the technician does not read “{words}”: {page[:1500]}"
        assert words in promises()[self.row].reads, f"docs/faults.md, row {self.row}, does not promise “{words}”"
        self.reads.append(words)


def promises(path: Path = PAGE) -> dict[int, Promise]:
    """Read the rows of the page, by number."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if re.match(r"\| *\d+ *\|", line):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            found[int(cells[0])] = Promise(int(cells[0]), *cells[1:5])
    return found


def drawn(seen: list[Seen]) -> list[str]:
    """Draw what was seen, in the order of the rows."""
    told = promises()
    lines = []
    for one in sorted(seen, key=lambda one: (one.row, one.case)):
        mark = "✓" if one.passed else "×"
        lines.append(f"{mark} {one.row:2} {told[one.row].fault}  [{one.case}]")
        for name, words in (("kiosk", one.kiosk), ("portal", one.portal), ("technician", "; ".join(one.reads))):
            if words:
                lines.append(f"       {name:11} {words}")
    return lines
