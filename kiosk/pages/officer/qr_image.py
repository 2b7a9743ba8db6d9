"""A QR code as a picture inside a page: it takes the size of its place, and brings its own quiet zone."""

import io
from typing import Literal

import segno

QUIET = 4


def svg(text: str, error: Literal["l", "m", "q", "h"] = "m") -> str:
    """Return a QR code as SVG; "l" holds the most, for a clean screen."""
    out = io.BytesIO()
    made = segno.make_qr(text, error=error, boost_error=False)
    made.save(out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=QUIET, nl=False, light="#fff")
    return out.getvalue().decode()
