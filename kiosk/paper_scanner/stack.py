"""Stacks of scanned pages that wait for their officer: in memory, for half an hour, gone with a restart."""

import logging
from dataclasses import dataclass, field
from threading import Event, Lock, Thread, Timer
from typing import NamedTuple

from kiosk.paper_scanner import pages, sane
from kiosk.paper_scanner.pages import ScannedPage
from kiosk.paper_scanner.sane import Ending, Source
from kiosk.uploads.limits import MAX_PAGES

log = logging.getLogger(__name__)

THREAD = "paper scanner"

KEEP_SECONDS = 1800.0
"""How long a stack waits for its officer after its last run."""


class StackKey(NamedTuple):
    """Whose stack it is, and of which paper: a member of staff's code, a receipt number, the id of a paper."""

    person: str
    receipt_no: str
    paper: str


@dataclass
class Stack:
    """Scanned pages in their order; `ending` of the last run, None while it goes on."""

    pages: list[ScannedPage] = field(default_factory=list)
    ending: Ending | None = None
    stop: Event = field(default_factory=Event)

    @property
    def is_running(self) -> bool:
        """Whether the scanner moves paper for it."""
        return self.ending is None


class PaperScanner:
    """The one scanner of the ward's counter, and the stacks that were scanned by it."""

    def __init__(self) -> None:
        sane.delete_leftovers()
        self._lock = Lock()
        self._stacks: dict[StackKey, Stack] = {}
        self._timers: dict[StackKey, Timer] = {}

    def begin(self, key: StackKey, device: str, source: Source) -> bool:
        """Scan more pages of a stack in a thread of its own; False while the scanner moves paper for a stack."""
        with self._lock:
            if any(stack.is_running for stack in self._stacks.values()):
                return False
            stack = self._stacks.setdefault(key, Stack())
            if len(stack.pages) >= MAX_PAGES:
                stack.ending = "full"
                return True
            self._forget_timer(key)
            stack.ending = None
            stack.stop = Event()
        Thread(target=self._scan, args=(key, stack, device, source), name=THREAD, daemon=True).start()
        return True

    def stack(self, key: StackKey) -> Stack | None:
        """Return a stack; None when there is none, or it waited too long."""
        with self._lock:
            return self._stacks.get(key)

    def stop(self, key: StackKey) -> None:
        """Stop the scanner after the page that it moves; what is scanned stays."""
        stack = self.stack(key)
        if stack is not None:
            stack.stop.set()

    def drop(self, key: StackKey) -> None:
        """Forget a stack; one for which the scanner moves paper is only stopped."""
        with self._lock:
            stack = self._stacks.get(key)
            if stack is not None and stack.is_running:
                stack.stop.set()
                return
            self._forget_timer(key)
            self._stacks.pop(key, None)

    def _scan(self, key: StackKey, stack: Stack, device: str, source: Source) -> None:
        ending: Ending = "fault"
        before = len(stack.pages)
        try:
            ending = sane.scan(
                device,
                source,
                count=MAX_PAGES - before,
                on_page=lambda pnm, dpi: stack.pages.append(pages.read_page(pnm, dpi)),
                is_stopped=stack.stop,
            )
        except (OSError, pages.BadPage) as error:
            log.warning("paper not scanned", extra={"class": type(error).__name__})
        finally:
            log.info("papers scanned", extra={"pages": len(stack.pages) - before, "outcome": ending})
            with self._lock:
                stack.ending = ending
                timer = self._timers[key] = Timer(KEEP_SECONDS, self.drop, args=(key,))
                timer.daemon = True
                timer.start()

    def _forget_timer(self, key: StackKey) -> None:
        timer = self._timers.pop(key, None)
        if timer is not None:
            timer.cancel()
