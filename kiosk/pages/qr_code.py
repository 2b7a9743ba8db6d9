"""QR codes of the pages, as inline SVG without a size; the style sheet sets the size."""

import io
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import segno

BORDER = 2
QUIET_ZONE = 4
"""Modules around a code on a dark page."""


def qr_svg(text: str) -> str:
    """Return a QR code (error correction M, or more where it needs no larger code) as SVG."""
    import segno  # 5 ms of a start; the first pages have no code

    return _svg(segno.make_qr(text, error="m"), BORDER)


def desk_qr_svg(text: str, error: Literal["l", "m", "q", "h"] = "m") -> str:
    """Return a QR code with a white quiet zone as SVG; error correction "l" holds the most data, for a clean screen."""
    import segno

    return _svg(segno.make_qr(text, error=error, boost_error=False), QUIET_ZONE, light="#fff")


def _svg(code: "segno.QRCode", border: int, light: str | None = None) -> str:
    svg = io.BytesIO()
    code.save(svg, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=border, nl=False, light=light)
    return svg.getvalue().decode()
