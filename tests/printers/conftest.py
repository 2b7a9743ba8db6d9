"""Tests with programs by others: without these, they are deselected with one line of output; on CI that is an error.

emupos needs Python 3.13; the IPP printer and CUPS are Debian packages, and run as root.
"""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.printers.ipp_services import missing_programs

HERE = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    _deselect(config, items, "test_emupos.py", _lack_of_python)
    _deselect(config, items, "test_other_ipp.py", _lack_of_programs)


def _deselect(config: pytest.Config, items: list[pytest.Item], file: str, find_lack: Callable[[], str]) -> None:
    """Deselect the tests of a file where this machine lacks something."""
    deselected = [item for item in items if item.path.name == file]
    lack = find_lack() if deselected else ""
    if not lack:
        return
    if os.environ.get("CI"):
        raise pytest.UsageError(f"{lack}: {len(deselected)} tests cannot run")
    config.hook.pytest_deselected(items=deselected)
    items[:] = [item for item in items if item not in deselected]
    print(f"Deselected: {len(deselected)} tests of {file}: {lack}.")


def _lack_of_python() -> str:
    script = ["sh", str(HERE / "emupos.sh"), "python"]
    has_python = subprocess.run(script, capture_output=True, check=False).returncode == 0
    return "" if has_python else "emupos needs Python 3.13 or newer (Debian 13)"


def _lack_of_programs() -> str:
    missing = missing_programs()
    return f"missing {', '.join(missing)} (deploy/packages.sh test)" if missing else ""
