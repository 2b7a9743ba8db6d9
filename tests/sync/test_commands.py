"""`kiosk gateway`: accounts, kiosks, and one sentence for each error that prevents a start."""

import io
import os
import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.cli import main
from kiosk.config import ROOT
from sync.gateway import Enrolment, accounts, kiosks, sealing, second_factors
from sync.gateway.database import open_engine
from sync.gateway.targets import open_forward_target
from sync.gateway.targets.dvcqg_twin import DvcqgTwin
from sync.gateway.targets.folder_twin import FolderTwin
from tests.sync.next_release import install_next_release
from tests.sync.postgres import Postgres
from tests.sync.practice_gateway import UNIT, Clock


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    file = tmp_path / "kiosk.toml"
    file.write_text("[kiosk]\nid = 'PK03'\n")
    return file


@pytest.fixture(autouse=True)
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Name the key file, as the environment of the gateway's processes and commands does."""
    monkeypatch.setenv("KIOSK_GATEWAY_KEY", str(tmp_path / "gateway.key"))


def run_command(settings: Path, database: str, *args: str) -> int:
    return main(["--config", str(settings), "gateway", "--database", database, *args])


@pytest.mark.machine_date
def test_an_account_is_added_and_disabled_by_command(
    settings: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [sys.executable, "-m", "kiosk", "--config", str(settings), "gateway", "staff", "add", "hoaian"]
    command.append("Lê Văn Thử")
    env = {**os.environ, "KIOSK_GATEWAY_DATABASE": database}
    short = subprocess.run(command, cwd=ROOT, env=env, input="ngan\n", capture_output=True, text=True, check=False)
    assert (short.returncode, "ít nhất 8" in short.stderr) == (2, True)
    added = subprocess.run(
        command, cwd=ROOT, env=env, input="cau-truong-tien\n", capture_output=True, text=True, check=True
    )
    assert "hoaian" in added.stdout
    engine = open_engine(database)
    assert accounts.check_password(engine, "hoaian", "cau-truong-tien", "10.0.0.1", Clock()())
    assert run_command(settings, database, "staff", "disable", "hoaian") == 0
    assert not accounts.check_password(engine, "hoaian", "cau-truong-tien", "10.0.0.1", Clock()())
    assert run_command(settings, database, "staff", "disable", "nobody") == 2
    assert run_command(settings, database, "staff", "list") == 0
    assert re.search(r"hoaian +viewer +Lê Văn Thử +\(đã khóa\)", capsys.readouterr().out)
    with engine.begin() as db:
        acts = [row.act for row in accounts.list_trail(db, None, 10)]
    assert acts == ["disabled", "added"]
    engine.dispose()


def test_a_lost_second_factor_is_turned_off_by_command(
    settings: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(settings, database, "staff", "no-second-factor", "hoaian") == 2
    engine = open_engine(database, key_file=str(settings.with_name("gateway.key")))
    now = Clock()()
    secret = second_factors.new_secret()
    with engine.begin() as db:
        sealing.prepare(db)
        accounts.save_account(db, "hoaian", "Lê Văn Thử", "operator", password_hash="x", now=now)
        typed = second_factors.code_at(secret, now)
        assert second_factors.turn_on(db, "hoaian", secret, typed, now, make_code=lambda: "ABCD")
    engine.dispose()
    capsys.readouterr()
    assert run_command(settings, database, "staff", "list") == 0
    assert "(hai bước)" in capsys.readouterr().out
    assert run_command(settings, database, "staff", "no-second-factor", "hoaian") == 0
    assert run_command(settings, database, "staff", "no-second-factor", "hoaian") == 2
    assert "chưa bật" in capsys.readouterr().err
    assert run_command(settings, database, "staff", "list") == 0
    assert "(hai bước)" not in capsys.readouterr().out


def test_the_units_of_an_account_are_set_by_command(
    settings: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = open_engine(database)
    with engine.begin() as db:
        for login, role in (("hoaian", "operator"), ("kiemtra", "viewer")):
            accounts.save_account(db, login, "Lê Văn Thử", role, password_hash="x", now=Clock()())  # type: ignore[arg-type]
    engine.dispose()
    assert run_command(settings, database, "staff", "units", "hoaian", "H57.99.01", "H57.99.02") == 0
    assert run_command(settings, database, "staff", "list") == 0
    assert re.search(r"hoaian +operator +Lê Văn Thử  H57.99.01 H57.99.02", capsys.readouterr().out)
    assert run_command(settings, database, "staff", "units", "hoaian", "Phường Một") == 2
    assert "Mã đơn vị ví dụ H57.99.01" in capsys.readouterr().err
    assert run_command(settings, database, "staff", "role", "kiemtra", "approver") == 0
    assert run_command(settings, database, "staff", "role", "nobody", "approver") == 2
    assert run_command(settings, database, "staff", "list") == 0
    assert re.search(r"kiemtra +approver +", capsys.readouterr().out)
    assert run_command(settings, database, "staff", "units", "nobody", "H57") == 2
    assert run_command(settings, database, "staff", "units", "hoaian") == 0
    assert "mọi đơn vị" in capsys.readouterr().out
    engine = open_engine(database)
    with engine.begin() as db:
        acts = [(row.act, row.reason) for row in accounts.list_trail(db, None, 10)]
    assert acts == [("units", ""), ("role", "approver"), ("units", "H57.99.01 H57.99.02")]
    engine.dispose()


def test_a_login_is_in_ascii_lower_case(settings: Path, database: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(settings, database, "staff", "add", "Hoài An", "Lê Văn Thử") == 2
    assert "chữ thường" in capsys.readouterr().err


def test_a_one_time_code_is_made_and_a_key_is_revoked(
    settings: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(settings, database, "kiosk", "code", "kiosk3", UNIT) == 2
    assert run_command(settings, database, "kiosk", "code", "PK03", UNIT) == 0
    code = capsys.readouterr().out.split()[-1]
    assert re.fullmatch(r"[3-9A-Y]{4}(-[3-9A-Y]{4}){2}", code)
    engine = open_engine(database)
    with engine.begin() as db:
        assert kiosks.enrol(db, Enrolment(code, "PK03", UNIT), bytes(32), Clock()()) == "created"
    assert run_command(settings, database, "kiosk", "code", "PK03", UNIT, "--renewal") == 0
    renewal = capsys.readouterr().out.split()[-1]
    with engine.begin() as db:
        assert kiosks.enrol(db, Enrolment(renewal, "PK03", UNIT), b"n" * 32, Clock()()) == "created"
    assert run_command(settings, database, "kiosk", "revoke", "PK03", "mất máy") == 0
    assert run_command(settings, database, "kiosk", "revoke", "PK03", "mất máy") == 2
    assert run_command(settings, database, "kiosk", "list") == 0
    assert "(đã thu hồi)" in capsys.readouterr().out
    engine.dispose()


def test_a_standby_is_required_or_not_and_nothing_else(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(settings, "postgresql:///x", "--standby", "yes") == 2
    assert "KIOSK_GATEWAY_STANDBY" in capsys.readouterr().err


def test_an_address_of_several_servers_that_contradicts_itself_says_what_to_do(
    settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(settings, "postgresql://gateway:geheim@/x?host=db1&host=db2", "staff", "list") == 2
    message = capsys.readouterr().err
    assert message.count("target_session_attrs=read-write") == 2, "in Vietnamese and in English"
    assert "geheim" not in message


@pytest.mark.parametrize("place", ["postgresql://gateway:geheim@127.0.0.1:1/x", "mysql://gateway:geheim@x/y"])
def test_a_database_that_does_not_open_is_one_sentence(
    settings: Path, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(settings, place, "staff", "list") == 2
    message = capsys.readouterr().err
    assert len(message.strip().splitlines()) == 2
    assert "geheim" not in message


def test_an_unknown_forward_target_stops_the_start(
    settings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    public_url = ("--public-url", "https://gateway.example")
    assert run_command(settings, str(tmp_path / "gateway.db"), *public_url, "--forward", "opencps") == 2
    assert "folder:" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    [
        (),
        ("staff", "list"),
        ("staff", "add", "hoaian", "Lê Văn Thử"),
        ("kiosk", "code", "PK03", UNIT),
        ("stick", "key"),
    ],
)
def test_no_command_uses_a_database_that_was_not_named_outside_practice(
    settings: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.delenv("KIOSK_GATEWAY_DATABASE", raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO("cau-truong-tien\n"))
    assert main(["--config", str(settings), "gateway", *command]) == 2
    assert "KIOSK_GATEWAY_DATABASE" in capsys.readouterr().err
    assert list(settings.parent.iterdir()) == [settings]


@pytest.mark.parametrize("url", ["", "http://gateway.example", "https://gateway.example/x"])
def test_a_gateway_outside_practice_starts_only_with_a_public_address(
    settings: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    url: str,
) -> None:
    monkeypatch.setenv("KIOSK_GATEWAY_URL", url)
    assert run_command(settings, str(tmp_path / "gateway.db")) == 2
    assert "https://" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command", [("staff", "list"), ("kiosk", "list"), ("kiosk", "code", "PK03", UNIT), ("staff", "disable", "hoaian")]
)
def test_a_command_of_a_newer_release_does_not_migrate_the_database_of_a_running_gateway(
    settings: Path,
    database: str,
    capsys: pytest.CaptureFixture[str],
    command: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine = open_engine(database)
    with engine.begin() as db:
        version = db.exec_driver_sql("select version_num from alembic_version").scalar()
    install_next_release(tmp_path, monkeypatch)
    assert run_command(settings, database, *command) == 2
    assert "còn theo bản cũ" in capsys.readouterr().err
    with engine.begin() as db:
        assert db.exec_driver_sql("select version_num from alembic_version").scalar() == version
    engine.dispose()


def test_a_command_says_what_to_do_with_a_database_of_an_early_trial_build(
    settings: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = open_engine(database)
    with engine.begin() as db:
        db.exec_driver_sql("update alembic_version set version_num = 'v0009'")
    engine.dispose()
    assert run_command(settings, database, "staff", "list") == 2
    assert "Chạy cổng bằng bản 0.1.0 cuối cùng một lần" in capsys.readouterr().err


def test_the_first_command_creates_the_tables_of_an_empty_database(
    settings: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(settings, database, "kiosk", "code", "PK03", UNIT) == 0
    assert "PK03" in capsys.readouterr().out


@pytest.mark.parametrize("password", ["12345678", "password", "hoaian2026"])
def test_a_password_that_is_easy_to_guess_is_refused_at_the_gateway(
    settings: Path,
    database: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    password: str,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{password}\n"))
    assert run_command(settings, database, "staff", "add", "hoaian", "Lê Văn Thử") == 2
    assert "dễ đoán" in capsys.readouterr().err


def test_a_mapping_without_rows_prints_the_lines_to_add(
    settings: Path, database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(DvcqgTwin(tmp_path)) as twin:
        mapping = tmp_path / "dvcqg.toml"
        text = twin.mapping_file()
    mapping.write_text(text + 'inferred = ["field_code"]\n')
    engine = open_engine(database)
    with engine.begin() as db:
        for kiosk_id, unit in (("PK03", UNIT), ("PK04", "H57.99.02")):
            enrolment = Enrolment("ABCDE-FGHJK-" + kiosk_id, kiosk_id, unit)
            kiosks.add_code(db, enrolment, Clock()(), may_replace=False)
            kiosks.enrol(db, enrolment, kiosk_id.encode().ljust(32, b"0"), Clock()())
    engine.dispose()
    assert run_command(settings, database, "target", "check", str(mapping)) == 1
    printed = capsys.readouterr().out
    assert '# chưa đối chiếu, không gửi: procedures."1.001193".field_code' in printed
    assert '[units."H57.99.02"]' in printed
    assert f'[units."{UNIT}"]' not in printed
    assert '[procedures."1.000656"]\nname = "Thủ tục đăng ký khai tử"' in printed
    added = printed.partition(":\n")[2].replace('code = ""', 'code = "x"')
    mapping.write_text(f"{text}\n{added}")
    assert run_command(settings, database, "target", "check", str(mapping)) == 0
    assert "đủ mọi đơn vị" in capsys.readouterr().out
    mapping.write_text(text.replace("dstcode", "dscode"))
    assert run_command(settings, database, "target", "check", str(mapping)) == 2
    assert "service.dstcode: missing" in capsys.readouterr().err


def test_the_conformance_suite_is_one_command(
    settings: Path, database: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run_command(settings, database, "target", "conform", "folder", "--dossiers", "5") == 0
    assert "folder: 11 đạt, 0 đỏ." in capsys.readouterr().out
    monkeypatch.setattr(FolderTwin, "numbers", lambda _self: {"H57-0"})
    assert run_command(settings, database, "target", "conform", "folder", "--dossiers", "5") == 1
    assert "ĐỎ  no fault: other official numbers than there" in capsys.readouterr().out
    assert run_command(settings, database, "target", "conform", "nobody") == 2
    assert "dvcqg, example, folder" in capsys.readouterr().err


@pytest.mark.machine_date
def test_a_twin_for_training_prints_the_mapping_that_forwards_to_it(settings: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kiosk", "--config", str(settings), "gateway", "target", "twin", "dvcqg"]
    folder = tmp_path / "twin"
    refused = subprocess.run([*command, str(folder), "--fault", "fire"], cwd=ROOT, capture_output=True, check=False)
    assert (refused.returncode, b"expired" in refused.stderr) == (2, True)
    with subprocess.Popen([*command, str(folder), "--fault", "expired"], cwd=ROOT, stdout=subprocess.PIPE) as twin:
        assert twin.stdout is not None
        ready = twin.stdout.readline().decode()
        twin.kill()
    target = open_forward_target(ready.strip().partition("forward to ")[2])
    assert target is not None
    assert target.name == "dvcqg"
    target.close()


def test_without_its_key_file_a_command_on_postgresql_writes_nothing(
    settings: Path, postgres: Postgres, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    database = postgres.new_url()
    monkeypatch.delenv("KIOSK_GATEWAY_KEY")
    assert run_command(settings, database, "kiosk", "code", "PK03", UNIT) == 2
    assert "KIOSK_GATEWAY_KEY" in capsys.readouterr().err
    engine = open_engine(database)
    with engine.begin() as db:
        assert accounts.list_trail(db, None, 10) == []
    engine.dispose()
