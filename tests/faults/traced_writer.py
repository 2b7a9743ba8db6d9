"""Submits forms under strace; checkpoints the store's log after each tenth, as the worker does.

python -m tests.faults.traced_writer 40 full
"""

import os
import sys

from kiosk.config import load
from kiosk.startup.context_factory import open_context
from kiosk.store import db
from tests.faults.submitting import submit_form

synchronous = sys.argv[2]
db._PRAGMAS = tuple(pragma.replace("synchronous = full", f"synchronous = {synchronous}") for pragma in db._PRAGMAS)
context = open_context(load())
for number in range(1, int(sys.argv[1]) + 1):
    os.write(1, submit_form(context)[0].encode() + b"\n")
    if number % 10 == 0:
        db.checkpoint(context.store)
os._exit(0)
