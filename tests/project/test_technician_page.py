"""docs/technician.md: its pictures, commands and pages are those of the product; its first steps are executed."""

import argparse
import io
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from kiosk.backup.recovery import RecoveryPaper
from kiosk.cli import main, parser
from kiosk.cli import recovery as recovery_command
from kiosk.config import ROOT
from kiosk.pages.technician.upkeep import TASKS
from tests.browser import technician_pictures

PAGE = (ROOT / "docs" / "technician.md").read_text("utf-8")
PICTURE = re.compile(r"^!\[([^\]]+)\]\(pictures/technician/([\w-]+)\.png\)$", re.MULTILINE)
COMMAND = re.compile(r"(?:\.venv/bin/python -m |(?<![\w./-]))kiosk ([a-z][^`|\n]*)")
CODE = re.compile(r"`([^`\n]+)`|^    (.+)$", re.MULTILINE)
STEP = re.compile(r"^   - `\.venv/bin/python -m kiosk ([^`]+)`", re.MULTILINE)
LARGEST = 120_000
PASSWORD = "mật khẩu thử của máy"
LONG_RUNNING = {"run"}
ELSEWHERE = {"printers"}
"""Pictures that another module takes (tests/browser/printer_pictures.py)."""


def test_every_picture_is_of_a_scene_and_every_scene_is_shown() -> None:
    shown = [name for _words, name in PICTURE.findall(PAGE)]
    assert sorted(set(shown) - ELSEWHERE) == sorted(technician_pictures.SCENES)


@pytest.mark.parametrize("name", technician_pictures.SCENES)
def test_a_picture_is_a_page_of_the_laptop_and_small(name: str) -> None:
    path = technician_pictures.OUT / f"{name}.png"
    with Image.open(path) as picture:
        assert picture.size == (1366, 768)
    assert path.stat().st_size <= LARGEST


def commands() -> Iterator[str]:
    """Yield each command of `kiosk` that stands as code in the document."""
    for inline, block in CODE.findall(PAGE):
        for found in COMMAND.findall(inline or block):
            yield found.partition("#")[0].partition("&&")[0].strip()


def unknown_part(command: str) -> str:
    """Return the first word of a command that the program does not know; empty when it knows all."""
    known: argparse.ArgumentParser = parser()
    for word in shlex.split(command):
        choices = next((action.choices for action in known._actions if isinstance(action.choices, dict)), None)
        if word.startswith("--"):
            options = {option for action in known._actions for option in action.option_strings}
            if word.partition("=")[0] not in options:
                return word
        elif choices is not None:
            if word not in choices:
                return word
            known = choices[word]
    return ""


def test_every_command_line_of_the_document_exists() -> None:
    found = list(commands())
    assert len(found) > 40
    assert {command: word for command in found if (word := unknown_part(command))} == {}


@pytest.mark.parametrize("command", ["zeppelin", "restore --zeppelin", "staff zeppelin", "doctor --json --zeppelin"])
def test_a_command_line_that_does_not_exist_is_found(command: str) -> None:
    assert "zeppelin" in unknown_part(command)


def test_every_page_of_the_upkeep_is_explained() -> None:
    assert [task.name for task in TASKS if f"| **{task.name}** |" not in PAGE] == []


def test_the_first_steps_work_as_they_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "kiosk.toml"
    settings.write_text((ROOT / "kiosk.toml").read_text("utf-8"), "utf-8")
    paper = RecoveryPaper(b"0123456789abcdef")
    monkeypatch.setattr(recovery_command, "RecoveryPaper", lambda _seed: paper)
    steps = [shlex.split(step) for step in STEP.findall(PAGE)]
    assert [step[0] for step in steps][:3] == ["init", "recovery", "staff"]
    for step in steps:
        if step[0] in LONG_RUNNING:
            continue
        typed = " ".join(paper.words) if step[0] == "recovery" else PASSWORD
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{typed}\n"))
        status = main(["--config", str(settings), *step])
        assert status in ({0, 1} if step[0] == "doctor" else {0}), (step, capsys.readouterr().err)
