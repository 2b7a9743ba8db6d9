"""Office printers that announce themselves, by a real mDNS responder on the loopback interface."""

import gc
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from zeroconf import ServiceInfo, Zeroconf

from printers.discovery import FoundPrinter, announced, find_announced

LOOPBACK = "127.0.0.1"
Announce = Callable[..., None]
Find = Callable[..., list[FoundPrinter]]
SEARCHES = 20
"""Searches until a printer counts as not found."""


@pytest.fixture
def thread() -> Iterator[ThreadPoolExecutor]:
    """Return a thread without an event loop, as those of the kiosk are.

    After a walk the thread of the tests has the loop of Playwright; Zeroconf takes one that runs, and waits for ever.
    """
    with ThreadPoolExecutor(max_workers=1) as executor:
        yield executor


@pytest.fixture
def find(thread: ThreadPoolExecutor) -> Find:
    """Return a function that searches; on a busy machine an answer may come after the seconds of one search."""

    def search(addresses: list[str], least: int = 0) -> list[FoundPrinter]:
        for _ in range(SEARCHES):
            found = thread.submit(find_announced, addresses).result()
            if len(found) >= least:
                break
        return found

    return search


@pytest.fixture
def announce(thread: ThreadPoolExecutor) -> Iterator[Announce]:
    """Return a function that announces an office printer until the test ends."""
    responders = ExitStack()

    def announce(
        name: str, *, address: str = LOOPBACK, port: int = 631, service: str = announced.SERVICE, **words: str
    ) -> None:
        info = ServiceInfo(
            service,
            f"{name}.{service}",
            addresses=[socket.inet_aton(address)],
            port=port,
            properties={"rp": "ipp/print", **words},
            server=f"{name.lower()}.local.",
        )
        responder = responders.enter_context(Zeroconf(interfaces=[LOOPBACK]))
        responder.register_service(info)

    yield lambda name, **facts: thread.submit(announce, name, **facts).result()
    thread.submit(responders.close).result()


def test_a_printer_that_announces_itself_is_found_with_its_address_and_place(announce: Announce, find: Find) -> None:
    announce("CanonA", ty="Canon MF445", note="Phòng 2")
    announce("BrotherB", port=8631, ty="Brother HL")
    first, second = find([LOOPBACK], least=2)
    assert (first.kind, first.address, first.title, first.place) == (
        "ipp",
        "ipp://127.0.0.1:631/ipp/print",
        "Canon MF445",
        "Phòng 2",
    )
    assert first.is_office
    assert (second.address, second.place) == ("ipp://127.0.0.1:8631/ipp/print", LOOPBACK)


def test_a_printer_that_announces_encrypted_ipp_alone_is_found_and_says_so(announce: Announce, find: Find) -> None:
    announce("CanonA", ty="Canon MF445")
    announce("CanonA", ty="Canon MF445", service=announced.ENCRYPTED)
    announce("BrotherB", port=8631, ty="Brother HL", service=announced.ENCRYPTED)
    first, second = find([LOOPBACK], least=2)
    assert (first.title, first.fault) == ("Canon MF445", None)
    assert (second.address, second.title, second.fault) == ("ipp://127.0.0.1:8631/ipp/print", "Brother HL", "encrypted")


def test_words_of_a_stranger_are_no_address_and_no_markup_of_ours(announce: Announce, find: Find) -> None:
    announce("Far", address="8.8.8.8")
    announce("Way", rp="ipp/print?x=<script>")
    announce("None", rp="")
    announce("Long", ty="X" * 90 + "\x1b[2J", note="a\nb")
    (printer,) = find([LOOPBACK], least=1)
    assert printer.title == "X" * 60
    assert printer.place == "ab"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # zeroconf leaves its socket to Python
def test_without_a_network_nothing_is_found(find: Find) -> None:
    assert find([]) == []
    assert find(["192.0.2.1"]) == [], "the address went away"
    gc.collect()
