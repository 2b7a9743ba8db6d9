"""Opens and verifies a copy in a folder of its own: SQLite finds no damage, each body matches its digest.

The head of a copy is bound to each piece of its content, so a copy that opens proves its number, kiosk and store id.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from sqlite_utils import Database

from kiosk.backup import sealed_file
from kiosk.backup.rotation import BackupCopy
from kiosk.backup.unpack import STORE, CopyKeys, content_key, unpack
from kiosk.base.errors import SealBroken, StoreDamaged
from kiosk.context import AUDIT
from kiosk.context.long_work import Report, ignore
from kiosk.records import audit, submissions
from kiosk.store.db import Store, is_sound
from kiosk.store.schema import grow
from kiosk.store.vault import Vault, parse_vault


@dataclass(frozen=True)
class CopyReport:
    """The result of a verification.

    Attributes:
        forms: the number of submissions.
        bodies: how many of them still have a body.
        broken: how many bodies do not match their digest.
        trail: the first changed or missing line of the audit trail, None when it verifies.
        vault: the vault that opens the store of the copy.
        key_file: the key file in the copy, empty when it has none.
    """

    copy: BackupCopy
    forms: int
    bodies: int
    broken: int
    trail: int | None
    vault: Vault = field(repr=False)
    key_file: bytes = field(repr=False)


def verify(copy: BackupCopy, keys: CopyKeys, folder: Path, report: Report = ignore) -> CopyReport:
    """Unpack a copy into an empty folder and verify it; its store stays there, migrated to this release.

    Args:
        report: is told how far it is.

    Raises:
        SealBroken: it does not open under this key, or was changed or cut.
        RecoveryPaperWrong: it is not sealed to this paper.
        StoreDamaged: its store is damaged.
    """
    report("Đang mở bản sao", 0, 0)
    key_file = unpack(copy, keys, folder)
    vault = keys.vault or parse_vault(key_file)
    report("Đang soát kho trong bản sao", 0, 0)
    if not is_sound(folder / STORE):
        raise StoreDamaged
    with Store(folder / STORE) as store:
        grow(store)
        with store.read() as db:
            broken = list(_broken_bodies(db, vault, report))
            report("Đang soát nhật ký trong bản sao", 0, 0)
            forms = submissions.count(db)
            return CopyReport(
                copy=copy,
                forms=forms,
                bodies=len(broken),
                broken=sum(broken),
                trail=audit.verify(db, vault.key_for(AUDIT), copy.audit_head),
                vault=vault,
                key_file=key_file,
            )


def is_of_store(copy: BackupCopy, vault: Vault) -> bool:
    """Return whether a copy is of the store of this key; one without a store id is when the key opens it."""
    return copy.store_id == vault.store_id if copy.store_id else _opens(copy, vault)


def _opens(copy: BackupCopy, vault: Vault) -> bool:
    with suppress(SealBroken, OSError, KeyError, ValueError, TypeError), copy.path.open("rb") as file:
        head = sealed_file.read_head(file)
        next(sealed_file.read(file, content_key(vault, json.loads(head)["salt"]), head))
        return True
    return False


def _broken_bodies(db: Database, vault: Vault, report: Report) -> Iterator[bool]:
    """Yield for each body whether it is broken."""
    total = submissions.count_bodies(db)
    for done, row in enumerate(submissions.iter_bodies(db)):
        report("Đang mở từng tờ khai", done, total)
        yield _is_broken(vault, *row)


def _is_broken(vault: Vault, submission_id: str, digest: str, sealed: bytes) -> bool:
    try:
        return sha256(vault.open(submissions.BODY, submission_id, sealed)).hexdigest() != digest
    except SealBroken:
        return True
