"""Delivery by USB stick: answers settle the forms, and the connection finds duplicates afterwards."""

import base64
import dataclasses
import io
import json
import os
import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from sync import attempts, link, outbox, usb
from sync.errors import BadFile
from sync.gateway import database
from sync.gateway import usb as desk
from sync.gateway.usb import ImportContext, ImportedParcel
from sync.parcel import Outcome, Receipt
from sync.portals import usb_files
from sync.portals.usb_files import ParcelSender
from sync.usb import ParcelWriter, UsbCounts
from tests.sync.practice_gateway import PASSWORD, Kiosk, PracticeGateway

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


class UsbCarrier:
    """Carries a USB stick between a kiosk and the gateway."""

    def __init__(self, practice: PracticeGateway, kiosk: Kiosk, folder: Path) -> None:
        self.practice = practice
        self.kiosk = kiosk
        self.folder = folder
        self.progress: list[UsbCounts] = []
        with practice.engine.begin() as db:
            gateway_key = usb_files.parse_key(desk.stick_public_key(db, NOW))
        self.sender = ParcelSender(
            kiosk_id="PK03",
            seed=kiosk.identity.seed,
            gateway_key=gateway_key,
            answer_key=lambda name: name.encode().ljust(32, b"-")[:32],
        )

    def write_parcels(self) -> UsbCounts:
        writer = ParcelWriter(
            self.sender, f"20261124T013000Z-{secrets.token_hex(4)}", partial(usb_files.write_file, self.folder)
        )
        return usb.write_parcels(self.kiosk.store, self.kiosk.open_load, writer, NOW, self.progress.append)

    def import_parcels(self) -> list[ImportedParcel]:
        paths = usb_files.list_files(self.folder, usb_files.PARCEL)
        parcels = [self.import_parcel(path.read_bytes()) for path in paths]
        for parcel in parcels:
            usb_files.write_file(self.folder, parcel.name, parcel.answer)
        return parcels

    def import_parcel(self, content: bytes) -> ImportedParcel:
        context = ImportContext("console", "practice", lambda: secrets.token_urlsafe(24))
        return desk.import_parcel(self.practice.engine, content, context, NOW)

    def apply_answers(self) -> UsbCounts:
        counts = UsbCounts()
        for path in usb_files.list_files(self.folder, usb_files.ANSWER):
            counts += usb.apply_answer(self.kiosk.store, self.kiosk.record_outcome, path.read_bytes(), self.sender, NOW)
        return counts

    def last_parcel(self) -> bytes:
        return usb_files.list_files(self.folder, usb_files.PARCEL)[-1].read_bytes()


@pytest.fixture
def usb_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def carrier(tmp_path: Path, usb_folder: Path) -> Iterator[UsbCarrier]:
    practice = PracticeGateway(tmp_path)
    yield UsbCarrier(practice, practice.enrolled_kiosk(), usb_folder)
    practice.close()


@pytest.fixture
def any_database_carrier(practice: PracticeGateway, usb_folder: Path) -> UsbCarrier:
    """Return a carrier to a gateway on SQLite and on PostgreSQL."""
    return UsbCarrier(practice, practice.enrolled_kiosk(), usb_folder)


def state_and_carried(kiosk: Kiosk, subject: str) -> tuple[str, str | None]:
    with kiosk.store.read() as db:
        row = db.execute("select state, carried from outbox where subject = ?", [subject]).fetchone()
    return row[0], row[1]


def test_forms_and_events_go_by_usb_and_the_answer_settles_them(any_database_carrier: UsbCarrier) -> None:
    carrier = any_database_carrier
    kiosk = carrier.kiosk
    forms = [kiosk.submit() for _ in range(3)]
    event = kiosk.add_event(forms[0], 1)
    assert carrier.write_parcels() == UsbCounts(forms=3, events=1, files=1)
    assert carrier.progress == [UsbCounts(forms=3, events=1, files=1)]
    assert [state_and_carried(kiosk, subject)[0] for subject in (*forms, event)] == ["unknown"] * 4
    (imported,) = carrier.import_parcels()
    assert {group: dict(counts) for group, counts in imported.counts.items()} == {
        "submissions": {"created": 3},
        "events": {"created": 1},
    }
    assert carrier.apply_answers() == UsbCounts(forms=3, events=1, files=1)
    assert [state_and_carried(kiosk, subject) for subject in (*forms, event)] == [("done", None)] * 4
    assert kiosk.desk_row(forms[0])["code"] == 1
    assert sorted(carrier.practice.submission_ids()) == sorted(forms)
    with kiosk.store.read() as db:
        codes = [(row.became, row.code) for row in attempts.of_subject(db, forms[0])]
    assert codes == [("unknown", "carried"), ("done", "created")]


def test_the_same_form_later_by_connection_is_a_duplicate(any_database_carrier: UsbCarrier) -> None:
    carrier = any_database_carrier
    kiosk = carrier.kiosk
    subject = carrier.kiosk.submit()
    carrier.write_parcels()
    carrier.import_parcels()
    kiosk.drain()
    assert state_and_carried(kiosk, subject) == ("done", None)
    assert kiosk.outcomes[-1][1].kind == "duplicate"
    assert carrier.practice.submission_ids() == [subject]
    assert carrier.apply_answers() == UsbCounts(files=1)


def test_the_same_form_earlier_by_connection_is_a_duplicate_by_usb(carrier: UsbCarrier) -> None:
    kiosk = carrier.kiosk
    subject = carrier.kiosk.submit()
    carrier.write_parcels()
    kiosk.drain()
    (imported,) = carrier.import_parcels()
    assert dict(imported.counts["submissions"]) == {"duplicate": 1}
    assert carrier.practice.submission_ids() == [subject]


def test_a_parcel_that_is_imported_twice_changes_nothing(carrier: UsbCarrier) -> None:
    subject = carrier.kiosk.submit()
    carrier.write_parcels()
    carrier.import_parcels()
    (again,) = carrier.import_parcels()
    assert dict(again.counts["submissions"]) == {"duplicate": 1}
    assert carrier.apply_answers().forms == 1
    assert carrier.practice.submission_ids() == [subject]


def test_a_bad_form_is_set_aside_and_delays_no_other(carrier: UsbCarrier) -> None:
    kiosk = carrier.kiosk
    bad = kiosk.submit(unitCode="H57.99.02")
    good = kiosk.submit()
    event = kiosk.add_event(bad, 1)
    carrier.write_parcels()
    carrier.import_parcels()
    assert carrier.apply_answers() == UsbCounts(forms=1, bad=1, files=1)
    assert [state_and_carried(kiosk, subject) for subject in (bad, good)] == [("refused", None), ("done", None)]
    assert [error.pointer for _, outcome in kiosk.outcomes for error in outcome.errors] == ["/unitCode"]
    # The event of the refused form waits; it is sent with the correction.
    assert state_and_carried(kiosk, event)[0] == "todo"


def test_a_malformed_item_is_refused_alone(carrier: UsbCarrier) -> None:
    good = carrier.kiosk.freeze("01990000-0000-7000-8000-000000000001", 1)
    envelope = {"submissionId": good.submission_id, "digest": good.digest, "body": good.body.decode()}
    batch = {"submissions": [envelope, {"submissionId": 7}, "?"]}
    content = usb_files.seal_parcel(carrier.sender, "20261124T013000Z-aaaa", NOW, [batch, {"letters": []}])
    imported = carrier.import_parcel(content)
    assert dict(imported.counts["submissions"]) == {"created": 1, "invalid": 2}


def test_a_correction_in_the_same_parcel_as_its_form_is_accepted(carrier: UsbCarrier) -> None:
    kiosk = carrier.kiosk
    first = kiosk.submit()
    second = kiosk.submit(revision=2, supersedes=first)
    carrier.write_parcels()
    carrier.import_parcels()
    carrier.apply_answers()
    assert [state_and_carried(kiosk, subject)[0] for subject in (first, second)] == ["done", "done"]


def test_no_plain_text_is_on_the_stick(carrier: UsbCarrier) -> None:
    carrier.kiosk.submit()
    carrier.write_parcels()
    carrier.import_parcels()
    for path in carrier.folder.iterdir():
        content = path.read_bytes()
        for word in ("Lê Văn Thử", "1.001193", "0460", "submissionId"):
            assert word.encode() not in content, path.name
    head = usb_files.read_head(carrier.last_parcel(), usb_files.PARCEL)
    assert (head.kiosk_id, head.made_at) == ("PK03", "2026-11-24T01:30:00.000Z")


def _flip_bit(content: bytes, offset: int) -> bytes:
    return content[:offset] + bytes([content[offset] ^ 1]) + content[offset + 1 :]


def test_a_parcel_that_was_changed_cut_or_forged_is_refused(carrier: UsbCarrier) -> None:
    carrier.kiosk.submit()
    carrier.write_parcels()
    content = carrier.last_parcel()
    body_start = content.index(b"\n") + 1
    for spoiled, code in [
        (_flip_bit(content, body_start + 3), "changed"),
        (_flip_bit(content, len(content) - 1), "changed"),
        (content[:-1], "changed"),
        (content[: body_start + 5], "foreign"),
        (b"", "foreign"),
        (content.replace(b"PK03", b"PK04", 1), "changed"),
        (content.replace(b'"parcel"', b'"answer"', 1), "foreign"),
        (content.replace(b"ward-kiosk-stick/1", b"ward-kiosk-stick/2", 1), "foreign"),
    ]:
        with pytest.raises(BadFile) as caught:
            carrier.import_parcel(spoiled)
        assert caught.value.code == code
    assert carrier.practice.submission_ids() == []


def test_a_parcel_of_an_unknown_or_revoked_kiosk_is_refused(carrier: UsbCarrier) -> None:
    stranger = dataclasses.replace(carrier.sender, seed=secrets.token_bytes(32))
    with pytest.raises(BadFile, match="unknown-key"):
        carrier.import_parcel(usb_files.seal_parcel(stranger, "20261124T013000Z-aaaa", NOW, []))
    other = X25519PrivateKey.generate().public_key().public_bytes_raw()
    misaddressed = dataclasses.replace(carrier.sender, gateway_key=other)
    with pytest.raises(BadFile, match="not-for-us"):
        carrier.import_parcel(usb_files.seal_parcel(misaddressed, "20261124T013000Z-aaaa", NOW, []))
    other_kiosk = dataclasses.replace(carrier.sender, kiosk_id="PK04")
    with pytest.raises(BadFile, match="foreign"):
        carrier.import_parcel(usb_files.seal_parcel(other_kiosk, "20261124T013000Z-aaaa", NOW, []))
    carrier.practice.sql("update kiosks set revoked_at = '2026-11-24T00:00:00.000Z'")
    with pytest.raises(BadFile, match="revoked"):
        carrier.import_parcel(usb_files.seal_parcel(carrier.sender, "20261124T013000Z-aaaa", NOW, []))


def test_an_answer_that_the_gateway_did_not_write_settles_nothing(carrier: UsbCarrier) -> None:
    subject = carrier.kiosk.submit()
    carrier.write_parcels()
    head = usb_files.read_head(carrier.last_parcel(), usb_files.PARCEL)
    forged = usb_files.seal_answer(head, bytes(32), NOW, {"epoch": "e", "batches": []}, bytes(12))
    with pytest.raises(BadFile, match="changed"):
        usb.apply_answer(carrier.kiosk.store, carrier.kiosk.record_outcome, forged, carrier.sender, NOW)
    assert state_and_carried(carrier.kiosk, subject)[0] == "unknown"


def test_an_old_answer_settles_nothing_that_was_lost_since(carrier: UsbCarrier) -> None:
    kiosk = carrier.kiosk
    subject = carrier.kiosk.submit()
    carrier.write_parcels()
    carrier.import_parcels()
    carrier.apply_answers()
    with kiosk.store.write() as db:
        outbox.reopen(db, subject, NOW)
    assert carrier.apply_answers() == UsbCounts(files=1)
    assert state_and_carried(kiosk, subject) == ("todo", None)


def test_an_answer_counts_for_its_own_parcel_only(carrier: UsbCarrier) -> None:
    kiosk = carrier.kiosk
    subject = carrier.kiosk.submit()
    carrier.write_parcels()
    first = carrier.import_parcels()
    carrier.write_parcels()
    with kiosk.store.read() as db:
        count, parcel = outbox.count_unanswered(db)
    assert (count, parcel in str(first)) == (1, False)
    (path,) = usb_files.list_files(carrier.folder, usb_files.ANSWER)
    assert usb.apply_answer(kiosk.store, kiosk.record_outcome, path.read_bytes(), carrier.sender, NOW) == UsbCounts(
        files=1
    )
    assert state_and_carried(kiosk, subject)[0] == "unknown"


def test_an_answer_of_an_old_epoch_does_not_undo_a_newer_receipt(carrier: UsbCarrier) -> None:
    kiosk = carrier.kiosk
    subject = carrier.kiosk.submit()
    carrier.write_parcels()
    carrier.import_parcels()
    with kiosk.store.write() as db:
        newer = Receipt(
            submission_id=subject,
            digest=kiosk.loads[subject].digest,
            received_at="2026-11-24T02:00:00Z",
            revision=3,
            status_code=5,
        )
        assert outbox.record_revision(db, newer, "another epoch")
        kiosk.record_outcome(db, kiosk.loads[subject].subject, Outcome("created"))
        kiosk.apply_receipt(db, newer)
    assert carrier.apply_answers().forms == 1
    assert state_and_carried(kiosk, subject)[0] == "done"
    assert kiosk.outcomes[-1][1].receipt is None


def test_after_an_answer_everything_is_audited_over_the_connection(carrier: UsbCarrier) -> None:
    """Check a gateway that was restored from a copy older than the parcel: its epoch alone does not show it."""
    kiosk = carrier.kiosk
    subject = carrier.kiosk.submit()
    carrier.write_parcels()
    carrier.import_parcels()
    carrier.apply_answers()
    for table in ("submissions", "changes", "receipt_numbers"):
        carrier.practice.sql(f"delete from {table}")
    with kiosk.store.read() as db:
        assert link.audit_span(db) is not None
    kiosk.drain()
    kiosk.run_rounds()
    kiosk.drain()
    assert carrier.practice.submission_ids() == [subject]
    assert state_and_carried(kiosk, subject)[0] == "done"


def test_a_form_that_cannot_be_opened_is_left_out_and_counted(carrier: UsbCarrier) -> None:
    kiosk = carrier.kiosk
    lost = kiosk.submit()
    good = kiosk.submit()
    del kiosk.loads[lost]
    assert carrier.write_parcels() == UsbCounts(forms=1, bad=1, files=1)
    assert [state_and_carried(kiosk, subject)[0] for subject in (lost, good)] == ["todo", "unknown"]


def test_many_forms_fill_many_files_each_whole_in_itself(carrier: UsbCarrier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usb, "BATCH_SIZE", 3)
    monkeypatch.setattr(usb, "MAX_PAYLOADS", 4)
    subjects = [carrier.kiosk.submit() for _ in range(9)]
    assert carrier.write_parcels() == UsbCounts(forms=9, files=3)
    usb_files.list_files(carrier.folder, usb_files.PARCEL)[1].unlink()
    carrier.import_parcels()
    assert carrier.apply_answers().forms in (5, 8)
    carrier.kiosk.drain()
    assert sorted(carrier.practice.submission_ids()) == sorted(subjects)


def test_a_stick_that_is_full_leaves_no_half_file_and_loses_nothing(
    carrier: UsbCarrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = carrier.kiosk.submit()

    def disk_full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", disk_full)
        with pytest.raises(OSError, match="No space"):
            carrier.write_parcels()
    assert list(carrier.folder.iterdir()) == []
    assert state_and_carried(carrier.kiosk, subject)[0] == "unknown"
    carrier.kiosk.drain()
    assert carrier.practice.submission_ids() == [subject]


def test_a_stick_that_loses_data_is_noticed(carrier: UsbCarrier, monkeypatch: pytest.MonkeyPatch) -> None:
    carrier.kiosk.submit()
    monkeypatch.setattr(os, "posix_fadvise", lambda *_: next(carrier.folder.glob(".*.part")).write_bytes(b"0000"))
    with pytest.raises(OSError, match="read back"):
        carrier.write_parcels()
    assert list(carrier.folder.iterdir()) == []


def test_a_mistyped_stick_key_is_noticed(carrier: UsbCarrier) -> None:
    with carrier.practice.engine.begin() as db:
        key_text = desk.stick_public_key(db, NOW)
        assert desk.stick_public_key(db, NOW) == key_text
    assert usb_files.parse_key(f" {key_text}\n") == carrier.sender.gateway_key
    mistyped = key_text[:10] + ("A" if key_text[10] != "A" else "B") + key_text[11:]
    for text in (mistyped, key_text[:-1], "", "stick1"):
        with pytest.raises(ValueError, match="stick key"):
            usb_files.parse_key(text)


def test_a_parcel_has_the_same_body_as_a_request(carrier: UsbCarrier) -> None:
    subject = carrier.kiosk.submit()
    carrier.write_parcels()
    private_key: Any = carrier.practice.sql("select private_key, 1 from stick_keys")[0][0]
    public_key = carrier.practice.sql("select public_key, 1 from kiosks")[0][0]
    private = X25519PrivateKey.from_private_bytes(bytes(private_key))
    _, batches, _ = usb_files.open_parcel(carrier.last_parcel(), lambda _: bytes(public_key), private)
    (envelope,) = batches[0]["submissions"]
    assert json.loads(envelope["body"])["submissionId"] == subject


@pytest.fixture
def operator(carrier: UsbCarrier) -> Iterator[FlaskClient]:
    with carrier.practice.gateway.app.test_client() as browser:
        browser.post("/sign-in", data={"login": "operator", "password": PASSWORD})
        yield browser


def upload_parcels(operator: FlaskClient, *files: tuple[str, bytes]) -> str:
    token = re.search(r'name="csrf" value="([^"]+)"', operator.get("/stick").text)
    assert token
    uploads = [(io.BytesIO(content), name) for name, content in files]
    answer = operator.post("/stick", data={"csrf": token[1], "parcels": uploads})
    assert answer.status_code == 200
    return answer.text


def test_an_operator_uploads_parcels_and_downloads_answers(carrier: UsbCarrier, operator: FlaskClient) -> None:
    kiosk = carrier.kiosk
    form = kiosk.submit()
    event = kiosk.add_event(form, 1)
    carrier.write_parcels()
    assert usb_files.format_key(carrier.sender.gateway_key) in operator.get("/stick").text
    page = upload_parcels(operator, ("a.parcel", carrier.last_parcel()), ("b.parcel", carrier.last_parcel()[:-1]))
    assert page.count(">1 mới<") == 2
    assert "tệp bị hỏng hoặc bị sửa" in page
    download = re.search(r'download="([^"]+)" href="data:application/octet-stream;base64,([^"]+)"', page)
    assert download
    usb_files.write_file(carrier.folder, download[1], base64.b64decode(download[2]))
    assert carrier.apply_answers() == UsbCounts(forms=1, events=1, files=1)
    assert [state_and_carried(kiosk, subject)[0] for subject in (form, event)] == ["done", "done"]
    assert carrier.practice.sql("select login, subject from trail where act = 'brought'") == [("operator", "PK03")]


def test_an_import_that_broke_off_is_repeated(carrier: UsbCarrier, monkeypatch: pytest.MonkeyPatch) -> None:
    """Check a gateway that dies between two batches: the first stays stored, and the same file imports the rest."""
    monkeypatch.setattr(usb, "BATCH_SIZE", 2)
    subjects = [carrier.kiosk.submit() for _ in range(5)]
    carrier.write_parcels()
    dies = iter([False, True])
    run_transaction = database.run_transaction

    def dying_transaction(*args: Any) -> Any:
        if next(dies, False):
            raise KeyboardInterrupt
        return run_transaction(*args)

    with monkeypatch.context() as patch:
        patch.setattr(database, "run_transaction", dying_transaction)
        with pytest.raises(KeyboardInterrupt):
            carrier.import_parcels()
    assert len(carrier.practice.submission_ids()) == 2
    (imported,) = carrier.import_parcels()
    assert dict(imported.counts["submissions"]) == {"duplicate": 2, "created": 3}
    carrier.apply_answers()
    assert [state_and_carried(carrier.kiosk, subject)[0] for subject in subjects] == ["done"] * 5


@given(st.binary(max_size=400))
def test_random_bytes_on_a_stick_are_a_bad_file(content: bytes) -> None:
    head = b'{"format":"ward-kiosk-stick/1","kind":"parcel","parcelId":"20261124T013000Z-a","kioskId":"PK03",'
    head += b'"keyId":"k","madeAt":"2026"}\n'
    public = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    for file in (content, head + content, head.replace(b"parcel", b"answer", 1) + content):
        with pytest.raises(BadFile):
            usb_files.open_parcel(file, lambda _: public, X25519PrivateKey.generate())
        with pytest.raises(BadFile):
            usb_files.open_answer(file, lambda _: bytes(32))
