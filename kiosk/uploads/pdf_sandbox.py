"""Sandbox for uploaded PDF files: a process with little memory and time renders all pages and prints their number.

Run as `python -m kiosk.uploads.pdf_sandbox` with the file on standard input. Any exit status but 0 refuses the file.
"""

import resource
import sys
from math import prod

from kiosk.uploads import MAX_PAGES

MEMORY_BYTES = 768 * 1024 * 1024
CPU_SECONDS = 20
RENDERED_EDGE = 900
"""Pixels of a rendered page: enough to decode all that the page contains."""
MAX_PAGE_POINTS = 14_400
"""The largest page that PDF allows (ISO 32000-1, annex C)."""
MAX_IMAGE_PIXELS = 150_000_000
"""Of one image: A4 at 600 dpi has 35 million, A3 at 600 dpi twice that."""


def main() -> int:
    """Render every page; return 0 if all could be rendered."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import pypdfium2  # after the limits, so that they apply to it too

    try:
        document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
        for page in list(document)[:MAX_PAGES]:
            longest_edge = max(page.get_size())
            images = page.get_objects([pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
            if not 1 <= longest_edge <= MAX_PAGE_POINTS:
                return 1
            if any(prod(image.get_px_size()) > MAX_IMAGE_PIXELS for image in images):
                return 1
            page.render(scale=RENDERED_EDGE / longest_edge).close()
            page.close()
    except (pypdfium2.PdfiumError, MemoryError, ValueError):
        return 1
    sys.stdout.write(f"{len(document)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
