"""Memory allocator of a kiosk's process."""

import subprocess
import sys

import pytest

from kiosk.config import ROOT

pytestmark = pytest.mark.machine_date

SCRIPT = """
import ctypes, sys, threading
from kiosk.base import allocator
if sys.argv[1] == "saved":
    allocator.save_memory()
blocks = [threading.Thread(target=lambda: bytearray(1000)) for _ in range(4)]
[block.start() for block in blocks]
[block.join() for block in blocks]
ctypes.CDLL(None).malloc_stats()
"""


@pytest.mark.parametrize(("argument", "is_one"), [("saved", True), ("as it is", False)])
def test_all_threads_of_a_kiosk_use_one_arena(argument: str, is_one: bool) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT, argument], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert (ended.stderr.count("Arena ") == 1) is is_one, ended.stderr
