"""The scanner's line over a pseudo-terminal, and the desk where a line waits."""

import os
import threading
import time
import tty
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.clock import FixedClock
from kiosk.scanner import MAX_LINE_BYTES, CardInbox, Scanner

LINE = "046196000123|190000123|Nguyễn Thị Diệu Hiền|12031996|Nữ|Tổ 5, Phú Hậu|10052021"


class Plug:
    """A pseudo-terminal that can be pulled out and put in again under one name."""

    def __init__(self, folder: Path) -> None:
        self.name = folder / "scanner"
        self.near = -1

    def put_in(self) -> None:
        self.near, far = os.openpty()
        tty.setraw(far)
        self.name.unlink(missing_ok=True)
        self.name.symlink_to(os.ttyname(far))
        self._far = far

    def say(self, data: bytes) -> None:
        os.write(self.near, data)

    def pull_out(self) -> None:
        if self.near >= 0:
            os.close(self.near)
            os.close(self._far)
            self.near = -1


@pytest.fixture
def plug(tmp_path: Path) -> Iterator[Plug]:
    plug = Plug(tmp_path)
    plug.put_in()
    yield plug
    plug.pull_out()


@pytest.fixture
def heard(plug: Plug) -> Iterator[list[str]]:
    lines: list[str] = []
    scanner = Scanner(str(plug.name), lines.append, quiet_seconds=0.2, retry_seconds=0.02)
    scanner.start()
    until(lambda: scanner.is_connected)
    yield lines
    scanner.stop()
    assert not scanner.is_connected


def until(so: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.005)


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b""])
def test_a_line_ends_at_a_return_a_line_feed_or_quiet(plug: Plug, heard: list[str], end: bytes) -> None:
    plug.say(LINE.encode() + end)
    until(lambda: bool(heard))
    assert heard == [LINE]


def test_two_lines_in_one_burst_are_two(plug: Plug, heard: list[str]) -> None:
    plug.say(b"first\r\nsecond\r\n")
    until(lambda: len(heard) == 2)
    assert heard == ["first", "second"]


def test_blank_lines_are_not_handed_over(plug: Plug, heard: list[str]) -> None:
    plug.say(b"\r\n \r\n\r\nx\r")
    until(lambda: bool(heard))
    assert heard == ["x"]


def test_bytes_that_are_no_utf_8_are_read_as_latin_1(plug: Plug, heard: list[str]) -> None:
    plug.say("Hòa".encode("latin-1") + b"\r")
    until(lambda: bool(heard))
    assert heard == ["Hòa"]


def test_a_flood_is_cut_and_the_next_line_is_whole(plug: Plug, heard: list[str]) -> None:
    for _ in range(13):
        plug.say(b"x" * 1000)
    plug.say(b"\rnext\r")
    until(lambda: "next" in heard)
    assert heard[-1] == "next"
    assert max(map(len, heard)) <= MAX_LINE_BYTES
    assert len(heard) == 2


def test_it_reads_again_after_an_unplug(plug: Plug, heard: list[str]) -> None:
    plug.say(b"before\r")
    until(lambda: heard == ["before"])
    plug.pull_out()
    plug.put_in()

    def said_again() -> bool:
        plug.say(b"after\r")
        time.sleep(0.02)
        return "after" in heard

    until(said_again)


def test_a_port_that_is_not_there_yet_is_waited_for(plug: Plug) -> None:
    plug.pull_out()
    plug.name.unlink()
    scanner = Scanner(str(plug.name), lambda _: None, quiet_seconds=0.05, retry_seconds=0.02)
    scanner.start()
    scanner.start()
    assert not scanner.is_connected
    plug.put_in()
    until(lambda: scanner.is_connected)
    scanner.stop()
    assert sum(thread.name == "scanner" for thread in threading.enumerate()) == 0


# The desk


@pytest.fixture
def desk(clock: FixedClock) -> CardInbox:
    return CardInbox(clock.monotonic)


def test_a_line_goes_to_the_session_that_waits_and_only_once(desk: CardInbox) -> None:
    assert desk.poll("a") == 0
    assert desk.put(LINE)
    assert desk.poll("a") == 1
    assert desk.pop("a") == LINE
    assert desk.pop("a") is None


def test_a_line_that_nobody_waits_for_is_forgotten(desk: CardInbox) -> None:
    assert not desk.put(LINE)
    assert desk.poll("a") == 0
    assert desk.pop("a") is None


def test_a_session_that_stopped_asking_does_not_wait_any_more(desk: CardInbox, clock: FixedClock) -> None:
    desk.poll("a")
    clock.advance(2.9)
    assert desk.put("early")
    clock.advance(0.2)
    assert not desk.put("late")
    assert desk.pop("a") == "early"


def test_asking_again_renews_the_wait(desk: CardInbox, clock: FixedClock) -> None:
    for _ in range(5):
        desk.poll("a")
        clock.advance(2)
    assert desk.put(LINE)


def test_another_session_gets_nothing_of_the_first(desk: CardInbox) -> None:
    desk.poll("a")
    desk.put(LINE)
    assert desk.pop("b") is None
    assert desk.poll("b") == 0
    assert desk.pop("b") is None
    assert desk.pop("a") is None


def test_a_line_is_gone_after_twenty_seconds(desk: CardInbox, clock: FixedClock) -> None:
    desk.poll("a")
    desk.put(LINE)
    clock.advance(20.1)
    assert desk.pop("a") is None


def test_a_line_is_wiped_by_itself_when_nobody_comes_back() -> None:
    desk = CardInbox(keep_seconds=0.05)
    desk.poll("a")
    desk.put(LINE)
    assert LINE in vars(desk).values()
    until(lambda: LINE not in vars(desk).values())


def test_the_sweep_leaves_a_fresh_line_alone(desk: CardInbox) -> None:
    desk.poll("a")
    desk.put(LINE)
    desk.drop_expired()
    assert desk.pop("a") == LINE


def test_a_later_scan_takes_the_place_of_an_earlier(desk: CardInbox) -> None:
    desk.poll("a")
    desk.put("first")
    desk.put("second")
    assert desk.poll("a") == 2
    assert desk.pop("a") == "second"


def test_a_session_that_ends_leaves_nothing(desk: CardInbox) -> None:
    desk.poll("a")
    desk.put(LINE)
    desk.end_session("b")
    desk.end_session("a")
    assert LINE not in vars(desk).values()
    assert not desk.put(LINE)


def test_many_threads_take_each_line_once(desk: CardInbox) -> None:
    taken: list[str] = []

    def page() -> None:
        for _ in range(200):
            desk.poll("a")
            line = desk.pop("a")
            if line is not None:
                taken.append(line)

    pages = [threading.Thread(target=page) for _ in range(4)]
    desk.poll("a")
    for thread in pages:
        thread.start()
    said = [str(n) for n in range(50) if desk.put(str(n))]
    for thread in pages:
        thread.join()
    assert len(taken) == len(set(taken))
    assert set(taken) <= set(said)


def test_a_page_knows_what_came_before_it_and_not_what_lies_there_yet(desk: CardInbox) -> None:
    desk.poll("a")
    desk.put(LINE)
    assert (desk.known_version("a"), desk.poll("a")) == (0, 1)
    desk.pop("a")
    assert desk.known_version("a") == desk.poll("a") == 1
    assert desk.known_version("b") == 0


def test_a_page_also_knows_of_a_line_that_came_too_late(desk: CardInbox, clock: FixedClock) -> None:
    desk.poll("a")
    desk.put(LINE)
    clock.advance(21)
    assert desk.pop("a") is None
    assert desk.known_version("a") == desk.poll("a")


def test_a_tab_that_was_made_while_another_read_the_card_loads_anew(desk: CardInbox) -> None:
    desk.poll("a")
    desk.put(LINE)
    assert (desk.pop("a"), desk.pop("a")) == (LINE, None)
    known = desk.known_version("a")
    desk.mark_filled("b")
    assert desk.poll("a") == known
    desk.mark_filled("a")
    assert desk.poll("a") > known
    assert desk.pop("a") is None
    assert desk.poll("a") == desk.known_version("a")


def test_only_a_scanner_that_should_be_there_is_missed(desk: CardInbox, plug: Plug) -> None:
    assert not desk.is_down
    desk.scanner = Scanner(str(plug.name), lambda _: None, quiet_seconds=0.05, retry_seconds=0.02)
    assert desk.is_down
    desk.scanner.start()
    until(lambda: not desk.is_down)
    desk.scanner.stop()
