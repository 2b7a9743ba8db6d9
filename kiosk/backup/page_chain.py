"""Chains of copies of each minute: a whole copy of the store, then files with the pages that have changed since.

Each file is sealed by itself and names the salt of the one that it follows, so files of two chains cannot be mixed and
none can be left out (`unpack`). A file appears under its name when it is whole and durable. A chain that is cut or
damaged in its middle still has the generations before.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kiosk.backup.medium_errors import named_files
from kiosk.backup.rotation import BackupCopy, read_head
from kiosk.backup.unpack import CopyKeys, open_change
from kiosk.base import clock
from kiosk.base.errors import RecoveryPaperWrong, SealBroken
from kiosk.records.audit import AuditHead

_NAME = re.compile(r"([A-Z]{2}[0-9]{2,4})-([0-9a-f]{16})-([0-9]{8,10})\.(base|change)", re.ASCII)


@dataclass(frozen=True)
class ChainFile:
    """A file of a chain, as its head describes it; the head is proved when the file is opened."""

    path: Path
    store_id: str
    generation: int
    number: int
    made_at: datetime
    salt: str
    follows: str
    audit_head: AuditHead

    @property
    def is_base(self) -> bool:
        """Whether it is a whole copy, with which a chain begins."""
        return not self.follows


def file_name(kiosk_id: str, store_id: str, generation: int, *, is_base: bool) -> str:
    """Return the name of a file of a chain."""
    return f"{kiosk_id}-{store_id}-{generation:08d}.{'base' if is_base else 'change'}"


def has_other_store(folder: Path, kiosk_id: str, store_id: str) -> bool:
    """Return whether a folder has files of another store of a kiosk's name.

    Raises:
        BackupMissing: the folder is missing.
    """
    return any(match[2] != store_id for _path, match in _named(folder, kiosk_id))


def highest_generation(folder: Path, kiosk_id: str) -> int:
    """Return the highest generation of a kiosk's files; 0 for none.

    Raises:
        BackupMissing: the folder is missing.
    """
    return max((int(match[3]) for _path, match in _named(folder, kiosk_id)), default=0)


def list_chains(folder: Path, kiosk_id: str) -> list[list[ChainFile]]:
    """Return a kiosk's chains, each from its whole copy on, those with the newest end first.

    Raises:
        BackupMissing: the folder is missing.
    """
    files = [file for path, match in _named(folder, kiosk_id) if (file := _read(path, match)) is not None]
    # Of two files that follow one, the newer goes on: a release before wrote both where its mark was not stored.
    next_of = {file.follows: file for file in sorted(files, key=lambda file: file.generation) if not file.is_base}
    chains = []
    for base in (file for file in files if file.is_base):
        chain = [base]
        while following := next_of.pop(chain[-1].salt, None):
            chain.append(following)
        chains.append(chain)
    return sorted(chains, key=lambda chain: -chain[-1].generation)


def delete_old(folder: Path, kiosk_id: str, store_id: str, kept: int) -> None:
    """Delete a store's files that belong to none of its newest chains, and those that a power cut left incomplete."""
    chains = [chain for chain in list_chains(folder, kiosk_id) if chain[0].store_id == store_id]
    in_use = {file.path for chain in chains[:kept] for file in chain}
    for path, match in _named(folder, kiosk_id):
        if match[2] == store_id and path not in in_use:
            path.unlink(missing_ok=True)
    for ends in ("base", "change"):
        for path in folder.glob(f".{kiosk_id}-{store_id}-*.{ends}.*"):
            path.unlink(missing_ok=True)


def list_copies(folder: Path, kiosk_id: str, keys: CopyKeys) -> list[BackupCopy]:
    """Return the newest whole generation of each chain as a copy.

    Raises:
        BackupMissing: the folder is missing.
    """
    return [_copy(_whole_part(chain, keys)) for chain in list_chains(folder, kiosk_id)]


def newest_made_at(folder: Path, kiosk_id: str) -> datetime | None:
    """Return when the newest generation was made, by its unproved head; None when there is none.

    Raises:
        BackupMissing: the folder is missing.
    """
    chains = list_chains(folder, kiosk_id)
    return chains[0][-1].made_at if chains else None


def _whole_part(chain: list[ChainFile], keys: CopyKeys) -> list[ChainFile]:
    """Return a chain up to the first file that does not open."""
    for number, file in enumerate(chain):
        if file.is_base:
            continue
        try:
            open_change(file.path, keys)
        except (SealBroken, RecoveryPaperWrong, OSError):
            return chain[:number]
    return chain


def _copy(chain: list[ChainFile]) -> BackupCopy:
    newest = chain[-1]
    return BackupCopy(
        path=chain[0].path,
        number=newest.number,
        made_at=newest.made_at,
        bytes=sum(file.path.stat().st_size for file in chain),
        store_id=newest.store_id,
        audit_head=newest.audit_head,
        generation=newest.generation,
        changes=tuple(file.path for file in chain[1:]),
    )


def list_kiosks(folder: Path) -> set[str]:
    """Return the ids of the kiosks whose chains are in a folder.

    Raises:
        BackupMissing: the folder is missing.
    """
    return {match[1] for _path, match in named_files(folder, _NAME)}


def _named(folder: Path, kiosk_id: str) -> list[tuple[Path, re.Match[str]]]:
    return [(path, match) for path, match in named_files(folder, _NAME) if match[1] == kiosk_id]


def _read(path: Path, match: re.Match[str]) -> ChainFile | None:
    """Return a file whose head says what its name says; None for any other."""
    with suppress(SealBroken, OSError, KeyError, TypeError, ValueError):
        head = read_head(path)
        file = ChainFile(
            path=path,
            store_id=str(head["store"]),
            generation=int(head["generation"]),
            number=int(head["number"]),
            made_at=clock.parse_timestamp(head["made_at"]),
            salt=str(head["salt"]),
            follows=str(head["follows"]),
            audit_head=AuditHead(int(head["trail"][0]), str(head["trail"][1])),
        )
        is_named = (head["kiosk"], file.store_id, file.generation) == (match[1], match[2], int(match[3]))
        if is_named and file.is_base == (match[4] == "base"):
            return file
    return None
