"""The fault matrix: the required outcomes in docs/faults.md, and the observed outcomes of the tests.

Text that a test reads on the technician's page must be in its row of docs/faults.md too.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.config import ROOT

MATRIX_FILE = ROOT / "docs" / "faults.md"


@dataclass(frozen=True)
class MatrixRow:
    """A row of docs/faults.md: number, fault, outcome on the kiosk and at the portal, text on the technician's page."""

    row: int
    fault: str
    kiosk: str
    portal: str
    page_text: str


@dataclass
class RowResult:
    """The observations of one test of a row; `case` is the test's name."""

    row: int
    case: str
    kiosk: str = ""
    portal: str = ""
    page_texts: list[str] = field(default_factory=list)
    passed: bool = False

    def observe(self, *, kiosk: str, portal: str) -> None:
        """Record the final state of kiosk and portal."""
        self.kiosk = kiosk
        self.portal = portal

    def expect_text(self, page: str, text: str) -> None:
        """Check that a text is on the technician's page and in this row of docs/faults.md."""
        assert text in page, f"the technician does not read “{text}”: {page[:1500]}"
        assert text in read_matrix()[self.row].page_text, f"docs/faults.md, row {self.row}, does not contain “{text}”"
        if text not in self.page_texts:
            self.page_texts.append(text)


def read_matrix(path: Path = MATRIX_FILE) -> dict[int, MatrixRow]:
    """Read the rows of docs/faults.md, by number."""
    rows = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if re.match(r"\| *\d+ *\|", line):
            number, fault, kiosk, portal, page_text = (cell.strip() for cell in line.strip("|").split("|"))
            rows[int(number)] = MatrixRow(row=int(number), fault=fault, kiosk=kiosk, portal=portal, page_text=page_text)
    return rows


def render_table(results: list[RowResult]) -> list[str]:
    """Return the lines of the table of results, in the order of the rows."""
    matrix = read_matrix()
    lines = []
    for result in sorted(results, key=lambda result: (result.row, result.case)):
        mark = "✓" if result.passed else "×"
        lines.append(f"{mark} {result.row:2} {matrix[result.row].fault}  [{result.case}]")
        cells = {"kiosk": result.kiosk, "portal": result.portal, "technician": "; ".join(result.page_texts)}
        lines += [f"       {name:11} {text}" for name, text in cells.items() if text]
    return lines
