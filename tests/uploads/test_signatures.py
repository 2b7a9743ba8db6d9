"""Digital signatures of PDF files: each kind of doubt is seen, by the jailed process, and none is called valid."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pypdfium2
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from kiosk import uploads
from kiosk.base.errors import BadUpload
from kiosk.uploads import signatures, verifier
from kiosk.uploads.signatures import NOBODY, FileSignature, Trust, UnreadableSignature, found_in, verdict
from tests.uploads.files import catalogue_pdf
from tests.uploads.signed_files import (
    AT,
    SIGNED_AT,
    Authority,
    plain_pdf,
    signed_pdf,
    with_empty_field,
    with_line_added,
    with_script,
)

pytestmark = pytest.mark.machine_date


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def good(authority: Authority) -> bytes:
    """Return a file that is signed once, with a time stamp."""
    return signed_pdf(authority.signer(), time_stamper=authority.time_stamper())


def only(content: bytes, trust: Trust) -> FileSignature:
    found = found_in(content, trust)
    assert found is not None
    assert len(found) == 1
    return found[0]


def test_a_signature_of_a_known_authority_is_valid(authority: Authority, good: bytes) -> None:
    one = only(good, authority.trust())
    assert one == FileSignature(
        signer="Hồ Đăng Khoa",
        organisation="UBND xã Vinh Tập",
        issuer="Nơi cấp chữ ký tập",
        signed_at=SIGNED_AT,
        has_time_stamp=True,
        is_intact=True,
        change="none",
        is_known=True,
        is_in_time=True,
        is_weak=False,
        revocation="good",
        list_day=date(2026, 11, 23),
    )
    assert one.verdict == "valid"


def test_without_an_authority_nothing_is_valid(good: bytes) -> None:
    one = only(good, replace(NOBODY, at=AT))
    assert one.is_intact
    assert not one.is_known
    assert one.verdict == "unsure"


def test_an_authority_of_the_same_name_is_another_one(good: bytes) -> None:
    one = only(good, Authority().trust())
    assert not one.is_known
    assert one.revocation == "unknown"
    assert one.verdict == "unsure"


def test_without_a_time_stamp_the_time_is_what_the_file_says(authority: Authority) -> None:
    one = only(signed_pdf(authority.signer()), authority.trust())
    assert not one.has_time_stamp
    assert one.signed_at is not None
    assert one.verdict == "unsure"


def test_a_time_stamp_of_a_stranger_is_none(authority: Authority) -> None:
    content = signed_pdf(authority.signer(), time_stamper=Authority("Người lạ").time_stamper())
    one = only(content, authority.trust())
    assert not one.has_time_stamp
    assert one.is_known
    assert one.verdict == "unsure"


def test_a_revoked_certificate_is_bad(authority: Authority) -> None:
    signer = authority.signer()
    content = signed_pdf(signer, time_stamper=authority.time_stamper())
    one = only(content, authority.trust(signer))
    assert one.revocation == "revoked"
    assert one.verdict == "bad"


def test_an_old_list_proves_nothing(authority: Authority, good: bytes) -> None:
    old = authority.revocation_list(day=AT - timedelta(days=90))
    one = only(good, replace(authority.trust(), revocation_lists=(old,)))
    assert one.revocation == "unknown"
    assert one.list_day == (AT - timedelta(days=90)).date()
    assert one.verdict == "unsure"


def test_a_list_of_a_stranger_proves_nothing(authority: Authority, good: bytes) -> None:
    forged = Authority().revocation_list()
    one = only(good, replace(authority.trust(), revocation_lists=(forged,)))
    assert one.revocation == "unknown"


def test_an_expired_certificate_is_in_doubt_and_its_authority_still_known(authority: Authority) -> None:
    signer = authority.signer(last=AT - timedelta(days=2))
    one = only(signed_pdf(signer, time_stamper=authority.time_stamper()), authority.trust())
    assert not one.is_in_time
    assert one.is_known
    assert one.is_intact
    assert one.verdict == "unsure"


def test_a_short_key_is_weak(authority: Authority) -> None:
    signer = authority.signer(key=rsa.generate_private_key(65537, 1024))
    one = only(signed_pdf(signer, time_stamper=authority.time_stamper()), authority.trust())
    assert one.is_weak
    assert one.verdict == "unsure"


def test_a_usual_rsa_key_is_valid(authority: Authority) -> None:
    signer = authority.signer(key=rsa.generate_private_key(65537, 2048))
    one = only(signed_pdf(signer, time_stamper=authority.time_stamper()), authority.trust())
    assert one.verdict == "valid"


def test_an_old_digest_is_never_valid(authority: Authority) -> None:
    content = signed_pdf(authority.signer(), time_stamper=authority.time_stamper(), digest="sha1")
    one = only(content, authority.trust())
    assert one.is_weak
    assert one.verdict != "valid"


def _with_another_letter(content: bytes) -> bytes:
    at = content.index(b"%PDF-1.") + len(b"%PDF-1.")
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


@pytest.mark.parametrize("spoil", [_with_another_letter, with_line_added], ids=["a changed byte", "a line added"])
def test_a_file_that_was_changed_after_signing_is_bad(
    spoil: Callable[[bytes], bytes], authority: Authority, good: bytes
) -> None:
    content = spoil(good)
    one = only(content, authority.trust())
    assert one.verdict == "bad"
    assert uploads.check_upload(content, authority.trust()).verdict == "bad"


def test_the_worse_of_two_signatures_is_the_verdict(authority: Authority, good: bytes) -> None:
    stranger = Authority("Người lạ").signer("Trần Thị Bình")
    content = signed_pdf(stranger, good, time_stamper=authority.time_stamper(), field="Ky2")
    found = found_in(content, authority.trust())
    assert found is not None
    assert [one.signer for one in found] == ["Hồ Đăng Khoa", "Trần Thị Bình"]
    assert [one.is_known for one in found] == [True, False]
    assert all(one.is_intact and one.change != "changed" for one in found)
    assert verdict(found, authority.trust()) == "unsure"


def test_the_jail_changes_no_answer(authority: Authority, good: bytes) -> None:
    expired = authority.signer(last=AT - timedelta(days=2))
    contents = [good, with_line_added(good), signed_pdf(expired), with_empty_field()]
    trust = authority.trust(expired)
    for content in contents:
        outside = verifier.signatures_of(content, trust.authorities, trust.revocation_lists, AT)
        assert tuple(outside) == found_in(content, trust)
    with ThreadPoolExecutor() as thread:
        made = thread.submit(verifier._made_here).result()
    assert only(made, NOBODY).signer == "here"
    unreadable = good.replace(b"/Contents <", b"/Contents <00", 1)
    with pytest.raises(UnreadableSignature):
        found_in(unreadable, NOBODY)


def test_with_a_clock_in_doubt_nothing_is_valid(authority: Authority, good: bytes) -> None:
    sure = authority.trust()
    unsure = replace(sure, is_time_sure=False)
    assert uploads.check_upload(good, sure).verdict == "valid"
    assert uploads.check_upload(good, unsure).verdict == "unsure"
    assert verdict([replace(only(good, sure), is_intact=False)], unsure) == "bad"


def test_a_signed_file_is_kept_byte_for_byte_and_shown_as_a_drawing(authority: Authority, good: bytes) -> None:
    upload = uploads.check_upload(good, authority.trust())
    assert upload.content == good
    assert (upload.media, upload.pages) == ("application/pdf", 1)
    drawn = uploads.redrawn(good)
    assert b"/Sig" not in drawn
    assert len(pypdfium2.PdfDocument(drawn)) == 1
    assert uploads.first_page(good).startswith(b"\xff\xd8\xff")


def test_a_field_that_nobody_signed_is_no_signature() -> None:
    upload = uploads.check_upload(with_empty_field())
    assert upload.verdict == ""
    assert upload.content == uploads.redrawn(with_empty_field())


def test_a_picture_of_a_stamp_is_no_signature() -> None:
    stamp = catalogue_pdf(b"", page=b"/Annots[<</Subtype/Stamp/Rect[350 60 500 210]/Name/Approved/Contents(Da ky)>>]")
    upload = uploads.check_upload(stamp)
    assert upload.verdict == ""
    assert b"Stamp" not in upload.content


def test_a_signed_file_with_a_script_is_kept_whole_and_its_drawing_has_no_script(authority: Authority) -> None:
    content = signed_pdf(authority.signer(), with_script(), time_stamper=authority.time_stamper())
    assert uploads.check_upload(content, authority.trust()).content == content
    assert b"JavaScript" in content
    drawn = uploads.redrawn(content)
    for word in (b"JavaScript", b"/JS", b"OpenAction", b"/Sig"):
        assert word not in drawn


def test_a_signature_that_cannot_be_read_is_refused_and_nothing_is_lost() -> None:
    content = catalogue_pdf(
        b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>/AcroForm<</SigFlags 3/Fields[4 0 R]>>",
        b"<</FT/Sig/T(ky)/V 5 0 R>>",
        b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/ByteRange[0 1 2 3]/Contents<00>>>",
    )
    with pytest.raises(BadUpload, match="chữ ký số mà máy không đọc được"):
        uploads.check_upload(content)


def test_without_the_library_a_file_is_kept_and_called_unchecked(
    good: bytes, authority: Authority, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(signatures, "PROCESS", "kiosk.uploads.limits")  # ends without an answer
    with caplog.at_level(logging.WARNING):
        upload = uploads.check_upload(good, authority.trust())
    assert (upload.verdict, upload.content) == ("unsure", good)
    assert [record.message for record in caplog.records] == ["signatures not checked"]


@pytest.mark.parametrize(
    "answer",
    [b"", b"{", b"[]", b'{"signatures": [{}]}', b'{"signatures": [{"signer": 1}]}', b'{"error": "no pyHanko"}'],
)
def test_an_answer_that_is_none_is_no_verdict(answer: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    import io
    from contextlib import contextmanager

    @contextmanager
    def jailed(module: str, chunks: object) -> object:
        yield io.BytesIO(answer)

    monkeypatch.setattr(signatures, "jailed", jailed)
    assert found_in(plain_pdf(), NOBODY) is None
