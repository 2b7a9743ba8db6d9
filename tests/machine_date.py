"""The machine's date in tests: only those with a mark of `MARKS` see it, and `make dates` runs them at other dates.

A kiosk in a process of its own, and the check of a certificate in a handshake, read the machine's clock and no other.
So a test without a mark fails when it starts such a process or shakes hands.
"""

import ssl
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any

import pytest

MARKS = ("machine_date", "browser", "faults", "machine", "prometheus")
ASK = "this reads the machine's date: mark the test with `machine_date`, and `make dates` runs it at other dates"


def is_seen(item: pytest.Item) -> bool:
    """Return whether a test sees the machine's date."""
    return any(item.get_closest_marker(mark) for mark in MARKS)


def hide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test fail that starts Python with a module or a script of the project, or shakes hands with TLS."""
    start = subprocess.Popen.__init__

    def start_without_date(process: Any, args: Any, *more: Any, **named: Any) -> None:
        assert not _is_module_or_script(args), f"{ASK}: {args}"
        start(process, args, *more, **named)

    monkeypatch.setattr(subprocess.Popen, "__init__", start_without_date)
    for name in ("wrap_socket", "wrap_bio"):
        monkeypatch.setattr(ssl.SSLContext, name, _refusing(name))


def _is_module_or_script(args: str | Sequence[object]) -> bool:
    words = [args] if isinstance(args, str) else [str(word) for word in args]
    return words[0] == sys.executable and words[1:2] in (["-m"], ["-c"])


def _refusing(name: str) -> Callable[..., Any]:
    def shake_hands(*_args: Any, **_named: Any) -> Any:
        raise AssertionError(f"{ASK}: SSLContext.{name}")

    return shake_hands
