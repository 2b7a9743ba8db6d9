"""Reading process: a page in grey on standard input becomes the QR codes on it, as JSON on standard output.

Run as `python -m kiosk.uploads.qr_reader`. The first line is `WIDTH HEIGHT`, the grey values follow. Like `decoder` it
loads its libraries, enters the jail, and only then looks at the page.
"""

import json
import os
import sys
from typing import Any, NamedTuple

from kiosk.uploads import jail
from kiosk.uploads.process import jailed

PROCESS = "kiosk.uploads.qr_reader"
MAX_ANSWER = 20_000
MAX_CODES = 8


class PageCode(NamedTuple):
    """A QR code of a page: its text, and its width as a share of the page's shorter edge."""

    text: str
    share: float


def codes_of(width: int, height: int, greys: bytes) -> list[PageCode]:
    """Return the QR codes of a page, read in the jail; none where the page cannot be read there."""
    with jailed(PROCESS, [b"%d %d\n" % (width, height), greys]) as stream:
        answer = stream.read(MAX_ANSWER)
    try:
        return [PageCode(text=str(text), share=float(share)) for text, share in json.loads(answer)]
    except (ValueError, TypeError):
        return []


def main() -> None:
    """Read one page; the process ends here, so that nothing of the interpreter runs after it."""
    source = sys.stdin.buffer
    width, height = (int(number) for number in source.readline().split())
    greys = source.read(width * height)
    found: list[tuple[str, float]] = []
    try:
        _read_blank()
        jail.enter()
        jail.begin_page()
        found = _read(width, height, greys)
    except Exception:  # noqa: BLE001 - a hostile page may raise anything; its text must not be shown
        found = []
    sys.stdout.buffer.write(json.dumps(found).encode())
    sys.stdout.buffer.flush()
    os._exit(0)


def _read_blank() -> None:
    """Read a page made here, so that everything is imported before files can no longer be opened."""
    _read(8, 8, bytes(64))


def _read(width: int, height: int, greys: bytes) -> list[tuple[str, float]]:
    import zxingcpp
    from PIL import Image

    page = Image.frombytes("L", (width, height), greys)
    found = zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]))
    return [(code.text, _side(code.position) / min(width, height)) for code in found[:MAX_CODES]]


def _side(position: Any) -> float:
    """Return the length of a code's upper edge in pixels, whichever way it is turned."""
    across = position.top_right.x - position.top_left.x
    down = position.top_right.y - position.top_left.y
    return float((across**2 + down**2) ** 0.5)


if __name__ == "__main__":
    main()
