"""emupos needs Python 3.13: without one, its tests are deselected with one line of output; on CI that is an error."""

import os
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    deselected = [item for item in items if item.path.name == "test_emupos.py"]
    if not deselected or _has_python():
        return
    if os.environ.get("CI"):
        raise pytest.UsageError(f"emupos needs Python 3.13 or newer: {len(deselected)} tests cannot run")
    config.hook.pytest_deselected(items=deselected)
    items[:] = [item for item in items if item not in deselected]
    print(f"Deselected: {len(deselected)} tests with emupos, because it needs Python 3.13 or newer (Debian 13).")


def _has_python() -> bool:
    script = ["sh", str(HERE / "emupos.sh"), "python"]
    return subprocess.run(script, capture_output=True, check=False).returncode == 0
