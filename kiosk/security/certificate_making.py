"""Making of the ward's certificates: keys, the authority's certificate and the server's."""

import ipaddress
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kiosk.base.errors import BadSettings
from kiosk.security.tls import (
    RENEW_DAYS,
    Certificates,
    authority_path,
    certificates_of,
    read_certificates,
    server_paths,
)
from kiosk.store import files

AUTHORITY_DAYS = 3650
SERVER_DAYS = 397
"""Browsers refuse server certificates of more than 398 days."""
PRIVATE_NETWORKS = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "fc00::/7", "fe80::/10", "::1/128")
LOCAL_DOMAINS = ("localhost", "local", "lan", "internal", "home.arpa")
"""Domains that no public authority signs for: a ward may rename its machine within them."""


def create(folder: Path, ward: str, names: Iterable[str], now: datetime) -> Certificates:
    """Create a server certificate, and the authority if there is none."""
    if not authority_path(folder).exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        key = generate_private_key(SECP256R1())
        authority = _authority_certificate(key, ward=ward, names=tuple(names), now=now)
        files.write_atomic(folder / "ca.key", _key_bytes(key), mode=0o600)
        files.write_atomic(authority_path(folder), _pem(authority), mode=0o644)
    return renew(folder, names, now)


def renew(folder: Path, names: Iterable[str], now: datetime) -> Certificates:
    """Create a new server certificate for the names.

    Raises:
        BadSettings: there is no authority, or it may not sign for one of the names.
    """
    unique_names = tuple(dict.fromkeys(names))
    authority, authority_key = _open_authority(folder)
    if refused := [name for name in unique_names if not _may_sign(authority, name)]:
        raise BadSettings(
            f"Chứng thư của phường không ký được cho {', '.join(refused)}. Xóa thư mục {folder}, chạy kiosk tls init, "
            "rồi cài lại chứng thư ở từng trình duyệt.",
            f"The ward's authority may not sign for {', '.join(refused)}. Remove {folder} and run kiosk tls init; "
            "every browser then needs the new authority.",
        )
    key = generate_private_key(SECP256R1())
    server = _server_certificate(key, authority=authority, authority_key=authority_key, names=unique_names, now=now)
    chain_path, key_path = server_paths(folder)
    files.write_atomic(key_path, _key_bytes(key), mode=0o600)
    files.write_atomic(chain_path, _pem(server) + _pem(authority), mode=0o644)
    return certificates_of(folder)


def renew_if_due(folder: Path, names: Iterable[str], now: datetime) -> Certificates:
    """Renew a server certificate that expires within 30 days or has other names than the settings.

    Raises:
        BadSettings: as for `renew`.
    """
    unique_names = tuple(dict.fromkeys(names))
    current = read_certificates(folder)
    if current and set(current.names) == set(unique_names) and current.expires_at - now > timedelta(days=RENEW_DAYS):
        return current
    return renew(folder, unique_names, now)


def _open_authority(folder: Path) -> tuple[x509.Certificate, EllipticCurvePrivateKey]:
    try:
        authority = x509.load_pem_x509_certificate(authority_path(folder).read_bytes())
        key = serialization.load_pem_private_key((folder / "ca.key").read_bytes(), None)
    except (OSError, ValueError) as cause:
        raise BadSettings(
            f"Chưa có chứng thư ở {folder}. Chạy: kiosk tls init",
            f"There are no certificates in {folder}. Run: kiosk tls init",
        ) from cause
    assert isinstance(key, EllipticCurvePrivateKey)  # noqa: S101  # nosec B101 # `create` made it
    return authority, key


def _authority_certificate(
    key: EllipticCurvePrivateKey, ward: str, names: tuple[str, ...], now: datetime
) -> x509.Certificate:
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ward[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{ward[:44]} - chứng thư máy"),
        ]
    )
    return (
        _certificate_builder(subject=subject, issuer=subject, key=key, now=now, days=AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(is_authority=True), critical=True)
        .add_extension(x509.NameConstraints(_permitted_names(names), None), critical=True)
        .sign(key, hashes.SHA256())
    )


def _server_certificate(
    key: EllipticCurvePrivateKey,
    authority: x509.Certificate,
    authority_key: EllipticCurvePrivateKey,
    names: tuple[str, ...],
    now: datetime,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])
    ends = min(now + timedelta(days=SERVER_DAYS), authority.not_valid_after_utc)
    authority_key_id = authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    issuer_key_id = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(authority_key_id)
    return (
        _certificate_builder(subject=subject, issuer=authority.subject, key=key, now=now, days=(ends - now).days)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(is_authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
        .add_extension(issuer_key_id, critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def _certificate_builder(
    subject: x509.Name, issuer: x509.Name, key: EllipticCurvePrivateKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    """Return a builder; the certificate is valid from yesterday, because clocks of browsers differ."""
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
    permitted: list[x509.GeneralName] = [x509.IPAddress(ipaddress.ip_network(network)) for network in PRIVATE_NETWORKS]
    permitted += [x509.DNSName(domain) for domain in LOCAL_DOMAINS]
    for name in names:
        general_name = _general_name(name)
        if isinstance(general_name, x509.IPAddress):
            permitted.append(x509.IPAddress(ipaddress.ip_network(name)))
        else:
            permitted.append(general_name)
    return permitted


def _may_sign(authority: x509.Certificate, name: str) -> bool:
    limits = authority.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    return any(_is_within(_general_name(name), limit) for limit in limits)


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
