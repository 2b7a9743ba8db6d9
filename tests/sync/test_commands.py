"""The gateway's own commands: people, kiosks, and one sentence for whatever stops a start."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.cli import main
from kiosk.config import ROOT
from sync.gateway import Enrolment, accounts, kiosks
from sync.gateway.database import open_engine
from tests.sync.town import UNIT, Clock


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    file = tmp_path / "kiosk.toml"
    file.write_text("[kiosk]\nid = 'PK03'\n")
    return file


def ask(settings: Path, database: str, *words: str) -> int:
    return main(["--config", str(settings), "gateway", "--database", database, *words])


def test_somebody_is_let_in_by_a_command_and_out_again(
    settings: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [
        sys.executable,
        "-m",
        "kiosk",
        "--config",
        str(settings),
        "gateway",
        "staff",
        "add",
        "hoaian",
        "Lê Văn Thử",
    ]
    own = {**os.environ, "KIOSK_GATEWAY_DATABASE": database}
    short = subprocess.run(words, cwd=ROOT, env=own, input="ngan\n", capture_output=True, text=True, check=False)
    assert (short.returncode, "ít nhất 8" in short.stderr) == (2, True)
    done = subprocess.run(
        words, cwd=ROOT, env=own, input="cau-truong-tien\n", capture_output=True, text=True, check=True
    )
    assert "hoaian" in done.stdout
    engine = open_engine(database)
    assert accounts.check_password(engine, "hoaian", "cau-truong-tien", "10.0.0.1", Clock()())
    assert ask(settings, database, "staff", "disable", "hoaian") == 0
    assert not accounts.check_password(engine, "hoaian", "cau-truong-tien", "10.0.0.1", Clock()())
    assert ask(settings, database, "staff", "disable", "nobody") == 2
    assert ask(settings, database, "staff", "list") == 0
    assert re.search(r"hoaian +operator +Lê Văn Thử +\(đã nghỉ\)", capsys.readouterr().out)
    with engine.begin() as db:
        acts = [row.act for row in accounts.list_trail(db, None, 10)]
    assert acts == ["disabled", "added"]
    engine.dispose()


def test_a_login_is_in_plain_small_letters(settings: Path, database: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(settings, database, "staff", "add", "Hoài An", "Lê Văn Thử") == 2
    assert "chữ thường" in capsys.readouterr().err


def test_a_code_for_a_kiosk_is_given_and_a_key_taken_away(
    settings: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(settings, database, "kiosk", "code", "kiosk3", UNIT) == 2
    assert ask(settings, database, "kiosk", "code", "PK03", UNIT) == 0
    code = capsys.readouterr().out.split()[-1]
    assert re.fullmatch(r"[3-9A-Y]{4}(-[3-9A-Y]{4}){2}", code)
    engine = open_engine(database)
    with engine.begin() as db:
        assert kiosks.enrol(db, Enrolment(code, "PK03", UNIT), bytes(32), Clock()()) == "created"
    assert ask(settings, database, "kiosk", "code", "PK03", UNIT, "--renewal") == 0
    renewal = capsys.readouterr().out.split()[-1]
    with engine.begin() as db:
        assert kiosks.enrol(db, Enrolment(renewal, "PK03", UNIT), b"n" * 32, Clock()()) == "created"
    assert ask(settings, database, "kiosk", "revoke", "PK03", "mất máy") == 0
    assert ask(settings, database, "kiosk", "revoke", "PK03", "mất máy") == 2
    assert ask(settings, database, "kiosk", "list") == 0
    assert "(đã thu hồi)" in capsys.readouterr().out
    engine.dispose()


@pytest.mark.parametrize("place", ["postgresql://gateway:geheim@127.0.0.1:1/x", "mysql://gateway:geheim@x/y"])
def test_a_database_that_does_not_open_is_one_sentence(
    settings: Path, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(settings, place, "staff", "list") == 2
    told = capsys.readouterr().err
    assert len(told.strip().splitlines()) == 2
    assert "geheim" not in told


def test_a_far_side_that_is_not_known_stops_the_start(
    settings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(settings, str(tmp_path / "gateway.db"), "--forward", "opencps") == 2
    assert "folder:" in capsys.readouterr().err
