"""Stacks of scanned pages that wait to be kept: in memory, for half an hour, gone with a restart."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Event, Lock, Thread, Timer
from typing import NamedTuple

from kiosk.config.sections import MADE_UP_SCANNER
from kiosk.paper_scanner import made_up, pages, sane
from kiosk.paper_scanner.pages import ScannedPage
from kiosk.paper_scanner.sane import Ending, Source
from kiosk.uploads.limits import MAX_PAGES

log = logging.getLogger(__name__)

THREAD = "paper scanner"

KEEP_SECONDS = 1800.0
"""How long a stack waits after its last run."""


class StackKey(NamedTuple):
    """Whose stack it is, and of which paper: a member of staff's code, empty for a citizen; a form; a paper's id."""

    person: str
    form: str
    """Receipt number; of a citizen the id of the draft."""
    paper: str


@dataclass
class Stack:
    """Scanned pages in their order; `ending` of the last run, None while it goes on.

    `jams` counts the runs, one after the other, that jammed before they gave a page: at one place. `separators` are the
    papers that the separator sheets name, in their order; the sheets themselves are dropped, with their blank backs.
    """

    device: str
    pages: list[ScannedPage] = field(default_factory=list)
    ending: Ending | None = None
    jams: int = 0
    separators: list[str] = field(default_factory=list)
    is_behind_separator: bool = False
    stop: Event = field(default_factory=Event)
    is_dropped: bool = False

    @property
    def is_running(self) -> bool:
        """Whether the scanner moves paper for it."""
        return self.ending is None

    @property
    def written(self) -> list[ScannedPage]:
        """The pages that have ink."""
        return [page for page in self.pages if not page.is_blank]

    def add(self, page: ScannedPage) -> None:
        """Add a page behind the others, under the separator sheet before it."""
        is_back = self.is_behind_separator and page.is_blank
        self.is_behind_separator = page.code.kind == "separator"
        if self.is_behind_separator:
            self.separators.append(page.code.paper)
        elif not is_back:
            separator = self.separators[-1] if self.separators else ""
            self.pages.append(page._replace(separator=separator))

    def remove(self, kept: Iterable[ScannedPage]) -> None:
        """Remove pages that were kept."""
        gone = {id(page) for page in kept}
        self.pages = [page for page in self.pages if id(page) not in gone]


class PaperScanner:
    """The scanners for papers, and the stacks that were scanned by them."""

    def __init__(self) -> None:
        sane.delete_leftovers()
        self._lock = Lock()
        self._stacks: dict[StackKey, Stack] = {}
        self._timers: dict[StackKey, Timer] = {}

    def begin(
        self, key: StackKey, device: str, source: Source, *, room: int = MAX_PAGES, is_sorted: bool = False
    ) -> bool:
        """Scan more pages of a stack in a thread of its own; False while the scanner moves paper for a stack.

        Args:
            room: pages with ink that the stack may have.
            is_sorted: separator sheets sort the pages to papers.
        """
        with self._lock:
            if any(one.is_running and (one.device == device or other == key) for other, one in self._stacks.items()):
                return False
            stack = self._stacks.setdefault(key, Stack(device=device))
            stack.device = device
            if len(stack.pages) >= MAX_PAGES or len(stack.written) >= room:
                stack.ending = "full"
                return True
            self._forget_timer(key)
            stack.ending = None
            stack.stop = Event()
        Thread(target=self._scan, args=(key, stack, source, room, is_sorted), name=THREAD, daemon=True).start()
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
            self._forget(key)

    def drop_form(self, form: str) -> None:
        """Forget the stacks of a form; one for which the scanner moves paper is stopped, and forgotten then."""
        with self._lock:
            for key, stack in list(self._stacks.items()):
                if key.form != form:
                    continue
                if stack.is_running:
                    stack.is_dropped = True
                    stack.stop.set()
                else:
                    self._forget(key)

    def _scan(self, key: StackKey, stack: Stack, source: Source, room: int, is_sorted: bool) -> None:
        ending: Ending = "fault"
        before = len(stack.pages)
        run = made_up.scan if stack.device == MADE_UP_SCANNER else sane.scan

        def add(pnm: bytes, dpi: int) -> None:
            stack.add(pages.read_page(pnm, dpi, is_sorted=is_sorted))
            if len(stack.written) >= room:
                stack.stop.set()

        try:
            ending = run(stack.device, source, count=MAX_PAGES - before, on_page=add, is_stopped=stack.stop)
        except (OSError, pages.BadPage) as error:
            log.warning("paper not scanned", extra={"class": type(error).__name__})
        finally:
            count = len(stack.pages) - before
            if ending == "stopped" and len(stack.written) >= room:
                ending = "full"
            log.info("papers scanned", extra={"pages": count, "outcome": ending})
            with self._lock:
                stack.jams = (0 if count else stack.jams) + 1 if ending == "jam" else 0
                stack.ending = ending
                if stack.is_dropped:
                    self._forget(key)
                else:
                    timer = self._timers[key] = Timer(KEEP_SECONDS, self.drop, args=(key,))
                    timer.daemon = True
                    timer.start()

    def _forget(self, key: StackKey) -> None:
        self._forget_timer(key)
        self._stacks.pop(key, None)

    def _forget_timer(self, key: StackKey) -> None:
        timer = self._timers.pop(key, None)
        if timer is not None:
            timer.cancel()
