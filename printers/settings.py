"""What is known of one printer: its line, its paper, its habits."""

from dataclasses import dataclass
from typing import Literal

PrinterKind = Literal["network", "virtual"]


@dataclass(frozen=True)
class PrinterSettings:
    """One printer: `dots` across its printable width, `margin` and `feed` in dots, `band_rows` in one command."""

    name: str = "printer"
    kind: PrinterKind = "virtual"
    address: str = "127.0.0.1:9100"
    width_mm: float = 80
    dots: int = 576
    dpi: int = 203
    margin: int = 20
    cutter: bool = True
    feed: int = 120  # from the last row to behind the cutter
    band_rows: int = 200
    need_status: bool = True
    scale: float = 1.0  # of all deadlines: a slow line may have more patience, a test less

    def px(self, points: float) -> int:
        """Points as whole dots."""
        return round(points * self.dpi / 72)

    def mm(self, length: float) -> int:
        """Millimetres as whole dots."""
        return round(length * self.dpi / 25.4)
