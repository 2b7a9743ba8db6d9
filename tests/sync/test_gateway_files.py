"""Files at the gateway: by pieces, each kiosk's own, named by their hash; and the papers that name them."""

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
from sync.parcel import FileProgress, Piece
from sync.portals.http_client import HttpResponse
from tests.sync.town import UNIT, Kiosk, Town
from tests.sync.yamlcheck import conforms, envelope, event, send

SCAN = random.Random(7).randbytes(300_000)
NAME = sha256_hex(SCAN)
FILE = {"sha256": NAME, "size": len(SCAN), "mediaType": "image/jpeg"}


def paper(item: str | None = None, file: dict[str, Any] | None = FILE) -> dict[str, Any]:
    return {"itemId": item or str(uuid.uuid4()), "documentCode": "giay_chung_sinh", "name": "Giấy chứng sinh",
            "file": file}  # fmt: skip


def pieces(content: bytes, length: int = 100_000) -> list[Piece]:
    starts = range(0, len(content), length)
    return [Piece(at, content[at : at + length], is_last=at + length >= len(content)) for at in starts]


def put(kiosk: Kiosk, content: bytes = SCAN, name: str = NAME) -> FileProgress:
    for piece in pieces(content):
        held = kiosk.portal.append(name, piece)
    return held


def patch(kiosk: Kiosk, piece: Piece, name: str = NAME, **headers: str) -> HttpResponse:
    said = {"Content-Type": "application/octet-stream", "Upload-Offset": str(piece.offset),
            "Upload-Complete": "?1" if piece.is_last else "?0", **headers}  # fmt: skip
    return kiosk.portal._exchange_signed("PATCH", f"/files/{name}", piece.content, said)[0]


def told(kiosk: Kiosk, *events: dict[str, Any]) -> list[str]:
    answer = kiosk.ask("POST", "/events", {"events": list(events)})
    return [result["outcome"] for result in conforms(answer, "post", "/events")["results"]]


def missing(kiosk: Kiosk, subject: str) -> list[str]:
    answer = kiosk.ask("GET", f"/submissions/{subject}")
    found: list[str] = conforms(answer, "get", "/submissions/{submissionId}")["receipt"]["missingFiles"]
    return found


def test_a_file_comes_by_pieces_and_every_answer_keeps_the_contract(town: Town) -> None:
    kiosk = town.enrolled()
    none = kiosk.ask("HEAD", f"/files/{NAME}")
    conforms(none, "head", "/files/{sha256}")
    assert (none.status, none.body) == (404, b"")
    for piece in pieces(SCAN):
        answer = patch(kiosk, piece)
        conforms(answer, "patch", "/files/{sha256}")
        assert (answer.status, answer.headers["Upload-Offset"]) == (201 if piece.is_last else 204, str(piece.end))
        head = kiosk.ask("HEAD", f"/files/{NAME}")
        conforms(head, "head", "/files/{sha256}")
        complete = "?1" if piece.is_last else "?0"
        assert (head.headers["Upload-Offset"], head.headers["Upload-Complete"]) == (str(piece.end), complete)
    with town.engine.begin() as db:
        assert files.content(db, files.Name("PK03", NAME)) == SCAN


def test_a_piece_that_does_not_fit_is_told_the_right_place(town: Town) -> None:
    kiosk = town.enrolled()
    first, second, last = pieces(SCAN)
    assert kiosk.portal.append(NAME, first).offset == first.end
    for wrong in (last, Piece(5, b"x", is_last=False)):
        answer = patch(kiosk, wrong)
        assert conforms(answer, "patch", "/files/{sha256}")["type"] == "/problems/offset"
        assert (answer.status, answer.headers["Upload-Offset"]) == (409, str(first.end))
    kiosk.portal.append(NAME, second)
    assert patch(kiosk, second).status == 409
    assert kiosk.portal.append(NAME, last).is_whole
    assert kiosk.portal.append(NAME, last) == FileProgress(kiosk.portal.held(NAME).epoch, len(SCAN), is_whole=False)
    assert town.sql("select count(*), sum(length(content)) from file_pieces") == [(3, len(SCAN))]


def test_a_file_that_is_begun_again_leaves_nothing_of_the_first_try(town: Town) -> None:
    kiosk = town.enrolled()
    kiosk.portal.append(NAME, Piece(0, b"of another try", is_last=False))
    assert put(kiosk).is_whole


def test_a_wrong_hash_is_said_and_nothing_is_kept(town: Town) -> None:
    kiosk = town.enrolled()
    answer = patch(kiosk, Piece(0, b"something else", is_last=True))
    assert (answer.status, conforms(answer, "patch", "/files/{sha256}")["type"]) == (422, "/problems/hash")
    assert kiosk.portal.held(NAME).offset == 0
    with pytest.raises(errors.Poison):
        kiosk.portal.append(NAME, Piece(0, b"something else", is_last=True))
    assert put(kiosk).is_whole


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
def test_a_request_that_is_no_piece_is_refused(town: Town, headers: dict[str, str], status: int) -> None:
    kiosk = town.enrolled()
    answer = patch(kiosk, Piece(0, b"x", is_last=True), **headers)
    conforms(answer, "patch", "/files/{sha256}")
    assert answer.status == status
    assert town.sql("select count(*) from files") == [(0,)]


def test_what_is_too_large_or_has_no_hash_for_a_name_is_refused(town: Town) -> None:
    kiosk = town.enrolled()
    with pytest.raises(errors.TooLarge):
        kiosk.portal.append(NAME, Piece(0, bytes(files.LARGEST_PIECE + 1), is_last=False))
    with pytest.raises(errors.Poison):
        kiosk.portal.append("../hello", Piece(0, b"x", is_last=False))
    town.sql(
        "insert into files (kiosk_id, sha256, held, is_whole, touched_at)"
        f" values ('PK03', '{NAME}', {files.LARGEST}, false, '2026-11-24T01:30:00.000Z')"
    )
    with pytest.raises(errors.TooLarge):
        kiosk.portal.append(NAME, Piece(files.LARGEST, b"x", is_last=False))


def test_an_unsigned_piece_and_one_whose_place_was_changed_on_the_way_are_refused(town: Town) -> None:
    kiosk = town.enrolled()
    put_by = {"Content-Type": "application/octet-stream", "Upload-Offset": "0", "Upload-Complete": "?1"}
    answer, _ = kiosk.portal._exchange("PATCH", f"/files/{NAME}", SCAN[:10], put_by)
    assert answer.status == 401
    request = kiosk.wire.prepare("PATCH", f"{town.url}/kiosk-sync/v1/files/{NAME}", put_by, SCAN[:10])
    signature.sign(request, kiosk.identity.seed, content=SCAN[:10], created=town.clock(), nonce="abcdefghijkl")
    request.headers["Upload-Complete"] = "?0"
    assert kiosk.wire.exchange(request).status == 401
    assert town.sql("select count(*) from files") == [(0,)]


def test_the_files_of_another_kiosk_do_not_exist(town: Town) -> None:
    kiosk = town.enrolled()
    put(kiosk)
    with town.engine.begin() as db:
        add_code(db, Enrolment("OTHER-KIOSK-CODE", "PK04", UNIT), town.clock(), may_replace=False)
    other = town.kiosk()
    other.identity = other.portal._identity = type(other.identity)("PK04", other.identity.seed, other.identity.nonce)
    other.portal.enrol("OTHER-KIOSK-CODE", UNIT)
    assert other.portal.held(NAME).offset == 0
    assert kiosk.portal.held(NAME).is_whole


def test_a_receipt_names_what_bodies_and_the_desk_named_and_is_not_here(town: Town) -> None:
    kiosk = town.enrolled()
    sent = envelope(kiosk, documents=[paper(), paper(file=None)])
    subject = sent["submissionId"]
    assert send(kiosk, sent)[0]["receipt"]["missingFiles"] == [NAME]
    late = b"a paper that came later"
    added = paper(file={"sha256": sha256_hex(late), "size": len(late), "mediaType": "application/pdf"})
    assert told(kiosk, event(subject, 1, "document", document=added)) == ["created"]
    assert sorted(missing(kiosk, subject)) == sorted([NAME, sha256_hex(late)])
    assert put(kiosk).is_whole
    assert missing(kiosk, subject) == [sha256_hex(late)]
    again = send(kiosk, sent)[0]
    assert (again["outcome"], again["receipt"]["missingFiles"]) == ("duplicate", [sha256_hex(late)])
    changes = conforms(kiosk.ask("GET", "/changes"), "get", "/changes")
    assert {tuple(item["missingFiles"]) for item in changes["items"]} == {(sha256_hex(late),)}
    put(kiosk, late, sha256_hex(late))
    assert missing(kiosk, subject) == []


def test_a_paper_that_was_taken_away_takes_its_file_along(town: Town) -> None:
    kiosk = town.enrolled()
    one = envelope(kiosk)
    other = envelope(kiosk)
    send(kiosk, one, other)
    first = paper()
    second = paper()
    told(kiosk, event(one["submissionId"], 1, "document", document=first))
    town.sql(
        f"update submissions set receipt_no = 'PK03-261124-0002-X' where submission_id = '{other['submissionId']}'"
    )
    told(kiosk, event(other["submissionId"], 1, "document", document=second))
    put(kiosk)
    told(kiosk, event(one["submissionId"], 2, "document", document=paper(first["itemId"], None)))
    assert kiosk.portal.held(NAME).is_whole, "the other dossier still has it"
    told(kiosk, event(other["submissionId"], 2, "document", document=paper(second["itemId"], None)))
    assert kiosk.portal.held(NAME).offset == 0
    assert missing(kiosk, other["submissionId"]) == []


def test_a_paper_that_was_taken_away_stays_away_whatever_comes_later(town: Town) -> None:
    kiosk = town.enrolled()
    first = envelope(kiosk)
    send(kiosk, first)
    item = paper()
    told(kiosk, event(first["submissionId"], 1, "document", document=paper(item["itemId"], None)))
    second = envelope(kiosk, documents=[item], revision=2, supersedes=first["submissionId"])
    assert send(kiosk, second)[0]["receipt"]["missingFiles"] == []


def test_what_was_given_up_and_what_nobody_names_is_swept_after_a_week(town: Town) -> None:
    kiosk = town.enrolled()
    send(kiosk, envelope(kiosk, documents=[paper()]))
    put(kiosk)
    put(kiosk, b"nobody names it", sha256_hex(b"nobody names it"))
    kiosk.portal.append(sha256_hex(b"begun"), Piece(0, b"beg", is_last=False))
    with town.engine.begin() as db:
        assert files.sweep(db, town.clock() + timedelta(days=6)) == 0
        assert files.sweep(db, town.clock() + timedelta(days=8)) == 2
    assert town.sql("select sha256 from files") == [(NAME,)]
    assert town.sql("select count(*) from file_pieces") == [(3,)]
