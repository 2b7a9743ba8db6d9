"""A virtual printer wired in each way that a receipt printer can be: network, USB, serial."""

import errno
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
import usb.core
from usb.backend import IBackend

from printers.devices import libusb, usb_bus
from printers.settings import PrinterSettings
from printers.virtual.server import Fault, VirtualPrinter
from tests.printers.usb_tree import EPSON, XPRINTER, Cable, Model, UsbTree, usb_tree


class WiredPrinter(VirtualPrinter):
    """A virtual printer whose cable is plugged in again when its fault is mended."""

    plug: "Plug | SerialPlug | None" = None

    def set_fault(self, name: Fault | None, *, after: int = 0) -> None:
        super().set_fault(name, after=after)
        if name is None and self.plug is not None:
            self.plug.plug_in()

    def pull(self) -> None:
        """Pull its cable."""
        assert isinstance(self.plug, Plug)
        self.plug.pull()

    def plug_beside(self, cable: Cable) -> None:
        """Plug in another printer of the same model."""
        assert isinstance(self.plug, Plug)
        self.plug.tree.plug("2-1", self.plug.model, cable.path)

    def unplug_beside(self) -> None:
        """Take the other printer away."""
        assert isinstance(self.plug, Plug)
        self.plug.tree.unplug("2-1")


@contextmanager
def by_network(virtual: WiredPrinter, _folder: Path) -> Iterator[PrinterSettings]:
    yield PrinterSettings(kind="network", address=virtual.address)


@contextmanager
def in_practice(virtual: WiredPrinter, _folder: Path) -> Iterator[PrinterSettings]:
    yield PrinterSettings(kind="virtual", address=virtual.address)


class Plug:
    """A USB printer that is plugged in: its cable and its socket, another one each time."""

    def __init__(self, tree: UsbTree, virtual: WiredPrinter, model: Model) -> None:
        self.tree = tree
        self.model = model
        self._virtual = virtual
        self._socket = 0
        self._cable: Cable | None = None

    def plug_in(self) -> None:
        """Plug it in at the next socket, if it is not plugged in."""
        if self._cable is not None and not self._cable.is_unplugged:
            return
        self.pull()
        self._socket += 1
        self._cable = Cable(self._virtual.address)
        self.tree.plug(f"1-{self._socket}", self.model, self._cable.path)

    def pull(self) -> None:
        """Pull the cable out."""
        if self._cable is not None:
            self._cable.unplug()
            self.tree.unplug(f"1-{self._socket}")
            self._cable = None


@contextmanager
def by_usb(virtual: WiredPrinter, folder: Path, model: Model = EPSON) -> Iterator[PrinterSettings]:
    with usb_tree(folder) as tree:
        plug = virtual.plug = Plug(tree, virtual, model)
        plug.plug_in()
        (printer,) = usb_bus.list_printers()
        yield PrinterSettings(kind="usb", address=usb_bus.address_of(printer, [printer]))
        plug.pull()


def by_usb_without_serial(virtual: WiredPrinter, folder: Path) -> AbstractContextManager[PrinterSettings]:
    return by_usb(virtual, folder, XPRINTER)


@contextmanager
def by_libusb(virtual: WiredPrinter, folder: Path) -> Iterator[PrinterSettings]:
    with usb_tree(folder) as tree, pytest.MonkeyPatch.context() as patch:
        tree.plug("1-1", EPSON, None)
        patch.setattr(libusb, "BACKEND", FakeBus(virtual.address))
        yield PrinterSettings(kind="usb", address="04b8:0e15")


class SerialPlug:
    """A printer at a USB adapter with a lasting name."""

    def __init__(self, virtual: WiredPrinter, name: Path) -> None:
        self._virtual = virtual
        self._name = name
        self._cable: Cable | None = None

    def plug_in(self) -> None:
        """Plug the adapter in, if it is not plugged in."""
        if self._cable is not None and not self._cable.is_unplugged:
            return
        self._cable = Cable(self._virtual.address)
        self._name.unlink(missing_ok=True)
        self._name.symlink_to(self._cable.path)

    def pull(self) -> None:
        """Pull the adapter out."""
        if self._cable is not None:
            self._cable.unplug()


@contextmanager
def by_serial(virtual: WiredPrinter, folder: Path) -> Iterator[PrinterSettings]:
    name = folder / "usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0"
    plug = virtual.plug = SerialPlug(virtual, name)
    plug.plug_in()
    yield PrinterSettings(kind="serial", address=str(name))
    plug.pull()


Wiring = Callable[[WiredPrinter, Path], AbstractContextManager[PrinterSettings]]
WIRINGS: dict[str, Wiring] = {
    "network": by_network,
    "virtual": in_practice,
    "usb": by_usb,
    "usb of a common model": by_usb_without_serial,
    "libusb": by_libusb,
    "serial": by_serial,
}


class Descriptor:
    """A descriptor of the USB device; its fields are those of the USB specification."""

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)
        self.extra_descriptors: list[int] = []


class FakeBus(IBackend):  # type: ignore[misc]
    """A bus for pyusb with one printer on it, whose endpoints lead to a printer that listens on TCP."""

    ENDPOINTS = (0x03, 0x84)
    """One out, one in; python-escpos would look for 0x01 and 0x82."""

    def __init__(self, address: str) -> None:
        host, _, port = address.rpartition(":")
        self._target = (host, int(port))
        self.error = 0
        self.claims = 0

    def enumerate_devices(self) -> Iterator[int]:
        yield 1

    def get_device_descriptor(self, dev: int) -> Descriptor:
        return Descriptor(
            bLength=18,
            bDescriptorType=1,
            bcdUSB=0x200,
            bDeviceClass=0,
            bDeviceSubClass=0,
            bDeviceProtocol=0,
            bMaxPacketSize0=64,
            idVendor=0x04B8,
            idProduct=0x0E15,
            bcdDevice=0x100,
            iManufacturer=0,
            iProduct=0,
            iSerialNumber=0,
            bNumConfigurations=1,
            address=2,
            bus=1,
            port_number=1,
            port_numbers=(1,),
            speed=3,
        )

    def get_configuration_descriptor(self, dev: int, config: int) -> Descriptor:
        if config:
            raise IndexError(config)
        return Descriptor(
            bLength=9,
            bDescriptorType=2,
            wTotalLength=32,
            bNumInterfaces=1,
            bConfigurationValue=1,
            iConfiguration=0,
            bmAttributes=0xC0,
            bMaxPower=1,
        )

    def get_interface_descriptor(self, dev: int, intf: int, alt: int, config: int) -> Descriptor:
        if intf or alt:
            raise IndexError(intf)
        return Descriptor(
            bLength=9,
            bDescriptorType=4,
            bInterfaceNumber=0,
            bAlternateSetting=0,
            bNumEndpoints=2,
            bInterfaceClass=7,
            bInterfaceSubClass=1,
            bInterfaceProtocol=2,
            iInterface=0,
        )

    def get_endpoint_descriptor(self, dev: int, ep: int, intf: int, alt: int, config: int) -> Descriptor:
        return Descriptor(
            bLength=7,
            bDescriptorType=5,
            bEndpointAddress=self.ENDPOINTS[ep],
            bmAttributes=2,
            wMaxPacketSize=64,
            bInterval=0,
            bRefresh=0,
            bSynchAddress=0,
        )

    def open_device(self, dev: int) -> socket.socket:
        opened = socket.socket()
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2048)
        opened.connect(self._target)
        return opened

    def close_device(self, dev_handle: socket.socket) -> None:
        dev_handle.close()

    def get_configuration(self, dev_handle: socket.socket) -> int:
        return 1

    def claim_interface(self, dev_handle: socket.socket, intf: int) -> None:
        if self.error:
            raise usb.core.USBError("refused", errno=self.error)
        self.claims += 1

    def release_interface(self, dev_handle: socket.socket, intf: int) -> None:
        self.claims -= 1

    def bulk_write(self, dev_handle: socket.socket, ep: int, intf: int, data: Any, timeout: int) -> int:
        assert ep == self.ENDPOINTS[0]
        dev_handle.settimeout(timeout / 1000)
        with translated_errors():
            return dev_handle.send(bytes(data))

    def bulk_read(self, dev_handle: socket.socket, ep: int, intf: int, buff: Any, timeout: int) -> int:
        assert ep == self.ENDPOINTS[1]
        dev_handle.settimeout(timeout / 1000)
        with translated_errors():
            received = dev_handle.recv(len(buff))
            if not received:
                raise ConnectionResetError
            for index, byte in enumerate(received):
                buff[index] = byte
            return len(received)


@contextmanager
def translated_errors() -> Iterator[None]:
    """Translate the errors of a socket into those of libusb."""
    try:
        yield
    except TimeoutError as error:
        raise usb.core.USBTimeoutError("timed out", errno=errno.ETIMEDOUT) from error
    except OSError as error:
        raise usb.core.USBError("no device", errno=errno.ENODEV) from error
