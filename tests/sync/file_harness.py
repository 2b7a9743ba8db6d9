"""Test harness of the file transfer: a portal's file store and a kiosk's files in memory, with faults."""

import itertools
from dataclasses import dataclass, field
from datetime import datetime

from sqlite_utils import Database

from sync import errors, file_outbox
from sync.encoding import sha256_hex
from sync.file_transfer import FileContent, FileResult, FileTransfer, TransferLimits
from sync.parcel import FileChunk, FileProgress
from tests.sync.harness import Harness, ModelPortal, PowerCut

MAX_STEPS = 2000


class ModelFileStore:
    """A portal's file store that keeps the contract; `bytes_taken` counts all received bytes, repeated ones too."""

    def __init__(self, portal: ModelPortal) -> None:
        self.portal = portal
        self.partial: dict[str, bytes] = {}
        self.whole: dict[str, bytes] = {}
        self.bytes_taken = 0
        self.sizes: list[int] = []
        self.progress_requests = 0
        self.rate = 0.0
        self.limit = 1 << 20
        self.spoils_chunks = False

    def held(self, sha256: str) -> FileProgress:
        self.progress_requests += 1
        self._connect()
        if sha256 in self.whole:
            return FileProgress(self.portal.epoch, len(self.whole[sha256]), is_whole=True)
        return FileProgress(self.portal.epoch, len(self.partial.get(sha256, b"")), is_whole=False)

    def append(self, name: str, chunk: FileChunk) -> FileProgress:
        self.sizes.append(len(chunk.content))
        if self.rate:
            self.portal.time.advance(len(chunk.content) / self.rate)
        self._connect()
        if self.portal.fault == "cut before":
            raise PowerCut
        if self.portal.fault == "chunk lost":
            raise errors.Unsure("reset")
        if len(chunk.content) > self.limit:
            raise errors.TooLarge("413")
        self.bytes_taken += len(chunk.content)
        progress = self._keep(name, chunk)
        if self.portal.fault == "cut after":
            raise PowerCut
        if self.portal.fault == "answer lost":
            raise errors.Unsure("answer lost")
        return progress

    def _keep(self, name: str, chunk: FileChunk) -> FileProgress:
        kept = self.partial.get(name, b"")
        if name in self.whole or chunk.offset not in (0, len(kept)):
            return FileProgress(self.portal.epoch, len(self.whole.get(name, kept)), is_whole=False)
        kept = kept[: chunk.offset] + (chunk.content[::-1] if self.spoils_chunks else chunk.content)
        self.partial[name] = kept
        if not chunk.is_last:
            return FileProgress(self.portal.epoch, len(kept), is_whole=False)
        del self.partial[name]
        if sha256_hex(kept) != name:
            raise errors.BadRequestBody("422")
        self.whole[name] = kept
        return FileProgress(self.portal.epoch, len(kept), is_whole=True)

    def _connect(self) -> None:
        if self.portal.fault in ("down", "cable cut"):
            raise errors.NotSent("refused") if self.portal.fault == "down" else errors.Unsure("reset")
        self.portal._check_pause()


@dataclass
class FileCallbacks:
    """A kiosk's files, and the results that were recorded for each."""

    content: dict[str, FileContent] = field(default_factory=dict)
    results: list[tuple[str, FileResult]] = field(default_factory=list)

    def open_file(self, file: str) -> FileContent:
        return self.content[file]

    def apply_result(self, db: Database, file: str, result: FileResult) -> None:
        self.results.append((file, result))


class FileHarness(Harness):
    """Harness whose forms have files."""

    def __init__(self, limits: TransferLimits | None = None) -> None:
        self.limits = limits
        self.files = FileCallbacks()
        super().__init__()
        self.file_store = ModelFileStore(self.portal)
        self.boot()

    def boot(self) -> None:
        super().boot()
        if hasattr(self, "file_store"):
            self.transfer = FileTransfer(
                self.store,
                self.file_store,
                self.link,
                open_file=self.files.open_file,
                apply_result=self.files.apply_result,
                limits=self.limits,
            )

    def add_file(self, parent: str, content: bytes, name: str = "") -> str:
        """Enqueue a file of a form; return its id."""
        file = name or f"file-{len(self.files.content)}"
        self.files.content[file] = content
        with self.store.write() as db:
            file_outbox.enqueue(db, file, parent, sha256_hex(content), len(content), self.time.now)
        return file

    def file_round(self) -> bool:
        return self.transfer.round(self.time.now)

    def step(self) -> bool:
        """Do a round of the engine or else of the file transfer, as the worker does."""
        return self.round() or self.file_round()

    def settle(self, hours: float = 2.0) -> None:
        """Advance the clock until no file is waiting, at most this many hours."""
        deadline = self.time.seconds + hours * 3600
        while self.time.seconds < deadline:
            for count in itertools.takewhile(lambda _: self.step(), itertools.count()):
                assert count < MAX_STEPS, "I6: the file transfer does not become idle"
            if not file_outbox.list_statuses(self.store.db, ["todo"]):
                return
            self.time.advance(5)

    def status_of(self, file: str) -> file_outbox.FileStatus:
        status = file_outbox.status_of(self.store.db, file)
        assert status is not None
        return status

    def is_delivered(self, file: str) -> bool:
        return self.status_of(file).state == "done"

    def set_wall_clock(self, now: datetime) -> None:
        self.time.now = now
