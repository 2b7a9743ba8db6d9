"""A paper that came with a digital signature: kept as it is, shown as a drawing, with what could be checked."""

import re

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from flask import Flask

from kiosk.config import Config
from kiosk.context import Context
from kiosk.pages.officer.lead import trail_sentences
from kiosk.records import audit, scans
from kiosk.store import files
from sync.encoding import sha256_hex
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_queue import _tap
from tests.pages.officer.test_scans import _papers, _shown, _upload
from tests.uploads.files import pdf
from tests.uploads.signed_files import Authority, plain_pdf, signed_pdf, with_line_added

pytestmark = pytest.mark.machine_date


@pytest.fixture
def desk(app: Flask, birth_filed: Context) -> Desk:
    """Return an officer with a birth registration at the counter, on the page of its first paper."""
    desk = _tap(Desk(app), "next")
    return desk.go(_papers(desk)[0])


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def good(authority: Authority) -> bytes:
    return signed_pdf(authority.signer(), plain_pdf(pages=2), time_stamper=authority.time_stamper())


def know(practice: Config, authority: Authority) -> None:
    """Put an authority and its list into the content in use."""
    folder = practice.content_folder / "2026.11.24" / "authorities"
    folder.mkdir(parents=True)
    (folder / "goc.crt").write_bytes(authority.certificate.public_bytes(Encoding.PEM))
    (folder / "goc.crl").write_bytes(authority.revocation_list())
    (practice.content_folder / "current").symlink_to("2026.11.24")


def _signatures(desk: Desk) -> Desk:
    (address,) = re.findall(r'href="(/officer/ticket/[^"]+/signatures)"', desk.page)
    return desk.go(address)


def test_a_signed_paper_is_kept_byte_for_byte_and_no_answer_contains_it(
    desk: Desk, good: bytes, practice: Config
) -> None:
    _upload(desk, good, "giay.pdf")
    assert "2 trang" in desk.words
    assert "Có chữ ký số, chưa chắc" in desk.words
    with desk.context.store.read() as db:
        receipt_no, scan_id = db.execute("select receipt_no, id from scans").fetchone()
        kept = scans.find(db, receipt_no, scan_id)
    assert kept.sha256 == sha256_hex(good)
    sealed = files.read(practice.scans_folder, kept.name)
    assert desk.context.vault.open(scans.FILE, kept.id, kept.key + sealed) == good
    shown = desk.browser.get(_shown(desk)[0])
    page = desk.browser.get(_shown(desk)[0] + "/page")
    assert (shown.mimetype, page.mimetype) == ("application/pdf", "image/jpeg")
    for answer in (shown, page):
        assert b"/Sig" not in answer.data
        assert good[:1000] not in answer.data
        assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_the_page_says_who_signed_and_what_was_not_checked(desk: Desk, good: bytes) -> None:
    _signatures(_upload(desk, good, "giay.pdf"))
    assert "Chưa đủ căn cứ để tin chữ ký" in desk.words
    for words in ("Hồ Đăng Khoa", "UBND xã Vinh Tập", "nơi cấp chưa biết", "không đổi chỗ nào", "chưa có danh sách"):
        assert words in desk.words


def test_with_the_authority_known_the_signature_is_right(
    desk: Desk, good: bytes, authority: Authority, practice: Config
) -> None:
    know(practice, authority)
    _upload(desk, good, "giay.pdf")
    assert "Chữ ký số đúng" in desk.words
    _signatures(desk)
    assert "Chữ ký đúng, chưa ai sửa sau khi ký" in desk.words
    for words in ("chứng thư còn hạn", "nơi cấp tin cậy", "20/11/2026 15:42", "danh sách ngày 23/11/2026"):
        assert words in desk.words
    with desk.context.store.read() as db:
        (entry,) = audit.latest(db, ["attach"], 9)
    assert entry.line.facts["signed"] == "valid"
    assert trail_sentences.sentence(entry.line).endswith("2 trang, chữ ký số đúng")


def test_a_page_that_is_opened_later_checks_by_the_lists_of_then(
    desk: Desk, good: bytes, authority: Authority, practice: Config
) -> None:
    _upload(desk, good, "giay.pdf")
    know(practice, authority)
    assert "Chữ ký đúng, chưa ai sửa sau khi ký" in _signatures(desk).words


def test_a_paper_that_was_changed_after_signing_is_said_to_be(
    desk: Desk, good: bytes, authority: Authority, practice: Config
) -> None:
    know(practice, authority)
    _upload(desk, with_line_added(good), "giay.pdf")
    assert "Chữ ký số không dùng được" in desk.words
    _signatures(desk)
    assert "Không dùng được chữ ký này" in desk.words
    assert "có chỗ đã đổi" in desk.words


def test_two_signatures_are_two_lists(desk: Desk, good: bytes, authority: Authority) -> None:
    twice = signed_pdf(authority.signer("Trần Thị Bình"), good, field="Ky2")
    _signatures(_upload(desk, twice, "giay.pdf"))
    assert "Chữ ký 1 trên 2" in desk.words
    assert "Trần Thị Bình" in desk.words


def test_a_scan_without_a_signature_has_no_such_page(desk: Desk) -> None:
    _upload(desk, pdf(1), "giay.pdf")
    assert "/signatures" not in desk.page
    assert desk.browser.get(_shown(desk)[0] + "/signatures").status_code == 404


def _use(desk: Desk, use: str = "1") -> Desk:
    return desk.post(desk.answer.request.path, use=use)


def _ticks(desk: Desk) -> list[audit.AuditLine]:
    with desk.context.store.read() as db:
        return [entry.line for entry in audit.latest(db, ["tick"], 9)]


def test_a_right_signature_is_used_in_place_of_the_original_by_one_press(
    desk: Desk, good: bytes, authority: Authority, practice: Config
) -> None:
    know(practice, authority)
    _use(_signatures(_upload(desk, good, "giay.pdf")))
    assert "dùng tệp này thay bản chính" in desk.words
    (line,) = _ticks(desk)
    assert (line.facts["seen"], line.facts["used"], line.facts["signed"]) == (True, True, "valid")
    assert trail_sentences.sentence(line).endswith("dùng tệp ký số thay bản chính, chữ ký số đúng")
    _use(desk, "")
    assert "Dùng tệp này thay bản chính" in desk.words
    assert [line.facts["seen"] for line in _ticks(desk)] == [False, True]


def test_a_signature_that_is_not_sure_is_used_on_the_word_of_the_officer(desk: Desk, good: bytes) -> None:
    _use(_signatures(_upload(desk, good, "giay.pdf")))
    (line,) = _ticks(desk)
    assert line.facts["signed"] == "unsure"


def test_a_paper_that_was_changed_is_not_offered_in_place_of_the_original(
    desk: Desk, good: bytes, authority: Authority, practice: Config
) -> None:
    know(practice, authority)
    _signatures(_upload(desk, with_line_added(good), "giay.pdf"))
    assert "Dùng tệp này thay bản chính" not in desk.words
    assert "Không dùng được chữ ký này thay bản chính" in _use(desk).words
    assert _ticks(desk) == []
