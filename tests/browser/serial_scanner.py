"""A scanner with a serial port: a pseudo-terminal of which the kiosk opens the other end."""

import os
import tty
from pathlib import Path
from tempfile import TemporaryDirectory


class SerialScanner:
    """A pseudo-terminal with a fixed name, like a USB-COM scanner; the kiosk opens the other end.

    Its name lies in /dev/shm, because settings name devices of /dev alone.
    """

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(dir="/dev/shm")
        self.name = Path(self._folder.name) / "scanner"
        self.ends: tuple[int, ...] = ()
        self.plug_in()

    def plug_in(self) -> None:
        self.ends = os.openpty()
        tty.setraw(self.ends[1])
        self.name.unlink(missing_ok=True)
        self.name.symlink_to(os.ttyname(self.ends[1]))

    def scan(self, line: str) -> None:
        os.write(self.ends[0], line.encode() + b"\r")

    def unplug(self) -> None:
        for end in self.ends:
            os.close(end)
        self.name.unlink(missing_ok=True)
        self.ends = ()

    def close(self) -> None:
        self.unplug()
        self._folder.cleanup()
