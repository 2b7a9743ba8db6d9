"""Settings of a printer: its address, its paper and what its firmware can do."""

from dataclasses import dataclass
from typing import Literal

DARKNESS = (1, 2, 3, 4, 5)

PrinterKind = Literal["network", "virtual", "usb", "serial", "file", "ipp", "cups"]


@dataclass(frozen=True)
class PrinterSettings:
    """Settings of one printer: `dots` is its printable width, `band_rows` the rows of a picture in one command."""

    name: str = "printer"
    kind: PrinterKind = "virtual"
    address: str = "127.0.0.1:9100"
    width_mm: float = 80
    dots: int = 576
    dpi: int = 203
    margin: int = 20  # dots
    cutter: bool = True
    feed: int = 120  # dots from the last row to behind the cutter
    band_rows: int = 200
    darkness: int = 3  # of letters, 1 to 5
    need_status: bool = True
    confirm: bool = True  # it answers GS r
    baud: int = 115_200  # of a serial port
    flow: Literal["rtscts", "xonxoff", "none"] = "rtscts"  # how a serial printer says that its buffer is full
    a5: bool = False  # an office printer with a tray of A5
    scale: float = 1.0  # factor of all deadlines: larger for a slow network, smaller in tests

    def px(self, points: float) -> int:
        """Return points as whole dots."""
        return round(points * self.dpi / 72)

    def mm(self, length: float) -> int:
        """Return millimetres as whole dots."""
        return round(length * self.dpi / 25.4)
