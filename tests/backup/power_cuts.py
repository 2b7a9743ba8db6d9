"""A power cut at a chosen rename of a restore."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest


@contextmanager
def power_cut_at_rename(monkeypatch: pytest.MonkeyPatch, number: int) -> Iterator[None]:
    """End the block in place of its rename of this number, counted from 1; a block with fewer renames runs whole."""
    left = number
    rename_path = Path.rename

    def rename(path: Path, target: Path) -> Path:
        nonlocal left
        left -= 1
        if left == 0:
            raise KeyboardInterrupt
        return rename_path(path, target)

    with suppress(KeyboardInterrupt), monkeypatch.context() as cut:
        cut.setattr(Path, "rename", rename)
        yield
