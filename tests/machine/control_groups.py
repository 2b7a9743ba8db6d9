"""Control groups of a machine in systemd-nspawn.

nspawn starts each machine in the group `payload` below its own group. Machines that were started from one group have
one tree of units: `systemctl stop` on one kills the processes of that unit on the others.
"""

import itertools
import os
import time
from contextlib import suppress
from pathlib import Path

PATIENCE = 60.0  # seconds, until the last process of a group is gone
ENTER = 'while [ "$1" != -- ]; do echo $$ >"$1"; shift; done; shift; exec "$@"'
"""Shell commands: move to each group before `--`, and become the command after it."""
_numbers = itertools.count()


class ControlGroups:
    """Groups of one machine, in each hierarchy of systemd; `enter` is the begin of a command that runs in them."""

    def __init__(self) -> None:
        self.name = f"ward-{os.getpid()}-{next(_numbers)}"
        self._folders = [folder / self.name for folder in own_folders()]
        for folder in self._folders:
            folder.mkdir()
        files = [str(folder / "cgroup.procs") for folder in self._folders]
        self.enter = ["sh", "-c", ENTER, "sh", *files, "--"]

    def remove(self) -> None:
        """Remove the groups when their last process is gone."""
        deadline = time.monotonic() + PATIENCE
        while any(folder.exists() for folder in self._folders) and time.monotonic() < deadline:
            for folder in self._folders:
                _remove(folder)
            time.sleep(0.01)


def own_folders() -> list[Path]:
    """Return the folders of this process's groups: of version 2, and of systemd's own hierarchy of version 1."""
    lines = Path("/proc/self/cgroup").read_text("utf-8").splitlines()
    groups = {controllers: path for _, controllers, path in (line.split(":", 2) for line in lines)}
    folders = []
    for line in Path("/proc/self/mounts").read_text("utf-8").splitlines():
        _, place, kind, options, *_ = line.split()
        is_systemd = kind == "cgroup" and "name=systemd" in options.split(",")
        group = groups.get("" if kind == "cgroup2" else "name=systemd")
        if (kind == "cgroup2" or is_systemd) and group is not None:
            folders.append(Path(f"{place}{group}"))
    return folders


def _remove(folder: Path) -> None:
    """Remove a group and those below it, unless a process is in one of them."""
    for path, _, _ in os.walk(folder, topdown=False):
        with suppress(OSError):
            Path(path).rmdir()
