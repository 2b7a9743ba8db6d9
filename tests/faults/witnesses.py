"""Certificates as a portal shows them, good and bad, made by an authority that the kiosk was told to trust."""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)


def certificate(folder: Path, fault: str) -> tuple[Path, ssl.SSLContext, ssl.SSLContext]:
    """Give the file of the authority, a server's good side, and one with a fault."""
    ours = _Authority("So KHCN tinh")
    others = _Authority("Ai do")
    path = folder / "ca.pem"
    path.write_bytes(ours.certificate.public_bytes(serialization.Encoding.PEM))
    good = ours.server(folder / "good", "127.0.0.1", DAY)
    bad = {
        "expired": lambda: ours.server(folder / "bad", "127.0.0.1", -DAY),
        "wrong host": lambda: ours.server(folder / "bad", "127.0.0.2", DAY),
        "unknown authority": lambda: others.server(folder / "bad", "127.0.0.1", DAY),
    }
    return path, good, bad[fault]()


class _Authority:
    def __init__(self, name: str) -> None:
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.key = ec.generate_private_key(ec.SECP256R1())
        made = self._begun(self.name, self.key.public_key(), 10 * DAY)
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        self.certificate = made.add_extension(usage, critical=True).sign(self.key, hashes.SHA256())

    def server(self, path: Path, address: str, lasts: timedelta) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        made = self._begun(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, address)]), key.public_key(), lasts)
        host = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
        made = made.add_extension(host, critical=False)
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        whole = made.add_extension(issuer, critical=False).sign(self.key, hashes.SHA256())
        pem = serialization.Encoding.PEM
        plain = serialization.NoEncryption()
        path.write_bytes(
            whole.public_bytes(pem) + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain),
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def _begun(self, subject: x509.Name, key: ec.EllipticCurvePublicKey, lasts: timedelta) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - 30 * DAY)
            .not_valid_after(now + lasts)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        )
