"""The head of the audit trail goes into each copy and into the ledger, so a trail that was cut at its end is found."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.backup import create, ledger, restore, rotation
from kiosk.backup.minute_copies import MinuteCopies
from kiosk.base.clock import FixedClock
from kiosk.config import Config
from kiosk.config.sections import BackupSettings
from kiosk.context import Context
from kiosk.health import checks, trail_check
from kiosk.records import audit
from kiosk.records.audit import AuditHead
from kiosk.startup.context_factory import open_context
from kiosk.worker.trail import PIECE, ROUND_SECONDS, TrailVerification
from tests.faults.submitting import submit_form


def cut(context: Context, lines: int) -> None:
    """Cut lines off the end of the trail."""
    with context.store.write() as db:
        db.execute("delete from audit where seq > (select max(seq) from audit) - ?", [lines])


def head_of(context: Context) -> AuditHead:
    with context.store.read() as db:
        return audit.head(db)


def run_verification(context: Context, verification: TrailVerification | None = None) -> None:
    """Step a verification until it has stored its result."""
    verification = verification or TrailVerification(context)
    for _ in range(2 + head_of(context).seq // PIECE):
        verification.step()


def code_of(context: Context) -> str:
    return trail_check.trail(context).code


def test_a_copy_and_the_ledger_know_the_head(context: Context, config_with_backup: Config) -> None:
    submit_form(context)
    head = head_of(context)
    path = create.create(context)
    assert rotation.read_head(path)["trail"] == [head.seq, head.mac]
    assert ledger.audit_head(config_with_backup, context.vault) == head
    assert restore.drill(config_with_backup).trail is None


def test_a_trail_cut_at_its_end_is_found_by_the_ledger_and_a_new_copy_does_not_hide_it(
    context: Context, config_with_backup: Config
) -> None:
    for _ in range(3):
        submit_form(context)
    create.create(context)
    run_verification(context)
    assert code_of(context) == ""
    cut(context, 2)
    assert code_of(context) == "TRAIL-02"
    assert trail_check.verify(context).code == "TRAIL-02"
    submit_form(context)
    submit_form(context)
    create.create(context)
    run_verification(context)
    assert code_of(context) == "TRAIL-02"
    assert restore.drill(config_with_backup).trail is not None


def test_a_whole_trail_that_was_deleted_is_found(context: Context) -> None:
    submit_form(context)
    create.create(context)
    with context.store.write() as db:
        db.execute("delete from audit")
    assert code_of(context) == "TRAIL-02"


def test_either_ledger_file_is_enough(context: Context, config_with_backup: Config, backup_folder: Path) -> None:
    submit_form(context)
    create.create(context)
    cut(context, 1)
    (beside_store,) = config_with_backup.folder.glob("*.ledger")
    content = beside_store.read_bytes()
    beside_store.unlink()
    assert code_of(context) == "TRAIL-02"
    (beside_copies,) = backup_folder.glob("*.ledger")
    beside_copies.unlink()
    beside_store.write_bytes(content)
    assert code_of(context) == "TRAIL-02"


@pytest.mark.parametrize("change", [["trail", 0], ["trail_mac"], ["trail", 2]])
def test_a_changed_ledger_is_not_believed(
    context: Context, config_with_backup: Config, change: list[str | int]
) -> None:
    submit_form(context)
    create.create(context)
    (path,) = config_with_backup.folder.glob("*.ledger")
    entry = json.loads(path.read_text())
    if len(change) == 2:
        entry[change[0]][int(change[1])] += 1
    else:
        entry["trail_mac"] = "0" * 64
    path.write_text(json.dumps(entry))
    assert ledger.audit_head(config_with_backup, context.vault) == head_of(context), "the other file is still right"
    for other in config_with_backup.backup_folder.glob("*.ledger") if config_with_backup.backup_folder else ():
        other.unlink()
    assert ledger.audit_head(config_with_backup, context.vault) is None


def test_a_ledger_of_the_release_before_gives_its_number_and_no_head(
    context: Context, config_with_backup: Config
) -> None:
    create.create(context)
    for path in (*config_with_backup.folder.glob("*.ledger"), *config_with_backup.backup_folder.glob("*.ledger")):  # type: ignore[union-attr]
        entry = json.loads(path.read_text())
        path.write_text(json.dumps({"number": entry["number"], "mac": entry["mac"]}))
    assert ledger.highest_number(config_with_backup, context.vault) == 1
    assert ledger.audit_head(config_with_backup, context.vault) is None
    assert code_of(context) == ""


def test_after_a_restore_the_earlier_trail_raises_no_alarm(
    context: Context, config_with_backup: Config, clock: FixedClock
) -> None:
    submit_form(context)
    create.create(context)
    submit_form(context)
    create.create(context)
    context.store.close()
    restore.restore(config_with_backup, clock, 1)
    restored = open_context(config_with_backup, clock)
    try:
        assert code_of(restored) == ""
        assert trail_check.verify(restored).state == "ok"
        create.create(restored)
        assert ledger.audit_head(config_with_backup, restored.vault) == head_of(restored)
        cut(restored, 1)
        assert code_of(restored) == "TRAIL-02"
    finally:
        restored.store.close()


def test_the_worker_verifies_the_whole_chain_in_pieces_and_again_after_a_pause(
    context: Context, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.worker.trail.PIECE", 2)
    for _ in range(4):
        submit_form(context)
    verification = TrailVerification(context)
    assert "tự soát" in trail_check.trail(context).words
    for _ in range(20):
        verification.step()
    assert trail_check.trail(context).words == f"Nguyên vẹn, {head_of(context).seq} dòng"
    with context.store.write() as db:
        db.execute("update audit set subject = 'x' where seq = 3")
    for _ in range(20):
        verification.step()
    assert code_of(context) == ""
    clock.advance(ROUND_SECONDS)
    for _ in range(20):
        verification.step()
    assert code_of(context) == "TRAIL-01"
    assert "từ dòng 3" in trail_check.trail(context).words


def test_the_alarm_is_on_the_maintenance_page_and_in_doctor(context: Context) -> None:
    for _ in range(3):
        submit_form(context)
    with context.store.write() as db:
        db.execute("delete from audit where seq = (select max(seq) - 1 from audit)")
    run_verification(context)
    result = next(result for result in checks.look(context) if result.name == trail_check.NAME)
    assert result.state == "fault"
    assert result.todo
    assert trail_check.verify(context).code == "TRAIL-01"


def test_lines_that_were_cut_after_the_last_copy_are_found_by_the_last_verification(context: Context) -> None:
    for _ in range(3):
        submit_form(context)
    run_verification(context)
    assert code_of(context) == ""
    cut(context, 2)
    assert code_of(context) == "TRAIL-02"
    assert trail_check.verify(context).code == "TRAIL-02"


def test_a_trail_without_a_line_beside_forms_is_a_fault(context: Context) -> None:
    assert trail_check.verify(context).state == "ok"
    submit_form(context)
    with context.store.write() as db:
        db.execute("delete from audit")
        db.execute("delete from marks where key = 'trail'")
    assert code_of(context) == "TRAIL-02"
    assert trail_check.verify(context).code == "TRAIL-02"


def test_a_copy_of_a_minute_finds_lines_that_were_cut_with_their_marks(context: Context, tmp_path: Path) -> None:
    second = tmp_path / "second-machine"
    second.mkdir()
    context.config = replace(context.config, backup=BackupSettings(second=str(second)))
    submit_form(context)
    submit_form(context)
    MinuteCopies(context).create()
    cut(context, 2)
    with context.store.write() as db:
        db.execute("delete from marks where key = 'trail'")
    assert trail_check.verify(context).code == "TRAIL-02"
    run_verification(context)
    assert code_of(context) == "TRAIL-02"
