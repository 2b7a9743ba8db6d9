"""Verifying process: a PDF, certificates and revocation lists on standard input become facts on standard output.

Run as `python -m kiosk.uploads.verifier`. Like `decoder` it loads its libraries, enters the jail, and only then looks
at the file. pyHanko checks signatures, certificates and what was changed after signing (ISO 32000-2, 12.8).
"""

import io
import json
import os
import sys
from collections.abc import Coroutine, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from kiosk.uploads import jail
from kiosk.uploads.signatures import Change, FileSignature, Revocation, plain

if TYPE_CHECKING:
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

WEAK_DIGESTS = frozenset({"md5", "sha1"})
MIN_RSA_BITS = 2048
MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)
"""Time of the certificate that is made here and checked before the jail."""


UNREADABLE = FileSignature(
    signer="",
    organisation="",
    issuer="",
    signed_at=None,
    has_time_stamp=False,
    is_intact=False,
    change="changed",
    is_known=False,
    is_in_time=False,
    is_weak=False,
    revocation="unknown",
    list_day=None,
)
"""The result for a signature that cannot be read."""


def main() -> None:
    """Verify one file; the process ends here, so that nothing of the interpreter runs after it."""
    source = sys.stdin.buffer
    head = json.loads(source.readline())
    content, *others = [source.read(size) for size in head["sizes"]]
    authorities = others[: head["authorities"]]
    lists = others[head["authorities"] :]
    at = datetime.fromisoformat(head["at"])
    answer: dict[str, Any] = {}
    try:
        _load_libraries()
        jail.enter()
        jail.begin_page()
        found = list(signatures_of(content, authorities, lists, at))
        answer = {"signatures": [plain(one) for one in found]} if set(found) != {UNREADABLE} else {"refusal": "signed"}
    except ImportError:
        answer = {"error": "no pyHanko"}
    except Exception:  # noqa: BLE001 - a hostile file may raise anything; its text must not be shown
        answer = {"refusal": "signed"}
    sys.stdout.buffer.write(json.dumps(answer).encode())
    sys.stdout.buffer.flush()
    os._exit(0)


def _load_libraries() -> None:
    """Check a file made here, so that everything is imported before files can no longer be opened."""
    list(signatures_of(_made_here(), [], [], MADE_AT))


def signatures_of(
    content: bytes, authorities: Sequence[bytes], lists: Sequence[bytes], at: datetime
) -> Iterator[FileSignature]:
    """Yield each signature of a PDF, in the order of its fields; time stamps of the whole file are left out."""
    from asn1crypto import crl, x509
    from pyhanko.pdf_utils.reader import PdfFileReader

    roots = [x509.Certificate.load(authority) for authority in authorities]
    revocations = [crl.CertificateList.load(one) for one in lists]
    for embedded in PdfFileReader(io.BytesIO(content), strict=False).embedded_regular_signatures:
        try:
            yield _signature(embedded, roots, revocations, at)
        except ImportError:
            raise
        except Exception:  # noqa: BLE001 - a hostile signature may raise anything
            yield UNREADABLE


def _signature(
    embedded: "EmbeddedPdfSignature", roots: Sequence[Any], lists: Sequence[Any], at: datetime
) -> FileSignature:
    from pyhanko.sign.validation import async_validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    def checked(revocation_mode: str) -> Any:
        """Return pyHanko's status of the signature, without a network."""
        known = ValidationContext(
            trust_roots=list(roots),
            crls=list(lists),
            allow_fetching=False,
            moment=at,
            revocation_mode=revocation_mode,
        )
        return _result(async_validate_pdf_signature(embedded, known, ts_validation_context=known))

    status = checked("soft-fail")
    stamp = status.timestamp_validity
    has_time_stamp = stamp is not None and stamp.intact and stamp.valid and stamp.trusted
    certificate = embedded.signer_cert
    subject = certificate.subject.native
    return FileSignature(
        signer=_text(subject.get("common_name")),
        organisation=", ".join(filter(None, (_text(subject.get(name)) for name in _ORGANISATION))),
        issuer=_text(certificate.issuer.native.get("common_name")),
        signed_at=stamp.timestamp if has_time_stamp else status.signer_reported_dt,
        has_time_stamp=has_time_stamp,
        is_intact=status.intact and status.valid,
        change=_change(status),
        is_known=status.trusted or _leads_to_root(certificate, embedded, roots),
        is_in_time=certificate.not_valid_before <= at <= certificate.not_valid_after,
        is_weak=_is_weak(embedded, certificate),
        revocation=_revocation(checked("require")) if lists else "unknown",
        list_day=_list_day(certificate, lists),
    )


_ORGANISATION = ("organizational_unit_name", "organization_name")


def _result(checking: Coroutine[Any, Any, Any]) -> Any:
    """Return the result of a coroutine that waits for nothing: there is no network, and no event loop in the jail."""
    try:
        checking.send(None)
    except StopIteration as end:
        return end.value
    raise RuntimeError


def _text(value: Any) -> str:
    """Return a name of a certificate; it may be one text or several."""
    return ", ".join(value) if isinstance(value, list) else str(value or "")


def _change(status: Any) -> Change:
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return "none"
    if status.coverage < SignatureCoverageLevel.ENTIRE_REVISION or not status.docmdp_ok:
        return "changed"
    if status.modification_level <= ModificationLevel.LTA_UPDATES:
        return "none"
    return "filled" if status.modification_level <= ModificationLevel.ANNOTATIONS else "changed"


def _leads_to_root(certificate: Any, embedded: "EmbeddedPdfSignature", roots: Sequence[Any]) -> bool:
    """Return whether a certificate leads to a known authority, though it is outside its dates."""
    from pyhanko_certvalidator import ValidationContext
    from pyhanko_certvalidator.validate import async_validate_path

    middle = certificate.not_valid_before + (certificate.not_valid_after - certificate.not_valid_before) / 2
    known = ValidationContext(
        trust_roots=list(roots), other_certs=embedded.other_embedded_certs, allow_fetching=False, moment=middle
    )
    try:
        paths = _result(known.path_builder.async_build_paths(certificate))
        _result(async_validate_path(known, paths[0]))
    except Exception:  # noqa: BLE001 - a certificate of a stranger may be anything
        return False
    return True


def _is_weak(embedded: "EmbeddedPdfSignature", certificate: Any) -> bool:
    key = certificate.public_key
    return embedded.md_algorithm in WEAK_DIGESTS or (key.algorithm == "rsa" and key.bit_size < MIN_RSA_BITS)


def _revocation(status: Any) -> Revocation:
    """Return what the revocation lists say, by a check that requires one of each issuer of the path."""
    if status.revoked:
        return "revoked"
    return "good" if status.trusted else "unknown"


def _list_day(certificate: Any, lists: Sequence[Any]) -> date | None:
    """Return the day of the newest revocation list of a certificate's issuer."""
    days = [
        one["tbs_cert_list"]["this_update"].native.date()
        for one in lists
        if one.issuer.dump() == certificate.issuer.dump()
    ]
    return max(days, default=None)


def _made_here() -> bytes:
    """Return a signed PDF of one page: to check it imports what any check needs."""
    from asn1crypto import keys, x509
    from cryptography import x509 as made
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from pyhanko.pdf_utils import generic, incremental_writer, writer
    from pyhanko.sign import signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    key = ec.generate_private_key(ec.SECP256R1())
    name = made.Name([made.NameAttribute(made.NameOID.COMMON_NAME, "here")])
    certificate = (
        made.CertificateBuilder(
            name, name, key.public_key(), 1, MADE_AT - timedelta(days=1), MADE_AT + timedelta(days=1)
        )
        .add_extension(made.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.DER
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    signer = signers.SimpleSigner(
        signing_cert=x509.Certificate.load(certificate.public_bytes(encoding)),
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore(),
    )
    pages = writer.PdfFileWriter()
    empty = pages.add_object(generic.StreamObject(stream_data=b""))
    pages.insert_page(
        writer.PageObject(contents=empty, media_box=generic.ArrayObject(map(generic.NumberObject, (0, 0, 9, 9))))
    )
    plain_file = io.BytesIO()
    pages.write(plain_file)
    plain_file.seek(0)
    told = signers.PdfSignatureMetadata(field_name="here", md_algorithm="sha256")
    signed: bytes = signers.sign_pdf(incremental_writer.IncrementalPdfFileWriter(plain_file), told, signer).getvalue()
    return signed


if __name__ == "__main__":
    main()
