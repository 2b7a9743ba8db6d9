"""Folder of the papers of a virtual printer: its newest files, numbered on from an earlier run."""

from pathlib import Path

MAX_PAPERS = 20


def save_paper(folder: Path, content: bytes, *, prefix: str = "", suffix: str) -> None:
    """Save a paper under the next number and delete the oldest; nobody sees a half-written file."""
    folder.mkdir(parents=True, exist_ok=True)
    earlier = sorted(folder.glob(f"{prefix}[0-9]*{suffix}"))
    number = int(earlier[-1].stem.removeprefix(prefix)) + 1 if earlier else 1
    part = folder / f"{prefix}next.part"
    part.write_bytes(content)
    part.replace(folder / f"{prefix}{number:06d}{suffix}")
    for old in earlier[: max(0, len(earlier) + 1 - MAX_PAPERS)]:
        old.unlink(missing_ok=True)
