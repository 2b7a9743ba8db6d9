"""Queues of the CUPS on this machine."""

from printers.devices import ipp_message
from printers.devices.ipp_exchange import exchange
from printers.devices.ipp_message import Attribute, IppAnswer
from printers.devices.tcp import Resolve, resolve_by_system
from printers.discovery.found import FoundPrinter
from printers.errors import NotSent, Unknown

SERVER = "localhost:631"
SECONDS = 3.0
WANTED = ("printer-name", "printer-info", "printer-make-and-model", "printer-location", "printer-is-accepting-jobs")


def find_cups(server: str = SERVER, resolve: Resolve = resolve_by_system) -> list[FoundPrinter]:
    """Return the queues of a CUPS.

    Args:
        server: its host and port.
        resolve: looks up the host.

    Raises:
        NotSent: there is no CUPS, or it does not answer.
    """
    address = f"ipp://{server}/"
    wanted = (Attribute(ipp_message.KEYWORD, "requested-attributes", WANTED),)
    body = ipp_message.request("CUPS-Get-Printers", address, wanted)
    try:
        answer = exchange(address, body, resolve=resolve, connect_seconds=SECONDS, seconds=SECONDS)
    except Unknown as error:  # a question prints nothing
        raise NotSent(error.reason, str(error)) from error
    return [queue for group in answer.printers if (queue := _queue(group))]


def _queue(group: IppAnswer) -> FoundPrinter | None:
    """Return a queue of the answer; None for a group without a name."""
    name = _first(group, "printer-name")
    if not name:
        return None
    return FoundPrinter(
        kind="cups",
        address=name,
        title=_first(group, "printer-make-and-model") or _first(group, "printer-info"),
        place=_first(group, "printer-location"),
        fault="stopped" if group.number("printer-is-accepting-jobs") == 0 else None,
    )


def _first(group: IppAnswer, name: str) -> str:
    return next(iter(group.texts(name)), "")
