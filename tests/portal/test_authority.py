"""Certificate of the portal's authority: what an uploaded file may be, and what the pages say of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from kiosk.base.errors import NotAllowed
from kiosk.config import Config
from kiosk.portal import authority
from kiosk.security import certificate_making

NOW = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
YEAR = timedelta(days=365)


def certificate(
    name: str = "So KHCN tinh", *, ca: bool = True, signs: bool | None = True, begins: datetime = NOW - YEAR
) -> x509.Certificate:
    """Return a certificate of two years; `signs`: its key usage, None for a certificate without one."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + 2 * YEAR)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if signs is not None:
        usage = x509.KeyUsage(
            digital_signature=not signs,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=signs,
            crl_sign=signs,
            encipher_only=False,
            decipher_only=False,
        )
        builder = builder.add_extension(usage, critical=True)
    return builder.sign(key, hashes.SHA256())


def pem(one: x509.Certificate) -> bytes:
    return one.public_bytes(Encoding.PEM)


def private_key() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
def test_one_certificate_is_taken_as_pem_or_der(encoding: Encoding) -> None:
    one = certificate()
    assert authority.check(one.public_bytes(encoding), NOW) == pem(one)


def test_only_the_certificates_of_a_file_are_kept() -> None:
    first, second = certificate(), certificate("Nơi cấp thứ hai", signs=None)
    content = b"Subject: So KHCN\n" + pem(first) + b"\nghi ch\xc3\xba\n" + pem(second)
    assert authority.check(content, NOW) == pem(first) + pem(second)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (lambda: b"", "Chưa chọn tệp"),
        (lambda: b"\xff\xd8 anh chup", "không phải chứng thư"),
        (lambda: b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", "không phải chứng thư"),
        (lambda: pem(certificate())[:200], "không phải chứng thư"),
        (lambda: pem(certificate()) + private_key(), "có khóa riêng"),
        (lambda: private_key().replace(b"PRIVATE", b"EC PRIVATE"), "có khóa riêng"),
        (lambda: pem(certificate(begins=NOW - 3 * YEAR)), "đã hết hạn ngày 01/12/2025"),
        (lambda: pem(certificate()) + pem(certificate(begins=NOW - 3 * YEAR)), "đã hết hạn"),
        (lambda: pem(certificate(begins=NOW + timedelta(days=2))), "chỉ dùng được từ ngày 03/12/2026"),
        (lambda: pem(certificate("gateway.example", ca=False)), "không phải của nơi cấp"),
        (lambda: pem(certificate("gateway.example", signs=False)), "không phải của nơi cấp"),
        (lambda: pem(certificate("gateway.example", ca=False)) + pem(certificate()), "không phải của nơi cấp"),
    ],
)
def test_another_file_is_refused_with_what_to_do(content: Callable[[], bytes], words: str) -> None:
    with pytest.raises(NotAllowed, match=words):
        authority.check(content(), NOW)


def test_a_stored_file_is_found_by_the_settings_and_never_replaced_by_another(config: Config) -> None:
    config.folder.mkdir()
    first = authority.store(config, pem(certificate()))
    second = authority.store(config, pem(certificate("Nơi khác")))
    named = replace(config, portal=replace(config.portal, ca=first))
    assert first != second
    assert named.portal_ca is not None
    assert authority.describe(named.portal_ca) == "So KHCN tinh, hết hạn ngày 01/12/2027"


def test_a_long_file_is_described_by_its_first_certificates(tmp_path: Path) -> None:
    path = tmp_path / "ca.crt"
    path.write_bytes(b"".join(pem(certificate(f"Nơi {number}")) for number in range(5)))
    words = authority.describe(path)
    assert words.count("hết hạn ngày") == authority.SHOWN
    assert words.endswith("; và 2 chứng thư nữa")
    assert authority.describe(tmp_path / "none.crt") == ""
    path.write_text("không phải")
    assert authority.describe(path) == ""


def test_an_authority_with_name_constraints_is_taken(tmp_path: Path) -> None:
    certificate_making.create(tmp_path, "Phường Phú Xuân", ["192.168.1.10"], NOW)
    content = (tmp_path / "ca.crt").read_bytes()
    assert authority.check(content, NOW + timedelta(days=1)) == content
