"""Files in the gateway: received in pieces, for each kiosk, by their hash; and the documents that name them."""

import random
import uuid
from datetime import timedelta
from typing import Any

import pytest

from sync import errors, signature
from sync.encoding import sha256_hex
from sync.gateway import files
from sync.gateway.kiosks import add_code
from sync.gateway.settings import Enrolment
from sync.parcel import FileChunk, FileProgress
from sync.portals.http_client import HttpResponse
from tests.sync.contract_checks import conforms, envelope, event, send
from tests.sync.practice_gateway import UNIT, Kiosk, PracticeGateway

SCAN = random.Random(7).randbytes(300_000)
NAME = sha256_hex(SCAN)
FILE = {"sha256": NAME, "size": len(SCAN), "mediaType": "image/jpeg"}


def make_item(item: str | None = None, file: dict[str, Any] | None = FILE) -> dict[str, Any]:
    return {"itemId": item or str(uuid.uuid4()), "documentCode": "giay_chung_sinh", "name": "Giấy chứng sinh",
            "file": file}  # fmt: skip


def split_pieces(content: bytes, length: int = 100_000) -> list[FileChunk]:
    starts = range(0, len(content), length)
    return [FileChunk(at, content[at : at + length], is_last=at + length >= len(content)) for at in starts]


def upload(kiosk: Kiosk, content: bytes = SCAN, name: str = NAME) -> FileProgress:
    for piece in split_pieces(content):
        progress = kiosk.portal.append(name, piece)
    return progress


def patch_piece(kiosk: Kiosk, piece: FileChunk, name: str = NAME, **headers: str) -> HttpResponse:
    upload_headers = {
        "Content-Type": "application/octet-stream",
        "Upload-Offset": str(piece.offset),
        "Upload-Complete": "?1" if piece.is_last else "?0",
        **headers,
    }
    return kiosk.portal._exchange_signed("PATCH", f"/files/{name}", piece.content, upload_headers)[0]


def send_events(kiosk: Kiosk, *events: dict[str, Any]) -> list[str]:
    answer = kiosk.send_request("POST", "/events", {"events": list(events)})
    return [result["outcome"] for result in conforms(answer, "post", "/events")["results"]]


def missing_files(kiosk: Kiosk, subject: str) -> list[str]:
    answer = kiosk.send_request("GET", f"/submissions/{subject}")
    missing: list[str] = conforms(answer, "get", "/submissions/{submissionId}")["receipt"]["missingFiles"]
    return missing


def test_a_file_is_received_in_pieces_and_every_answer_conforms_to_the_contract(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    none = kiosk.send_request("HEAD", f"/files/{NAME}")
    conforms(none, "head", "/files/{sha256}")
    assert (none.status, none.body) == (404, b"")
    for piece in split_pieces(SCAN):
        answer = patch_piece(kiosk, piece)
        conforms(answer, "patch", "/files/{sha256}")
        assert (answer.status, answer.headers["Upload-Offset"]) == (201 if piece.is_last else 204, str(piece.end))
        head = kiosk.send_request("HEAD", f"/files/{NAME}")
        conforms(head, "head", "/files/{sha256}")
        complete = "?1" if piece.is_last else "?0"
        assert (head.headers["Upload-Offset"], head.headers["Upload-Complete"]) == (str(piece.end), complete)
    with practice.engine.begin() as db:
        assert files.read_content(db, files.FileKey("PK03", NAME)) == SCAN


def test_a_piece_at_a_wrong_offset_is_answered_with_the_right_one(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    first, second, last = split_pieces(SCAN)
    assert kiosk.portal.append(NAME, first).offset == first.end
    for wrong in (last, FileChunk(5, b"x", is_last=False)):
        answer = patch_piece(kiosk, wrong)
        assert conforms(answer, "patch", "/files/{sha256}")["type"] == "/problems/offset"
        assert (answer.status, answer.headers["Upload-Offset"]) == (409, str(first.end))
    kiosk.portal.append(NAME, second)
    assert patch_piece(kiosk, second).status == 409
    assert kiosk.portal.append(NAME, last).is_whole
    assert kiosk.portal.append(NAME, last) == FileProgress(kiosk.portal.held(NAME).epoch, len(SCAN), is_whole=False)
    assert practice.sql("select count(*) from file_pieces") == [(3,)]
    with practice.engine.begin() as db:
        assert files.read_content(db, files.FileKey("PK03", NAME)) == SCAN


def test_a_restarted_file_keeps_nothing_of_the_first_try(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    kiosk.portal.append(NAME, FileChunk(0, b"of another try", is_last=False))
    assert upload(kiosk).is_whole


def test_a_wrong_hash_is_reported_and_nothing_is_kept(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    answer = patch_piece(kiosk, FileChunk(0, b"something else", is_last=True))
    assert (answer.status, conforms(answer, "patch", "/files/{sha256}")["type"]) == (422, "/problems/hash")
    assert kiosk.portal.held(NAME).offset == 0
    with pytest.raises(errors.BadRequestBody):
        kiosk.portal.append(NAME, FileChunk(0, b"something else", is_last=True))
    assert upload(kiosk).is_whole


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload-Offset": "x"}, 400),
        ({"Upload-Offset": "-1"}, 400),
        ({"Upload-Complete": "1"}, 400),
        ({"Content-Type": "application/json"}, 400),
        ({"Content-Encoding": "gzip"}, 400),
    ],
)
def test_a_request_that_is_no_piece_is_refused(practice: PracticeGateway, headers: dict[str, str], status: int) -> None:
    kiosk = practice.enrolled_kiosk()
    answer = patch_piece(kiosk, FileChunk(0, b"x", is_last=True), **headers)
    conforms(answer, "patch", "/files/{sha256}")
    assert answer.status == status
    assert practice.sql("select count(*) from files") == [(0,)]


def test_what_is_too_large_or_has_no_hash_for_a_name_is_refused(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    with pytest.raises(errors.TooLarge):
        kiosk.portal.append(NAME, FileChunk(0, bytes(files.MAX_PIECE_BYTES + 1), is_last=False))
    with pytest.raises(errors.BadRequestBody):
        kiosk.portal.append("../hello", FileChunk(0, b"x", is_last=False))
    practice.sql(
        "insert into files (kiosk_id, sha256, held, is_whole, touched_at)"
        f" values ('PK03', '{NAME}', {files.MAX_FILE_BYTES}, false, '2026-11-24T01:30:00.000Z')"
    )
    with pytest.raises(errors.TooLarge):
        kiosk.portal.append(NAME, FileChunk(files.MAX_FILE_BYTES, b"x", is_last=False))


def test_an_unsigned_piece_and_one_with_a_changed_header_are_refused(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    headers = {"Content-Type": "application/octet-stream", "Upload-Offset": "0", "Upload-Complete": "?1"}
    answer, _ = kiosk.portal._exchange("PATCH", f"/files/{NAME}", SCAN[:10], headers)
    assert answer.status == 401
    request = kiosk.http.prepare("PATCH", f"{practice.url}/kiosk-sync/v1/files/{NAME}", headers, SCAN[:10])
    signature.sign(request, kiosk.identity.seed, content=SCAN[:10], created=practice.clock(), nonce="abcdefghijkl")
    request.headers["Upload-Complete"] = "?0"
    assert kiosk.http.exchange(request).status == 401
    assert practice.sql("select count(*) from files") == [(0,)]


def test_the_files_of_another_kiosk_do_not_exist(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    upload(kiosk)
    with practice.engine.begin() as db:
        add_code(db, Enrolment("OTHER-KIOSK-CODE", "PK04", UNIT), practice.clock(), may_replace=False)
    other = practice.new_kiosk()
    other.identity = other.portal._identity = type(other.identity)("PK04", other.identity.seed, other.identity.nonce)
    other.portal.enrol("OTHER-KIOSK-CODE", UNIT)
    assert other.portal.held(NAME).offset == 0
    assert kiosk.portal.held(NAME).is_whole


def test_a_receipt_lists_the_missing_files_of_body_and_events(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    sent = envelope(kiosk, documents=[make_item(), make_item(file=None)])
    subject = sent["submissionId"]
    assert send(kiosk, sent)[0]["receipt"]["missingFiles"] == [NAME]
    late = b"a paper that came later"
    added = make_item(file={"sha256": sha256_hex(late), "size": len(late), "mediaType": "application/pdf"})
    assert send_events(kiosk, event(subject, 1, "document", document=added)) == ["created"]
    assert sorted(missing_files(kiosk, subject)) == sorted([NAME, sha256_hex(late)])
    assert upload(kiosk).is_whole
    assert missing_files(kiosk, subject) == [sha256_hex(late)]
    again = send(kiosk, sent)[0]
    assert (again["outcome"], again["receipt"]["missingFiles"]) == ("duplicate", [sha256_hex(late)])
    changes = conforms(kiosk.send_request("GET", "/changes"), "get", "/changes")
    assert {tuple(item["missingFiles"]) for item in changes["items"]} == {(sha256_hex(late),)}
    upload(kiosk, late, sha256_hex(late))
    assert missing_files(kiosk, subject) == []


def test_the_file_of_a_removed_document_is_deleted(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    submission = envelope(kiosk)
    other = envelope(kiosk)
    send(kiosk, submission, other)
    first = make_item()
    second = make_item()
    send_events(kiosk, event(submission["submissionId"], 1, "document", document=first))
    practice.sql(
        f"update submissions set receipt_no = 'PK03-261124-0002-X' where submission_id = '{other['submissionId']}'"
    )
    send_events(kiosk, event(other["submissionId"], 1, "document", document=second))
    upload(kiosk)
    send_events(kiosk, event(submission["submissionId"], 2, "document", document=make_item(first["itemId"], None)))
    assert kiosk.portal.held(NAME).is_whole, "the other dossier still has it"
    send_events(kiosk, event(other["submissionId"], 2, "document", document=make_item(second["itemId"], None)))
    assert kiosk.portal.held(NAME).offset == 0
    assert missing_files(kiosk, other["submissionId"]) == []


def test_a_removed_document_stays_removed(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    first = envelope(kiosk)
    send(kiosk, first)
    item = make_item()
    send_events(kiosk, event(first["submissionId"], 1, "document", document=make_item(item["itemId"], None)))
    second = envelope(kiosk, documents=[item], revision=2, supersedes=first["submissionId"])
    assert send(kiosk, second)[0]["receipt"]["missingFiles"] == []


def test_incomplete_files_and_files_without_a_document_are_deleted_after_a_week(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    send(kiosk, envelope(kiosk, documents=[make_item()]))
    upload(kiosk)
    upload(kiosk, b"nobody names it", sha256_hex(b"nobody names it"))
    kiosk.portal.append(sha256_hex(b"begun"), FileChunk(0, b"beg", is_last=False))
    with practice.engine.begin() as db:
        assert files.delete_expired(db, practice.clock() + timedelta(days=6)) == 0
        assert files.delete_expired(db, practice.clock() + timedelta(days=8)) == 2
    assert practice.sql("select sha256 from files") == [(NAME,)]
    assert practice.sql("select count(*) from file_pieces") == [(3,)]
