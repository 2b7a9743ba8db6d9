"""QR and Code 128 as rows of modules.

A code has ids or a payment. Scanners need the quiet zone that the layout leaves around it.
"""

from functools import lru_cache
from typing import Literal

import segno

QR_QUIET = 4  # modules of white around a QR
BAR_QUIET = 10  # modules of white beside a Code 128


@lru_cache(maxsize=16)  # a sheet is laid out several times to save pages
def qr(data: str, error: Literal["l", "m", "q", "h"] = "m") -> tuple[bytes, ...]:
    """Return the modules of a QR code without its quiet zone, 1 for dark."""
    return tuple(bytes(row) for row in segno.make(data, error=error, micro=False).matrix)


@lru_cache(maxsize=16)
def code128(data: str) -> bytes:
    """Return the modules of a Code 128 without its quiet zone, 1 for a bar; `data` is ASCII."""
    from barcode.codex import Code128

    pattern: str = Code128(data).build()[0]
    return bytes(int(module) for module in pattern)
