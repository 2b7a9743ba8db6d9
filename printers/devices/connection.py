"""Conversation with a receipt printer over any channel: queries, chunks, barrier; every wait has a deadline."""

import time
from types import TracebackType
from typing import Self

from printers import escpos_commands
from printers.deadline import Deadline, deadline_in
from printers.devices import status_bytes
from printers.devices.base import Status
from printers.devices.channel import Channel
from printers.errors import NotSent, Reason, Unknown

CHUNK = 1024


class PrinterConnection:
    """A conversation over an open channel; a context manager that closes it."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self.sent = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._channel.close()

    @property
    def can_receive(self) -> bool:
        """Whether the printer has a way back."""
        return self._channel.can_receive

    def port_status(self) -> Status | None:
        """Return what the port itself says of the printer; None for a port that says nothing.

        Raises:
            NotSent: the printer is gone.
        """
        try:
            return self._channel.port_status()
        except OSError as error:
            raise NotSent("mute", str(error)) from error

    def discard_input(self) -> None:
        """Discard received bytes: a late answer must not count as the next one."""
        while self._read_byte(deadline_in(0)) is not None:
            pass

    def query(self, question: bytes, seconds: float) -> int:
        """Send a real-time query and return its answer.

        Raises:
            NotSent: no answer, or a byte that cannot be one.
        """
        try:
            self.discard_input()
            deadline = deadline_in(seconds)
            if self._channel.send_some(memoryview(question), seconds) < len(question):
                raise NotSent("mute", "it takes no question")
            answer = self._read_answer(deadline)
        except OSError as error:
            raise NotSent("mute", str(error)) from error
        if answer is None:
            raise NotSent("mute")
        if not status_bytes.is_status(answer):
            raise NotSent("garbage", f"{answer:#04x}")
        return answer

    def _read_answer(self, deadline: Deadline) -> int | None:
        """Return the next byte that is no part of an automatic status; None at the deadline."""
        byte = self._read_byte(deadline)
        while byte is not None and status_bytes.begins_automatic(byte):
            for _ in range(status_bytes.AUTOMATIC_LENGTH - 1):
                self._read_byte(deadline)
            byte = self._read_byte(deadline)
        return byte

    def _read_byte(self, deadline: Deadline) -> int | None:
        """Return the next byte; None at the deadline.

        Raises:
            OSError: the printer closed the connection.
        """
        return self._channel.receive_byte(deadline.seconds_left)

    def send_all(self, payload: bytes, stall: float, job: Deadline) -> None:
        """Send everything in chunks; each must be accepted within `stall` seconds.

        Raises:
            NotSent: it failed before the first byte.
            Unknown: it failed later.
        """
        rest = memoryview(payload)
        try:
            while rest:
                count = self._send_chunk(rest[:CHUNK], job.at_most(stall))
                if not count:
                    raise self._error("too_long" if job.seconds_left <= 0 else "stalled")
                rest = rest[count:]
        except OSError as error:
            raise self._error("cut_off", str(error)) from error

    def _send_chunk(self, chunk: memoryview, deadline: Deadline) -> int:
        """Send what the printer accepts of a chunk; return the number of bytes, 0 at the deadline."""
        count = 0
        while not count and (seconds := deadline.seconds_left):
            count = self._channel.send_some(chunk, seconds)
        self.sent += count
        return count

    def _error(self, reason: Reason, detail: str = "") -> NotSent | Unknown:
        return Unknown(reason, detail) if self.sent else NotSent(reason, detail)

    def wait_for_barrier(self, seconds: float, job: Deadline) -> None:
        """Wait until the printer has printed everything that was sent.

        Raises:
            Unknown: the printer does not confirm it.
        """
        deadline = job.at_most(seconds)
        has_foreign_byte = False
        try:
            self.discard_input()
            self.send_all(escpos_commands.BARRIER, seconds, job)
            while (byte := self._read_answer(deadline)) is not None:
                if status_bytes.is_barrier(byte):
                    if status_bytes.ended_without_paper(byte):
                        raise Unknown("paper_out")
                    return
                has_foreign_byte = has_foreign_byte or not status_bytes.is_status(byte)
        except OSError as error:
            raise Unknown("cut_off", str(error)) from error
        raise Unknown("garbage" if has_foreign_byte else "too_long" if job.seconds_left <= 0 else "no_answer")

    def answers_barrier(self, before: bytes, seconds: float) -> bool:
        """Return whether an idle printer answers a barrier.

        Args:
            before: bytes to send before it, which print nothing.
            seconds: limit for all of it.
        """
        deadline = deadline_in(seconds)
        rest = memoryview(before + escpos_commands.BARRIER)
        try:
            self.discard_input()
            while rest and deadline.seconds_left:
                rest = rest[self._channel.send_some(rest[:CHUNK], deadline.seconds_left) :]
            answer = None if rest else self._read_answer(deadline)
        except OSError:
            return False
        return answer is not None and status_bytes.is_barrier(answer)

    def wait_for_acknowledgement(self, stall: float, job: Deadline) -> None:
        """Wait until the printer has acknowledged every byte: closing earlier could lose some.

        Raises:
            Unknown: it has not acknowledged them within `stall` seconds.
        """
        try:
            self.discard_input()
            deadline = job.at_most(stall)
            while (unsent := self._channel.count_unsent()) and deadline.seconds_left:
                time.sleep(0.005)
        except OSError as error:
            raise Unknown("cut_off", str(error)) from error
        if unsent:
            raise Unknown("stalled")
