"""A PDF drawn in a process of its own, with little memory and time; it prints the number of pages.

Run as `python -m kiosk.uploads.cage`, the file on standard input. Any other end than status 0 means: not to be kept.
"""

import resource
import sys
from math import prod

from kiosk.uploads import MAX_PAGES

MEMORY = 768 * 1024 * 1024
SECONDS = 20
LONGEST_EDGE = 900
"""Pixels of each page as it is drawn here: enough to unpack all that the page holds."""
MOST_POINTS = 14_400
"""The largest page that PDF allows (ISO 32000-1, annex C), in points."""
MOST_PIXELS = 150_000_000
"""Of one picture: A4 at 600 dots to the inch has 35 million, A3 at 600 twice that."""


def main() -> int:
    """Draw every page; return 0 when all could be drawn."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import pypdfium2  # after the limits, so that they hold for it too

    try:
        document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
        for page in list(document)[:MAX_PAGES]:
            longest = max(page.get_size())
            pictures = page.get_objects([pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
            if not 1 <= longest <= MOST_POINTS or any(prod(one.get_px_size()) > MOST_PIXELS for one in pictures):
                return 1
            page.render(scale=LONGEST_EDGE / longest).close()
            page.close()
    except (pypdfium2.PdfiumError, MemoryError, ValueError):
        return 1
    sys.stdout.write(f"{len(document)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
