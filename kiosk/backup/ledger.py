"""The ledger of copies: the highest number that this store ever gave to a copy, and its audit head at that time.

It lies beside the store and beside the copies, signed with the store's key. A folder of copies whose newest one is gone
or renamed then does not look complete, and no number is given twice. An audit trail that was cut off at its end no
longer contains the head. A restore goes back to an earlier trail, so a head from before the last restore is not used.
"""

import hmac
import json
from contextlib import suppress
from pathlib import Path

from kiosk.backup import restore_log
from kiosk.config import Config
from kiosk.records.audit import AuditHead
from kiosk.store import files
from kiosk.store.vault import Vault

_PURPOSE = "copies"
_HEAD_PURPOSE = "audit head of a copy"


def highest_number(config: Config, vault: Vault) -> int:
    """Return the highest number of a copy of this store that either file knows; 0 for none."""
    return max(_read(path, vault) for path in _paths(config, vault))


def audit_head(config: Config, vault: Vault) -> AuditHead | None:
    """Return the newest audit head that either file knows since the last restore; None for none."""
    restores = len(restore_log.read_restores(config))
    heads = [head for path in _paths(config, vault) if (head := _read_head(path, vault, restores)) is not None]
    return max(heads, key=lambda head: head.seq, default=None)


def record(config: Config, vault: Vault, number: int, head: AuditHead) -> None:
    """Record the number of a new copy, and the audit head of the store that it was made of.

    Raises:
        OSError: a folder refuses.
    """
    trail: list[str | int] = [head.seq, head.mac, len(restore_log.read_restores(config))]
    entry = {"number": number, "mac": _mac(vault, number), "trail": trail, "trail_mac": _head_mac(vault, trail)}
    content = json.dumps(entry).encode("ascii")
    for path in _paths(config, vault):
        files.write_atomic(path, content)


def _paths(config: Config, vault: Vault) -> list[Path]:
    name = f"{config.kiosk.id}-{vault.store_id}.ledger"
    return [folder / name for folder in (config.folder, config.backup_folder) if folder]


def _mac(vault: Vault, number: int) -> str:
    return vault.keyed_hash(_PURPOSE, str(number))


def _head_mac(vault: Vault, trail: list[str | int]) -> str:
    return vault.keyed_hash(_HEAD_PURPOSE, json.dumps(trail))


def _read_head(path: Path, vault: Vault, restores: int) -> AuditHead | None:
    """Return the audit head of a file, unless it was changed or is from before the last restore."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        entry = json.loads(path.read_text(encoding="ascii"))
        trail = entry["trail"]
        seq, mac, restores_then = trail
        if restores_then == restores and hmac.compare_digest(str(entry["trail_mac"]), _head_mac(vault, trail)):
            return AuditHead(int(seq), str(mac))
    return None


def _read(path: Path, vault: Vault) -> int:
    with suppress(OSError, ValueError, KeyError, TypeError):
        entry = json.loads(path.read_text(encoding="ascii"))
        number = int(entry["number"])
        if hmac.compare_digest(str(entry["mac"]), _mac(vault, number)):
            return number
    return 0
