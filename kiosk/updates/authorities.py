"""Authorities whose digital signatures are trusted, and their revocation lists: files of a content release.

The program ships none: which certificates a ward may rely on is said by the province, in content that it signs.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.uploads.signatures import Trust

if TYPE_CHECKING:
    from cryptography import x509

CERTIFICATE = ".crt"
REVOCATION_LIST = ".crl"


def trust(files: Sequence[Path], at: datetime, *, is_time_sure: bool) -> Trust:
    """Return what signatures are checked by.

    Args:
        files: certificates and revocation lists (`content.authorities`).
        at: the time now.
        is_time_sure: the machine's clock is trusted.
    """
    from cryptography.hazmat.primitives.serialization import Encoding

    certificates = (_certificate(path).public_bytes(Encoding.DER) for path in files if path.suffix == CERTIFICATE)
    lists = (_revocation_list(path).public_bytes(Encoding.DER) for path in files if path.suffix == REVOCATION_LIST)
    return Trust(authorities=tuple(certificates), revocation_lists=tuple(lists), at=at, is_time_sure=is_time_sure)


def is_readable(path: Path) -> bool:
    """Return whether a file is a certificate of an authority, or a revocation list; PEM or DER."""
    from cryptography import x509

    try:
        if path.suffix == REVOCATION_LIST:
            return bool(_revocation_list(path).issuer)
        constraints = _certificate(path).extensions.get_extension_for_class(x509.BasicConstraints)
        return path.suffix == CERTIFICATE and constraints.value.ca
    except (OSError, ValueError, x509.ExtensionNotFound):
        return False


def _certificate(path: Path) -> "x509.Certificate":
    from cryptography import x509

    data = path.read_bytes()
    is_text = data.startswith(b"-----BEGIN")
    return x509.load_pem_x509_certificate(data) if is_text else x509.load_der_x509_certificate(data)


def _revocation_list(path: Path) -> "x509.CertificateRevocationList":
    from cryptography import x509

    data = path.read_bytes()
    return x509.load_pem_x509_crl(data) if data.startswith(b"-----BEGIN") else x509.load_der_x509_crl(data)
