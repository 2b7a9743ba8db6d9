"""PDF files with digital signatures of made-up people and authorities, good and spoilt."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore
from reportlab.pdfgen import canvas

from kiosk.uploads.signatures import Trust

AT = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
SIGNED_AT = datetime(2026, 11, 20, 8, 42, tzinfo=UTC)
FIRST_DAY = datetime(2020, 1, 1, tzinfo=UTC)
LAST_DAY = datetime(2090, 1, 1, tzinfo=UTC)
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class Authority:
    """An authority that gives certificates to signers and to a time-stamp service."""

    def __init__(self, name: str = "Nơi cấp chữ ký tập") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate = self._certify(self.name, self.key, is_authority=True)

    def _certify(
        self,
        subject: x509.Name,
        key: Key,
        *,
        is_authority: bool = False,
        last: datetime = LAST_DAY,
        for_time_stamps: bool = False,
    ) -> x509.Certificate:
        usage = x509.KeyUsage(
            digital_signature=not is_authority,
            content_commitment=not is_authority,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=is_authority,
            crl_sign=is_authority,
            encipher_only=False,
            decipher_only=False,
        )
        builder = (
            x509.CertificateBuilder(self.name, subject, key.public_key(), x509.random_serial_number(), FIRST_DAY, last)
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(usage, critical=True)
        )
        if for_time_stamps:
            purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
            builder = builder.add_extension(purpose, critical=True)
        return builder.sign(self.key, hashes.SHA256())

    def signer(
        self, person: str = "Hồ Đăng Khoa", *, key: Key | None = None, last: datetime = LAST_DAY
    ) -> signers.SimpleSigner:
        """Return somebody with a certificate of this authority."""
        key = key or ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.COMMON_NAME, person),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "UBND xã Vinh Tập"),
            ]
        )
        return _signer(self._certify(subject, key, last=last), key, self.certificate)

    def time_stamper(self) -> DummyTimeStamper:
        """Return a service whose time stamps say `SIGNED_AT`."""
        key = rsa.generate_private_key(65537, 2048)  # the service of pyHanko signs with RSA alone
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Dấu thời gian tập")])
        service = _signer(self._certify(subject, key, for_time_stamps=True), key, self.certificate)
        return DummyTimeStamper(service.signing_cert, service.signing_key, fixed_dt=SIGNED_AT)

    def revocation_list(self, *revoked: signers.SimpleSigner, day: datetime = AT - timedelta(days=1)) -> bytes:
        """Return the list of a day, valid for a month, with the certificates of some signers."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.name)
            .last_update(day)
            .next_update(day + timedelta(days=30))
        )
        for signer in revoked:
            entry = (
                x509.RevokedCertificateBuilder()
                .serial_number(signer.signing_cert.serial_number)
                .revocation_date(day - timedelta(days=9))
                .build()
            )
            builder = builder.add_revoked_certificate(entry)
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def trust(self, *revoked: signers.SimpleSigner, is_time_sure: bool = True) -> Trust:
        """Return the trust of a machine that knows this authority and its list."""
        root = self.certificate.public_bytes(serialization.Encoding.DER)
        return Trust((root,), (self.revocation_list(*revoked),), AT, is_time_sure)


def plain_pdf(text: str = "GIAY XAC NHAN", *, pages: int = 1) -> bytes:
    """Return a PDF that nobody has signed."""
    made = io.BytesIO()
    page = canvas.Canvas(made, invariant=True)
    for number in range(pages):
        page.drawString(100, 700, f"{text} {number + 1}")
        page.showPage()
    page.save()
    return made.getvalue()


def signed_pdf(
    signer: signers.SimpleSigner,
    content: bytes | None = None,
    *,
    time_stamper: DummyTimeStamper | None = None,
    field: str = "Ky1",
    digest: str = "sha256",
) -> bytes:
    """Return a PDF with a signature of somebody over the whole file."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content or plain_pdf()))
    told = signers.PdfSignatureMetadata(field_name=field, md_algorithm=digest)
    with ThreadPoolExecutor() as thread:  # pyHanko starts an event loop, and Playwright may run one in this thread
        signed = thread.submit(signers.sign_pdf, writer, told, signer, timestamper=time_stamper).result()
    return bytes(signed.getvalue())


def with_line_added(content: bytes) -> bytes:
    """Return a file with a line of text added to its first page, as an editor saves it: the old bytes stay."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    from pyhanko.pdf_utils import generic

    page = writer.root["/Pages"]["/Kids"][0].get_object()
    line = generic.StreamObject(stream_data=b"BT /F1 12 Tf 100 600 Td (dang ky ket hon voi ba) Tj ET")
    old = page.raw_get("/Contents")
    page["/Contents"] = generic.ArrayObject([old, writer.add_object(line)])
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def with_script() -> bytes:
    """Return a PDF that runs a script when it is opened."""
    from pyhanko.pdf_utils import generic

    writer = IncrementalPdfFileWriter(io.BytesIO(plain_pdf()))
    action = {"/S": generic.NameObject("/JavaScript"), "/JS": generic.TextStringObject("app.alert(1)")}
    entries = {generic.NameObject(key): value for key, value in action.items()}
    writer.root["/OpenAction"] = generic.DictionaryObject(entries)
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def with_empty_field() -> bytes:
    """Return a PDF with a field for a signature that nobody has signed."""
    writer = IncrementalPdfFileWriter(io.BytesIO(plain_pdf()))
    fields.append_signature_field(writer, fields.SigFieldSpec("Ky1"))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _signer(certificate: x509.Certificate, key: Key, issuer: x509.Certificate) -> signers.SimpleSigner:
    encoding = serialization.Encoding.DER
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    others = SimpleCertificateStore()
    others.register(asn1.Certificate.load(issuer.public_bytes(encoding)))
    return signers.SimpleSigner(
        signing_cert=asn1.Certificate.load(certificate.public_bytes(encoding)),
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=others,
    )
