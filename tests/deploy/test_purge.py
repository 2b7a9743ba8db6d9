"""The package's purge: it deletes the data, but not while forms wait to be sent."""

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.config import ROOT

SCRIPT = ROOT / "deploy" / "ward-kiosk" / "DEBIAN" / "postrm"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a data folder whose outbox has one row that was delivered."""
    data = tmp_path / "var/lib/ward-kiosk"
    data.mkdir(parents=True)
    with closing(sqlite3.connect(data / "kiosk.db")) as db, db:
        db.execute("create table outbox (state text)")
        db.execute("insert into outbox values ('done')")
    return data


def add(data: Path, state: str) -> None:
    with closing(sqlite3.connect(data / "kiosk.db")) as db, db:
        db.execute("insert into outbox values (?)", [state])


def purge(tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """Run the script on folders below the test's, where it has no units."""
    text = SCRIPT.read_text("utf-8").replace("@enabled@", "")
    for folder in ("/opt/", "/etc/", "/var/lib/", "/run/systemd"):
        text = text.replace(folder, f"{tmp_path}{folder}")
    script = tmp_path / "postrm"
    script.write_text(text.replace("deb-systemd-helper", "true"), "utf-8")
    return subprocess.run(["sh", str(script), "purge"], capture_output=True, text=True, check=False)


def test_a_machine_that_has_sent_everything_is_purged(data: Path, tmp_path: Path) -> None:
    answer = purge(tmp_path)
    assert (answer.returncode, answer.stderr, data.exists()) == (0, "", False)


@pytest.mark.parametrize("state", ["todo", "sending", "unknown", "refused"])
def test_forms_that_were_not_sent_are_not_deleted_without_a_word(data: Path, tmp_path: Path, state: str) -> None:
    add(data, state)
    answer = purge(tmp_path)
    assert (answer.returncode, (data / "kiosk.db").exists()) == (1, True)
    assert "Còn 1 tờ khai hay việc của quầy chưa gửi lên cổng" in answer.stderr
    (data / "purge-unsent").touch()
    assert purge(tmp_path).returncode == 0
    assert not data.exists()


def test_a_store_that_cannot_be_read_is_not_deleted_without_a_word(data: Path, tmp_path: Path) -> None:
    (data / "kiosk.db").write_bytes(b"damaged" * 999)
    assert purge(tmp_path).returncode == 1
    assert (data / "kiosk.db").exists()


def test_a_machine_without_a_store_is_purged(data: Path, tmp_path: Path) -> None:
    (data / "kiosk.db").unlink()
    assert purge(tmp_path).returncode == 0
    assert not data.exists()
