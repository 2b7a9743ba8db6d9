"""Handing on: only what was accepted, its latest revision, metered, tried again, every attempt kept."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sync.encoding import sha256_hex
from sync.gateway import Settings, create_app, documents, files, forwarding, kiosks, submissions
from sync.gateway import events as acts
from sync.gateway.context import GatewayContext
from sync.gateway.forward_targets import Answer, Dossier, Noted, open_far_side
from sync.gateway.forward_worker import Courier
from sync.gateway.forwarding import ForwardPace
from sync.gateway.kiosks import Kiosk
from sync.gateway.settings import Enrolment
from sync.gateway.submissions import Desk
from sync.parcel import Piece
from tests.sync.town import UNIT, body_of
from tests.sync.yamlcheck import event


@dataclass
class Scripted:
    """A far side that answers from a list, and then takes."""

    answers: list[Answer] = field(default_factory=list)
    asked: list[Dossier] = field(default_factory=list)

    def deliver(self, dossier: Dossier) -> Answer:
        self.asked.append(dossier)
        return self.answers.pop(0) if self.answers else Answer("taken", official_no="H57.99.01-261124-0001")


class Office:
    """A gateway's inside: a clock moved by hand, a desk that accepts, a courier that steps."""

    def __init__(self, database: str) -> None:
        self.now = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
        settings = Settings(database=database, now=lambda: self.now, token=lambda: uuid.uuid4().hex)
        self.app = create_app(settings)
        self.context: GatewayContext = self.app.extensions["gateway"]
        self.far = Scripted()
        self.pace = ForwardPace(interval=1.0, lease=60.0, first=30.0, longest=100.0, slow_first=5.0, slow_longest=20.0)
        self.courier = Courier(self.context, self.far, self.pace)
        with self.context.engine.begin() as db:
            kiosks.add_code(db, Enrolment("ABCDE-FGHJK", "PK03", UNIT), self.now, may_replace=False)
            kiosks.enrol(db, Enrolment("ABCDE-FGHJK", "PK03", UNIT), bytes(32), self.now)

    @property
    def desk(self) -> Desk:
        return Desk(Kiosk("PK03", UNIT), self.now, "practice")

    def submit(self, n: int = 1, **changes: Any) -> str:
        subject = str(uuid.uuid4())
        body = json.dumps(body_of(subject, n, **changes))
        said = {"submissionId": subject, "digest": sha256_hex(body.encode()), "body": body}
        with self.context.engine.begin() as db:
            assert submissions.take(db, self.desk, [said])[0]["outcome"] == "created"
        return subject

    def act(self, subject: str, seq: int, kind: str = "accepted") -> None:
        with self.context.engine.begin() as db:
            assert acts.receive_events(db, self.desk, [event(subject, seq, kind)])[0]["outcome"] == "created"

    def accepted(self, n: int = 1) -> str:
        subject = self.submit(n)
        self.act(subject, 1)
        return subject

    def pass_time(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def counts(self) -> dict[str, int]:
        with self.context.engine.begin() as db:
            return {state: count for state, count in forwarding.counts(db).items() if count}

    def rows(self, statement: str) -> list[Any]:
        with self.context.engine.begin() as db:
            return [tuple(row) for row in db.exec_driver_sql(statement)]


@pytest.fixture
def office(grown: str) -> Iterator[Office]:
    office = Office(grown)
    yield office
    office.context.close()


def test_what_the_desk_has_not_accepted_stays_here(office: Office) -> None:
    subject = office.submit()
    assert not office.courier.step()
    office.act(subject, 1, "supplement")
    assert not office.courier.step()
    office.act(subject, 2, "accepted")
    assert office.courier.step()
    assert [one.submission_id for one in office.far.asked] == [subject]


def test_the_latest_revision_goes_and_only_once(office: Office) -> None:
    first = office.submit()
    second = office.submit(supersedes=first, revision=2)
    office.act(first, 1)
    assert office.courier.step()
    office.pass_time(5)
    assert not office.courier.step()
    assert [(one.submission_id, one.form_revision) for one in office.far.asked] == [(second, 2)]
    assert office.counts() == {"done": 1}


def test_a_correction_goes_after_it_was_accepted_in_its_turn(office: Office) -> None:
    first = office.accepted()
    office.courier.step()
    second = office.submit(supersedes=first, revision=2)
    office.pass_time(5)
    assert not office.courier.step()
    office.act(second, 2)
    assert office.courier.step()
    assert [one.form_revision for one in office.far.asked] == [1, 2]
    office.act(second, 3)
    office.pass_time(5)
    assert not office.courier.step()


def test_a_correction_accepted_while_its_predecessor_is_on_its_way_follows(office: Office) -> None:
    first = office.accepted()
    with office.context.engine.begin() as db:
        dossier = forwarding.claim(db, office.now, office.pace)
    assert dossier is not None
    office.pass_time(1)
    second = office.submit(supersedes=first, revision=2)
    office.act(second, 2)
    with office.context.engine.begin() as db:
        forwarding.settle(db, dossier, Answer("taken"), office.now, office.now, office.pace)
    office.pass_time(2)
    assert office.courier.step()
    assert office.far.asked[0].submission_id == second


def test_what_was_withdrawn_before_its_turn_is_dropped(office: Office) -> None:
    subject = office.accepted()
    office.act(subject, 2, "withdrawn")
    assert not office.courier.step()
    assert office.counts() == {"dropped": 1}


def test_the_official_number_reaches_the_kiosk(office: Office) -> None:
    subject = office.accepted()
    office.courier.step()
    with office.context.engine.begin() as db:
        items, _, _ = submissions.feed(db, Kiosk("PK03", UNIT), 0, 10)
    assert [item["officialNo"] for item in items] == [None, None, "H57.99.01-261124-0001"]
    assert items[-1]["submissionId"] == subject


def test_a_later_is_tried_again_after_growing_pauses_and_every_attempt_is_kept(office: Office) -> None:
    office.far.answers = [Answer("later", "busy"), Answer("later", "busy"), Answer("taken")]
    office.accepted()
    assert office.courier.step()
    office.pass_time(29)
    assert not office.courier.step()
    office.pass_time(2)
    assert office.courier.step()
    office.pass_time(59)
    assert not office.courier.step()
    office.pass_time(2)
    assert office.courier.step()
    kept = office.rows("select outcome, code from forward_attempts order by no")
    assert kept == [("later", "busy"), ("later", "busy"), ("taken", "ok")]
    assert office.counts() == {"done": 1}


def test_a_far_side_that_names_its_time_is_obeyed(office: Office) -> None:
    office.far.answers = [Answer("later", "busy", retry_after=90.0)]
    office.accepted(1)
    office.accepted(2)
    assert office.courier.step()
    office.pass_time(89)
    assert not office.courier.step()
    office.pass_time(2)
    assert office.courier.step()


def test_a_refused_dossier_stops_nobody_and_waits_for_the_operator(office: Office) -> None:
    office.far.answers = [Answer("refused", "wrong-form")]
    subject = office.accepted(1)
    office.accepted(2)
    assert office.courier.step()
    office.pass_time(1)
    assert office.courier.step()
    assert office.counts() == {"refused": 1, "done": 1}
    with office.context.engine.begin() as db:
        assert forwarding.redeliver(db, "PK03", "PK03-261124-0001-F", office.now)
        assert not forwarding.redeliver(db, "PK03", "PK03-261124-0009-F", office.now)
    office.pass_time(1)
    assert office.courier.step()
    assert office.far.asked[-1].submission_id == subject
    assert office.counts() == {"done": 2}


def test_the_meter_lets_one_through_in_its_time(office: Office) -> None:
    for n in range(1, 5):
        office.accepted(n)
    assert [office.courier.step() for _ in range(3)] == [True, False, False]
    office.pass_time(1)
    assert [office.courier.step() for _ in range(2)] == [True, False]


def test_a_process_that_died_with_a_dossier_in_hand_leaves_it_to_another(office: Office) -> None:
    subject = office.accepted()
    with office.context.engine.begin() as db:
        assert forwarding.claim(db, office.now, office.pace) is not None
    office.pass_time(59)
    assert not office.courier.step()
    office.pass_time(2)
    assert office.courier.step()
    assert [one.submission_id for one in office.far.asked] == [subject]
    assert office.far.asked[0].tries == 2


def test_a_late_answer_of_a_lost_attempt_does_not_undo_a_newer_one(office: Office) -> None:
    office.accepted()
    with office.context.engine.begin() as db:
        lost = forwarding.claim(db, office.now, office.pace)
    assert lost is not None
    office.pass_time(61)
    assert office.courier.step()
    with office.context.engine.begin() as db:
        forwarding.settle(db, lost, Answer("later", "timeout"), office.now, office.now, office.pace)
    assert office.counts() == {"done": 1}
    assert len(office.rows("select no from forward_attempts")) == 2


def test_two_couriers_never_carry_the_same(office: Office) -> None:
    for n in range(1, 4):
        office.accepted(n)
    quick = ForwardPace(interval=0.0)
    if office.context.engine.dialect.name == "postgresql":
        with office.context.engine.begin() as one, office.context.engine.begin() as other:
            rows = [forwarding.due_row(db, office.now) for db in (one, other)]
        assert None not in rows
        assert len({row.receipt_no for row in rows if row is not None}) == 2
    with office.context.engine.begin() as db:
        carried = [forwarding.claim(db, office.now, quick) for _ in range(4)]
    assert [one.receipt_no if one else None for one in carried] == [
        "PK03-261124-0001-F", "PK03-261124-0002-F", "PK03-261124-0003-F", None,
    ]  # fmt: skip


def test_old_marks_are_swept_and_fresh_ones_kept(office: Office) -> None:
    with office.context.engine.begin() as db:
        kiosks.use_nonce(db, "key", "old", office.now - timedelta(minutes=21))
        kiosks.use_nonce(db, "key", "fresh", office.now - timedelta(minutes=9))
    office.courier.step()
    assert office.rows("select nonce from nonces") == [("fresh",)]


def test_without_a_far_side_dossiers_wait(office: Office) -> None:
    office.accepted()
    assert not Courier(office.context, None, office.pace).step()
    assert office.counts() == {"due": 1}


def test_the_twin_takes_note_without_a_body_and_behaves_as_asked(office: Office, tmp_path: Path) -> None:
    twin = open_far_side(f"folder:{tmp_path / 'noted'}")
    assert isinstance(twin, Noted)
    subject = office.accepted()
    courier = Courier(office.context, twin, office.pace)
    (twin.folder / "mood").write_text("away")
    assert courier.step()
    office.pass_time(31)
    (twin.folder / "mood").write_text("slow")
    twin.hurry.set()
    assert courier.step()
    noted = (twin.folder / f"{subject}.json").read_text()
    assert json.loads(noted)["receiptNo"] == "PK03-261124-0001-F"
    assert "Lê Văn Thử" not in noted
    twin.mood = "refuses"
    (twin.folder / "mood").unlink()
    office.accepted(2)
    office.pass_time(2)
    assert courier.step()
    assert office.counts() == {"done": 1, "refused": 1}


def test_a_twin_whose_disk_is_gone_asks_for_patience(office: Office, tmp_path: Path) -> None:
    twin = Noted(tmp_path / "noted")
    twin.folder.rmdir()
    office.accepted()
    assert Courier(office.context, twin, office.pace).step()
    assert office.rows("select outcome, code from forward_attempts") == [("later", "disk")]


@pytest.mark.parametrize("place", ["folder:", "opencps", "https://portal.example"])
def test_a_place_that_is_not_known_is_named(place: str) -> None:
    with pytest.raises(ValueError, match="no place to forward to"):
        open_far_side(place)


SCAN = b"a photo of a paper" * 100


def _paper(item: str, content: bytes | None = SCAN) -> dict[str, Any]:
    file = {"sha256": sha256_hex(content), "size": len(content), "mediaType": "image/jpeg"} if content else None
    return {"itemId": item, "documentCode": "giay_chung_sinh", "name": "Giấy chứng sinh", "file": file}


def _enclose(office: Office, subject: str, seq: int, paper: dict[str, Any]) -> None:
    with office.context.engine.begin() as db:
        said = event(subject, seq, "document", document=paper)
        assert acts.receive_events(db, office.desk, [said])[0]["outcome"] == "created"


def _come(office: Office, content: bytes = SCAN) -> None:
    with office.context.engine.begin() as db:
        named = files.Name("PK03", sha256_hex(content))
        assert files.append(db, named, Piece(0, content, is_last=True), office.now).word == "whole"
        forwarding.has_come(db, "PK03", documents.receipts_with_file(db, "PK03", named.sha256), office.now)


def test_an_accepted_dossier_waits_a_while_for_its_files_and_goes_with_them(office: Office) -> None:
    subject = office.submit()
    _enclose(office, subject, 1, _paper(str(uuid.uuid4())))
    office.act(subject, 2)
    assert not office.courier.step()
    office.pass_time(60)
    _come(office)
    assert office.courier.step()
    (dossier,) = office.far.asked
    assert [(one.name, one.sha256, one.size) for one in dossier.papers] == [
        ("Giấy chứng sinh", sha256_hex(SCAN), len(SCAN))
    ]
    assert dossier.read(sha256_hex(SCAN)) == SCAN
    assert dossier.read("0" * 64) is None
    office.pass_time(60)
    assert not office.courier.step()


def test_files_that_come_late_follow_a_dossier_that_has_gone(office: Office) -> None:
    subject = office.submit()
    item = str(uuid.uuid4())
    _enclose(office, subject, 1, _paper(item))
    office.act(subject, 2)
    office.pass_time(forwarding.FOR_FILES.total_seconds() + 1)
    assert office.courier.step()
    office.pass_time(60)
    assert not office.courier.step()
    _come(office)
    assert office.courier.step()
    _enclose(office, subject, 3, _paper(item, None))
    office.pass_time(60)
    assert office.courier.step()
    assert [len(one.papers) for one in office.far.asked] == [0, 1, 0]
    assert {one.submission_id for one in office.far.asked} == {subject}


def test_a_file_that_comes_while_its_dossier_is_on_its_way_follows(office: Office) -> None:
    subject = office.accepted()
    with office.context.engine.begin() as db:
        dossier = forwarding.claim(db, office.now, office.pace)
    assert dossier is not None
    _enclose(office, subject, 2, _paper(str(uuid.uuid4())))
    _come(office)
    with office.context.engine.begin() as db:
        forwarding.settle(db, dossier, Answer("taken"), office.now, office.now, office.pace)
    office.pass_time(2)
    assert office.courier.step()
    assert [len(one.papers) for one in office.far.asked] == [1]
    assert office.counts() == {"done": 1}


def test_a_file_hurries_nothing_that_the_far_side_has_put_off(office: Office) -> None:
    subject = office.submit()
    _enclose(office, subject, 1, _paper(str(uuid.uuid4())))
    office.act(subject, 2)
    office.far.answers = [Answer("later", "away")]
    office.pass_time(forwarding.FOR_FILES.total_seconds() + 1)
    assert office.courier.step()
    _come(office)
    office.pass_time(10)
    assert not office.courier.step()


def test_the_twin_notes_the_files_that_it_could_read(tmp_path: Path, office: Office) -> None:
    subject = office.submit()
    _enclose(office, subject, 1, _paper(str(uuid.uuid4())))
    office.act(subject, 2)
    _come(office)
    office.pass_time(2)
    noted = Noted(tmp_path / "noted")
    assert Courier(office.context, noted, office.pace).step()
    kept = json.loads((tmp_path / "noted" / f"{subject}.json").read_text("utf-8"))
    assert kept["files"] == [{"documentCode": "giay_chung_sinh", "sha256": sha256_hex(SCAN), "size": len(SCAN)}]
