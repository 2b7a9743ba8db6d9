"""Chromium in tests: the ward's program, and the same engine without a browser window.

Debian builds `chromium-headless-shell` from the same source in the same release. Scripts and touches act the same, and
a page takes half of the processor's time, because there is no window, toolbar and profile. The shell shows no PDF file,
has no camera, goes back by no swipe, and sets letters on whole pixels. So tests of the first three, and of the browser
itself (session file, profile, cache for the back button, policy) use the ward's program; tests of sizes on a page give
the shell an argument.
"""

import os
from pathlib import Path

CHROMIUM = Path("/usr/bin/chromium")
SHELL = Path("/usr/bin/chromium-headless-shell")
ARGS = [
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page that asks for a camera gets the browser's fake one.
    "--use-fake-device-for-media-stream",
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
]
ARGS_OF_SIZES = [*ARGS, "--font-render-hinting=none"]
"""For sizes on a page: the shell sets letters at fractions of a pixel, as the ward's program does."""


def for_pages() -> Path:
    """Return the program that opens pages in tests: the shell, or Chromium where the shell is not installed."""
    return SHELL if SHELL.exists() else CHROMIUM
