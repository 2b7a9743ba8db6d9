"""Every state in which a crash can leave a file that is written and synced: read from an strace of the writer.

A write is pending until its file is synced. At each step of the writer the disk may hold: all that was written so far;
only what was synced; of the pending only the last write (the disk chose another order); or the last write torn in two.
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
_AT = re.compile(r'(\d+)<([^>]*)>(?:, "([^"]*)")?(?:\.\.\.)?(?:, (\d+))?(?:, (\d+))?')
_CALLS = {"pwrite64": "write", "ftruncate": "cut", "fdatasync": "sync", "fsync": "sync"}
SECTOR = 512


@dataclass(frozen=True)
class Step:
    """One thing that the writer did: to which file, at what offset, which bytes; ``said`` is what it told the world."""

    call: str
    name: str = ""
    data: bytes = b""
    at: int = 0


def steps(trace: Path, names: set[str]) -> Iterator[Step]:
    """Read the steps that concern these files, and what was said on standard output."""
    with trace.open(encoding="ascii", errors="replace") as lines:
        for line in lines:
            match = _LINE.match(line)
            if match and int(match[3]) >= 0 and (step := _step(match[1], match[2], names)) is not None:
                yield step


def _step(call: str, told: str, names: set[str]) -> Step | None:
    if call == "unlink":
        step = Step("unlink", _name(_text(told.strip('"')).decode()))
    else:
        match = _AT.match(told)
        if match is None:
            return None
        handle = int(match[1])
        name = _name(_path(match[2]))
        data = _text(match[3] or "")
        if call == "write" and handle == 1:
            return Step("said", data=data)
        at = int(told.rpartition(", ")[2]) if call in ("pwrite64", "ftruncate") else 0
        step = Step(call=_CALLS.get(call, ""), name=name, data=data, at=at)
    return step if step.call and step.name in names else None


def _path(told: str) -> str:
    return _text(told).decode() if told.startswith("\\x") else told


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _text(told: str) -> bytes:
    return bytes.fromhex(told.replace("\\x", "")) if told.startswith("\\x") else told.encode()


class Folder:
    """Files that steps are played on, where they lie."""

    def __init__(self, path: Path, content: Mapping[str, bytes]) -> None:
        self.path = path
        path.mkdir()
        for name, whole in content.items():
            (path / name).write_bytes(whole)

    def play(self, step: Step) -> None:
        file = self.path / step.name
        if step.call == "unlink":
            file.unlink(missing_ok=True)
            return
        with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT), "r+b") as opened:
            if step.call == "cut":
                opened.truncate(step.at)
            else:
                opened.seek(step.at)
                opened.write(step.data)

    @contextmanager
    def played(self, step: Step) -> Iterator[None]:
        """Play a step, and take it back at the end."""
        file = self.path / step.name
        before = file.read_bytes() if file.exists() else None
        self.play(step)
        try:
            yield
        finally:
            file.unlink(missing_ok=True) if before is None else file.write_bytes(before)


class Crashes:
    """The disk as the writer sees it, and as it is for sure, while a record is played back."""

    def __init__(self, folder: Path, content: Mapping[str, bytes]) -> None:
        self._seen = Folder(folder / "seen", content)
        self._sure = Folder(folder / "sure", content)
        self._pending: list[Step] = []

    def after(self, step: Step) -> Iterator[Path]:
        """Play a step; give, one by one, the folders as a crash during or after it can leave them."""
        if step.call == "sync":
            for one in [one for one in self._pending if one.name == step.name]:
                self._sure.play(one)
            self._pending = [one for one in self._pending if one.name != step.name]
        elif step.call != "said":
            if len(step.data) > SECTOR:
                torn = replace(step, data=step.data[: len(step.data) // 2 // SECTOR * SECTOR])
                self._seen.play(torn)
                yield self._seen.path
            self._seen.play(step)
            self._pending.append(step)
            with self._sure.played(step):
                yield self._sure.path
        else:
            yield self._sure.path
        yield self._seen.path
