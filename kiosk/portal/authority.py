"""Certificate of the portal's own authority: checked when a technician uploads it, described where it is shown.

The stored file has the hash of its content as its name, so no later upload changes what a lead has agreed to.
"""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.base import clock
from kiosk.base.errors import NotAllowed
from kiosk.config import Config
from kiosk.store import files

if TYPE_CHECKING:
    from cryptography import x509

LARGEST = 64 << 10
"""Most bytes of an uploaded file."""
HASH_LENGTH = 16
SHOWN = 3
"""Certificates of a file that are described."""
NO_FILE = ("Chưa chọn tệp. Chọn tệp chứng thư thành phố gửi.", "No file was chosen.")
NOT_A_CERTIFICATE = (
    "Tệp này không phải chứng thư. Xin thành phố tệp .crt, .pem hoặc .cer của nơi cấp.",
    "This file is no certificate. Ask the city for the .crt, .pem or .cer file of the authority.",
)
PRIVATE_KEY = (
    "Trong tệp có khóa riêng. Không đưa khóa riêng lên máy: báo thành phố, xin tệp chỉ có chứng thư.",
    "The file contains a private key, which belongs on no kiosk. Tell the city; ask for the certificate alone.",
)
NOT_AN_AUTHORITY = (
    "Đây là chứng thư của một máy, không phải của nơi cấp. Xin thành phố tệp của nơi cấp, thường tên ca.crt.",
    "This is the certificate of a server, not of an authority. Ask the city for the authority's file, such as ca.crt.",
)


def check(content: bytes, now: datetime) -> bytes:
    """Return the certificates of an uploaded file as PEM, and nothing else of the file.

    Args:
        content: PEM with one or several certificates, or one certificate as DER.

    Raises:
        NotAllowed: the file is none of these, has a private key, has expired, or is not of an authority.
    """
    from cryptography.hazmat.primitives.serialization import Encoding

    if not content:
        raise NotAllowed(*NO_FILE)
    if b"PRIVATE KEY-----" in content:
        raise NotAllowed(*PRIVATE_KEY)
    try:
        certificates = _parse(content)
        are_authorities = all(_is_authority(certificate) for certificate in certificates)
    except ValueError as error:
        raise NotAllowed(*NOT_A_CERTIFICATE) from error
    if not are_authorities:
        raise NotAllowed(*NOT_AN_AUTHORITY)
    for certificate in certificates:
        _require_valid_dates(certificate, now)
    return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in certificates)


def store(config: Config, pem: bytes) -> str:
    """Write checked certificates into the data folder; return the path as `[portal] ca` names it."""
    name = f"portal-ca-{hashlib.sha256(pem).hexdigest()[:HASH_LENGTH]}.crt"
    files.write_atomic(config.folder / name, pem, mode=0o644)
    return str(Path(config.kiosk.data) / name)


def describe(path: Path) -> str:
    """Return subject and expiry of a certificate file in Vietnamese; empty where it cannot be read."""
    try:
        certificates = _parse(path.read_bytes())
    except (OSError, ValueError):
        return ""
    rest = len(certificates) - SHOWN
    words = "; ".join(_words(certificate) for certificate in certificates[:SHOWN])
    return f"{words}; và {rest} chứng thư nữa" if rest > 0 else words


def _parse(content: bytes) -> "list[x509.Certificate]":
    """Return the certificates of a file.

    Raises:
        ValueError: it has none, or a broken one.
    """
    from cryptography import x509

    if b"-----BEGIN" in content:
        return x509.load_pem_x509_certificates(content)
    return [x509.load_der_x509_certificate(content)]


def _is_authority(certificate: "x509.Certificate") -> bool:
    """Return whether a certificate may sign others (RFC 5280 4.2.1.3, 4.2.1.9).

    Raises:
        ValueError: its extensions cannot be read.
    """
    from cryptography import x509

    try:
        may_sign = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False
    try:
        return may_sign and certificate.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign
    except x509.ExtensionNotFound:
        return may_sign


def _require_valid_dates(certificate: "x509.Certificate", now: datetime) -> None:
    if certificate.not_valid_after_utc <= now:
        raise NotAllowed(
            f"Chứng thư đã hết hạn ngày {_day(certificate.not_valid_after_utc)}. Xin thành phố tệp mới.",
            f"The certificate expired on {certificate.not_valid_after_utc:%Y-%m-%d}. Ask the city for a new one.",
        )
    if certificate.not_valid_before_utc > now:
        raise NotAllowed(
            f"Chứng thư chỉ dùng được từ ngày {_day(certificate.not_valid_before_utc)}. Xem ngày giờ của máy có đúng "
            "không.",
            f"The certificate begins on {certificate.not_valid_before_utc:%Y-%m-%d}. Look at the kiosk's date.",
        )


def _words(certificate: "x509.Certificate") -> str:
    from cryptography.x509.oid import NameOID

    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    subject = str(names[0].value) if names else certificate.subject.rfc4514_string()
    return f"{subject or 'không tên'}, hết hạn ngày {_day(certificate.not_valid_after_utc)}"


def _day(at: datetime) -> str:
    return f"{clock.local(at):%d/%m/%Y}"
