"""USB printers as the kernel shows them: a tree like sysfs, and a device file for each that is plugged in.

The device file of a printer is a pseudo terminal whose other end is a virtual printer: writing stops when the printer's
buffer is full, answers come back, and unplugging takes the file away in the middle of a paper. It differs from usblp in
one thing: it has no port status (LPGETSTATUS).
"""

import os
import shutil
import socket
import threading
import tty
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from printers.devices import usb_bus


class Cable:
    """A pseudo terminal wired to a printer that listens on TCP; the printer's end breaks where the printer does."""

    def __init__(self, address: str) -> None:
        host, _, port = address.rpartition(":")
        self._target = (host, int(port))
        self._master, self._slave = os.openpty()
        tty.setraw(self._master)
        tty.setraw(self._slave)
        self.path = Path(os.ttyname(self._slave))
        self._is_unplugged = threading.Event()
        self._threads: list[threading.Thread] = []
        self._client: socket.socket | None = None
        self._start(self._carry_out)

    def _start(self, work: object, *args: object) -> None:
        thread = threading.Thread(target=work, args=args, name="cable", daemon=True)  # type: ignore[arg-type]
        thread.start()
        self._threads.append(thread)

    def _carry_out(self) -> None:
        """Carry bytes from the device file to the printer; the printer is called when the first one comes."""
        while True:
            try:
                data = os.read(self._master, 512)
                client = self._client or self._call()
                client.sendall(data)
            except OSError:
                self.unplug()
                return

    def _call(self) -> socket.socket:
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2048)
        client.connect(self._target)
        self._client = client
        self._start(self._carry_back, client)
        return client

    def _carry_back(self, client: socket.socket) -> None:
        """Carry answers back; a printer that breaks off is a cable that was pulled."""
        with suppress(OSError):
            while data := client.recv(64):
                os.write(self._master, data)
        self.unplug()

    def unplug(self) -> None:
        """Pull the cable: a program that has the device file open gets an error."""
        if self._is_unplugged.is_set():
            return
        self._is_unplugged.set()
        if self._client is not None:
            with suppress(OSError):
                self._client.shutdown(socket.SHUT_RDWR)
            self._client.close()
        os.close(self._slave)
        os.close(self._master)

    @property
    def is_unplugged(self) -> bool:
        """Whether it was pulled, by a person or by a printer that broke off."""
        return self._is_unplugged.is_set()


@dataclass(frozen=True)
class Model:
    """A model of a printer, as its descriptor says."""

    vendor: str = "04b8"
    product: str = "0e15"
    maker: str = "EPSON"
    title: str = "TM-T20III"
    serial: str = "J5LF012345"
    protocol: int = 2


EPSON = Model()
XPRINTER = Model(vendor="0416", product="5011", maker="", title="USB Printing Support", serial="")


class UsbTree:
    """Two folders in the place of /sys and /dev."""

    def __init__(self, folder: Path) -> None:
        self.sys = folder / "sys"
        self.dev = folder / "dev"
        (self.sys / "bus/usb/devices").mkdir(parents=True)
        (self.dev / "usb").mkdir(parents=True)
        self._plugs = 0

    def plug(self, port: str, model: Model, target: Path | None) -> None:
        """Plug a printer into a socket.

        Args:
            port: of the socket, as in "1-2".
            model: what it says of itself.
            target: the device behind its file; None: the kernel has no driver for it.
        """
        number = self._plugs
        self._plugs += 1
        device = self.sys / "bus/usb/devices" / port
        device.mkdir()
        values = {
            "idVendor": model.vendor,
            "idProduct": model.product,
            "manufacturer": model.maker,
            "product": model.title,
            "serial": model.serial,
            "busnum": "1",
            "devnum": str(number + 2),
        }
        for name, value in values.items():
            if value:
                (device / name).write_text(f"{value}\n")
        interface = self.sys / f"bus/usb/devices/{port}:1.0"
        interface.mkdir()
        (interface / "bInterfaceClass").write_text("07\n")
        (interface / "bInterfaceNumber").write_text("00\n")
        (interface / "bInterfaceProtocol").write_text(f"{model.protocol:02x}\n")
        raw = self.dev / f"bus/usb/001/{number + 2:03d}"
        raw.parent.mkdir(parents=True, exist_ok=True)
        raw.touch()
        if target is not None:
            (interface / f"usbmisc/lp{number}").mkdir(parents=True)
            (self.dev / f"usb/lp{number}").symlink_to(target)

    def unplug(self, port: str) -> None:
        """Take a printer out of the tree."""
        interface = self.sys / f"bus/usb/devices/{port}:1.0"
        for node in interface.glob("usbmisc/lp*"):
            (self.dev / "usb" / node.name).unlink()
        shutil.rmtree(interface)
        shutil.rmtree(interface.parent / port)


@contextmanager
def usb_tree(folder: Path) -> Iterator[UsbTree]:
    """Let the product see a tree of its own instead of /sys and /dev."""
    tree = UsbTree(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(usb_bus, "SYS", tree.sys)
        patch.setattr(usb_bus, "DEV", tree.dev)
        yield tree
