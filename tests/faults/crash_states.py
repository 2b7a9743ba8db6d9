"""All states in which a crash can leave files that a process writes and syncs, computed from its strace.

A write is pending until its file is synced. After each step of the writer the disk may contain: all writes so far; only
the synced ones; of the pending ones only the last write (the disk reordered them); or the last write torn in two.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

CALLS = "trace=pwrite64,write,ftruncate,fdatasync,fsync,unlink"
STRACE = ["strace", "-f", "-y", "-xx", "-s", "1000000", "-e", CALLS]
_LINE = re.compile(r"^(?:\d+ +)?(\w+)\((.*)\) += (-?\d+)")
_FILE_ARGUMENTS = re.compile(r'(\d+)<([^>]*)>(?:, "([^"]*)")?(?:\.\.\.)?(?:, (\d+))?(?:, (\d+))?')
_STEP_KINDS = {"pwrite64": "write", "ftruncate": "truncate", "fdatasync": "sync", "fsync": "sync"}
SECTOR = 512


@dataclass(frozen=True)
class Step:
    """One step of the writer: its kind, file, bytes and offset; `print` is a write to standard output."""

    kind: str
    name: str = ""
    data: bytes = b""
    offset: int = 0


def read_steps(trace: Path, names: set[str]) -> Iterator[Step]:
    """Read the steps on these files, and the writes to standard output."""
    with trace.open(encoding="ascii", errors="replace") as lines:
        for line in lines:
            match = _LINE.match(line)
            if match and int(match[3]) >= 0 and (step := _parse_step(match[1], match[2], names)) is not None:
                yield step


def _parse_step(call: str, arguments: str, names: set[str]) -> Step | None:
    if call == "unlink":
        step = Step("unlink", _file_name(_decode(arguments.strip('"')).decode()))
    else:
        match = _FILE_ARGUMENTS.match(arguments)
        if match is None:
            return None
        handle = int(match[1])
        data = _decode(match[3] or "")
        if call == "write" and handle == 1:
            return Step("print", data=data)
        has_offset = call in ("pwrite64", "ftruncate")
        step = Step(
            kind=_STEP_KINDS.get(call, ""),
            name=_file_name(_decode_path(match[2])),
            data=data,
            offset=int(arguments.rpartition(", ")[2]) if has_offset else 0,
        )
    return step if step.kind and step.name in names else None


def _decode_path(text: str) -> str:
    return _decode(text).decode() if text.startswith("\\x") else text


def _file_name(path: str) -> str:
    return path.rpartition("/")[2]


def _decode(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", "")) if text.startswith("\\x") else text.encode()


class Folder:
    """A folder of files to which steps are applied."""

    def __init__(self, path: Path, content: Mapping[str, bytes]) -> None:
        self.path = path
        path.mkdir()
        for name, data in content.items():
            (path / name).write_bytes(data)

    def apply(self, step: Step) -> None:
        file = self.path / step.name
        if step.kind == "unlink":
            file.unlink(missing_ok=True)
            return
        with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT), "r+b") as opened:
            if step.kind == "truncate":
                opened.truncate(step.offset)
            else:
                opened.seek(step.offset)
                opened.write(step.data)

    @contextmanager
    def applied(self, step: Step) -> Iterator[None]:
        """Apply a step, and revert it at the end of the block."""
        file = self.path / step.name
        before = file.read_bytes() if file.exists() else None
        self.apply(step)
        try:
            yield
        finally:
            if before is None:
                file.unlink(missing_ok=True)
            else:
                file.write_bytes(before)


class CrashStates:
    """Replays the steps of a writer: the files as the writer sees them, and as they are synced."""

    def __init__(self, folder: Path, content: Mapping[str, bytes]) -> None:
        self._written = Folder(folder / "written", content)
        self._synced = Folder(folder / "synced", content)
        self._pending: list[Step] = []

    def after(self, step: Step) -> Iterator[Path]:
        """Apply a step; return the folders that a crash during or after it can leave."""
        if step.kind == "sync":
            for pending in self._pending:
                if pending.name == step.name:
                    self._synced.apply(pending)
            self._pending = [pending for pending in self._pending if pending.name != step.name]
        elif step.kind == "print":
            yield self._synced.path
        else:
            if len(step.data) > SECTOR:
                torn = replace(step, data=step.data[: len(step.data) // 2 // SECTOR * SECTOR])
                self._written.apply(torn)
                yield self._written.path
            self._written.apply(step)
            self._pending.append(step)
            with self._synced.applied(step):
                yield self._synced.path
        yield self._written.path
