"""The list of releases as this kiosk trusts it: verified by TUF from the root of trust in the settings.

The verified metadata is kept below the data folder; TUF refuses an older list, an expired one, and one that was put
together of two. Keys change by signed roots, one after another, without a visit.
"""

import platform
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tuf.api.exceptions import DownloadError, ExpiredMetadataError, RepositoryError
from tuf.api.metadata import Metadata, Root, TargetFile, Targets
from tuf.ngclient import Updater

from kiosk.updates.errors import BrokenOff, NotSetUp, NotTrusted, OtherMachine, SourceAway, TooOld
from kiosk.updates.sources import MetadataFetcher, Source
from kiosk.voice.published import VOICE as VOICE_NAME
from sync.versions import is_older, parse_version, version_key

PROGRAM = "ward-kiosk"
CONTENT = "ward-content"
VOICE = "ward-voice"
_READS = 3
_BETWEEN_READS = 0.1
"""Seconds between two reads: a refresh deletes the link root.json and creates it again."""


@dataclass(frozen=True)
class Published:
    """A published release: its product, number, file, and the machine that it is for (empty: each)."""

    product: str
    version: str
    target: TargetFile
    machine: str = ""
    python: str = ""
    needs: str = ""
    """The oldest program that reads this content."""
    voice: str = ""
    """Of a voice: its language and dialect, such as vi-hue."""

    @property
    def name(self) -> str:
        """Name of the file."""
        return str(self.target.path)

    def require_fit(self, program: str) -> None:
        """Refuse a release for another processor, another Python, or a later program than `program`.

        Raises:
            OtherMachine: it is not for this machine.
        """
        if self.machine not in ("", platform.machine()) or self.python not in ("", python_version()):
            raise OtherMachine
        if self.needs and is_older(program, self.needs):
            raise OtherMachine(
                f"Nội dung này cần bản máy từ {self.needs}. Cập nhật bản máy trước.",
                f"This content needs release {self.needs} of the program. Update the program first.",
            )

    def verify(self, path: Path) -> None:
        """Check a file against the signed length and hash.

        Raises:
            BrokenOff: it differs.
        """
        try:
            with path.open("rb") as file:
                self.target.verify_length_and_hashes(file)
        except (RepositoryError, OSError) as cause:
            raise BrokenOff from cause


def python_version() -> str:
    """Return the version of Python that extension modules are built for, such as 3.13."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def refresh(folder: Path, root: Path, source: Source) -> list[Published]:
    """Fetch and verify the list of releases; return them.

    Args:
        folder: where the verified metadata is kept.
        root: the file of the first root of trust.
        source: where the metadata comes from.

    Raises:
        NotSetUp: there is no root of trust.
        SourceAway: the source does not answer.
        TooOld: the list has expired.
        NotTrusted: the list is not signed as the root demands, or older than one that was seen.
    """
    fetcher = MetadataFetcher(source)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        updater = Updater(str(folder), "https://releases.invalid/", fetcher=fetcher, bootstrap=_first_root(root))
        updater.refresh()
    except ExpiredMetadataError as cause:
        raise TooOld from cause
    except RepositoryError as cause:
        raise NotTrusted from cause
    except DownloadError as cause:
        raise (fetcher.away or SourceAway()) from cause
    return kept(folder)


def kept(folder: Path) -> list[Published]:
    """Return the releases of the kept list, whose signatures are checked again; none before the first refresh.

    Raises:
        NotTrusted: the kept files were changed.
    """
    for _ in range(_READS - 1):
        with suppress(NotTrusted):
            return _read_kept(folder)
        time.sleep(_BETWEEN_READS)
    return _read_kept(folder)


def _read_kept(folder: Path) -> list[Published]:
    try:
        root: Metadata[Root] = Metadata.from_file(str(folder / "root.json"))
        targets: Metadata[Targets] = Metadata.from_file(str(folder / "targets.json"))
    except Exception as cause:  # TUF wraps what its storage raises; a missing file is no fault
        if not (folder / "targets.json").exists():
            return []
        raise NotTrusted from cause
    try:
        root.signed.verify_delegate("targets", targets.signed_bytes, targets.signatures)
    except (RepositoryError, ValueError) as cause:
        raise NotTrusted from cause
    return [found for target in targets.signed.targets.values() if (found := _published(target)) is not None]


def newest(published: list[Published], product: str) -> Published | None:
    """Return the newest release of a product."""
    own = [each for each in published if each.product == product]
    return max(own, key=lambda each: version_key(each.version), default=None)


def _first_root(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as cause:
        raise NotSetUp from cause


def _published(target: TargetFile) -> Published | None:
    """Return a release of the list; None for one that this program does not understand."""
    facts: Mapping[str, Any] = target.custom or {}
    product = str(facts.get("product", ""))
    version = str(facts.get("version", ""))
    is_version = parse_version(version) is not None if product == PROGRAM else bool(version_key(version))
    voice = str(facts.get("voice", "")) if product == VOICE else ""
    if (
        product not in (PROGRAM, CONTENT, VOICE)
        or not is_version
        or (product == VOICE and not VOICE_NAME.fullmatch(voice))
    ):
        return None
    return Published(
        product=product,
        version=version,
        target=target,
        machine=str(facts.get("machine", "")),
        python=str(facts.get("python", "")),
        needs=str(facts.get("needs", "")),
        voice=voice,
    )
