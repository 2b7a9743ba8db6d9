"""Limits of uploads, for the page that takes a file and the process that decodes it."""

MAX_BYTES = 10 * 1024 * 1024
"""Size of one file."""
MAX_POST_BYTES = 2 * MAX_BYTES
"""Size of all files of one post. The desk's script sends each file by itself; the form alone sends all at once."""
MAX_POST_FILES = 20
"""Files of one post."""
MAX_REDRAWN_BYTES = 2 * MAX_BYTES
"""Size of a redrawn PDF: 40 pages of dense text at 200 dpi; the gateway takes 32 MB."""
MAX_PIXELS = 50_000_000
"""Phone cameras have up to 50 million; an image that claims more is not decoded."""
MAX_EDGE = 2400
"""Pixels of the longer edge of a photo: A4 at 200 dpi."""
MAX_PAGES = 40
PAGE_DPI = 200
MIN_PAGE_EDGE = 2339
"""Pixels of the longer edge of a PDF page: at least those of A4 at 200 dpi, also for a small card."""
MAX_PAGE_EDGE = 3400
"""A3 at 200 dpi has 3307."""
MAX_PAGE_POINTS = 14_400
"""The largest page that PDF allows (ISO 32000-1, annex C)."""
MAX_IMAGE_PIXELS = 150_000_000
"""Of one image in a PDF: A4 at 600 dpi has 35 million, A3 at 600 dpi twice that."""
