"""The parser of the command line: only what the command needs is imported, and no help is missing."""

import argparse
import subprocess
import sys

import pytest

from kiosk.cli import COMMANDS, parser
from kiosk.config import ROOT

pytestmark = pytest.mark.machine_date

PAGES = {"run", "web", "procedure", "voice"}
"""Commands that serve pages, preview them or read them aloud."""


def _imported(*words: str) -> set[str]:
    """Return the modules of a new process that parses a command line."""
    script = f"import sys; from kiosk.cli import parser; parser({list(words)!r}); print(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True)
    return set(ended.stdout.split())


def _options(top: argparse.ArgumentParser, command: str) -> argparse.ArgumentParser:
    actions = [action for action in top._actions if action.dest == "command"]
    choices = actions[0].choices
    assert isinstance(choices, dict)
    found: argparse.ArgumentParser = choices[command]
    return found


def test_only_the_module_of_the_command_is_imported() -> None:
    modules = {f"kiosk.cli.{command.module or name}" for name, command in COMMANDS.items()}
    assert _imported("web") & modules == {"kiosk.cli.run"}
    assert _imported("--config", "other.toml", "tls", "show") & modules == {"kiosk.cli.tls"}


@pytest.mark.parametrize("command", sorted(COMMANDS.keys() - PAGES))
def test_a_command_that_shows_no_page_imports_none(command: str) -> None:
    imported = {name for name in _imported(command) if name.startswith(("kiosk.pages.", "flask", "waitress"))}
    assert imported == set()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_alone_has_all_its_options(command: str) -> None:
    alone = _options(parser(["--config", "kiosk.toml", command]), command)
    assert alone.format_help() == _options(parser(), command).format_help()
    assert alone.format_help() != _options(parser([]), command).format_help(), "it has none"


def test_another_command_in_the_words_changes_nothing() -> None:
    args = parser(["--config", "doctor", "web"]).parse_args(["--config", "doctor", "web"])
    assert args.command == "web"
    assert str(args.config) == "doctor"
