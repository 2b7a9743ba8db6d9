"""Jailed processes that look at an uploaded file: started, given its bytes, killed at a deadline."""

import subprocess  # nosec B404 # starts our own programs only
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Timer
from typing import IO

from kiosk.base.release import ROOT

SECONDS = 60
"""Deadline of a file on the wall clock; the jail limits processor time."""


@contextmanager
def jailed(module: str, chunks: Sequence[bytes]) -> Iterator[IO[bytes]]:
    """Yield the output of a module that enters the jail; kill it at the end or after `SECONDS`.

    Args:
        module: a module of this package that runs as a process.
        chunks: bytes for its standard input.
    """
    process = subprocess.Popen(  # noqa: S603  # nosec B603 # our own program, no shell
        [sys.executable, "-E", "-s", "-B", "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env={},
    )  # nosec B603 # our own program, no shell
    deadline = Timer(SECONDS, process.kill)
    deadline.start()
    try:
        with process:
            assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018  # nosec B101 # both are pipes
            with suppress(BrokenPipeError):  # it ended early: its output says so
                for chunk in chunks:
                    process.stdin.write(chunk)
            with suppress(BrokenPipeError):
                process.stdin.close()
            try:
                yield process.stdout
            finally:
                process.kill()
    finally:
        deadline.cancel()
