"""Forwarding: accepted dossiers only, in the latest revision, rate-limited, retried, every attempt recorded."""

import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sync.encoding import sha256_hex
from sync.gateway import (
    GatewaySettings,
    create_app,
    documents,
    events,
    files,
    forwarding,
    kiosks,
    status_changes,
    submissions,
)
from sync.gateway.context import GatewayContext
from sync.gateway.forward_run import ForwardRun
from sync.gateway.forward_targets import Dossier, ForwardAnswer, ForwardPlan, StepCheck, StepResult
from sync.gateway.forward_worker import ForwardWorker
from sync.gateway.forwarding import ForwardAttempt, ForwardPace
from sync.gateway.kiosks import Kiosk
from sync.gateway.settings import Enrolment
from sync.gateway.submissions import BatchContext
from sync.gateway.targets import open_forward_target
from sync.gateway.targets.folder import FolderTarget
from sync.parcel import FileChunk
from tests.sync.contract_checks import event
from tests.sync.practice_gateway import UNIT, make_body


@dataclass
class ScriptedTarget:
    """A forward target with one step, which answers from a list, and then accepts everything."""

    name: str = "scripted"
    answers: list[StepResult] = field(default_factory=list)
    dossiers: list[Dossier] = field(default_factory=list)
    checks: list[StepCheck] = field(default_factory=list)
    waits_for: str = ""

    def plan(self, dossier: Dossier, facts: Mapping[str, str]) -> ForwardPlan:
        files = "-".join(document.item_id for document in dossier.documents)
        return ForwardPlan(steps=(f"send:{dossier.submission_id}-{files}",), waits_for=self.waits_for)

    def run(self, dossier: Dossier, step: str, facts: Mapping[str, str]) -> StepResult:
        self.dossiers.append(dossier)
        return self.answers.pop(0) if self.answers else StepResult("done", official_no="H57.99.01-261124-0001")

    def verify(self, dossier: Dossier, step: str, facts: Mapping[str, str]) -> StepCheck:
        return self.checks.pop(0) if self.checks else StepCheck("absent")

    def close(self) -> None:
        """Close nothing."""


class ForwardingSetup:
    """A gateway without a server: a clock moved by hand, desk events, and a forward worker."""

    def __init__(self, database: str, key_file: Path) -> None:
        self.now = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
        settings = GatewaySettings(
            database=database,
            now=lambda: self.now,
            token=lambda: uuid.uuid4().hex,
            public_urls=("https://gateway.example",),
            key_file=str(key_file),
        )
        self.app = create_app(settings)
        self.context: GatewayContext = self.app.extensions["gateway"]
        self.target = ScriptedTarget()
        self.pace = ForwardPace(interval=1.0, lease=60.0, first=30.0, longest=100.0, slow_first=5.0, slow_longest=20.0)
        self.worker = ForwardWorker(self.context, self.target, self.pace)
        with self.context.engine.begin() as db:
            kiosks.add_code(db, Enrolment("ABCDE-FGHJK", "PK03", UNIT), self.now, may_replace=False)
            kiosks.enrol(db, Enrolment("ABCDE-FGHJK", "PK03", UNIT), bytes(32), self.now)

    @property
    def batch(self) -> BatchContext:
        return BatchContext(Kiosk("PK03", UNIT), self.now, "practice")

    def submit(self, n: int = 1, **changes: Any) -> str:
        subject = str(uuid.uuid4())
        body = json.dumps(make_body(subject, n, **changes))
        envelope = {"submissionId": subject, "digest": sha256_hex(body.encode()), "body": body}
        with self.context.engine.begin() as db:
            assert submissions.receive_submissions(db, self.batch, [envelope])[0]["outcome"] == "created"
        return subject

    def add_event(self, subject: str, seq: int, kind: str = "accepted") -> None:
        with self.context.engine.begin() as db:
            assert events.receive_events(db, self.batch, [event(subject, seq, kind)])[0]["outcome"] == "created"

    def submit_accepted(self, n: int = 1) -> str:
        subject = self.submit(n)
        self.add_event(subject, 1)
        return subject

    def attempt(self, dossier: Dossier, answer: ForwardAnswer) -> ForwardAttempt:
        return ForwardAttempt(dossier=dossier, answer=answer, began=self.now, ended=self.now)

    def pass_time(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def count_by_state(self) -> dict[str, int]:
        with self.context.engine.begin() as db:
            return {state: count for state, count in forwarding.count_by_state(db).items() if count}

    def rows(self, statement: str) -> list[Any]:
        with self.context.engine.begin() as db:
            return [tuple(row) for row in db.exec_driver_sql(statement)]


@pytest.fixture
def setup(migrated_database: str, tmp_path: Path) -> Iterator[ForwardingSetup]:
    setup = ForwardingSetup(migrated_database, tmp_path / "gateway.key")
    yield setup
    setup.context.close()


def test_a_dossier_that_the_desk_has_not_accepted_is_not_forwarded(setup: ForwardingSetup) -> None:
    subject = setup.submit()
    assert not setup.worker.step()
    setup.add_event(subject, 1, "supplement")
    assert not setup.worker.step()
    setup.add_event(subject, 2, "accepted")
    assert setup.worker.step()
    assert [dossier.submission_id for dossier in setup.target.dossiers] == [subject]


def test_the_latest_revision_is_forwarded_only_once(setup: ForwardingSetup) -> None:
    first = setup.submit()
    second = setup.submit(supersedes=first, revision=2)
    setup.add_event(first, 1)
    assert setup.worker.step()
    setup.pass_time(5)
    assert not setup.worker.step()
    assert [(dossier.submission_id, dossier.form_revision) for dossier in setup.target.dossiers] == [(second, 2)]
    assert setup.count_by_state() == {"done": 1}


def test_a_correction_is_forwarded_after_it_was_accepted_itself(setup: ForwardingSetup) -> None:
    first = setup.submit_accepted()
    setup.worker.step()
    second = setup.submit(supersedes=first, revision=2)
    setup.pass_time(5)
    assert not setup.worker.step()
    setup.add_event(second, 2)
    assert setup.worker.step()
    assert [dossier.form_revision for dossier in setup.target.dossiers] == [1, 2]
    setup.add_event(second, 3)
    setup.pass_time(5)
    assert not setup.worker.step()


def test_a_correction_accepted_while_its_predecessor_is_being_sent_is_forwarded_next(setup: ForwardingSetup) -> None:
    first = setup.submit_accepted()
    with setup.context.engine.begin() as db:
        dossier = forwarding.claim_due(db, setup.now, setup.pace)
    assert dossier is not None
    setup.pass_time(1)
    second = setup.submit(supersedes=first, revision=2)
    setup.add_event(second, 2)
    with setup.context.engine.begin() as db:
        forwarding.record_attempt(db, setup.attempt(dossier, ForwardAnswer("taken")), setup.pace)
    setup.pass_time(2)
    assert setup.worker.step()
    assert setup.target.dossiers[0].submission_id == second


def test_a_dossier_withdrawn_before_its_turn_is_dropped(setup: ForwardingSetup) -> None:
    subject = setup.submit_accepted()
    setup.add_event(subject, 2, "withdrawn")
    assert not setup.worker.step()
    assert setup.count_by_state() == {"dropped": 1}


def test_the_official_number_reaches_the_kiosk(setup: ForwardingSetup) -> None:
    subject = setup.submit_accepted()
    setup.worker.step()
    with setup.context.engine.begin() as db:
        rows = status_changes.list_changes(db, Kiosk("PK03", UNIT), 0, 10)
        items = status_changes.receipts_json(db, Kiosk("PK03", UNIT), rows)
    assert [item["officialNo"] for item in items] == [None, None, "H57.99.01-261124-0001"]
    assert items[-1]["submissionId"] == subject


def test_a_later_is_retried_with_back_off_and_every_attempt_is_recorded(setup: ForwardingSetup) -> None:
    setup.target.answers = [StepResult("later", "busy"), StepResult("later", "busy"), StepResult("done")]
    setup.submit_accepted()
    assert setup.worker.step()
    setup.pass_time(29)
    assert not setup.worker.step()
    setup.pass_time(2)
    assert setup.worker.step()
    setup.pass_time(59)
    assert not setup.worker.step()
    setup.pass_time(2)
    assert setup.worker.step()
    kept = setup.rows("select outcome, code from forward_attempts order by no")
    assert kept == [("later", "busy"), ("later", "busy"), ("taken", "ok")]
    assert setup.count_by_state() == {"done": 1}


def test_retry_after_of_the_target_is_obeyed(setup: ForwardingSetup) -> None:
    setup.target.answers = [StepResult("later", "busy", retry_after=90.0)]
    setup.submit_accepted(1)
    setup.submit_accepted(2)
    assert setup.worker.step()
    setup.pass_time(89)
    assert not setup.worker.step()
    setup.pass_time(2)
    assert setup.worker.step()


def test_a_refused_dossier_blocks_no_other_and_waits_for_the_operator(setup: ForwardingSetup) -> None:
    setup.target.answers = [StepResult("refused", "wrong-form")]
    subject = setup.submit_accepted(1)
    setup.submit_accepted(2)
    assert setup.worker.step()
    setup.pass_time(1)
    assert setup.worker.step()
    assert setup.count_by_state() == {"refused": 1, "done": 1}
    with setup.context.engine.begin() as db:
        assert forwarding.redeliver(db, "PK03", "PK03-261124-0001-F", setup.now)
        assert not forwarding.redeliver(db, "PK03", "PK03-261124-0009-F", setup.now)
    setup.pass_time(1)
    assert setup.worker.step()
    assert setup.target.dossiers[-1].submission_id == subject
    assert setup.count_by_state() == {"done": 2}


def test_a_fault_of_an_adapter_refuses_one_dossier_and_the_worker_goes_on(
    setup: ForwardingSetup, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fall(*_args: object) -> StepResult:
        raise KeyError("Nguyễn Thị Bí Mật")

    setup.submit_accepted()
    with monkeypatch.context() as patch:
        patch.setattr(setup.target, "run", fall)
        assert setup.worker.step()
    assert setup.count_by_state() == {"refused": 1}
    assert setup.rows("select outcome, code from forward_attempts") == [("refused", "KeyError")]
    assert "Bí Mật" not in caplog.text
    setup.submit_accepted(2)
    setup.pass_time(1)
    assert setup.worker.step()
    assert setup.count_by_state() == {"refused": 1, "done": 1}


def test_words_that_no_database_stores_and_long_facts_are_kept(setup: ForwardingSetup) -> None:
    setup.target.answers = [StepResult("refused", "error5", words="Lỗi \ud83d\0 ở Nguyễn Văn A, 046012345678")]
    setup.submit_accepted()
    assert setup.worker.step()
    ((words,),) = setup.rows("select words from forward_steps")
    assert words.startswith("Lỗi ? ")
    assert "046012345678" not in words
    fact = "x" * 5000
    setup.target.answers = [StepResult("done", fact=fact, words="Đã nhận của 046012345678")]
    setup.submit_accepted(2)
    setup.pass_time(1)
    assert setup.worker.step()
    ((kept, said),) = setup.rows("select fact, words from forward_steps where state = 'done'")
    assert kept == fact
    assert said == "Đã nhận của •••"


def test_a_correction_accepted_while_its_predecessor_is_refused_is_tried(setup: ForwardingSetup) -> None:
    first = setup.submit_accepted()
    with setup.context.engine.begin() as db:
        dossier = forwarding.claim_due(db, setup.now, setup.pace)
    assert dossier is not None
    setup.pass_time(5)
    second = setup.submit(revision=2, supersedes=first)
    setup.add_event(second, 2)
    with setup.context.engine.begin() as db:
        forwarding.record_attempt(db, setup.attempt(dossier, ForwardAnswer("refused", "error5")), setup.pace)
    setup.pass_time(5)
    assert setup.worker.step()
    assert setup.target.dossiers[-1].submission_id == second


def test_a_number_that_two_dossiers_have_is_seen(setup: ForwardingSetup) -> None:
    setup.submit_accepted(1)
    setup.submit_accepted(2)
    with setup.context.engine.begin() as db:
        db.exec_driver_sql("update submissions set official_no = 'H57.99.01-261124-0001'")
        dossier = forwarding.claim_due(db, setup.now, setup.pace)
    assert dossier is not None
    assert dossier.is_number_taken


def test_the_meter_allows_one_dossier_an_interval(setup: ForwardingSetup) -> None:
    for n in range(1, 5):
        setup.submit_accepted(n)
    assert [setup.worker.step() for _ in range(3)] == [True, False, False]
    setup.pass_time(1)
    assert [setup.worker.step() for _ in range(2)] == [True, False]


def test_a_dossier_of_a_process_that_died_is_retried_after_its_lease(setup: ForwardingSetup) -> None:
    subject = setup.submit_accepted()
    with setup.context.engine.begin() as db:
        assert forwarding.claim_due(db, setup.now, setup.pace) is not None
    setup.pass_time(59)
    assert not setup.worker.step()
    setup.pass_time(2)
    assert setup.worker.step()
    assert [dossier.submission_id for dossier in setup.target.dossiers] == [subject]
    assert setup.target.dossiers[0].tries == 2


def test_a_late_answer_of_a_lost_attempt_does_not_undo_a_newer_one(setup: ForwardingSetup) -> None:
    setup.submit_accepted()
    with setup.context.engine.begin() as db:
        lost = forwarding.claim_due(db, setup.now, setup.pace)
    assert lost is not None
    setup.pass_time(61)
    assert setup.worker.step()
    with setup.context.engine.begin() as db:
        forwarding.record_attempt(db, setup.attempt(lost, ForwardAnswer("later", "timeout")), setup.pace)
    assert setup.count_by_state() == {"done": 1}
    assert len(setup.rows("select no from forward_attempts")) == 2


def test_an_attempt_of_before_a_new_start_holds_nothing(setup: ForwardingSetup) -> None:
    setup.submit_accepted()
    with setup.context.engine.begin() as db:
        lost = forwarding.claim_due(db, setup.now, setup.pace)
    assert lost is not None
    setup.pass_time(61)
    setup.target.answers = [StepResult("refused", "error5")]
    assert setup.worker.step()
    with setup.context.engine.begin() as db:
        assert forwarding.redeliver(db, "PK03", lost.receipt_no, setup.now)
    setup.pass_time(2)
    with setup.context.engine.begin() as db:
        present = forwarding.claim_due(db, setup.now, setup.pace)
    assert present is not None
    assert present.tries == lost.tries == 1, "the count of attempts starts again"
    run = ForwardRun(engine=setup.context.engine, target=setup.target, dossier=lost, now=lambda: setup.now, lease=60.0)
    assert run.deliver() == ForwardAnswer("later", "lost")
    with setup.context.engine.begin() as db:
        forwarding.record_attempt(db, setup.attempt(lost, ForwardAnswer("refused", "late")), setup.pace)
    assert setup.count_by_state() == {"sending": 1}


def test_a_dossier_withdrawn_during_an_attempt_that_sent_nothing_is_dropped(setup: ForwardingSetup) -> None:
    for n, answer in enumerate((ForwardAnswer("later", "gaierror"), ForwardAnswer("refused", "403")), start=1):
        subject = setup.submit_accepted(n)
        with setup.context.engine.begin() as db:
            dossier = forwarding.claim_due(db, setup.now, setup.pace)
        assert dossier is not None
        setup.add_event(subject, 2, "withdrawn")
        with setup.context.engine.begin() as db:
            forwarding.record_attempt(db, setup.attempt(dossier, answer), setup.pace)
        assert setup.count_by_state() == {"dropped": n}
        setup.pass_time(101)
        assert not setup.worker.step()


def test_a_dossier_withdrawn_while_its_plan_is_made_is_dropped(setup: ForwardingSetup) -> None:
    subject = setup.submit_accepted()
    with setup.context.engine.begin() as db:
        dossier = forwarding.claim_due(db, setup.now, setup.pace)
    assert dossier is not None
    setup.add_event(subject, 2, "stopped")
    with setup.context.engine.begin() as db:
        forwarding.record_wait(db, dossier, waits_for="unit", now=setup.now, pace=setup.pace)
    assert setup.count_by_state() == {"dropped": 1}


def test_what_the_desk_types_while_a_dossier_is_planned_ends_its_wait(setup: ForwardingSetup) -> None:
    subject = setup.submit_accepted()
    with setup.context.engine.begin() as db:
        dossier = forwarding.claim_due(db, setup.now, setup.pace)
        assert dossier is not None
        numbered = event(subject, 2, "numbered", officialNo="H57.99.01-261124-0009")
        assert events.receive_events(db, setup.batch, [numbered])[0]["outcome"] == "created"
        forwarding.record_wait(db, dossier, waits_for="official-number", now=setup.now, pace=setup.pace)
    assert setup.worker.step(), "it is due at once"
    assert setup.target.dossiers[0].official_no == "H57.99.01-261124-0009"


def test_two_workers_never_claim_the_same_dossier(setup: ForwardingSetup) -> None:
    for n in range(1, 4):
        setup.submit_accepted(n)
    quick = ForwardPace(interval=0.0)
    if setup.context.engine.dialect.name == "postgresql":
        with setup.context.engine.begin() as first, setup.context.engine.begin() as second:
            rows = [forwarding.lock_due(db, setup.now) for db in (first, second)]
        assert None not in rows
        assert len({row.receipt_no for row in rows if row is not None}) == 2
    with setup.context.engine.begin() as db:
        claimed = [forwarding.claim_due(db, setup.now, quick) for _ in range(4)]
    assert [dossier.receipt_no if dossier else None for dossier in claimed] == [
        "PK03-261124-0001-F", "PK03-261124-0002-F", "PK03-261124-0003-F", None,
    ]  # fmt: skip


def test_old_nonces_are_deleted_and_recent_ones_kept(setup: ForwardingSetup) -> None:
    with setup.context.engine.begin() as db:
        kiosks.record_nonce(db, "key", "old", setup.now - timedelta(minutes=21))
        kiosks.record_nonce(db, "key", "fresh", setup.now - timedelta(minutes=9))
    setup.worker.step()
    assert setup.rows("select nonce from nonces") == [("fresh",)]


def test_without_a_target_dossiers_wait(setup: ForwardingSetup) -> None:
    setup.submit_accepted()
    assert not ForwardWorker(setup.context, None, setup.pace).step()
    assert setup.count_by_state() == {"due": 1}


def test_the_folder_target_writes_no_body_and_behaves_as_configured(setup: ForwardingSetup, tmp_path: Path) -> None:
    target = open_forward_target(f"folder:{tmp_path / 'noted'}")
    assert isinstance(target, FolderTarget)
    subject = setup.submit_accepted()
    worker = ForwardWorker(setup.context, target, setup.pace)
    (target.folder / "mood").write_text("away")
    assert worker.step()
    setup.pass_time(31)
    (target.folder / "mood").write_text("slow")
    target.stop_waiting.set()
    assert worker.step()
    written = (target.folder / f"{subject}.json").read_text()
    assert json.loads(written)["receiptNo"] == "PK03-261124-0001-F"
    assert "Lê Văn Thử" not in written
    target.behaviour = "refuses"
    (target.folder / "mood").unlink()
    setup.submit_accepted(2)
    setup.pass_time(2)
    assert worker.step()
    assert setup.count_by_state() == {"done": 1, "refused": 1}


def test_a_folder_target_without_its_folder_answers_later(setup: ForwardingSetup, tmp_path: Path) -> None:
    target = FolderTarget(tmp_path / "noted")
    target.folder.rmdir()
    setup.submit_accepted()
    assert ForwardWorker(setup.context, target, setup.pace).step()
    assert setup.rows("select outcome, code from forward_attempts") == [("later", "disk")]


@pytest.mark.parametrize("place", ["folder:", "opencps", "https://portal.example"])
def test_an_unknown_target_is_named_in_the_error(place: str) -> None:
    with pytest.raises(ValueError, match="no place to forward to"):
        open_forward_target(place)


SCAN = b"a photo of a paper" * 100


def _make_item(item: str, content: bytes | None = SCAN) -> dict[str, Any]:
    file = {"sha256": sha256_hex(content), "size": len(content), "mediaType": "image/jpeg"} if content else None
    return {"itemId": item, "documentCode": "giay_chung_sinh", "name": "Giấy chứng sinh", "file": file}


def _attach_document(setup: ForwardingSetup, subject: str, seq: int, item: dict[str, Any]) -> None:
    with setup.context.engine.begin() as db:
        document_event = event(subject, seq, "document", document=item)
        assert events.receive_events(db, setup.batch, [document_event])[0]["outcome"] == "created"


def _upload_file(setup: ForwardingSetup, content: bytes = SCAN) -> None:
    with setup.context.engine.begin() as db:
        key = files.FileKey("PK03", sha256_hex(content))
        assert files.append_piece(db, key, FileChunk(0, content, is_last=True), setup.now).outcome == "whole"
        forwarding.on_files_complete(db, "PK03", documents.receipts_with_file(db, "PK03", key.sha256), setup.now)


def test_an_accepted_dossier_waits_for_its_files_and_is_forwarded_with_them(setup: ForwardingSetup) -> None:
    subject = setup.submit()
    _attach_document(setup, subject, 1, _make_item(str(uuid.uuid4())))
    setup.add_event(subject, 2)
    assert not setup.worker.step()
    setup.pass_time(60)
    _upload_file(setup)
    assert setup.worker.step()
    (dossier,) = setup.target.dossiers
    assert [(document.name, document.sha256, document.size) for document in dossier.documents] == [
        ("Giấy chứng sinh", sha256_hex(SCAN), len(SCAN))
    ]
    assert dossier.read_content(sha256_hex(SCAN)) == SCAN
    assert dossier.read_content("0" * 64) is None
    setup.pass_time(60)
    assert not setup.worker.step()


def test_a_dossier_is_forwarded_again_with_files_that_arrive_late(setup: ForwardingSetup) -> None:
    subject = setup.submit()
    item = str(uuid.uuid4())
    _attach_document(setup, subject, 1, _make_item(item))
    setup.add_event(subject, 2)
    setup.pass_time(forwarding.FILE_WAIT.total_seconds() + 1)
    assert setup.worker.step()
    setup.pass_time(60)
    assert not setup.worker.step()
    _upload_file(setup)
    assert setup.worker.step()
    _attach_document(setup, subject, 3, _make_item(item, None))
    setup.pass_time(60)
    assert setup.worker.step()
    assert [len(dossier.documents) for dossier in setup.target.dossiers] == [0, 1, 0]
    assert {dossier.submission_id for dossier in setup.target.dossiers} == {subject}


def test_a_dossier_is_forwarded_again_with_a_file_that_arrives_while_it_is_sent(setup: ForwardingSetup) -> None:
    subject = setup.submit_accepted()
    with setup.context.engine.begin() as db:
        dossier = forwarding.claim_due(db, setup.now, setup.pace)
    assert dossier is not None
    _attach_document(setup, subject, 2, _make_item(str(uuid.uuid4())))
    _upload_file(setup)
    with setup.context.engine.begin() as db:
        forwarding.record_attempt(db, setup.attempt(dossier, ForwardAnswer("taken")), setup.pace)
    setup.pass_time(2)
    assert setup.worker.step()
    assert [len(dossier.documents) for dossier in setup.target.dossiers] == [1]
    assert setup.count_by_state() == {"done": 1}


def test_a_file_does_not_shorten_the_wait_after_a_later(setup: ForwardingSetup) -> None:
    subject = setup.submit()
    _attach_document(setup, subject, 1, _make_item(str(uuid.uuid4())))
    setup.add_event(subject, 2)
    setup.target.answers = [StepResult("later", "away")]
    setup.pass_time(forwarding.FILE_WAIT.total_seconds() + 1)
    assert setup.worker.step()
    _upload_file(setup)
    setup.pass_time(10)
    assert not setup.worker.step()


def test_the_folder_target_writes_the_files_that_it_could_read(tmp_path: Path, setup: ForwardingSetup) -> None:
    subject = setup.submit()
    _attach_document(setup, subject, 1, _make_item(str(uuid.uuid4())))
    setup.add_event(subject, 2)
    _upload_file(setup)
    setup.pass_time(2)
    target = FolderTarget(tmp_path / "noted")
    assert ForwardWorker(setup.context, target, setup.pace).step()
    kept = json.loads((tmp_path / "noted" / f"{subject}.json").read_text("utf-8"))
    assert kept["files"] == [{"documentCode": "giay_chung_sinh", "sha256": sha256_hex(SCAN), "size": len(SCAN)}]


def _steps(setup: ForwardingSetup) -> list[Any]:
    return setup.rows("select state, tries, code, words from forward_steps order by no")


def test_a_step_whose_outcome_is_unknown_is_verified_before_it_is_repeated(setup: ForwardingSetup) -> None:
    setup.target.answers = [StepResult("unknown", "deadline", words="?")]
    setup.target.checks = [StepCheck("cannot_tell", "gaierror"), StepCheck("present", official_no="H57-1")]
    setup.submit_accepted()
    assert setup.worker.step()
    assert _steps(setup) == [("begun", 1, "deadline", "?")]
    for _ in range(2):
        setup.pass_time(101)
        assert setup.worker.step()
    assert len(setup.target.dossiers) == 1
    assert _steps(setup) == [("done", 1, "ok", "")]
    assert setup.count_by_state() == {"done": 1}
    assert setup.rows("select official_no from submissions") == [("H57-1",)]
    assert setup.rows("select outcome, code from forward_attempts order by no") == [
        ("later", "deadline"), ("later", "gaierror"), ("taken", "ok"),
    ]  # fmt: skip


def test_a_step_that_the_system_cannot_show_is_closed_as_doubtful_and_never_repeated(setup: ForwardingSetup) -> None:
    setup.target.answers = [StepResult("unknown", "deadline")]
    setup.target.checks = [StepCheck("untraceable")]
    setup.submit_accepted()
    setup.worker.step()
    setup.pass_time(101)
    setup.worker.step()
    assert (len(setup.target.dossiers), setup.count_by_state()) == (1, {"done": 1})
    assert [row[0] for row in _steps(setup)] == ["doubtful"]
    with setup.context.engine.begin() as db:
        assert forwarding.redeliver(db, "PK03", "PK03-261124-0001-F", setup.now)
    setup.worker.step()
    assert len(setup.target.dossiers) == 1


def test_something_else_under_the_name_of_a_dossier_waits_for_a_person(setup: ForwardingSetup) -> None:
    setup.target.answers = [StepResult("unknown", "deadline")]
    setup.target.checks = [StepCheck("different", "other-dossier")]
    setup.submit_accepted()
    setup.worker.step()
    setup.pass_time(101)
    setup.worker.step()
    assert setup.count_by_state() == {"refused": 1}
    assert setup.rows("select code from forward_attempts order by no") == [("deadline",), ("other-dossier",)]


def test_a_done_dossier_that_is_delivered_again_is_verified_and_not_sent(setup: ForwardingSetup) -> None:
    setup.submit_accepted()
    setup.worker.step()
    setup.target.checks = [StepCheck("present"), StepCheck("absent")]
    for sent in (1, 2):
        with setup.context.engine.begin() as db:
            assert forwarding.redeliver(db, "PK03", "PK03-261124-0001-F", setup.now)
        setup.pass_time(5)
        assert setup.worker.step()
        assert len(setup.target.dossiers) == sent


def test_an_attempt_that_has_lost_its_dossier_sends_nothing(setup: ForwardingSetup) -> None:
    setup.submit_accepted()
    with setup.context.engine.begin() as db:
        lost = forwarding.claim_due(db, setup.now, setup.pace)
    assert lost is not None
    setup.pass_time(61)
    with setup.context.engine.begin() as db:
        assert forwarding.claim_due(db, setup.now, setup.pace) is not None
    run = ForwardRun(engine=setup.context.engine, target=setup.target, dossier=lost, now=lambda: setup.now, lease=60.0)
    assert run.deliver() == ForwardAnswer("later", "lost")
    assert setup.target.dossiers == []


def test_a_dossier_that_waits_for_its_number_delays_no_other_and_goes_on_with_it(setup: ForwardingSetup) -> None:
    setup.target.waits_for = "official-number"
    first = setup.submit_accepted(1)
    assert setup.worker.step()
    assert setup.rows("select waits_for, tries from forwards") == [("official-number", 0)]
    with setup.context.engine.begin() as db:
        assert forwarding.oldest_open(db) is None, "it is late by no fault"
    setup.target.waits_for = ""
    setup.submit_accepted(2)
    assert setup.worker.step(), "what sends nothing takes no turn"
    assert setup.target.dossiers[0].receipt_no == "PK03-261124-0002-F"
    setup.pass_time(1)
    assert not setup.worker.step()
    with setup.context.engine.begin() as db:
        numbered = event(first, 2, "numbered", officialNo="H57.99.01-261124-0009")
        assert events.receive_events(db, setup.batch, [numbered])[0]["outcome"] == "created"
    assert setup.worker.step()
    assert setup.target.dossiers[1].official_no == "H57.99.01-261124-0009"


def test_a_dossier_that_waits_ends_no_pause_of_the_meter(setup: ForwardingSetup) -> None:
    setup.submit_accepted(1)
    with setup.context.engine.begin() as db:
        dossier = forwarding.claim_due(db, setup.now, setup.pace)
        assert dossier is not None
        pause = "2026-11-24T02:00:00.000Z"  # another process got a slow answer meanwhile
        db.exec_driver_sql(f"update meter set next_at = '{pause}'")
        forwarding.record_wait(db, dossier, waits_for="unit", now=setup.now, pace=setup.pace)
    assert setup.rows("select next_at from meter") == [(pause,)]


def test_a_dossier_that_waited_comes_after_all_others(setup: ForwardingSetup) -> None:
    setup.target.waits_for = "unit"
    setup.submit_accepted(1)
    assert setup.worker.step()
    setup.target.waits_for = ""
    setup.pass_time(4000)
    setup.submit_accepted(2)
    assert setup.worker.step()
    setup.pass_time(1)
    assert setup.worker.step()
    receipts = [dossier.receipt_no for dossier in setup.target.dossiers]
    assert receipts == ["PK03-261124-0002-F", "PK03-261124-0001-F"]


def test_what_the_desk_decides_later_is_planned_again(setup: ForwardingSetup) -> None:
    subject = setup.submit_accepted()
    setup.worker.step()
    setup.add_event(subject, 2, "handed_out")
    assert setup.count_by_state() == {"due": 1}
    setup.pass_time(2)
    assert setup.worker.step()
    assert setup.count_by_state() == {"done": 1}
    assert len(setup.target.dossiers) == 1, "the step is the same"


def test_a_dossier_that_is_withdrawn_after_it_was_begun_is_not_dropped(setup: ForwardingSetup) -> None:
    setup.target.answers = [StepResult("unknown", "deadline")]
    subject = setup.submit_accepted()
    setup.worker.step()
    setup.add_event(subject, 2, "withdrawn")
    setup.pass_time(101)
    assert setup.worker.step()
    assert setup.target.dossiers[-1].status_code == 7
    assert [decision.kind for decision in setup.target.dossiers[-1].decisions] == ["accepted", "withdrawn"]
