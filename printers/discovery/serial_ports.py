"""Serial ports to which a printer may be wired; whether one is, and which, no port says by itself."""

import os
from collections.abc import Iterator
from pathlib import Path

from printers.devices import usb_bus
from printers.discovery.found import FoundPrinter


def find_serial() -> list[FoundPrinter]:
    """Return the serial ports: USB adapters by their lasting names, then the sockets of the board."""
    ports = [*_adapters(), *_board_ports()]
    return [
        FoundPrinter(
            kind="serial",
            address=str(name),
            title=title,
            place=str(port),
            fault=None if os.access(port, os.R_OK | os.W_OK) else "no_access",
        )
        for name, port, title in ports
    ]


def _adapters() -> Iterator[tuple[Path, Path, str]]:
    """Yield name, port and title of each USB adapter; by its socket where another has the same name."""
    named: set[Path] = set()
    for folder in ("by-id", "by-path"):
        for name in sorted((usb_bus.DEV / "serial" / folder).glob("*")):
            port = name.resolve()
            if port not in named:
                named.add(port)
                title = name.name.removeprefix("usb-").replace("_", " ") if folder == "by-id" else ""
                yield name, port, title


def _board_ports() -> Iterator[tuple[Path, Path, str]]:
    """Yield the board's own ports; type 0 is a number that the kernel reserves for a port that is not there."""
    for entry in sorted((usb_bus.SYS / "class/tty").glob("ttyS*")):
        try:
            kind = (entry / "type").read_text(encoding="ascii").strip()
        except OSError:
            continue
        port = usb_bus.DEV / entry.name
        if kind != "0" and port.exists():
            yield port, port, ""
