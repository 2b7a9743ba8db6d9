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


class Carrier:
    """Carries a USB stick between a kiosk and the gateway."""

    def __init__(self, practice: PracticeGateway, kiosk: Kiosk, place: Path) -> None:
        self.practice = practice
        self.kiosk = kiosk
        self.place = place
        self.told: list[UsbCounts] = []
        with practice.engine.begin() as db:
            to = usb_files.parse_key(desk.stick_public_key(db, NOW))
        self.sender = ParcelSender(
            kiosk_id="PK03",
            seed=kiosk.identity.seed,
            gateway_key=to,
            answer_key=lambda name: name.encode().ljust(32, b"-")[:32],
        )

    def out(self) -> UsbCounts:
        way = ParcelWriter(
            self.sender, f"20261124T013000Z-{secrets.token_hex(4)}", partial(usb_files.write_file, self.place)
        )
        return usb.write_parcels(self.kiosk.store, self.kiosk.open_load, way, NOW, self.told.append)

    def bring(self) -> list[ImportedParcel]:
        found = [self.take(path.read_bytes()) for path in usb_files.list_files(self.place, usb_files.PARCEL)]
        for one in found:
            usb_files.write_file(self.place, one.name, one.answer)
        return found

    def take(self, content: bytes) -> ImportedParcel:
        clerk = ImportContext("console", "practice", lambda: secrets.token_urlsafe(24))
        return desk.import_parcel(self.practice.engine, content, clerk, NOW)

    def back(self) -> UsbCounts:
        tally = UsbCounts()
        for path in usb_files.list_files(self.place, usb_files.ANSWER):
            tally += usb.apply_answer(self.kiosk.store, self.kiosk.record_outcome, path.read_bytes(), self.sender, NOW)
        return tally

    def parcel(self) -> bytes:
        return usb_files.list_files(self.place, usb_files.PARCEL)[-1].read_bytes()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    place = tmp_path / "stick"
    place.mkdir()
    return place


@pytest.fixture
def carrier(tmp_path: Path, place: Path) -> Iterator[Carrier]:
    practice = PracticeGateway(tmp_path)
    yield Carrier(practice, practice.enrolled_kiosk(), place)
    practice.close()


@pytest.fixture
def anywhere(practice: PracticeGateway, place: Path) -> Carrier:
    """Return a carrier, on SQLite and on PostgreSQL."""
    return Carrier(practice, practice.enrolled_kiosk(), place)


def standing(kiosk: Kiosk, subject: str) -> tuple[str, str | None]:
    with kiosk.store.read() as db:
        row = db.execute("select state, carried from outbox where subject = ?", [subject]).fetchone()
    return row[0], row[1]


def test_forms_and_acts_go_by_stick_and_the_answer_settles_them(anywhere: Carrier) -> None:
    carrier = anywhere
    kiosk = carrier.kiosk
    forms = [kiosk.submit() for _ in range(3)]
    act = kiosk.add_event(forms[0], 1)
    assert carrier.out() == UsbCounts(forms=3, events=1, files=1)
    assert carrier.told == [UsbCounts(forms=3, events=1, files=1)]
    assert [standing(kiosk, one)[0] for one in (*forms, act)] == ["unknown"] * 4
    (brought,) = carrier.bring()
    assert {group: dict(told) for group, told in brought.counts.items()} == {
        "submissions": {"created": 3},
        "events": {"created": 1},
    }
    assert carrier.back() == UsbCounts(forms=3, events=1, files=1)
    assert [standing(kiosk, one) for one in (*forms, act)] == [("done", None)] * 4
    assert kiosk.desk_row(forms[0])["code"] == 1
    assert sorted(carrier.practice.submission_ids()) == sorted(forms)
    with kiosk.store.read() as db:
        codes = [(one.became, one.code) for one in attempts.of_subject(db, forms[0])]
    assert codes == [("unknown", "carried"), ("done", "created")]


def test_the_same_form_later_by_line_is_a_duplicate(anywhere: Carrier) -> None:
    carrier = anywhere
    kiosk = carrier.kiosk
    subject = carrier.kiosk.submit()
    carrier.out()
    carrier.bring()
    kiosk.drain()
    assert standing(kiosk, subject) == ("done", None)
    assert kiosk.outcomes[-1][1].kind == "duplicate"
    assert carrier.practice.submission_ids() == [subject]
    assert carrier.back() == UsbCounts(files=1)


def test_the_same_form_earlier_by_line_is_a_duplicate_on_the_stick(carrier: Carrier) -> None:
    kiosk = carrier.kiosk
    subject = carrier.kiosk.submit()
    carrier.out()
    kiosk.drain()
    (brought,) = carrier.bring()
    assert dict(brought.counts["submissions"]) == {"duplicate": 1}
    assert carrier.practice.submission_ids() == [subject]


def test_a_parcel_that_is_brought_twice_changes_nothing(carrier: Carrier) -> None:
    subject = carrier.kiosk.submit()
    carrier.out()
    carrier.bring()
    (again,) = carrier.bring()
    assert dict(again.counts["submissions"]) == {"duplicate": 1}
    assert carrier.back().forms == 1
    assert carrier.practice.submission_ids() == [subject]


def test_a_bad_form_is_set_aside_and_holds_up_nobody(carrier: Carrier) -> None:
    kiosk = carrier.kiosk
    bad = kiosk.submit(unitCode="H57.99.02")
    good = kiosk.submit()
    act = kiosk.add_event(bad, 1)
    carrier.out()
    carrier.bring()
    assert carrier.back() == UsbCounts(forms=1, bad=1, files=1)
    assert [standing(kiosk, one) for one in (bad, good)] == [("refused", None), ("done", None)]
    assert [error.pointer for _, outcome in kiosk.outcomes for error in outcome.errors] == ["/unitCode"]
    # The events of the refused form waited: they go with the correction.
    assert standing(kiosk, act)[0] == "todo"


def test_an_item_without_the_right_shape_is_refused_alone(carrier: Carrier) -> None:
    good = carrier.kiosk.freeze("01990000-0000-7000-8000-000000000001", 1)
    envelope = {"submissionId": good.submission_id, "digest": good.digest, "body": good.body.decode()}
    batch = {"submissions": [envelope, {"submissionId": 7}, "?"]}
    content = usb_files.seal_parcel(carrier.sender, "20261124T013000Z-aaaa", NOW, [batch, {"letters": []}])
    brought = carrier.take(content)
    assert dict(brought.counts["submissions"]) == {"created": 1, "invalid": 2}


def test_a_correction_that_comes_with_what_it_supersedes_is_taken(carrier: Carrier) -> None:
    kiosk = carrier.kiosk
    first = kiosk.submit()
    second = kiosk.submit(revision=2, supersedes=first)
    carrier.out()
    carrier.bring()
    carrier.back()
    assert [standing(kiosk, one)[0] for one in (first, second)] == ["done", "done"]


def test_nothing_readable_lies_on_the_stick(carrier: Carrier) -> None:
    carrier.kiosk.submit()
    carrier.out()
    carrier.bring()
    for path in carrier.place.iterdir():
        content = path.read_bytes()
        for word in ("Lê Văn Thử", "1.001193", "0460", "submissionId"):
            assert word.encode() not in content, path.name
    head = usb_files.read_head(carrier.parcel(), usb_files.PARCEL)
    assert (head.kiosk_id, head.made_at) == ("PK03", "2026-11-24T01:30:00.000Z")


def _changed(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def test_a_parcel_that_was_changed_cut_or_made_up_is_not_taken(carrier: Carrier) -> None:
    carrier.kiosk.submit()
    carrier.out()
    content = carrier.parcel()
    line = content.index(b"\n") + 1
    for spoiled, code in [
        (_changed(content, line + 3), "changed"),
        (_changed(content, len(content) - 1), "changed"),
        (content[:-1], "changed"),
        (content[: line + 5], "foreign"),
        (b"", "foreign"),
        (content.replace(b"PK03", b"PK04", 1), "changed"),
        (content.replace(b'"parcel"', b'"answer"', 1), "foreign"),
        (content.replace(b"ward-kiosk-stick/1", b"ward-kiosk-stick/2", 1), "foreign"),
    ]:
        with pytest.raises(BadFile) as caught:
            carrier.take(spoiled)
        assert caught.value.code == code
    assert carrier.practice.submission_ids() == []


def test_a_parcel_of_nobody_we_know_is_not_taken(carrier: Carrier) -> None:
    stranger = dataclasses.replace(carrier.sender, seed=secrets.token_bytes(32))
    with pytest.raises(BadFile, match="unknown-key"):
        carrier.take(usb_files.seal_parcel(stranger, "20261124T013000Z-aaaa", NOW, []))
    other = X25519PrivateKey.generate().public_key().public_bytes_raw()
    astray = dataclasses.replace(carrier.sender, gateway_key=other)
    with pytest.raises(BadFile, match="not-for-us"):
        carrier.take(usb_files.seal_parcel(astray, "20261124T013000Z-aaaa", NOW, []))
    borrowed = dataclasses.replace(carrier.sender, kiosk_id="PK04")
    with pytest.raises(BadFile, match="foreign"):
        carrier.take(usb_files.seal_parcel(borrowed, "20261124T013000Z-aaaa", NOW, []))
    carrier.practice.sql("update kiosks set revoked_at = '2026-11-24T00:00:00.000Z'")
    with pytest.raises(BadFile, match="revoked"):
        carrier.take(usb_files.seal_parcel(carrier.sender, "20261124T013000Z-aaaa", NOW, []))


def test_an_answer_that_nobody_at_the_gateway_wrote_settles_nothing(carrier: Carrier) -> None:
    subject = carrier.kiosk.submit()
    carrier.out()
    head = usb_files.read_head(carrier.parcel(), usb_files.PARCEL)
    forged = usb_files.seal_answer(head, bytes(32), NOW, {"epoch": "e", "batches": []}, bytes(12))
    with pytest.raises(BadFile, match="changed"):
        usb.apply_answer(carrier.kiosk.store, carrier.kiosk.record_outcome, forged, carrier.sender, NOW)
    assert standing(carrier.kiosk, subject)[0] == "unknown"


def test_an_old_answer_settles_nothing_that_was_lost_since(carrier: Carrier) -> None:
    kiosk = carrier.kiosk
    subject = carrier.kiosk.submit()
    carrier.out()
    carrier.bring()
    carrier.back()
    with kiosk.store.write() as db:
        outbox.reopen(db, subject, NOW)
    assert carrier.back() == UsbCounts(files=1)
    assert standing(kiosk, subject) == ("todo", None)


def test_an_answer_counts_for_its_own_parcel_only(carrier: Carrier) -> None:
    kiosk = carrier.kiosk
    subject = carrier.kiosk.submit()
    carrier.out()
    first = carrier.bring()
    carrier.out()
    with kiosk.store.read() as db:
        count, parcel = outbox.count_unanswered(db)
    assert (count, parcel in str(first)) == (1, False)
    (path,) = usb_files.list_files(carrier.place, usb_files.ANSWER)
    assert usb.apply_answer(kiosk.store, kiosk.record_outcome, path.read_bytes(), carrier.sender, NOW) == UsbCounts(
        files=1
    )
    assert standing(kiosk, subject)[0] == "unknown"


def test_an_answer_of_an_epoch_that_is_over_does_not_undo_what_the_line_said(carrier: Carrier) -> None:
    kiosk = carrier.kiosk
    subject = carrier.kiosk.submit()
    carrier.out()
    carrier.bring()
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
    assert carrier.back().forms == 1
    assert standing(kiosk, subject)[0] == "done"
    assert kiosk.outcomes[-1][1].receipt is None


def test_after_an_answer_everything_is_asked_about_by_line(carrier: Carrier) -> None:
    """Check a gateway that was restored from a copy older than the parcel: its epoch alone does not show it."""
    kiosk = carrier.kiosk
    subject = carrier.kiosk.submit()
    carrier.out()
    carrier.bring()
    carrier.back()
    for table in ("submissions", "changes"):
        carrier.practice.sql(f"delete from {table}")
    with kiosk.store.read() as db:
        assert link.audit_span(db) is not None
    kiosk.drain()
    kiosk.run_rounds()
    kiosk.drain()
    assert carrier.practice.submission_ids() == [subject]
    assert standing(kiosk, subject)[0] == "done"


def test_what_cannot_be_opened_is_left_out_and_counted(carrier: Carrier) -> None:
    kiosk = carrier.kiosk
    lost = kiosk.submit()
    good = kiosk.submit()
    del kiosk.loads[lost]
    assert carrier.out() == UsbCounts(forms=1, bad=1, files=1)
    assert [standing(kiosk, one)[0] for one in (lost, good)] == ["todo", "unknown"]


def test_many_forms_fill_many_files_each_whole_in_itself(carrier: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usb, "BATCH_SIZE", 3)
    monkeypatch.setattr(usb, "MAX_LOADS", 4)
    subjects = [carrier.kiosk.submit() for _ in range(9)]
    assert carrier.out() == UsbCounts(forms=9, files=3)
    usb_files.list_files(carrier.place, usb_files.PARCEL)[1].unlink()
    carrier.bring()
    assert carrier.back().forms in (5, 8)
    carrier.kiosk.drain()
    assert sorted(carrier.practice.submission_ids()) == sorted(subjects)


def test_a_stick_that_is_full_leaves_no_half_file_and_loses_nothing(
    carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = carrier.kiosk.submit()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            carrier.out()
    assert list(carrier.place.iterdir()) == []
    assert standing(carrier.kiosk, subject)[0] == "unknown"
    carrier.kiosk.drain()
    assert carrier.practice.submission_ids() == [subject]


def test_a_stick_that_forgets_is_noticed(carrier: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    carrier.kiosk.submit()
    monkeypatch.setattr(os, "posix_fadvise", lambda *_: next(carrier.place.glob(".*.part")).write_bytes(b"0000"))
    with pytest.raises(OSError, match="read back"):
        carrier.out()
    assert list(carrier.place.iterdir()) == []


def test_a_stick_key_with_a_slip_of_the_pen_is_noticed(carrier: Carrier) -> None:
    with carrier.practice.engine.begin() as db:
        written = desk.stick_public_key(db, NOW)
        assert desk.stick_public_key(db, NOW) == written
    assert usb_files.parse_key(f" {written}\n") == carrier.sender.gateway_key
    wrong = written[:10] + ("A" if written[10] != "A" else "B") + written[11:]
    for text in (wrong, written[:-1], "", "stick1"):
        with pytest.raises(ValueError, match="stick key"):
            usb_files.parse_key(text)


def test_what_is_inside_is_what_the_line_would_carry(carrier: Carrier) -> None:
    subject = carrier.kiosk.submit()
    carrier.out()
    raw: Any = carrier.practice.sql("select private_key, 1 from stick_keys")[0][0]
    known = carrier.practice.sql("select public_key, 1 from kiosks")[0][0]
    private = X25519PrivateKey.from_private_bytes(bytes(raw))
    _, batches, _ = usb_files.open_parcel(carrier.parcel(), lambda _: bytes(known), private)
    (envelope,) = batches[0]["submissions"]
    assert json.loads(envelope["body"])["submissionId"] == subject


@pytest.fixture
def operator(carrier: Carrier) -> Iterator[FlaskClient]:
    with carrier.practice.gateway.app.test_client() as browser:
        browser.post("/sign-in", data={"login": "operator", "password": PASSWORD})
        yield browser


def hand_in(operator: FlaskClient, *files: tuple[str, bytes]) -> str:
    token = re.search(r'name="csrf" value="([^"]+)"', operator.get("/stick").text)
    assert token
    told = [(io.BytesIO(content), name) for name, content in files]
    answer = operator.post("/stick", data={"csrf": token[1], "parcels": told})
    assert answer.status_code == 200
    return answer.text


def test_an_operator_hands_files_in_and_gets_answers_to_carry_back(carrier: Carrier, operator: FlaskClient) -> None:
    kiosk = carrier.kiosk
    form = kiosk.submit()
    act = kiosk.add_event(form, 1)
    carrier.out()
    assert usb_files.format_key(carrier.sender.gateway_key) in operator.get("/stick").text
    page = hand_in(operator, ("a.parcel", carrier.parcel()), ("b.parcel", carrier.parcel()[:-1]))
    assert page.count(">1 mới<") == 2
    assert "tệp bị hỏng hoặc bị sửa" in page
    found = re.search(r'download="([^"]+)" href="data:application/octet-stream;base64,([^"]+)"', page)
    assert found
    usb_files.write_file(carrier.place, found[1], base64.b64decode(found[2]))
    assert carrier.back() == UsbCounts(forms=1, events=1, files=1)
    assert [standing(kiosk, one)[0] for one in (form, act)] == ["done", "done"]
    assert carrier.practice.sql("select login, subject from trail where act = 'brought'") == [("operator", "PK03")]


def test_a_trip_that_broke_off_in_the_middle_is_made_again(carrier: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    """Check a gateway that dies between two batches: the first stays stored, and the same file brings the rest."""
    monkeypatch.setattr(usb, "BATCH_SIZE", 2)
    subjects = [carrier.kiosk.submit() for _ in range(5)]
    carrier.out()
    turns = iter([False, True])
    whole = database.run_transaction

    def dies(*told: Any) -> Any:
        if next(turns, False):
            raise KeyboardInterrupt
        return whole(*told)

    with monkeypatch.context() as patch:
        patch.setattr(database, "run_transaction", dies)
        with pytest.raises(KeyboardInterrupt):
            carrier.bring()
    assert len(carrier.practice.submission_ids()) == 2
    (brought,) = carrier.bring()
    assert dict(brought.counts["submissions"]) == {"duplicate": 2, "created": 3}
    carrier.back()
    assert [standing(carrier.kiosk, one)[0] for one in subjects] == ["done"] * 5


@given(st.binary(max_size=400))
def test_whatever_lies_on_a_stick_is_a_bad_file_and_nothing_worse(content: bytes) -> None:
    head = b'{"format":"ward-kiosk-stick/1","kind":"parcel","parcelId":"20261124T013000Z-a","kioskId":"PK03",'
    head += b'"keyId":"k","madeAt":"2026"}\n'
    public = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    for told in (content, head + content, head.replace(b"parcel", b"answer", 1) + content):
        with pytest.raises(BadFile):
            usb_files.open_parcel(told, lambda _: public, X25519PrivateKey.generate())
        with pytest.raises(BadFile):
            usb_files.open_answer(told, lambda _: bytes(32))
