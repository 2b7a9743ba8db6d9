"""Tests of the card scanner over a pseudo-terminal, and of the card inbox."""

import os
import threading
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.base.clock import FixedClock
from kiosk.context.scanner import MAX_LINE_BYTES, CardInbox, Scanner

LINE = "046196000123|190000123|Nguyễn Thị Diệu Hiền|12031996|Nữ|Tổ 5, Phú Hậu|10052021"


class Plug:
    """A pseudo-terminal that can be unplugged and plugged in again under one name."""

    def __init__(self, folder: Path) -> None:
        self.name = folder / "scanner"
        self.near = -1

    def plug_in(self) -> None:
        self.near, far = os.openpty()
        tty.setraw(far)
        self.name.unlink(missing_ok=True)
        self.name.symlink_to(os.ttyname(far))
        self._far = far

    def send(self, data: bytes) -> None:
        os.write(self.near, data)

    def unplug(self) -> None:
        if self.near >= 0:
            os.close(self.near)
            os.close(self._far)
            self.near = -1


@pytest.fixture
def plug(tmp_path: Path) -> Iterator[Plug]:
    plug = Plug(tmp_path)
    plug.plug_in()
    yield plug
    plug.unplug()


@pytest.fixture
def lines(plug: Plug) -> Iterator[list[str]]:
    """Read lines; a pause of the test is no end of a line, however busy the machine is."""
    with scan(plug, quiet_seconds=600) as received:
        yield received


@contextmanager
def scan(plug: Plug, quiet_seconds: float) -> Iterator[list[str]]:
    received: list[str] = []
    scanner = Scanner(str(plug.name), received.append, quiet_seconds=quiet_seconds, retry_seconds=0.02)
    scanner.start()
    until(lambda: scanner.is_connected)
    yield received
    plug.unplug()  # wakes the reader
    scanner.stop()
    assert not scanner.is_connected


def until(is_true: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < end, "the condition did not become true"
        time.sleep(0.005)


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n"])
def test_a_line_ends_at_a_return_or_a_line_feed(plug: Plug, lines: list[str], end: bytes) -> None:
    plug.send(LINE.encode() + end)
    until(lambda: bool(lines))
    assert lines == [LINE]


def test_a_line_ends_at_quiet(plug: Plug) -> None:
    with scan(plug, quiet_seconds=0.2) as lines:
        plug.send(LINE.encode())
        until(lambda: bool(lines))
        assert lines == [LINE]


def test_two_lines_in_one_burst_are_two(plug: Plug, lines: list[str]) -> None:
    plug.send(b"first\r\nsecond\r\n")
    until(lambda: len(lines) == 2)
    assert lines == ["first", "second"]


def test_blank_lines_are_not_handed_over(plug: Plug, lines: list[str]) -> None:
    plug.send(b"\r\n \r\n\r\nx\r")
    until(lambda: bool(lines))
    assert lines == ["x"]


def test_bytes_that_are_no_utf_8_are_read_as_latin_1(plug: Plug, lines: list[str]) -> None:
    plug.send("Hòa".encode("latin-1") + b"\r")
    until(lambda: bool(lines))
    assert lines == ["Hòa"]


def test_a_flood_is_cut_and_the_next_line_is_whole(plug: Plug, lines: list[str]) -> None:
    for _ in range(13):
        plug.send(b"x" * 1000)
    plug.send(b"\rnext\r")
    until(lambda: "next" in lines)
    assert lines[-1] == "next"
    assert max(map(len, lines)) <= MAX_LINE_BYTES
    assert len(lines) == 2


def test_it_reads_again_after_an_unplug(plug: Plug, lines: list[str]) -> None:
    plug.send(b"before\r")
    until(lambda: lines == ["before"])
    plug.unplug()
    plug.plug_in()

    def receives_again() -> bool:
        plug.send(b"after\r")
        time.sleep(0.02)
        return "after" in lines

    until(receives_again)


def test_a_port_that_is_not_there_yet_is_waited_for(plug: Plug) -> None:
    plug.unplug()
    plug.name.unlink()
    scanner = Scanner(str(plug.name), lambda _: None, quiet_seconds=0.05, retry_seconds=0.02)
    scanner.start()
    scanner.start()
    assert not scanner.is_connected
    plug.plug_in()
    until(lambda: scanner.is_connected)
    scanner.stop()
    assert sum(thread.name == "scanner" for thread in threading.enumerate()) == 0


# Card inbox


@pytest.fixture
def inbox(clock: FixedClock) -> CardInbox:
    return CardInbox(clock.monotonic)


def test_a_line_goes_to_the_session_that_waits_and_only_once(inbox: CardInbox) -> None:
    assert inbox.poll("a") == 0
    assert inbox.put(LINE)
    assert inbox.poll("a") == 1
    assert inbox.pop("a") == LINE
    assert inbox.pop("a") is None


def test_a_line_that_nobody_waits_for_is_forgotten(inbox: CardInbox) -> None:
    assert not inbox.put(LINE)
    assert inbox.poll("a") == 0
    assert inbox.pop("a") is None


def test_a_session_that_stopped_asking_does_not_wait_any_more(inbox: CardInbox, clock: FixedClock) -> None:
    inbox.poll("a")
    clock.advance(2.9)
    assert inbox.put("early")
    clock.advance(0.2)
    assert not inbox.put("late")
    assert inbox.pop("a") == "early"


def test_asking_again_renews_the_wait(inbox: CardInbox, clock: FixedClock) -> None:
    for _ in range(5):
        inbox.poll("a")
        clock.advance(2)
    assert inbox.put(LINE)


def test_another_session_gets_nothing_of_the_first(inbox: CardInbox) -> None:
    inbox.poll("a")
    inbox.put(LINE)
    assert inbox.pop("b") is None
    assert inbox.poll("b") == 0
    assert inbox.pop("b") is None
    assert inbox.pop("a") is None


def test_a_line_is_gone_after_twenty_seconds(inbox: CardInbox, clock: FixedClock) -> None:
    inbox.poll("a")
    inbox.put(LINE)
    clock.advance(20.1)
    assert inbox.pop("a") is None


def test_a_line_is_wiped_by_itself_when_nobody_comes_back() -> None:
    inbox = CardInbox(keep_seconds=0.05)
    inbox.poll("a")
    inbox.put(LINE)
    assert LINE in vars(inbox).values()
    until(lambda: LINE not in vars(inbox).values())


def test_the_sweep_leaves_a_fresh_line_alone(inbox: CardInbox) -> None:
    inbox.poll("a")
    inbox.put(LINE)
    inbox.drop_expired()
    assert inbox.pop("a") == LINE


def test_a_later_scan_takes_the_place_of_an_earlier(inbox: CardInbox) -> None:
    inbox.poll("a")
    inbox.put("first")
    inbox.put("second")
    assert inbox.poll("a") == 2
    assert inbox.pop("a") == "second"


def test_a_session_that_ends_leaves_nothing(inbox: CardInbox) -> None:
    inbox.poll("a")
    inbox.put(LINE)
    inbox.end_session("b")
    inbox.end_session("a")
    assert LINE not in vars(inbox).values()
    assert not inbox.put(LINE)


def test_many_threads_take_each_line_once(inbox: CardInbox) -> None:
    taken: list[str] = []

    def page() -> None:
        for _ in range(200):
            inbox.poll("a")
            line = inbox.pop("a")
            if line is not None:
                taken.append(line)

    pages = [threading.Thread(target=page) for _ in range(4)]
    inbox.poll("a")
    for thread in pages:
        thread.start()
    accepted = [str(n) for n in range(50) if inbox.put(str(n))]
    for thread in pages:
        thread.join()
    assert len(taken) == len(set(taken))
    assert set(taken) <= set(accepted)


def test_a_page_knows_what_came_before_it_and_not_what_lies_there_yet(inbox: CardInbox) -> None:
    inbox.poll("a")
    inbox.put(LINE)
    assert (inbox.known_version("a"), inbox.poll("a")) == (0, 1)
    inbox.pop("a")
    assert inbox.known_version("a") == inbox.poll("a") == 1
    assert inbox.known_version("b") == 0


def test_a_page_also_knows_of_a_line_that_came_too_late(inbox: CardInbox, clock: FixedClock) -> None:
    inbox.poll("a")
    inbox.put(LINE)
    clock.advance(21)
    assert inbox.pop("a") is None
    assert inbox.known_version("a") == inbox.poll("a")


def test_a_tab_that_was_made_while_another_read_the_card_loads_anew(inbox: CardInbox) -> None:
    inbox.poll("a")
    inbox.put(LINE)
    assert (inbox.pop("a"), inbox.pop("a")) == (LINE, None)
    known = inbox.known_version("a")
    inbox.mark_filled("b")
    assert inbox.poll("a") == known
    inbox.mark_filled("a")
    assert inbox.poll("a") > known
    assert inbox.pop("a") is None
    assert inbox.poll("a") == inbox.known_version("a")


def test_only_a_scanner_that_should_be_there_is_missed(inbox: CardInbox, plug: Plug) -> None:
    assert not inbox.is_down
    inbox.scanner = Scanner(str(plug.name), lambda _: None, quiet_seconds=0.05, retry_seconds=0.02)
    assert inbox.is_down
    inbox.scanner.start()
    until(lambda: not inbox.is_down)
    inbox.scanner.stop()
