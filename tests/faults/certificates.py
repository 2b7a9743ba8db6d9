"""Server certificates, good and bad, of an authority that the kiosk trusts or of another one."""

import ipaddress
import ssl
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kiosk.base import clock

DAY = timedelta(days=1)


def make_certificates(folder: Path, fault: str) -> tuple[Path, ssl.SSLContext, ssl.SSLContext]:
    """Return the file of the trusted authority, a good server context, and one with a fault."""
    trusted = _Authority("So KHCN tinh")
    other = _Authority("Ai do")
    path = folder / "ca.pem"
    path.write_bytes(trusted.certificate.public_bytes(serialization.Encoding.PEM))
    good = trusted.server_context(folder / "good", "127.0.0.1", DAY)
    if fault == "expired":
        return path, good, trusted.server_context(folder / "bad", "127.0.0.1", -DAY)
    if fault == "wrong host":
        return path, good, trusted.server_context(folder / "bad", "127.0.0.2", DAY)
    assert fault == "unknown authority"
    return path, good, other.server_context(folder / "bad", "127.0.0.1", DAY)


class _Authority:
    def __init__(self, name: str) -> None:
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.key = ec.generate_private_key(ec.SECP256R1())
        usage = x509.KeyUsage(
            digital_signature=False,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        builder = self._builder(self.name, self.key.public_key(), 10 * DAY)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        self.certificate = builder.add_extension(usage, critical=True).sign(self.key, hashes.SHA256())

    def server_context(self, path: Path, address: str, lifetime: timedelta) -> ssl.SSLContext:
        """Write certificate and key of a server; return its TLS context."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, address)])
        host = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        builder = self._builder(subject, key.public_key(), lifetime)
        builder = builder.add_extension(host, critical=False).add_extension(issuer, critical=False)
        certificate = builder.sign(self.key, hashes.SHA256())
        pem = serialization.Encoding.PEM
        private_key = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        path.write_bytes(certificate.public_bytes(pem) + private_key)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def _builder(
        self, subject: x509.Name, key: ec.EllipticCurvePublicKey, lifetime: timedelta
    ) -> x509.CertificateBuilder:
        now = clock.now()
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - 30 * DAY)
            .not_valid_after(now + lifetime)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        )
