"""Every command of ESC/POS that is sent to a receipt printer, from the constants of python-escpos.

Only this module imports python-escpos: what it sends besides pictures is here, and nothing else (docs/decisions/0047).
"""

from escpos.constants import GS, HW_INIT, PAPER_PART_CUT, RT_STATUS, RT_STATUS_ONLINE, RT_STATUS_PAPER, S_RASTER_N

INIT: bytes = HW_INIT
"""ESC @: clear what waits in the line buffer, and all modes."""
CUT: bytes = PAPER_PART_CUT
"""GS V 1: cut, but for one point."""
ASK_PRINTER: bytes = RT_STATUS_ONLINE
"""DLE EOT 1."""
ASK_OFFLINE_CAUSES: bytes = RT_STATUS + b"\x02"
ASK_ERRORS: bytes = RT_STATUS + b"\x03"
ASK_PAPER: bytes = RT_STATUS_PAPER
BARRIER: bytes = GS + b"r\x01"
"""GS r 1, which python-escpos does not have: answered only when everything before it is printed."""
BAND_HEADER = 8  # bytes of GS v 0 before the rows


def raster_header(row_bytes: int, rows: int) -> bytes:
    """Return GS v 0 in normal size, for `rows` rows of `row_bytes` bytes each that follow."""
    return bytes(S_RASTER_N) + row_bytes.to_bytes(2, "little") + rows.to_bytes(2, "little")
