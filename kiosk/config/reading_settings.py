"""Settings that decide who can read forms: where forms, papers, scans of cards and copies go, and what seals them.

The address in the codes of slips is among them, because every citizen's phone opens it. So is the root of trust of
releases, because it decides which programs run here.
"""

from pathlib import Path

from kiosk.config import Config
from kiosk.records.change_requests import ReadingChange
from sync.encoding import sha256_hex

CA_NAME = "portal.ca"
RELEASES_NAME = "updates.root"
HASH_LENGTH = 16


def values(config: Config) -> dict[str, str]:
    """Return the settings by name; a printer by its kind and address, since its name decides nothing."""
    portal = config.portal
    found = {
        "portal.kind": portal.kind if portal.capabilities.takes_forms else "",
        "portal.url": portal.url if portal.capabilities.takes_forms else "",
        "portal.public_url": portal.public_url,
        CA_NAME: _file_mark(portal.ca, config.portal_ca) if portal.ca else "",
        "portal.stick_key": portal.stick_key,
        "scanner.port": config.scanner.port,
        "scanner.screen": config.scanner.screen,
        "backup.path": config.backup.path,
        "backup.second": config.backup.second,
    }
    if config.release_root.is_file():
        found[RELEASES_NAME] = _file_mark(config.updates.root, config.release_root)
    found |= {f"printer {printer.kind} {printer.address}": printer.name for printer in config.printers}
    found |= {f"office_printer {printer.kind} {printer.address}": printer.name for printer in config.office_printers}
    return found


def changes(before: Config, after: Config) -> list[ReadingChange]:
    """Return what the settings add or change; what they leave out opens nothing to anybody.

    A printer that has another name is not new.
    """
    old = values(before)
    return [
        ReadingChange(name=name, old=old.get(name, ""), new=value)
        for name, value in values(after).items()
        if value and old.get(name) != value and not (name in old and is_printer(name))
    ]


def is_printer(name: str) -> bool:
    """Return whether a setting is a printer: its name here has kind and address."""
    return "printer " in name


def path_of(mark: str) -> str:
    """Return the path in the value of the portal's certificate."""
    return mark.rpartition(" (")[0]


def hash_of(value: str) -> str:
    """Return the hash of a value, as the trail keeps it."""
    return sha256_hex(value.encode())[:HASH_LENGTH]


def hashes(config: Config) -> dict[str, str]:
    """Return the hash of each setting that has a value."""
    return {name: hash_of(name if is_printer(name) else value) for name, value in values(config).items() if value}


def _file_mark(name: str, path: Path | None) -> str:
    """Return the path of a file, as the settings name it, with the hash of what is in it."""
    try:
        content = path.read_bytes() if path else b""
    except OSError:
        content = b""
    return f"{name} ({sha256_hex(content)[:HASH_LENGTH]})"
