"""Programs and libraries that tests of deploy/ ask: without one, its tests are deselected; on CI that is an error."""

import ctypes.util
import os
import shutil

import pytest

PROGRAMS = ("cage", "chromium", "grim", "wtype", "unshare")
TWO_SCREENS = ("sway", "swaymsg", "chromium", "grim", "wtype", "unshare")
NEEDS = {
    "test_a_unit_is_exposed_little": ("systemd", lambda: shutil.which("systemd-analyze")),
    "deploy/test_touchscreen_policy": ("cage chromium grim wtype", lambda: all(map(shutil.which, PROGRAMS))),
    "deploy/test_two_screens": ("sway chromium grim wtype", lambda: all(map(shutil.which, TWO_SCREENS))),
    "test_touchscreen_keys": ("libxkbcommon0 xkb-data", lambda: ctypes.util.find_library("xkbcommon")),
}
"""Test or module -> the Debian packages that it needs, and whether they are there."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    missing = {name: packages for name, (packages, is_there) in NEEDS.items() if not is_there()}
    left_out = [item for item in items if any(name in item.nodeid for name in missing)]
    if not left_out:
        return
    needed = " ".join(missing.values())
    if os.environ.get("CI"):
        raise pytest.UsageError(f"{len(left_out)} tests of deploy/ cannot run: apt install {needed}")
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]
    print(f"Deselected: {len(left_out)} tests of deploy/ (apt install {needed}).")
