"""The ward's own certificates: an authority made on this machine, and what the LAN listener shows to browsers.

The authority may sign for the ward's names and for private addresses alone (name constraints, RFC 5280 4.2.1.10): who
steals its key can play this kiosk and no bank. Both keys are files of mode 600 in a folder of mode 700 and leave the
machine in no backup of the store. The server's certificate is renewed without a visit to the browsers; only a new
authority has to be installed again, so it is never made anew by itself.
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kiosk.errors import BadSettings
from kiosk.store import files

AUTHORITY_DAYS = 3650
SERVER_DAYS = 397
"""Browsers take no server certificate of more than 398 days."""
RENEW_DAYS = 30
PRIVATE_NETWORKS = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "fc00::/7", "fe80::/10", "::1/128")
LOCAL_DOMAINS = ("localhost", "local", "lan", "internal", "home.arpa")
"""Names that no public authority gives out: a ward may rename its machine within them."""
_FILES = ("ca.crt", "ca.key", "server.crt", "server.key")


@dataclass(frozen=True)
class Certificates:
    """What there is to see of the certificates; the fingerprint is that of the authority, to be compared by eye."""

    names: tuple[str, ...]
    fingerprint: str
    expires_at: datetime
    authority_expires_at: datetime


def authority_path(folder: Path) -> Path:
    """Name the file that browsers install."""
    return folder / "ca.crt"


def server_paths(folder: Path) -> tuple[Path, Path]:
    """Name certificate chain and key of the listener."""
    return folder / "server.crt", folder / "server.key"


def create(folder: Path, ward: str, names: Iterable[str], now: datetime) -> Certificates:
    """Make the authority, if there is none, and a server certificate; return what to show."""
    if not authority_path(folder).exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        key = generate_private_key(SECP256R1())
        files.write_atomic(folder / "ca.key", _key_bytes(key), mode=0o600)
        files.write_atomic(authority_path(folder), _pem(_authority_certificate(key, ward, tuple(names), now)), mode=0o644)
    return renew(folder, names, now)


def renew(folder: Path, names: Iterable[str], now: datetime) -> Certificates:
    """Make a new server certificate for the names of the settings; BadSettings when the authority may not."""
    told = tuple(dict.fromkeys(names))
    authority, signer = _open_authority(folder)
    if strange := [name for name in told if not _may_sign(authority, name)]:
        raise BadSettings(
            f"Chứng thư của phường không ký được cho {', '.join(strange)}. Xóa thư mục {folder}, chạy kiosk tls init, "
            "rồi cài lại chứng thư ở từng trình duyệt.",
            f"The ward's authority may not sign for {', '.join(strange)}. Remove {folder} and run kiosk tls init; "
            "every browser then needs the new authority.",
        )
    key = generate_private_key(SECP256R1())
    chain, secret = server_paths(folder)
    files.write_atomic(secret, _key_bytes(key), mode=0o600)
    files.write_atomic(chain, _pem(_server_certificate(key, authority, signer, told, now)) + _pem(authority), mode=0o644)
    return _read_info(folder)


def renew_if_due(folder: Path, names: Iterable[str], now: datetime) -> Certificates:
    """Renew what ends soon or says other names than the settings; BadSettings when nothing was made yet."""
    told = tuple(dict.fromkeys(names))
    found = read_certificates(folder)
    if found and set(found.names) == set(told) and found.expires_at - now > timedelta(days=RENEW_DAYS):
        return found
    return renew(folder, told, now)


def read_certificates(folder: Path) -> Certificates | None:
    """Return what there is; None when nothing was made yet, or a file is gone or cannot be read."""
    if not all((folder / name).exists() for name in _FILES):
        return None
    try:
        return _read_info(folder)
    except (OSError, ValueError):
        return None


def _read_info(folder: Path) -> Certificates:
    authority = x509.load_pem_x509_certificate(authority_path(folder).read_bytes())
    server = x509.load_pem_x509_certificate(server_paths(folder)[0].read_bytes())
    names = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    said = tuple(str(one.value) for one in names)
    digits = authority.fingerprint(hashes.SHA256()).hex().upper()
    pairs = ":".join(digits[at : at + 2] for at in range(0, len(digits), 2))
    return Certificates(
        names=said, fingerprint=pairs, expires_at=server.not_valid_after_utc, authority_expires_at=authority.not_valid_after_utc
    )


def _open_authority(folder: Path) -> tuple[x509.Certificate, EllipticCurvePrivateKey]:
    try:
        authority = x509.load_pem_x509_certificate(authority_path(folder).read_bytes())
        key = serialization.load_pem_private_key((folder / "ca.key").read_bytes(), None)
    except (OSError, ValueError) as cause:
        raise BadSettings(
            f"Chưa có chứng thư ở {folder}. Chạy: kiosk tls init",
            f"There are no certificates in {folder}. Run: kiosk tls init",
        ) from cause
    assert isinstance(key, EllipticCurvePrivateKey)  # noqa: S101 - we made it
    return authority, key


def _authority_certificate(key: EllipticCurvePrivateKey, ward: str, names: tuple[str, ...], now: datetime) -> x509.Certificate:
    named = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ward[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{ward[:44]} - chứng thư máy"),
        ]
    )
    return (
        _certificate_builder(named, named, key, now, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(is_authority=True), critical=True)
        .add_extension(x509.NameConstraints(_permitted_names(names), None), critical=True)
        .sign(key, hashes.SHA256())
    )


def _server_certificate(
    key: EllipticCurvePrivateKey,
    authority: x509.Certificate,
    signer: EllipticCurvePrivateKey,
    names: tuple[str, ...],
    now: datetime,
) -> x509.Certificate:
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])
    ends = min(now + timedelta(days=SERVER_DAYS), authority.not_valid_after_utc)
    own = authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return (
        _certificate_builder(named, authority.subject, key, now, (ends - now).days)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(is_authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own), critical=False)
        .sign(signer, hashes.SHA256())
    )


def _certificate_builder(
    subject: x509.Name, issuer: x509.Name, key: EllipticCurvePrivateKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    """A day of the past is valid too: clocks of browsers differ."""
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _key_usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority, key_cert_sign=is_authority, crl_sign=is_authority, content_commitment=False,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _permitted_names(names: tuple[str, ...]) -> list[x509.GeneralName]:
    networks = [ipaddress.ip_network(one) for one in PRIVATE_NETWORKS]
    found: list[x509.GeneralName] = [x509.IPAddress(one) for one in networks]
    found += [x509.DNSName(one) for one in LOCAL_DOMAINS]
    for name in names:
        told = _general_name(name)
        if isinstance(told, x509.IPAddress):
            found.append(x509.IPAddress(ipaddress.ip_network(name)))
        else:
            found.append(told)
    return found


def _may_sign(authority: x509.Certificate, name: str) -> bool:
    limits = authority.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    return any(_is_within(_general_name(name), one) for one in limits)


def _is_within(name: x509.GeneralName, limit: x509.GeneralName) -> bool:
    if isinstance(name, x509.IPAddress):
        network = ipaddress.ip_network(str(limit.value)) if isinstance(limit, x509.IPAddress) else None
        return network is not None and ipaddress.ip_address(str(name.value)) in network
    return isinstance(limit, x509.DNSName) and f".{name.value}".endswith(f".{limit.value}")


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_bytes(key: EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
