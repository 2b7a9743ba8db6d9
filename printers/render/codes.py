"""QR and Code 128 as rows of modules.

A code carries ids, or where to pay how much. Readers need the quiet zone that the layout leaves around them.
"""

from functools import lru_cache
from typing import Literal

import segno

QR_QUIET = 4  # modules of white around a QR
BAR_QUIET = 10  # modules of white beside a Code 128


@lru_cache(maxsize=16)  # a sheet is laid out several times until it fits
def qr(data: str, error: Literal["l", "m", "q", "h"] = "m") -> tuple[bytes, ...]:
    """The modules of a QR code without its quiet zone, 1 for dark."""
    return tuple(bytes(row) for row in segno.make(data, error=error, micro=False).matrix)


@lru_cache(maxsize=16)
def code128(data: str) -> bytes:
    """The modules of a Code 128 without its quiet zone, 1 for a bar; ASCII only."""
    from barcode.codex import Code128  # type: ignore[import-untyped]  # comes with python-escpos

    pattern: str = Code128(data).build()[0]
    return bytes(int(module) for module in pattern)
