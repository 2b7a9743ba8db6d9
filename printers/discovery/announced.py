"""Office printers that announce themselves on the network by DNS-SD (mDNS), as IPP Everywhere and AirPrint ask of them.

Only a question to all goes out, to 224.0.0.251; nothing is sent to a printer, so nothing is printed. An answer is text
of a stranger: its words are shortened, its path has a pattern, its address must be private.
"""

import ipaddress
import re
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from printers.discovery.found import FoundPrinter

SERVICE = "_ipp._tcp.local."
ENCRYPTED = "_ipps._tcp.local."
"""Service of IPP inside TLS, which a kiosk does not speak: CUPS does."""
ANSWER_SECONDS = 2.0
"""A printer answers after 20 to 120 ms (RFC 6762, section 6); one that sleeps wakes up for it."""
MAX_PRINTERS = 64
_PATH = re.compile(r"[A-Za-z0-9/_.-]{1,100}")
_LONGEST_WORDS = 60  # letters


def find_announced(addresses: Iterable[str], seconds: float = ANSWER_SECONDS) -> list[FoundPrinter]:
    """Return the office printers that answer on the networks of these own addresses, by their addresses.

    One that announces encrypted IPP alone is in the list with the fault "encrypted".

    Args:
        addresses: IPv4 addresses of this machine; none: no network, no printer.
        seconds: time to wait for answers.
    """
    from zeroconf import ServiceBrowser, Zeroconf  # 5 MB that only a search needs

    names: set[tuple[str, str]] = set()
    interfaces = list(addresses)
    printers: dict[str, FoundPrinter] = {}
    with suppress(OSError):  # the network went away
        if interfaces:
            with Zeroconf(interfaces=interfaces) as network:
                ServiceBrowser(
                    network,
                    [SERVICE, ENCRYPTED],
                    handlers=[lambda **told: names.add((told["service_type"], told["name"]))],
                )
                time.sleep(seconds)
                for service, name in sorted(names)[:MAX_PRINTERS]:
                    info = network.get_service_info(service, name, timeout=int(seconds * 1000))
                    for printer in _printers(info, service) if info is not None else ():
                        # The plain service comes first; the encrypted one of the same printer has its name.
                        printers.setdefault(name.removesuffix(service), printer)
    return sorted(set(printers.values()), key=lambda printer: printer.address)


def _printers(info: Any, service: str) -> Iterable[FoundPrinter]:
    """Yield the printer of an announcement, at its first private address."""
    words: dict[str, str | None] = info.decoded_properties
    path = (words.get("rp") or "").lstrip("/")
    for address in map(ipaddress.IPv4Address, info.parsed_addresses(version=_ipv4())):
        if address.is_private and info.port and _PATH.fullmatch(path):
            title = _shown(words.get("ty") or "")
            place = _shown(words.get("note") or "") or str(address)
            yield FoundPrinter(
                kind="ipp",
                address=f"ipp://{address}:{info.port}/{path}",
                title=title,
                place=place,
                fault="encrypted" if service == ENCRYPTED else None,
            )
            return


def _ipv4() -> Any:
    from zeroconf import IPVersion

    return IPVersion.V4Only


def _shown(words: str) -> str:
    return "".join(letter for letter in words if letter.isprintable())[:_LONGEST_WORDS].strip()
