"""Printers on the network: one whose address a person types, or all that listen on port 9100 of the own /24.

The scan only connects and sends nothing: an office printer prints whatever comes in at port 9100, a question too. So
only an address that a person chose is asked for its status.
"""

import fcntl
import ipaddress
import selectors
import socket
import struct
from collections.abc import Iterable

from printers import escpos_commands
from printers.deadline import deadline_in
from printers.devices import ipp_message
from printers.devices.connection import PrinterConnection
from printers.devices.ipp_exchange import PORT as IPP_PORT
from printers.devices.ipp_exchange import exchange
from printers.devices.ipp_message import Attribute
from printers.devices.network import open_channel
from printers.devices.tcp import Resolve, resolve_by_system
from printers.discovery.found import FoundPrinter
from printers.errors import NotSent, Unknown

RAW_PORT = 9100
ASK_SECONDS = 2.0
SCAN_SECONDS = 3.0
SIOCGIFADDR = 0x8915
IPP_PATHS = ("/ipp/print", "/ipp/printer", "/ipp")
"""Paths of a printer's IPP service; the first is the one of IPP Everywhere."""


def ask_address(text: str, resolve: Resolve = resolve_by_system) -> list[FoundPrinter]:
    """Return the printers at an address that a person typed: a host, "host:port" or "ipp://host/path".

    A receipt printer that listens and says nothing is in the list, with the fault "mute".

    Raises:
        NotSent: nothing listens there.
    """
    text = text.strip()
    if text.startswith("ipp://"):
        return [_ask_ipp(text, resolve)]
    host, colon, port = text.partition(":")
    offices = [] if colon else _offices(host, resolve)
    try:
        return [*offices, _ask_raw(f"{host}:{port or RAW_PORT}", resolve)]
    except NotSent:
        if offices:
            return offices
        raise


def _offices(host: str, resolve: Resolve) -> list[FoundPrinter]:
    """Return the office printer of a host, if it has one."""
    for path in IPP_PATHS:
        try:
            return [_ask_ipp(f"ipp://{host}:{IPP_PORT}{path}", resolve)]
        except NotSent as error:
            if error.reason == "unreachable":
                break
    return []


def _ask_ipp(address: str, resolve: Resolve) -> FoundPrinter:
    """Ask an office printer what it is.

    Raises:
        NotSent: there is none.
    """
    wanted = (Attribute(ipp_message.KEYWORD, "requested-attributes", ("printer-make-and-model", "printer-info")),)
    body = ipp_message.request("Get-Printer-Attributes", address, wanted)
    try:
        answer = exchange(address, body, resolve=resolve, connect_seconds=ASK_SECONDS, seconds=ASK_SECONDS)
    except Unknown as error:  # a question prints nothing
        raise NotSent(error.reason, str(error)) from error
    if answer.is_error:
        raise NotSent("no_queue" if answer.status == ipp_message.NOT_FOUND else "refused", hex(answer.status))
    titles = [*answer.texts("printer-make-and-model"), *answer.texts("printer-info")]
    return FoundPrinter(kind="ipp", address=address, title=next(iter(titles), ""), place=address)


def _ask_raw(address: str, resolve: Resolve) -> FoundPrinter:
    """Ask a receipt printer for its status.

    Raises:
        NotSent: nothing listens there.
    """
    with PrinterConnection(open_channel(address, resolve, ASK_SECONDS)) as connection:
        try:
            connection.query(escpos_commands.ASK_PRINTER, ASK_SECONDS)
        except NotSent as error:
            return FoundPrinter(kind="network", address=address, place=address, fault=error.reason)
        return FoundPrinter(kind="network", address=address, place=address)


def own_addresses() -> list[ipaddress.IPv4Address]:
    """Return the private addresses of this machine, without loopback."""
    addresses = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _, name in socket.if_nameindex():
            try:
                answer = fcntl.ioctl(asking, SIOCGIFADDR, struct.pack("256s", name.encode()))
            except OSError:  # an interface without an address
                continue
            address = ipaddress.IPv4Address(answer[20:24])
            if address.is_private and not address.is_loopback:
                addresses.append(address)
    return sorted(set(addresses))


def own_networks() -> list[ipaddress.IPv4Network]:
    """Return the /24 around each private address of this machine."""
    return sorted({ipaddress.IPv4Network(f"{address}/24", strict=False) for address in own_addresses()})


def scan_network(
    network: ipaddress.IPv4Network, *, seconds: float = SCAN_SECONDS, port: int = RAW_PORT
) -> list[FoundPrinter]:
    """Return the hosts of a network that listen on port 9100; nothing is sent to them.

    Args:
        network: private, at most 256 addresses.
        seconds: limit for all of them together.
        port: of the printers.

    Raises:
        ValueError: the network is public, or too large.
    """
    if not network.is_private or network.prefixlen < 24:
        raise ValueError(f"not a private network of at most 256 addresses: {network}")
    hosts = _listening((str(host) for host in network.hosts()), port=port, seconds=seconds)
    return [FoundPrinter(kind="network", address=f"{host}:{port}", place=host) for host in hosts]


def _listening(hosts: Iterable[str], *, port: int, seconds: float) -> list[str]:
    """Return the hosts that accept a connection, all tried at the same time."""
    deadline = deadline_in(seconds)
    found = []
    with selectors.DefaultSelector() as selector:
        for host in hosts:
            trying = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            trying.settimeout(0)
            trying.connect_ex((host, port))
            selector.register(trying, selectors.EVENT_WRITE, host)
        while selector.get_map() and deadline.seconds_left:
            for key, _ in selector.select(deadline.seconds_left):
                if _is_connected(key.fileobj):
                    found.append(key.data)
                selector.unregister(key.fileobj)
                _close(key.fileobj)
        for key in list(selector.get_map().values()):
            _close(key.fileobj)
    return sorted(found, key=ipaddress.IPv4Address)


def _is_connected(trying: object) -> bool:
    return isinstance(trying, socket.socket) and not trying.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)


def _close(trying: object) -> None:
    if isinstance(trying, socket.socket):
        trying.close()
