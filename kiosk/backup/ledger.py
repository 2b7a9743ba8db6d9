"""The ledger of copies: the highest number that this store ever gave to a copy.

It lies beside the store and beside the copies, signed with the store's key. A folder of copies whose newest one is gone
or renamed then does not look complete, and no number is given twice.
"""

import hmac
import json
from contextlib import suppress
from pathlib import Path

from kiosk.config import Config
from kiosk.store import files
from kiosk.store.vault import Vault

_PURPOSE = "copies"


def highest_number(config: Config, vault: Vault) -> int:
    """Return the highest number of a copy of this store that either file knows; 0 for none."""
    return max(_read(path, vault) for path in _paths(config, vault))


def record(config: Config, vault: Vault, number: int) -> None:
    """Record the number of a new copy.

    Raises:
        OSError: a folder refuses.
    """
    content = json.dumps({"number": number, "mac": _mac(vault, number)}).encode("ascii")
    for path in _paths(config, vault):
        files.write_atomic(path, content)


def _paths(config: Config, vault: Vault) -> list[Path]:
    name = f"{config.kiosk.id}-{vault.store_id}.ledger"
    return [folder / name for folder in (config.folder, config.backup_folder) if folder]


def _mac(vault: Vault, number: int) -> str:
    return vault.keyed_hash(_PURPOSE, str(number))


def _read(path: Path, vault: Vault) -> int:
    with suppress(OSError, ValueError, KeyError, TypeError):
        entry = json.loads(path.read_text(encoding="ascii"))
        number = int(entry["number"])
        if hmac.compare_digest(str(entry["mac"]), _mac(vault, number)):
            return number
    return 0
