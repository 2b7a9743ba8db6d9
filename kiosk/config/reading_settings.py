"""Settings that decide who can read forms: where forms, papers, scans of cards and copies go, and what seals them.

The address in the codes of slips is among them, because every citizen's phone opens it.
"""

from kiosk.config import Config
from kiosk.records.change_requests import ReadingChange
from sync.encoding import sha256_hex

CA_NAME = "portal.ca"
HASH_LENGTH = 16


def values(config: Config) -> dict[str, str]:
    """Return the settings by name; a printer by its kind and address, since its name decides nothing."""
    portal = config.portal
    found = {
        "portal.kind": portal.kind if portal.capabilities.takes_forms else "",
        "portal.url": portal.url if portal.capabilities.takes_forms else "",
        "portal.public_url": portal.public_url,
        CA_NAME: _file_mark(config) if portal.ca else "",
        "portal.stick_key": portal.stick_key,
        "scanner.port": config.scanner.port,
        "scanner.screen": config.scanner.screen,
        "backup.path": config.backup.path,
        "backup.second": config.backup.second,
    }
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


def _file_mark(config: Config) -> str:
    """Return the path of the portal's certificate with the hash of what is in it."""
    try:
        content = config.portal_ca.read_bytes() if config.portal_ca else b""
    except OSError:
        content = b""
    return f"{config.portal.ca} ({sha256_hex(content)[:HASH_LENGTH]})"
