"""Content at the gateway is sealed with a key outside the database, and deleted when its term is over."""

import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from sync.encoding import sha256_hex
from sync.gateway import BadKey, create_app, files, forwarding, sealing
from sync.gateway.forwarding import ForwardPace
from tests.sync.contract_checks import envelope, event, send
from tests.sync.practice_gateway import Kiosk, PracticeGateway
from tests.sync.test_gateway_files import NAME, SCAN, make_item, upload
from tests.sync.test_operator import sign_in

CANARY = "Ngụy Thị Quạ Kềnh"


def send_canaries(kiosk: Kiosk) -> str:
    """Send a form, an event and a scan, each with the canary or known bytes; return the submission."""
    sent = envelope(kiosk, applicant={"fullName": CANARY}, documents=[make_item()])
    assert send(kiosk, sent)[0]["outcome"] == "created"
    upload(kiosk)
    supplement = event(sent["submissionId"], 1, "supplement", reason=CANARY)
    assert kiosk.send_request("POST", "/events", {"events": [supplement]}).status == 200
    return sent["submissionId"]


def stored_bytes(practice: PracticeGateway) -> bytes:
    """Return everything that the database stores, as text and bytes."""
    with practice.engine.begin() as db:
        names = ["submissions", "events", "changes", "documents", "files", "file_pieces", "refusals", "notices"]
        rows = [row for name in names for row in db.execute(text(f"select * from {name}")).all()]
    values = (value for row in rows for value in row)
    return b"".join(bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode() for value in values)


def clean_up(practice: PracticeGateway) -> None:
    worker = practice.gateway._worker
    worker._cleaned_at = None
    worker.step()


def age(practice: PracticeGateway, days: int) -> None:
    """Move the gateway's time, and let its kiosks sign with it."""
    practice.clock.offset += timedelta(days=days)
    for kiosk in practice.kiosks:
        kiosk.portal._anchor = None


def test_nothing_of_a_form_can_be_read_in_the_database_without_the_key(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    submission_id = send_canaries(kiosk)
    stored = stored_bytes(practice)
    assert submission_id.encode() in stored
    assert CANARY.encode() not in stored
    assert CANARY.encode("unicode_escape") not in stored
    assert SCAN[:64] not in stored
    with practice.engine.begin() as db:
        assert files.read_content(db, files.FileKey("PK03", NAME)) == SCAN
    key_file = Path(practice.settings.key_file)
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert key_file.read_bytes().strip() not in stored


def test_a_sealed_body_cannot_be_moved_to_another_submission(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    first = send_canaries(kiosk)
    other = envelope(kiosk)
    send(kiosk, other)
    with practice.engine.begin() as db:
        body = db.execute(text("select body from submissions where submission_id = :id"), {"id": first}).scalar_one()
        assert CANARY in sealing.sealer(db).open(sealing.BODY, first, body).decode()
        with pytest.raises(BadKey):
            sealing.sealer(db).open(sealing.BODY, other["submissionId"], body)


@pytest.mark.parametrize("damage", ["missing", "another", "short"])
def test_a_gateway_without_its_key_does_not_start_and_changes_nothing(practice: PracticeGateway, damage: str) -> None:
    send_canaries(practice.enrolled_kiosk())
    practice.stop()
    key_file = Path(practice.settings.key_file)
    key = key_file.read_bytes()
    key_file.unlink()
    if damage == "another":
        sealing._create_key(key_file)
    elif damage == "short":
        key_file.write_bytes(b"c2hvcnQ=\n")
    with pytest.raises(BadKey):
        create_app(practice.settings)
    assert key_file.exists() == (damage != "missing")
    key_file.write_bytes(key)
    practice.start()
    assert len(practice.submission_ids()) == 1


def test_postgresql_without_a_key_file_is_refused(practice: PracticeGateway) -> None:
    if practice.engine.dialect.name == "postgresql":
        practice.stop()
        with pytest.raises(BadKey):
            create_app(replace(practice.settings, key_file=""))
        practice.start()


def test_content_is_deleted_after_its_term_and_the_answers_stay_the_same(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    sent = envelope(kiosk, applicant={"fullName": CANARY}, documents=[make_item()])
    send(kiosk, sent)
    upload(kiosk)
    age(practice, 89)
    clean_up(practice)
    assert practice.sql("select count(*) from file_pieces where length(content) > 0") != [(0,)]
    age(practice, 2)
    clean_up(practice)
    assert practice.sql("select length(body), note from submissions") == [(0, "")]
    assert practice.sql("select count(*) from file_pieces") == [(0,)]
    assert practice.sql("select deleted_at is null from receipt_numbers") in ([(False,)], [(0,)])
    repeated = send(kiosk, sent)[0]
    assert repeated["outcome"] == "duplicate"
    assert repeated["receipt"]["missingFiles"] == []
    known = kiosk.portal.missing([(sent["submissionId"], sent["digest"])], [])
    assert (known.missing, known.different) == (frozenset(), frozenset())


def test_each_change_begins_the_term_again(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    sent = envelope(kiosk)
    send(kiosk, sent)
    age(practice, 80)
    kiosk.send_request("POST", "/events", {"events": [event(sent["submissionId"], 1, "supplement", reason="x")]})
    age(practice, 80)
    clean_up(practice)
    assert practice.sql("select count(*) from submissions where length(body) > 0") == [(1,)]
    correction = envelope(kiosk, receiptNo=_number(practice), revision=2, supersedes=sent["submissionId"])
    send(kiosk, correction)
    age(practice, 80)
    clean_up(practice)
    assert practice.sql("select count(*) from submissions where length(body) > 0") == [(2,)]
    age(practice, 11)
    clean_up(practice)
    assert practice.sql("select count(*) from submissions where length(body) > 0") == [(0,)]


def test_a_dossier_that_waits_for_the_province_keeps_its_content(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    sent = envelope(kiosk)
    send(kiosk, sent)
    kiosk.send_request("POST", "/events", {"events": [event(sent["submissionId"], 1)]})
    age(practice, 400)
    clean_up(practice)
    with practice.engine.begin() as db:
        dossier = forwarding.claim_due(db, practice.clock(), ForwardPace())
    assert dossier is not None
    assert sha256_hex(dossier.body) == sent["digest"]
    practice.sql("update forwards set state = 'done'")
    clean_up(practice)
    assert practice.sql("select count(*) from submissions where length(body) > 0") == [(0,)]
    with practice.engine.begin() as db:
        assert not forwarding.redeliver(db, "PK03", dossier.receipt_no, practice.clock())


def test_the_operator_reads_the_term_and_no_reason_opens_deleted_content(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    submission_id = send_canaries(kiosk)
    operator = practice.gateway.app.test_client()
    sign_in(operator)
    assert "90 ngày sau lần thay đổi cuối" in operator.get("/").text
    assert "Nội dung và bản chụp xóa lúc" in operator.get(f"/submissions/{submission_id}").text
    age(practice, 91)
    clean_up(practice)
    sign_in(operator)
    page = operator.get(f"/submissions/{submission_id}").text
    assert "đã xóa lúc" in page
    assert "Vì sao cần mở" not in page


def test_a_term_shorter_than_a_week_is_refused(tmp_path: Path, practice: PracticeGateway) -> None:
    with pytest.raises(ValueError, match="7 days"):
        replace(practice.settings, keep_days=6)


def _number(practice: PracticeGateway) -> Any:
    return practice.sql("select receipt_no from submissions limit 1")[0][0]
