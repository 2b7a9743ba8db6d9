"""Hands in forms while strace looks on; empties the log of the store after each tenth, as the worker does.

python -m tests.faults.tracing_writer 40 full
"""

import os
import sys

from kiosk.app import open_context
from kiosk.config import load
from kiosk.store import db
from tests.faults.filing import hand_in

sync = sys.argv[2]
db._PRAGMAS = tuple(one.replace("synchronous = full", f"synchronous = {sync}") for one in db._PRAGMAS)
context = open_context(load())
for number in range(1, int(sys.argv[1]) + 1):
    os.write(1, hand_in(context)[0].encode() + b"\n")
    if number % 10 == 0:
        db.checkpoint(context.store)
os._exit(0)
