"""Fetches releases in the worker: the list each hour, files by pieces in the hours of the settings, content into use.

The program is only downloaded here; the update unit switches to it at night (`kiosk update apply`).
"""

import logging

from kiosk.base import release
from kiosk.context import Context, clock_trust
from kiosk.startup import wiring
from kiosk.updates import content, download, offer, status, update, voices
from kiosk.updates.errors import NotSetUp, SourceAway, UpdateRefused
from kiosk.updates.offer import Offer
from kiosk.updates.sources import PIECE_BYTES, Source
from kiosk.updates.trust import CONTENT, Published, newest
from kiosk.worker.task import Task
from sync.versions import version_key

log = logging.getLogger(__name__)

SHIPPED = f"{clock_trust.RELEASED:%Y.%m.%d}"
"""Number of the content that the program itself has, as the report to the gateway names it."""
LIST_SECONDS = 3600.0
"""Interval of fetching the list."""
IDLE_SECONDS = 20.0
LIMIT_SECONDS = 900.0
_BITS = 8


class Updates:
    """Downloads of one kiosk."""

    def __init__(self, context: Context, source: Source) -> None:
        self._context = context
        self._source = source
        self._published: list[Published] | None = None
        self._list_at = context.clock.monotonic()
        self._piece_at = 0.0
        self._left = set[str]()
        """Files of voices that were refused, until the next list."""

    def task(self) -> Task:
        """Return the task of the downloads."""
        return Task("updates", step=self.step, idle=IDLE_SECONDS, limit=LIMIT_SECONDS, close=self._source.close)

    def step(self) -> bool:
        """Do one due thing: fetch the list, or a piece of a file; return whether there was one."""
        now = self._context.clock.monotonic()
        if not self._may_fetch() or now < self._piece_at:
            return False
        if self._published is None or now >= self._list_at:
            return self._fetch_list(now)
        offered = self._offer()
        if offered is not None and offered.content == SHIPPED and content.present(self._context.config.content_folder):
            content.use(self._context.config.content_folder, "")
            self._record("confirmed", SHIPPED)
            return True
        last = status.read(self._context.config.updates_folder)
        program = update.choose(self._published, release.current().version, offered, last)
        if program is not None and self._context.config.updates.programs and not self._is_ready(program):
            return self._fetch_piece(program)
        found = self._next_content(offered)
        return self._fetch_piece(found) if found is not None else self._fetch_piece_of_voice()

    def _may_fetch(self) -> bool:
        hours = wiring.spans(self._context.config.updates.hours)
        return wiring.is_within(hours, self._context.clock.now())

    def _fetch_list(self, now: float) -> bool:
        self._list_at = now + LIST_SECONDS
        self._left.clear()
        try:
            self._published = update.check(self._context.config, self._source)
        except (NotSetUp, SourceAway):
            return False
        except UpdateRefused as refused:
            self._record("refused", "", refused.code)
            return False
        return True

    def _fetch_piece(self, found: Published) -> bool:
        """Fetch a piece; after the last one a content is used and a program waits for the night."""
        config = self._context.config
        self._piece_at = self._context.clock.monotonic() + _seconds_of_piece(config.updates.kbit)
        try:
            found.require_fit(release.current().version)
            last = status.read(config.updates_folder)
            if last.target != found.version or last.state not in ("fetching", "ready"):
                self._record("fetching", found.version)
            if not download.fetch_piece(update.downloads(config.updates_folder), found, self._source):
                return True
            if found.product == CONTENT:
                self._use(found)
            else:
                self._record("ready", found.version)
        except SourceAway:
            return False
        except UpdateRefused as refused:
            self._record("refused", found.version, refused.code)
            return False
        return True

    def _fetch_piece_of_voice(self) -> bool:
        """Fetch a piece of a voice, and use it after the last one; a refused voice waits for the next list."""
        config = self._context.config
        found = next(
            (each for each in voices.wanted(config, self._published or []) if each.name not in self._left), None
        )
        if found is None:
            return False
        self._piece_at = self._context.clock.monotonic() + _seconds_of_piece(config.updates.kbit)
        try:
            found.require_fit(release.current().version)
            if download.fetch_piece(update.downloads(config.updates_folder), found, self._source):
                update.install_voice(config, found)
        except SourceAway:
            return False
        except UpdateRefused as refused:
            voices.refuse(config.updates_folder, found, refused)
            self._left.add(found.name)
            return False
        return True

    def _use(self, found: Published) -> None:
        config = self._context.config
        update.fetch_content(config, found, self._source)
        self._record("confirmed", found.version)

    def _is_ready(self, program: Published) -> bool:
        return download.path_of(update.downloads(self._context.config.updates_folder), program).exists()

    def _next_content(self, offered: Offer | None) -> Published | None:
        """Return the content that this kiosk takes next; a lower one that the gateway names is gone back to."""
        config = self._context.config
        found = [each for each in self._published or [] if each.product == CONTENT]
        if offered is not None:
            found = [each for each in found if each.version == offered.content]
        last = status.read(config.updates_folder)
        attempt = offered.attempt if offered else 1
        found = [each for each in found if not last.is_held(each.version, attempt)]
        chosen = newest(found, CONTENT)
        now = content.present(config.content_folder)
        is_other = chosen is not None and chosen.version != now
        is_later = chosen is not None and version_key(chosen.version) > version_key(now)
        return chosen if is_other and (offered is not None or is_later) else None

    def _offer(self) -> Offer | None:
        with self._context.store.read() as db:
            return offer.read(db)

    def _record(self, state: status.UpdateState, target: str, code: str = "") -> None:
        offered = self._offer()
        attempt = offered.attempt if offered else 1
        log.info("update", extra={"state": state, "release": target, "code": code})
        folder = self._context.config.updates_folder
        update.record(folder, self._context.clock, state=state, target=target, code=code, attempt=attempt)


def _seconds_of_piece(kbit: int) -> float:
    return PIECE_BYTES * _BITS / (kbit * 1000) if kbit else 0.0


def open_updates(context: Context) -> Updates | None:
    """Return the downloads of a kiosk; None where the settings name no source and no gateway."""
    try:
        return Updates(context, update.open_source(context.config))
    except SourceAway:
        return None
