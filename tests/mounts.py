"""Mounts of tests that no other process copies.

A container, a sandbox or a browser with a mount namespace of its own begins with a copy of all mounts. A test disk in
that copy stays in use after the test has unmounted it, and its next mount fails with an I/O error.
"""

import ctypes
import os
import subprocess
from functools import cache

CLONE_NEWNS = 0x00020000


@cache
def leave_shared_mounts() -> None:
    """Move the main thread to a mount namespace of its own, with all that it starts later; needs root.

    Raises:
        OSError: the system refuses.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS) != 0:  # os.unshare comes with Python 3.12
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
