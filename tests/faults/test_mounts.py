"""The disk of a test beside other runs: a container that starts while it is mounted has no copy of it."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.faults.disk import Disk

pytestmark = pytest.mark.faults
CONTAINER = ["nsenter", "--target", str(os.getppid()), "--mount", "unshare", "--mount", "sh", "-c", "echo; read line"]
"""As systemd-nspawn and the browser of the touchscreen begin, in the mounts of the process that started the tests."""


def test_a_disk_is_mounted_again_beside_a_container_that_started_meanwhile(tmp_path: Path) -> None:
    with Disk(tmp_path, megabytes=64) as disk:
        (disk.path / "before").write_text("here", "utf-8")
        os.sync()
        with subprocess.Popen(CONTAINER, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as container:
            assert container.stdout is not None
            assert container.stdout.readline() == b"\n"
            mounts = Path(f"/proc/{container.pid}/mounts").read_text("utf-8")
            disk.cut_power()
            disk.unmount()
            disk.mount()
            assert (disk.path / "before").read_text("utf-8") == "here"
            (disk.path / "after").write_text("here", "utf-8")
            container.communicate(b"\n")
    assert str(disk.path) not in mounts
