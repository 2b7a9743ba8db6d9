"""Certificates of the ward for the LAN: its own authority, and the server certificate that browsers see.

The authority may sign only for the ward's names and private addresses (name constraints, RFC 5280 4.2.1.10): a thief of
its key can imitate this kiosk, but no bank. Both keys are files of mode 600 in a folder of mode 700; the sealed
backup copies include them. The server certificate is renewed without a visit to the browsers. A new authority must be
installed in every browser again, so the kiosk never creates one by itself.

`certificate_making` makes the files. It is imported where it is used, as x509 is here: 12 ms for a kiosk with no
LAN.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

RENEW_DAYS = 30
_FILES = ("ca.crt", "ca.key", "server.crt", "server.key")


@dataclass(frozen=True)
class Certificates:
    """Names and dates of the certificates; the fingerprint is the authority's, for comparison by eye."""

    names: tuple[str, ...]
    fingerprint: str
    expires_at: datetime
    authority_expires_at: datetime


def authority_path(folder: Path) -> Path:
    """Return the file that browsers install."""
    return folder / "ca.crt"


def server_paths(folder: Path) -> tuple[Path, Path]:
    """Return the files of the listener: certificate chain and key."""
    return folder / "server.crt", folder / "server.key"


def read_certificates(folder: Path) -> Certificates | None:
    """Return the certificates; None if a file is missing or cannot be read."""
    if not all((folder / name).exists() for name in _FILES):
        return None
    try:
        return certificates_of(folder)
    except (OSError, ValueError):
        return None


def certificates_of(folder: Path) -> Certificates:
    """Return the certificates of a folder.

    Raises:
        OSError: a file is missing or cannot be read.
        ValueError: a file is no certificate.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256

    authority = x509.load_pem_x509_certificate(authority_path(folder).read_bytes())
    server = x509.load_pem_x509_certificate(server_paths(folder)[0].read_bytes())
    names = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    digits = authority.fingerprint(SHA256()).hex().upper()
    return Certificates(
        names=tuple(str(name.value) for name in names),
        fingerprint=":".join(digits[index : index + 2] for index in range(0, len(digits), 2)),
        expires_at=server.not_valid_after_utc,
        authority_expires_at=authority.not_valid_after_utc,
    )
