"""Disk whose power can be cut: ext4 on a loop device, shut down without its journal (needs root and mkfs.ext4).

After a cut, data that the kernel has not written is gone, as after a power failure; data that fsync confirmed is there.
"""

import fcntl
import os
import struct
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.mounts import leave_shared_mounts

EXT4_IOC_SHUTDOWN = 0x8004587D
NO_LOG_FLUSH = 2


class Disk:
    """A disk in a sparse file; `path` is its mount point, in this process and those that it starts."""

    def __init__(self, folder: Path, megabytes: int = 2048) -> None:
        leave_shared_mounts()
        folder.mkdir(parents=True, exist_ok=True)
        self._image = folder / "disk.img"
        self.path = folder / "disk"
        self.path.mkdir()
        with self._image.open("wb") as image:
            image.truncate(megabytes << 20)
        _run("mkfs.ext4", "-q", str(self._image))
        self.mount()

    def mount(self) -> None:
        _run("mount", "-o", "loop", str(self._image), str(self.path))

    def unmount(self) -> None:
        _run("umount", str(self.path))

    def cut_power(self) -> None:
        """Make every read and write fail until the disk is mounted again."""
        handle = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, EXT4_IOC_SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
        finally:
            os.close(handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self.path.is_mount():
            self.unmount()


def _run(*command: str) -> None:
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, f"{' '.join(command)}: {run.stderr}"
