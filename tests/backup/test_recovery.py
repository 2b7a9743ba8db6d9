"""The recovery paper: 18 words or a code that open a copy and bring the key back when the machine is lost with it."""

import io
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import zxingcpp

from kiosk.acts import backups
from kiosk.backup import create, recovery, restore
from kiosk.backup.recovery import RecoveryPaper, parse_paper
from kiosk.backup.startup import prepare_store
from kiosk.base.clock import FixedClock
from kiosk.base.errors import KeyMissing, NoCopy, RecoveryPaperWrong, SealBroken
from kiosk.cli import main
from kiosk.config import Config, load
from kiosk.context import Context
from kiosk.health import key_safety
from kiosk.papers import recovery_paper
from kiosk.portal.signing_key import portal_key
from kiosk.startup.context_factory import create_store, open_context
from kiosk.store.db import exclusive
from printers.render import text
from printers.virtual.server import VirtualPrinter
from tests.backup.conftest import rows
from tests.backup.power_cuts import power_cut_at_rename
from tests.faults.submitting import submit_form

PAPER = RecoveryPaper(bytes(range(100, 116)))
COUNT = "select count(*) from submissions"


def test_the_words_are_256_and_differ_without_their_marks() -> None:
    words = {recovery.fold(word) for word in recovery._words()}
    assert len(words) == 256
    assert all(re.fullmatch(r"[a-z]{3,7}", word) for word in words)


def test_the_paper_is_read_from_words_without_marks_in_any_case_and_from_the_code() -> None:
    assert len(PAPER.words) == 18
    assert parse_paper(" ".join(PAPER.words)) == PAPER
    assert parse_paper(recovery.fold(" ".join(PAPER.words)).upper() + "\n") == PAPER
    assert parse_paper(PAPER.code) == PAPER
    assert parse_paper(f" {PAPER.code.lower()}\n") == PAPER


def mistyped() -> Iterator[str]:
    words = list(PAPER.words)
    yield ""
    yield " ".join(words[:-1])
    yield " ".join([*words[:4], "khongco", *words[5:]])
    yield " ".join([words[1], words[0], *words[2:]])
    yield " ".join([*words[:-1], words[0]])
    yield PAPER.code[:-1]
    yield PAPER.code[:-2] + "AA"
    yield "KHOA1-!!!"


@pytest.mark.parametrize("text", list(mistyped()))
def test_a_mistyped_paper_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(RecoveryPaperWrong):
        parse_paper(text)
    with pytest.raises(RecoveryPaperWrong, match="thứ 5"):
        parse_paper(" ".join([*PAPER.words[:4], "khongco", *PAPER.words[5:]]))


def close_with_paper(context: Context, forms: int = 2) -> Config:
    """Save a paper, submit forms, create a copy, and close the store."""
    backups.save_paper(context, PAPER)
    for _ in range(forms):
        submit_form(context)
    create.create(context)
    context.store.close()
    return context.config


def test_the_paper_and_a_copy_restore_a_machine_that_is_lost_with_its_key(context: Context, clock: FixedClock) -> None:
    config = close_with_paper(context)
    key = config.key_path.read_bytes()
    shutil.rmtree(config.folder)
    config.folder.mkdir(parents=True)
    with pytest.raises(KeyMissing):
        restore.restore(config, clock)
    with exclusive(config.store_path):
        done = restore.restore(config, clock, paper=PAPER)
    assert (done.report.forms, done.report.broken, done.report.trail) == (2, 0, None)
    assert config.key_path.read_bytes() == key
    assert config.key_path.stat().st_mode & 0o777 == 0o600
    with closing(open_context(config, clock).store) as store, store.read() as db:
        assert db.execute(COUNT).fetchone() == (2,)


def test_the_drill_from_the_paper_uses_no_key_file_and_writes_none(context: Context) -> None:
    config = close_with_paper(context)
    config.key_path.unlink()
    assert restore.drill(config, paper=PAPER).forms == 2
    assert [path.name for path in config.folder.rglob("*.key")] == []
    with pytest.raises(KeyMissing):
        restore.drill(config)


def test_the_key_in_the_copy_replaces_that_of_a_new_store_which_is_set_aside(
    context: Context, clock: FixedClock
) -> None:
    config = close_with_paper(context)
    key = config.key_path.read_bytes()
    shutil.rmtree(config.folder)
    open_context(config, clock).store.close()
    fresh = config.key_path.read_bytes()
    assert fresh != key
    with pytest.raises(NoCopy), exclusive(config.store_path):
        restore.restore(config, clock)
    with exclusive(config.store_path):
        aside = restore.restore(config, clock, paper=PAPER).aside
    assert aside is not None
    assert (aside / "kiosk.key").read_bytes() == fresh
    assert config.key_path.read_bytes() == key
    assert rows(config.store_path, COUNT) == [(2,)]


def restore_over_a_new_store(
    context: Context, clock: FixedClock, change: str = ""
) -> tuple[bytes, bytes, Config, Path]:
    """Lose the machine, make a new store with a portal key, and restore the copy from the paper.

    Returns:
        The portal key of the copy, that of the new store, the config, and the folder of the new store.
    """
    enrolled = portal_key(context.config.portal_key_path)
    config = close_with_paper(context)
    shutil.rmtree(config.folder)
    with closing(open_context(config, clock).store) as store, store.write() as db:
        fresh = portal_key(config.portal_key_path)
        if change:
            db.execute(change)
    with exclusive(config.store_path):
        aside = restore.restore(config, clock, paper=PAPER).aside
    assert aside is not None
    return enrolled, fresh, config, aside


def test_a_portal_key_that_the_portal_never_accepted_makes_way_for_the_enrolled_one(
    context: Context, clock: FixedClock
) -> None:
    enrolled, fresh, config, aside = restore_over_a_new_store(context, clock)
    assert config.portal_key_path.read_bytes() == enrolled
    assert config.portal_key_path.stat().st_mode & 0o777 == 0o600
    assert (aside / "portal.key").read_bytes() == fresh


@pytest.mark.parametrize(
    "change",
    [
        "update link set cursor = 'c1'",
        "insert into key_renewals (asked_at, actor, state, ended_at)"
        " values ('2026-11-24T01:05:00.000Z', 'KT01', 'done', '2026-11-24T01:06:00.000Z')",
    ],
)
def test_a_portal_key_that_was_enrolled_for_the_new_store_stays(
    context: Context, clock: FixedClock, change: str
) -> None:
    _enrolled, fresh, config, aside = restore_over_a_new_store(context, clock, change)
    assert config.portal_key_path.read_bytes() == fresh, "its enrolment has revoked the key in the copy"
    assert not (aside / "portal.key").exists()


@pytest.mark.parametrize("at", range(1, 16))
def test_a_power_cut_at_any_rename_leaves_store_and_key_of_one_kind(
    context: Context, clock: FixedClock, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled = portal_key(context.config.portal_key_path)
    config = close_with_paper(context)
    key = config.key_path.read_bytes()
    shutil.rmtree(config.folder)
    open_context(config, clock).store.close()
    fresh = config.key_path.read_bytes()
    unknown = portal_key(config.portal_key_path)
    with power_cut_at_rename(monkeypatch, at), exclusive(config.store_path):
        restore.restore(config, clock, paper=PAPER)
    prepare_store(config, clock)
    with closing(open_context(config, clock).store) as store, store.read() as db:
        forms = db.execute(COUNT).fetchone()[0]
    keys = (config.key_path.read_bytes(), config.portal_key_path.read_bytes())
    assert (forms, *keys) in ((2, key, enrolled), (0, fresh, unknown))
    assert not list(config.folder.glob(".*restored"))


def test_another_paper_opens_no_copy_and_changes_nothing(context: Context, clock: FixedClock) -> None:
    config = close_with_paper(context)
    other = RecoveryPaper(b"z" * 16)
    with pytest.raises(RecoveryPaperWrong):
        restore.drill(config, paper=other)
    with pytest.raises(RecoveryPaperWrong), exclusive(config.store_path):
        restore.restore(config, clock, paper=other)
    assert rows(config.store_path, COUNT) == [(2,)]


def test_the_sealed_key_of_one_copy_opens_no_other(context: Context, backup_folder: Path) -> None:
    close_with_paper(context)
    head = create.rotation.read_head(backup_folder / "PK03-000001.copy")
    assert len(PAPER.open(head)) == 32
    with pytest.raises(SealBroken):
        PAPER.open({**head, "number": 2})


def test_copies_from_before_the_paper_hold_no_key_and_say_so(context: Context, backup_folder: Path) -> None:
    create.create(context)
    head = create.rotation.read_head(backup_folder / "PK03-000001.copy")
    assert "kiosk.key" not in [name for name, _size in head["parts"]]
    with pytest.raises(RecoveryPaperWrong, match="trước khi có giấy"):
        restore.drill(context.config, paper=PAPER)


class PaperReader(io.TextIOBase):
    """Standard input of a technician who reads the words back from the screen."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.words = ""

    def readline(self, _size: int | None = -1) -> str:  # type: ignore[override]
        printed = self._capsys.readouterr().out
        lines = re.findall(r"^ +\d+\. (.*)$", printed, re.MULTILINE)
        self.words = " ".join(lines) or self.words
        return self.words + "\n"


def test_a_paper_is_made_checked_tried_and_restores(
    tmp_path: Path, backup_folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "kiosk.toml"
    settings.write_text(f'[kiosk]\nkey = "usb/kiosk.key"\n[backup]\npath = "{backup_folder}"\n')
    (tmp_path / "usb").mkdir()

    def run(*args: str) -> int:
        return main(["--config", str(settings), *args])

    assert run("init") == 0
    assert "kiosk recovery new" in capsys.readouterr().out
    assert not (tmp_path / "data" / "kiosk.key").exists()
    assert run("recovery", "check") == 2
    monkeypatch.setattr(sys, "stdin", PaperReader(capsys))
    assert run("recovery", "new") == 0
    assert run("recovery", "check") == 0
    assert run("backup") == 0
    assert run("restore", "--drill", "--paper") == 0
    assert "1 lập lúc" in capsys.readouterr().out.replace("Bản 1,", "1")
    assert "kiosk.key" not in {path.name for path in (tmp_path / "data").rglob("*")}
    with closing(open_context(load(settings)).store) as store, store.read() as db:
        state = recovery.read_state(db)
    assert state is not None
    assert state.tried_at

    shutil.rmtree(tmp_path / "data")
    (tmp_path / "usb" / "kiosk.key").unlink()
    assert run("restore") == 2
    assert "kiosk restore --paper" in capsys.readouterr().err
    assert run("restore", "--paper") == 0
    assert (tmp_path / "usb" / "kiosk.key").exists()
    assert run("recovery", "check") == 0


def test_a_paper_that_is_not_read_back_right_is_not_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "kiosk.toml"
    settings.write_text("")
    create_store(load(settings))
    monkeypatch.setattr(sys, "stdin", io.StringIO(" ".join(PAPER.words) + "\n"))
    assert main(["--config", str(settings), "recovery", "new"]) == 2
    assert "gõ chưa đúng" in capsys.readouterr().err
    with closing(open_context(load(settings)).store) as store, store.read() as db:
        assert recovery.read_state(db) is None


def test_the_secret_half_is_in_no_file_of_the_machine(
    tmp_path: Path, backup_folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "kiosk.toml"
    settings.write_text(f'[backup]\npath = "{backup_folder}"\n')
    create_store(load(settings))
    reader = PaperReader(capsys)
    monkeypatch.setattr(sys, "stdin", reader)
    assert main(["--config", str(settings), "recovery", "new"]) == 0
    assert main(["--config", str(settings), "backup"]) == 0
    paper = parse_paper(reader.words)
    secrets = (paper.seed, paper.code.encode(), " ".join(paper.words[:3]).encode(), paper._private.private_bytes_raw())
    for path in tmp_path.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert not any(secret in content for secret in secrets), path


def test_without_a_paper_the_page_asks_for_one(tmp_path: Path, clock: FixedClock) -> None:
    config = Config(root=tmp_path)
    create_store(config)
    context = open_context(config, clock)
    with closing(context.store):
        assert key_safety.key(context).code == "LOCK-02"
        backups.save_paper(context, PAPER)
        assert key_safety.key(context).state == "note"
        config.key_path.chmod(0o644)
        assert (key_safety.key(context).state, key_safety.key(context).code) == ("fault", "LOCK-01")


def test_the_printed_paper_has_the_words_and_a_code_that_is_read_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "kiosk.toml"
    with VirtualPrinter(speed=0) as printer:
        settings.write_text(f'[[printer]]\nkind = "virtual"\naddress = "{printer.address}"\n')
        create_store(load(settings))
        reader = PaperReader(capsys)
        monkeypatch.setattr(sys, "stdin", reader)
        assert main(["--config", str(settings), "recovery", "new", "--printer"]) == 0
        (sheet,) = printer.papers
    codes = zxingcpp.read_barcodes(sheet.convert("L"))
    assert [parse_paper(code.text) for code in codes] == [parse_paper(reader.words)]
    with closing(open_context(load(settings)).store) as store, store.read() as db:
        assert db.execute("select count(*) from jobs").fetchone() == (0,), "the spool never stores the words"
    document = recovery_paper.compose(load(settings), words=PAPER.words, code=PAPER.code)
    printed = text.render(document)
    assert all(word in printed for word in PAPER.words)
