"""A kiosk.toml that is broken or gone when a server starts: the last good one is used, said, and left for the first."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.base.errors import BadSettings
from kiosk.cli import main
from kiosk.config import ROOT, Config, edit, last_good, load
from kiosk.health import checks
from kiosk.startup.context_factory import open_context
from tests.browser.kiosks import START_PATIENCE, is_answering, until
from tests.ports import free_port


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "kiosk.toml"
    file.write_text('[kiosk]\nid = "PK07"\n', "utf-8")
    return file


def found(file: Path) -> Config | None:
    with pytest.raises(BadSettings) as caught:
        load(file)
    return last_good.find(caught.value, file)


@pytest.mark.parametrize("text", ['[kiosk]\nid = "pk"\n', "[kiosk\n", None], ids=["wrong", "not TOML", "gone"])
def test_the_text_of_the_last_start_is_found(file: Path, text: str | None) -> None:
    last_good.keep(load(file))
    file.unlink() if text is None else file.write_text(text, "utf-8")
    config = found(file)
    assert config is not None
    assert (config.kiosk.id, config.file, config.root) == ("PK07", file, file.parent)
    assert config.broken is not None
    last_good.keep(config)
    assert load(last_good.good_path(file)).kiosk.id == "PK07", "a broken file is never kept as good"


def test_without_it_the_former_file_of_the_pages_is_taken_and_without_any_nothing(file: Path) -> None:
    changed = edit.open_settings(file)
    changed.change("kiosk", "id", "PK08")
    changed.save()
    file.write_text("[kiosk\n", "utf-8")
    config = found(file)
    assert config is not None
    assert config.kiosk.id == "PK07"
    (former,) = edit.former_files(file)
    former.path.unlink()
    assert found(file) is None


def test_the_alarm_is_there_from_the_start_and_ends_when_the_file_is_mended(practice: Config, file: Path) -> None:
    error = BadSettings("kiosk.toml: dòng 2", "kiosk.toml: line 2")
    file.write_text("[kiosk\n", "utf-8")
    context = open_context(replace(practice, file=file, broken=error))
    (check,) = [check for check in checks.look(context) if check.code == "CONF-01"]
    assert check.state == "fault"
    context.store.close()


@pytest.mark.machine_date
def test_a_server_starts_with_a_broken_file_and_uses_it_once_it_is_mended(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    port = free_port(4)
    text = (ROOT / "kiosk.toml").read_text("utf-8").replace("port = 8000", f"port = {port}", 1)
    file.write_text(text, "utf-8")
    assert main(["--config", str(file), "init"]) == 0
    for is_broken in (False, True):
        if is_broken:
            file.write_text(text.replace("[kiosk]", "[kiosk", 1), "utf-8")
        output = (tmp_path / f"output-{is_broken}").open("wb")
        args = [sys.executable, "-m", "kiosk", "--config", str(file), "web"]
        process = subprocess.Popen(args, cwd=ROOT, env=os.environ | {"TMPDIR": str(tmp_path)}, stderr=output)
        try:
            until(lambda: is_answering(f"http://127.0.0.1:{port}/alive"), START_PATIENCE)
        finally:
            process.terminate()
            process.wait(60)
            output.close()
    said = (tmp_path / "output-True").read_text("utf-8")
    assert "Máy chạy theo cài đặt đúng gần nhất" in said
    assert "dòng" in said
