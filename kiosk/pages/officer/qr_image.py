"""QR code as an SVG image in a page: scales to its container, with its own quiet zone."""

import io
from typing import Literal

QUIET_ZONE = 4
"""Modules around the code."""


def svg(text: str, error: Literal["l", "m", "q", "h"] = "m") -> str:
    """Return a QR code as SVG; error correction "l" holds the most data, for a clean screen."""
    import segno  # 5 ms of a start; the first pages have no code

    buffer = io.BytesIO()
    code = segno.make_qr(text, error=error, boost_error=False)
    code.save(buffer, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=QUIET_ZONE, nl=False, light="#fff")
    return buffer.getvalue().decode()
