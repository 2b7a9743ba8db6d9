"""A ward with three printers, and more that are plugged in: for walk and picture of the printers' page."""

from sqlite_utils import Database

from kiosk.records import marks
from printers.discovery import FoundPrinter

JAMMED = "Máy in A4 quầy 1, 2"

FILE = """# máy in của sảnh
[[printer]]
name = "Máy in phiếu ở kiosk"
kind = "network"
address = "HALL"
fallback = "Máy in A4 quầy 3"

[[office_printer]]
name = "Máy in A4 quầy 1, 2"
kind = "ipp"
address = "OFFICE"
counters = [1]

[[office_printer]]
name = "Máy in A4 quầy 3"
kind = "ipp"
address = "ipp://127.0.0.1:1/ipp/print"
counters = [2]
"""
FOUND = (
    FoundPrinter(kind="usb", address="0416:5011@1-2", title="Zywell ZY-303", place="1-2", profile="zywell-80"),
    FoundPrinter(kind="network", address="192.168.1.60:9100", place="192.168.1.60"),
    FoundPrinter(kind="cups", address="vanphong", title="Canon LBP 6030"),
    FoundPrinter(kind="serial", address="/dev/ttyS0", place="/dev/ttyS0"),
)


def store_states(db: Database) -> None:
    """Store the states of the printers as the worker would: one is jammed."""
    for name, state in (("Máy in phiếu ở kiosk", "ok"), (JAMMED, "jam"), ("Máy in A4 quầy 3", "ok")):
        marks.put(db, f"printer:{name}", state)
